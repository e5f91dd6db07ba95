"""Writing entries of arrays, with every kind of index and value, against differences."""

import copy
import operator

import numpy as np
import pytest

from s2sdiff import registry
from s2sdiff.errors import UnsupportedError
from tests.rules.writes import check_error, check_write


def mask():
    return np.array([True, False, True, True])


def draw(shape=(4,), kind=float, seed=0):
    x = np.random.default_rng(seed).uniform(0.5, 2.0, shape)
    if kind is complex:
        x = x + 1j * np.random.default_rng(seed + 1).uniform(0.5, 2.0, shape)
    return np.asarray(x, kind)


def set_case(index, value, a=draw, target=operator.setitem):
    def make():
        # Afresh each time: everything is changed once the rule has run.
        return a(), *(x() if callable(x) else copy.deepcopy(x) for x in (index, value))

    return target, make


def grid():
    return draw((3, 4))


def strided():
    return draw((6, 8))[::2, ::-2]


def overlapping(target, write, read, source=draw):
    """`a[write] = a[read]`, where the value is a view of what is written."""
    def make():
        a = source()
        return a, copy.deepcopy(write), a[read]

    return target, make


SETITEM = [
    set_case(1, 2.0), set_case(-1, np.float64(2.0)), set_case(np.int64(2), 2.0), set_case(1, 3),
    set_case((), 2.0, lambda: draw(())), set_case(..., 2.0, lambda: draw(())),
    set_case(..., lambda: draw(()), lambda: draw(())), set_case(1, lambda: draw(())),
    set_case(slice(1, 3), 2.0), set_case(slice(1, 3), lambda: draw((2,), seed=3)),
    set_case(slice(1, 3), lambda: draw((1,))), set_case(slice(1, 3), lambda: draw((1, 1, 2))),
    set_case(slice(None, None, -2), lambda: draw((2,))), set_case(slice(3, 1), lambda: draw((0,))),
    set_case(slice(3, 1), 2.0), set_case(..., lambda: draw((4,), seed=3)),
    set_case(slice(1, 3), [5.0, 6.0]), set_case(slice(1, 3), (5.0, 6.0)),
    set_case(1, [5.0, 6.0, 7.0, 8.0], grid), set_case(slice(0, 2), [[5.0], (6.0,)], grid),
    set_case((1, 2), 2.0, grid), set_case((slice(None), 1), lambda: draw((3,)), grid),
    set_case((slice(None), slice(1, 3)), lambda: draw((3, 1)), grid), set_case(1, 2.0, grid),
    set_case((..., 0), lambda: draw((1,)), grid), set_case((None, 1), lambda: draw((1, 4)), grid),
    set_case((1, None), lambda: draw((4,)), grid), set_case((0, slice(1, None)), 1.5, strided),
    set_case((slice(None), slice(1, None)), lambda: draw((3, 3), seed=3), strided),
    set_case(0, lambda: draw((8,))[::2], grid), set_case(..., 2.0, lambda: draw((0, 3))),
    # Boolean masks.
    set_case(lambda: mask(), 2.0), set_case(lambda: mask(), lambda: draw((3,))),
    set_case([True, False, False, True], lambda: draw((2,))), set_case(lambda: mask() & False, 2.0),
    set_case(lambda: grid() > 1.0, 2.0, grid),
    set_case(lambda: mask()[:3], lambda: draw((4,)), grid),
    set_case(lambda: (slice(None), mask()), lambda: draw((3, 3)), grid),
    set_case(lambda: (1, mask()), 2.0, grid), set_case(True, 2.0), set_case(False, 2.0),
    set_case(lambda: (mask()[:3], 1), lambda: draw((2,)), grid),
    # Integers, with and without repetition.
    set_case([0, 2], lambda: draw((2,))), set_case(lambda: np.array([0, -1]), lambda: draw((2,))),
    set_case([0, 2, 0], lambda: draw((3,))), set_case([0, -4, 0], lambda: draw((3,))),
    set_case([1, 1], 2.0), set_case([], 2.0), set_case([[0, 1], [1, 2]], lambda: draw((2, 2))),
    set_case([[0, 1], [1, 2]], lambda: draw((1, 2))), set_case([0, 0, 2], [5.0, 6.0, 7.0]),
    set_case(([0, 1, 0], [2, 2, 2]), lambda: draw((3,)), grid), set_case([0, 0], 2.0, grid),
    set_case([0, 2, 0], lambda: draw((3, 4), seed=3), grid),
    set_case([0, 2, 0], lambda: draw((3, 1), seed=3), grid),
    set_case((slice(None), [1, 1, 3]), lambda: draw((3, 3), seed=3), grid),
    set_case(([0, 1], slice(None), [1, 1]), lambda: draw((2, 3), seed=3), lambda: draw((2, 3, 4))),
    set_case((slice(0, 2), [0, 1, 1], None), lambda: draw((2, 3, 1), seed=3), grid),
    set_case(([[0], [2]], [1, 3]), lambda: draw((2, 2), seed=3), grid),
    set_case(([[0], [2]], [1, 1]), lambda: draw((2, 2), seed=3), strided),
    set_case(lambda: np.array(1), 2.0), set_case(lambda: np.array([2], np.uint8), 2.0),
    # Casts.
    set_case(slice(0, 2), 2.0, lambda: draw(kind=complex)),
    set_case(slice(0, 2), lambda: draw((2,)), lambda: draw(kind=complex)),
    set_case(slice(0, 2), lambda: draw((2,), complex, 5), lambda: draw(kind=complex)),
    set_case(1, 2.0 + 1j, lambda: draw(kind=complex)), set_case(1, True),
    set_case(slice(0, 2), lambda: np.arange(2)),
    set_case(0, 3, lambda: np.arange(4)),
    set_case([0, 0], lambda: np.arange(2), lambda: np.arange(4)),
    set_case(1, 2.0, target=np.ndarray.__setitem__),
    # The value is a view of the array.
    overlapping(operator.setitem, slice(1, None), slice(None, -1)),
    overlapping(operator.setitem, slice(None), slice(None, None, -1)),
    overlapping(operator.setitem, slice(None), slice(None)),
    overlapping(operator.setitem, [0, 0, 1], slice(1, 4)),
    overlapping(operator.setitem, 0, 1, grid),
    overlapping(operator.setitem, (slice(None), slice(None, 2)), (slice(None), slice(1, 3)), grid),
]
METHODS = [
    (np.ndarray.fill, lambda: (draw(), 2.0)),
    (np.ndarray.fill, lambda: (strided(), np.float64(1.0))),
    (np.ndarray.fill, lambda: (draw((0,)), 2.0)), (np.ndarray.fill, lambda: (draw(()), 2.0)),
    (np.ndarray.fill, lambda: (draw(), draw(()))),
    (np.ndarray.sort, lambda: (draw(),)), (np.ndarray.sort, lambda: (grid(),)),
    (np.ndarray.sort, lambda: (grid(), 0)), (np.ndarray.sort, lambda: (strided(), 1)),
    (np.ndarray.sort, lambda: ((grid(),), {"axis": 0, "kind": "stable"})),
    (np.ndarray.sort, lambda: (draw((0,)),)), (np.ndarray.sort, lambda: (np.array([2, 1]),)),
    (np.ndarray.partition, lambda: (draw((7,)), 3)),
    (np.ndarray.partition, lambda: (grid(), 1, 0)),
    *[(setattr, lambda v=v: (grid(), "flat", v() if callable(v) else copy.copy(v)))
      for v in (2.0, lambda: draw((12,)), lambda: draw((5,)), lambda: draw((2, 2)), [1.0, 2.0])],
    (setattr, lambda: (strided(), "flat", draw((5,)))),
    *[(setattr, lambda n=n, v=v: (draw(kind=complex), n, v()))
      for n in ("real", "imag") for v in (lambda: 2.0, lambda: draw((4,)))],
    (setattr, lambda: (draw(), "real", 2.0)),
]


