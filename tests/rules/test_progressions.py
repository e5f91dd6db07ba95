"""Geometric sequences against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from tests.rules.checker import check_rule, draw
from tests.rules.labels import label

COLUMN, ROW = draw((2, 1), 1.2, 3.0, 1), draw((3,), 4.0, 8.0, 2)
OPTIONS = [{}, {"endpoint": False}, {"axis": -1}, {"axis": 1, "endpoint": False}]


@pytest.mark.parametrize("options", [*OPTIONS, {"base": 2.0}, {"base": np.float64(0.5)}], ids=label)
@pytest.mark.parametrize("num", [1, 2, 5])
def test_powers_agree_with_differences(num, options):
    for start, stop in ((COLUMN, ROW), (ROW, ROW[::-1]), (ROW, 0.5), (COLUMN + 1j, ROW)):
        check_rule(np.logspace, start, stop, num, kwargs=options)
    check_rule(np.logspace, 1.3, 2.2, num, kwargs={**options, "axis": 0})


@pytest.mark.parametrize("base", [np.array([2.0, 3.0]), np.array([[2.0], [0.7]]), 3.0], ids=label)
@pytest.mark.parametrize("axis", [0, -1])
def test_powers_of_several_bases_agree_with_differences(base, axis):
    check_rule(np.logspace, 1.3, 2.2, 4, kwargs={"base": base, "axis": axis})
    check_rule(np.logspace, np.array([1.3, 0.5]), 2.2, 4, False, base, None, axis)
    check_rule(np.logspace, COLUMN, np.array([0.3, 0.4]), 4, True, base, None, axis)


@pytest.mark.parametrize("options", OPTIONS, ids=label)
@pytest.mark.parametrize("num", [1, 2, 5])
def test_geometric_sequences_agree_with_differences(num, options):
    for start, stop in ((COLUMN, ROW), (ROW, ROW[::-1]), (-ROW, -COLUMN), (ROW, 0.5),
                        (COLUMN * 1j, ROW * 1j), (COLUMN + 0.5j, ROW * (1 - 1j))):
        check_rule(np.geomspace, start, stop, num, kwargs=options)
    for start, stop in ((1.3, 7.2), (-1.3, -7.2), (1.3j, -7.2 + 1j)):
        check_rule(np.geomspace, start, stop, num, kwargs={**options, "axis": 0})


def test_sequences_of_no_terms_and_of_integers_pass_nothing_on():
    assert registry.find(np.geomspace).function(1.5, 2.5, 0)[1](np.ones(0)) == (0.0, 0.0)
    assert registry.find(np.logspace).function(1.5, 2.5, 0)[1](np.ones(0)) == (0.0, 0.0, 0.0)
    for num in (0, 1):
        with np.errstate(all="raise"):
            _, pullback = registry.find(np.linspace).function(1.5, 2.5, num, retstep=True)
            assert pullback((np.zeros(num), 1.0)) == (0.0, 0.0)
    for target in (np.geomspace, np.logspace):
        value, pullback = registry.find(target).function(1.0, 3.0, 3, dtype=int)
        assert value.dtype == int and not any(map(np.any, pullback(np.ones(3))))


def test_gradients_of_geometric_sequences_in_float32_are_float32():
    start, stop = np.array([1.0, 2.0], np.float32), np.array([3.0, 5.0], np.float32)
    value, pullback = registry.find(np.geomspace).function(
        start, stop, 4, dtype=np.float32)
    assert [bar.dtype for bar in pullback(value)] == [np.float32] * 2


def test_functions_with_sequences_agree_with_differences():
    sd.check_grads(lambda a, b: np.geomspace(a, a * b, 4) ** 2, (1.3, 2.2))
    sd.check_grads(lambda a, b, c: np.logspace(a, b, 4, base=c)[1:], (1.3, 2.2, 3.1))
    sd.check_grads(lambda a, b, c: np.logspace(a, b, 4, base=c), (1.3, ROW, ROW / 2))


def test_the_middle_of_two_numbers_is_their_geometric_mean():
    # sqrt(a b), with derivative sqrt(b / a) / 2.
    assert np.isclose(sd.grad(lambda a: np.geomspace(a, 8.0, 3)[1])(2.0), 1.0)
