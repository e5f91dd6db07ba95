"""What may be written while a pullback lives is kept: the derivative is of what was read."""

import numpy as np
import pytest

import s2sdiff
from s2sdiff.transforms import effects, effects_of_bodies
from s2sdiff.transforms.alias_classes import PartOf
from tests.transforms.programs import agrees, outcome, stages

A = np.array([1.0, 2.0, 3.0])


def writes(function, *args):
    return stages(function, *args)["context"].writes


def fill(buffer, v):
    buffer[0] = v


def quiet(v):
    return v * 2.0


def test_arithmetic_and_known_functions_write_nothing():
    assert not writes(lambda a: np.sum(np.sin(a) * a), A)
    assert not writes(lambda a: quiet(a).sum() + len(a), A)


def test_stores_and_callees_that_store_write():
    def stores(x):
        buffer = np.zeros(2)
        buffer[0] = 3.0
        return x * buffer[0]

    def calls(x):
        buffer = np.zeros(2)
        fill(buffer, 3.0)
        return x * buffer[0]

    assert writes(stores, 2.0)
    assert writes(calls, 2.0)
    agrees(stores, 2.0)
    agrees(calls, 2.0)


def test_a_buffer_that_is_written_after_it_was_read():
    def f(x):
        buffer = np.ones(3)
        total = x * np.sum(buffer)
        buffer[0] = 5.0
        total = total * np.sum(buffer) + x * x
        buffer *= 2.0
        return total * buffer[1]

    agrees(f, 2.0)


def test_a_buffer_that_every_round_writes_again():
    def f(x):
        buffer = np.zeros(2)
        total = x
        for i in range(3):
            buffer[0] = i + 1.0
            total = total * x * np.sum(buffer)
        return total

    agrees(f, 1.3)


def test_a_list_that_grows_while_it_is_read():
    def f(x):
        seen = [1.0]
        for i in range(3):
            x = x * seen[-1]
            seen.append(i + 2.0)
        return x * len(seen)

    agrees(f, 1.5)


def test_arguments_and_results_may_be_written_before_the_pullback_runs():
    def f(a):
        return a * a

    a = A.copy()
    value, pullback = s2sdiff.vjp(f, a)
    a[:] = 100.0
    value[:] = -1.0
    np.testing.assert_array_equal(pullback(np.ones(3)), 2 * A)


def test_a_right_gradient_or_a_refusal_where_an_active_array_is_written():
    def f(a):
        b = a.copy()
        total = np.sum(a * b)
        b[0] = 0.0
        return total * np.sum(b)

    _, raised, _ = outcome(lambda: s2sdiff.vjp(f, A))
    if raised is None:
        agrees(f, A)
    else:
        assert issubclass(raised, s2sdiff.DifferentiationError)


def test_helpers_that_are_not_looked_at_may_give_back_anything(monkeypatch):
    known = effects_of_bodies.ANYTHING
    monkeypatch.setattr(effects_of_bodies, "ANYTHING", frozenset())
    for helper in known:
        found = effects.returned(helper)
        assert "*" in found and not any(isinstance(n, PartOf) for n in found), helper


def test_a_method_of_a_known_object_of_a_library_that_has_a_rule_writes_nothing():
    stats = pytest.importorskip("scipy.stats")

    def loss(x):
        return np.sum(stats.t.logpdf(x, 3.0))

    x = np.array([0.3, -1.2])
    for mode in ("grad", "vjp", "jvp"):
        text = s2sdiff.source(loss, mode, args=(x,))
        assert "by_place" not in text and "push_in" not in text
    slope, curvature = -4 * x / (3 + x ** 2), -4 * (3 - x ** 2) / (3 + x ** 2) ** 2
    np.testing.assert_allclose(s2sdiff.grad(loss)(x), slope, rtol=1e-12)
    np.testing.assert_allclose(s2sdiff.jvp(loss, (x,), (x,))[1], slope @ x)
    np.testing.assert_allclose(s2sdiff.hvp(loss, (x,), (x,)), curvature * x)
