"""`np.seterr` and its kin, called where numbers are followed, run as often as in a plain run."""

import numpy as np
import pytest

import s2sdiff as sd


@pytest.fixture(autouse=True)
def as_it_was():
    with np.errstate():
        yield


def quietly(x, n):
    kept = np.seterr(divide="ignore", invalid="ignore")
    y = np.where(n > 0.0, x / n, 0.0)
    np.seterr(**kept)
    return np.sum(y * y)


def in_a_list(x, n):
    out = []
    kept = np.seterr(all="ignore")
    out.append(np.array(n) * x)
    np.seterr(**kept)
    out[0][0] *= 2.0
    return np.sum(out[0])


def one_by_one(x, n):
    total = 0.0
    for v, k in zip(x, n, strict=True):
        kept = np.seterr(divide="raise")
        try:
            total += np.log(k) * v
        except FloatingPointError:
            total += v * v
        finally:
            np.seterr(**kept)
    return total


def left_as_it_is(x, n):
    np.seterr(divide="raise")
    y = np.log(n)
    return np.sum(x * y)


X, N = np.array([0.5, 1.5]), np.array([2.0, 0.0])


@pytest.mark.parametrize("f", [quietly, in_a_list, one_by_one])
def test_settings_change_and_come_back(f):
    before = np.geterr()
    h, rng = 1e-6, np.random.default_rng(0)
    direction = rng.normal(size=2)
    slope = (f(X + h * direction, N) - f(X - h * direction, N)) / (2 * h)
    value, pullback = sd.vjp(f, X, N)
    for _ in range(2):
        np.testing.assert_allclose(np.sum(pullback(1.0)[0] * direction), slope, rtol=1e-6)
    np.testing.assert_allclose(sd.jvp(f, (X, N), (direction, np.zeros(2))), (value, slope),
                               rtol=1e-6)
    assert np.geterr() == before


@pytest.mark.parametrize("way", [lambda f: sd.vjp(f, X, N), lambda f: sd.grad(f)(X, N),
                                 lambda f: sd.jvp(f, (X, N), (X, N))],
                         ids=["vjp", "grad", "jvp"])
def test_what_numpy_then_raises_is_raised(way):
    with pytest.raises(FloatingPointError):
        left_as_it_is(X, N)
    np.seterr(divide="warn")
    with pytest.raises(FloatingPointError):
        way(left_as_it_is)
