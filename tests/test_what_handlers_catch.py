"""What an `except` catches, said by attributes of attributes."""

import numpy as np
import pytest

import s2sdiff as sd


class Failed(Exception):
    pass


class Names:
    Failed = Failed


class Linear:
    LinAlgError = np.linalg.LinAlgError


class Library:
    names = Names
    linear = Linear


library = Library()


def of_a_module(x, a):
    try:
        d = np.linalg.inv(a) @ x
    except library.linear.LinAlgError:
        d = 3.0 * x
    return np.sum(d**2)


def of_an_object(x, a):
    try:
        if a[0, 0] > 1.5:
            raise Failed
        y = x * x
    except library.names.Failed:
        y = np.sin(x)
    return np.sum(y)


def among_others(x, a):
    y = x
    for _ in range(3):
        try:
            if a[0, 0] > 1.5:
                raise Failed
            x += 0.5 * y
        except (ValueError, library.names.Failed) as error:
            assert isinstance(error, Failed)
            x *= y
            break
    return np.sum(x * y)


class Box:
    def __init__(self, p):
        self.p = p


def by_place(x, a):
    box, kept = Box(x * 1.0), []
    for k in range(2):
        try:
            step = np.linalg.inv(a) @ box.p
        except library.linear.LinAlgError:
            step = np.cos(box.p)
        kept.append(step)
        box.p += 0.5 * kept[k]
    return np.sum(box.p**2)


@pytest.mark.parametrize("a", [np.diag([1.0, 2.0]), np.diag([2.0, 4.0]), np.zeros((2, 2))])
@pytest.mark.parametrize("f", [of_a_module, of_an_object, among_others, by_place])
def test_both_modes_agree_with_differences(f, a):
    x, v, h = np.array([0.7, -0.4]), np.array([0.3, 1.2]), 1e-6
    slope = (f(x + h * v, a) - f(x - h * v, a)) / (2 * h)
    value, pullback = sd.vjp(lambda x: f(x * 1.0, a), x)
    assert value == f(x * 1.0, a)
    for _ in range(2):
        assert np.sum(pullback(1.0) * v) == pytest.approx(slope, rel=1e-6)
    got, dot = sd.jvp(lambda x: f(x * 1.0, a), (x,), (v,))
    assert got == value and dot == pytest.approx(slope, rel=1e-6)
    assert np.array_equal(x, [0.7, -0.4])


def of_what_is_not_there(x, a):
    box = Box(x * 1.0)
    try:
        step = np.linalg.inv(a) @ box.p
    except np.linalg.not_there.Error:
        step = np.cos(box.p)
    box.p += 0.5 * step
    return np.sum(box.p**2)


def test_a_name_that_is_not_there_is_not_asked_for():
    x, a = np.array([0.7, -0.4]), np.diag([1.0, 2.0])
    expected = 2 * (x * [1.5, 1.25]) * [1.5, 1.25]
    np.testing.assert_allclose(sd.grad(of_what_is_not_there)(x, a), expected)
    assert sd.jvp(of_what_is_not_there, (x, a), (np.ones(2), np.zeros((2, 2))))[1] == \
        pytest.approx(np.sum(expected))
