"""Classes that define what operators, indices, loops and attributes mean."""

import functools

import numpy as np

from tests.language.table import supported


class Dual:
    """A number with an error, in plain propagation."""

    def __init__(self, value, error=0.0):
        self.value = value
        self.error = error

    def __add__(self, other):
        other = other if isinstance(other, Dual) else Dual(other)
        return Dual(self.value + other.value, self.error + other.error)

    __radd__ = __add__

    def __mul__(self, other):
        if not isinstance(other, Dual):
            return Dual(self.value * other, self.error * other)
        return Dual(self.value * other.value,
                    self.value * other.error + self.error * other.value)

    def __rmul__(self, other):
        return self * other

    def __neg__(self):
        return Dual(-self.value, -self.error)

    def __sub__(self, other):
        return self + -other

    def __pow__(self, n):
        made = self
        for _ in range(n - 1):
            made = made * self
        return made

    def __lt__(self, other):
        return self.value < other.value

    def __abs__(self):
        return Dual(abs(self.value), self.error)

    def __float__(self):
        return float(self.value)


class Field:
    """An array with an origin, indexed from -1."""

    def __init__(self, data):
        self.data = data

    def __getitem__(self, i):
        return self.data[i + 1]

    def __setitem__(self, i, value):
        self.data[i + 1] = value

    def __delitem__(self, i):
        self.data[i + 1] = 0.0

    def __len__(self):
        return len(self.data)

    def __contains__(self, value):
        return any(v == value for v in self.data)

    def __iadd__(self, other):
        self.data += other
        return self

    def __matmul__(self, other):
        return np.sum(self.data * other.data)


@functools.total_ordering
class Version:
    """Ordered by its number."""

    def __init__(self, number, weight):
        self.number, self.weight = number, weight

    def __eq__(self, other):
        return self.number == other.number

    def __lt__(self, other):
        return self.number < other.number


@supported("`__add__`, `__mul__`, `__neg__`, `__pow__`", lambda: (1.3, 0.1))
def propagated_error(x, e):
    a = Dual(x, e)
    y = a * a * 3.0 + a - Dual(2.0)
    return y.error * y.value


@supported("`__add__`, `__mul__`, `__neg__`, `__pow__`", lambda: (Dual(1.3, 0.1),))
def object_with_operators_as_an_argument(a):
    return (-(a**3)).error * abs(a).value


@supported("`__radd__`, `__rmul__`", lambda: (1.3, 0.7))
def numbers_on_the_left(x, y):
    z = x + y * Dual(x, 1.0)
    return z.value * z.error


@supported("`__radd__`, `__rmul__`", lambda: (1.3, 0.7))
def sum_of_objects(x, y):
    total = sum([Dual(x, 0.1), Dual(y, x), Dual(2.0)])
    return total.value * total.error


@supported("`__lt__` and sorting", lambda: (1.3, 0.7))
def objects_are_ordered(x, y):
    a, b = sorted([Dual(x, 1.0), Dual(y, 2.0)])
    low = min(a, b)
    return a.value * b.error + low.value**2


@supported("`__lt__` and sorting", lambda: ([1.3, 0.7, 2.0],))
def total_ordering(weights):
    versions = [Version(n, w) for n, w in zip([3, 1, 2], weights)]
    newest, oldest = max(versions), min(versions)
    return newest.weight * oldest.weight if newest >= oldest else 0.0


@supported("`__getitem__` and `__setitem__`", lambda: (1.3, 0.7))
def index_from_minus_one(x, y):
    f = Field([0.0, x, y])
    f[-1] = f[0] * f[1]
    f[1] += x
    del f[0]
    return f[-1] * f[1] + f[0] + len(f)


@supported("`__getitem__` and `__setitem__`", lambda: (Field(np.array([0.5, -1.2, 2.0])), 0.7))
def written_in_an_argument(f, x):
    f[0] *= x
    f[-1] = f[0] * f[1]
    return f.data


@supported("`__iadd__`", lambda: (np.array([0.5, -1.2, 2.0]), 0.7))
def in_place_operator(a, x):
    f = Field(a * 1.0)
    g = f
    f += x
    f += g.data
    return g @ f


@supported("`__iadd__`", lambda: (1.3, 0.7))
def in_place_operator_that_makes_a_new_one(x, y):
    a = Dual(x)
    b = a
    a += y
    a *= a
    return a.value * b.value


@supported("`__contains__`, `__len__`, `__float__`", lambda: (1.3, 0.7))
def tests_on_objects(x, y):
    f = Field([x, y, 2.0])
    if 2.0 in f and f and len(f) == 3:
        return float(Dual(x * f[0])) * y
    return y


@supported("operators as functions of objects", lambda: (1.3, 0.7))
def reduced_with_operators(x, y):
    import operator
    total = functools.reduce(operator.mul, [Dual(x, 1.0), Dual(y, 0.5), Dual(x * y)])
    return total.error + operator.add(total, 1.0).value
