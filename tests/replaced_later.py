"""What is differentiated in `test_replaced_by_others`: no line here tells that it is replaced."""

import importlib


class Model:
    def step(self, x):
        return x * x


def helper(x, factor=2.0):
    return x * factor


#: Filled by the test.
GIVEN: dict = {}


def by_an_item(x):
    y = Model().step(x)
    GIVEN["replace"]()
    return y + Model().step(x)


def in_a_loop(x):
    y = 0.0
    for f in [GIVEN["replace"], GIVEN["replace"]]:
        y = y + Model().step(x)
        f()
    return y


def in_a_helper(x):
    y = Model().step(x)
    called()
    return y + Model().step(x)


def called():
    GIVEN["replace"]()


def as_a_key(x):
    y = Model().step(x)
    sorted([2, 1], key=GIVEN["key"])
    return y + Model().step(x)


def and_put_back(x):
    y = Model().step(x)
    with GIVEN["replaced"]():
        y = y + Model().step(x)
    return y


def a_default(x):
    y = helper(x)
    GIVEN["default"]()
    return y + helper(x)


def by_an_import(x):
    y = Model().step(x)
    import tests.replacing_at_once  # noqa: F401

    return y + Model().step(x)


def by_a_named_import(x):
    y = Model().step(x)
    importlib.import_module("tests.replacing_at_once")
    return y + Model().step(x)


def by_an_operator(x):
    y = Model().step(x)
    GIVEN["object"] * 2.0
    return y + Model().step(x)


def by_a_length(x):
    y = Model().step(x)
    count = len(GIVEN["object"])
    return y + Model().step(x) * count


def by_a_test(x):
    y = Model().step(x)
    if GIVEN["object"]:
        y = y + 1.0
    return y + Model().step(x)


def by_a_text(x):
    y = Model().step(x)
    text = f"{GIVEN['object']}"
    return y + Model().step(x) * len(text)


def by_an_item_of_a_list(x):
    y = Model().step(x)
    found = any([GIVEN["object"]])
    return y + Model().step(x) * found
