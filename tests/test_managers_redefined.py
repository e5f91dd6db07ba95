"""Context managers that are others, or do something else, after code was made for them."""

import types

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees_now as agrees


class Factor:
    def __init__(self, array=None):
        self.array = array

    def __enter__(self):
        return 2.0

    def __exit__(self, kind, error, trace):
        return False


def product(x):
    with Factor() as factor:
        return x * factor


def around(x):
    return product(x) * 2.0


def of_an_array(x):
    a = x * np.ones(2)
    entered(a)
    before = a[0] * a[1]
    entered(a)
    return before * a[0]


def entered(a):
    with Factor(a):
        pass


def guarded(x):
    y = x
    with Factor():
        y = x * x
        raise_at_once()
    return y * x


def raise_at_once():
    raise ValueError


@pytest.mark.parametrize("f", [product, around])
def test_a_method_that_is_replaced_takes_effect(f, monkeypatch):
    agrees(f, 1.3)
    for factor in (3.0, 5.0):
        monkeypatch.setattr(Factor, "__enter__", lambda self, factor=factor: factor)
        agrees(f, 1.3)


@pytest.mark.parametrize("f", [product, around])
def test_a_class_that_is_defined_anew_takes_effect(f, monkeypatch):
    agrees(f, 1.3)

    class Other(Factor):
        def __enter__(self):
            return 7.0

    monkeypatch.setitem(globals(), "Factor", Other)
    agrees(f, 1.3)


def test_a_class_in_a_module_that_is_defined_anew_takes_effect():
    class Other(Factor):
        def __enter__(self):
            return 7.0

    module = types.ModuleType("module")
    module.Factor = Factor

    def f(x):
        with module.Factor() as factor:
            return x * factor

    agrees(f, 1.3)
    module.Factor = Other
    agrees(f, 1.3)


def test_a_method_that_writes_from_now_on_is_followed(monkeypatch):
    def enter(self):
        self.array[0] *= self.array[1]

    agrees(of_an_array, 1.3)
    monkeypatch.setattr(Factor, "__enter__", enter)
    agrees(of_an_array, 1.3)


def test_a_method_that_ends_exceptions_from_now_on_does_so(monkeypatch):
    with pytest.raises(ValueError):
        sd.grad(guarded)(1.3)
    monkeypatch.setattr(Factor, "__exit__", lambda self, kind, error, trace: kind is ValueError)
    agrees(guarded, 1.3)
