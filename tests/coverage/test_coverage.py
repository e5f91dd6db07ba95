"""The table of functions says what is so: every sample is judged again."""

import pytest

from s2sdiff.listing import listed, matching
from tests.coverage import judge, others
from tests.coverage.inputs import read_by
from tests.coverage.judge import target_of
from tests.coverage.page import OTHERS, PAGE, entry, page, read_table
from tests.coverage.reasons import NO_DERIVATIVE
from tests.coverage.rows import SAMPLES

pytest.importorskip("scipy", reason="the samples of SciPy's functions need it")
EXPECTED = read_table()


@pytest.mark.parametrize(("module", "name"), SAMPLES, ids=map(".".join, SAMPLES))
def test_the_derivative_of_the_sample_is_as_the_table_says(module, name):
    if module != "operators" and target_of(module, name) is None:
        pytest.skip("this version of NumPy or SciPy does not have it")
    # Why something is refused may name what another version calls otherwise.
    assert entry(module, name)[0] == EXPECTED[module, name][0]


def test_the_table_has_all_samples_and_no_other_rows():
    assert list(EXPECTED) == list(SAMPLES)
    assert [row.name for row in listed()] == [".".join(key) for key in SAMPLES]


def test_the_page_is_printed_from_the_table():
    assert PAGE.read_text("utf-8") == page(EXPECTED, others.read(OTHERS))


def test_nothing_is_wrong():
    kinds = {"rule", "source", "language", "none", "refused"}
    assert {how for how, _ in EXPECTED.values()} <= kinds


def test_every_sample_depends_on_an_input():
    assert [key for key, expression in SAMPLES.items() if not read_by(expression)] == []


def test_every_reason_is_of_a_row():
    for modules in NO_DERIVATIVE.values():
        for module, names in modules.items():
            for name in names.split():
                assert (module, name) in SAMPLES


def test_a_wrong_derivative_is_seen(monkeypatch):
    vjp = judge.sd.vjp

    def wrong(function, *args):
        value, pullback = vjp(function, *args)
        return value, lambda bar: pullback(2.0 * bar)

    assert judge.judged("numpy", "sin").kind == "right"
    monkeypatch.setattr(judge.sd, "vjp", wrong)
    assert judge.judged("numpy", "sin").kind == "wrong"


@pytest.mark.parametrize(("pattern", "names"), [
    ("arctan2", ["numpy.arctan2"]), ("numpy.lin*q", ["numpy.linalg.lstsq"]), ("no such", []),
])
def test_rows_are_found_by_parts_and_by_wildcards(pattern, names):
    assert [row.name for row in matching(listed(), pattern) if "linspace" not in row.name] == names
