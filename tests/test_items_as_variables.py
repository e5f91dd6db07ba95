"""Comprehensions of known length, and tuples and dicts that loops bind anew, by differences."""

import math

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import arguments, compiler
from s2sdiff.transforms.context import Request

X = np.array([0.7, -0.4, 1.3])


def steps_of_tuples(p):
    y = (0.99, 0.01, 0.0)
    for _ in range(5):
        s, i, _ = y
        d = (-p[0] * s * i, p[0] * s * i - p[1] * i, p[1] * i)
        y = tuple(a + 0.1 * b for a, b in zip(y, d))
    return y[1] + p[2] * y[-1]


def rates(y, beta, gamma):
    s, i = y["S"], y["I"]
    return {"S": -beta * s * i, "I": beta * s * i - gamma * i, "R": gamma * i}


def steps_of_dicts(p):
    y = {"S": 0.99, "I": 0.01, "R": 0.0}
    for _ in range(5):
        d = rates(y, p[0], p[1])
        y = {n: y[n] + 0.1 * d[n] for n in y}
    return y["I"] + p[2] * y["R"]


def items_of_dicts(p):
    y = {"a": p[0], "b": p[1]}
    for k in range(3):
        y = {n: v * p[2] + k for n, v in y.items()}
    return y["a"] * y["b"]


def swapped_in_a_branch(p):
    y = (p[0], p[1])
    for k in range(4):
        if y[0] > y[1]:
            y = (y[1], y[0] * p[2])
        else:
            y = (y[0] * 0.5, y[1])
    return y[0] - 2.0 * y[1]


def no_rounds(p):
    y = (p[0], p[1] * 2.0)
    for _ in range(int(p[2]) - 1):
        y = (y[1], y[0])
    return y[0] * y[1] + y[0]


def left_early(p):
    y, n = (p[0], p[1]), 0
    while True:
        y = (y[0] + 0.5, y[1] * y[0])
        n += 1
        if n > 2:
            break
    return y[1] * p[2]


def handed_on_whole(p):
    y = (p[0], p[1])
    for _ in range(3):
        y = tuple(v * p[2] for v in y)
    return sum(y) + len(y)


def of_an_argument(p, y=(0.5, 2.0)):
    for _ in range(3):
        y = (y[1] * p[0], y[0] + p[1])
    return y[0] * y[1]


def written_later(p):
    y = {"a": p[0], "b": p[1]}
    for _ in range(2):
        y = {k: v * p[2] for k, v in y.items()}
    y["a"] = y["a"] * y["b"]
    y["c"] = 3.0
    return y["a"] + y["c"] * y["b"]


def seen_by_two_names(p):
    y = {"a": p[0]}
    for _ in range(2):
        z = y
        y = {"a": z["a"] * p[1]}
        z["a"] = 0.0
    return y["a"] + z["a"]


def keys_that_are_computed(p):
    y = {"a": p[0], "b": p[1]}
    for k in ("b", "a", "b"):
        y = {n: (v * p[2] if n == k else v) for n, v in y.items()}
    return y["a"] + y["b"] ** 2


def other_keys_on_one_way(p):
    y = {"a": p[0]}
    if p[1] < 0:
        y = {"a": p[1], "b": p[2]}
    return y["a"] + y.get("b", 0.0)


def lists_in_tuples(p):
    pair = ([p[0]], [p[1]])
    for _ in range(2):
        pair = (pair[1], pair[0])
        pair[0].append(p[2] * pair[0][-1])
    return sum(pair[0]) * pair[1][-1]


def popped(p):
    d = {"u": p[0], "v": [p[1], p[2]]}
    u, v = tuple([d[k] for k in ("u", "v")])
    return u * v.pop() + v[0]


def conditions_in_rounds(p):
    y = (p[0], p[1], p[2])
    for _ in range(2):
        y = tuple([a * b if a > 0 else a - b for a, b in zip(y, reversed(y))])
    return y[0] + y[1] * y[2]


def vectors(p):
    state = (p, np.ones(3))
    for _ in range(3):
        x, v = state
        state = (x + 0.1 * v, v - 0.1 * np.sin(x))
    return np.sum(state[0] * state[1])


def same_object(p):
    y = (p[0], p[1])
    first = y
    for _ in range(2):
        y = (y[0] * 2.0, y[1])
    return y[0] * y[1] if first is not y else 0.0


def missing(p):
    y = {"a": p[0]}
    for _ in range(2):
        try:
            y = {"a": y["a"] * y["b"]}
        except KeyError:
            y = {"a": y["a"] * p[1]}
    return y["a"]


def one_after_the_other(p):
    total, log = 0.0, []
    y = (p[0], p[1])
    for k in range(2):
        y = tuple(log.append(k) or v * p[2] for v in y)
        total += y[0]
    return total * len(log)


