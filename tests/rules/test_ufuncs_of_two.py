"""`reduce`, `accumulate`, `reduceat` and `outer` of ufuncs of two numbers, by differences."""

from functools import reduce

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from s2sdiff.errors import UnsupportedError
from s2sdiff.rules.ufuncs_of_two import refuse_unless_folded
from tests.rules.checker import check_rule
from tests.rules.labels import label
from tests.rules.whole import check_whole

A = np.random.default_rng(3).uniform(0.4, 1.9, (2, 3, 4))
M = np.random.default_rng(4).uniform(0.4, 1.9, (3, 4))
V = np.random.default_rng(5).uniform(0.4, 1.9, 5)
U = np.random.default_rng(6).uniform(0.4, 1.9, 3)
EXTREMES = [np.maximum, np.minimum, np.fmax, np.fmin]
OTHERS = [np.subtract, np.divide, np.power, np.float_power, np.hypot, np.arctan2, np.logaddexp,
          np.logaddexp2, np.copysign, np.remainder, np.fmod]


@pytest.mark.parametrize("ufunc", [*EXTREMES, *OTHERS], ids=label)
def test_a_running_result_agrees_with_differences(ufunc):
    # Numbers whose sign is taken have none of their own to give.
    single = ufunc is not np.float_power
    for x, options in ((V, {}), (M, {"axis": 1}), (A, {"axis": -2}), (A[:, ::2, ::-1], {})):
        check_rule(ufunc.accumulate, x, kwargs=options, single=single)
    assert registry.find(ufunc.accumulate).function(np.zeros((0, 3)))[1](
        np.zeros((0, 3))).shape == (0, 3)


def check_or_refused(method, *args, **options):
    """Check a rule; a refusal will do where NumPy does not reduce as the ufunc is defined.

    On some processors it writes a few ufuncs over their own arguments.
    """
    try:
        check_rule(method, *args, **options)
    except UnsupportedError as error:
        ufunc = method.__self__
        assert "where its definition gives" in str(error)
        assert not np.allclose(ufunc.reduce(V), reduce(ufunc, V))


@pytest.mark.parametrize("ufunc", [*EXTREMES, *OTHERS], ids=label)
def test_a_reduction_agrees_with_differences(ufunc):
    single = ufunc is not np.float_power
    for x, options in ((V, {}), (M, {"axis": 1, "keepdims": True}), (A, {"axis": -1}),
                       (A, {"keepdims": True})):
        check_or_refused(ufunc.reduce, x, kwargs=options, single=single)


@pytest.mark.parametrize("ufunc", [*EXTREMES, np.hypot, np.logaddexp2], ids=label)
def test_what_has_no_order_is_taken_along_several_axes(ufunc):
    for axis in (None, (0, 2), (-1, 0), ()):
        check_rule(ufunc.reduce, A, kwargs={"axis": axis})
    check_rule(ufunc.reduce, A, kwargs={"axis": (0, 2), "keepdims": True})


@pytest.mark.parametrize("ufunc", [np.multiply, *EXTREMES, *OTHERS], ids=label)
def test_segments_agree_with_differences(ufunc):
    single = ufunc is not np.float_power
    check_or_refused(ufunc.reduceat, V, [0, 3, 1], single=single)
    check_or_refused(ufunc.reduceat, M, [2, 0], 1, single=single)


@pytest.mark.parametrize("ufunc", [*EXTREMES, *OTHERS], ids=label)
def test_pairs_agree_with_differences(ufunc):
    single = ufunc is not np.float_power
    for x, y in ((V, M * 1.1), (M * 1.1, V), (np.array(1.3), V), (V, np.array(1.3))):
        check_rule(ufunc.outer, x, y, single=single)


def test_what_numpy_does_not_reduce_by_definition_is_refused():
    with pytest.raises(UnsupportedError, match="where its definition gives"):
        refuse_unless_folded(np.float64(1.5), np.float64(1.2), "np.power.reduce")
    refuse_unless_folded(np.array([1.5, np.nan]), np.array([1.5, np.nan]), "np.power.reduce")


def test_equal_numbers_share_what_is_due_to_a_running_extreme():
    x = np.array([1.0, 3, 3, 2, 3, 4, 4])
    _, pullback = registry.find(np.maximum.accumulate).function(x)
    bar = np.array([1.0, 6.0, 6.0, 6.0, 6.0, 1.0, 2.0])
    # 3 is shared by one, two, two and three of them; so is 4, by one and by two.
    assert pullback(bar).tolist() == [1.0, 14.0, 8.0, 0.0, 2.0, 2.0, 1.0]
    whole = np.zeros(7)
    for k in range(7):
        whole += bar[k] * sd.grad(lambda x, k=k: np.max(x[:k + 1]))(x)
    assert np.allclose(pullback(bar), whole)


def test_the_greatest_so_far_of_many_takes_no_step_for_each():
    x = np.random.default_rng(0).normal(size=200_000).cumsum()
    _, pullback = registry.find(np.maximum.accumulate).function(x)
    bar = pullback(np.ones(len(x)))
    assert bar.sum() == len(x)
    records = np.append(True, x[1:] > np.maximum.accumulate(x)[:-1])
    assert np.array_equal(bar > 0, records)


WHOLE = {
    "a sum with a first term": lambda m, f: np.add.reduce(m, axis=1, initial=f),
    "a product with a first factor": lambda m, f: np.multiply.reduce(m, axis=None, initial=f),
    "a masked product": lambda m, f: np.multiply.reduce(m * f, axis=1, where=m > 1.0),
    "a masked variance": lambda m, f: np.var(m * f, where=m > 0.6, ddof=1),
    "a masked deviation": lambda m, f: (m * f).std(axis=0, where=m > 0.6),
    "a variance about another": lambda m, f: np.var(m, 1, mean=np.mean(m, 1, keepdims=True) * f),
    "a correction": lambda m, f: np.std(m, axis=1, correction=f),
    "the greatest of segments": lambda m, f: np.maximum.reduceat(m * f, [0, 2]),
    "the length of all": lambda m, f: np.hypot.reduce(m * f, axis=None),
    "a difference from a first term": lambda m, f: np.subtract.reduce(m, axis=1, initial=f),
    "quotients of some": lambda m, f: np.divide.reduce(m, axis=0, initial=f, where=m > 0.6),
    "the length of some": lambda m, f: np.hypot.reduce(m * f, axis=(0, 1), where=m > 0.6),
    "in another precision": lambda m, f: np.hypot.reduce(m * f, dtype=np.float64, keepdims=True),
    "the greatest but nan": lambda m, f: np.fmax.reduce(m, axis=0, initial=f, where=m < 1.0),
    "the least but nan": lambda m, f: np.fmin.reduce(m, axis=None, initial=f + 0.1),
    "frequencies": lambda m, f: np.fft.fftfreq(4, f) * m + np.fft.rfftfreq(6, d=f),
}


@pytest.mark.parametrize("ufunc", [np.multiply, *EXTREMES, np.hypot], ids=label)
def test_tangents_of_segments_agree_with_gradients(ufunc):
    def loss(m):
        return np.sum(ufunc.reduceat(m, [0, 2, 1]) * M)

    assert np.isclose(sd.jvp(loss, (M,), (M**2,))[1], np.sum(sd.grad(loss)(M) * M**2))


@pytest.mark.parametrize("name", WHOLE)
def test_options_keep_what_they_say_in_compiled_code(name):
    check_whole(WHOLE[name], M, 0.7)
