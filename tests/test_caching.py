"""Compiled code is found again for arguments of the same kind, and for no others."""

import math

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import compiler


def squared(x):
    return x * x


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

    gradients = {op: sd.grad(make(op)) for op in (np.sin, np.exp, math.sqrt, squared)}
    for _ in range(2):
        assert gradients[np.sin](0.5) == pytest.approx(2 * math.cos(0.5))
        assert gradients[np.exp](0.5) == pytest.approx(2 * math.exp(0.5))
        assert gradients[math.sqrt](0.25) == 2.0
        assert gradients[squared](3.0) == 12.0


def test_alternating_closures_do_not_compile_again(compilations):
    def make(op):
        return lambda x: op(x) * 2.0

    for _ in range(5):
        sd.grad(make(np.sin))(0.5)
        sd.grad(make(np.cos))(0.5)
    assert compilations == ["<lambda>"] * 2


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


def test_a_method_of_a_class_that_is_made_anew_when_it_is_read_is_no_new_compilation(compilations):
    def shared(x):
        return math.prod(dict.fromkeys("ab", x).values())

    for x in (1.0, 2.0, 3.0):
        assert sd.grad(shared)(x) == 2.0 * x
    assert compilations == ["shared"]
