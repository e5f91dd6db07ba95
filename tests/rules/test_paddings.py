"""`np.pad` in each mode against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import check_rule, draw
from tests.rules.second import WAYS, second_derivatives

WIDTHS = [1, (2, 0), ((0, 1), (3, 2)), ((0, 0), (7, 9))]
LINE, IMAGE = draw((3,), -1.0, 1.0, 1), draw((3, 4), -1.0, 1.0, 2)
STATISTICS = ["maximum", "minimum", "mean", "median"]


@pytest.mark.parametrize("mode", ["edge", "empty", "reflect", "symmetric", "wrap", *STATISTICS])
@pytest.mark.parametrize("kind", [float, complex])
def test_padding_agrees_with_differences(mode, kind):
    if mode == "empty":
        found = sd.grad(lambda x: np.sum(np.pad(x, 2, "empty")[2:-2] ** 2))(LINE)
        assert np.array_equal(found, 2.0 * LINE)
        return
    for width in WIDTHS:
        check_rule(np.pad, draw((3, 4), -1.0, 1.0, 2, kind), width, mode, wrt="array")
    for x in (draw((3,), -1.0, 1.0, 1, kind), draw((3, 8), -1.0, 1.0, 1, kind)[::2, ::-3],
              draw((1, 4), -1.0, 1.0, 3, kind)):
        check_rule(np.pad, x, 4, mode, wrt="array")


@pytest.mark.parametrize("mode", STATISTICS)
@pytest.mark.parametrize("length", [1, 2, (1, 3), ((2, 1), (3, 9))])
def test_statistics_of_so_many_entries_agree_with_differences(mode, length):
    check_rule(np.pad, IMAGE, ((1, 2), (0, 3)), mode, wrt="array", kwargs={"stat_length": length})


@pytest.mark.parametrize("mode", ["reflect", "symmetric"])
@pytest.mark.parametrize("width", [*WIDTHS, 2])
def test_odd_reflections_agree_with_differences(mode, width):
    for x in (IMAGE, IMAGE[:1], IMAGE + 1j * IMAGE[::-1]):
        check_rule(np.pad, x, width, mode, wrt="array", kwargs={"reflect_type": "odd"})


@pytest.mark.parametrize(("mode", "name"), [
    ("constant", "constant_values"), ("linear_ramp", "end_values")])
@pytest.mark.parametrize("ends", [
    0.7, 2, (0.3, -1.2), [0.3, -1.2], np.array([[0.3], [0.7]]), np.array([[0.3, 0.1], [0.7, 2.0]])])
def test_given_ends_agree_with_differences(mode, name, ends):
    for width in WIDTHS:
        for x in (IMAGE, IMAGE - 1j * IMAGE[::-1]):
            check_rule(np.pad, x, width, mode, wrt="array", kwargs={name: ends})
    check_rule(np.pad, LINE, 0, mode, wrt="array")
    if not isinstance(ends, int):
        # Forward mode knows nothing of what stands in **options.
        sd.check_grads(lambda x, e: np.pad(x, WIDTHS[2], mode, **{name: e}), (IMAGE, ends),
                       modes=("rev",))


def test_an_empty_array_is_extended_by_its_constant():
    check_rule(np.pad, np.zeros((0, 3)), 1, wrt="array", kwargs={"constant_values": 0.3})
    found = sd.grad(lambda s: np.sum(np.pad(np.zeros(0), (1, 2), constant_values=s)))(0.5)
    assert found == 3.0


def test_equal_entries_share_what_stands_for_their_maximum():
    found = sd.grad(lambda x: np.pad(x, (1, 0), "maximum")[0])(np.array([2.0, 1.0, 2.0]))
    assert np.array_equal(found, [0.5, 0.0, 0.5])


def test_a_constant_among_integers_has_no_derivative():
    found = sd.grad(lambda s: s * np.sum(np.pad([1, 2], 1, constant_values=s)))(2.5)
    assert found == 7.0


def test_second_derivatives_of_padding_agree_with_differences():
    for mode in ("linear_ramp", "mean", "maximum", "wrap"):
        sd.check_grads(lambda x, mode=mode: np.sum(np.pad(x, 2, mode) ** 3), (LINE,), order=2,
                       modes="rev")
    sd.check_grads(lambda x: np.sum(np.pad(x, 3, "symmetric", reflect_type="odd") ** 3), (LINE,),
                   order=2)


def test_a_ramp_to_a_number_that_moves_has_second_derivatives_in_all_ways():
    def ramps(x):
        return np.pad(x**2, 2, "linear_ramp", end_values=x[0] ** 3)

    bar = np.sin(1.0 + np.arange(ramps(LINE).size))
    assert second_derivatives(ramps, (LINE,), {}, 0, bar) == dict.fromkeys(WAYS, "")


def test_padding_by_a_function_is_refused():
    def fill(vector, width, axis, options):
        vector[:width[0]] = 1.0

    with pytest.raises(sd.DifferentiationError, match="function for mode.*Instead, pad"):
        sd.grad(lambda x: np.sum(np.pad(x, 1, fill)))(LINE)
