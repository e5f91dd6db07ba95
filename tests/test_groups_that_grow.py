"""Lists in lists and dicts that are empty at first: `rows[i].append(x)`, `d.setdefault(k, [])`."""

import collections

import numpy as np
import pytest

from tests.slopes_of_lists import check_is_plain, check_list


def by_remainder(xs):
    groups = {}
    for i, x in enumerate(xs):
        groups.setdefault(i % 2, []).append(x)
    return sum(sum(v) ** 2 for v in groups.values())


def by_default(xs):
    groups = collections.defaultdict(list)
    for i, x in enumerate(xs):
        groups["ab"[i % 2]].append(x * i)
    return groups["a"][1] * groups["b"][-1]


def rows_of_rows(xs):
    cube = [[[] for _ in range(2)] for _ in range(2)]
    for i, x in enumerate(xs):
        cube[i % 2][i // 2 % 2].append(x)
    return sum(sum(c) ** 2 * (i + 1) for i, p in enumerate(cube) for c in p)


def the_last_row(xs):
    rows = []
    for i, x in enumerate(xs):
        if i % 3 == 0:
            rows.append([])
        rows[-1].append(x)
    return sum(r[0] * r[1] ** 2 for r in rows)


def slots_in_slots(xs):
    table = {}
    for i, x in enumerate(xs):
        table.setdefault("ab"[i % 2], {})[i] = x
    return sum(sum(v.values()) ** 2 for v in table.values())


def rows_that_are_one(xs):
    rows = [[]] * 3
    for i, x in enumerate(xs):
        rows[i % 3].append(x * i)
    return sum(r[0] * r[-1] * (k + 1) for k, r in enumerate(rows))


def in_two_dicts(xs):
    one, other = {}, {}
    for i, x in enumerate(xs):
        row = one.setdefault(i % 2, [])
        other.setdefault(i % 2, row)
        row.append(x)
    other[0].append(xs[0])
    other[0][0] = xs[1] * 3
    return sum(sum(v) ** 2 for v in one.values()) * one[0][0]


def replaced_and_kept(xs):
    groups = {}
    for i, x in enumerate(xs):
        groups.setdefault(i % 2, []).append(x)
    kept = groups[0]
    groups[0] = [xs[1]]
    kept.append(xs[2] * 5)
    return sum(kept) ** 2 * sum(groups[0])


def taken_out_and_swapped(xs):
    rows = [[] for _ in range(3)]
    for i, x in enumerate(xs):
        rows[i % 3].append(x)
    last, total = rows.pop(), 0.0
    while last:
        total = total * 0.5 + last.pop()
    rows[0][1] = total * xs[0]
    rows[0], rows[1] = rows[1], rows[0]
    return sum(rows[1]) * sum(rows[0])


def ints_among_them(xs):
    groups = {}
    for i, x in enumerate(xs):
        groups.setdefault(i % 2, []).append(x if i % 3 else i)
    return sum(sum(v) ** 2 for v in groups.values())


def texts_among_them(xs):
    groups = {}
    for i, x in enumerate(xs):
        groups.setdefault(i % 2, []).append(x)
        groups.setdefault("n", []).append("a")
    return sum(groups[0]) ** 2 + len(groups["n"]) * sum(groups[1])


def pairs_and_arrays(xs):
    pairs, arrays = {}, collections.defaultdict(list)
    for i, x in enumerate(xs):
        pairs.setdefault(i % 2, []).append((x, i))
        arrays[i % 2].append(np.array([x, x * x]))
    return sum(a * a * b for v in pairs.values() for a, b in v) + \
        sum(np.sum(np.vstack(v) ** 2) for v in arrays.values())


def a_list_in_itself(xs):
    rows = []
    rows.append(rows)
    rows.append([])
    for x in xs:
        rows[1].append(x * x)
    return sum(rows[0][1]) * rows[0][0][1][0]


class Key:
    def __init__(self, value):
        self.value = value

    def __hash__(self):
        return hash(self.value)

    def __eq__(self, other):
        return self.value == other.value


def keys_of_users(xs):
    groups = {}
    for i, x in enumerate(xs):
        groups.setdefault(Key(i % 2), []).append(x)
    return sum(sum(v) ** 2 for v in groups.values())


def keys_that_move(xs):
    groups = {}
    for x in xs:
        groups.setdefault(x, []).append(x * x)
    return sum(sum(v) ** 2 for v in groups.values())


class Starting(dict):
    def setdefault(self, key, value):
        return super().setdefault(key, [100.0])


def a_class_of_its_own(xs):
    groups = Starting()
    for i, x in enumerate(xs):
        groups.setdefault(i % 2, []).append(x)
    return sum(sum(v) ** 2 for v in groups.values())


def computed_in_order(xs):
    log, groups = [], {}

    def noted(name, value):
        log.append(name)
        return value

    for x in xs:
        groups.setdefault(noted("key", 1), noted("value", [])).append(x)
    assert log == ["key", "value"] * len(xs)
    return sum(groups[1]) ** 2


def without_a_value(xs):
    found = {}
    found.setdefault("a")
    found.setdefault("b", xs[0])
    found.setdefault("b", xs[1])
    return found["b"] ** 2 * len(found)


FAST = [by_remainder, by_default, rows_of_rows, the_last_row, slots_in_slots]
CASES = [*FAST, rows_that_are_one, in_two_dicts, replaced_and_kept, taken_out_and_swapped,
         ints_among_them, texts_among_them, pairs_and_arrays, a_list_in_itself, keys_of_users,
         keys_that_move, a_class_of_its_own, computed_in_order, without_a_value]


@pytest.mark.parametrize("f", CASES)
def test_groups_have_the_slopes_of_difference_quotients(f):
    check_list(f)


@pytest.mark.parametrize("f", FAST)
def test_the_numbers_in_groups_are_known(f):
    check_is_plain(f)
