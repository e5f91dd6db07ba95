"""Second derivatives of calls whose active arguments lie in `*args` and `**kwargs`."""

import math

import pytest

import s2sdiff as sd


def unused_keywords(t):
    (lambda **kw: 0.5)(**{"q": t})
    r = t
    return math.sin(r)


def keywords(t):
    r = (lambda **kw: 0.5 * kw["q"])(**{"q": t})
    return math.sin(t) * r


def unused_stars(t):
    (lambda *kw: 0.5)(*[t])
    return math.sin(t)


def stars(t):
    r = (lambda *kw: 0.5 * kw[0])(*[t, t])
    return math.sin(t) * r


def all_of_them(t):
    def h(a, *kw, **d):
        return kw[0]

    r = [h][0](t, t, 2 * t, q=t, z=t * 3)
    return math.sin(t) * r


@pytest.mark.parametrize("f", [unused_keywords, keywords, unused_stars, stars, all_of_them])
def test_second_derivatives_in_all_combinations_of_modes(f):
    x, h = 0.3, 1e-4
    expected = pytest.approx((f(x + h) - 2 * f(x) + f(x - h)) / h ** 2, rel=1e-5)
    assert sd.jvp(sd.grad(f), (x,), (1.0,))[1] == expected
    assert sd.grad(sd.grad(f))(x) == expected
    assert sd.grad(lambda y: sd.jvp(f, (y,), (1.0,))[1])(x) == expected
    assert sd.jvp(lambda y: sd.jvp(f, (y,), (1.0,))[1], (x,), (1.0,))[1] == expected
