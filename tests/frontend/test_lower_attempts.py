"""`try` and `with` keep what they do: values, effects in their order, exceptions."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

import s2sdiff as sd
from tests.frontend.compare import assert_same


def managed(x):
    with np.errstate(divide="ignore") as old, contextlib.suppress(KeyError):
        print(sorted(old))
        y = x / np.float64(0.0)
        {}["missing"]
        y = 1
    return y


def returning_from_with(x):
    with contextlib.nullcontext(x) as y:
        if y > 1:
            return "inside"
    return "after"


def jumping_from_try(xs):
    total = 0
    for x in xs:
        try:
            if x == 0:
                continue
            if x < 0:
                break
            total += 10 / x
        except TypeError as error:
            print(error.__class__)
            total -= 1
        finally:
            print("done", x)
    return total


def kept_by_try(x):
    y = 1
    try:
        y = 2 / x
    except ZeroDivisionError:
        pass
    return y


def reraising(x):
    try:
        return 1 / x
    except ZeroDivisionError:
        raise


def all_parts(x):
    try:
        print("body")
        y = 6 / x
    except (ZeroDivisionError, np.linalg.LinAlgError) as error:
        print(type(error).__name__)
        y = 0
    except TypeError:
        print("type")
        raise
    else:
        print("else")
    finally:
        print("finally")
    return y


def chained(x):
    try:
        try:
            return 1 / x
        except ZeroDivisionError as error:
            raise ValueError("no") from error
    finally:
        print("after")


def unbinding(x):
    error = 1
    try:
        1 / x
    except ZeroDivisionError as error:
        print(error)
    return error


def overruling(x):
    for i in range(3):
        try:
            if i == x:
                return "body"
            print(i)
        finally:
            if i == 1:
                break
    return "after"


def swallowed_by_finally(x):
    try:
        return 1 / x
    finally:
        return "finally"


def asks_late(x):
    def kinds():
        print("asked")
        return ZeroDivisionError

    try:
        return 1 / x
    except kinds():
        return 0


def sees_old_values(x):
    y = "old"
    try:
        y = x and 1 / x and {}["no"]
    except (KeyError, ZeroDivisionError):
        return y


def unpacking_target(x):
    with contextlib.nullcontext((x, 2)) as (a, b), contextlib.nullcontext([0]) as c:
        c[0] = a + b
    return c


def one_of_two_managers(x):
    with contextlib.suppress(ZeroDivisionError), contextlib.ExitStack() as stack:
        stack.callback(print, "left")
        return 1 / x
    return "behind"


def retrying(x):
    n = 0
    while True:
        try:
            n += 1
            return n, 1 / (n - x)
        except ZeroDivisionError:
            print("again", n)
            continue


CASES = [
    (managed, 1.0), (returning_from_with, 1), (returning_from_with, 2),
    (jumping_from_try, [5, 0, "a", 2, -1, 3]), (kept_by_try, 0), (kept_by_try, 4), (reraising, 0),
    (reraising, 2), (all_parts, 2), (all_parts, 0), (all_parts, "a"), (chained, 0), (chained, 2),
    (unbinding, 0), (unbinding, 1), (overruling, 0), (overruling, 1), (overruling, 2),
    (swallowed_by_finally, 0), (swallowed_by_finally, 1), (asks_late, 0), (asks_late, 1),
    (sees_old_values, 0), (sees_old_values, 2), (unpacking_target, 1), (one_of_two_managers, 0),
    (one_of_two_managers, 1), (retrying, 1), (retrying, 3),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c[0].__name__}-{c[1]}")
def test_an_attempt_does_what_python_does(case):
    assert_same(*case)


class _Failed(Exception):
    pass


def _each(values):
    yield from values


def test_what_is_kept_as_written_and_does_not_go_either_is_refused():
    def f(x, y):
        for error in (x,):
            pass
        try:
            raise next(_each([_Failed]))
        except _Failed as error:
            y = y * x + len(error.args)
        try:
            return y * error
        except (lambda: UnboundLocalError)():
            return y * 3.0

    with pytest.raises(sd.UnsupportedError, match="cannot be followed"):
        sd.grad(f)(1.3, 0.7)
