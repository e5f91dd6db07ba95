"""Names become the objects they mean; what is taken for granted stands under a guard."""

import math

import numpy as np
import pytest

import s2sdiff
from s2sdiff.ir import Bind, Free, Ref, walk
from tests.transforms.programs import agrees, body, stages

RATE = 2.0
pick = math.sin


class Holder:
    rate = 3.0

    @staticmethod
    def doubled(v):
        return v * 2.0

    @classmethod
    def scaled(cls, v):
        return v * cls.rate


def called(function, *args):
    return [s.fn for s in walk(stages(function, *args)["resolve"].body) if isinstance(s, Bind)]


def test_a_function_of_a_module_is_known_by_its_object_and_keeps_its_spelling():
    def f(x):
        return np.sin(x) * math.pi

    (sin, *_) = called(f, 1.0)
    assert sin == Ref(np.sin) and sin.spelling == "np.sin"
    assert "np.sin(x)" in body(f, 1.0, stage="resolve")[0]


def test_a_local_name_hides_a_module():
    def f(x):
        np = 3.0
        return x * np

    assert agrees(f, 2.0) == [3.0]


def test_what_no_name_leads_to_stays_a_free_name_and_raises():
    def f(x):
        return nowhere(x)  # noqa: F821

    assert Free("nowhere") in called(f, 1.0)
    with pytest.raises(NameError, match="nowhere"):
        s2sdiff.grad(f)(1.0)


def test_static_and_class_methods_and_class_constants_are_followed():
    def f(x):
        return Holder.rate * x + Holder.doubled(x) * Holder.scaled(x)

    assert agrees(f, 2.0) == [27.0]


def test_a_function_in_a_variable_is_resolved_where_it_is_called():
    def f(x):
        g = math.sin if x > 0 else math.cos
        return g(x) * x

    agrees(f, 0.7)
    agrees(f, -0.7)


def test_a_global_that_changes_is_seen_by_the_next_call(monkeypatch):
    def f(x):
        return x * x * RATE

    gradient = s2sdiff.grad(f)
    assert gradient(3.0) == 12.0
    monkeypatch.setitem(globals(), "RATE", 5.0)
    assert gradient(3.0) == 30.0
    monkeypatch.setitem(globals(), "RATE", np.array(2.0))
    assert gradient(3.0) == 12.0


def test_a_function_that_is_replaced_is_followed(monkeypatch):
    def f(x):
        return pick(x)

    gradient = s2sdiff.grad(f)
    assert np.isclose(gradient(0.5), math.cos(0.5))
    monkeypatch.setitem(globals(), "pick", math.cos)
    assert np.isclose(gradient(0.5), -math.sin(0.5))


def test_closures_of_one_code_object_keep_their_own_cells():
    def make(g):
        return lambda x: g(x)

    assert np.isclose(s2sdiff.grad(make(math.sin))(0.5), math.cos(0.5))
    assert np.isclose(s2sdiff.grad(make(math.cos))(0.5), -math.sin(0.5))


def test_a_function_under_a_second_name_is_known_by_its_object():
    def f(x):
        sine, cosine = math.sin, pick
        return sine(x) * cosine(x)

    assert [fn for fn in called(f, 1.0) if isinstance(fn, Ref)][:2] == [Ref(math.sin)] * 2
    assert "call" not in s2sdiff.source(f, args=(1.0,))
    assert np.isclose(s2sdiff.grad(f)(0.7), math.sin(1.4))


def test_a_name_that_stands_for_two_functions_is_looked_at_when_it_is_called():
    def f(x, c):
        h = pick
        if c:
            h = math.cos
        total = h(x)
        for i in range(2):
            total = total + h(x) * i
            h = math.exp
        return total

    for c, slope in ((True, -math.sin(0.7)), (False, math.cos(0.7))):
        assert np.isclose(s2sdiff.grad(f)(0.7, c), slope + math.exp(0.7))


def test_a_function_that_is_handed_on_and_called_is_followed_when_it_is_replaced(monkeypatch):
    def by_a_second_name(x):
        h = pick
        return h(x) * x

    def read_before(x):
        pair = (pick, 2.0)
        return pick(x) * pair[1]

    first, second = s2sdiff.grad(by_a_second_name), s2sdiff.grad(read_before)
    assert np.isclose(first(0.5), math.sin(0.5) + 0.5 * math.cos(0.5))
    assert np.isclose(second(0.5), 2.0 * math.cos(0.5))
    for replacement in (lambda x: x**3, lambda x: x**4):
        monkeypatch.setitem(globals(), "pick", replacement)
        n = 3 if replacement(2.0) == 8.0 else 4
        assert np.isclose(first(0.5), (n + 1) * 0.5**n)
        assert np.isclose(second(0.5), 2.0 * n * 0.5 ** (n - 1))
