"""Lists and dicts of arrays that NumPy or a helper reads as a whole, and that change afterwards."""

import functools
from collections import deque

import numpy as np
import pytest

import s2sdiff as sd
from tests.transforms.programs import agrees


class Rows:
    def __init__(self, rows):
        self.rows = rows

    def whole(self):
        return np.stack(self.rows).sum(axis=0)


def stacked(rows):
    return np.stack(rows).sum(axis=0)


def replaced(a):
    rows = [0.5 * a, a * 2]
    total = np.sum(np.stack(rows))
    rows[-1] = a * a
    return total * np.sum(rows[1]) + np.sum(rows[0])


def taken_out(a):
    rows = [0.5 * a, a * 2]
    total = np.concatenate(rows).sum()
    rows.pop()
    rows.append(a * a)
    return total * np.sum(rows[1])


def replaced_in_turn(a):
    rows = [0.5 * a, a * 2]
    for k in range(3):
        mean = np.vstack(rows).mean(axis=0)
        rows[k % 2] = mean * a
    return np.sum(mean * rows[0])


def of_lists(a):
    pair = [[a * 1.0, a * 2], [a * 3, a * 4]]
    total = np.array(pair).sum(axis=0)
    pair[0][1] = total[0]
    inner = np.stack(pair[0])
    pair[0] = pair[1]
    return np.sum(inner * total) + np.sum(np.stack(pair[0]))


def reductions(a):
    rows = [0.5 * a, a * 2]
    factor = np.mean(rows) + np.max(rows) + np.linalg.norm(rows)
    rows[0] = np.array(rows)[0] * factor
    rows[1] = rows[0]
    return factor * np.sum(rows)


def by_a_helper(a):
    rows = [0.5 * a, a * 2]
    total = stacked(rows)
    rows[0] = total * a
    return np.sum(total * rows[0]) + np.sum(stacked(rows))


def of_an_object(a):
    held = Rows([0.5 * a, a * 2])
    total = held.whole()
    held.rows[0] = total * a
    again = held.whole()
    held.rows = [again, total]
    return np.sum(held.whole() * total)


def of_a_dict(a):
    table = {"x": a * 0.5, "y": a * a}
    for key in "xyx":
        total = np.stack(list(table.values())).sum(axis=0) + np.hstack([*table.values()])[:3]
        table[key] = total * 0.3
    return np.sum(table["x"] * table["y"])


def of_a_deque(a):
    rows = deque([a, a * 2], maxlen=2)
    for _ in range(4):
        total = np.stack(rows).mean(axis=0) + sum(rows)
        rows.append(total * a)
    return np.sum(rows[0] * rows[1])


def starred(a):
    rows = [0.5 * a, a * 2]
    total = np.dot(*rows) + functools.reduce(np.multiply, rows) + np.block([rows, rows])[0, :3]
    rows[0] = total * a
    return np.sum(total * rows[0])


PROGRAMS = [replaced, taken_out, replaced_in_turn, of_lists, reductions, by_a_helper, of_an_object,
            of_a_dict, of_a_deque, starred]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_what_was_read_gets_the_cotangents(f):
    a = np.array([0.3, 0.8, 1.2])
    (found,) = agrees(f, a)
    np.testing.assert_allclose(sd.grad(f)(a), found, rtol=1e-12)
    sd.check_grads(f, (a,))
