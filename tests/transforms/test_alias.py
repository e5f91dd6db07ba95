"""Who may share memory with whom: never less than what happens, and no more than is tested here."""

import numpy as np
import pytest

from tests.transforms.namesakes import SHARING, chosen_by_max
from tests.transforms.programs import stages
from tests.transforms.sharing import locals_of, may_share, really_share
from tests.transforms.strangers import SEPARATE

A = np.array([1.0, 2.0, 3.0, 4.0])


@pytest.mark.parametrize("f", SHARING, ids=lambda f: f.__name__)
def test_what_shares_memory_is_known_to_share_it(f):
    found = locals_of(f, A.copy())
    assert f is chosen_by_max or really_share(found["u"], found["v"])
    assert may_share(f, (A.copy(),), "u", "v")


@pytest.mark.parametrize("f", SEPARATE, ids=lambda f: f.__name__)
def test_what_is_surely_new_shares_with_nobody(f):
    found = locals_of(f, A.copy())
    assert not really_share(found["u"], found["v"])
    assert not may_share(f, (A.copy(),), "u", "v")


# --------------------------------------------------------------- where cotangents are kept


def tier(function, name, *args, mode="grad"):
    """Where the cotangent of a variable, in any of its versions, is kept."""
    made = stages(function, *args, mode=mode)
    context = made["context"]
    bases = {**made["effects"].bases, **context.names.bases}
    return {t for n, t in context.tiers.items() if bases.get(n, n) == name} or {"value"}


def test_what_nobody_writes_has_its_cotangent_as_a_value():
    def f(a):
        b = a * 2.0
        c = b[1:]
        return np.sum(c) * np.sum(b)

    assert tier(f, "b", A) == tier(f, "c", A) == {"value"}


def test_an_array_that_one_name_leads_to_has_a_shadow_of_its_own():
    def f(a):
        b = np.zeros(3)
        b[0] = a[0]
        for i in range(1, 3):
            b[i] = b[i - 1] * a[i]
        return b[2]

    assert tier(f, "b", A) == {"local"}
    assert tier(f, "a", A) == {"value"}


def test_a_view_that_is_read_at_once_leaves_the_shadow_local():
    def f(a):
        b = a * 1.0
        b[0] = a[1] * a[2]
        return np.sum(b[1:] * b[:-1])

    assert tier(f, "b", A) == {"local"}


def test_a_view_that_outlives_a_write_is_kept_by_place():
    def f(a):
        b = a * 1.0
        part = b[1:]
        b[1] = a[0] * a[0]
        return np.sum(part)

    assert tier(f, "b", A) == tier(f, "part", A) == {"shared"}


def test_two_names_for_a_written_array_are_kept_by_place():
    def f(a):
        b = a * 1.0
        c = b if a[0] > 0 else a * 2.0
        b[0] = a[1]
        return np.sum(c)

    assert tier(f, "b", A) == tier(f, "c", A) == {"shared"}


def test_what_is_in_a_container_that_is_written_through_is_kept_by_place():
    def f(a):
        b = a * 1.0
        items = [b, a]
        items[0][0] = 3.0
        return np.sum(b)

    assert tier(f, "b", A) == {"shared"}


def test_what_a_callee_may_keep_is_kept_by_place():
    def f(a, keep):
        b = a * 1.0
        keep(b)
        b[0] = a[1]
        return np.sum(b)

    assert tier(f, "b", A, [].append) == {"shared"}


def test_an_argument_that_is_written_is_no_value():
    def f(a):
        a[0] = a[1] * a[2]
        return np.sum(a)

    assert "value" not in tier(f, "a", A)


def test_numbers_are_always_values():
    def f(a, x):
        total = x
        b = np.zeros(2)
        for i in range(2):
            total = total * a[i]
            b[i] = total
        return np.sum(b) * total

    assert tier(f, "total", A, 2.0) == tier(f, "x", A, 2.0) == {"value"}
