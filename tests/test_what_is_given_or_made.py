"""`x if isinstance(x, Base) else Made(x)`: what is given stays what it is."""

import pytest

import s2sdiff as sd


class Base:
    pass


class Made(Base):
    def __init__(self, held):
        self.held = held

    def value(self):
        return self.held.size * 2.0


class Plain:
    def __init__(self, size):
        self.size = size


class Other(Base):
    """It has a field of the name that the other class has."""

    def __init__(self, size):
        self.size = size
        self.held = Plain(size * 7.0)

    def value(self):
        return self.size * self.size * 5.0


def value_of(thing):
    return thing.value() if isinstance(thing, Base) else 3.0


def settled(thing):
    return value_of(thing if isinstance(thing, Base) else Made(thing))


CLASSES = [Plain, Other]


def by_display(x, i):
    return settled([Plain, Other][i](x * x))


def by_a_list(x, i):
    return settled(CLASSES[i](x * x))


def by_branches(x, i):
    return settled(Plain(x * x) if i == 0 else Other(x * x))


@pytest.mark.parametrize("f", [by_display, by_a_list, by_branches], ids=lambda f: f.__name__)
@pytest.mark.parametrize("i", [0, 1])
def test_each_is_asked_what_it_is(f, i):
    slope = (f(1.5 + 1e-6, i) - f(1.5 - 1e-6, i)) / 2e-6
    value, pullback = sd.vjp(lambda x: f(x, i), 1.5)
    assert (value, pullback(1.0)) == pytest.approx((f(1.5, i), slope))
    assert sd.jvp(lambda x: f(x, i), (1.5,), (1.0,)) == pytest.approx((f(1.5, i), slope))


@pytest.mark.parametrize("thing", [Plain(1.5), Other(1.5), Made(Plain(1.5))])
def test_an_object_that_is_given_is_asked_what_it_is(thing):
    assert sd.vjp(settled, thing)[0] == settled(thing)