@pytest.mark.parametrize("case", range(len(SETITEM)), ids=lambda i: f"setitem-{i}")
def test_assignments_to_entries_agree_with_differences(case):
    check_write(*SETITEM[case])


@pytest.mark.parametrize("case", range(len(METHODS)), ids=lambda i: f"{METHODS[i][0].__name__}-{i}")
def test_what_changes_a_whole_array_agrees_with_differences(case):
    check_write(*METHODS[case])


def single(x):
    return np.asarray(x, np.float32)


@pytest.mark.parametrize("value", [draw((2,)), single(draw((2,))), 2.0, np.float64(2.0)])
def test_the_cotangent_of_a_value_has_its_dtype_whatever_it_was_cast_to(value):
    (_, _, entry), _ = check_write(operator.setitem, lambda: (
        single(draw()), slice(0, 2), np.copy(value) if np.ndim(value) else value),
        tol=1e-2, step=0.1)
    assert type(entry) is type(value) and getattr(entry, "dtype", 0) == getattr(value, "dtype", 0)


@pytest.mark.parametrize(("target", "make"), [
    (operator.setitem, lambda: (draw(), 4, 2.0)), (operator.setitem, lambda: (draw(), "a", 2.0)),
    (operator.setitem, lambda: (draw(), slice(0, 2), draw((3,)))),
    (operator.setitem, lambda: (draw(), [0, 0], draw((3,)))),
    (operator.setitem, lambda: (draw(), [0, 9, 0], 1.0)),
    (operator.setitem, lambda: (draw(), 0, 1j)),
    (operator.setitem, lambda: (draw(), mask()[:3], 1.0)), (operator.delitem, lambda: (draw(), 0)),
    (operator.setitem, lambda: (draw(), 0, [1.0, 2.0])), (np.ndarray.sort, lambda: (draw(), 3)),
    (np.ndarray.fill, lambda: (draw(), "a")), (operator.setitem, lambda: (frozen(), 0, 1.0)),
    (np.copyto, lambda: (draw(), draw((3,)))), (np.copyto, lambda: (draw(), 1j)),
    (np.put, lambda: (draw(), [9], [1.0])), (np.place, lambda: (draw(), mask(), [])),
    (np.put_along_axis, lambda: (grid(), np.array([0]), 1.0, 0)),
    (np.fill_diagonal, lambda: (draw(), 1.0)), (np.add.at, lambda: (draw(), [9], 1.0)),
    (np.multiply.at, lambda: (draw(), [9], 1.0)),
    (np.multiply.at, lambda: (draw(), [0], draw((3,)))),
    (operator.imul, lambda: (draw(), draw((3,)))), (operator.iadd, lambda: (draw((1,)), draw())),
    (operator.iadd, lambda: (np.arange(3), 1.5)), (operator.imul, lambda: (draw(), 1j)),
])
def test_what_numpy_refuses_fails_with_its_error_and_changes_nothing(target, make):
    if target is operator.delitem:
        # NumPy's ValueError; the derivative says what can be deleted from.
        with pytest.raises(UnsupportedError, match="Instead, "):
            registry.find(target).function(*make())
        return
    check_error(target, make)


