"""Numbers in modules, classes, objects, dicts and lists that code reads by names from outside."""

from __future__ import annotations

import argparse
import dataclasses
import types

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.cache import record_of
from tests import settings_module


class Config:
    dt = 0.1
    steps = 3


@dataclasses.dataclass
class Gas:
    heat: float = 1.4
    parts: tuple = (0.25, 0.75)


class Solver:
    def __init__(self):
        self.gas = Gas()
        self.scale = np.array([1.0, 2.0, 4.0])
        self.on, self.kind = True, "euler"


SOLVER = Solver()
NAMES = types.SimpleNamespace(k=2.0)
GIVEN = argparse.Namespace(alpha=0.5)
TABLE = {"water": {"A": 8.07, "B": 1730.6, "C": 233.4}, "ethanol": {"A": 8.2, "B": 1642.9,
                                                                    "C": 230.3}}
COEFFICIENTS = [1.0, -2.0, 0.5]
TERMS = [(1.5, 1), (0.5, 3)]
PAIR = (2.0, (3.0, 0.5))


def of_class(x):
    return Config.dt * x * x


def of_module(x):
    return settings_module.rate * x * x


def of_objects(x):
    return SOLVER.gas.heat * x * x + NAMES.k * x + GIVEN.alpha


def of_dicts(x):
    d = TABLE["water"]
    return 10 ** (d["A"] - d["B"] / (x + d["C"]))


def of_a_key(x, name="ethanol"):
    d = TABLE[name]
    return d["A"] - d["B"] / (x + d["C"])


def of_lists(x):
    total = 0.0
    for i, c in enumerate(COEFFICIENTS):
        total += c * x ** (i + 1)
    return total + COEFFICIENTS[2] * x


def of_rows(x):
    return sum(c * x ** n for c, n in TERMS)


def of_tuples(x):
    a, (b, c) = PAIR
    return a * x + b * x * x + c


def in_a_loop(x):
    for _ in range(Config.steps):
        if SOLVER.on and SOLVER.kind == "euler":
            x = x + Config.dt * x * x
    return x


def beside_writes(x):
    out, seen = np.zeros(3), []
    for i in range(3):
        out[i] = Config.dt * x * SOLVER.scale[i]
        seen.append(out[i] * TABLE["water"]["A"])
    return np.sum(out) * seen[1]


EXPECTED = {
    of_class: lambda x: 0.2 * x,
    of_module: lambda x: 1.0 * x,
    of_objects: lambda x: 2.8 * x + 2.0,
    of_dicts: lambda x: 10 ** (8.07 - 1730.6 / (x + 233.4)) * np.log(10) * 1730.6 / (
        x + 233.4) ** 2,
    of_a_key: lambda x: 1642.9 / (x + 230.3) ** 2,
    of_lists: lambda x: 1.0 - 4.0 * x + 1.5 * x**2 + 0.5,
    of_rows: lambda x: 1.5 + 1.5 * x**2,
    of_tuples: lambda x: 2.0 + 6.0 * x,
    in_a_loop: lambda x: (1 + 0.2 * x) * (1 + 0.2 * (x1 := x + 0.1 * x * x)) * (
        1 + 0.2 * (x1 + 0.1 * x1 * x1)),
    beside_writes: lambda x: 2 * x * 0.7 * 0.2 * 8.07,
}


@pytest.mark.parametrize("f", EXPECTED, ids=lambda f: f.__name__)
def test_what_is_read_of_settings_is_written_as_by_hand(f):
    text = sd.source(f, mode="grad", args=(1.3,))
    assert "rt.call(" not in text and "by_place" not in text
    assert sd.grad(f)(1.3) == pytest.approx(EXPECTED[f](1.3))
    assert sd.jvp(f, (1.3,), (2.0,))[1] == pytest.approx(2 * EXPECTED[f](1.3))
    value, pullback = sd.vjp(f, 1.3)
    assert value == f(1.3)
    assert pullback(1.0) == pullback(1.0) == pytest.approx(EXPECTED[f](1.3))


def test_of_another_kind_later(monkeypatch):
    g = sd.grad(of_class)
    assert g(1.5) == pytest.approx(0.3)
    monkeypatch.setattr(Config, "dt", 2)
    assert g(1.5) == 6.0
    monkeypatch.setattr(Config, "dt", np.array([1.0, 2.0]))
    assert sd.grad(lambda x: np.sum(of_class(x)))(1.5) == 9.0
    monkeypatch.setattr(Config, "dt", np.float32(0.5))
    assert g(np.float32(2.0)).dtype == np.float32


