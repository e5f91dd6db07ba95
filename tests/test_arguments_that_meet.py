"""Arguments of partials, methods and objects that are one array, or show parts of one.

The bodies are such as are differentiated by place, where one array has one derivative.
"""

import functools

import numpy as np
import pytest

import s2sdiff as sd

LEVELS = [1.0] * 500
Z = np.array([0.5, 1.3])


def weighted(a, b):
    a = a * LEVELS.pop()
    return np.sum(a * b)


def of_items(items):
    a = items[0] * LEVELS.pop()
    return np.sum(a * items[1])


class Model:
    def weighted(self, a, b):
        return weighted(a, b)

    def __call__(self, a, b):
        return weighted(a, b)

    @classmethod
    def of_class(cls, a, b):
        return weighted(a, b)


def starred(*both):
    return weighted(*both)


FUNCTIONS = {
    "a partial": functools.partial(weighted), "a method": Model().weighted, "an object": Model(),
    "a class method": Model.of_class, "a checkpoint": sd.checkpoint(weighted),
    "a star": starred, "a function": weighted,
}
OPERATORS = {
    "vjp": lambda f, a, b: sd.vjp(f, a, b)[1](1.0),
    "grad": lambda f, a, b: sd.grad(f, wrt=(0, 1))(a, b),
    "grad of the second": lambda f, a, b: (None, sd.grad(f, wrt=1)(a, b)),
    "linearize": lambda f, a, b: tuple(
        np.array([df(*(e if i == k else None for i in (0, 1))) for e in np.eye(2)])
        for df in [sd.linearize(f, a, b)[1]] for k in (0, 1)),
    "jvp": lambda f, a, b: tuple(
        np.array([sd.jvp(f, (a, b), tuple(e if i == k else None for i in (0, 1)))[1]
                  for e in np.eye(2)]) for k in (0, 1)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("view", [slice(None), slice(None, None, -1)])
def test_two_arguments_that_are_one_array_have_a_derivative_each(name, operator, view):
    a = Z.copy()
    try:
        found = OPERATORS[operator](FUNCTIONS[name], a, a[view])
    except sd.AliasingError as error:
        assert name in ("a function", "a star") and "Instead, pass a copy" in str(error)
        return
    for bar, right in zip(found, (Z[view], Z), strict=True):
        if bar is not None:
            np.testing.assert_allclose(bar, right)
    np.testing.assert_array_equal(a, Z)


def test_one_list_that_holds_an_array_twice_has_a_derivative_for_each():
    a = Z.copy()
    np.testing.assert_allclose(sd.grad(functools.partial(of_items))([a, a]), [Z, Z])
    np.testing.assert_allclose(sd.vjp(functools.partial(of_items), [a, a])[1](1.0), [Z, Z])
