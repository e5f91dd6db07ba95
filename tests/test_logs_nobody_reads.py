"""Active values that are put where the result does not come from, in both modes."""

import numpy as np
import pytest

from tests.slopes import check_both_modes


class Sum:
    total = 0.0

    def __init__(self):
        self.seen = []

    def add(self, value):
        self.total = self.total + value
        self.seen.append(value)
        return self


def by_an_object(x):
    total = Sum().add(x).add(2.0)
    total.add(x * x)
    return total.total * x


def in_an_attribute(x):
    log = Sum()
    log.seen.append(x)
    log.seen.insert(0, x * 2.0)
    return x * x


def in_a_dict(x):
    log = {"rows": [], "last": np.zeros(2)}
    for k in range(3):
        log["rows"].append(x * k)
        log["last"][:] = x
    return x * x


def in_a_list(x):
    log = [[], [x]]
    log[0].extend([x, 2.0 * x])
    log[1].pop()
    return x * x * len(log[0])


def by_a_helper(x):
    log = {"rows": []}
    put(log["rows"], x)
    return x * x


def put(rows, x):
    rows.append(x)


def under_another_name(x):
    rows = []
    log = {"rows": rows}
    log["rows"].append(x * x)
    return rows[0] * x


def read_after_all(x):
    log = Sum()
    log.seen.append(x)
    other = log
    other.seen.append(x * x)
    return log.seen[1] * log.seen[0]


@pytest.mark.parametrize("f", [
    by_an_object, in_an_attribute, in_a_dict, in_a_list, by_a_helper, under_another_name,
    read_after_all], ids=lambda f: f.__name__)
def test_what_is_noted_beside_the_result_is_in_nobodys_way(f):
    check_both_modes(f, 0.7)
