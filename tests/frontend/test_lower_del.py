"""`del name` leaves a name without a value: who reads it then gets Python's error."""

from __future__ import annotations

import pytest

from s2sdiff.frontend.lower import lower
from s2sdiff.ir import Raw, walk
from tests.frontend.compare import assert_same
from tests.transforms.programs import agrees, raises_alike


def deleted(x):
    y = x
    del x, y
    return y  # noqa: F821


def deleted_twice(x):
    del x
    print("once")
    del x  # noqa: F821


def never_bound(x):
    if x > 5:
        y = 1
    del y
    return x


def bound_again(x):
    y = x
    del x
    x = y * 2
    del y
    return x


def on_one_side(x):
    y = x + 1
    if x > 1:
        del y
    else:
        y = y * 2
    print("so far")
    return y


def in_a_loop(xs):
    total = 0
    for x in xs:
        y = x * 2
        total += y
        if x > 2:
            del y
    return total, y


def of_the_loops_variable(xs):
    for x in xs:
        del x
    return x  # noqa: F821


def several(xs, table):
    first, second = xs
    del first, xs[0], (table["a"], [second])
    return xs, table, first  # noqa: F821


def before_a_return_in_a_loop(x, n):
    y = x
    del y
    for i in range(n):
        if i == 2:
            y = i
            return y
    return 0


def in_a_nested_function(xs):
    def step(x):
        y = x * 2
        if x > 2:
            del y
        return y

    return [step(x) for x in xs]


def of_a_parameter_inside(xs):
    def first(x, n):
        for _ in range(n):
            del x
        return x  # noqa: F821

    return first(xs, 0) + first(xs, 1)


def to_itself(x):
    if x:
        y = 1
    y = y
    return x


def read_by_what_is_kept(x):
    y = 1
    if x:
        del y
    try:
        print(x and 5 or y)
        print(y)
    except ZeroDivisionError:
        pass


def of_an_outside_name(x):
    global OUTSIDE
    OUTSIDE = x
    del OUTSIDE
    return OUTSIDE  # noqa: F821


CASES = [
    (deleted, 1), (deleted_twice, 1), (never_bound, 1), (never_bound, 9), (bound_again, 3),
    (on_one_side, 1), (on_one_side, 2), (in_a_loop, [1, 2]), (in_a_loop, [1, 3]), (in_a_loop, []),
    (in_a_loop, [3, 1]), (of_the_loops_variable, [1]), (of_the_loops_variable, []),
    (several, [1, 2], {"a": 1}), (several, [1, 2], {}), (before_a_return_in_a_loop, 1, 3),
    (before_a_return_in_a_loop, 1, 1), (in_a_nested_function, [1, 2]),
    (in_a_nested_function, [1, 3]), (read_by_what_is_kept, 0),
    (of_a_parameter_inside, [1]), (to_itself, 0), (to_itself, 1),
    (of_an_outside_name, 1),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c[0].__name__}-{c[1:]}")
def test_a_deletion_does_what_python_does(case):
    assert_same(*case)


@pytest.mark.parametrize("function", [deleted, on_one_side, in_a_loop, in_a_nested_function])
def test_no_deletion_of_a_variable_is_kept_as_it_is_written(function):
    assert not [s for s in walk(lower(function).body) if isinstance(s, Raw)]


def product(x, n):
    y = x * x
    for i in range(n):
        z = y * x
        y = z + i
        if n > i:
            del z
    del n
    return y


def test_what_was_computed_with_a_deleted_name_has_its_derivative():
    assert agrees(product, 1.5, 3)[0] != 0.0


@pytest.mark.parametrize(("function", "x"), [(deleted, 1.0), (on_one_side, 2.0)])
def test_a_derivative_that_reads_a_deleted_name_raises_as_the_plain_call_does(function, x):
    assert issubclass(raises_alike(function, x), NameError)
