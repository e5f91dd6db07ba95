"""What functions leave in their arguments, where derivatives of derivatives ran on copies."""

import collections
import copy

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.left_behind import Before

X = np.array([0.7, -0.4])


def counted(x):
    seen = {}

    def loss(y):
        seen["calls"] = seen.get("calls", 0) + 1
        return np.sum(y**3)

    return np.sum(sd.grad(loss)(x) * x) * seen["calls"]


def counted_before(x):
    seen = {"calls": 5}

    def loss(y):
        seen["calls"] = seen.get("calls", 0) + 1
        return np.sum(y**3)

    first = np.sum(sd.grad(loss)(x) * x)
    return (first + np.sum(sd.grad(loss)(x))) * seen["calls"]


def counted_along(x):
    calls = []

    def loss(y):
        calls.append("loss")
        return np.sum(y**3)

    return sd.jvp(loss, (x,), (x,))[1] * len(calls)


#: By function: its gradient in closed form.
COUNTED = {
    counted: lambda x: 9 * x**2,
    counted_before: lambda x: 7 * (9 * x**2 + 6 * x),
    counted_along: lambda x: 9 * x**2,
}


@pytest.mark.parametrize("f", COUNTED)
def test_what_is_counted_in_a_nested_derivative_is_counted_once(f):
    expected, before = COUNTED[f](X), X.copy()
    value, pullback = sd.vjp(f, X)
    assert value == pytest.approx(f(X))
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), expected, rtol=1e-6)
    np.testing.assert_array_equal(X, before)


def test_forward_mode_counts_once():
    value, dot = sd.jvp(counted_along, (X,), (np.array([1.0, -2.0]),))
    assert value == pytest.approx(counted_along(X))
    assert dot == pytest.approx(COUNTED[counted_along](X) @ [1.0, -2.0], rel=1e-6)


class Pair(tuple):
    @property
    def first(self):
        return self[0]


class Spot:
    def __init__(self, x, label="start"):
        self.x, self.label = x, label


def writing(spot, values, table):
    values.append(0.17)
    table["n"] = table.get("n", 0) + 1
    part = Pair((values[0] ** 2, spot.x))
    result = 0.5 * part.first * spot.x
    spot.x, spot.label = None, "end"
    values[0] = table
    return result


def test_products_leave_in_arguments_what_the_call_leaves():
    plain = Spot(0.5), [0.3, 1.4], {"w": 1.0}
    writing(*plain)
    args = Spot(0.5), [0.3, 1.4], {"w": 1.0}
    given = copy.copy(args)
    sd.hvp(writing, args, (Spot(1.0, None), [1.0, 2.0], {"w": 0.0}))
    assert all(a is b for a, b in zip(args, given, strict=True))
    assert vars(args[0]) == vars(plain[0])
    assert args[1][1:] == plain[1][1:] and args[1][0] is args[2]
    assert args[2] == plain[2] == {"w": 1.0, "n": 1}


def test_what_was_written_is_there_again():
    items, x, table, seen = [1.0, "a"], np.array([1.0, 2.0]), {"x": 1.0}, {3}
    holder = Holder(x[1:])
    given = items, table, holder, seen
    before = Before(given)
    items[0], holder.seen, table["y"] = items, holder.total, table.pop("x")
    items.append(2.0)
    x *= 2.0
    seen.clear()
    assert before.moved()
    before.undo()
    assert items == [1.0, "a"] and x[1] == 2.0 and table == {"x": 1.0} and seen == {3}
    assert holder.seen is None and list(holder.values) == [2.0]


def test_a_counter_moves_nothing_and_a_number_that_is_elsewhere_does():
    table, rows = {"n": 1, "x": 0.5}, []
    before = Before((table, rows))
    table["n"] += 1
    rows.append("call")
    assert not before.moved()
    table["y"] = table.pop("x")
    assert before.moved()


def written_along(x):
    before = x.copy()

    def loss(y):
        part = Pair((np.sum(y**3), 1.0)).first
        y *= 2.0
        return part

    slope = sd.grad(loss)(before)
    return np.sum(slope * x) + np.sum(before)


def test_an_array_that_a_nested_loss_writes_and_others_read():
    # 3 x^2 . x, and 2 x
    assert written_along(X) == pytest.approx(3 * np.sum(X**3) + 2 * np.sum(X))
    expected = 9 * X**2 + 2
    np.testing.assert_allclose(sd.grad(written_along)(X), expected)
    assert sd.jvp(written_along, (X,), (np.array([1.0, 2.0]),))[1] == pytest.approx(
        expected @ [1.0, 2.0])


class Holder:
    def __init__(self, values):
        self.values, self.seen = values, None

    def total(self):
        return self.values.sum()


def test_dicts_in_order_and_deques_are_there_whole():
    given = collections.OrderedDict(a=1.0, b="x"), collections.deque([1.0, "y"], maxlen=3)
    before = Before(given)
    given[0].move_to_end("a")
    given[1].extend("zz")
    before.undo()
    assert list(given[0].items()) == [("a", 1.0), ("b", "x")]
    assert list(given[1]) == [1.0, "y"] and given[1].maxlen == 3


def by_keyword(x, *, rows=None):
    rows.append("call")
    return Pair((x**3, 1.0)).first


def along_by_keyword(x):
    rows = []
    slope = sd.grad(by_keyword)(x, rows=rows)
    return slope * len(rows)


def test_arguments_by_keyword_are_written_once():
    assert along_by_keyword(0.5) == pytest.approx(0.75)
    for way in (lambda: sd.grad(along_by_keyword)(0.5),
                lambda: sd.jvp(along_by_keyword, (0.5,), (1.0,))[1]):
        with pytest.raises(sd.DifferentiationError, match="Instead, "):
            way()


def noted(x, rows, *, power=2):
    rows.append("call")
    return Pair((x**power, 1.0)).first


def along_noted(x):
    rows = []
    return sd.grad(noted)(x, rows, power=3) * len(rows)


def test_what_is_given_by_keyword_counts():
    assert along_noted(0.5) == pytest.approx(0.75)
    assert sd.grad(along_noted)(0.5) == pytest.approx(3.0)
    assert sd.jvp(along_noted, (0.5,), (2.0,))[1] == pytest.approx(6.0)


def lengthened(x, rows):
    rows.append("a")
    return x**3 * rows[0]


def of_pullback(s):
    rows = [s]
    value, pullback = sd.vjp(lengthened, 0.5 * s, rows)
    x_bar, rows_bar = pullback(1.0)
    return x_bar * len(rows) + rows_bar[0] * value


def test_pullbacks_inside_of_what_makes_a_list_longer():
    # 1.5 s^3 + s^7 / 64
    s = 0.7
    assert of_pullback(s) == pytest.approx(1.5 * s**3 + s**7 / 64)
    assert sd.grad(of_pullback)(s) == pytest.approx(4.5 * s**2 + 7 * s**6 / 64)