def frozen():
    a = draw()
    a.flags.writeable = False
    return a


@pytest.mark.parametrize(("target", "args"), [
    (operator.setitem, (np.arange(3), 0, 1.5)), (operator.setitem, (np.arange(3), 0, draw(()))),
    (np.ndarray.__setitem__, (np.arange(3), slice(None), draw((3,)))),
    (np.ndarray.fill, (np.arange(3), 1.5)), (np.put, (np.arange(3), 0, 1.5)),
    (np.place, (np.arange(3), [True, False, True], 1.5)), (np.putmask, (np.arange(3), True, 1.5)),
    (np.copyto, (np.arange(3), 1.5, "unsafe")), (np.fill_diagonal, (np.eye(3, dtype=int), 1.5)),
])
def test_a_float_written_into_an_integer_array_is_refused(target, args):
    before = args[0].copy()
    with pytest.raises(UnsupportedError, match=r"rounds it.*\n?.*Instead, "):
        registry.find(target).function(*args)
    assert np.array_equal(args[0], before)


def test_of_values_for_one_entry_the_last_one_counts_as_numpy_left_it():
    rng = np.random.default_rng(3)
    for _ in range(200):
        shape = tuple(rng.integers(1, 5, 3))
        a = rng.standard_normal(shape)
        a = a.transpose(rng.permutation(3)) if rng.integers(2) else a[::-1]
        where = [rng.integers(0, n, (3, 2)) if rng.integers(2) else slice(None) for n in a.shape]
        index = tuple(where[:rng.integers(1, 4)])
        values = rng.standard_normal(a[index].shape)
        values = np.asfortranarray(values) if rng.integers(2) else values
        kept, names = a.copy(), np.arange(a.size, a.size + values.size).reshape(values.shape)
        _, pullback = registry.find(operator.setitem).function(a, index, values)
        # What an entry holds now says which value it came from.
        origin = {v: i for v, i in zip(values.ravel(), names.ravel())}
        a_bar = rng.standard_normal(a.shape)
        expected = np.zeros(values.size)
        for x, g, old in zip(a.ravel(), a_bar.ravel(), kept.ravel()):
            if x != old:
                expected[origin[x] - a.size] += g
        assert np.array_equal(pullback(None, a_bar)[2].ravel(), expected)


@pytest.mark.parametrize(("function", "sign"), [(operator.iadd, 1.0), (operator.isub, -1.0)])
def test_what_is_added_in_place_has_the_cotangent_of_the_array(function, sign):
    a, b = np.array([1.0, 2.0]), np.array([0.5, -0.5])
    _, pullback = registry.find(function).function(a, b)
    a_bar = np.array([2.0, -3.0])
    np.testing.assert_array_equal(pullback(None, a_bar)[1], sign * np.array([2.0, -3.0]))
    np.testing.assert_array_equal(a_bar, [2.0, -3.0])
