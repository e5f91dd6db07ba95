"""Products with Hessians of programs whose code finds out when it runs what it deals with."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import forward
from s2sdiff.runtime import tangents
from s2sdiff.runtime.dots import Dots
from s2sdiff.runtime.pushed_by_place import push_in
from s2sdiff.second import random_tangent
from s2sdiff.together import flat

RNG = np.random.default_rng(4)
X = RNG.normal(size=(6, 3))


def recurrent(params, xs):
    h = np.zeros(3)
    total = 0.0
    for x in xs:
        h = np.tanh(params["w"] @ h + params["u"] @ x)
        total += np.sum(h * h)
    return total


def nested_layers(params, x):
    def layer(h, p):
        return np.tanh(h @ p["w"] + p["b"])

    for p in params["hidden"]:
        x = layer(x, p)
    return np.sum(x ** 2)


def of_stack(x, operations):
    stack = []
    for operation in operations:
        if operation == "push":
            stack.append(x[len(stack)])
        elif operation == "times":
            stack.append(stack.pop() * stack.pop())
        else:
            stack.append(math.sin(stack.pop()))
    return stack.pop()


def recursive(x, n):
    return x if n == 0 else math.sin(recursive(x, n - 1)) + x * 0.1


def picked(w, x, labels):
    z = x @ w
    z = z - np.max(z, axis=1, keepdims=True)
    return np.mean(np.log(np.sum(np.exp(z), axis=1)) - z[np.arange(len(labels)), labels])


@dataclass
class Line:
    slope: float
    shift: np.ndarray
    name: str = "line"


def of_line(line, x):
    return np.sum((line.slope * x + line.shift) ** 2) * line.slope


PROGRAMS = {
    "recurrent": (recurrent, {"w": RNG.normal(size=(3, 3)) / 2, "u": RNG.normal(size=(3, 2))},
                  [RNG.normal(size=2) for _ in range(4)]),
    "nested": (nested_layers, {"hidden": [{"w": RNG.normal(size=(3, 3)), "b": np.ones(3)}
                                          for _ in range(2)]}, X),
    "stack": (of_stack, np.array([0.3, 0.7, 1.1]), ["push", "push", "times", "push", "sin"]),
    "recursive": (recursive, 0.5, 3),
    "picked": (picked, RNG.normal(size=(3, 4)), X, np.array([0, 3, 1, 1, 2, 3])),
    "object": (of_line, Line(1.5, np.array([0.5, -1.0])), np.array([1.0, 2.0])),
}


def product(f, args, along):
    found = sd.hvp(f, args, (along, *[None] * (len(args) - 1)))
    return flat(found[0])


@pytest.mark.parametrize("name", PROGRAMS)
def test_products_are_differences_of_gradients_and_symmetric(name):
    f, *args = PROGRAMS[name]
    along, other = random_tangent(args[0]), random_tangent(args[0], 7)
    before = flat(args[0]).copy()
    first = product(f, args, along)
    # The second time it is taken without the questions of the first.
    np.testing.assert_array_equal(product(f, args, along), first)
    np.testing.assert_array_equal(flat(args[0]), before)
    ends = [sd.move(args[0], along=step * sd.TangentVector(along)) for step in (1e-5, -1e-5)]
    slopes = [flat(sd.grad(f)(end, *args[1:])) for end in ends]
    np.testing.assert_allclose(first, (slopes[0] - slopes[1]) / 2e-5, rtol=1e-6, atol=1e-8)
    assert first @ flat(other) == pytest.approx(product(f, args, other) @ flat(along))


def test_what_arrays_of_integers_pick_is_known():
    text = sd.source(picked, "grad", args=(np.ones((3, 4)), X, np.arange(6) % 4))
    assert "rt.call" not in text and "rt.place" in text


@pytest.mark.parametrize("rows, columns", [
    ([0, 0, 2], [1, 1, 0]), ([1], [0, 2, 2]), ([0, 1], 2), ([2], [1])])
def test_picks_broadcast_and_repeat(rows, columns):
    rows, columns = np.array(rows), np.array(columns) if isinstance(columns, list) else columns

    def f(a):
        return np.sum(a[rows, columns] ** 3)

    a = np.arange(1.0, 10.0).reshape(3, 3)
    slope = np.zeros((3, 3))
    np.add.at(slope, (rows, columns), 3 * a[rows, columns] ** 2)
    np.testing.assert_allclose(sd.grad(f)(a), slope)
    twice = np.zeros((3, 3))
    np.add.at(twice, (rows, columns), 6 * a[rows, columns])
    np.testing.assert_allclose(sd.hvp(f, (a,), (np.ones((3, 3)),)), twice)


def test_float32_stays_and_agrees():
    w = RNG.normal(size=(3, 4)).astype(np.float32)
    args = (w, X.astype(np.float32), np.arange(6) % 4)
    found = sd.hvp(picked, args, (np.ones_like(w) * w, None, None))[0]
    wide = sd.hvp(picked, (w.astype(float), X, args[2]), (w.astype(float), None, None))[0]
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, wide, atol=1e-5)


# ------------------------------------------------------------------- calls with plain numbers


def test_a_tangent_is_never_that_of_another_value():
    x, dot = np.ones(3), np.arange(3.0)
    for push in (tangents.push, lambda *a: push_in(Dots(), *a)):
        value, found = push((0,), (dot,), np.add, x, 1.0)
        assert not np.may_share_memory(found, dot) and found.flags.writeable
        value += 1.0
        found += 1.0
        np.testing.assert_array_equal(dot, np.arange(3.0))


def test_tangents_have_their_values_order_of_memory():
    x = np.asfortranarray(RNG.normal(size=(2, 3)))
    value, found = tangents.push((0,), (np.ones((2, 3)),), np.sin, x)
    assert found.strides == value.strides
    np.testing.assert_allclose(found, np.cos(x))


def test_a_cotangent_that_is_added_to_nothing_stays_itself():
    from s2sdiff.runtime.arrays import add

    g, dot = np.ones(2), np.zeros(2)
    value, found = push_in(Dots(), (1,), (dot,), add, None, g)
    assert value is g and found is dot


def test_structures_that_differ_are_not_done_alike():
    from s2sdiff.runtime.arrays import match
    from s2sdiff.runtime.linear_helpers import HELPERS

    g, x = {0: np.ones(2)}, [np.ones(2)]
    assert HELPERS[match]((0,), ({0: np.zeros(2)},), (g, x)) is not None
    for dot in ({}, {0: np.zeros(2, np.float32)}, {0: None}, None, {0: np.zeros(3)}):
        assert HELPERS[match]((0,), (dot,), (g, x)) is None


def test_a_derivative_of_ones_own_is_asked():
    push = tangents.push
    assert push((0,), (1.0,), math.sin, 0.5) == (math.sin(0.5), math.cos(0.5))
    with sd.derivatives({math.sin: lambda x: (math.sin(x), lambda bar: bar * 7.0)}):
        assert push((0,), (1.0,), math.sin, 0.5) == (math.sin(0.5), 7.0)
    assert push((0,), (1.0,), math.sin, 0.5) == (math.sin(0.5), math.cos(0.5))


def test_where_the_known_text_refuses_all_is_asked_anew(monkeypatch):
    def cube_of_first(x):
        return x[0] ** 3

    x = np.array([2.0, 1.0])
    assert sd.hvp(cube_of_first, (x,), (np.ones(2),))[0] == 12.0

    def refusing(x, dot):
        x[0] = 100.0
        raise sd.errors.UnsupportedError("this branch")

    monkeypatch.setattr(forward, "known_link", lambda f, slots: refusing)
    assert sd.hvp(cube_of_first, (x.copy(),), (np.ones(2),))[0] == 12.0


def test_what_writes_its_argument_writes_no_tangent_of_the_callers():
    def f(x):
        x *= 2.0
        return np.sum(x ** 3)

    along = np.array([1.0, 0.5])
    for _ in range(2):
        found = sd.hvp(f, (np.array([1.0, 2.0]),), (along,))
        np.testing.assert_allclose(found, [48.0, 48.0])
        np.testing.assert_array_equal(along, [1.0, 0.5])
