"""`locals()` and its kin see the variables of a derivative, which are not the function's."""

from __future__ import annotations

import ctypes
import gc
import sys

import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError
from tests.slopes import check_both_modes


def named(x):
    x = x * 2.0
    d = locals()
    return d["x"] * x


def by_vars(x):
    x = x * 2.0
    d = vars()
    return d["x"] * x


def that_generated_code_renames(x):
    y = x * x
    d = dict(locals())
    return d["y"]


def in_a_display(x):
    x = x * 2.0
    held = [locals()]
    return held[0]["x"] * x


def walked(x):
    y = x * 2.0
    last = 1.0
    for value in list(locals().values()):
        last = value
    return last * y


def asked_whether_it_is_there(x):
    y = x * 2.0
    if "y" in locals():
        return y * y
    return x


def under_another_name(x):
    y = x * 2.0
    look = locals
    return look()["y"] * y


def evaluated(x):
    y = x * 2.0
    run = eval
    return run("y") * y


def handed_on(x):
    y = x * x

    def read(y, **others):  # noqa: ARG001
        return y * 2.0

    return read(**locals())


def helper(x):
    k = x * x
    d = locals()
    return d["k"]


def by_a_helper(x):
    return helper(x) * x


def of_the_caller(name):
    return sys._getframe(1).f_locals[name]


def by_the_caller(x):
    y = x * x
    return of_the_caller("y") * y


def look_further(name):
    return look_up(name, 2)


def look_up(name, depth):
    return sys._getframe(depth).f_locals[name]


def by_who_calls_the_caller(x):
    x = x * 2.0
    return look_further("x") * x


def found_by_the_collector(x):
    held = [x * 2.0]
    for o in gc.get_objects():
        if o is held:
            return o[0] * x
    return x


def found_by_its_address(x):
    held = [x * x]
    return ctypes.cast(id(held), ctypes.py_object).value[0] * x


def printed(x):
    y = x * x
    print(locals())
    return y


REFUSED = [named, by_vars, that_generated_code_renames, in_a_display, walked,
           asked_whether_it_is_there, under_another_name, evaluated, handed_on, by_a_helper,
           printed, by_the_caller, by_who_calls_the_caller, found_by_the_collector,
           found_by_its_address]


ABOUT = r"(?s)(locals|vars|variables|eval|expression|finds objects).*Instead, "


@pytest.mark.parametrize("f", REFUSED, ids=lambda f: f.__name__)
def test_what_looks_at_variables_is_refused(f):
    for derivative in (lambda: sd.grad(f)(1.3), lambda: sd.jvp(f, (1.3,), (1.0,))):
        with pytest.raises(UnsupportedError, match=ABOUT):
            derivative()


def raised(x):
    y = x * 2.0
    if y < 0.0:
        message = "below {y}".format(**locals())
        raise ValueError(message + "!")
    return y * y


def of_the_value_alone(n):
    k = n + 1
    return locals()["k"]


def beside(x):
    return x * x * of_the_value_alone(3)


def where_nobody_comes(x):
    if x > 100.0:
        print(locals())
    return x * x


@pytest.mark.parametrize("f", [raised, beside, where_nobody_comes], ids=lambda f: f.__name__)
def test_what_matters_to_no_derivative_is_left(f):
    check_both_modes(f, 1.3)
