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


def bound_by_a_nested_function(x, kind="one"):
    def switch():
        nonlocal kind
        kind = "two"
        return 0.0
    s = x if kind == "one" else x * x
    s = s + switch()
    return s + (x ** 3 if kind == "two" else x ** 4)


def bound_by_a_handler(x, kind="one"):
    try:
        if kind == "one":
            kind = "two"
            raise KeyError(kind)
        s = x
    except KeyError:
        s = x * x if kind == "two" else x ** 3
    return s if kind == "one" else s * x


def captured_late(x, kind="one"):
    fs = []
    for k in ("one", kind):
        fs.append(lambda v: v ** 2 if kind == "one" else v ** 3)
        kind = "two"
    return sum(f(x) for f in fs)


def bound_between_draws(x, kind="one"):
    def gen():
        yield x if kind == "one" else x ** 2
        yield x ** 3 if kind == "two" else x ** 4
    t = 0.0
    for i, v in enumerate(gen()):
        kind = "two"
        t = t + v
    return t


def bound_in_rounds(x, kind="one"):
    while kind != "end":
        if kind == "one":
            x, kind = x * x, "two"
        else:
            x, kind = x * 3.0, "end"
    return x


def bound_by_choice(x, kind="one"):
    kind = "two" if x > 1 else kind
    return x * x if kind == "one" else x ** 3


def swapped(x, kind="one", other="two"):
    kind, other = other, kind
    return x * x if kind == "two" and other == "one" else x ** 3


def bound_by_a_comprehension(x, kind="one"):
    return sum([x ** 2 if kind == "one" else x ** 3 for kind in ("one", "two", kind)])


def a_name_in_a_table(x, kind="one"):
    return getattr(np, {"one": "sin", "two": "cos"}[kind])(x)


@pytest.mark.parametrize("word", ["one", "two"])
@pytest.mark.parametrize("f", [
    bound_by_a_nested_function,
    bound_by_a_handler,
    captured_late,
    bound_between_draws,
    bound_in_rounds,
    bound_by_choice,
    swapped,
    bound_by_a_comprehension,
    a_name_in_a_table], ids=lambda f: f.__name__)
def test_what_a_word_is_where_it_is_asked(f, word):
    x, h = 1.3, 1e-6
    for given in ((word,), (), (word,)):
        expected = (f(x + h, *given) - f(x - h, *given)) / (2 * h)
        assert sd.grad(f)(x, *given) == pytest.approx(expected, rel=1e-6)
    found = sd.vjp(f, x, word)[1](1.0)
    assert (found[0] if isinstance(found, tuple) else found) == pytest.approx(expected, rel=1e-6)
    assert sd.jvp(f, (x, word), (1.0, None))[1] == pytest.approx(expected, rel=1e-6)
