"""Lists of integers, into which numbers that have a derivative are written."""

import numpy as np
import pytest

import s2sdiff as sd


def reversed_after_a_write(y):
    cells = [each for each in range(3)]  # noqa: C416
    cells[0] = y
    cells.reverse()
    return cells[-1]


def comprehension(y):
    cells = [2 * each for each in range(3)]
    cells[0] = y
    return cells[0] * y


def slice_of_a_display(y):
    cells = [1, 2, 3]
    some = cells[1:]
    some[0] = y
    return some[0] * y + cells[1]


def slice_of_a_display_at_once(y):
    cells = [1, 2, 3][1:]
    cells[0] = y
    return cells[0] * y


def slice_of_an_argument(y, counts=(1, 2, 3)):
    cells = list(counts)[1:]
    cells[0] = y
    return cells[0] * y


def list_that_gets_another_kind(y):
    cells = [1.0 * each for each in range(3)]
    cells.append([y])
    return cells[-1][0] * y


def loop_that_appends(y):
    cells = []
    for each in range(3):
        cells.append(each)
    cells[1] = y
    return sum(cells) * y


def written_by_a_closure(y):
    cells = [2 * each for each in range(3)]

    def put(value):
        cells[1] = value

    put(y)
    return sum(cells) * y


def written_under_another_name(y):
    cells = [2 * each for each in range(3)]
    other = cells
    other[1] = y
    return cells[1] * y


def written_by_a_helper(y):
    cells = [2 * each for each in range(3)]
    put_first(cells, y)
    a, b, _ = cells
    return a * y + b


def put_first(cells, value):
    cells[0] = value


def in_a_dict(y):
    shown = tuple([2 * each for each in range(3)])
    cells = {"a": [2 * each for each in range(3)]}
    cells["a"][0] = y
    return cells["a"][0] * y + shown[1]


def made_by_functions_and_operators(y):
    made = sorted([3, 1, 2]), list(range(3)), [0] * 3, [1] + [2], [1, 2].copy()
    total = 0
    for k, cells in enumerate(made):
        cells[0] = y + k
        total += cells[0] * y
    return total


def lists_of_lists(y):
    rows, others = [[1, 2], [3, 4]], [[i * j for i in range(2)] for j in range(2)]
    rows[0][1] = y
    others[1][0] = y * y
    return rows[0][1] * others[1][0]


def walked_over(y):
    cells = [2 * each for each in range(3)]
    cells[0] = y
    total = 0
    for each in cells:
        total = total + each * y
    return total


def squares_beside_an_integer(y):
    return sum([v * v for v in [y, 2]])


def zeros_beside_numbers(y):
    rows = [[y, 0, 1], [True, y * y, 0]]
    norm = sum([sum([a * a for a in row]) for row in rows]) ** 0.5
    return [row[0] * y / norm for row in rows][0]


def a_branch_that_gives_an_integer(y):
    def clipped(v):
        return v * v if v > 0.5 else 0

    return sum([clipped(v) * v for v in [y, 0, y * y, 1]])


def arrays_of_integers_beside_arrays(y):
    rows = [y * np.ones(3), np.arange(3), np.array([True, False, True])]
    out = [row * row * 2 for row in rows]
    return sum(out)[1] * out[0][2]


def an_array_that_becomes_one_of_floats(y):
    v, out = np.arange(3), []
    for _ in range(3):
        out.append(v * v)
        v = v * y
    return np.sum(sum(out))


@pytest.mark.parametrize("f", [
    reversed_after_a_write, comprehension, slice_of_a_display, slice_of_a_display_at_once,
    slice_of_an_argument, list_that_gets_another_kind, loop_that_appends, written_by_a_closure,
    written_under_another_name, written_by_a_helper, in_a_dict, made_by_functions_and_operators,
    lists_of_lists, walked_over, squares_beside_an_integer, zeros_beside_numbers,
    a_branch_that_gives_an_integer, arrays_of_integers_beside_arrays,
    an_array_that_becomes_one_of_floats,
])
@pytest.mark.parametrize("y", [1.3, np.float64(-0.4)], ids=["float", "float64"])
def test_what_is_written_into_it_has_its_derivative(f, y):
    expected = (f(y + 1e-6) - f(y - 1e-6)) / 2e-6
    value, pullback = sd.vjp(f, y)
    assert value == f(y)
    for found in (sd.grad(f)(y), pullback(1.0), pullback(1.0)):
        assert found == pytest.approx(expected, rel=1e-7)
