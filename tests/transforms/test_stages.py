"""Every stage before the reverse pass is a program that does what the function does."""

from __future__ import annotations

import functools
import warnings

import numpy as np
import pytest

from s2sdiff import compiler
from s2sdiff.arguments import arguments_of
from s2sdiff.backend.loader import load as load_text
from s2sdiff.backend.printer import print_function
from s2sdiff.errors import DifferentiationError
from s2sdiff.frontend.lower import lower
from s2sdiff.grammar import GrammarError, check
from s2sdiff.ir import (
    UNDEFINED,
    Bind,
    Const,
    Exit,
    For,
    Free,
    If,
    Move,
    Raw,
    Var,
    blocks,
    replace,
    with_blocks,
)
from s2sdiff.transforms import NORMALISE, STAGES, unbound
from s2sdiff.transforms.context import Request
from tests.frontend import (
    test_lower_attempts,
    test_lower_cells,
    test_lower_comprehensions,
    test_lower_del,
    test_lower_expressions,
    test_lower_match,
    test_lower_statements,
    test_lower_verbatim,
)
from tests.frontend.compare import _plain, outcome
from tests.frontend.interpret import run
from tests.fuzz.generate import generate, load, main_of, unload

FRONT = ("lower", *(name for name, _, _ in NORMALISE))
CASES = [
    case
    for module in (test_lower_attempts, test_lower_cells, test_lower_comprehensions,
                   test_lower_del,
                   test_lower_expressions, test_lower_match, test_lower_statements,
                   test_lower_verbatim)
    for case in module.CASES
]


def request_for(function, args):
    arguments = arguments_of(function, args, {})
    wrt = tuple(n for n, kind in arguments.items() if not kind.inert)
    return Request("vjp", wrt, frozenset(arguments) | {"return"}), arguments


@functools.cache
def stages_of(position):
    function, *args = CASES[position]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compiler.stages(function, *request_for(function, args), until=FRONT[-1])


def interpreted(made):
    made = replace(made, body=without_old_values(unbound.settle(made).body))
    return lambda *args: run(made, *args)


def without_old_values(block):
    """Verbatim statements without names that have no old value, which the printer leaves out."""
    out = []
    for s in block:
        if isinstance(s, Raw):
            s = replace(s, reads=tuple(p for p in s.reads if p[1] is not UNDEFINED))
        out.append(with_blocks(s, tuple(without_old_values(b) for b in blocks(s))))
    return tuple(out)


def printed(made):
    made = unbound.settle(made)
    return load_text(print_function(made), made.name, made.origin)


def assert_alike(function, args, made, runner):
    """The same value, exception, output and arguments afterwards, unless it is refused there."""
    expected = outcome(function, args)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours = outcome(runner(made), args)
    if ours[0] == "raised" and issubclass(ours[1][0], DifferentiationError):
        assert expected[2].startswith(ours[2])
        return False
    assert _plain(ours) == _plain(expected)
    return True


def names(position):
    function, *args = CASES[position]
    return f"{function.__name__}-{position}"


@pytest.mark.parametrize("runner", [interpreted, printed])
@pytest.mark.parametrize("position", range(len(CASES)), ids=names)
def test_each_stage_does_what_the_function_does(position, runner):
    function, *args = CASES[position]
    made = stages_of(position)
    # From `kinds` on calls are of descriptors, which only the printer can spell.
    for stage in FRONT if runner is printed else FRONT[: FRONT.index("kinds")]:
        assert_alike(function, args, made[stage], runner)


@pytest.mark.parametrize("position", range(len(CASES)), ids=names)
def test_each_stage_keeps_its_grammar(position):
    made = stages_of(position)
    for stage in FRONT:
        check(made[stage], stage)


@pytest.mark.parametrize("first", range(0, 60, 10))
def test_random_programs_do_the_same_at_each_stage(first):
    for seed in range(first, first + 10):
        program = generate(seed, 8)
        namespace = load(program)
        function = main_of(namespace, program)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            made = compiler.stages(function, *request_for(function, program.args), until=FRONT[-1])
            for stage in FRONT:
                check(made[stage], stage)
                assert_alike(function, program.args, made[stage], printed)
        unload(namespace)


@pytest.mark.parametrize("first", range(100, 140, 20))
def test_random_programs_keep_the_grammar_to_the_end(first):
    for seed in range(first, first + 20):
        program = generate(seed, 8)
        namespace = load(program)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            function = main_of(namespace, program)
            made = compiler.stages(function, *request_for(function, program.args))
        for stage in STAGES:
            check(made[stage], stage)
        unload(namespace)


def test_most_programs_are_not_refused_before_they_have_run():
    ran = [
        assert_alike(CASES[i][0], CASES[i][1:], stages_of(i)["versions"], printed)
        for i in range(len(CASES))
    ]
    assert sum(ran) > 0.9 * len(ran)


# ------------------------------------------------------------------------------- the grammar


def looped(xs, x):
    for v in xs:
        if v:
            x = x * v
    return x


def made_of(stage):
    return compiler.stages(looped, *request_for(looped, ([1.0], 2.0)), until=FRONT[-1])[stage]


def with_body(stage, change):
    made = made_of(stage)
    return replace(made, body=change(made.body))


def change_loop(change):
    return lambda body: tuple(change(s) if isinstance(s, For) else s for s in body)


FAULTS = [
    ("exits", lambda body: (*body, *body[-1:]), "code after an exit"),
    ("exits", lambda body: body[:-1], "does not end in its return"),
    (
        "exits",
        change_loop(lambda s: replace(s, orelse=(Move(("q",), (Const(1),), s.loc),))),
        "a loop with an else",
    ),
    (
        "exits",
        change_loop(lambda s: replace(s, body=(*s.body, Exit("continue", None, s.loc)))),
        "continue",
    ),
    (
        "versions",
        change_loop(lambda s: replace(s, body=(Move(("x",), (Const(1),), s.loc), *s.body))),
        "the parameter x is bound again",
    ),
    (
        "versions",
        lambda body: tuple(s for s in body if not isinstance(s, Move)),
        "read where nothing",
    ),
    ("lower", change_loop(lambda s: replace(s, loc=None)), "without a place"),
    ("lower", change_loop(lambda s: Move(("q", "q"), (Const(1), Const(2)), s.loc)), "no pairs"),
    ("lower", lambda body: (Exit("break", None, body[0].loc),), "break outside of a loop"),
    ("sweep", lambda body: (If(Var("nowhere"), (), (), body[0].loc), *body), "nothing binds it"),
]


@pytest.mark.parametrize(("stage", "change", "fault"), FAULTS, ids=[f for _, _, f in FAULTS])
def test_a_broken_stage_is_noticed(stage, change, fault):
    check(made_of(stage), stage)
    with pytest.raises(GrammarError, match=fault):
        check(with_body(stage, change), stage)


def test_early_returns_and_continue_are_allowed_only_before_they_are_tidied():
    def early(x):
        for i in range(3):
            if i == x:
                continue
            return i
        return x

    check(lower(early), "lower")
    with pytest.raises(GrammarError, match="continue|return"):
        check(lower(early), "exits")


def test_a_call_of_a_literal_is_noticed():
    function = lower(looped)
    (loop,) = [s for s in function.body if isinstance(s, For)]
    call = Bind((), Const(1), (Free("x"),), (), loop.loc)
    with pytest.raises(GrammarError, match="a call of"):
        check(replace(function, body=(call, *function.body)), "lower")
