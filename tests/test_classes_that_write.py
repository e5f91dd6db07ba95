"""Classes that count, and class statements that write what they are given or capture."""

import numpy as np
import pytest

import s2sdiff as sd


class Box:
    def __init__(self, x):
        self.x = x


class Counted:
    made = 0

    def __init__(self, x):
        Counted.made += 1
        self.x = x

    def asked(self):
        type(self).made += 1
        return self.x * 2


def test_a_class_may_count():
    def f(x):
        return Counted(x).asked() * x

    Counted.made = 0
    assert sd.grad(f)(0.61) == pytest.approx(4 * 0.61, rel=1e-9)
    assert Counted.made == 2


def test_an_active_total_in_a_class_is_refused():
    class Total:
        total = 0.0

        def put(self, x):
            type(self).total += x
            return x

    with pytest.raises(sd.UnsupportedError, match="Instead, store it in an object"):
        sd.grad(lambda x: Total().put(x) * x)(0.61)


class Registered:
    def __init_subclass__(cls, box=None):
        box.x = box.x * 2


class Written(type):
    def __new__(cls, name, bases, space, box=None):
        box.x = box.x * 2
        return super().__new__(cls, name, bases, space)


def subclass_given_an_object(x):
    box = Box(x)

    class Sub(Registered, box=box):
        pass

    return box.x * x


def metaclass_given_an_object(x):
    box = Box(x)

    class Sub(metaclass=Written, box=box):
        pass

    return box.x * x


def subclass_that_captures(x):
    a = np.array([x, x])

    class Base:
        def __init_subclass__(cls):
            a[0] = a[0] * 3

    class Sub(Base):
        pass

    return a[0] * x


@pytest.mark.parametrize("f", [subclass_given_an_object, metaclass_given_an_object,
                               subclass_that_captures])
def test_a_class_statement_that_writes_is_refused(f):
    with pytest.raises(sd.UnsupportedError, match="a class statement runs it. Instead, write"):
        sd.grad(f)(0.61)
