"""A maximum that is subtracted for stability has no cotangent where it cancels, and only there."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees, stages

A = np.array([[0.5, -1.0, 2.0], [1.0, 3.0, -0.25], [0.75, 0.5, 0.125]])


def rows(x):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return np.sum((e / np.sum(e, axis=1, keepdims=True)) ** 2)


def columns(x):
    top = x.max(axis=0)
    return np.sum((top + np.log(np.sum(np.exp(x - top), axis=0))) ** 2)


def indexed(x):
    top = np.max(x, axis=-1)
    return np.sum(np.sin(np.log(np.exp(x - top[:, None]).sum(axis=-1)) + top))


def whole(x):
    top = np.max(x)
    return top + np.log(np.sum(np.exp(x - top)))


def cross_entropy(x):
    shifted = x - np.max(x, axis=1, keepdims=True)
    return -np.sum(shifted[:, 1] - np.log(np.sum(np.exp(shifted), axis=1)))


def smallest(x):
    low = np.min(x)
    return low - np.log(np.sum(np.exp(-x + low))) + x[0, 0]


def a_ratio_of_products(x):
    top = np.max(x)
    e = np.exp(x - top)
    return np.sum(e * e) / (np.sum(e) * np.exp(-top) * np.exp(x[0, 0]))


CANCELS = [rows, columns, indexed, whole, smallest, cross_entropy, a_ratio_of_products]


@pytest.mark.parametrize("function", CANCELS)
def test_a_maximum_that_cancels_has_no_cotangent(function):
    agrees(function, A)
    made = stages(function, A)
    assert len(made["context"].shifts) == 1


def misaligned(x):
    # Each entry has the maximum of its column taken off, and rows are summed: nothing cancels.
    top = x.max(axis=1)
    return np.sum((np.log(np.sum(np.exp(x - top), axis=1)) + top) ** 2)


def used_again(x):
    top = np.max(x)
    return top + np.log(np.sum(np.exp(x - top))) + 0.5 * top


def one_too_few(x):
    top = np.max(x)
    return np.log(np.sum(np.exp(x - top)))


def no_exponential(x):
    top = np.max(x)
    return np.sum((x - top) ** 2) + top


def summed_twice(x):
    top = np.max(x)
    e = np.exp(x - top)
    return np.sum(e) * np.exp(top) + np.sum(e)


def carried(x):
    total = 0.0
    for i in range(3):
        top = np.max(x[i])
        total = total + top * np.log(np.sum(np.exp(x[i] - top)))
    return total


def chosen(x):
    top = np.max(x)
    shift = top if x[0, 0] > 0 else 2.0 * top
    return top + np.log(np.sum(np.exp(x - shift)))


def twice_over(x):
    top = np.max(x)
    return np.log(np.sum(np.exp(x - top)) + np.sum(np.exp(x + top)))


def mean_of_squares(x):
    top = np.max(x, axis=1, keepdims=True)
    e = np.exp(x - top)
    return np.sum(e / np.sum(e))


def one_of_them(x):
    top = np.max(x, axis=1)
    return np.log(np.sum(np.exp(x[0] - top[0]))) + top[1]


STAYS = [misaligned, used_again, one_too_few, no_exponential, summed_twice, carried, chosen,
         twice_over, mean_of_squares, one_of_them]


@pytest.mark.parametrize("function", STAYS)
def test_a_maximum_that_matters_keeps_its_cotangent(function):
    agrees(function, A)
    assert not stages(function, A)["context"].shifts


def test_in_a_loop_each_round_has_its_own():
    def sums(x):
        total = 0.0
        for i in range(3):
            top = np.max(x[i])
            total = total + (top + np.log(np.sum(np.exp(x[i] - top)))) ** 2
        return total

    agrees(sums, A)
    assert stages(sums, A)["context"].shifts


def test_equal_maxima_share_nothing_that_they_would_have_to_share():
    x = np.array([1.0, 1.0, 0.0])
    e = np.exp(x - 1.0)
    np.testing.assert_allclose(sd.grad(whole)(x), e / e.sum(), rtol=1e-15)


def test_a_derivative_of_ones_own_for_the_maximum_is_called():
    seen = []

    def max_derivative(a, axis=None, out=None, keepdims=False, initial=None, where=None):
        def pullback(v):
            seen.append(float(v))
            return np.zeros(a.shape), None, None, None, None, None

        return np.max(a), pullback

    before = sd.grad(whole)(A)
    with sd.derivatives({np.max: max_derivative}):
        sd.grad(whole)(A)
    assert len(seen) == 1
    np.testing.assert_array_equal(sd.grad(whole)(A), before)
    assert len(seen) == 1
