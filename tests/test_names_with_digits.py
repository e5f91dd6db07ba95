"""Names of options that have a digit in them, beside text that may be made of active values."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes


class Model:
    shapes = "s, t"


MODEL = Model()


def taken(options, names):
    found = [options.pop(name) for name in names if name in options]
    return found[0] if found else None


def settled(data, options):
    shape = MODEL.shapes[0]
    value = taken(options, ["f0", "f" + shape, "fix_" + shape])
    if value is not None:
        options["f0"] = value
    return data, options.get("f0", 2.0)


def test_names_that_stand_in_the_code_are_no_text_of_numbers():
    def f(x):
        data, held = settled(np.array([1.0, x]), {"fs": 3.0})
        return np.sum(data**2) * held

    check_both_modes(f)


def test_text_that_is_made_of_numbers_is_refused_beside_them():
    def f(x):
        value = taken({"fs": 3.0}, ["f0", "f" + MODEL.shapes[0], f"x{x:.0f}"])
        return x * x * value

    with pytest.raises(sd.DifferentiationError, match="text that was made of an active value"):
        sd.grad(f)(0.7)


class Parameter:
    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, held, cls=None):
        return self if held is None else held.__dict__[self.name]

    def __set__(self, held, value):
        held.__dict__[self.name] = value


class Universe:
    h0 = Parameter()
    om0 = Parameter()

    def __init__(self, h0, om0):
        self.h0, self.om0 = h0, om0

    def rate(self, z):
        return self.h0 * np.sqrt(self.om0 * (1.0 + z) ** 3 + 1.0 - self.om0)


UNIVERSE = Universe(70.0, 0.3)


def test_fields_that_are_kept_under_names_are_no_caches():
    check_both_modes(lambda z: UNIVERSE.rate(z) * z)
    check_both_modes(lambda z: Universe(70.0 * z, 0.3).rate(z))
