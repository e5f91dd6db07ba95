"""Random programs do the same lowered, and at every stage before the reverse pass."""

from __future__ import annotations

import linecache
import warnings

import pytest

from s2sdiff import compiler
from s2sdiff.arguments import arguments_of
from s2sdiff.backend.loader import load as load_text
from s2sdiff.backend.printer import print_function
from s2sdiff.errors import DifferentiationError
from s2sdiff.frontend.lower import lower
from s2sdiff.grammar import check
from s2sdiff.transforms import NORMALISE, unbound
from s2sdiff.transforms.context import Request
from tests.frontend.compare import _plain, outcome
from tests.frontend.interpret import run
from tests.frontend.programs import load, program

FRONT = ("lower", *(name for name, _, _ in NORMALISE))
ARGUMENTS = (3, [1, 4])


def stages(function):
    arguments = arguments_of(function, ARGUMENTS, {})
    request = Request("vjp", ("a",), frozenset((*arguments, "return")))
    return compiler.stages(function, request, arguments, until=FRONT[-1])


def printed(made):
    made = unbound.settle(made)
    return load_text(print_function(made), made.name, made.origin)


def assert_same_at_every_stage(text):
    """The number of stages at which the program was not refused."""
    try:
        function = load(text)
    except SyntaxError:
        return 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = _plain(outcome(function, ARGUMENTS))
        assert _plain(outcome(lambda *a: run(lower(function), *a), ARGUMENTS)) == expected, text
        ran = 0
        made = stages(function)
        for stage in FRONT:
            check(made[stage], stage)
            ours = outcome(printed(made[stage]), ARGUMENTS)
            if ours[0] == "raised" and issubclass(ours[1][0], DifferentiationError):
                assert expected[1][2][1].startswith(ours[2]), (stage, text)
            else:
                ran += 1
                assert _plain(ours) == expected, (stage, text)
    linecache.cache.pop(function.__code__.co_filename)
    return ran


@pytest.mark.parametrize("first", range(0, 60, 10))
def test_a_random_program_does_the_same_at_every_stage(first):
    ran = [assert_same_at_every_stage(program(seed)) for seed in range(first, first + 10)]
    assert sum(ran) > 0.5 * len(FRONT) * len(ran)


def test_trying_to_do_without_objects_ends():
    """In this program a function made in a loop is told apart anew each time that it is tried."""
    assert assert_same_at_every_stage(program(6)) == len(FRONT)
