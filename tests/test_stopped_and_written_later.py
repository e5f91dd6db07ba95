"""What `stop_gradient` gave, and somebody keeps, of what another function writes afterwards."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.runtime import constant_values
from s2sdiff.runtime.kept_in_run import ENDS, RUN


class Holder:
    def __init__(self, value=None):
        self.value = value


def twice(write, *args):
    for _ in range(2):
        write(*args)


def put_value(holder, value):
    holder.value = value


def put_item(items, value):
    items["a"] = value


def given(x):
    for _ in range(1):
        found = sd.stop_gradient(x)
    return found


def held(items, x):
    for _ in range(1):
        items.append(sd.stop_gradient(x))


def in_a_later_round(x):
    table, kept = {"a": x}, []
    for i in range(3):
        if i:
            twice(put_item, table, x ** 2)
        else:
            kept.append(sd.stop_gradient(table))
    return kept[0]["a"] * x


def under_the_other_name(x):
    holder, kept = Holder(x), []
    for i in range(3):
        if i:
            twice(put_value, kept[0], 5.0)
        else:
            kept.append(sd.stop_gradient(holder))
    return holder.value * x


def in_a_list_of_a_helper(x):
    holder, kept = Holder(x), []
    held(kept, holder)
    holder.value = x ** 2
    return kept[0].value * x


def in_an_array(x):
    a, kept = np.array([x, 1.0]), []
    held(kept, a)
    a[0] = x ** 2
    return kept[0][0] * x


def given_by_a_helper(x):
    holder = Holder(x)
    kept = given(holder)
    holder.value = x ** 2
    return kept.value * x


def an_array_that_is_gone(x):
    a = np.array([x, 1.0])
    return first(a, x) * x


def first(a, x):
    kept = given(a)
    a[0] = x ** 2
    return kept[0]


def a_list_that_grows(x):
    items = [x]
    kept = given(items)
    items.append(x ** 2)
    return kept[-1] * x


WAYS = (in_a_later_round, under_the_other_name, in_a_list_of_a_helper, in_an_array,
        given_by_a_helper, an_array_that_is_gone, a_list_that_grows)


@pytest.mark.parametrize("f", WAYS)
def test_what_is_written_afterwards_is_refused_where_it_was_stopped(f):
    for derivative in (lambda: sd.grad(f)(2.0), lambda: sd.vjp(f, 2.0),
                       lambda: sd.jvp(f, (2.0,), (1.0,))):
        with pytest.raises(sd.AliasingError, match="(?s)sd.stop_gradient.*written.*Instead, "):
            derivative()


class Simulation:
    def __init__(self, x):
        self.u, self.seen = np.array([x, 1.0]), []

    def report(self):
        for _ in range(1):
            self.seen.append(float(np.sum(sd.stop_gradient(self.u))))
            self.note(sd.stop_gradient(self.u))

    def note(self, u):
        self.seen.append(float(u[0]))

    def step(self, x):
        for _ in range(2):
            self.u[0] += x * self.u[1]


def test_what_nobody_keeps_may_be_written_afterwards():
    def f(x):
        simulation = Simulation(x)
        for _ in range(3):
            simulation.report()
            simulation.step(x)
        return np.sum(simulation.u)

    sd.check_grads(f, (2.0,))


def test_what_is_kept_and_not_written_is_a_constant():
    def f(x):
        holder, kept = Holder(x), []
        held(kept, holder)
        held(kept, np.array([x, 2.0]))
        return kept[0].value * x + np.sum(kept[1]) * x

    for _ in range(2):
        assert sd.grad(f)(3.0) == pytest.approx(8.0)
        assert sd.jvp(f, (3.0,), (1.0,)) == pytest.approx((24.0, 8.0))


def test_copies_that_nobody_has_any_more_are_let_go(monkeypatch):
    monkeypatch.setattr(RUN, "kept", {})
    mine = constant_values.stopped([1.0])
    for _ in range(600):
        constant_values.stopped([2.0])
    (given,) = RUN.kept[ENDS]
    assert len(given.pairs) < 300
    assert given.pairs[0][0] is mine
