"""Methods of all kinds, properties, calls of objects, and constructors."""

import functools

import numpy as np

from tests.language.table import supported


class Counter:
    """A running mean that counts its calls."""

    def __init__(self, start=0.0):
        self.total = start
        self.n = 0

    def add(self, x):
        self.total += x
        self.n += 1
        return self

    def mean(self):
        return self.total / self.n

    @staticmethod
    def clip(x, low=0.0):
        return x if x > low else low * x

    @classmethod
    def of(cls, *values):
        made = cls(values[0])
        made.n = 1
        for v in values[1:]:
            made.add(v)
        return made


class Dense:
    """A layer that remembers what it was given."""

    def __init__(self, w, b):
        self.w, self.b = w, b
        self.seen = None

    def __call__(self, x):
        self.seen = x
        return np.tanh(x @ self.w + self.b)


class Circle:
    """Radius and area, each following the other."""

    def __init__(self, r):
        self._r = r

    @property
    def r(self):
        return self._r

    @r.setter
    def r(self, value):
        if value <= 0:
            raise ValueError("r must be positive")
        self._r = value

    @property
    def area(self):
        return np.pi * self.r**2

    @functools.cached_property
    def diameter(self):
        return 2.0 * self.r


class Kalman:
    """A scalar filter, written as people write it."""

    def __init__(self, x, p, q=0.1):
        self.x, self.p, self.q = x, p, q

    def predict(self, u=0.0):
        self.x = self.x + u
        self.p = self.p + self.q

    def update(self, z, r):
        y = z - self.x
        k = self.p / (self.p + r)
        self.x = self.x + k * y
        self.p = (1.0 - k) * self.p
        self.gain = k


class Stack:
    """A container of its own."""

    def __init__(self):
        self._items = []

    def push(self, x):
        self._items.append(x)

    def pop(self):
        return self._items.pop()

    def __len__(self):
        return len(self._items)

    def __bool__(self):
        return bool(self._items)

    def _private(self):
        return self.__hidden() * 2.0

    def __hidden(self):
        return self._items[-1]


def layers():
    return [Dense(np.array([[0.5, -1.0], [0.3, 0.8]]), np.array([0.1, 0.2])),
            Dense(np.array([[1.0, 0.4], [-0.6, 0.9]]), np.array([0.0, -0.3]))]


@supported("method that reads", lambda: (Circle(1.3), 0.7))
def method_that_reads(c, x):
    return c.area * x + c.r


@supported("method that writes", lambda: ([1.3, 0.7, 2.0],))
def running_mean(values):
    c = Counter()
    for v in values:
        c.add(v * v)
    return c.mean() * c.total


@supported("method that writes", lambda: (Counter(1.3), 0.7))
def chained_calls(c, x):
    return c.add(x).add(x * x).mean() + c.total * c.n


@supported("method that writes", lambda: (Kalman(0.5, 1.3), [1.0, 1.4, 0.8], 0.7))
def kalman_filter(f, measurements, r):
    for z in measurements:
        f.predict()
        f.update(z, r)
    return f.x * f.gain + f.p


@supported("method that writes", lambda: (1.3, 0.7))
def own_stack(x, y):
    s = Stack()
    s.push(x)
    s.push(y)
    s.push(s.pop() * x)
    z = s._private()
    while s:
        z += s.pop() * (len(s) + 1.0)
    return z


@supported("property", lambda: (Circle(1.3), 0.7))
def property_is_set(c, x):
    before = c.area
    c.r = x * c.r
    c.r += 1.0
    return c.area + before


@supported("property", lambda: (1.3,))
def cached_property_is_computed_once(x):
    c = Circle(x)
    d = c.diameter
    c.r = 3.0 * x
    return c.diameter * d * c.r


@supported("`__call__`", lambda: (layers(), np.array([0.4, -1.1])))
def network(layers, x):
    for layer in layers:
        x = layer(x)
    return np.sum(x * layers[1].seen)


@supported("`__call__`", lambda: (1.3,))
def object_as_a_function(x):
    class Scale:
        def __init__(self, k):
            self.k = k

        def __call__(self, v):
            self.k += 1.0
            return self.k * v

    scale = Scale(x)
    return scale(x) * scale(2.0) + scale.k


@supported("static and class methods", lambda: (1.3, 0.7))
def constructed_by_a_class_method(x, y):
    c = Counter.of(x, y, x * y)
    return c.mean() * Counter.clip(y - x, 0.1) + c.clip(x)


@supported("bound method as a value", lambda: ([1.3, 0.7, 2.0],))
def bound_method_in_a_variable(values):
    c = Counter()
    add = c.add
    for v in values:
        add(v)
    mean = c.mean
    c.total *= 2.0
    return mean() * values[0]


@supported("bound method as a value", lambda: (1.3, [0.7, 2.0]))
def unbound_method(x, values):
    c = Counter(x)
    for v in values:
        Counter.add(c, v * x)
    return Counter.mean(c) * x


@supported("bound method as a value", lambda: (np.array([0.5, -1.2]), 1.3))
def methods_of_arrays_as_values(a, x):
    b = a * x
    total, dot = b.sum, b.dot
    b[0] = x
    return total() * dot(a)


@supported("method that calls itself", lambda: (1.3, 5))
def recursive_method(x, n):
    class Polynomial:
        def __init__(self, x):
            self.x = x
            self.calls = 0

        def chebyshev(self, n):
            self.calls += 1
            if n < 2:
                return self.x if n else 1.0
            return 2.0 * self.x * self.chebyshev(n - 1) - self.chebyshev(n - 2)

    p = Polynomial(x)
    return p.chebyshev(n) * p.calls


@supported("class defined inside", lambda: (1.3, 0.7))
def local_class_captures(x, y):
    class Spring:
        def force(self, d):
            return -x * d

    s = Spring()
    return s.force(y) * s.force(2.0)


@supported("objects of one class in a loop", lambda: (1.3, 3))
def objects_made_in_a_loop(x, n):
    circles = []
    for k in range(n):
        c = Circle(x + k)
        c.r = c.r * x
        circles.append(c)
    return sum(c.area for c in circles) / circles[0].r


@supported("method given a callback", lambda: (1.3, 0.7))
def method_with_a_callback(x, y):
    c = Counter(x)

    def observe(v):
        c.add(v * y)
        return c.total

    return sum(map(observe, [1.0, 2.0])) * c.mean()
