"""Example 7: it works everywhere.

Every operator of this tutorial, on every kind of number and array, and on containers, dataclasses
and one's own types of them.  The gradient has the type and the dtype of its value, and its
structure.  (For a complex z and a real loss it is dL/dx - i dL/dy.)
"""

from collections import namedtuple
from dataclasses import dataclass

import numpy as np

import s2sdiff as sd

VALUES = (
    1.5,
    1.5 + 0.5j,
    np.float32(1.5),
    np.float64(1.5),
    np.complex64(1.5 + 0.5j),
    np.array([1.0, 2.0], np.float32),
    np.array([[1.0], [2.0]]),
    np.array([1 + 2j, 3j], np.complex64),
    np.array([1 + 2j, 3j]),
)


def total(z):
    return np.real(np.sum(z))


def cube(x):
    return x * x * x


@sd.derivative(of=cube)
def cube_derivative(x):
    square = x * x
    return square * x, lambda v: v * 3 * square


def square(x):
    return x * x


checkpointed_square = sd.checkpoint(square)

squared_by_pullback = sd.differentiable_function(lambda x: (x * x, lambda v: v * 2 * x))


def with_custom_derivative(x):
    return total(cube(x))


def with_stopped_gradient(x):
    return total(x * sd.stop_gradient(x))


def with_surgery(x):
    return total(square(sd.with_derivative(x, lambda v: v / 2)))


def with_checkpoint(x):
    return total(checkpointed_square(x))


def with_differentiable_function(x):
    return total(squared_by_pullback(x))


OPERATORS = (
    (with_custom_derivative, "3x^2"),
    (with_stopped_gradient, "x"),
    (with_surgery, "x"),
    (with_checkpoint, "2x"),
    (with_differentiable_function, "2x"),
)


# ------------------------------------------------------------------------------- structures


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    name: str = "corner"


Pair = namedtuple("Pair", ["x", "y"])


class Track:
    """A class with a way of its own to keep its numbers."""

    def __init__(self, positions, unit):
        self.positions, self.unit = positions, unit

    def __repr__(self):
        return f"Track({self.positions}, {self.unit!r})"


sd.register_differentiable(Track, lambda track: ((track.positions,), track.unit),
                           lambda unit, children: Track(*children, unit))

STRUCTURES = (
    [3.0, np.float32(4.0)],
    (3.0, 4.0),
    {"x": 3.0, "y": np.float64(4.0), "count": 2},
    Pair(3.0, 4.0),
    Point(3.0, 4.0),
    Track([3.0, 4.0], "m"),
)


def length(value):
    """The square of the length of a vector of whatever type."""
    if isinstance(value, Track):
        x, y = value.positions[0], value.positions[1]
    elif isinstance(value, (Point, Pair)):
        x, y = value.x, value.y
    elif isinstance(value, dict):
        x, y = value["x"], value["y"]
    else:
        x, y = value[0], value[1]
    return x * x + y * y


def long(value):
    return length(value)


@sd.derivative(of=long)
def long_derivative(value):
    return length(value), lambda v: (2 * v * sd.TangentVector(value)).value


def halved(cotangent):
    """A hook is given the cotangent of a structure as such a structure."""
    return (sd.TangentVector(cotangent) / 2).value


checkpointed_length = sd.checkpoint(length)

length_by_pullback = sd.differentiable_function(
    lambda value: (length(value), lambda v: sd.vjp(length, value)[1](v)))


def structure_with_custom_derivative(value):
    return long(value)


def structure_with_stopped_gradient(value):
    return length(value) * length(sd.stop_gradient(value)) / 25


def structure_with_surgery(value):
    return length(sd.with_derivative(value, halved))


def structure_with_checkpoint(value):
    return checkpointed_length(value)


def structure_with_differentiable_function(value):
    return length_by_pullback(value)


ON_STRUCTURES = (
    (structure_with_custom_derivative, "2v"),
    (structure_with_stopped_gradient, "2v"),
    (structure_with_surgery, "v"),
    (structure_with_checkpoint, "2v"),
    (structure_with_differentiable_function, "2v"),
)


def main():
    for x in VALUES:
        print(f"x = {x!r}")
        for operator, formula in OPERATORS:
            print(f"  {operator.__name__} ({formula}):", repr(sd.grad(operator)(x)))
    for value in STRUCTURES:
        print(f"v = {value!r}")
        for operator, formula in ON_STRUCTURES:
            print(f"  {operator.__name__} ({formula}):", repr(sd.grad(operator)(value)))
    point = Point(3.0, 4.0)
    gradient = sd.grad(length)(point)
    print("A step downhill from", point, "leads to", sd.move(
        point, along=-0.25 * sd.TangentVector(gradient)))


if __name__ == "__main__":
    main()
