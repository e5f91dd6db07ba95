"""Objects: fields that are read and written."""

import types
from dataclasses import dataclass

import numpy as np

from tests.language.table import refused, supported


class Body:
    """A point mass."""

    gravity = 9.81
    count = 0

    def __init__(self, mass, velocity, name="body"):
        self.mass = mass
        self.velocity = velocity
        self.name = name


class Cell:
    """A value with a history."""

    __slots__ = ("value", "history")

    def __init__(self, value):
        self.value = value
        self.history = []


class Grid:
    """An array with its spacing, and a neighbour."""

    def __init__(self, u, h):
        self.u = u
        self.h = h
        self.next = None


@dataclass
class Square:
    """The example of Swift's tests."""

    x: float

    def square(self):
        self.x = self.x * self.x


@supported("object as an argument", lambda: (Body(1.3, np.array([0.5, 2.0])),))
def kinetic_energy(b):
    return 0.5 * b.mass * np.sum(b.velocity**2)


@supported("object as an argument", lambda: (Body(1.3, 0.5), [Body(0.7, 2.0), Body(0.2, -1.0)]))
def momentum_of_a_list_of_objects(first, others):
    total = first.mass * first.velocity
    for b in others:
        total += b.mass * b.velocity * first.mass
    return total


@supported("object as an argument", lambda: ({"a": Body(1.3, 0.5), "b": Body(0.7, 2.0)}, 0.4))
def objects_in_a_dict(bodies, x):
    a, b = bodies["a"], bodies["b"]
    return a.mass * b.mass / (x * x + (a.velocity - b.velocity) ** 2)


@supported("field assignment", lambda: (1.3, 0.7))
def constructed_and_changed(x, y):
    b = Body(x, y)
    b.velocity = b.velocity + b.mass * 0.1
    b.mass = 2.0 * b.mass
    return b.mass * b.velocity**2


@supported("field assignment", lambda: (Body(1.3, 0.7), 0.4))
def argument_is_changed(b, x):
    old = b.mass
    b.mass = x * old
    b.energy = 0.5 * b.mass * b.velocity**2
    return b.energy + old


@supported("method that writes a field", lambda: (1.3,))
def squared_by_a_method(x):
    c = Square(x)
    c.square()
    return c.x


@supported("`o.f op= v`", lambda: (Body(1.3, 0.7), 3))
def leapfrog(b, n):
    position = 0.0
    for _ in range(n):
        b.velocity -= 0.1 * position
        position += b.velocity / b.mass
        b.mass *= 1.1
    return position


@supported("`o.f op= v`", lambda: (Body(1.3, np.array([0.5, 2.0])), 0.3))
def array_field_is_changed_in_place(b, x):
    v = b.velocity
    b.velocity *= x
    b.velocity = b.velocity + 1.0
    b.velocity -= v
    return np.sum(v * b.velocity) * b.mass


@supported("element of a field", lambda: (Grid(np.array([1.0, 2.0, 0.5]), 0.1), 1.3))
def element_of_an_array_field(g, x):
    g.u[0] = x
    g.u[1:] += g.h * g.u[:-1]
    return np.sum(g.u**2)


@supported("element of a field", lambda: (1.3,))
def list_in_a_field(x):
    c = Cell(x)
    for k in range(3):
        c.history.append(c.value)
        c.value = c.value * x + k
    return sum(c.history) * c.history[1]


@supported("`__slots__`", lambda: (Cell(1.3), 0.7))
def slots_are_written(c, x):
    c.value *= x
    c.history += [c.value, x]
    return c.value * c.history[0] * c.history[1]


@supported("class attribute", lambda: (Body(1.3, 0.7),))
def class_attribute_is_read(b):
    return b.mass * b.gravity + Body.gravity * b.velocity**2


@supported("class attribute", lambda: (Body(1.3, 0.7), 0.5))
def class_attribute_is_hidden_by_a_field(b, x):
    before = b.gravity * x
    b.gravity = x * x
    b.count += 1
    return before + b.gravity * b.mass * b.count


@supported("objects that hold objects", lambda: (1.3, 0.7))
def linked_grids(x, y):
    first = Grid(np.array([x, y]), 0.1)
    first.next = Grid(first.u * x, y)
    first.next.next = first
    first.next.u[0] += first.next.next.u[1]
    first.next.h *= x
    return np.sum(first.next.u) * first.next.h


@supported("objects that hold objects", lambda: (1.3, 4))
def linked_list(x, n):
    head = None
    for k in range(n):
        node = Grid(x + k, 0.5)
        node.next = head
        head = node
    total = 0.0
    while head is not None:
        total = total * 0.5 + head.u**2
        head = head.next
    return total


@supported("two names for an object", lambda: (1.3, 0.7))
def second_name_for_an_object(x, y):
    a = Body(x, y)
    b = a
    pair = [a, b]
    pair[1].mass = x * y
    b.velocity = a.mass * 2.0
    return pair[0].velocity * a.mass


@supported("two names for an object", lambda: (Body(1.3, 0.7), Body(0.2, 2.0), 0.4))
def one_of_two_objects(a, b, x):
    c = a if x > 0 else b
    c.mass += x
    d = min([a, b], key=lambda body: body.velocity)
    d.mass *= a.mass
    return a.mass + b.mass**2


@supported("`getattr`, `setattr`, `vars`", lambda: (Body(1.3, 0.7), 0.4))
def fields_by_name(b, x):
    for field in ("mass", "velocity"):
        setattr(b, field, getattr(b, field) * x + 1.0)
    return getattr(b, "mass") * b.velocity * getattr(b, "charge", x)


@supported("`getattr`, `setattr`, `vars`", lambda: (Body(1.3, 0.7),))
def all_fields_are_read(b):
    fields = vars(b)
    return fields["mass"] * b.__dict__["velocity"] * len(fields)


@supported("deleted field", lambda: (Body(1.3, 0.7), 0.4))
def field_is_deleted(b, x):
    kept = b.velocity * x
    del b.velocity
    return kept * b.mass if not hasattr(b, "velocity") else 0.0


@supported("`types.SimpleNamespace`", lambda: (types.SimpleNamespace(a=1.3, b=np.ones(2)), 0.7))
def namespace(p, x):
    s = types.SimpleNamespace(c=x * p.a)
    s.c += p.a
    p.b[0] = s.c
    return np.sum(p.b) * s.c


@supported("fields written through `__dict__`", lambda: (1.3, 0.7))
def dict_of_an_object(x, y):
    b = Body(x, y)
    vars(b)["mass"] = y * y
    return b.mass * x


@refused("a class attribute that is written", lambda: (1.3,), "UnsupportedError",
         r"class|write", "a class is shared by the whole program, as a global is")
def class_attribute_is_written(x):
    Body.gravity = x  # here
    y = Body(1.0, 2.0).gravity * x
    Body.gravity = 9.81
    return y
