"""Derivatives through `try`, `with` and `raise`: what a body did before it raised counts."""

from __future__ import annotations

import contextlib
import warnings

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import DifferentiationError, UnsupportedError
from tests import attempted
from tests.attempted import Failed, Worse, fails
from tests.fuzz import attempts as random_attempts
from tests.transforms.programs import agrees, outcome, raises_alike


class Ends:
    """A manager that ends Failed."""

    def __enter__(self):
        print("enter")
        return 3.0

    def __exit__(self, kind, error, trace):
        print("exit", kind and kind.__name__)
        return kind is not None and issubclass(kind, Failed)


class Times:
    """A manager that ends nothing."""

    def __init__(self):
        self.count = 0

    def __enter__(self):
        self.count += 1
        return self

    def __exit__(self, *raised):
        self.count += 10


def suppressed(x, n):
    y = x
    with contextlib.suppress(Failed):
        y = y * x
        y = fails(y, n)
        y = y * 3.0
    return y


def ended_by_a_manager(x, n):
    y = x
    with Ends() as factor:
        y = y * x * factor
        y = fails(y, n)
    return y + x


def returns_from_a_manager(x, n):
    with Ends():
        return fails(x, n)
    return x * 9.0


def passing_managers(x, n):
    with np.errstate(all="ignore"), Times() as times:
        y = x * x
        print(times.count)
    return y


def exit_stack(x, n):
    with contextlib.ExitStack() as stack:
        stack.enter_context(np.errstate(all="ignore"))
        stack.callback(print, "left")
        y = x * x
    return y


def warnings_are_caught(x, n):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.log(x) * n


FUNCTIONS = [
    *attempted.FUNCTIONS, suppressed, ended_by_a_manager, returns_from_a_manager,
    passing_managers, exit_stack, warnings_are_caught,
]


@pytest.mark.parametrize("n", [0, 1, 2, 4])
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_a_gradient_counts_what_was_done_before_an_exception(function, n):
    raised = outcome(lambda: function(0.7, n))[1]
    if raised is not None:
        assert raises_alike(function, 0.7, n) is raised
        return
    agrees(function, 0.7, n)
    value, pullback = sd.vjp(function, 0.7, n)
    entry = pullback(1.0)[0]
    assert sd.grad(function)(0.7, n) == pytest.approx(entry, rel=1e-12)
    assert [pullback(1.0)[0], pullback(1.0)[0]] == [entry, entry]


@pytest.mark.parametrize("n", [0, 2])
def test_arrays_in_bodies_that_raise(n):
    def f(x, n):
        y = x
        try:
            y = np.sin(y)
            z = y @ y[:n + 3]
            y = y * z
        except ValueError:
            y = y * x * 2.0
        return np.sum(y)

    agrees(f, np.array([0.3, -0.4, 0.9]), n)


def test_an_array_written_in_a_body_keeps_what_was_written_before_it_raised():
    def f(x, n):
        a = np.zeros(3)
        try:
            for i in range(2):
                a[i] = x * x * i
            a[2] = x
            a[n] = x * 3.0
            a[0] = 7.0
        except IndexError:
            a[0] = x * 2.0
        return a[0] * a[1] + a[2]

    agrees(f, 0.7, 1)
    agrees(f, 0.7, 5)


def test_exceptions_come_out_as_they_are():
    def f(x):
        y = x
        try:
            y = x * x
            if y > 0:
                raise Worse("a", 2)
        finally:
            print("finally")
        return y

    with pytest.raises(Worse) as caught:
        sd.grad(f)(2.0)
    assert caught.value.args == ("a", 2)
    assert raises_alike(f, 2.0) is Worse


def test_an_exceptions_name_is_unbound_behind_its_handler():
    def f(x):
        error = x
        try:
            raise Failed
        except Failed as error:
            print(error)
        return error

    assert raises_alike(f, 2.0) is UnboundLocalError


def unsupported(x):
    return float(f"{x}") * 2.0


@pytest.mark.parametrize("caught", [Exception, BaseException, (ValueError, Exception)])
def test_a_handler_does_not_swallow_a_refusal(caught):
    def f(x):
        y = x
        try:
            y = unsupported(x)
        except caught:
            y = 0.0
        finally:
            print("finally")
        return y

    got, raised, printed = outcome(lambda: sd.grad(f)(3.0))
    assert raised is not None and issubclass(raised, DifferentiationError)
    assert printed == "finally\n"


def test_neither_a_bare_except_nor_a_manager_swallows_a_refusal():
    def bare(x):
        try:
            return unsupported(x)
        except:  # noqa: E722
            return 0.0

    def managed(x):
        with contextlib.suppress(Exception):
            return unsupported(x)
        return 0.0

    for f in (bare, managed):
        with pytest.raises(UnsupportedError):
            sd.grad(f)(3.0)


def test_a_value_that_an_exception_carries_is_refused():
    def f(x):
        try:
            raise Failed(x * x)
        except Failed as error:
            return error.args[0]

    with pytest.raises(DifferentiationError, match="Instead,"):
        sd.grad(f)(3.0)


def test_what_nullcontext_holds_comes_out_of_it():
    def f(x):
        with contextlib.nullcontext(x * x) as y:
            return y

    assert sd.grad(f)(3.0) == 6.0


def test_a_loop_that_is_left_in_the_middle_of_a_round():
    def f(x, n):
        total = x
        try:
            for i in range(5):
                total = total * x
                total = total + fails(x, i - n)
        except Failed:
            total = total * 2.0
        return total

    agrees(f, 0.7, 9)
    for n in range(5):
        agrees(f, 0.7, n)


def test_a_handler_sees_what_was_bound_last():
    def f(x, n):
        y = x * x
        try:
            y = y * x
            y = y / n
        except ZeroDivisionError:
            y = y * x
        return y

    assert sd.grad(f)(0.5, 0) == pytest.approx(4 * 0.125)
    assert sd.grad(f)(0.5, 2) == pytest.approx(3 * 0.25 / 2)


@pytest.mark.parametrize("seed", range(40))
def test_random_programs(seed):
    assert not [p for p in random_attempts.check(seed) if not p.startswith("refused")]


def swapped_at_last(x, y):
    try:
        pass
    except AssertionError:
        y = 0.3
    finally:
        x, y = y, x
    return x


def test_what_only_a_handler_binds_was_there_before():
    assert sd.grad(swapped_at_last, (0, 1))(1.0, 2.0) == (0.0, 1.0)


class Doubled:
    def __init__(self, by):
        self.by = by

    def scaled(self, t):
        self.by *= 2.0
        return self.by * t


def asked_for_a_method(a, x):
    a = a * x
    kept = [0.0]
    for o in (Doubled(x), x, a, {"k": x}):
        try:
            kept.append(x * len(kept))
            kept[0] += o.scaled(kept[-1])
        except AttributeError:
            kept[0] *= 2.0
            a[0] += kept[-1]
    return sum(kept) * a[0]


def test_asking_for_a_method_that_is_not_there_writes_nothing():
    agrees(asked_for_a_method, np.array([0.5, -1.2]), 0.7)
