"""`try` in loops: what a round binds there is its own, and what handlers around see is carried."""

import numpy as np
import pytest

import s2sdiff as sd


def bound_on_all_ways(a):
    for i in range(3):
        try:
            a = np.sin(a)
            if i:
                raise ValueError
        except ValueError:
            pass
    return np.sum(a)


def seen_by_a_handler_around(a):
    total = a * 2.0
    try:
        for i in range(4):
            total = total * np.cos(a)
            if i == 2:
                raise ValueError
    except ValueError:
        total = total * 3.0
    return np.sum(total)


def both(a):
    best = a
    for i in range(3):
        try:
            for j in range(3):
                best = best * np.cos(a)
                if j > i:
                    raise ValueError
            best = best + a
        except ValueError:
            best = best * 0.5
        finally:
            a = a * 0.9
    return np.sum(best)


@pytest.mark.parametrize("f", [bound_on_all_ways, seen_by_a_handler_around, both])
@pytest.mark.parametrize("a", [0.7, np.array([[0.3], [-1.2]])], ids=["float", "array"])
def test_the_derivative_is_that_of_differences(f, a):
    flat = np.ravel(np.asarray(a, float))
    expected = []
    for i in range(flat.size):
        ends = []
        for step in (1e-6, -1e-6):
            x = flat.copy()
            x[i] += step
            ends.append(f(x.reshape(np.shape(a)) if np.ndim(a) else x[0]))
        expected.append((ends[0] - ends[1]) / 2e-6)
    value, pullback = sd.vjp(f, a)
    assert value == f(a)
    for found in (sd.grad(f)(a), pullback(1.0), pullback(1.0)):
        assert np.ravel(found) == pytest.approx(expected, rel=1e-7)


def test_a_list_that_an_exception_leaves_half_made_has_the_cotangents_of_what_it_got():
    class Tank:
        level = 0.3

        def fill(self, x):
            if x > 0.5:
                raise KeyError(x)
            self.level = x * x
            return self.level

    def f(x, y):
        tank, got = Tank(), [x]
        try:
            got = [tank.fill(q) for q in (0.4, x, y)]
        except LookupError:
            pass
        return tank.level * got[-1]

    for x, y in ((0.3, 0.7), (0.3, 0.2), (0.9, 0.1)):
        expected = [(f(x + h, y + k) - f(x - h, y - k)) / 2e-6 for h, k in ((1e-6, 0), (0, 1e-6))]
        assert sd.grad(f, wrt=("x", "y"))(x, y) == pytest.approx(expected, rel=1e-7)


def in_else(s):
    try:
        x = np.ones(3)
        for i in range(3):
            x[i] = s
    except TypeError:
        pass
    else:
        for _ in range(2):
            s = s - np.sum(x)
    return s


def in_else_of_a_body_that_sets_nothing_else(s):
    try:
        x = np.ones(3) * s
    except TypeError:
        return s
    else:
        for _ in range(2):
            s = s - np.sum(x)
    return s


def in_else_of_one_in_another(s):
    try:
        x = np.ones(3) * s
        if s < 0:
            raise ValueError
    except ValueError:
        return s * s
    else:
        try:
            y = x * 2
            if s > 0.5:
                raise ValueError
        except ValueError:
            s = s + np.sum(x)
        else:
            for _ in range(2):
                s = s - np.sum(x) * y[0]
                y = np.sin(y)
    return s


def in_else_that_raises(s):
    try:
        try:
            x = np.ones(3) * s
            if s < 0:
                raise ValueError
        except ValueError:
            s = s * 0.5
        else:
            for i in range(3):
                s = s - np.sum(x)
                if i == 1 and s < -2:
                    raise ValueError
    except ValueError:
        s = s * s
    return s


@pytest.mark.parametrize("f", [in_else, in_else_of_a_body_that_sets_nothing_else,
                               in_else_of_one_in_another, in_else_that_raises])
@pytest.mark.parametrize("s", [0.3, -0.4, 0.7])
def test_a_loop_in_an_else_reads_an_array_that_the_body_has_bound(f, s):
    expected = (f(s + 1e-6) - f(s - 1e-6)) / 2e-6
    assert sd.grad(f)(s) == pytest.approx(expected, rel=1e-7)


class Circle:
    def __init__(self, r):
        self.r = r


class Rectangle:
    def __init__(self, w, h):
        self.w, self.h = w, h


class Square:
    def __init__(self, w):
        self.w = w

    @property
    def r(self):
        raise AttributeError("it has no radius")

    @property
    def h(self):
        return self.w


def attributes_that_are_not_there(s):
    total = 0.0
    for shape in [Circle(s), Rectangle(0.7, s), Square(s), Circle(0.4)]:
        try:
            total += shape.r ** 2
        except AttributeError:
            total += shape.w * shape.h * 2
    return total


def an_attribute_that_is_there_from_the_second_round_on(s):
    shape = Rectangle(s, 0.4 * s)
    for _ in range(3):
        try:
            shape.known = shape.known * shape.w + 1.0
        except AttributeError:
            shape.known = shape.h * s
    return shape.known


@pytest.mark.parametrize("f", [attributes_that_are_not_there,
                               an_attribute_that_is_there_from_the_second_round_on])
def test_an_attribute_that_an_object_does_not_have_is_handled_in_a_loop(f):
    expected = (f(0.3 + 1e-6) - f(0.3 - 1e-6)) / 2e-6
    assert sd.grad(f)(0.3) == pytest.approx(expected, rel=1e-7)
    assert sd.jvp(f, (0.3,), (1.0,))[1] == pytest.approx(expected, rel=1e-7)


def test_an_argument_that_a_filled_list_gives_back_is_kept_for_the_way_back():
    def f(a, x):
        filled = []
        for _ in range(2):
            filled.append(a)
            c = filled[-1]
            b = c * x
            try:
                b[0] = b[0] * x
            except ValueError:
                b[1] = 0.0
        return b * b

    a, x, w = np.array([0.5, -1.2, 2.0]), 1.3, np.array([1.0, 0.5, -0.3])
    slope = (f(a, x + 1e-6) - f(a, x - 1e-6)) @ w / 2e-6
    _, pullback = sd.vjp(f, a, x)
    a[:] = 7.0
    for _ in range(2):
        assert abs(pullback(w)[1] - slope) < 1e-6
