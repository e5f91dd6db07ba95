"""Writes of active values to the names of a module, or to what a function holds, by any way."""

import functools
import importlib
import operator
import sys

from tests import outside_module

scale = 1.0
NAME = __name__


def helper_with_a_default(*, by=1.0):
    """A function with a default, and with attributes as any object."""
    return by


def an_item_of_vars(x):
    if x > 0:
        vars(outside_module)["SCALE"] = x * x  # here
        return outside_module.SCALE * x
    return x * 2.0


def an_item_of_the_dict_of_a_module(x):
    if x > 0:
        outside_module.__dict__["SCALE"] = x * x  # here
        return outside_module.SCALE * x
    return x * 2.0


def an_update_of_vars(x):
    if x > 0:
        vars(outside_module).update(SCALE=x * x)  # here
        return outside_module.SCALE * x
    return x * 2.0


def an_update_in_place(x):
    if x > 0:
        names = vars(outside_module)
        names |= {"SCALE": x * x}  # here
        return outside_module.SCALE * x
    return x * 2.0


def a_product_in_place(x):
    outside_module.SCALE = 3.0
    if x > 0:
        vars(outside_module)["SCALE"] *= x * x  # here
        return outside_module.SCALE * x
    return x * 2.0


def a_call_of_setitem(x):
    if x > 0:
        operator.setitem(vars(outside_module), "SCALE", x * x)  # here
        return outside_module.SCALE * x
    return x * 2.0


def a_name_of_its_own_module(x):
    if x > 0:
        sys.modules[NAME].scale = x * x  # here
        return scale * x
    return x * 2.0


def a_name_of_its_own_module_by_setattr(x):
    if x > 0:
        setattr(sys.modules[NAME], "scale", x * x)  # noqa: B010  # here
        return scale * x
    return x * 2.0


def a_name_of_an_imported_module(x):
    if x > 0:
        importlib.import_module(outside_module.__name__).SCALE = x * x  # here
        return outside_module.SCALE * x
    return x * 2.0


def a_name_by_the_setattr_of_objects(x):
    if x > 0:
        object.__setattr__(outside_module, "SCALE", x * x)  # here
        return outside_module.SCALE * x
    return x * 2.0


def a_name_in_the_globals_of_a_function(x):
    if x > 0:
        helper_with_a_default.__globals__["scale"] = x * x  # here
        return scale * x
    return x * 2.0


def a_module_in_a_dict(x):
    if x > 0:
        found = {"module": outside_module}
        found["module"].SCALE = x * x  # here
        return outside_module.SCALE * x
    return x * 2.0


def a_default_of_a_function(x):
    if x > 0:
        helper_with_a_default.__kwdefaults__["by"] = x * x  # here
        return helper_with_a_default() * x
    return x * 2.0


def an_attribute_in_the_dict_of_a_function(x):
    if x > 0:
        vars(helper_with_a_default)["last"] = x * x  # here
        return helper_with_a_default.last * x
    return x * 2.0


def a_partial_that_sets(x):
    if x > 0:
        functools.partial(setattr, outside_module, "SCALE")(x * x)  # here
        return outside_module.SCALE * x
    return x * 2.0


COMMON = [f for name, f in dict(globals()).items() if name.startswith(("a_", "an_"))]
