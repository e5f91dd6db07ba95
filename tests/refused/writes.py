"""Writes of active values where the whole program sees them, or where no derivative is kept."""

import math

import numpy as np

outside = 0.0
seen: list[str] = []


class Shared:
    """A class with a value of its own."""

    last = 0.0


class Doubling:
    """A descriptor, which runs code of its own at each access."""

    def __get__(self, owner, cls=None):
        return owner.kept * 2.0

    def __set__(self, owner, value):
        owner.kept = value


class Described:
    """What is written here goes through the descriptor."""

    value = Doubling()


class Watching:
    """An object that sees each read of an attribute."""

    def __init__(self, w):
        object.__setattr__(self, "w", w)

    def __getattribute__(self, name):
        seen.append(name)
        return object.__getattribute__(self, name)


def helper_of_the_module():
    """A function, which has attributes as any object."""


def a_global_that_is_written(x):
    global outside
    if x > 0:
        outside = x  # here
        return outside * 2.0
    return x * 2.0


def an_attribute_of_a_class(x):
    if x > 0:
        Shared.last = x  # here
        return Shared.last * 2.0
    return x * 2.0


def an_attribute_of_the_own_class(x):
    box = Shared()
    if x > 0:
        type(box).last = x  # here
        return box.last * 2.0
    return x * 2.0


def an_attribute_of_a_class_by_setattr(x):
    if x > 0:
        setattr(Shared, "last", x)  # here
        return Shared.last * 2.0
    return x * 2.0


def an_attribute_of_a_class_by_another_name(x):
    if x > 0:
        for cls in (Shared, Described):
            cls.last = x  # here
        return Shared.last * 2.0
    return x * 2.0


def an_attribute_of_a_local_class(x):
    class Local:
        pass
    if x > 0:
        Local.last = x  # here
        return Local.last * 2.0
    return x * 2.0


def an_entry_of_globals(x):
    if x > 0:
        globals()["outside"] = x  # here
        return outside * 2.0
    return x * 2.0


def an_attribute_of_a_module(x):
    if x > 0:
        math.last = x  # here
        return math.last * 2.0
    return x * 2.0


def an_attribute_of_a_function(x):
    if x > 0:
        helper_of_the_module.last = x  # here
        return helper_of_the_module.last * 2.0
    return x * 2.0


def a_value_read_by_getattribute(x):
    box = Watching(x)
    if x > 0:
        return box.w * 2.0  # here: box.w
    return x * 2.0


def a_float_filled_into_an_integer_array(x):
    a = np.zeros(2, int)
    if x > 0:
        a.fill(x)  # here
        return a[0] * x
    return x * 2.0


def a_float_copied_to_an_integer_array(x):
    a = np.zeros(2, int)
    if x > 0:
        np.copyto(a, x * np.ones(2), casting="unsafe")  # here
        return a[0] * x
    return x * 2.0


def elements_of_an_array_of_objects(x):
    a = np.array([None, None])
    if x > 0:
        a[:] = [x, None]  # here
        return a[0] * 2.0
    return x * 2.0


def a_dtype_that_is_set(x):
    a = x * np.ones(2)
    if x > 0:
        a.dtype = np.int64  # here
        return float(a[0] % 7) * x
    return x * 2.0


def an_integer_view_that_is_written(x):
    a = x * np.ones(2)
    if x > 0:
        b = a.view(np.int64)  # here: a.view
        b[0] = 0
        return np.sum(a) * x
    return x * 2.0


def a_key_that_is_an_active_number(x):
    table = {}
    if x > 0:
        table[x] = 1.0  # here
        return sum(table) * 2.0
    return x * 2.0


def a_key_of_a_display(x):
    total = x * 2.0
    if x > 0:
        for key in {x: 1.0}:  # here: {x: 1.0}
            total = total + key
    return total


def a_memoryview_that_is_written(x):
    a = x * np.ones(2)
    if x > 0:
        memoryview(a)[0] = x  # here
        return np.sum(a)
    return x * 2.0


WRITES = [f for name, f in dict(globals()).items() if name.startswith(("a_", "an_"))]
