"""Exceptions, `finally` and assertions."""

import math

import numpy as np

from tests.language.table import refused, supported

V = np.array([0.5, -1.2, 2.0, 0.8])


class Failed(Exception):
    """A step that did not succeed."""


def checked_log(x):
    if x <= 0:
        raise ValueError(f"not positive: {x}")
    return math.log(x)


def step_or_fail(x, k):
    if k == 2:
        raise Failed("step")
    return x * 1.1 + k


def add_and_fail(items, x):
    items.append(x)
    if len(items) > 1:
        raise Failed("after a write")


@supported("`try` whose body succeeds", lambda: (1.3, 0.7))
def body_succeeds(x, y):
    try:
        z = checked_log(x) * y
    except ValueError:
        z = 0.0
    else:
        z = z * x
    return z + y


@supported("`try` whose body raises", lambda: (-1.3, 0.7))
def handler_is_run(x, y):
    try:
        z = checked_log(x) * y
    except (ValueError, TypeError):
        z = x * x
    return z * y


@supported("`try` whose body raises", lambda: (1.3, 0.7))
def what_the_body_did_before(x, y):
    z = w = x
    try:
        z = x * y
        w = z + step_or_fail(x, 2)
    except Failed as error:
        w = w * 2.0 + len(str(error))
    return z * w


@supported("`try` whose body raises", lambda: (V.copy(), 1.3))
def writes_before_the_exception(a, x):
    a = a * 1.0
    try:
        a[0] = x
        a[1:] *= a[0]
        a[7] = x * x
    except IndexError:
        a[2] += x
    return a


@supported("`try` whose body raises", lambda: (1.3, {"a": 0.7}))
def lookup_that_fails(x, p):
    try:
        k = p["b"]
    except KeyError:
        k = p["a"] * 2.0
    try:
        k = k + p.missing
    except AttributeError:
        k = k * x
    return k * x


@supported("`try` in a loop", lambda: (1.3, 4))
def failing_steps_are_left_out(x, n):
    for k in range(n):
        try:
            x = step_or_fail(x, k)
        except Failed:
            x = x * x
            continue
        finally:
            x = x + 0.1
    return x


@supported("`try` in a loop", lambda: ([1.3, -0.7, 2.0],))
def sum_of_what_can_be_computed(v):
    total = 0.0
    for t in v:
        try:
            total += checked_log(t) * t
        except ValueError:
            total += t * t
            break
    return total


@supported("return out of `try`", lambda: (1.3, 0.7))
def early_return_in_a_try(x, y):
    try:
        if x > 0:
            return checked_log(x) * y
    except ValueError:
        return 0.0
    return x


@supported("return out of `try`", lambda: (1.3, [0.0]))
def finally_after_a_return(x, log):
    try:
        return x * x + log[0]
    finally:
        log[0] = x
        x = 100.0


@supported("`finally`", lambda: (1.3, V.copy()))
def cleaned_up(x, a):
    b = a * x
    try:
        b[0] = x * x
        y = np.sum(b)
    finally:
        b[:] = 0.0
    return y * x + np.sum(b)


@supported("`finally`", lambda: (1.3, 0.7))
def nested_handlers(x, y):
    z = x
    try:
        try:
            z = z * step_or_fail(y, 2)
        finally:
            z = z * y
    except Failed:
        z = z + x
    return z * z


@supported("`raise` not reached", lambda: (1.3, "linear"))
def validated(x, kind):
    if kind not in ("linear", "cubic"):
        raise ValueError(f"unknown kind {kind!r}")
    if not x > 0:
        raise ArithmeticError("x must be positive") from None
    return x if kind == "cubic" else 2.0 * x


@supported("`raise` again, and chained", lambda: (1.3, 0.7))
def raised_again(x, y):
    def attempt(t):
        try:
            return step_or_fail(t, 2)
        except Failed as error:
            raise ValueError("attempt") from error

    try:
        return attempt(x)
    except ValueError as error:
        return x * y * len(error.args)


@supported("a list written before the exception", lambda: (1.3, 0.7))
def appended_before_it_failed(x, y):
    items = [y]
    try:
        items.append(x * y)
        items.append(step_or_fail(x, 2))
    except Failed:
        items.append(x)
    return items[1] * items[2] + len(items)


@supported("`assert`", lambda: (1.3, V.copy()))
def assertions(x, a):
    assert x > 0, f"x is {x}"
    assert isinstance(a, np.ndarray) and a.ndim == 1
    b = np.sort(a)
    assert np.all(np.diff(b) > 0)
    return x * b[0] * b[-1]


@refused("active value that an exception carries", lambda: (1.3, 0.7), "DifferentiationError",
         r"Found|exception|raise", "it leaves by a way that is not followed")
def value_carried_by_an_exception(x, y):
    class Found(Exception):
        pass

    try:
        raise Found(x * y)  # here
    except Found as found:
        return found.args[0] * x


@supported("a call that wrote before it raised", lambda: (1.3, 0.7))
def helper_that_writes_and_raises(x, y):
    items = [y]
    try:
        add_and_fail(items, x * y)
    except Failed:
        items.append(x)
    return items[1] * items[2]


@refused("`except Exception` around what is refused", lambda: (1.3, 0.7), "DifferentiationError",
         r"eval", "a refusal is no exception of the program, and no handler may take it for one")
def refusal_is_not_swallowed(x, y):
    z = y
    try:
        z = eval("x * y")  # here
    except Exception:
        z = 0.0
    return z * x


@refused("a write that raises when it has written", lambda: (V.copy(),), "DifferentiationError",
         r"left a write into an array", "how much of it NumPy has written cannot be told")
def division_that_raises_in_place(a):
    b = a * 1.0
    try:
        with np.errstate(all="raise"):
            b /= np.array([2.0, 0.0, 4.0, 1.0])  # here
    except FloatingPointError:
        b[1] = 2.0
    return b * b


@supported("a write that raises before it has written", lambda: (V.copy(), 1.3))
def shapes_that_do_not_fit(a, x):
    b = a * x
    try:
        b += np.ones(3)
    except ValueError:
        b += a
    return b * b


@supported("the name of an exception behind its handler", lambda: (1.3, 0.7))
def name_of_an_exception_is_gone(x, y):
    error = x
    try:
        raise Failed
    except Failed as error:
        y = y * x + len(error.args)
    try:
        return y * error
    except UnboundLocalError:
        return y * 3.0
