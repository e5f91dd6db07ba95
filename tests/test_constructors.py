"""Which __init__ runs: that of what __new__ made, and at the end of the line that of object."""

from __future__ import annotations

import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees


class Root:
    def __init__(self):
        super().__init__()


class Shape(Root):
    """It is a Box where it is given two sizes."""

    def __new__(cls, *sizes):
        if cls is Shape and len(sizes) == 2:
            return Box(*sizes)
        return super().__new__(cls)

    def __init__(self, *sizes):
        super().__init__()
        self.sizes = [s * 2.0 for s in sizes]

    def area(self):
        return self.sizes[0]


class Box(Shape):
    def __init__(self, a, b):
        super().__init__()
        self.a = a * b

    def area(self):
        return self.a * self.a


def of_one_size(x, k):
    return Shape(x * k).area()


def of_a_class_below(x, k):
    return Shape(x, k).area()


def written_afterwards(x, k):
    made = {"shape": Shape(x, k), "one": Shape(x)}
    made["shape"].a = made["shape"].a * x
    return made["shape"].area() + made["one"].area()


@pytest.mark.parametrize("function", [of_one_size, of_a_class_below, written_afterwards])
def test_an_object_is_initialised_as_what_it_is(function):
    agrees(function, 1.3, 0.7)


def test_that_of_object_takes_nothing():
    class Wrong:
        def __init__(self, x):
            super().__init__(x)

    with pytest.raises(TypeError, match=r"object\.__init__"):
        sd.vjp(lambda x: Wrong(x), 1.3)
