"""A gradient of a function of one float against its difference quotient."""

import pytest

import s2sdiff as sd


def slope(f, x, h=1e-6):
    return (f(x + h) - f(x - h)) / (2 * h)


def check(f, x=0.7):
    """Value, pullback twice, and gradient."""
    value, pullback = sd.vjp(f, x)
    assert value == f(x)
    for _ in range(2):
        assert pullback(1.0) == pytest.approx(slope(f, x), rel=1e-6)
    assert sd.grad(f)(x) == pytest.approx(slope(f, x), rel=1e-6)


def check_both_modes(f, x=0.7):
    """The same, and the value with its derivative forwards."""
    check(f, x)
    assert sd.jvp(f, (x,), (1.0,)) == (f(x), pytest.approx(slope(f, x), rel=1e-6))
