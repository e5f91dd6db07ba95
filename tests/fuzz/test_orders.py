"""Second derivatives of random programs; and the judge itself against engines that are wrong."""

from __future__ import annotations

import types

import pytest

import s2sdiff as sd
from tests.fuzz import orders
from tests.fuzz.check import TimeLimit
from tests.fuzz.generate import BASE, generate
from tests.fuzz.orders import WAYS, check_order
from tests.fuzz.shrink import smallest
from tests.fuzz.test_fuzz import program

PROGRAMS, SIZE = 8, 4


def test_second_derivatives_of_random_programs_are_right_or_refused():
    kinds = []
    for seed in range(PROGRAMS):
        made = generate(seed, SIZE, BASE - orders.LEFT_OUT)
        outcome = check_order(made)
        kinds.append(outcome.kind)
        if outcome.kind in ("wrong", "crash"):
            small = smallest(made, outcome, judge=check_order)
            pytest.fail(f"{outcome.report}\nshrunk:\n{small.report}", pytrace=False)
    assert kinds.count("ok") >= PROGRAMS // 2


CUBIC = program("def main(x, y):\n    return x * x * x * y\n", 1.5, 0.7)


def engine(**replaced):
    parts = {name: getattr(sd, name) for name in ("grad", "vjp", "jvp", "hvp", "linearize")}
    return types.SimpleNamespace(**{**parts, **replaced})


def test_all_ways_are_judged():
    outcome = check_order(CUBIC)
    assert outcome.kind == "ok"
    assert outcome.ways == dict.fromkeys(WAYS, "")


@pytest.mark.parametrize("name, replaced, label", [
    ("jvp", lambda *a: (sd.jvp(*a)[0], tuple(1.001 * t for t in sd.jvp(*a)[1])), "jvp of grad"),
    ("hvp", lambda *a: tuple(1.001 * t for t in sd.hvp(*a)), "hvp"),
    ("linearize", lambda *a: (0.0, lambda *t: 1.001 * sd.linearize(*a)[1](*t)), "linearize"),
])
def test_a_second_derivative_that_is_slightly_wrong_is_found(name, replaced, label):
    outcome = check_order(CUBIC, engine(**{name: replaced}))
    assert (outcome.kind, outcome.label) == ("wrong", label)
    assert "x * x * x * y" in outcome.report


def test_a_refusal_of_one_way_leaves_the_others_to_be_judged():
    def refusing(*_):
        raise sd.UnsupportedError("no. Instead, another")

    outcome = check_order(CUBIC, engine(hvp=refusing))
    assert outcome.kind == "ok"
    assert outcome.ways["hvp"].startswith("UnsupportedError") and outcome.ways["vjp of grad"] == ""


def test_a_program_that_takes_too_long_says_how_far_it_came():
    def late(*_):
        raise TimeLimit

    outcome = check_order(CUBIC, engine(hvp=late))
    assert (outcome.kind, outcome.label) == ("discarded", "slow: 4 of 6 ways in 40 s")
    assert list(outcome.ways) == list(WAYS)[:4]
