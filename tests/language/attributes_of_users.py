"""Classes that define what their attributes, loops and tests mean, and subclasses of arrays."""

import functools

import numpy as np

from tests.language.table import refused, supported


class Series:
    """Coefficients that are walked over."""

    def __init__(self, *c):
        self.c = list(c)

    def __iter__(self):
        return iter(self.c)

    def __getitem__(self, i):
        return Series(*self.c[i]) if isinstance(i, slice) else self.c[i]

    def __eq__(self, other):
        return self.c == other.c

    def __hash__(self):
        return hash(tuple(self.c))

    def __or__(self, other):
        return Series(*self.c, *other.c)

    def __rtruediv__(self, x):
        return Series(*(x / c for c in self.c))


class Parameters:
    """A table whose entries read like attributes."""

    def __init__(self, **entries):
        object.__setattr__(self, "entries", entries)

    def __getattr__(self, name):
        try:
            return self.entries[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name, value):
        self.entries[name] = value


class Weighing:
    """What it does depends on the type of what it is given."""

    def __init__(self, k):
        self.k = k
        self.seen = []

    @functools.singledispatchmethod
    def weigh(self, value, shift=0.0):
        self.seen.append(value)
        return self.k * value + shift

    @weigh.register
    def _(self, value: list):
        return sum(self.weigh(v, shift=self.k) for v in value)


class Positive:
    """A descriptor that checks what it is given."""

    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, instance, owner=None):
        return self if instance is None else getattr(instance, self.name)

    def __set__(self, instance, value):
        if value <= 0:
            raise ValueError("not positive")
        setattr(instance, self.name, value)


class Gas:
    """Two fields that are checked."""

    p = Positive()
    v = Positive()

    def __init__(self, p, v):
        self.p, self.v = p, v


class Scaled(np.ndarray):
    """An array with a name."""

    def __new__(cls, data, name="a"):
        made = np.asarray(data, dtype=float).view(cls)  # here
        made.name = name
        return made

    def __array_finalize__(self, other):
        self.name = getattr(other, "name", None)


@supported("`__iter__`", lambda: (1.3, 0.7))
def loop_over_an_object(x, y):
    total = 0.0
    for c in Series(x, y, x * y):
        total = total * x + c
    first, *rest = Series(y, x, 2.0)
    return total * first + rest[0]


@supported("`__iter__`", lambda: (1.3, 0.7))
def slices_of_an_object(x, y):
    s = (Series(x, y) | Series(x * y, 2.0))[1:]
    s = x / s
    return s[0] * s[1] * s[-1] if s != Series(y, x * y, 2.0) else x


@supported("`__getattr__` and `__setattr__`", lambda: (1.3, 0.7))
def table_read_as_attributes(x, y):
    p = Parameters(a=x, b=y)
    return p.a * p.b**2 + (0.0 if hasattr(p, "c") else p.a)


@supported("`__getattr__` and `__setattr__`", lambda: (1.3, 0.7))
def table_written_as_attributes(x, y):
    p = Parameters(a=x)
    p.b = p.a * y
    p.a += p.b
    return p.a * p.b


@supported("descriptors", lambda: (1.3, 0.7))
def checked_fields(p, v):
    g = Gas(p, v)
    g.v = g.p * g.v
    g.p *= 2.0
    return g.p * g.v**2


@refused("subclass of ndarray", lambda: (np.array([0.5, -1.2]), 1.3), "DifferentiationError",
         r"view", "a view of another class runs code that NumPy calls where nobody sees it")
def array_with_a_name(a, x):
    s = Scaled(a * x, "s")
    t = s * s
    return float(np.sum(t)) * (2.0 if t.name == "s" else 1.0)


@supported("object in array operations", lambda: (1.3, np.array([0.5, 2.0])))
def array_times_object(x, a):
    class Gain:
        __array_ufunc__ = None

        def __init__(self, k):
            self.k = k

        def __rmul__(self, v):
            return v * self.k

    return a * Gain(x) + a


@supported("`functools.singledispatchmethod`", lambda: (1.3, [0.7, 2.0]))
def dispatched_by_type_of_argument(x, v):
    weighing = Weighing(x)
    weigh = weighing.weigh
    return weighing.weigh([*v, x]) * sum(map(weigh, v)) + sum(weighing.seen)
