"""The name of an exception has no value behind its handler, however that is left."""

# ruff: noqa: F811, F821, F841

from __future__ import annotations

from tests.transforms.programs import agrees, raises_alike


def read_in_a_loop_behind(x):
    for _ in range(2):
        try:
            raise ValueError
        except ValueError as e:
            x = x * x
    return x * len(str(e))


def the_same_name_in_a_loop_inside(x):
    try:
        raise KeyError
    except KeyError as e:
        for _ in range(2):
            try:
                raise ValueError
            except ValueError as e:
                x = x * x
        y = len(str(e))
    return x * y


def bound_before_and_unbound_in_a_round(x):
    e = x * x
    for i in range(2):
        try:
            if i == 1:
                raise KeyError
        except KeyError as e:
            x = x * x
    return x * e


def left_by_break(x):
    while True:
        try:
            raise KeyError
        except KeyError as e:
            y = x * x
            break
    return y * len(str(e))


def left_by_continue_and_read_in_the_body(x):
    for i in range(3):
        try:
            if i < 2:
                raise KeyError
            y = x * len(str(e))
        except KeyError as e:
            y = x * x
            continue
    return y


def left_by_the_exception(x):
    try:
        for _ in range(3):
            try:
                raise KeyError
            except KeyError as e:
                y = x * x
                raise
    except KeyError:
        y = x * x * x
    return y * len(str(e))


def a_loop_over_the_name(x):
    for e in (1.0, 2.0):
        try:
            raise ValueError
        except ValueError as e:
            y = x * x
    return y * e


RAISING = [
    read_in_a_loop_behind, the_same_name_in_a_loop_inside, bound_before_and_unbound_in_a_round,
    left_by_break, left_by_continue_and_read_in_the_body, left_by_the_exception,
    a_loop_over_the_name,
]


def test_a_read_behind_the_handler_raises():
    for f in RAISING:
        assert raises_alike(f, 1.3) is UnboundLocalError, f.__name__


def test_a_handler_that_catches_the_missing_name_sees_what_was_done():
    def f(x):
        y = x
        try:
            raise KeyError
        except KeyError as e:
            for _ in range(3):
                try:
                    y = y * x * (1 + len(type(e).__name__))
                    raise ValueError
                except ValueError as e:
                    y = x * x * y
                except UnboundLocalError:
                    y = y * 7.0
        return y

    agrees(f, 1.3)


def test_a_name_that_an_outer_handler_and_an_inner_loop_bind():
    def f(x):
        try:
            try:
                raise KeyError
            except KeyError as e:
                y = x * x
                raise ValueError from e
        except ValueError as e:
            y = x * x * x
            for _ in range(2):
                try:
                    y = y * x
                    raise IndexError
                except IndexError as e:
                    y = y * 2.0
            try:
                y = y * len(str(e))
            except UnboundLocalError:
                y = y * 5.0
        return y

    agrees(f, 1.3)


def test_finally_sees_the_name_unbound():
    def f(x):
        e, y = x, 0.0
        try:
            raise KeyError
        except (KeyError, ValueError) as e:
            y = x * x
        finally:
            try:
                y = y * e
            except NameError:
                y = y * 3.0
        return y

    agrees(f, 1.3)


def test_names_that_are_bound_again_or_deleted_in_the_handler():
    def f(x):
        e = x * x
        for i in range(3):
            try:
                if i == 1:
                    raise KeyError
            except KeyError as e:
                e = x * x
                y = e * x
                del e
            e = x * 3.0
        return y * e

    agrees(f, 1.3)
