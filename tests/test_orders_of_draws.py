"""Second derivatives of functions that draw random numbers, from a generator outside of them."""

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.7, -0.4, 1.3])
V = np.array([1.0, -2.0, 0.5])
RNG = np.random.default_rng(0)


def scaled(x):
    return np.sum((x * RNG.normal(size=3)) ** 3)


def in_a_loop(x):
    total = 0.0
    for i in range(3):
        total = total + x[i] ** 3 * RNG.uniform()
    return total


def in_a_dict(x):
    found = {}
    for i, v in enumerate(x):
        found[f"k{i}"] = v * RNG.uniform()
    total = 0.0
    for v in found.values():
        total = total + v**3
    return total


def captured():
    rng = RNG

    def loss(x):
        return np.sum((x * rng.gamma(2.0, 1.0, 3)) ** 3)
    return loss


class Model:
    """Draws from a generator of its own, of which the text knows nothing."""

    def __init__(self):
        self.rng = RNG

    def loss(self, x):
        kept = (self.rng.random(3) < 0.6) / 0.6
        return np.sum((x * kept * self.rng.normal(size=3)) ** 3)


MODEL, LEGACY, HELD = Model(), np.random.RandomState(0), [RNG]


def of_a_model(x):
    return MODEL.loss(x)


def of_an_item(x):
    return np.sum((x * HELD[0].standard_normal(3)) ** 3)


def shuffled(x):
    y = x**2
    RNG.shuffle(y)
    return np.sum(y**2 * np.arange(3.0))


def of_an_old_one(x):
    return np.sum((x * LEGACY.randn(3)) ** 3)


checkpointed = sd.checkpoint(lambda x: x * RNG.normal(size=3))


def of_a_checkpoint(x):
    return np.sum(checkpointed(x) ** 3)


FUNCTIONS = [scaled, in_a_loop, in_a_dict, captured(), of_a_model, of_an_item, shuffled,
             of_an_old_one, of_a_checkpoint]


def begin():
    RNG.bit_generator.state = np.random.PCG64(5).state
    LEGACY.seed(3)


def hessian_by_differences(f):
    def slope(x):
        begin()
        return sd.grad(f)(x)

    return np.array([(slope(X + 1e-6 * e) - slope(X - 1e-6 * e)) / 2e-6 for e in np.eye(3)])


@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
def test_all_derivatives_are_of_the_same_numbers(f):
    begin()
    f(X)
    left = RNG.bit_generator.state, LEGACY.get_state()[2]
    expected = hessian_by_differences(f)
    ways = [
        (lambda: sd.hessian(f)(X), expected), (lambda: sd.jacrev(sd.grad(f))(X), expected),
        (lambda: sd.grad(lambda p: sd.grad(f)(p) @ V)(X), expected @ V),
        (lambda: sd.grad(lambda p: sd.jvp(f, (p,), (V,))[1])(X), expected @ V),
        (lambda: sd.hvp(f, (X,), (V,)), expected @ V),
        (lambda: sd.jvp(lambda p: sd.jvp(f, (p,), (V,))[1], (X,), (V,))[1], V @ expected @ V)]
    for way, wanted in ways:
        begin()
        np.testing.assert_allclose(way(), wanted, rtol=1e-7, atol=1e-7)
        assert (RNG.bit_generator.state, LEGACY.get_state()[2]) == left


def test_a_gradient_reads_as_the_function():
    assert "\n    result = RNG.normal(size=3)\n" in sd.source(scaled, "grad", args=(X,))


def test_another_object_under_the_name_is_seen(monkeypatch):
    begin()
    before = sd.grad(scaled)(X)
    begin()

    class Doubling:
        def normal(self, size):
            return 2.0 * own.normal(size=size)

    own = RNG
    monkeypatch.setitem(globals(), "RNG", Doubling())
    np.testing.assert_allclose(sd.grad(scaled)(X), 8.0 * before, rtol=1e-12)
