"""Settings that are written, or replaced by code, where reading them does not show it."""

from __future__ import annotations

import types

import numpy as np
import pytest

import s2sdiff as sd
from tests import settings_that_write


def agree(f, x, *others):
    """Both modes at each point are as differences say, twice, or refused in words."""
    for at in (x, x + 0.3):
        h = 1e-6
        expected = (f(at + h, *others) - f(at - h, *others)) / (2 * h)
        for way in (lambda: sd.grad(f)(at, *others), lambda: sd.vjp(f, at, *others)[1](1.0),
                    lambda: sd.jvp(f, (at, *others), (1.0, *[None] * len(others)))[1]):
            try:
                found = way()
            except sd.DifferentiationError as error:
                assert "Instead, " in str(error)
            else:
                found = found[0] if isinstance(found, tuple) else found
                assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("f", [
    settings_that_write.by_a_helper, settings_that_write.a_number_by_a_helper,
    settings_that_write.by_the_table_of_modules, settings_that_write.by_its_names,
], ids=lambda f: f.__name__)
def test_a_module_that_binds_its_own_names_by_itself(f):
    try:
        agree(f, 1.3)
    finally:
        settings_that_write.rows, settings_that_write.rate = settings_that_write.OLD, 2.0


class Plain:
    pass


PLAIN = Plain()
PLAIN.rows = (1.0, 2.0)
CHANGES = [("rows", (3, 4.0, 5))]


def by_a_key_that_comes(x, names):
    before = PLAIN.rows[1] * x ** len(PLAIN.rows)
    for key, value in CHANGES:
        names[key] = value
    found = PLAIN.rows[1] * x ** len(PLAIN.rows)
    names["rows"] = (1.0, 2.0)
    return before + found * x


def by_update(x, names):
    before = PLAIN.rows[1] * x ** len(PLAIN.rows)
    names.update(CHANGES)
    found = PLAIN.rows[1] * x ** len(PLAIN.rows)
    names.update(rows=(1.0, 2.0))
    return before + found * x


@pytest.mark.parametrize("f", [by_a_key_that_comes, by_update], ids=lambda f: f.__name__)
def test_an_object_whose_names_are_written_as_a_dict(f):
    try:
        agree(f, 1.3, PLAIN.__dict__)
    finally:
        PLAIN.rows = (1.0, 2.0)


class Answering(type):
    @property
    def rate(cls):
        return np.array([1.0, 2.0])


class Answered(metaclass=Answering):
    rate = 3.0


def test_a_property_of_the_metaclass_comes_first():
    def f(x):
        return np.sum(Answered.rate * x)

    assert sd.grad(f)(1.5) == 3.0
    assert sd.vjp(f, 1.5)[1](1.0) == 3.0
    assert sd.jvp(f, (1.5,), (1.0,))[1] == 3.0


def test_a_property_takes_the_place_of_a_number():
    class Config:
        rate = 2.0

    config, calls = Config(), []

    def f(x):
        return config.rate * x

    def counted(self):
        calls.append(1.0)
        return 3.0 + 0.0 * len(calls)

    def raising(self):
        raise ValueError("no rate")

    def ways(x):
        return (lambda: sd.grad(f)(x), lambda: sd.vjp(f, x)[1](1.0),
                lambda: sd.jvp(f, (x,), (1.0,))[1])

    assert [way() for way in ways(1.5)] == [2.0, 2.0, 2.0]
    Config.rate = property(counted)
    for way in ways(1.5):
        calls.clear()
        try:
            assert way() == 3.0
        except sd.DifferentiationError as error:
            assert "Instead, " in str(error)
        assert len(calls) <= 1
    Config.rate = property(raising)
    for way in ways(1.5):
        with pytest.raises(ValueError, match="no rate"):
            way()


