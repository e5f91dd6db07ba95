"""Writes of active values into memory that others see."""

import numpy as np


class Recorder:
    """An object that remembers what it was given."""

    def __init__(self):
        self.last = None


def a_list_that_grows(x):
    items = []
    if x > 0:
        items.append(x)  # here
        return items[0] * 2.0
    return x * 2.0


def an_element_that_is_written(x):
    a = np.zeros(3)
    if x > 0:
        a[1] = x  # here
        return np.sum(a)
    return x * 2.0


def a_list_element_that_is_written(x):
    a = [0.0, 1.0]
    if x > 0:
        a[0] = x  # here
        return a[0] * 2.0
    return x * 2.0


def an_attribute_that_is_written(x):
    box = Recorder()
    if x > 0:
        box.last = x  # here
        return box.last * 2.0
    return x * 2.0


def a_dict_that_is_written(x):
    table = {}
    if x > 0:
        table["x"] = x  # here
        return table["x"] * 2.0
    return x * 2.0


def a_list_that_is_extended(x):
    items = []
    if x > 0:
        items.extend([x, x])  # here
        return items[0] * 2.0
    return x * 2.0


def a_list_that_is_added_to(x):
    items = [1.0]
    if x > 0:
        items += [x]  # here
        return items[1] * 2.0
    return x * 2.0


def elements_that_are_added_to(x):
    a = np.zeros(3)
    if x > 0:
        a[np.array([True, False, True])] += x  # here
        return np.sum(a)
    return x * 2.0


def an_attribute_that_is_added_to(x):
    box = Recorder()
    box.last = 1.0
    if x > 0:
        box.last += x  # here
        return box.last * 2.0
    return x * 2.0


def an_attribute_that_is_written_by_setattr(x):
    box = Recorder()
    if x > 0:
        setattr(box, "last", x)  # here
        return box.last * 2.0
    return x * 2.0


def an_element_that_is_deleted(x):
    items = [x, x * 2.0]
    if x > 0:
        del items[0]  # here
        return items[0]
    return x * 2.0


def an_output_argument(x):
    a = np.zeros(2)
    if x > 0:
        np.multiply(np.ones(2), x, out=a)  # here
        return np.sum(a)
    return x * 2.0


def a_sort_in_place(x):
    a = x * np.array([2.0, 1.0])
    if x > 0:
        a.sort()  # here
        return a[0]
    return x * 2.0


WRITES = [a_list_that_grows, an_element_that_is_written, a_list_element_that_is_written,
    an_attribute_that_is_written, a_dict_that_is_written, a_list_that_is_extended,
    a_list_that_is_added_to, elements_that_are_added_to, an_attribute_that_is_added_to,
    an_attribute_that_is_written_by_setattr, an_element_that_is_deleted, an_output_argument,
    a_sort_in_place]
