"""Forward mode on every case of the table: right, or refused; and how many are right.

Many tangents in one run (`s2sdiff.together`) are tried on the same cases, here, where they find the
code that single runs have had made.
"""

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
from tests.together import agreed, backwards, forwards

#: Areas of which forward mode refuses more than one case in ten.
LESS = {"operators_of_users": 0.8, "random_and_markers": 0.7, "other_values": 0.75}
#: Areas of which fewer than four in five go through a run of many.
LESS_TOGETHER = {("backwards", "out_arguments"): 0.25, ("forwards", "out_arguments"): 0.65,
                 ("backwards", "random_and_markers"): 0.5, ("forwards", "random_and_markers"): 0.4,
                 ("backwards", "caches"): 0.5, ("forwards", "pairs_of_objects"): 0.6}


@pytest.fixture(scope="module", params=AREAS)
def area(request):
    """Of the module, so that all tests of one area follow each other."""
    return request.param


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


def test_forward_mode_is_right_or_refused(area):
    mine = [c for c in cases() if c.area == area and c.error is None]
    right = sum(map(judge, mine))
    assert right >= LESS.get(area, 0.9) * len(mine), f"{right} of {len(mine)}"
    for case in cases():
        if case.area == area and case.error is not None:
            judge(case)


@pytest.mark.parametrize("way", [forwards, backwards], ids=["forwards", "backwards"])
def test_many_products_in_one_run_agree_with_single_runs(way, area):
    found = [agreed(c, way) for c in cases() if c.area == area and c.error is None]
    tried = [f for f in found if f is not None]
    assert sum(tried) >= LESS_TOGETHER.get((way.__name__, area), 0.8) * len(tried), f"{sum(tried)}"
