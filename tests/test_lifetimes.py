"""What is kept of functions and calls, for how long, and what a warm call does."""

import functools
import gc
import pickle
import sys
import threading
import weakref

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import compiler, dispatch


def square(x):
    return x * x


class Large:
    """Something a lambda captures that would be noticed if it stayed."""

    value = 2.0


@pytest.fixture(scope="module", autouse=True)
def nothing_of_other_tests():
    """What other tests have left is not walked again by each collection here."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def no_collector():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def test_a_lambda_dies_with_its_last_user_and_so_does_what_it_captured(no_collector):
    def once(large):
        f = lambda x: x * x * large.value
        assert sd.grad(f)(3.0) == 12.0
        assert sd.vjp(f, 3.0)[1](1.0) == 12.0
        return weakref.ref(f), weakref.ref(large)

    first = once(Large())
    gc.collect()  # making code leaves cycles behind, as any work on syntax trees does
    assert [r() for r in first] == [None, None]
    for _ in range(3):
        assert [r() for r in once(Large())] == [None, None]


def test_a_gradient_that_is_kept_keeps_its_function(no_collector):
    gradient = sd.grad(lambda x: x * x)
    assert gradient(3.0) == 6.0
    assert gradient.__wrapped__(3.0) == 9.0
    ref = weakref.ref(gradient.__wrapped__)
    del gradient
    gc.collect()
    assert ref() is None


def test_a_pullback_does_not_keep_arrays_that_it_does_not_read(no_collector):
    array = np.ones(3)
    ref = weakref.ref(array)
    _, pullback = sd.vjp(lambda x: np.sum(x), array)
    del array
    assert ref() is None
    np.testing.assert_array_equal(pullback(1.0), np.ones(3))


def test_wrapping_a_function_does_not_hand_on_its_derivatives():
    def original(x):
        return x * x

    assert sd.grad(original)(3.0) == 6.0

    @functools.wraps(original)
    def wrapper(x):
        return 5.0 * x

    assert sd.grad(wrapper)(3.0) == 5.0
    assert sd.grad(original)(3.0) == 6.0


def test_a_copy_of_a_function_with_other_cells_has_its_own_derivatives():
    def make(k):
        return lambda x: x * k

    original, other = make(2.0), make(5.0)
    assert sd.grad(original)(3.0) == 2.0
    vars(other).update(vars(original))
    assert sd.grad(other)(3.0) == 5.0
    assert sd.vjp(other, 3.0)[1](1.0) == 5.0


def test_what_is_kept_with_a_function_can_be_pickled_by_those_who_pickle_its_dict():
    def f(x):
        return x * x

    sd.grad(f)(3.0)
    copied = pickle.loads(pickle.dumps(vars(f)))
    vars(f).update(copied)
    assert sd.grad(f)(3.0) == 6.0


def test_two_threads_compile_a_function_once(monkeypatch):
    made, original = [], compiler.compile_for
    entered = threading.Event()

    def slow(fn, request, arguments):
        made.append(fn)
        entered.wait(0.2)
        return original(fn, request, arguments)

    monkeypatch.setattr(compiler, "compile_for", slow)

    def f(x):
        return np.sin(x) * x * x

    found = []
    threads = [threading.Thread(target=lambda: found.append(sd.grad(f)(1.0))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 4
    assert len(set(found)) == 1
    assert made == [f]


def calls_during(function, *args):
    """The names of the Python functions that run while `function` does."""
    names = []

    def seen(frame, event, argument):
        if event == "call":
            names.append(frame.f_code.co_qualname if hasattr(frame.f_code, "co_qualname")
                         else frame.f_code.co_name)

    # What dies by a collection would tell those who watch it, which are calls, too.
    gc.collect()
    gc.disable()
    sys.setprofile(seen)
    try:
        function(*args)
    finally:
        sys.setprofile(None)
        gc.enable()
    return names


@pytest.mark.parametrize("args", [(1.0, 2.0, 3.0), (np.ones(3), 2.0, np.ones((2, 3)))],
                         ids=["floats", "arrays"])
def test_a_warm_gradient_is_three_python_calls(args):
    def f(x, y, z):
        return np.sum(x * y * z)

    gradient = sd.grad(f, wrt=(0, 1, 2))
    first = gradient(*args)
    # The operator, the check of what it takes for granted, and the generated code with its helpers.
    (state,) = dispatch.record_of(f).states.values()
    direct = calls_during(state.entries[0][1], *args)
    called = calls_during(gradient, *args)
    assert len(called) <= len(direct) + 2, called
    for one, other in zip(gradient(*args), first, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_warm_vjp_of_floats_is_few_python_calls():
    def f(x, y):
        return x * y

    sd.vjp(f, 2.0, 3.0)
    called = calls_during(sd.vjp, f, 2.0, 3.0)
    assert len(called) <= 13, called
    _, pullback = sd.vjp(f, 2.0, 3.0)
    assert len(calls_during(pullback, 1.0)) <= 3
    assert pullback(1.0) == (3.0, 2.0)


def test_derivatives_are_shared_by_a_function_object():
    assert dispatch.derived(square, (0,)) is dispatch.derived(square, (0,))


def test_an_exception_of_python_names_the_users_function_in_pythons_words():
    gradient = sd.grad(square)
    for _ in range(2):
        with pytest.raises(TypeError) as ours:
            gradient()
        with pytest.raises(TypeError) as pythons:
            square(*[])
        assert str(ours.value) == str(pythons.value)
        assert gradient(2.0) == 4.0


@pytest.mark.parametrize("made", [
    lambda: sd.vjp(square, 3.0)[1], lambda: sd.grad(square), lambda: sd.jacfwd(square),
    lambda: sd.linearize(square, 3.0)[1]], ids=["pullback", "grad", "jacfwd", "linearize"])
def test_what_operators_give_goes_with_its_last_user(made, no_collector):
    derivative = made()
    derivative(1.0)
    known = weakref.ref(derivative)
    del derivative
    assert known() is None