def test_lists_and_dicts_of_other_items_later(monkeypatch):
    g, h = sd.grad(of_lists), sd.grad(of_dicts)
    before = g(2.0), h(80.0)
    monkeypatch.setitem(globals(), "COEFFICIENTS", (1, 2, 3.0, 4))
    assert g(2.0) == 1 + 4 * 2 + 9 * 4 + 16 * 8 + 3
    monkeypatch.undo()
    monkeypatch.setitem(TABLE, "water", {"A": 8, "B": np.float64(1730.6), "C": 233.4, "D": "x"})
    assert h(80.0) == pytest.approx(10**-0.07 * before[1])
    monkeypatch.undo()
    assert (g(2.0), h(80.0)) == before


def test_what_is_gone_is_said_as_in_a_plain_call(monkeypatch):
    g = sd.grad(of_dicts)
    assert g(80.0) > 0
    monkeypatch.delitem(TABLE, "water")
    with pytest.raises(KeyError, match="water"):
        g(80.0)


def test_of_a_helper_in_what_calls_it(monkeypatch):
    def f(x):
        return of_class(x) * 2.0 + x

    g = sd.grad(f)
    assert g(1.5) == pytest.approx(1.6)
    monkeypatch.setattr(Config, "dt", [1.0, 2.0])
    with pytest.raises(TypeError):
        g(1.5)
    monkeypatch.setattr(Config, "dt", 1)
    assert g(1.5) == 7.0


def test_a_property_in_its_place_later(monkeypatch):
    class Other:
        gas = Gas(3.0)

    g = sd.grad(of_objects)
    assert g(1.0) == pytest.approx(4.8)
    monkeypatch.setitem(globals(), "SOLVER", Other())
    assert g(1.0) == pytest.approx(8.0)
    monkeypatch.setattr(Other, "gas", property(lambda self: Gas(1.0)))
    assert g(1.0) == pytest.approx(4.0)


def test_what_the_function_itself_writes_is_read_anew():
    state = {"v": 1.0, "n": 0}

    def through_another_name(x):
        d = state
        d["v"] = x * x
        found = state["v"] * x
        d["v"] = 1.0
        return found

    def counted(x):
        state["n"] += 1
        return state["n"] * 0 + state["v"] * x * x

    assert sd.grad(through_another_name)(2.0) == 12.0
    assert sd.jvp(through_another_name, (2.0,), (1.0,))[1] == 12.0
    assert sd.grad(counted)(2.0) == 4.0


def test_arrays_of_two_objects_have_shapes_of_their_own():
    one, two = types.SimpleNamespace(w=np.ones(3)), types.SimpleNamespace(w=np.ones((2, 1)))

    def f(p):
        return np.sum(one.w * p * two.w) + np.sum(two.w)

    np.testing.assert_array_equal(sd.grad(f)(np.ones(3)), [2.0, 2.0, 2.0])
    np.testing.assert_array_equal(sd.grad(f)(2.0), 6.0)


LOG: list = []
STATE = {"n": 0, "last": None}


def test_what_is_noted_outside_does_not_make_code_anew():
    def logs(x):
        LOG.append("called")
        return Config.dt * x * x

    def counts(x):
        STATE["n"] += 1
        STATE["last"] = "x"
        return Config.dt * x * x

    for f in (logs, counts):
        g = sd.grad(f)
        for i in range(5):
            assert g(1.0 + i) == pytest.approx(0.2 * (1 + i))
        assert [len(state.entries) for state in record_of(f).states.values()] == [1]
    assert (len(LOG), STATE["n"]) == (5, 5)


class Meter:
    """Its attribute is of another kind when it has been shown, or told of by another name."""

    def __init__(self):
        self.k = 2.0

    def __format__(self, spec):
        self.k = np.array([1.0, 2.0])
        return "meter"

    @property
    def both(self):
        return self.k

    @both.setter
    def both(self, value):
        self.k = value


def test_what_a_class_writes_unseen_is_read_anew():
    meter = Meter()

    def shown(x):
        text = f"{meter}"
        return np.sum(meter.k * x) + 0 * len(text)

    def told(x, m):
        m.both = np.array([1.0, 2.0])
        return np.sum(meter.k * x)

    for f, more in ((shown, ()), (told, (meter,))):
        for way in (lambda f, *more: sd.grad(f)(1.5, *more),
                    lambda f, *more: sd.jvp(f, (1.5, *more), (1.0, *[None] * len(more)))[1]):
            meter.k = 2.0
            try:
                found = way(f, *more)
            except sd.DifferentiationError as error:
                assert "Instead, " in str(error)
            else:
                assert found == 3.0


class Grown(list):
    class node:
        pass

    scale = 2.0


def test_a_class_that_holds_one_called_node_is_no_text():
    assert sd.grad(lambda x: Grown([x])[0] * Grown.scale * x)(3.0) == 12.0
