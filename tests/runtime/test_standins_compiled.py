"""Functions that Numba or Bottleneck has compiled, by objects that look as theirs do."""

import numpy as np
import pytest
from scipy.optimize import brentq

import s2sdiff as sd


def as_of_numba(cls):
    cls.__module__ = "numba.core.registry"
    return cls


@as_of_numba
class Dispatcher:
    def __init__(self, function):
        self.py_func = function

    def __call__(self, *args):
        found = self.py_func(*args)
        return float(found) if isinstance(found, np.generic) else found


@as_of_numba
class Elementwise:
    types = ("dd->d",)

    def __init__(self, function):
        self._dispatcher = Dispatcher(function)

    def __call__(self, *args):
        return np.vectorize(self._dispatcher.py_func, otypes="d")(*args)[()]


@as_of_numba
class OverAxes:
    gufunc_builder = object()

    def __call__(self, x):
        return x


@Dispatcher
def squares(x, out):
    for i in range(len(x)):
        out[i] = x[i] ** 2 * out[i]


slope = Dispatcher(lambda x: np.sin(x) * x)
either = Elementwise(lambda x, y: x * y if x > 0.1 else y * y)


def test_a_compiled_function_is_the_one_that_it_was_made_of():
    assert sd.grad(lambda x: slope(x) * x)(0.7) == pytest.approx(
        2 * 0.7 * np.sin(0.7) + 0.49 * np.cos(0.7))
    assert type(sd.vjp(lambda x: slope(x), 0.7)[0]) is float


def test_a_solver_may_call_what_only_computes():
    def root(p):
        return brentq(lambda x: slope(x) + either(x, 2.0) - p, 0.2, 1.5)

    h = 1e-6
    expected = (root(1.3 + h) - root(1.3 - h)) / (2 * h)
    assert sd.grad(root)(1.3) == pytest.approx(expected, rel=1e-6)
    assert sd.jvp(root, (1.3,), (1.0,))[1] == pytest.approx(expected, rel=1e-6)


def test_a_solver_may_not_call_what_writes():
    seen = np.zeros(1)

    def root(p):
        def asked(x):
            squares(np.array([x]), seen)
            return slope(x) - p

        return brentq(asked, 0.2, 1.5)

    with pytest.raises(sd.DifferentiationError, match=r"(?s)may write what others see.*Instead, "):
        sd.grad(root)(0.4)


def test_a_compiled_kernel_writes_into_its_argument():
    def f(x):
        out = 1.5 * x
        squares(x, out)
        return out

    sd.check_grads(f, (np.array([0.3, -0.4, 0.7]),))


def test_a_compiled_ufunc_is_applied_to_each_element():
    sd.check_grads(lambda x: either(x, 3.0 * x), (np.array([0.3, -0.4, 0.7]),))
    value, pullback = sd.vjp(lambda x: either(x, 3.0), 0.7)
    assert type(value) is np.float64
    assert pullback(1.0) == 3.0
    with pytest.raises(sd.UnsupportedError, match="keyword arguments.*Instead, give it"):
        sd.grad(lambda x: either(x, 3.0, dtype=float))(0.7)


def test_a_compiled_function_over_axes_is_refused():
    over_axes = OverAxes()
    with pytest.raises(sd.UnsupportedError, match="over the last axes.*Instead, call the Python"):
        sd.grad(lambda x: np.sum(over_axes(x)))(np.ones(3))


def nanstd(a, axis=None, ddof=0):
    found = np.nanstd(a, axis=axis, ddof=ddof)
    return float(found) if axis is None else found


nanstd.__module__ = "bottleneck.reduce"


def test_a_reduction_of_bottleneck_is_that_of_numpy():
    a = np.array([[0.3, 0.5, 0.7], [1.2, 0.4, -0.8]])
    for options in ({}, {"ddof": 1}, {"axis": 1}):
        sd.check_grads(lambda x, options=options: nanstd(x, **options), (a,))
    assert type(sd.vjp(nanstd, a)[0]) is float
    with_nan = np.array([0.3, np.nan, 0.7])
    assert sd.grad(nanstd)(with_nan)[1] == 0.0
