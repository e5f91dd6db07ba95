"""`derivatives({...})` puts rules in force for one block, in one thread."""

import threading

import numpy as np
import pytest

import s2sdiff as sd


def fresh(body=lambda x: x * x):
    """A new function for each test, so that registrations do not meet."""
    def function(x):
        return body(x)

    return function


def test_scoped_derivatives_hold_inside_the_block_only():
    f = fresh(lambda x: np.sign(x) * x)
    gradient = sd.grad(f)
    assert gradient(2.0) == 1.0
    with sd.derivatives({np.sign: lambda x: (np.sign(x), lambda v: v * 10.0)}):
        assert gradient(2.0) == 21.0
        with sd.derivatives({np.sign: lambda x: (np.sign(x), lambda v: v * 100.0)}):
            assert gradient(2.0) == 201.0
        assert gradient(2.0) == 21.0
    assert gradient(2.0) == 1.0


def test_scoped_derivatives_reach_functions_that_are_called():
    inner = fresh(lambda x: x * x)

    def outer(x):
        return inner(x) + x

    assert sd.grad(outer)(3.0) == 7.0
    with sd.derivatives({inner: lambda x: (x * x, lambda v: v * 30.0)}):
        assert sd.grad(outer)(3.0) == 31.0
        assert sd.vjp(inner, 3.0)[1](1.0) == 30.0
    assert sd.grad(outer)(3.0) == 7.0


def test_the_rules_in_force_are_those_of_the_forward_call():
    f = fresh(lambda x: np.sign(x) * x)
    with sd.derivatives({np.sign: lambda x: (np.sign(x), lambda v: v * 10.0)}):
        _, inside = sd.vjp(f, 2.0)
    _, outside = sd.vjp(f, 2.0)
    assert inside(1.0) == 21.0
    with sd.derivatives({np.sign: lambda x: (np.sign(x), lambda v: v * 10.0)}):
        assert outside(1.0) == 1.0


def test_scoped_derivatives_end_with_an_exception_too():
    f = fresh(lambda x: np.sign(x) * x)
    with pytest.raises(KeyError), sd.derivatives({np.sign: lambda x: (np.sign(x), lambda v: v)}):
        raise KeyError
    assert sd.grad(f)(2.0) == 1.0


def test_scoped_derivatives_belong_to_their_own_thread():
    f = fresh(lambda x: np.sign(x) * x)
    found, entered, leave = {}, threading.Event(), threading.Event()

    def other():
        with sd.derivatives({np.sign: lambda x: (np.sign(x), lambda v: v * 10.0)}):
            entered.set()
            leave.wait(30)
            found["inside"] = sd.grad(f)(2.0)

    thread = threading.Thread(target=other)
    thread.start()
    entered.wait(30)
    found["outside"] = sd.grad(f)(2.0)
    leave.set()
    thread.join()
    assert found == {"inside": 21.0, "outside": 1.0}


def test_a_gradient_compiled_in_one_block_serves_the_next():
    def rule(x):
        return np.sign(x), lambda v: v * 10.0

    f = fresh(lambda x: np.sign(x) * x)
    for _ in range(3):
        with sd.derivatives({np.sign: rule}):
            assert sd.grad(f)(2.0) == 21.0
