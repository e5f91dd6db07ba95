"""What is known of lists that a function gives back in a tuple ends where others are put in."""

import numpy as np
import pytest

from tests.slopes import check_both_modes


def both(k, n):
    one, two = [], []
    for j in range(n):
        one.append(k * j)
        two.append(sum(one) * 0.2)
    return one, two


def by_type(k, z):
    return z * 2.0 if isinstance(k, int) else z * 3.0


def with_none(z):
    got, _ = both(z, 3)
    got.append(None)
    return z * 2.0 if got[-1] is None else z * 3.0


def with_a_text(z):
    got, _ = both(z, 3)
    got[1] = "text"
    return z * 2.0 if isinstance(got[1], str) else z * 3.0


def with_an_array(z):
    got, _ = both(z, 3)
    got.insert(0, np.array([z, 1.0]))
    return z * np.sum(got[0]) if np.ndim(got[0]) else z * 3.0


def with_a_whole_number(z):
    got, also = both(z, 3)
    also.append(got.pop(1))
    got.append(2)
    return by_type(got[-1], z) + also[-1]


def with_whole_numbers(z):
    got, also = both(z, 3)
    got.extend([2, 3])
    also += [4]
    return sum([by_type(k, z) * k for k in got]) + by_type(also[-1], z)


def with_one_by_a_helper(z):
    got, _ = both(z, 3)
    put(got)
    return by_type(got[-1], z)


def put(items):
    items.append(2)


def with_one_through_the_tuple(z):
    given = both(z, 3)
    given[0].append(2)
    given[1].append(None)
    return by_type(given[0][-1], z) * (2.0 if given[1][-1] is None else 3.0)


@pytest.mark.parametrize("f", [
    with_none, with_a_text, with_an_array, with_a_whole_number, with_whole_numbers,
    with_one_by_a_helper, with_one_through_the_tuple], ids=lambda f: f.__name__)
def test_what_is_put_in_is_what_is_asked_for(f):
    check_both_modes(f, 0.4)