PROGRAMS = [
    steps_of_tuples, steps_of_dicts, items_of_dicts, swapped_in_a_branch, no_rounds, left_early,
    handed_on_whole, of_an_argument, written_later, seen_by_two_names, keys_that_are_computed,
    other_keys_on_one_way, lists_in_tuples, popped, conditions_in_rounds, vectors, same_object,
    missing, one_after_the_other,
]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_both_modes_agree_with_differences(f):
    x = X.copy()
    sd.check_grads(f, (x,))
    value, pullback = sd.vjp(f, x)
    assert value == f(x)
    np.testing.assert_array_equal(*[pullback(1.0) for _ in range(2)])
    np.testing.assert_array_equal(x, X)


@pytest.mark.parametrize("f", [steps_of_tuples, steps_of_dicts], ids=lambda f: f.__name__)
def test_items_are_variables_of_the_text(f):
    text = _text(f)
    assert "rt." not in text, text


def _text(f):
    known = arguments.arguments_of(f, (X,), {})
    return compiler.compile_for(f, Request("grad", ("p",), outer=True), known).printed.text


def test_an_item_that_is_not_there_is_missed_as_before():
    def f(p):
        y = (p[0], p[1])
        for _ in range(2):
            y = (y[0] * 2.0, y[1])
        return y[2]

    with pytest.raises(IndexError, match="out of range"):
        sd.grad(f)(X)


# --------------------------------------------------------------------- functions as arguments


def decay(y):
    return -0.5 * y * y


def slope(t, y, k):
    return np.array([y[1], -k * y[0] - 0.1 * y[1] * t])


def euler(f, y, n):
    for _ in range(n):
        y = y + 0.01 * f(y)
    return y


def rk4(f, t, y, h, *args):
    k1 = f(t, y, *args)
    k2 = f(t + h / 2, y + h / 2 * k1, *args)
    return y + h * f(t + h, y + h * k2, *args)


def of_functions(p):
    return euler(decay, p[0], 4) + euler(math.sin, p[1], 3) * p[2]


def of_more_arguments(p):
    y = p[:2]
    for i in range(3):
        y = rk4(slope, 0.1 * i, y, 0.1, p[2])
    return y[0] * y[1]


def of_a_closure(p):
    def f(t, y):
        return np.array([y[1], -p[2] * y[0] - 0.1 * y[1] * t])

    y = p[:2]
    for i in range(3):
        y = rk4(f, 0.1 * i, y, 0.1)
    return y[0] * y[1]


def chosen(p):
    f = decay if p[0] > 0 else math.sin
    return euler(f, p[1], 3) * p[2]


@pytest.mark.parametrize("f", [of_functions, of_more_arguments, of_a_closure, chosen],
                         ids=lambda f: f.__name__)
def test_functions_that_helpers_are_given_agree_with_differences(f):
    sd.check_grads(f, (X,))
    sd.check_grads(f, (-X,))


@pytest.mark.parametrize("f", [of_functions, of_more_arguments, of_a_closure],
                         ids=lambda f: f.__name__)
def test_functions_that_helpers_are_given_are_written_in(f):
    assert "by_place" not in _text(f)


def test_a_function_that_another_name_takes_is_the_other_one(monkeypatch):
    gradient = sd.grad(lambda y: euler(decay, y, 1))
    assert gradient(2.0) == pytest.approx(1 - 0.02)
    monkeypatch.setitem(globals(), "decay", lambda y: 3.0 * y)
    assert gradient(2.0) == pytest.approx(1.03)


def test_each_function_given_has_its_own_code():
    gradient = sd.grad(euler, wrt="y")
    assert gradient(decay, 2.0, 1) == pytest.approx(1 - 0.02)
    assert gradient(math.sin, 2.0, 1) == pytest.approx(1 + 0.01 * math.cos(2.0))
    assert gradient(lambda y: y**3, 2.0, 1) == pytest.approx(1.12)
    assert gradient(decay, 2.0, 1) == pytest.approx(1 - 0.02)


# ------------------------------------------------------------------------- arrays of displays


@pytest.mark.parametrize("make", [
    lambda p: np.array([p[0] * p[1], 2.0, p[2]]),
    lambda p: np.array([p[0] * p[1], 2, math.floor(p[2])]),
    lambda p: np.array([[p[0], 2.0], [0.5, p[2] ** 2]]),
    lambda p: np.array(((p[0], 2.0), (0.5, 1.0))),
    lambda p: np.asarray([p, [1.0, 2.0, 3.0]]),
    lambda p: np.array([p[0], p[1] * 1j]),
    lambda p: np.array([p[:2] * 2.0, p[1:]]),
])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_arrays_of_displays_agree_with_differences_forwards(make, dtype):
    value, dot = sd.jvp(make, (X.astype(dtype),), (X[::-1].astype(dtype),))
    h = 1e-6
    expected = (make(X + h * X[::-1]) - make(X - h * X[::-1])) / (2 * h)
    assert (dot.dtype, dot.shape) == (value.dtype, value.shape)
    np.testing.assert_allclose(dot, expected, atol=1e-5)
