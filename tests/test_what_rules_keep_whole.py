"""What rules keep of containers, objects and several values is as it was, whoever writes later."""

from collections import namedtuple
from dataclasses import dataclass

import numpy as np
import pytest
import scipy.special

import s2sdiff as sd


@dataclass
class Pair:
    a: object
    b: object


Two = namedtuple("Two", ["a", "b"])

#: How a pair is made, and how its two are read.
PAIRS = {
    "tuple": (lambda a, b: (a, b), lambda p: (p[0], p[1])),
    "list": (lambda a, b: [a, b], lambda p: (p[0], p[1])),
    "dict": (lambda a, b: {"a": a, "b": b}, lambda p: (p["a"], p["b"])),
    "named tuple": (Two, lambda p: (p.a, p.b)),
    "object": (Pair, lambda p: (p.a, p.b)),
    "nested": (lambda a, b: [{"a": a}, (Pair(b, 1.0),)], lambda p: (p[0]["a"], p[1][0].a)),
}


def rules_of(make, read):
    """A function that gives a pair, and one that takes one; both keep what they can."""
    def exponentials(x):
        return make(np.exp(x)[0], np.exp(x)[1])

    @sd.derivative(of=exponentials)
    def exponentials_derivative(x):
        e = np.exp(x)

        def pullback(v):
            first, second = read(v)
            return np.stack([first * e[0], second * e[1]])

        return make(e[0], e[1]), pullback

    def product(pair):
        a, b = read(pair)
        return a * b

    @sd.derivative(of=product)
    def product_derivative(pair):
        return read(pair)[0] * read(pair)[1], lambda v: make(v * read(pair)[1], v * read(pair)[0])

    return exponentials, product


def check(loss, *args):
    """The gradients of a loss of arrays, against central differences in each element."""
    value, pullback = sd.vjp(loss, *[a.copy() for a in args])
    assert value == pytest.approx(loss(*[a.copy() for a in args]), rel=1e-12)
    for found in (pullback(1.0), pullback(1.0)):
        for i, g in enumerate(found if len(args) > 1 else (found,)):
            for index in np.ndindex(args[i].shape):
                ends = []
                for step in (1e-6, -1e-6):
                    moved = [a.copy() for a in args]
                    moved[i][index] += step
                    ends.append(loss(*moved))
                assert g[index] == pytest.approx((ends[0] - ends[1]) / 2e-6, abs=1e-7, rel=1e-6)


X, Y = np.array([[0.3, -0.5], [1.2, 0.7]]), np.array([[0.9, 0.4], [-0.8, 1.1]])


@pytest.mark.parametrize("name", PAIRS)
def test_a_value_of_several_parts_may_be_written(name):
    make, read = PAIRS[name]
    exponentials, _ = rules_of(make, read)

    def loss(x):
        pair = exponentials(x)
        a, b = read(pair)
        total = np.sum(a * b)
        a *= 2.0
        b -= a
        return total + np.sum(read(pair)[0] * b)

    check(loss, X)
    value, pullback = sd.vjp(exponentials, X)
    for part in read(value):
        part[...] = 100.0
    np.testing.assert_allclose(pullback(make(np.ones(2), np.ones(2))), np.exp(X))


@pytest.mark.parametrize("name", PAIRS)
def test_an_argument_of_several_parts_may_be_written(name):
    make, read = PAIRS[name]
    _, product = rules_of(make, read)

    def loss(x, y):
        pair = make(x * 1.0, y * 1.0)
        a, b = read(pair)
        total = 0.0
        for k in range(3):
            total = total + np.sum(product(pair)) * (k + 1)
            a *= 2.0
            b += a
        return total

    check(loss, X, Y)
    a, b = X.copy(), Y.copy()
    _, pullback = sd.vjp(product, make(a, b))
    a[...] = b[...] = 100.0
    for found, expected in zip(read(pullback(np.ones((2, 2)))), (Y, X), strict=True):
        np.testing.assert_array_equal(found, expected)


def scaled(owner, x):
    return owner.a * x


def test_an_object_may_be_given_other_attributes():
    recomputed = sd.differentiable_function(
        lambda owner, x: (scaled(owner, x), lambda v: sd.vjp(scaled, owner, x)[1](v)))

    def loss(x, y):
        owner = Pair(x, 1.0)
        first = recomputed(owner, y)
        owner.a = owner.a * y
        second = recomputed(owner, first)
        owner.a = 3.0
        return np.sum(first * second)

    check(loss, X, Y)


def test_an_object_that_is_given_back_is_the_one_that_was_given():
    def same(pair):
        return pair

    with sd.derivatives({same: lambda pair: (pair, lambda v: v)}):
        def loss(x, y):
            pair = Pair(np.sum(x), np.sum(y))
            again = same(pair)
            again.a = again.a * again.b
            return pair.a * pair.b

        check(loss, X, Y)


def test_a_rule_that_writes_into_an_object_is_refused_where_it_is_given_a_copy():
    def counted(pair):
        pair.b = 1.0
        return pair.a * 2.0

    with sd.derivatives({counted: lambda pair: (counted(pair), lambda v: {"a": 2.0 * v})}):
        pair = Pair(1.0, 0.0)
        with pytest.raises(sd.DifferentiationError, match=r"(?s)writes into what .*Instead, "):
            sd.vjp(counted, pair)
        assert pair.b == 0.0


def test_what_a_checkpoint_writes_into_an_object_is_no_constant():
    @sd.checkpoint
    def body(pair, s):
        pair.a = pair.a * 2.0
        return pair.a * s

    def loss(x, y):
        pair = Pair(x, 1.0)
        value = body(pair, y)
        return np.sum(value + pair.a)

    with pytest.raises(sd.DifferentiationError, match=r"(?s)writes into what .*Instead, "):
        sd.grad(loss)(X, Y)


def test_a_view_of_integers_that_are_written_later_is_kept_as_it_was():
    def weighed(x, weights):
        return np.sum(x * weights)

    def derivative(x, weights):
        flat = weights.reshape(-1)
        return np.sum(x * weights), lambda v: (v * flat).reshape(weights.shape)

    def loss(x, weights):
        y = weighed(x, weights)
        weights[:] = 0
        return y * y

    x, weights = np.array([1.0, -2.0, 0.5]), np.array([1, 2, 3])
    sd.derivative(of=weighed, wrt="x")(derivative)
    found = sd.grad(loss)(x, weights.copy())
    np.testing.assert_allclose(found, 2 * np.sum(x * weights) * weights)


def eigenvectors(x):
    values, vectors = np.linalg.eigh(x @ x.T + np.diag([1.0, 3.0]))
    total = np.sum(vectors**2 * values * np.array([1.0, 2.0]))
    values *= 0.5
    vectors[:] = 1.0
    return total + np.sum(values * values)


def elliptic(x):
    sn, cn, dn, phase = scipy.special.ellipj(x, 0.3)
    total = np.sum(sn * cn * dn * phase)
    sn *= 2.0
    cn[...] = 0.0
    dn += 1.0
    return total + np.sum(sn * dn)


def airy(x):
    found = scipy.special.airy(x)
    total = np.sum(found[0] * found[1] * found[2] * found[3])
    for part in found:
        part *= 2.0
    return total + np.sum(found[0] * found[3])


@pytest.mark.parametrize("loss", [eigenvectors, elliptic, airy], ids=lambda f: f.__name__)
def test_the_values_of_library_functions_may_be_written(loss):
    check(loss, X)
