"""Functions of two arrays, of which most write one."""

import functools

import numpy as np


def nothing(a, b):
    return np.sum(a * b)


def an_element(a, b):
    a[0] = b[1]


def in_place(a, b):
    a += b


def through_a_view(a, b):
    part = a[1:]
    part *= 2.0


def through_a_view_of_a_view(a, b):
    part = a.reshape(-1, 1).T
    row = part[0]
    row[0] = b[0]


def in_a_branch(a, b):
    if b[0] > 0:
        a[0] = 1.0
    return b


def in_a_loop(a, b):
    for i in range(len(a)):
        a[i] = b[i]


def rows_of_a_loop(a, b):
    for row in a.reshape(-1, 1):
        row[0] = 7.0


def one_of_two(a, b):
    c = a if a[0] > b[0] else b
    c[0] = 9.0


def only_its_own(a, b):
    c = np.zeros(3)
    c[:2] = a[:2]
    c *= b[0]
    return c


def its_own_copy(a, b):
    c = a.copy()
    c += b
    return c


def its_own_list(a, b):
    items = []
    items.append(a[0])
    items.append(b[0])
    return items


def rebinds_its_parameter(a, b):
    a = a * 1.0
    a[0] = 5.0
    return a


def by_a_helper(a, b):
    an_element(a, b)


def by_a_helper_in_other_order(a, b):
    an_element(b, a)


def by_a_helper_of_a_helper(a, b):
    by_a_helper(b, a)


def by_keyword(a, b):
    an_element(b=a, a=b)


def by_a_helper_on_its_own(a, b):
    c = np.zeros(2)
    an_element(c, a)
    return c


def by_a_method_of_numpy(a, b):
    a.sort()


def by_a_function_of_numpy(a, b):
    np.copyto(a, b)


def as_an_output(a, b):
    np.add(a, b, out=b)


def by_a_ufunc_at_indices(a, b):
    np.add.at(a, [0, 0], b[:2])


def in_a_list(a, b):
    items = [a, b]
    items[0][0] = 4.0


def in_a_dict(a, b):
    table = {"w": a}
    table["w"] += 4.0
    return b


def in_a_tuple(a, b):
    first, _ = (a, b)
    first[0] = 4.0


def by_a_nested_function(a, b):
    def write(c):
        c[0] = 30.0
    write(a)


def by_a_captured_name(a, b):
    def write():
        a[0] = 30.0
    write()


def recursive(a, b, n=3):
    if n:
        a[n - 1] = b[0]
        recursive(a, b, n - 1)


def handed_through(a, b):
    c = identity(a)
    c[0] = 8.0


def identity(a):
    for _ in range(1):
        pass
    return a


def by_a_function_that_is_given(a, b):
    apply(an_element, a, b)


def apply(function, *args):
    return function(*args)


def by_a_partial(a, b):
    functools.partial(an_element, a)(b)


def in_a_try(a, b):
    try:
        a[0] = 1.0
        raise ValueError
    except ValueError:
        b[0] = 2.0


def in_a_with(a, b):
    with np.errstate(all="ignore"):
        a[0] = 1.0


def in_a_while(a, b):
    n = 0
    while n < 2:
        b[n] += 1.0
        n += 1


def swapped_rows(a, b):
    a[0], a[1] = a[1], a[0]


def negated_if_equal(a, b):
    for x, y in zip([a], [b]):
        x[0] = -y[0]


def deep_inside(a, b):
    {"layers": [(a, 1.0)]}["layers"][0][0][1] = 6.0


def with_a_walrus(a, b):
    if (c := a)[0] > 0:
        c[0] = -1.0


def by_a_comprehension(a, b):
    [in_place(row, 1.0) for row in a.reshape(-1, 1)]


OF_ARRAYS = {f: (np.array([3.0, 1.0, 2.0]), np.array([0.5, 2.5, 1.5])) for f in [
    nothing, an_element, in_place, through_a_view, through_a_view_of_a_view, in_a_branch, in_a_loop,
    rows_of_a_loop, one_of_two, only_its_own, its_own_copy, its_own_list, rebinds_its_parameter,
    by_a_helper, by_a_helper_in_other_order, by_a_helper_of_a_helper, by_keyword,
    by_a_helper_on_its_own, by_a_method_of_numpy, by_a_function_of_numpy, as_an_output,
    by_a_ufunc_at_indices, in_a_list, in_a_dict, in_a_tuple, by_a_nested_function,
    by_a_captured_name, recursive, handed_through, by_a_function_that_is_given, by_a_partial,
    in_a_try, in_a_with, in_a_while, swapped_rows, negated_if_equal, deep_inside, with_a_walrus,
    by_a_comprehension]}
