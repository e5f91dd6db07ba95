"""What something outside holds of an argument's memory stays as it is when the argument moves."""

import functools

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text

X = np.array([1.0, 2.0, -0.5])


class Model:
    """It counts its calls, which keeps what is done with it by place."""

    def __init__(self, anchor):
        self.anchor = anchor
        self.calls = []

    def loss(self, w):
        self.calls.append(1)
        return np.sum(w * self.anchor + w**2)

    def __call__(self, w):
        return self.loss(w)


def capturing(anchor):
    calls = []

    def loss(w):
        calls.append(1)
        return np.sum(w * anchor + w**2)

    return loss


def holders(x):
    model = Model(x)
    return {
        "a method": lambda w: model.loss(w),
        "a call": lambda w: model(w),
        "a method that a partial holds": functools.partial(
            lambda bound, w: bound(w), model.loss),
        "a captured method": (lambda bound: lambda w: bound(w))(model.loss),
        "a partial": (lambda held: lambda w: held(w))(functools.partial(Model.loss, model)),
        "a function": (lambda inner: lambda w: inner(w))(capturing(x)),
        "a view": (lambda viewing: lambda w: viewing.loss(w))(Model(x[:])),
        "a list": (lambda models: lambda w: models[0].loss(w))([model]),
    }


@pytest.mark.parametrize("name", holders(X))
def test_what_is_held_outside_does_not_move(name):
    x = X.copy()
    loss = holders(x)[name]
    slope, direction = X + 2 * X, np.array([0.3, -1.0, 0.7])
    np.testing.assert_allclose(sd.grad(loss)(x), slope)
    value, gradient = sd.value_and_grad(loss)(x)
    np.testing.assert_allclose(gradient, slope)
    assert value == pytest.approx(np.sum(2 * X**2))
    np.testing.assert_allclose(sd.jvp(loss, (x,), (direction,))[1], slope @ direction)
    for _ in range(2):
        np.testing.assert_allclose(sd.vjp(loss, x)[1](2.0), 2 * slope)
    np.testing.assert_array_equal(x, X)
    # Of another array nothing is held.
    np.testing.assert_allclose(sd.grad(loss)(2 * X), X + 4 * X)


def test_what_another_argument_holds_is_refused():
    x = X.copy()

    def asked(w, bound):
        return bound(w)

    with pytest.raises(sd.AliasingError, match="Instead, pass a copy"):
        sd.grad(asked)(x, Model(x).loss)
    np.testing.assert_allclose(sd.grad(asked)(2 * X, Model(x).loss), X + 4 * X)


def test_an_argument_that_is_held_outside_too_is_not_written():
    x = X.copy()
    model = Model(x)

    def loss(w):
        value = model.loss(w)
        w *= 2.0
        return value + np.sum(w)

    with pytest.raises(sd.AliasingError, match="Instead, pass a copy"):
        sd.grad(loss)(x)
    np.testing.assert_array_equal(x, X)
    written = 3.0 * X
    np.testing.assert_allclose(sd.grad(loss)(written), X + 6.0 * X + 2.0)
    np.testing.assert_array_equal(written, 6.0 * X)


class Layer:
    def __init__(self, w, squash):
        self.w, self.squash, self.calls = w, squash, []

    def __call__(self, x):
        self.calls.append(1)
        return self.squash(self.w * x)


def relu(x):
    return np.maximum(x, 0.0)


def scaled(k):
    def squash(x):
        return np.tanh(x * k)

    return squash


@pytest.mark.parametrize("squash", [relu, scaled(X), np.tanh, functools.partial(np.power, 2.0)])
def test_two_arguments_may_hold_the_same_function(squash):
    def loss(one, other):
        return np.sum(other(one(X)))

    a, b, step = np.array([0.4, 0.7, 0.2]), np.array([0.3, -0.6, 0.9]), 1e-6
    found = sd.grad(loss, wrt=(0, 1))(Layer(a, squash), Layer(b, squash))
    for at, gradient in enumerate(found):
        for i in range(3):
            ends = []
            for h in (step, -step):
                given = [a.copy(), b.copy()]
                given[at][i] += h
                ends.append(loss(*(Layer(w, squash) for w in given)))
            assert gradient.w[i] == pytest.approx((ends[0] - ends[1]) / (2 * step), abs=1e-7)


def test_a_weak_proxy_of_what_is_gone_leads_to_nothing():
    import weakref

    from s2sdiff.runtime.separate import collect

    class Held:
        pass

    held, places, arrays = [weakref.proxy(Held()), np.ones(2)], {}, {}
    assert collect("held", held, places, arrays) == []
    assert len(arrays) == 1


ONLY = np.array(0.56)


def read_only(p, s):
    t = np.tanh(0.7 * ONLY - s)
    cells = [s * t]
    try:
        abs(0.4)
    except ValueError as error:
        cells[0] = t * len(str(error))
    return cells[0]


@pytest.mark.filterwarnings("ignore::s2sdiff.errors.ZeroDerivativeWarning")
def test_a_gradient_of_what_reads_a_global_has_it_stay_when_the_argument_is_that():
    """s tanh(u), where u = 0.7 c - s: the slope in s is tanh(u) - s / cosh(u)**2."""
    s = -0.6395
    u = 0.7 * float(ONLY) - s
    second = -2.0 / np.cosh(u) ** 2 - 2.0 * s * np.tanh(u) / np.cosh(u) ** 2
    slopes, pullback = sd.vjp(sd.grad(read_only, wrt=(0, 1)), ONLY, s)
    assert slopes[1] == pytest.approx(np.tanh(u) - s / np.cosh(u) ** 2)
    for _ in range(2):
        of_p, of_s = pullback((np.array(0.0), 1.0))
        assert of_p == 0.0
        assert of_s == pytest.approx(second)


SHELF = [None]


def lent():
    return SHELF[0]


class Scaled:
    def __init__(self, k):
        self.items = [k]

    def values(self, k):
        yield 0.5 * k
        got = yield from self.pairs()
        yield got * k

    def pairs(self):
        for item in self.items:
            yield 0.3 * item
        return self.items[0]


TEXT = """def f(a, k):
    total = sum(map(lambda v: 0.2 * v, Scaled(k).values(k)))
    total += np.max(lent().real) * k
    return %s
"""
GIVEN = ["a", "a[..., -1]", "a.T[1:]", "a[::-1]", "np.real(a[0])"]


@pytest.mark.parametrize("made", [
    lambda: np.arange(9.0).reshape(3, 3), lambda: np.arange(9.0).reshape(3, 3).T,
    lambda: np.arange(18.0).reshape(3, 6)[:, ::2], lambda: np.arange(18.0).reshape(6, 3)[::-2],
    lambda: np.arange(9.0).reshape(3, 3) * (1 + 2j),
], ids=["whole", "transposed", "with gaps", "backwards", "complex"])
@pytest.mark.parametrize("given", GIVEN)
def test_a_view_that_is_given_back_shows_the_argument(given, made):
    f = run_text(TEXT % given, f"<held outside: {given}>", dict(globals()))["f"]
    SHELF[0] = a = made()
    plain, (value, _) = f(a, 0.7), sd.vjp(f, a, 0.7)
    assert (value is a) == (plain is a)
    assert value.strides == plain.strides
    np.testing.assert_array_equal(value, plain)
    assert np.shares_memory(value, plain)
    assert value.flags.writeable
    assert value.__array_interface__["data"] == plain.__array_interface__["data"]
