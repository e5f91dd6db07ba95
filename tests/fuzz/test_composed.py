"""Random compositions of NumPy's functions, with writes in between."""

from __future__ import annotations

import pytest

from tests.fuzz.check import check
from tests.fuzz.composed import composed
from tests.fuzz.composed_forms import ELEMENTWISE, OTHERS, REDUCTIONS, VIEWS, WRITES
from tests.fuzz.generate import COMPOSED, generate
from tests.fuzz.shrink import smallest

PROGRAMS, SIZE = 12, 6


def test_compositions_are_right_or_refused():
    kinds = []
    for seed in range(PROGRAMS):
        program = composed(seed, SIZE)
        outcome = check(program)
        kinds.append(outcome.kind)
        if outcome.kind in ("wrong", "crash"):
            small = smallest(program, outcome)
            pytest.fail(f"{outcome.report}\nshrunk:\n{small.report}", pytrace=False)
    assert kinds.count("ok") >= PROGRAMS * 3 // 4


def test_a_seed_gives_one_program_by_either_name():
    assert composed(7, SIZE).text == generate(7, SIZE, COMPOSED).text


def test_every_form_occurs():
    texts = "\n".join(composed(seed, 10).text for seed in range(200))
    for table in (ELEMENTWISE, VIEWS, REDUCTIONS, OTHERS, WRITES):
        shown = [f for f in table if f.partition("{")[0] and f.partition("{")[0] in texts]
        assert len(shown) >= len([f for f in table if f.partition("{")[0]]) * 0.6
