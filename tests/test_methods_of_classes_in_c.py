"""Methods that Python gives the class, called on an object: `d.fromkeys(...)`."""

from collections import OrderedDict

import pytest

import s2sdiff as sd

KNOWN = {"b": 1}


def of_an_argument(x, d):
    return d.fromkeys(["p", "q"], x * x)["p"] * x


def of_a_local(x, d):
    made = {}
    return made.fromkeys(["p", "q"], x)["q"] * x * x


def over_the_dict_itself(x, d):
    return sum(d.fromkeys(d, x).values()) * x * x / len(d)


def of_a_global(x, d):
    return KNOWN.fromkeys([1, 2], x)[1] * x * x


def of_a_number(x, d):
    return (1.5).fromhex("0x1p1") * x ** 3 / 2.0


@pytest.mark.parametrize("d", [{"u": 1, "v": 2}, OrderedDict(u=1, v=2)], ids=["dict", "ordered"])
@pytest.mark.parametrize("f", [of_an_argument, of_a_local, over_the_dict_itself, of_a_global,
                               of_a_number])
def test_an_object_s_class_method_is_that_of_its_class(f, d):
    # All of them are x^3.
    assert f(2.0, d) == 8.0
    assert sd.grad(f)(2.0, d) == pytest.approx(12.0)
    assert sd.jvp(f, (2.0, d), (1.0, None))[1] == pytest.approx(12.0)
    _, pullback = sd.vjp(f, 2.0, d)
    assert pullback(1.0) == pullback(1.0)