def test_names_of_an_object_that_are_no_attributes():
    space = types.SimpleNamespace(rate=2.0)

    def f(x, names):
        seen = {}
        for name in names:
            seen[name] = space.rate * x
        return sum(seen.values())

    text = sd.source(f, "grad", args=(1.5, ["a", "b"]))
    assert "rt.call" not in text and "by_place" not in text
    assert sd.grad(f)(1.5, ["a", "b"]) == 4.0


SPACE = types.SimpleNamespace(rate=2.0, size=3)
RATES = {"slow": 0.5, "fast": 2.0}


def put_back(x):
    old = SPACE.rate
    SPACE.rate = 3.0
    try:
        found = SPACE.rate * x * x
    finally:
        SPACE.rate = old
    return found + SPACE.rate * x


def at_a_rate(x, rate):
    old = SPACE.rate
    SPACE.rate = rate
    found = SPACE.rate * x * x
    SPACE.rate = old
    return found


def put_back_by_a_helper(x):
    return at_a_rate(x, 3.0) + SPACE.rate * x


def put_back_in_a_dict(x):
    old = RATES["slow"]
    RATES["slow"] = 1.5
    found = RATES["slow"] * x * x + RATES["fast"]
    RATES["slow"] = old
    return found + RATES["slow"] * x


@pytest.mark.parametrize(("f", "slope"), [
    (put_back, lambda x: 6 * x + 2), (put_back_by_a_helper, lambda x: 6 * x + 2),
    (put_back_in_a_dict, lambda x: 3 * x + 0.5),
], ids=lambda f: f.__name__)
def test_a_setting_that_is_put_back(f, slope):
    for x in (1.3, 0.6):
        value, pullback = sd.vjp(f, x)
        assert value == f(x)
        assert pullback(1.0) == pullback(1.0) == pytest.approx(slope(x))
        assert sd.grad(f)(x) == pytest.approx(slope(x))
        assert sd.jvp(f, (x,), (1.0,))[1] == pytest.approx(slope(x))
    assert (SPACE.rate, RATES) == (2.0, {"slow": 0.5, "fast": 2.0})


def test_a_setting_of_another_type_in_between():
    def f(x):
        old = SPACE.rate
        SPACE.rate = 3
        found = SPACE.rate * x + x ** SPACE.rate
        SPACE.rate = old
        return found

    def counts(x):
        SPACE.size += 1
        found = SPACE.size * x
        SPACE.size -= 1
        return found

    agree(f, 2.0)
    SPACE.rate = 2.0
    assert sd.grad(counts)(2.0) == sd.grad(counts)(2.0) == 4.0
    assert sd.jvp(counts, (2.0,), (1.0,))[1] == 4.0
    assert (SPACE.rate, SPACE.size) == (2.0, 3)


WEIGHTS = types.SimpleNamespace(w=np.array([1.0, 2.0]))
SAME_WEIGHTS = WEIGHTS.w


def shaped(array, shape):
    array.shape = shape


def test_an_array_that_a_helper_gives_another_shape():
    def f(x):
        shaped(SAME_WEIGHTS, (2, 1))
        found = np.sum(WEIGHTS.w * x + np.array([x, 1.0]))
        shaped(SAME_WEIGHTS, (2,))
        return found

    try:
        agree(f, 1.3)
    finally:
        SAME_WEIGHTS.shape = (2,)


def test_second_derivatives_of_a_number_that_is_written_behind_them():
    def f(x):
        y = x * SPACE.rate * x
        SPACE.rate = 2.0
        return y

    for way in (lambda: sd.grad(sd.grad(f))(0.7), lambda: sd.hvp(f, (0.7,), (1.0,)),
                lambda: sd.grad(lambda x: sd.jvp(f, (x,), (1.0,))[1])(0.7),
                lambda: sd.jvp(sd.grad(f), (0.7,), (1.0,))[1],
                lambda: sd.jvp(lambda x: sd.jvp(f, (x,), (1.0,))[1], (0.7,), (1.0,))[1]):
        SPACE.rate = 3.0
        assert way() == pytest.approx(6.0)
        assert SPACE.rate == 2.0
