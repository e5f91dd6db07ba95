"""Defaults that a function has from somebody who set them, and not from its text."""

import types

import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes


def by_keyword(x, *, k):
    return x * x * k


by_keyword.__kwdefaults__ = {"k": 3.0}


def by_position(x, k):
    return x * x * k


by_position.__defaults__ = (4.0,)


def more_than_parameters(*args, _k=None, **kwargs):
    return args[0] ** 2


more_than_parameters.__defaults__ = (None, 2.0)


class Made:
    def __new__(cls, x, *, k):
        found = object.__new__(cls)
        found.x = x * x * k
        return found


Made.__new__.__kwdefaults__ = {"k": 3.0}


@pytest.mark.parametrize("f", [
    by_keyword, by_position, lambda x: by_keyword(x) + by_position(x), lambda x: Made(x).x,
    lambda x: more_than_parameters(x) * 2.0])
def test_they_are_those_of_the_derivative(f):
    check_both_modes(f)


def test_functions_of_one_text_have_each_its_own():
    def made(x, k=5.0, *, m=7.0):
        return x * x * k * m

    copies = [types.FunctionType(made.__code__, made.__globals__, "made", defaults)
              for defaults in [(5.0,), (1.0, 2.0), None]]
    for f in copies:
        f.__kwdefaults__ = {"m": 0.5}
    assert sd.grad(copies[0])(0.7) == pytest.approx(2 * 0.7 * 2.5)
    assert sd.grad(copies[1])(0.7) == pytest.approx(2 * 0.7 * 1.0)
    assert sd.grad(copies[2])(0.7, 3.0) == pytest.approx(2 * 0.7 * 1.5)
    with pytest.raises(TypeError, match="missing"):
        sd.grad(copies[2])(0.7)
