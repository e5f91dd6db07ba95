"""What a mask throws away may be inf or nan: the zero that comes back for it stays zero."""

from __future__ import annotations

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import body

SEEN = np.array([1.0, np.nan, 3.0, 0.5])
HOLES = np.array([0.0, 0.4, -1.0, 2.0])


def entropy(x):
    return np.sum(np.where(x > 0, x * np.log(x), 0.0))


def with_names(x):
    logs = np.log(x)
    terms = x * logs * 2.0
    return np.sum(np.where(x > 0, terms, 0.0))


def a_root(x):
    return np.sum(np.where(x > 0, x * np.sqrt(x) * x, 0.0))


def a_quotient(x):
    return np.sum(np.where(x != 0, x * (1.0 + x) / x, 0.0) ** 2)


def an_exponential_of_a_quotient(x):
    return np.sum(np.where(x > 0, np.exp(-1.0 / x) * x, 0.0))


def a_power(x):
    return np.sum(np.where(x > 0, x * x ** 1.5, 0.0))


def by_multiplying_with_the_mask_at_last(x):
    return np.sum(np.maximum(np.where(x > 0, x * np.log(x), 0.0), -0.2))


def _product(x):
    return x * np.log(x)


def in_a_helper(x):
    return np.sum(np.where(x > 0, _product(x), 0.0))


def in_a_loop(x):
    total = 0.0
    for k in range(2):
        total = total + np.sum(np.where(x > 0, k * x * np.log(x), 0.0))
    return total


def of_a_slice(x):
    y = x * np.log(x)
    return np.sum(y[1:2] * y[3:])


def written_away(x):
    y = x * np.log(x)
    y[x <= 0] = 0.0
    return np.sum(y)


def written_away_by_places(x):
    y = x * np.log(x)
    y[0] = x[1]
    y[2:3] = 0.0
    return np.sum(y ** 2)


def with_a_star(x):
    return np.sum(np.where(*[x > 0, x * np.log(x), 0.0]) ** 2)


def with_a_list_of_arguments(x):
    given = [x > 0, x * np.log(x), 0.0]
    return np.sum(np.where(*given) ** 2)


def squares(x):
    return np.sum(np.where(np.isnan(SEEN), 0.0, (SEEN - x) ** 2))


def products(x):
    r = SEEN - x
    return np.sum(np.where(np.isfinite(r), r * r * x, 0.0))


def a_sum_without_nan(x):
    return np.nansum((SEEN - x) ** 2)


def a_mean_without_nan(x):
    return np.nanmean((SEEN - x) ** 2 * x)


def numbers_for_nan(x):
    return np.sum(np.nan_to_num((SEEN - x) * x))


def chosen_by_a_mask(x):
    return np.sum((SEEN * x)[~np.isnan(SEEN)])


FUNCTIONS = [entropy, with_names, a_root, a_quotient, an_exponential_of_a_quotient, a_power,
             by_multiplying_with_the_mask_at_last, in_a_helper, in_a_loop, of_a_slice,
             written_away, written_away_by_places, with_a_star, with_a_list_of_arguments, squares,
             products, a_sum_without_nan, a_mean_without_nan, numbers_for_nan, chosen_by_a_mask]


def differences(f, x):
    """Central differences where a number is counted, by masks that do not move."""
    found = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        if x[i] != 0.0:
            step = np.zeros(x.shape)
            step[i] = 1e-6
            found[i] = (f(x + step) - f(x - step)) / 2e-6
    return found


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
def test_what_is_thrown_away_has_the_derivative_zero(f):
    x = HOLES if f not in (squares, products, a_sum_without_nan, a_mean_without_nan,
                           numbers_for_nan, chosen_by_a_mask) else np.full(4, 0.7)
    expected = differences(f, x)
    assert np.isfinite(expected).all()
    value, pullback = sd.vjp(f, x.copy())
    assert value == f(x)
    for found in (sd.grad(f)(x.copy()), pullback(1.0), pullback(1.0)):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)
    assert sd.grad(f)(x.astype(np.float32)).dtype == np.float32


def arcs(x):
    return np.sum(np.where(x > 0, np.arccos(1.0 - x / 3.0) + np.sqrt(x), 0.0))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("f", [a_root, arcs, with_a_star, with_a_list_of_arguments],
                         ids=lambda f: f.__name__)
def test_what_is_thrown_away_has_the_second_derivative_zero(f):
    weights = np.array([1.0, 2.0, 3.0, 4.0])

    def along(x):
        return np.sum(weights * sd.grad(f)(x))

    expected = differences(along, HOLES)
    assert np.isfinite(expected).all()
    for found in (sd.hvp(f, (HOLES,), (weights,)), sd.jvp(sd.grad(f), (HOLES,), (weights,))[1],
                  sd.grad(lambda x: sd.jvp(f, (x,), (weights,))[1])(HOLES)):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_cotangent_of_zero_contributes_zero():
    value, pullback = sd.vjp(lambda x: x * np.log(x), HOLES.copy())
    assert np.isnan(value[2])
    found = pullback(np.array([0.0, 1.0, 0.0, 1.0]))
    np.testing.assert_allclose(found, [0.0, np.log(0.4) + 1.0, 0.0, np.log(2.0) + 1.0])


def test_products_of_what_is_finite_are_plain_ones():
    def plain(x, w):
        return np.sum(np.where(x > 0, x * w * np.cos(x), 0.0))

    lines = body(plain, HOLES, HOLES, stage="final")
    assert len(lines) > 3
    assert not any("scaled" in line for line in lines)
    assert any("scaled" in line for line in body(entropy, HOLES, stage="final"))
