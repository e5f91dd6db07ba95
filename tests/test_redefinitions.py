"""Compiled code is never used where what it took for granted has changed."""

import importlib
import math
import sys
import types

import numpy as np
import numpy as numerics
import pytest

import s2sdiff as sd

CONSTANT = 2.0


def helper(x):
    return x * x


def scaled(x, *, k=2.0):
    return x * k


def uses_helper(x):
    return helper(x) * 3.0


def uses_constant(x):
    return np.sum(x * CONSTANT)


def deeper(x):
    return x


def in_loop(x):
    for _ in range(1):
        x = deeper(x)
    return x


def uses_helper_in_loop(x):
    return np.sum(in_loop(x) * np.array([1.0, 3.0])) - x


def test_a_cell_that_changes_is_seen_at_the_next_call():
    scale, op = 2.0, np.sin

    def f(x):
        return np.sum(op(x) * scale)

    gradient = sd.grad(f)
    assert gradient(0.0) == 2.0
    scale = 5.0
    assert gradient(0.0) == 5.0
    op = np.exp
    assert gradient(0.0) == 5.0
    assert gradient(1.0) == pytest.approx(5 * math.e)
    scale = np.array([1.0, 2.0])
    assert gradient(0.0) == 3.0


def test_defaults_are_those_of_the_function_at_hand():
    def make(k):
        def f(x, n=k):
            return x**n
        return f

    assert [sd.grad(make(n))(2.0) for n in (1, 2, 3)] == [1.0, 4.0, 12.0]
    f = make(2)
    assert sd.grad(f)(2.0) == 4.0
    f.__defaults__ = (3,)
    assert sd.grad(f)(2.0) == 12.0


def test_keyword_defaults_are_those_of_the_moment():
    def f(x, *, n=2):
        return x**n

    gradient = sd.grad(f)
    assert gradient(2.0) == 4.0
    assert f.__kwdefaults__ is not None
    f.__kwdefaults__["n"] = 3
    assert gradient(2.0) == 12.0
    f.__kwdefaults__ = {"n": 1}
    assert gradient(2.0) == 1.0


def test_defaults_of_a_helper_are_those_of_the_moment():
    def inner(x, n=2):
        return x**n

    def outer(x):
        return inner(x) * 1.0

    gradient = sd.grad(outer)
    assert gradient(2.0) == 4.0
    inner.__defaults__ = (3,)
    assert gradient(2.0) == 12.0


def test_keyword_defaults_of_a_helper_are_those_of_the_moment(monkeypatch):
    def outer(x):
        return scaled(x) * x

    assert sd.grad(outer)(3.0) == 12.0
    monkeypatch.setitem(scaled.__kwdefaults__, "k", 5.0)
    assert sd.grad(outer)(3.0) == 30.0
    monkeypatch.setattr(scaled, "__kwdefaults__", {"k": 4.0})
    assert sd.grad(outer)(3.0) == 24.0


def test_a_functions_own_new_code_takes_effect():
    def f(x):
        return x * x

    def other(x):
        return x * x * x

    gradient = sd.grad(f)
    assert gradient(2.0) == 4.0
    f.__code__ = other.__code__
    assert gradient(2.0) == 12.0
    assert sd.vjp(f, 2.0)[1](1.0) == 12.0
    # Positions are those of the new parameters, too.
    f.__code__ = (lambda y, x=1.0: y * y * x * x).__code__
    f.__defaults__ = (3.0,)
    assert sd.vjp(f, 2.0)[1](1.0) == 36.0
    assert sd.grad(f)(2.0) == 36.0


def test_a_helpers_helper_that_gives_another_kind_takes_effect(monkeypatch):
    gradient = sd.grad(uses_helper_in_loop)
    assert gradient(2.0) == 3.0
    monkeypatch.setitem(globals(), "deeper", lambda x: np.array([1.0, 2.0]) * x)
    assert gradient(2.0) == 6.0
    monkeypatch.undo()
    assert gradient(2.0) == 3.0


def test_a_helper_that_is_defined_again_takes_effect_at_the_next_call(monkeypatch):
    gradient = sd.grad(uses_helper)
    assert gradient(2.0) == 12.0
    monkeypatch.setitem(globals(), "helper", lambda x: x * x * x)
    assert gradient(2.0) == 36.0
    monkeypatch.undo()
    assert gradient(2.0) == 12.0


def test_a_helper_with_loops_that_is_defined_again_takes_effect_too(monkeypatch):
    def looped(n):
        def repeated(x):
            for _ in range(n):
                x = x * x
            return x
        return repeated

    monkeypatch.setitem(globals(), "helper", looped(1))
    gradient = sd.grad(uses_helper)
    assert gradient(2.0) == 12.0
    monkeypatch.setitem(globals(), "helper", looped(2))
    assert gradient(2.0) == 3 * 4 * 8.0


