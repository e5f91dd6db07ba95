"""Kinds of calls' results are found by trying, and what cannot be told is told so."""

import math
import operator

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.ir import Bind, Const, Loc, Ref, Var
from s2sdiff.kinds import ANY, kind_of
from s2sdiff.transforms import known_results, transfer, witness

HERE = Loc("here.py", 1, 0)
A = np.ones((2, 3))


def kind_of_call(fn, *values, constants=()):
    args = [Const(v) if i in constants else Var(f"x{i}") for i, v in enumerate(values)]
    bind = Bind(("y",), Ref(fn), tuple(args), (), HERE)
    return transfer.result(bind, [kind_of(v, f"x{i}") for i, v in enumerate(values)], None)


@pytest.mark.parametrize(
    ("fn", "values"),
    [
        (operator.add, (1, 2.0)),
        (operator.truediv, (1, 2)),
        (operator.mul, (np.float32(1), 2.0)),
        (operator.mul, (A.astype(np.float32), np.float64(2))),
        (operator.lt, (1.0, 2.0)),
        (np.sin, (1.0,)),
        (operator.mul, (A, np.ones((2, 1)))),
        (operator.matmul, (A, A.T)),
        (np.dot, (A[0], A[0])),
        (math.sin, (1.0,)),
        (operator.neg, (True,)),
        (operator.add, (True, True)),
        (np.add, (A, 1j)),
    ],
)
def test_the_types_and_dtypes_are_those_of_the_value(fn, values):
    kind, value = kind_of_call(fn, *values), fn(*values)
    assert kind.type in (None, type(value))
    assert kind.dtype in (None, getattr(value, "dtype", None))
    assert kind.field is not None and len(kind.shape) == np.ndim(value)


@pytest.mark.parametrize(
    ("base", "exponent", "constants", "field"),
    [
        (2.0, 2, (), "real"),
        (2.0, 0.5, (), "complex"),
        (2.0, 2.0, (1,), "real"),
        (2.0, 0.5, (1,), "complex"),
        (2.0, 0.5, (0,), "real"),
        (-2.0, 0.5, (0,), "complex"),
        (np.float64(2), 0.5, (), "real"),
    ],
)
def test_a_power_of_pythons_floats_may_leave_the_real_numbers(base, exponent, constants, field):
    assert kind_of_call(operator.pow, base, exponent, constants=constants).field == field


def test_a_power_of_ints_is_an_int_or_a_float():
    assert kind_of_call(operator.pow, 2, 3).type is None


def test_an_unknown_function_gives_anything():
    assert kind_of_call(hash, (1, 2)) == ANY


def test_elements_of_a_loop():
    assert known_results.element(kind_of(A)).shape == kind_of(A).shape[1:]
    assert known_results.element(kind_of(A[0])).type is np.float64
    assert (
        known_results.element(kind_of(range(3))) == ANY
        or known_results.element(kind_of(range(3))).field == "int"
    )
    assert known_results.element(kind_of((1.0, 2.0))).type is float
    assert known_results.element(kind_of("ab")).type is str
    assert known_results.element(kind_of(object())) == ANY


def test_dimensions_are_recognised_through_a_reduction_and_a_transpose():
    made = kind_of_call(np.transpose, A)
    assert made.shape == ("x0.1", "x0.0")
    assert kind_of_call(np.sum, A).shape == ()
    assert len(kind_of_call(np.outer, A[0], A[1]).shape) == 2


def test_operands_by_their_names_are_no_error():
    def f(x, y):
        total = np.dot(a=x, b=y)
        for i, padded in enumerate(iterable=[np.pad(array=x, pad_width=1, mode="edge")]):
            total = total + np.sum(padded * i) + np.sum(np.asarray(a=padded) * y[0])
        return total

    sd.check_grads(f, (np.array([1.0, 2.0]), np.array([0.5, 0.3])))


def test_products_of_all_pairs_are_tried_on_few_elements(monkeypatch):
    sizes = []

    def counted(a, b):
        sizes.append(a.size * b.size)
        return np.multiply.outer(a, b)

    monkeypatch.setattr(witness, "_OF_ALL_PAIRS", (counted,))
    monkeypatch.setattr(witness, "SHAPED", witness.SHAPED | {counted})
    cube = np.ones((2, 2, 2))
    assert len(kind_of_call(counted, cube, cube).shape) == 6
    assert max(sizes) < 1_000_000
