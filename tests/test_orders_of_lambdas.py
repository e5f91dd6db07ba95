"""Derivatives of lambdas inside of lambdas, to any depth."""

import pytest

import s2sdiff as sd


def of_the_outermost(w):
    return sd.grad(lambda x: x * sd.grad(
        lambda y: y * x * sd.grad(lambda z: z * z * w)(y))(x))(w)


def of_the_middle(w):
    return sd.grad(lambda x: x * sd.grad(
        lambda y: y * sd.grad(lambda z: z * z * x)(y))(x))(w)


def of_all(w):
    return sd.grad(lambda x: x * sd.grad(
        lambda y: y * x * sd.jvp(lambda z: z * z * y * x * w, (y,), (w,))[1])(x))(w)


@pytest.mark.parametrize("f, value, slope", [
    (of_the_outermost, lambda w: 12 * w**3, lambda w: 36 * w**2),
    (of_the_middle, lambda w: 12 * w**2, lambda w: 24 * w),
    (of_all, lambda w: 30 * w**6, lambda w: 180 * w**5)], ids=lambda f: f.__name__)
def test_lambdas_that_capture_from_several_levels(f, value, slope):
    assert f(0.7) == pytest.approx(value(0.7))
    assert sd.grad(f)(0.7) == pytest.approx(slope(0.7))
    assert sd.jvp(f, (0.7,), (2.0,))[1] == pytest.approx(2 * slope(0.7))
