"""Displays with stars whose items are read by their places in another function."""

import math

import numpy as np
import pytest

import s2sdiff as sd


def folded(items):
    total = 0.0
    i = len(items) - 1
    while i > 0:
        i -= 1
        total = total * items[i] + items[i]
    return total


def from_both_ends(items, i):
    return items[-1] * items[i] ** 2 + items[-2]


def before(x):
    return sum([folded([v, *x]) for v in x])


def around(x):
    return folded([2.0, *x, x[0] ** 2]) * folded((x[1], *x))


def between(x):
    return sum([from_both_ends([v, *x, *list(x)], k) for k, v in enumerate(x)])


def products(x):
    return math.prod(x)


X, D = np.array([0.5, 2.0, 1.5]), np.array([0.3, -0.7, 0.2])


@pytest.mark.parametrize("f", [before, around, between])
def test_parts_of_a_display_get_what_its_places_got(f):
    slope = (f(X + 1e-6 * D) - f(X - 1e-6 * D)) / 2e-6
    x = X.copy()
    _, pullback = sd.vjp(f, x)
    assert [pullback(1.0) @ D for _ in range(2)] == pytest.approx([slope] * 2, rel=1e-7)
    assert sd.jvp(f, (x,), (D,))[1] == pytest.approx(slope, rel=1e-7)
    assert np.array_equal(x, X)


@pytest.mark.parametrize("at", [X, np.array([0.0, 2.0, 0.0])])
def test_products_of_items_have_hessians_in_reverse_mode(at):
    gradient = sd.grad(products)
    slope = (gradient(at + 1e-4 * D) - gradient(at - 1e-4 * D)) / 2e-4
    np.testing.assert_allclose(sd.jacrev(gradient)(at) @ D, slope, atol=1e-7)
    np.testing.assert_allclose(sd.hessian(products)(at) @ D, slope, atol=1e-7)
