"""Arguments that a name from outside means, too, where something active is written into one."""

from __future__ import annotations

import functools

import numpy as np
import pytest

import s2sdiff as sd


class Kept:
    def __init__(self):
        self.k, self.w = 1.0, np.ones(2)

    def put(self, v):
        self.k = v


TABLE, LIST, OBJECT = {"k": 1.0}, [1.0, 2.0], Kept()


@pytest.fixture(autouse=True)
def _as_it_was():
    yield
    TABLE["k"] = OBJECT.k = 1.0
    LIST[:] = [1.0, 2.0]
    OBJECT.w[:] = 1.0


def an_item(x, d):
    d["k"] = 3 * x
    return TABLE["k"] * x


def a_field(x, d):
    d.k = 3 * x
    return OBJECT.k * x


def an_array_of_a_field(x, d):
    d.w[0] = 3 * x
    return OBJECT.w[0] * x


def an_array(x, d):
    d[0] = 3 * x
    return OBJECT.w[0] * x


def _table():
    return TABLE["k"]


def read_by_a_helper(x, d):
    d["k"] = 3 * x
    return _table() * x


def _put(d, v):
    d["k"] = v


def written_by_a_helper(x, d):
    _put(d, 3 * x)
    return TABLE["k"] * x


def a_list(x, d):
    d[0] = 3 * x
    return LIST[0] * x


def appended(x, d):
    d.append(3 * x)
    return LIST[-1] * x


def _put_outside(v):
    TABLE["k"] = v


def written_outside(x, d):
    _put_outside(3 * x)
    return d["k"] * x


CASES = [(an_item, TABLE), (a_field, OBJECT), (an_array_of_a_field, OBJECT),
         (an_array, OBJECT.w), (read_by_a_helper, TABLE), (written_by_a_helper, TABLE),
         (a_list, LIST), (appended, LIST), (written_outside, TABLE)]


def _right_or_refused(call, expected):
    try:
        found = call()
    except (sd.AliasingError, sd.UnsupportedError) as error:
        assert "Instead, " in str(error)
        return
    np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize(("f", "d"), CASES, ids=lambda v: getattr(v, "__name__", ""))
@pytest.mark.parametrize("way", ["grad", "vjp", "jvp", "partial"])
def test_what_is_written_is_read_by_either_name(f, d, way):
    ways = {"grad": lambda: sd.grad(f)(1.3, d), "vjp": lambda: sd.vjp(f, 1.3, d)[1](1.0)[0],
            "jvp": lambda: sd.jvp(f, (1.3, d), (1.0, None))[1],
            "partial": lambda: sd.grad(functools.partial(f, d=d))(1.3)}
    _right_or_refused(ways[way], 7.8)


def test_an_argument_that_nobody_else_has_costs_nothing():
    def f(x, d):
        d["k"] = 3 * x
        return OBJECT.k * d["k"] * x

    text = sd.source(f, mode="grad", args=(1.3, {"k": 1.0}))
    assert "by_place" not in text
    assert sd.grad(f)(1.3, {"k": 1.0}) == pytest.approx(7.8)


@pytest.mark.parametrize("held", ["cell", "object"])
def test_products_with_hessians_of_what_is_written_by_another_name(held):
    if held == "cell":
        def f(x, d=TABLE):
            _put_outside(3 * x)
            return d["k"] * x

        captured = TABLE

        def g(x):
            _put_outside(3 * x)
            return captured["k"] * x
    else:
        def f(x):
            OBJECT.put(3 * x)
            return OBJECT.k * x

        other = OBJECT

        def g(x):
            other.put(3 * x)
            return OBJECT.k * x
    for h in (f, g):
        for call in (lambda h=h: sd.hvp(h, (1.3,), (1.0,)), lambda h=h: sd.grad(sd.grad(h))(1.3),
                     lambda h=h: sd.hessian(h)(1.3),
                     lambda h=h: sd.jvp(sd.grad(h), (1.3,), (1.0,))[1]):
            _right_or_refused(call, 6.0)


class Holder:
    def __init__(self):
        self.m = OBJECT

    def loss(self, x):
        OBJECT.put(3 * x)
        return self.m.k * x


def test_at_the_same_point_again():
    # What is there already, and is written once more, was taken for what is not written.
    holder = Holder()
    for _ in range(3):
        _right_or_refused(lambda: sd.jvp(sd.grad(holder.loss), (1.3,), (1.0,)), (7.8, 6.0))
        _right_or_refused(lambda: sd.hvp(holder.loss, (1.3,), (1.0,)), 6.0)
