"""Names and variables that are written, or read, by ways on which nobody looks for them."""

import contextlib
import sys
import types

import pytest

import s2sdiff as sd

VALUE = 0.0
SPACE = types.SimpleNamespace(value=0.0)


def by_another_name_of_globals(x):
    names = globals
    names()["VALUE"] = x


def written_there(x):
    by_another_name_of_globals(x ** 3)
    return VALUE


def in_a_comprehension(x):
    [0 for SPACE.value in [x]]  # noqa: B018


def written_by_a_comprehension(x):
    in_a_comprehension(x ** 3)
    return SPACE.value


def marked(x):
    return x


def on_a_function(x):
    types.FunctionType.__setattr__(marked, "note", x)


def written_on_a_function(x):
    on_a_function(x ** 3)
    return marked.note


def raising(x):
    value = x ** 3  # noqa: F841
    raise ValueError


def read_of_a_traceback(x):
    try:
        raising(x)
    except ValueError as error:
        return error.__traceback__.tb_next.tb_frame.f_locals["value"]


def read_of_the_frame(x):
    value = x ** 3  # noqa: F841
    return sys._getframe().f_locals["value"]


def asked():
    return sys._getframe(1).f_locals["value"]


def read_by_a_helper(x):
    value = x ** 3  # noqa: F841
    return asked()


def read_of_a_generator(x):
    def steps():
        value = x ** 3  # noqa: F841
        yield 1

    made = steps()
    next(made)
    return made.gi_frame.f_locals["value"]


@pytest.mark.parametrize("f", [
    written_there, written_by_a_comprehension, written_on_a_function, read_of_a_traceback,
    read_of_the_frame, read_by_a_helper, read_of_a_generator])
def test_what_goes_this_way_is_refused_with_a_reason(f):
    for derivative in (lambda: sd.grad(f)(2.0), lambda: sd.jvp(f, (2.0,), (1.0,))):
        with contextlib.suppress(sd.UnsupportedError):
            derivative()  # code that is made before something was written
        with pytest.raises(sd.UnsupportedError, match="Instead, "):
            derivative()
