"""Operators, rounding functions and calls that a user's class has."""

import dataclasses
import math

import numpy as np
import pytest

import s2sdiff as sd


class Scaled:
    """A number to which rounding, shifting and integer division mean something smooth."""

    def __init__(self, v):
        self.v = v

    def __floordiv__(self, other):
        return Scaled(self.v**2 * other)

    def __rfloordiv__(self, other):
        return Scaled(self.v**3 * other)

    def __rshift__(self, other):
        return Scaled(other(self.v))

    def __ror__(self, other):
        return Scaled(self.v * other)

    def __invert__(self):
        return Scaled(1 / self.v)

    def __round__(self, digits=0):
        return Scaled(self.v * (3 + digits))

    def __trunc__(self):
        return self.v * 4

    def __floor__(self):
        return self.v**2

    def __ceil__(self):
        return Scaled(self.v**3)

    def __divmod__(self, other):
        return Scaled(self.v * 2), Scaled(self.v + other)

    def __rdivmod__(self, other):
        return Scaled(self.v * other), self.v

    def __lt__(self, other):
        return Scaled(self.v * other.v)

    def __iter__(self):
        return iter((self.v, self.v**2))


def floor_division(p, x):
    return (p // x).v * (x // p).v


def shift(p, x):
    return (p >> math.sin >> math.exp).v + x


def reflected_or(p, x):
    return (x | p).v


def inverted(p, x):
    return (~p).v * x


def rounded(p, x):
    return round(p).v * round(p, 2).v * x


def rounded_by_math(p, x):
    return math.trunc(p) * math.floor(p) * math.ceil(p).v * x


def quotient_and_rest(p, x):
    q, r = divmod(p, x)
    s, t = divmod(x, p)
    return q.v * r.v + s.v * t


def starred(p, x):
    return math.hypot(*p) * [*p, x][1]


def slope(f, x):
    return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6


def check(f):
    for x in (0.7, np.float64(0.7)):
        assert sd.grad(f)(x) == pytest.approx(slope(f, x), rel=1e-6)
        _, pullback = sd.vjp(f, x)
        assert pullback(1.0) == pytest.approx(slope(f, x), rel=1e-6)


@pytest.mark.parametrize("f", [
    floor_division, shift, reflected_or, inverted, rounded, rounded_by_math, quotient_and_rest,
    starred])
def test_an_operator_of_a_class_is_differentiated_where_that_of_numbers_is_constant(f):
    check(lambda x: f(Scaled(x), x))
    check(lambda x: f([Scaled(x), Scaled(2.0 * x)][0], x))


@pytest.mark.parametrize("f", [floor_division, inverted, rounded, rounded_by_math])
def test_it_is_in_code_that_writes_too(f):
    def written(x):
        kept = [x]
        kept[0] = x * x
        p = {"p": Scaled(kept[0])}["p"]
        return f(p, kept[0])

    check(written)


def test_a_comparison_that_gives_an_object_is_followed():
    check(lambda x: (Scaled(x) < Scaled(x * x)).v)


def test_the_smaller_of_two_objects_that_can_be_walked_over_is_one_of_them():
    class Pair(Scaled):
        def __lt__(self, other):
            return self.v < other.v

    check(lambda x: min(Pair(x * 3), Pair(x)).v + max(Pair(x), Pair(x * x)).v)


def test_numbers_of_unknown_kind_are_rounded_as_ever():
    def whole(items):
        return items[0] // 1.0 + round(items[1]) + math.floor(items[0]) * items[1]

    assert sd.grad(whole)([1.7, 2.4]) == [0.0, 1.0]


class Weights:
    """NumPy leaves operators to it, by its priority."""

    __array_priority__ = 10.0

    def __init__(self, v):
        self.v = v

    def __rmatmul__(self, other):
        return np.sum(other * self.v**2)

    def __radd__(self, other):
        return Weights(self.v * other)

    def __iadd__(self, other):
        return NotImplemented

    def __add__(self, other):
        return Weights(self.v + other * other)


class Deaf(Weights):
    """NumPy's ufuncs refuse it, and so ask it."""

    __array_ufunc__ = None


@pytest.mark.parametrize("cls", [Weights, Deaf])
def test_an_array_gives_way_to_an_operand_that_asks_for_it(cls):
    sd.check_grads(lambda x, y: x @ cls(y), (np.array([0.3, 0.7]), np.array([1.1, 0.4])))
    sd.check_grads(lambda x, y: (x + cls(y)).v * 2.0, (np.array([0.3, 0.7]), np.array([1.1, 0.4])))
    sd.check_grads(lambda x, y: (np.float64(x) + cls(y)).v, (0.3, np.array([1.1, 0.4])))


def test_an_operator_in_place_that_gives_up_leaves_it_to_the_plain_one():
    def f(x, y):
        w = Weights(x)
        w += y
        return w.v

    check_of_two(f)


def check_of_two(f):
    sd.check_grads(f, (0.7, 1.3))


@dataclasses.dataclass
class Model:
    """It can be compared, so that it has no hash."""

    k: float

    def __call__(self, x):
        return np.sum(x * x) * self.k


@dataclasses.dataclass(frozen=True)
class Weighted:
    """It has a hash by its class, but what it holds has none."""

    weights: np.ndarray

    def __call__(self, x):
        return np.sum(x * x * self.weights)


model, weighted = Model(3.0), Weighted(np.array([1.0, 2.0]))


def test_a_global_object_without_a_hash_can_be_called():
    x = np.array([0.3, -0.7])
    for f, factors in ((lambda x: model(x), 3.0), (lambda x: weighted(x), weighted.weights)):
        assert sd.grad(f)(x) == pytest.approx(2 * x * factors)
    gradient = sd.grad(lambda x: model(x))
    gradient(x)
    model.k = 5.0
    try:
        assert gradient(x) == pytest.approx(10.0 * x)
    finally:
        model.k = 3.0


class Reflected:
    def __init__(self, v):
        self.v = v

    def __rmul__(self, k):
        return Reflected(k * self.v)

    def __rsub__(self, k):
        return Reflected(k - self.v)

    def __rtruediv__(self, k):
        return Reflected(k / self.v)


def asked_by_numbers_of_numpy(x, kept):
    kept.append(Reflected(x[0]))
    kept.append(Reflected(x))
    total = 0.0
    for o in kept:
        k = np.float64(0.3)
        total = total + np.sum((k * o).v + (x[1] * o).v + (k - o).v + (x.sum() / o).v)
    return total


def test_numbers_of_numpy_ask_the_class_on_their_right_in_both_modes():
    def f(x):
        return asked_by_numbers_of_numpy(x, [])

    x = np.array([0.9, 0.7, 1.3])
    expected = np.array([(f(x + h) - f(x - h)) / 2e-6 for h in 1e-6 * np.eye(3)])
    np.testing.assert_allclose(sd.grad(f)(x), expected, rtol=1e-7)
    np.testing.assert_allclose(sd.jvp(f, (x,), (x,))[1], expected @ x, rtol=1e-7)


class Amount:
    def __init__(self, v):
        self.v = v

    def __lt__(self, other):
        return self.v < other.v

    def __add__(self, other):
        return Amount(self.v + other.v)


def largest_of_objects(x):
    a, b = Amount(x[0]), Amount(x[1] * x[2])
    a + b  # for nothing
    x[0] * x[1]
    return max(a, b).v ** 2 * min(a, b, Amount(x[2])).v


def test_objects_are_chosen_among_arguments_in_both_modes():
    x = np.array([0.9, 0.7, 1.4])
    f = largest_of_objects
    expected = np.array([(f(x + h) - f(x - h)) / 2e-6 for h in 1e-6 * np.eye(3)])
    np.testing.assert_allclose(sd.grad(f)(x), expected, rtol=1e-7)
    np.testing.assert_allclose(sd.jvp(f, (x,), (x,))[1], expected @ x, rtol=1e-7)


class WithoutOperators:
    def __init__(self, held):
        self.held = held


@pytest.mark.parametrize("operate", [
    lambda x, o: 0.6 * o, lambda x, o: o + x, lambda x, o: -o, lambda x, o: o[0],
    lambda x, o: np.float64(x) ** o, lambda x, o: divmod(o, 2)])
def test_an_operator_that_no_class_answers_raises_what_python_raises(operate):
    def f(x):
        held = {"o": WithoutOperators(x)}
        return x * x + operate(x, held["o"])

    with pytest.raises(TypeError) as plain:
        f(1.5)
    for derived in (lambda: sd.grad(f)(1.5), lambda: sd.vjp(f, 1.5),
                    lambda: sd.jvp(f, (1.5,), (1.0,))):
        with pytest.raises(TypeError) as found:
            derived()
        assert str(found.value) == str(plain.value)
