"""The compiler against random programs; and the fuzzer itself against engines that are wrong."""

from __future__ import annotations

import subprocess
import sys
import time
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError
from tests.fuzz import standin
from tests.fuzz.check import check
from tests.fuzz.generate import BASE, Program, features_of, generate, load, main_of, unload
from tests.fuzz.shrink import shrink, smallest
from tests.fuzz.values import same

PROGRAMS, CHUNK = 64, 8


def program(text: str, *args: Any) -> Program:
    """A program of one's own, with the same arguments twice."""
    return Program(
        f"import math\nimport numpy as np\nlog = []\n{text}", "main", args, args, 0, frozenset()
    )


def engine(**replaced: Callable[..., Any]) -> Any:
    """The stand-in by finite differences, with parts replaced."""
    parts = {"vjp": standin.vjp, "grad": standin.grad, "value_and_grad": standin.value_and_grad}
    return types.SimpleNamespace(**{**parts, **replaced})


def altered(
    change: Callable[[Any], Any], inside: Callable[..., Any] = standin.vjp
) -> Callable[..., Any]:
    """A vjp whose pullback's result is changed."""

    def vjp(f: Callable[..., Any], *args: Any) -> tuple[Any, Callable[[Any], Any]]:
        value, pullback = inside(f, *args)

        def pulled(cotangent: Any) -> Any:
            found = pullback(cotangent)
            return tuple(map(change, found)) if isinstance(found, tuple) else change(found)

        return value, pulled

    return vjp


def slightly_larger(g: Any) -> Any:
    """0.1 % off, of the same type."""
    if g is None:
        return None
    return np.asarray(g * 1.001, g.dtype) if isinstance(g, np.ndarray) else type(g)(g * 1.001)


POLYNOMIAL = program("def main(x, y):\n    return x * x * y\n", 1.5, 0.7)


@pytest.mark.parametrize("first", range(0, PROGRAMS, CHUNK))
def test_random_programs_are_differentiated_correctly_or_refused(first):
    for seed in range(first, first + CHUNK):
        made = generate(seed, 12)
        outcome = check(made)
        if outcome.kind in ("wrong", "crash"):
            pytest.fail(
                f"{outcome.report}\nshrunk:\n{smallest(made, outcome).report}", pytrace=False
            )


def test_few_random_programs_are_refused_or_cannot_be_judged():
    kinds = [check(generate(seed, 12)).kind for seed in range(1000, 1012)]
    assert kinds.count("ok") >= 9
    assert kinds.count("discarded") <= 1
    assert kinds.count("refused") <= 2


def test_a_derivative_that_is_slightly_wrong_is_found_in_the_compiler(monkeypatch):
    monkeypatch.setattr(sd, "vjp", altered(slightly_larger, sd.vjp))
    outcome = check(POLYNOMIAL)
    assert (outcome.kind, outcome.label) == ("wrong", "gradient")
    assert "x * x * y" in outcome.report and "seed 0" in outcome.report


def test_exact_finite_differences_pass_on_random_programs():
    outcomes = [check(generate(seed, 12), standin) for seed in range(25)]
    assert not [o.report for o in outcomes if o.kind not in ("ok", "discarded")]
    assert sum(o.kind == "discarded" for o in outcomes) <= 2


def test_a_slightly_wrong_derivative_is_found_in_most_random_programs():
    wrong = engine(vjp=altered(slightly_larger))
    kinds = [check(generate(seed, 12), wrong).kind for seed in range(25)]
    # The rest have a gradient of zero.
    assert kinds.count("wrong") >= 19


def test_a_program_that_puts_a_container_into_itself_is_not_judged():
    text = "def main(x, y):\n    xs = [x * y]\n    xs.append(xs)\n    return xs\n"
    assert check(program(text, 1.5, 0.7)).label == "a container in itself"


def run_twice(f, *args):
    f(*args)
    return standin.vjp(f, *args)


def noisy_pullback(f, *args):
    value, pullback = standin.vjp(f, *args)
    return value, lambda g: (print("here"), pullback(g))[1]


def tiring_pullback(f, *args):
    value, pullback = standin.vjp(f, *args)
    calls = []
    return value, lambda g: (calls.append(1), tuple(e * len(calls) for e in pullback(g)))[1]


def writing_pullback(f, *args):
    value, pullback = standin.vjp(f, *args)
    return value, lambda g: (pullback(g), args[0].fill(0.0))[0]


def other_value(f, *args):
    value, pullback = standin.vjp(f, *args)
    return value + 1e-15, pullback


def other_type(f, *args):
    value, pullback = standin.vjp(f, *args)
    return np.float64(value), pullback


def forgetful_exceptions(f, *args):
    try:
        return standin.vjp(f, *args)
    except UnboundLocalError as error:
        raise ValueError from error


def refusing(f, *args):
    raise UnsupportedError("a construct. Instead, another")


def breaking(f, *args):
    raise KeyError("x")


def double_grad(f, wrt=0):
    def run(*args):
        found = standin.grad(f, wrt)(*args)
        return tuple(2 * g for g in found) if isinstance(found, tuple) else 2 * found

    return run


PRINTING = program("def main(x):\n    print('at', 1)\n    log.append(2)\n    return x * x\n", 1.5)
ARRAY = program("def main(a):\n    return np.sum(a * a)\n", np.array([0.5, -1.2]))
UNBOUND = program("def main(x):\n    if x > 5:\n        y = x\n    return y\n", 1.0)


