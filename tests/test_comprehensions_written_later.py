"""Items of what a comprehension made, which are something else later: tests ask what is there."""

import pytest

import s2sdiff as sd


def each(values):
    for v in values:
        yield v


def of_a_list(x, y):
    items = [v for v in [None]]
    items[0] = x
    return (2.0 if items[0] is None else items[0]) * y


def of_a_loop(x, y):
    items = []
    for v in [None]:
        items.append(v)
    items[0] = x
    return (2.0 if items[0] is None else items[0]) * y


def of_a_generator(x, y):
    items = list(each([None]))
    items[0] = x
    (first,) = (items[0],)
    return (2.0 if first is None else first) * y


def of_a_dict(x, y):
    items = {k: None for k in ("a", "b")}
    items["a"] = x
    return (2.0 if items["a"] is None else items["a"]) * y


def of_flags(x, y):
    items = [True for _ in range(2)]
    items[0] = x
    return (2.0 if items[0] is True else items[0]) * y


@pytest.mark.parametrize("f", [of_a_list, of_a_loop, of_a_generator, of_a_dict, of_flags])
def test_what_is_known_of_an_item_is_what_was_written(f):
    sd.check_grads(f, (1.3, 0.7))
