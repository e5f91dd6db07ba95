"""Classes of lists, tuples and dicts whose items by index or key are their own business."""

import collections
import functools
import itertools

import pytest

import s2sdiff as sd
from tests.slopes import check, slope


class FromOne(list):
    def __getitem__(self, index):
        return list.__getitem__(self, index - 1)


class Halves(tuple):
    def __getitem__(self, index):
        return 0.5 * tuple.__getitem__(self, index)


class Ring(list):
    """Items that are there are read as of any list."""

    def __getitem__(self, index):
        return list.__getitem__(self, index % len(self))


class Doubling(list):
    def __setitem__(self, index, value):
        list.__setitem__(self, index, 2.0 * value)

    def __delitem__(self, index):
        list.__delitem__(self, 0)


def powers(items, x):
    total = 0.0
    for item in items:
        total = total * x + item
    return total


def one_based(x, y):
    items = FromOne([x, y, x * y])
    return powers(items, x) + items[1] * sum([v * v for v in items]) + items[3]


def halved(x, y):
    items = Halves((x, y, x * y))
    first, *others = items
    return powers(items, y) * items[0] + first * sum(others)


def around(x, y):
    items, total = Ring([x, y, x * y]), 0.0
    for i, item in enumerate(items):
        total += item * items[i + 1]
        if i < 2:
            items.append(x)
    return total


@pytest.mark.parametrize("f", [one_based, halved, around])
def test_a_loop_walks_whatever_an_index_gives(f):
    check(functools.partial(f, y=0.7), 1.3)


def updated(x, y):
    items, total = FromOne([x, y, 0.3]), 0.0
    for i, item in enumerate(items):
        total = 0.5 * total + item
        if i < 2:
            items[i + 1] = item * items[i + 2]
            items.append(item * y)
    return total


def held(x, y):
    items, total = FromOne([[x, 1.0], [y, x], [0.3]]), 0.0
    for item in items:
        total = 0.5 * total + item[0]
        item[0] = total
    return total * items[2][0]


def from_the_last(x, y):
    items, total = FromOne([x, y, 0.3]), 0.0
    for item in reversed(items):
        total = 0.5 * total + item * x
        items[0] = total
    for item in reversed(Halves((x, y))):
        total = total * item + y
    return total


def drawn(x, y):
    items = FromOne([x, y, 0.3])
    it = iter(items)
    total = next(it) * y
    for item, k in zip(items, it):
        total = total * item + k
    a, b, c = items
    for item in itertools.chain([y], items):
        total = total * c + item * a * b
    return total


@pytest.mark.parametrize("f", [updated, held, from_the_last, drawn])
def test_a_walk_goes_over_what_a_list_holds_whatever_an_index_gives(f):
    x, y = 1.3, 0.7
    check(functools.partial(f, y=y), x)
    assert sd.jvp(f, (x, y), (1.0, 0.0)) == (
        pytest.approx(f(x, y)), pytest.approx(slope(functools.partial(f, y=y), x)))


class Threefold(list):
    def __iter__(self):
        return iter([3.0 * self[i] for i in range(len(self))])


def test_what_a_list_says_itself_of_walking_is_followed_forwards():
    def f(x, y):
        it = iter(Threefold([x, y]))
        return next(it) * next(it)

    assert sd.jvp(f, (1.3, 0.7), (1.0, 0.0)) == (pytest.approx(9 * 1.3 * 0.7), pytest.approx(6.3))


def written(x, y):
    items = Doubling([0.0, y, 1.0])
    items[0] = x
    items[1] += x
    items[0], items[2] = items[2], items[0]
    del items[2]
    return items[0] * x + items[1] * y


def test_what_a_class_writes_is_written_forwards_too():
    x, y = 1.3, 0.7
    check(functools.partial(written, y=y), x)
    assert sd.jvp(written, (x, y), (1.0, 0.0)) == (
        written(x, y), pytest.approx(slope(functools.partial(written, y=y), x)))


class Hiding(dict):
    def __contains__(self, key):
        return False

    def __missing__(self, key):
        return 5.0


def test_a_key_is_missing_where_the_dict_has_none():
    def f(x, table):
        table["a"] += x
        return table["a"] * x + table["b"]

    assert f(2.0, Hiding(a=1.0)) == 11.0
    assert sd.value_and_grad(f)(2.0, Hiding(a=1.0)) == (11.0, 5.0)


class Squares(collections.OrderedDict):
    """Python calls its `__setitem__` wherever it is filled, as of no other dict."""

    def __setitem__(self, key, value):
        super().__setitem__(key, value * value)


class Counted(Squares):
    def __init__(self, *pairs, **named):
        super().__init__(*pairs, **named)
        self.count = len(self)


def made_and_updated(x, y):
    table = Counted([("a", x)], b=y)
    table.update(c=x * y)
    table |= {"d": x}
    first = table.setdefault("e", x) + table.setdefault("a", 7.0)
    copy = Squares(e=x) | {"f": y}
    return sum(table.values()) * y + first * table.count + sum(copy.copy().values())


def test_an_ordered_dict_is_filled_by_its_own_method():
    x, y = 1.3, 0.7
    check(functools.partial(made_and_updated, y=y), x)
    assert sd.jvp(made_and_updated, (x, y), (1.0, 0.0)) == (
        made_and_updated(x, y), pytest.approx(slope(functools.partial(made_and_updated, y=y), x)))
