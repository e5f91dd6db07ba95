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


class Doubling:
    """It doubles an array's first number when it goes."""

    def __init__(self, a):
        self.a = a

    def __del__(self):
        self.a[0] *= 2.0


class Closing:
    """Of its own, it writes that it was closed."""

    def __init__(self, a):
        self.a, self.is_open = a, True

    def close(self):
        self.is_open = False

    def __del__(self):
        self.close()


def made_and_dropped(x):
    b = x.copy()
    made = Doubling(b)
    del made
    return np.sum(b * b)


def never_named(x):
    b = x.copy()
    Doubling(b)
    return np.sum(b * b)


def _in_a_helper(b):
    made = Doubling(b)
    return len(made.a)


def in_a_helper_called_for_its_number(x):
    b = x.copy()
    n = _in_a_helper(b)
    return np.sum(b * b) * n


@pytest.mark.parametrize("f", [made_and_dropped, never_named, in_a_helper_called_for_its_number])
def test_an_object_that_writes_when_it_goes_is_refused(f):
    x = np.array([1.0, 2.0, 3.0])
    with pytest.raises(sd.UnsupportedError, match=r"Doubling.__del__ writes(.|\n)*Instead, give"):
        sd.vjp(f, x)
    assert x.tolist() == [1.0, 2.0, 3.0]


def test_an_object_that_only_closes_itself_may_go_when_it_likes():
    def f(x):
        b = x.copy()
        made = Closing(b)
        b[0] *= 2
        return np.sum(made.a * b)

    x = np.array([1.0, 2.0, 3.0])
    value, pullback = sd.vjp(f, x)
    assert value == 17.0
    for _ in range(2):
        np.testing.assert_array_equal(pullback(1.0), [8.0, 4.0, 6.0])