def test_a_helpers_new_code_takes_effect():
    def inner(x):
        return x * x

    def outer(x):
        return inner(x) + x

    def other(x):
        return x * x * x

    gradient = sd.grad(outer)
    assert gradient(2.0) == 5.0
    inner.__code__ = other.__code__
    assert gradient(2.0) == 13.0


def test_a_global_constant_that_changes_value_and_type_is_seen(monkeypatch):
    gradient = sd.grad(uses_constant)
    assert gradient(1.0) == 2.0
    for value in (5.0, 7, np.float32(3), np.array([1.0, 2.0, 3.0]), np.ones((2, 1)), 4.0):
        monkeypatch.setitem(globals(), "CONSTANT", value)
        found = gradient(1.0)
        assert type(found) is float
        assert found == pytest.approx(float(np.sum(value)))


def test_an_array_argument_meets_a_constant_that_becomes_an_array(monkeypatch):
    gradient = sd.grad(uses_constant)
    np.testing.assert_array_equal(gradient(np.ones(3)), np.full(3, 2.0))
    monkeypatch.setitem(globals(), "CONSTANT", np.ones((2, 3)))
    np.testing.assert_array_equal(gradient(np.ones(3)), np.full(3, 2.0))
    monkeypatch.setitem(globals(), "CONSTANT", np.arange(3.0))
    np.testing.assert_array_equal(gradient(np.ones(3)), np.arange(3.0))


def test_a_function_of_numpy_that_is_patched_takes_effect(monkeypatch):
    def f(x):
        return np.tanh(x) * 2.0

    gradient = sd.grad(f)
    assert gradient(0.0) == 2.0
    monkeypatch.setattr(np, "tanh", lambda x: x * 10.0)
    assert gradient(0.0) == 20.0
    monkeypatch.undo()
    assert gradient(0.0) == 2.0


def test_a_shadowed_module_name_means_what_it_means_there(monkeypatch):
    def f(x):
        return np.exp(x)

    gradient = sd.grad(f)
    assert gradient(0.0) == 1.0
    monkeypatch.setitem(globals(), "np", types.SimpleNamespace(exp=lambda x: x * 7.0))
    assert gradient(0.0) == 7.0

    def local(x):
        numerics = types.SimpleNamespace(exp=lambda t: t * t)
        return numerics.exp(x)

    assert sd.grad(local)(3.0) == 6.0


def test_another_alias_of_numpy_is_numpy():
    assert sd.grad(lambda x: numerics.sin(x))(0.0) == 1.0
    xp = numerics
    assert sd.grad(lambda x: xp.sum(xp.sin(x)))(0.0) == 1.0


def test_a_namespace_as_argument_is_resolved_at_run_time():
    def f(x, xp):
        return xp.sin(x) * xp.exp(x)

    assert sd.grad(f)(0.0, math) == 1.0
    assert sd.grad(f)(0.0, np) == 1.0
    assert sd.grad(f)(0.0, types.SimpleNamespace(sin=np.cos, exp=np.exp)) == pytest.approx(1.0)


def test_a_builtin_that_is_shadowed_later_takes_effect(monkeypatch):
    def f(x):
        return abs(x) * 2.0

    gradient = sd.grad(f)
    assert gradient(3.0) == 2.0
    monkeypatch.setitem(globals(), "abs", lambda x: x * x)
    assert gradient(3.0) == 12.0


def test_a_global_that_is_deleted_is_pythons_own_error(monkeypatch):
    gradient = sd.grad(uses_constant)
    assert gradient(1.0) == 2.0
    monkeypatch.delitem(globals(), "CONSTANT")
    with pytest.raises(NameError, match="CONSTANT"):
        gradient(1.0)


def test_nothing_enters_the_users_module():
    before = set(globals())
    sd.grad(uses_helper)(2.0)
    sd.vjp(uses_constant, 2.0)
    assert set(globals()) == before


def test_a_module_that_is_loaded_again_has_its_new_functions(tmp_path, monkeypatch):
    path = tmp_path / "reloaded_by_test.py"
    path.write_text("def f(x):\n    return x * x\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    module = importlib.import_module("reloaded_by_test")
    assert sd.grad(module.f)(3.0) == 6.0
    path.write_text("def f(x):\n    return x * x * x * 1.0\n")
    importlib.invalidate_caches()
    module = importlib.reload(module)
    assert sd.grad(module.f)(3.0) == 27.0
    sys.modules.pop("reloaded_by_test", None)
