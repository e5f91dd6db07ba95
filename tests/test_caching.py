"""Compiled code is found again, and never used where what it took for granted has changed."""

import importlib
import math
import sys
import types

import numpy as np
import numpy as numerics
import pytest

import s2sdiff as sd
from s2sdiff import compiler

CONSTANT = 2.0


def helper(x):
    return x * x


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


@pytest.fixture
def compilations(monkeypatch):
    """The names of the functions that were compiled since the test began."""
    made, original = [], compiler.compile_for

    def counted(fn, request, arguments):
        made.append(fn.__name__)
        return original(fn, request, arguments)

    monkeypatch.setattr(compiler, "compile_for", counted)
    return made


def test_the_second_call_compiles_nothing(compilations):
    def once(x):
        return np.sin(x) * x

    gradient = sd.grad(once)
    for x in (1.0, 2.0, 3.0):
        gradient(x)
    sd.grad(once)(4.0)
    assert compilations == ["once"]


def test_another_kind_of_argument_is_another_compilation_and_both_are_kept(compilations):
    def loss(x):
        return np.sum(x * x)

    gradient = sd.grad(loss)
    for _ in range(3):
        assert gradient(3.0) == 6.0
        np.testing.assert_array_equal(gradient(np.ones(2)), [2.0, 2.0])
        assert gradient(np.ones((2, 2), np.float32)).dtype == np.float32
    assert compilations == ["loss"] * 3


def test_a_shape_of_the_same_kind_is_not_a_new_compilation(compilations):
    def loss(x):
        return np.sum(x * x)

    for n in (2, 3, 50):
        np.testing.assert_array_equal(sd.grad(loss)(np.ones(n)), np.full(n, 2.0))
    assert compilations == ["loss"]


def test_a_lambda_made_afresh_in_a_loop_is_compiled_once(compilations):
    for k in range(10):
        assert sd.grad(lambda x: x * x * 2.0)(float(k)) == 4.0 * k
    assert compilations == ["<lambda>"]


def test_closures_that_share_code_keep_their_own_cells(compilations):
    def make(scale):
        return lambda x: x * x * scale

    assert [sd.grad(make(float(k)))(3.0) for k in range(5)] == [6.0 * k for k in range(5)]
    assert compilations == ["<lambda>"]


def test_closures_over_functions_share_code_but_not_what_they_call():
    def make(op):
        return lambda x: op(x) * 2.0

    gradients = {op: sd.grad(make(op)) for op in (np.sin, np.exp, math.sqrt, helper)}
    for _ in range(2):
        assert gradients[np.sin](0.5) == pytest.approx(2 * math.cos(0.5))
        assert gradients[np.exp](0.5) == pytest.approx(2 * math.exp(0.5))
        assert gradients[math.sqrt](0.25) == 2.0
        assert gradients[helper](3.0) == 12.0


def test_alternating_closures_do_not_compile_again(compilations):
    def make(op):
        return lambda x: op(x) * 2.0

    for _ in range(5):
        sd.grad(make(np.sin))(0.5)
        sd.grad(make(np.cos))(0.5)
    assert compilations == ["<lambda>"] * 2


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


@pytest.mark.parametrize("other", [
    np.ones(1), np.ones(()), np.ones((1, 3)), np.ones((3, 1)), np.ones((3, 3)),
    np.ones(3, np.float32), np.ones(3, complex), np.ones(3, ">f8"), 2.0, np.float64(2),
    np.float32(2), 2,
], ids=repr)
def test_every_part_of_an_arguments_kind_is_looked_at(other):
    def loss(x, y):
        return np.real(np.sum(x * y * y))

    expected = sd.grad(lambda x, y: np.real(np.sum(x * y * y)))(np.ones(3), other)
    gradient = sd.grad(loss)
    np.testing.assert_array_equal(gradient(np.ones(3), np.ones(3)), np.ones(3))
    found = gradient(np.ones(3), other)
    np.testing.assert_array_equal(found, expected)
    assert found.shape == (3,)
    assert found.dtype == float


def test_a_dimension_that_becomes_one_is_seen_in_matrices_too():
    def loss(x, y):
        return np.sum(x * y)

    gradient = sd.grad(loss, wrt=1)
    assert gradient(np.ones((2, 3)), np.ones((2, 3))).shape == (2, 3)
    np.testing.assert_array_equal(gradient(np.ones((2, 3)), np.ones((2, 1))), [[3.0], [3.0]])
    np.testing.assert_array_equal(gradient(np.ones((2, 3)), np.ones((1, 3))), [[2.0, 2.0, 2.0]])


def test_another_slice_is_not_a_new_compilation(compilations):
    def part(x, s):
        return np.sum(x[s] * x[s])

    for s in (slice(0, 2), slice(0, 1), slice(2, 3), slice(None)):
        expected = np.zeros(3)
        expected[s] = 2.0
        np.testing.assert_array_equal(sd.grad(part)(np.ones(3), s), expected)
    assert compilations == ["part"]


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
