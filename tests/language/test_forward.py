"""Forward mode on every case of the table: right, or refused; and how many are right."""

import functools

import numpy as np
import pytest

import s2sdiff as sd
from tests.fuzz.check import time_limit
from tests.language.check import SECONDS, is_refusal
from tests.language.promises import by_jvp, run
from tests.language.slopes import slopes
from tests.language.structures import like
from tests.language.table import AREAS, cases

#: Areas of which forward mode refuses more than one case in ten.
LESS = {"operators_of_users": 0.8, "random_and_markers": 0.7, "other_values": 0.75}


def judge(case):
    """Whether a case is right; a refusal is no answer."""
    with time_limit(SECONDS), np.errstate(all="ignore"):
        plain = run(case, case.function)
        cotangent = like(plain.value, np.random.default_rng(7))
        try:
            by_jvp(case, plain, cotangent, functools.cache(lambda: slopes(case, cotangent)))
        except (sd.DifferentiationError, TypeError) as error:
            assert is_refusal(error), error
            return False
    return True


@pytest.mark.parametrize("area", AREAS)
def test_forward_mode_is_right_or_refused(area):
    mine = [c for c in cases() if c.area == area and c.error is None]
    right = sum(map(judge, mine))
    assert right >= LESS.get(area, 0.9) * len(mine), f"{right} of {len(mine)}"
