"""Classes of users that are dicts, lists and tuples."""

from collections import OrderedDict, UserDict, deque
from typing import NamedTuple

import numpy as np

from tests.language.table import refused, supported

V = np.array([0.5, -1.2, 2.0])


class Bunch(dict):
    """Items that are attributes, by the methods of dict themselves."""

    __getattr__ = dict.__getitem__
    __setattr__ = dict.__setitem__
    __delattr__ = dict.__delitem__


class Shared(dict):
    """Items that are attributes, as both are in one dict."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.__dict__ = self


class Falling(dict):
    """Attributes that fall back on items."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(name) from error

    def __setattr__(self, name, value):
        self[name] = value


class Scaled(dict):
    """What is read is twice what is stored."""

    def __getitem__(self, key):
        return super().__getitem__(key) * 2.0


class History(list):
    """A list with a constructor and an attribute of its own."""

    def __init__(self, first, count):
        super().__init__([first] * count)
        self.first = first

    def add(self, x):
        self.append(x * self.first)


class Point(tuple):
    def __getitem__(self, index):
        return tuple.__getitem__(self, index) * 2.0


@supported("dict with its items as attributes", lambda: (0.7,))
def items_by_methods_of_dict(x):
    state = Bunch(a=x, b=2.0)
    state.c = state.a * 3.0
    state["a"] *= state.b
    del state.b
    state.b = state.a * state["c"]
    return state.b * state["b"] + state.a


@supported("dict with its items as attributes", lambda: (0.7,))
def items_in_the_objects_own_dict(x):
    state = Shared(a=x, b=2.0)
    state.c = state.a * 3.0
    return state["c"] * state.a + state["b"] * x


@supported("dict with its items as attributes", lambda: (0.7,))
def items_behind_attributes(x):
    state = Falling({"a": x})
    state.b = state.a * x
    return state["b"] * state.a


@supported("dict with its items as attributes", lambda: (0.7, V.copy()))
def several_of_them_in_a_loop(x, v):
    states = []
    for k in range(3):
        state = Bunch(weight=x * v[k], step=k)
        state.weight = state.weight * state["weight"]
        states.append(state)
    return states[2].weight * v + states[1]["weight"]


@supported("class below dict that changes what is read", lambda: (0.7,))
def items_read_twice_as_large(x):
    scaled = Scaled(a=x)
    scaled["b"] = scaled["a"] * x
    return scaled["b"] + dict.__getitem__(scaled, "a")


@supported("class below list", lambda: (0.7,))
def list_with_a_constructor_of_its_own(x):
    history = History(x, 2)
    history.add(x)
    history[0] = history[1] * 2.0
    return sum(history) * history.first


@supported("class below list", lambda: (0.7, [1.3, -0.4]))
def list_made_of_a_list(x, rows):
    class Rows(list):
        pass

    first = Rows(rows)
    second = Rows(first)
    second[0] = x * first[1]
    second.append(first[0])
    return second[0] * second[2] + first[0]


@supported("class below tuple", lambda: ((1.3, 0.4), 0.7))
def tuple_with_indices_of_its_own(pair, x):
    point = Point(pair)
    return point[0] * point[1] * x


@supported("class below OrderedDict", lambda: (0.7,))
def ordered_dict_of_a_user(x):
    class Layers(OrderedDict):
        def first(self):
            return next(iter(self.values()))

    layers = Layers()
    layers["a"] = x
    layers["b"] = x * x
    layers.move_to_end("a")
    return layers.first() * layers["a"]


@supported("UserDict", lambda: (0.7,))
def user_dict(x):
    class Config(UserDict):
        pass

    config = Config({"a": x})
    config["b"] = config["a"] * 2.0
    return config["b"] * config.data["a"]


class Vector(tuple):
    """A tuple with arithmetic."""

    def __add__(self, other):
        return Vector(a + b for a, b in zip(self, other))

    def __mul__(self, factor):
        return Vector([a * factor for a in self])

    __rmul__ = __mul__

    def __matmul__(self, other):
        return sum(a * b for a, b in zip(self, other))

    def norm(self):
        return (self @ self) ** 0.5

    @property
    def x(self):
        return self[0]


class Pair(NamedTuple):
    x: float
    y: float


class Named(Pair):
    def norm(self):
        return sum(a * a for a in self) ** 0.5


class Longer(list):
    """Its sum is a list of its own class, by the method of list."""

    def __add__(self, other):
        return Longer(super().__add__(other))

    def doubled(self):
        return Longer(super().__mul__(2))


class Reader(dict):
    """Methods that go on from those of dict."""

    def get(self, key, default=None):
        return super().get(key, default) * 2.0

    def values(self):
        return [value * 3.0 for value in super().values()]

    def __setitem__(self, key, value):
        super().__setitem__(key, value * 4.0)


@supported("class below tuple", lambda: (0.7,))
def tuple_with_arithmetic(x):
    first = Vector((x, 2.0))
    second = first * x + 2.0 * first
    return (second @ first) * second.norm() + second.x


@supported("class below a named tuple", lambda: (Named(0.7, 2.0), 1.3))
def named_tuple_that_is_walked_over(pair, x):
    own = Named(x, pair.y)
    first, *rest = own
    return pair.norm() * sum(own) + max(pair) * first * rest[0]


@supported("class below list", lambda: (0.7,))
def list_joined_by_its_class(x):
    joined = Longer([x, 2.0]) + [x * x]
    joined.insert(0, x)
    twice = joined.doubled()
    return sum(twice) * twice[3] + sum(joined + joined)


@supported("class below dict that changes what is read", lambda: (0.7,))
def dict_whose_methods_go_on(x):
    reader = Reader(a=x, b=x * x)
    reader["c"] = x
    plain = reader.copy()
    return reader.get("a") * sum(reader.values()) + plain["c"]


class Window(deque):
    def push(self, x):
        self.append(0.5 * x + self[0])


class Last(deque):
    def __init__(self, x):
        super().__init__([x, 2.0 * x, x * x], maxlen=2)


@supported("class below deque", lambda: (0.7, 1.3))
def deques_of_a_class(x, y):
    window = Window([x, y, x * y], maxlen=2)
    window.push(x)
    other = Window((y * k for k in range(3)), 4)
    other.push(y)
    last = Last(x)
    last.append(y)
    return window[0] * window[1] + sum(other) * last[0] * last[1] * last.maxlen


class Odd(list):
    def __iter__(self):
        return iter([2.0 * list.__getitem__(self, 0)])


@refused("class of containers that is walked over in a way of its own", lambda: ([0.7],),
         "UnsupportedError", r"says itself what walking over it gives",
         "what holds its numbers, and what walking over it gives, are two things")
def list_that_walks_otherwise(items):
    return sum(Odd(items))  # here