@pytest.mark.parametrize(
    ("replaced", "given", "kind", "label"),
    [
        ({"vjp": run_twice}, PRINTING, "wrong", "effects"),
        ({"vjp": noisy_pullback}, POLYNOMIAL, "wrong", "effects of the pullback"),
        ({"vjp": tiring_pullback}, POLYNOMIAL, "wrong", "second pullback"),
        ({"vjp": writing_pullback}, ARRAY, "wrong", "pullback changes"),
        ({"vjp": other_value}, POLYNOMIAL, "wrong", "value"),
        ({"vjp": other_type}, POLYNOMIAL, "wrong", "value"),
        ({"vjp": altered(np.float64)}, POLYNOMIAL, "wrong", "cotangent's type"),
        ({"vjp": altered(lambda g: g.astype(np.float32))}, ARRAY, "wrong", "cotangent's type"),
        ({"vjp": altered(lambda g: -g)}, ARRAY, "wrong", "gradient"),
        ({"vjp": forgetful_exceptions}, UNBOUND, "wrong", "exception"),
        ({"grad": double_grad}, POLYNOMIAL, "wrong", "grad against vjp"),
        (
            {"vjp": refusing},
            POLYNOMIAL,
            "refused",
            "UnsupportedError: a construct. Instead, another",
        ),
        ({"vjp": breaking}, POLYNOMIAL, "crash", "KeyError in generated code"),
        ({}, UNBOUND, "ok", "same exception"),
        ({}, PRINTING, "ok", ""),
    ],
    ids=lambda value: (
        next(iter(value.values())).__name__ if isinstance(value, dict) and value else None
    ),
)
def test_every_broken_promise_is_named(replaced, given, kind, label):
    outcome = check(given, engine(**replaced))
    assert (outcome.kind, outcome.label) == (kind, label)


def test_an_engine_that_hangs_is_stopped():
    def hang(f: Callable[..., Any], *args: Any) -> Any:
        while True:
            len(args)

    outcome = check(POLYNOMIAL, engine(vjp=hang), seconds=0.3)
    assert (outcome.kind, outcome.label) == ("crash", "TimeLimit")


def test_a_program_that_never_ends_by_itself_is_not_counted_soon():
    endless = program("def main(x):\n    while x > 1.0:\n        x = x + 1.0\n    return x\n", 1.5)
    began = time.process_time()
    outcome = check(endless, seconds=4.0)
    assert (outcome.kind, outcome.label) == ("discarded", "slow")
    assert time.process_time() - began < 2.0


@pytest.mark.parametrize(
    "body", ["return abs(x)", "return max(x, 0.0)", "return 1.0 if x > 2e-4 else x"]
)
def test_a_point_on_or_beside_a_kink_is_discarded(body):
    outcome = check(program(f"def main(x):\n    {body}\n", 0.0), standin)
    assert outcome.kind == "discarded"


def test_every_feature_occurs_in_500_programs():
    seen = frozenset().union(*(features_of(seed, 12) for seed in range(500)))
    assert seen == BASE


def test_features_that_are_left_out_do_not_occur():
    without = BASE - {"while", "arrays", "complex", "effects", "effects in helper", "break"}
    for seed in range(50):
        made = generate(seed, 12, without)
        assert made.features <= without
        assert "while " not in made.text and "print(" not in made.text


def test_the_same_seed_gives_the_same_program():
    assert [generate(s, 9).text for s in range(20)] == [generate(s, 9).text for s in range(20)]
    assert same(generate(5, 9).args, generate(5, 9).args)


def test_most_programs_run_and_leave_their_arguments_alone():
    raised = 0
    for seed in range(120):
        made = generate(seed, 12)
        namespace, kept = load(made), generate(seed, 12).args
        try:
            main_of(namespace, made)(*made.args)
        except UnboundLocalError:
            raised += 1
        finally:
            unload(namespace)
        assert same(made.args, kept)
    assert raised <= 3


def test_shrinking_leaves_little_more_than_the_failure():
    made = next(p for p in map(lambda s: generate(s, 12), range(100)) if "np.hypot" in p.text)
    small = shrink(made, lambda p: "np.hypot" in p.text)
    assert "np.hypot" in small.text
    assert len(small.text.splitlines()) <= 8


def test_a_wrong_program_shrinks_to_one_that_is_wrong_in_the_same_way():
    wrong = engine(vjp=altered(slightly_larger))
    programs = (generate(seed, 8) for seed in range(20))
    made = next(p for p in programs if check(p, wrong).label == "gradient")
    outcome = smallest(made, check(made, wrong), wrong)
    assert (outcome.kind, outcome.label) == ("wrong", "gradient")
    program = outcome.report.partition("--- program")[2].partition("--- called")[0]
    assert len(program.splitlines()) <= 8


def test_processes_share_the_programs():
    """What a spawned process runs cannot lie in `__main__`."""
    run = subprocess.run([sys.executable, "-m", "tests.fuzz", "--programs", "2", "--jobs", "2",
                          "--size", "2"], capture_output=True, text=True, check=False, timeout=300)
    assert run.returncode == 0, run.stderr
    assert "2 programs in" in run.stdout
