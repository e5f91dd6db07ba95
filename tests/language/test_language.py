"""Every case of the table, and the page that is printed from it."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.language import page
from tests.language.check import Missing, NotRefused, check, gradient_size, is_refusal
from tests.language.table import cases, pending

CASES = cases()
by_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
pytestmark = pytest.mark.filterwarnings("ignore")


def test_the_table_is_large_and_its_names_are_unique():
    assert len(CASES) >= 300
    assert len({case.name for case in CASES}) == len(CASES)
    assert pending() <= {case.name for case in CASES}


@by_case
def test_a_case_is_smooth_where_it_stands_and_depends_on_its_arguments(case):
    with np.errstate(all="ignore"):
        assert case.error is not None or gradient_size(case) > 1e-3


@by_case
def test_a_case_is_differentiated_or_refused_as_the_table_says(case):
    if case.name not in pending():
        check(case)
        return
    # What is not there yet is refused or absent; a wrong number, or a crash, is not excused.
    with pytest.raises((Missing, NotRefused, sd.DifferentiationError, TypeError)) as caught:
        check(case)
    assert isinstance(caught.value, (Missing, NotRefused)) or is_refusal(caught.value)


def test_the_page_is_that_of_the_table():
    assert page.PAGE.read_text("utf-8") == page.text(), "run: python -m tests.language.page"
