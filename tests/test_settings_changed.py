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
