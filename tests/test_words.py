"""Options that are words are known as types are; right whichever is given, by differences."""

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.4, -1.3, 2.0])


def act(x, kind="relu", *, scale=1.0):
    kind = kind.lower()
    if kind == "relu":
        y = np.maximum(x, 0.1 * x)
    elif kind in ("tanh", "hyperbolic"):
        y = np.tanh(x)
    elif kind.startswith("sig"):
        y = 1.0 / (1.0 + np.exp(-x))
    elif kind == "other":
        y = x * x
    else:
        raise ValueError(f"unknown {kind}")
    return y * scale


def loss(x, kind):
    return np.sum(act(x, kind) ** 2) + np.sum(act(x, "tanh", scale=2.0))


def by_default(x):
    return np.sum(act(x) * act(x, scale=3.0))


def slopes(f, x, *rest, h=1e-6):
    return [(f(x + h * e, *rest) - f(x - h * e, *rest)) / (2 * h) for e in np.eye(len(x))]


WORDS = ["relu", "tanh", "hyperbolic", "sig", "sigmoid", "Tanh", "RELU", "other", "SIGMA", "TANH"]


def test_each_word_has_its_own_derivative_however_many_come():
    for word in [*WORDS, *reversed(WORDS)]:
        expected = slopes(loss, X, word)
        np.testing.assert_allclose(sd.grad(loss)(X, word), expected, rtol=1e-6)
        assert sd.jvp(loss, (X, word), (X, None))[1] == pytest.approx(X @ expected, rel=1e-6)
        value, pullback = sd.vjp(lambda x, w: act(x, w), X, word)
        np.testing.assert_array_equal(value, act(X, word))
        np.testing.assert_array_equal(pullback(X)[0], pullback(X)[0])
    with pytest.raises(ValueError, match="unknown foo"):
        sd.grad(loss)(X, "foo")


def test_second_derivatives_of_a_word():
    def along(x, word):
        return sd.grad(loss)(x, word)

    for word in ("tanh", "sig", "other"):
        found = sd.hvp(loss, (X, word), (X, None))
        found = found[0] if isinstance(found, tuple) else found
        expected = (along(X + 1e-6 * X, word) - along(X - 1e-6 * X, word)) / 2e-6
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-8)


def test_a_word_leaves_no_branch():
    text = sd.source(act, "vjp", args=(X, "tanh"))
    assert "if " not in text.split('"""')[0] and "np.tanh(x)" in text
    assert "rt.call(" not in sd.source(loss, "grad", args=(X, "tanh"))
    assert "if " in sd.source(act, "vjp", args=(X, "unknown"))


def test_defaults_that_are_words_may_change():
    np.testing.assert_allclose(sd.grad(by_default)(X), slopes(by_default, X), rtol=1e-6)
    was = act.__defaults__
    try:
        act.__defaults__ = ("other",)
        np.testing.assert_allclose(sd.grad(by_default)(X), slopes(by_default, X), rtol=1e-6)
        np.testing.assert_allclose(sd.grad(lambda x: np.sum(act(x)))(X), 2.0 * X, rtol=1e-12)
    finally:
        act.__defaults__ = was
    np.testing.assert_allclose(sd.grad(by_default)(X), slopes(by_default, X), rtol=1e-6)


class Word(str):
    def __eq__(self, other):
        return other == "other"

    __hash__ = str.__hash__


def test_a_text_of_another_class_compares_as_it_will():
    def f(x, kind):
        if kind == "relu":
            return np.sum(x)
        return np.sum(x * x)

    np.testing.assert_array_equal(sd.grad(f)(X, "relu"), np.ones(3))
    np.testing.assert_array_equal(sd.grad(f)(X, Word("relu")), 2.0 * X)
    np.testing.assert_array_equal(sd.grad(f)(X, np.str_("relu")), np.ones(3))


def test_a_word_that_is_bound_anew():
    def f(x, kind):
        s = 0.0
        for _ in range(3):
            if kind == "first":
                s = s + np.sum(x)
                kind = "second"
            elif kind == "second":
                s = s + np.sum(x * x)
                kind = kind + "!"
            else:
                s = s + np.sum(x ** 3)
        return s

    for word in ("first", "second", "third"):
        np.testing.assert_allclose(sd.grad(f)(X, word), slopes(f, X, word), rtol=1e-6)
