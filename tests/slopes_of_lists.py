"""Functions of a list of floats in both modes against difference quotients."""

import pytest

import s2sdiff as sd

XS = [0.2, 0.7, 1.1, 0.4, 0.9, 1.3]


def check_list(f, xs=XS, h=1e-6):
    """Value, pullback twice, tangent; the argument is as it was."""
    slopes = [(f([*xs[:k], x + h, *xs[k + 1:]]) - f([*xs[:k], x - h, *xs[k + 1:]])) / (2 * h)
              for k, x in enumerate(xs)]
    dots, given = [0.3 + 0.1 * i for i in range(len(xs))], list(xs)
    value, pullback = sd.vjp(f, given)
    assert value == f(xs)
    for _ in range(2):
        assert pullback(1.0) == pytest.approx(slopes, rel=1e-6, abs=1e-8)
    value, dot = sd.jvp(f, (given,), (dots,))
    assert value == f(xs)
    assert given == xs
    assert dot == pytest.approx(sum(s * d for s, d in zip(slopes, dots)), rel=1e-6, abs=1e-8)


def check_is_plain(f, xs=XS):
    """No call of either text is one that finds out what it is given."""
    for mode in ("grad", "jvp"):
        text = sd.source(f, mode, args=(xs,))
        for word in ("by_place", "_in(", "rt.call", "rt.apply", "rt.method", "_vjp("):
            assert word not in text, (mode, word, text)
