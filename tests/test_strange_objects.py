"""Objects that raise when they are looked at, or say something odd, beside what is active."""

import types
import weakref

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check


class Missing:
    """What a library has in the place of a package that is not installed."""

    def __getattribute__(self, name):
        if name == "__class__":
            return super().__getattribute__(name)
        raise ModuleNotFoundError("No module named 'embree'")


class Library:
    """Its fields are no dict, as those of a library that was loaded."""

    __dict__ = types.SimpleNamespace(loaded=True)  # type: ignore[assignment]


class Holder:
    def __init__(self, held):
        self.held = held


KEPT = Holder(1.0)


class installed:
    ray = Missing()


def test_a_name_that_raises_when_it_is_looked_at_is_no_hindrance():
    def volume(x):
        engine = installed.ray
        return x ** 3 if engine is not None else x

    check(volume, 0.7)


def test_objects_without_a_dict_of_fields_are_passed_by():
    def scaled(holder, x):
        return x * x if holder.held is not None else x

    for held in (Missing(), Library(), weakref.proxy(KEPT)):
        value, pullback = sd.vjp(lambda x, holder=Holder(held): scaled(holder, x), 0.7)
        assert (value, pullback(1.0)) == (0.7 * 0.7, 1.4)


class Regression:
    """Attributes whose names without their underscores are keywords, or no names."""

    def __init__(self, x):
        self._lambda = 1.0 - x ** 2
        self._2x = 2.0 * x * self._lambda
        self._class_ = self._2x * self._lambda


def test_temporaries_of_attributes_have_names_that_are_names():
    def f(x):
        made = Regression(x)
        return made._lambda * made._2x + made._class_

    check(f, 0.7)


def test_the_real_part_of_an_int_is_read_where_code_writes():
    def f(x, n):
        kept = []
        kept.append(x * n.real)
        return kept[0] * np.sum(kept)

    value, pullback = sd.vjp(f, 0.7, 3)
    assert (value, pullback(1.0)[0]) == pytest.approx((2.1 ** 2, 2 * 2.1 * 3))


class Scaled:
    """It is called, has no hash, and compares itself with its like alone."""

    def __init__(self, by):
        self.by = by

    def __eq__(self, other):
        return self.by == other.by

    def __call__(self, t, more=()):
        return self.by * t * t + sum(more)


class Agreeing(Scaled):
    """It has a hash, and says that it is equal to everything."""

    __hash__ = object.__hash__

    def __eq__(self, other):
        return True


def chosen_of_a_list(x, y, cls):
    scaled = [cls(x), cls(y)]
    for each in scaled:
        y = each(y) + each(x, [x, y])
    return y * scaled[0](y) if scaled[0] == scaled[-1] else y * scaled[1](x)


@pytest.mark.parametrize("cls", [Scaled, Agreeing])
@pytest.mark.parametrize("mode", ["rev", "fwd"])
def test_nothing_compares_an_object_that_is_called_with_functions(mode, cls):
    sd.check_grads(lambda x, y: chosen_of_a_list(x, y, cls), (0.6, 0.4), order=2, modes=(mode,))


class Fallback:
    """Whatever it has not is its rate."""

    limit = None

    def __init__(self, rate):
        self.rate = rate

    def __getattr__(self, name):
        return self.rate


FALLBACK = Fallback(3.0)


def limited(x):
    return np.sum(x * FALLBACK.slope) * (1.0 if FALLBACK.limit is None else x[0])


def found_limited(x, fallback):
    there = object.__getattribute__(fallback, "limit")
    return np.sum(x * fallback.rate) * (1.0 if there is None else x[0])


@pytest.mark.parametrize("f", [limited, lambda x: found_limited(x, FALLBACK)])
def test_what_is_none_in_the_class_is_not_asked_for(f):
    x = np.array([2.0, 5.0])
    value, gradient = sd.value_and_grad(f)(x)
    assert value == f(x) == 21.0
    assert gradient.tolist() == [3.0, 3.0]
    assert sd.jvp(f, (x,), (np.ones(2),)) == (21.0, 6.0)


class Named(type):
    """It compares its classes with anything, and they have no hash."""

    def __eq__(cls, other):
        return True


class Mass(metaclass=Named):
    def __init__(self, size):
        self.size = size


def made(x):
    return Mass(x * x).size


@pytest.mark.parametrize("derivative", [
    lambda: sd.grad(made)(0.7), lambda: sd.hessian(made)(0.7),
    lambda: sd.jvp(made, (0.7,), (1.0,)),
    lambda: sd.grad(lambda masses: masses[0].size)([Mass(0.7)])])
def test_a_class_without_a_hash_is_refused(derivative):
    with pytest.raises(sd.UnsupportedError, match="Mass has no hash(?s:.*)Instead, write"):
        derivative()
