"""Functions that try, for `test_attempts`: how far a body comes is up to `n`."""

from __future__ import annotations

import math


class Failed(Exception):
    """What the functions here raise."""


class Worse(Failed):
    """A kind of Failed."""


def fails(y, n):
    if n > 0:
        raise Failed(n)
    return y * y


def division(x, n):
    try:
        return x / n
    except ZeroDivisionError:
        return x * 3.0


def after_an_active_statement(x, n):
    y = x
    try:
        y = math.sin(x)
        y = y * x / n
    except ZeroDivisionError:
        y = y * 2.0
    return y


def in_a_callee(x, n):
    y = x * 2.0
    try:
        y = y * x
        y = fails(y, n)
        y = y * 5.0
    except Failed:
        y = y + x
    return y


def with_else_and_finally(x, n):
    total = x
    try:
        y = fails(x, n)
    except Failed as error:
        print(error)
        y = x * 3.0
        total = total * 2.0
    else:
        y = y * 7.0
    finally:
        total = total * x
    return y + total


def nested(x, n):
    y = z = x
    try:
        y = y * x
        try:
            z = z * y
            if n > 1:
                raise Failed
            z = fails(z, n)
        except Worse:
            z = 0.0
        y = y * z
    except Failed:
        y = y + z * 3.0
    return y * z


def in_a_loop(x, n):
    total = 0.0
    for i in range(5):
        try:
            y = x * i
            total = total + y
            total = total + fails(y, n - i)
        except Failed:
            total = total * 0.5
    return total


def around_a_loop(x, n):
    total = x
    try:
        for i in range(3):
            total = total * x + i
        total = fails(total, n)
    except Failed:
        total = total + x
    return total


def retries(x, n):
    count = 0
    while True:
        try:
            count = count + 1
            y = fails(x * count, n - count)
            break
        except Failed:
            continue
    return y * count


def jumps(x, n):
    total = x
    for i in range(6):
        try:
            if i == n:
                continue
            if i == n + 2:
                break
            total = total * x
        finally:
            total = total + x
    return total


def returns_from_a_handler(x, n):
    for i in range(4):
        try:
            y = fails(x * i, i - n)
        except Failed:
            return y * x
    return x


def finally_overrules(x, n):
    for i in range(3):
        y = x * i
        try:
            fails(y, n)
            return y
        finally:
            if i == 1:
                break
    return y * x


def raises_again(x, n):
    y = x
    try:
        try:
            y = y * x
            y = fails(y, n)
        except Failed as error:
            y = y * 3.0
            raise Worse("again") from error
        finally:
            y = y + x
    except Worse:
        y = y * 2.0
    return y


def bare_raise(x, n):
    y = x
    try:
        try:
            y = fails(x, n)
        except Failed:
            y = x * 4.0
            raise
    except Failed:
        pass
    return y


def length_or_one(x, n):
    try:
        n = len(x)
    except TypeError:
        n = 1
    try:
        scale = float("no number")
    except ValueError:
        scale = 2.0
    return x * n * scale


def imports(x, n):
    try:
        import no_such_module as module
    except ImportError:
        import math as module
    return module.sin(x)


def old_value_of_a_short_circuit(x, n):
    y = x * 2.0
    try:
        y = y and fails(y, n)
    except Failed:
        pass
    return y * x


def several_types(x, n):
    try:
        if n == 1:
            raise Worse
        if n == 2:
            raise KeyError("k")
        y = x * x
    except (KeyError, ValueError):
        y = x * 3.0
    except Failed:
        y = x * 5.0
    return y


def final_only(x, n):
    y = x
    try:
        y = y * x
    finally:
        y = y * 3.0
    return y


def a_helper_that_tries(x, n):
    return division(x, n) * in_a_callee(x, n)


FUNCTIONS = [
    division, after_an_active_statement, in_a_callee, with_else_and_finally, nested, in_a_loop,
    around_a_loop, retries, jumps, returns_from_a_handler, finally_overrules, raises_again,
    bare_raise, length_or_one, imports, old_value_of_a_short_circuit, several_types, final_only,
    a_helper_that_tries,
]
