"""Ranks and classes that change: what asks for them is asked when it runs."""

import numpy as np
import pytest

import s2sdiff as sd


def in_handlers(p):
    y = p[0]
    try:
        y = p * 2
        if p[0] > 0:
            raise ValueError
        y = p[1]
    except ValueError:
        pass
    finally:
        rank = np.ndim(y)
    return np.sum(y) * (rank + 1) ** 2


def other_in_handlers(p):
    try:
        y = p * 2
        if p[1] > 0:
            raise ValueError
    except ValueError:
        y = p[0]
    return y**3 if np.ndim(y) == 0 else np.sum(y)


def less_in_each_round(p):
    a, total = np.outer(p, p), 0.0
    for i in range(3):
        if a.ndim > 0:
            a = a[i % 2]
        else:
            a = a * p[0]
        total = total + np.sum(a)
    return total


def more_in_each_round(p):
    a = p[None]
    for _ in range(2):
        a = np.concatenate([a, 2 * a]) if a.shape[0] == 1 else a * 2
    return np.sum(a * a)


def of_many_kinds(p):
    total = 0.0
    for item in (p, p[0], 2, np.array(p[1]), [p[1]], np.float32(1.5)):
        if isinstance(item, np.ndarray) and item.ndim:
            total += item.sum() * 2
        elif isinstance(item, np.ndarray):
            total += item[()] * 5
        elif isinstance(item, (float, np.floating)):
            total += item * 3
        elif type(item) is int:
            total += item * p[0]
        elif isinstance(item, list):
            total += item[0] ** 2
    return total


def by_a_nested_function(p):
    a = p

    def shrunk():
        nonlocal a
        a = a.sum() if np.ndim(a) else a * p[0]

    shrunk()
    shrunk()
    return a if np.ndim(a) == 0 else np.sum(a)


def on_one_way(p):
    a = p if p[0] > 0.5 else p[None]
    return np.sum(a**2) if a.ndim == 1 else np.sum(a)


def a_count_bound_again(p):
    n = p.ndim
    n = n + 1
    if n == 2:
        n = n * 2
    for _ in range(2):
        n = n + 1
    return np.sum(p**n)


def a_class_that_a_loop_changes(p):
    x = 1
    for i in range(2):
        x = p[i] if isinstance(x, int) else x * p[i]
    return x


def in_an_object(p):
    class Held:
        def __init__(self, v):
            self.v = v

        def norm(self):
            return np.sum(self.v**2) if self.v.ndim == 1 else np.sum(np.sin(self.v))

    held = Held(p)
    total = held.norm()
    held.v = np.outer(p, p)
    total += held.norm()
    held.v = held.v[0]
    return total + held.norm()


def in_a_list(p):
    held, table = [p], {"a": p}
    held[0] = p[0]
    table["a"] = p[1]
    total = held[0] ** 2 if np.ndim(held[0]) == 0 else np.sum(held[0])
    return total + (table["a"] ** 3 if np.ndim(table["a"]) == 0 else 100 * np.sum(table["a"]))


def given_or_not(p):
    def weighted(v, w=None):
        v = np.atleast_1d(v)
        if w is None:
            w = np.ones_like(v)
        return v[0] * 3 if not isinstance(v, np.ndarray) or v.size == 1 else np.sum(v * w)

    return weighted(p[0]) + weighted(p, p) + weighted(list(p)) + weighted((p[1], p[0]))


@pytest.mark.parametrize("function", [
    in_handlers, other_in_handlers, less_in_each_round, more_in_each_round, of_many_kinds,
    by_a_nested_function, on_one_way, a_count_bound_again, a_class_that_a_loop_changes,
    in_an_object, in_a_list, given_or_not])
@pytest.mark.parametrize("p", [np.array([0.7, 0.4]), np.array([0.3, -0.4])], ids=["one", "two"])
def test_what_changes_is_asked(function, p):
    sd.check_grads(function, (p,))


KEPT: list = []


def keep(items):
    KEPT.append(items)
    return KEPT.pop()


def of_double_precision_or_a_count(p):
    x = p[0]
    for x, v in enumerate(keep([p[1], p[0]])):
        p = p * v
    both = keep([p[1], x])
    return 0.7 * x * p[0] + sum(both)


def of_single_precision_or_not(p, x):
    for x, v in enumerate(keep([p, 2.0])):
        p = p * v
    both = keep([p, x])
    return 0.7 * x * p + both[0] * both[1]


def test_a_count_beside_a_number_of_double_precision_has_no_cotangent():
    sd.check_grads(of_double_precision_or_a_count, (np.array([0.7, 0.4]),))
    # Both ways of `0.7 * x`, where x is a count in the end, and was an argument before.
    assert sd.grad(of_single_precision_or_not, wrt=(0, 1))(0.7, np.float64(0.4)) == (
        pytest.approx(2 * 0.7 * 2 * 1.7), 0.0)
