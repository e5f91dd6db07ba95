"""Ranks, dtypes, classes and modules that are part of kinds leave no branches in generated code."""

import abc
import math
import types

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import compiler

# ruff: noqa: E721 (classes are compared as people do)


def lifted(x):
    if x.ndim == 1:
        x = x[None, :]
    return np.sum(np.sin(x @ x.T))


def looked_at(x, y):
    x, y = np.asarray(x), np.asarray(y)
    rank = max(x.ndim, np.ndim(y))
    x = np.reshape(x, (1,) * (rank - x.ndim) + x.shape)
    if x.dtype.kind not in "fc" or not np.issubdtype(y.dtype, np.floating):
        raise TypeError("numbers of a floating type")
    if len(x.shape) > 1 and x.dtype == np.float64:
        x = x.sum(axis=0)
    if np.iscomplexobj(x) or np.isscalar(y):
        return np.sum(x.real)
    return np.sum(x * y)


def by_class(x):
    if type(x) is float or isinstance(x, (int, np.floating)):
        return math.sin(x)
    if type(x) == np.ndarray and x.shape == ():
        return 2.0 * x[()]
    return np.sum(x**2)


def named_by_rank(x, module=np):
    rank = x.ndim + 1
    name = f"atleast_{rank}d"
    return np.sum(getattr(module, name)(x) ** 3)


def of_lengths(x):
    n = int(x) + round(x)
    for _ in range(n):
        x = x * 1.1 + n
    return x


def rows(x):
    if x.shape[0] == 1:
        return np.sum(x) ** 2
    return np.sum(x**3)


@pytest.mark.parametrize("function, args", [
    (lifted, (np.array([0.3, -0.4, 0.2]),)),
    (lifted, (np.array([[0.3, -0.4], [0.2, 0.1]]),)),
    (looked_at, (np.array([0.3, -0.4]), np.array([1.5, 0.2]))),
    (looked_at, (np.array([[0.3, -0.4], [0.1, 0.7]]), np.array([1.5, 0.2]))),
    (looked_at, (np.array([0.3, -0.4]), np.array([[1.5, 0.2]]))),
    (looked_at, (np.float32([[0.3, -0.4], [0.1, 0.7]]), np.float32([1.5, 0.2]))),
    (by_class, (0.7,)),
    (by_class, (np.float32(0.7),)),
    (by_class, (np.array(0.7),)),
    (by_class, (np.array([0.7, 0.2]),)),
    (named_by_rank, (np.array([0.7, 0.2]),)),
    (named_by_rank, (np.array([[0.7, 0.2]]),)),
    (of_lengths, (2.6,)),
    (rows, (np.array([[0.7, 0.2]]),)),
    (rows, (np.array([[0.7, 0.2], [0.1, 0.4]]),)),
    (rows, (np.zeros((0, 2)),)),
])
def test_what_kinds_decide_is_what_python_decides(function, args):
    sd.check_grads(function, args, order=1 if args[0].__class__ is np.float32 else 2)


@pytest.mark.parametrize("function, args", [
    (lifted, (np.ones(3),)), (looked_at, (np.ones(3), np.ones(3))), (by_class, (np.ones(3),)),
    (named_by_rank, (np.ones(3),)), (rows, (np.ones((1, 3)),)),
])
@pytest.mark.parametrize("mode", ["grad", "jvp"])
def test_no_branch_is_left(function, args, mode):
    text = sd.source(function, mode=mode, args=args)
    assert "if " not in text
    assert "by_place" not in text
    assert "push_in" not in text


def test_a_length_that_is_not_known_is_asked():
    assert "if " in sd.source(lambda_of_two, mode="grad", args=(np.ones(3),))
    sd.check_grads(lambda_of_two, (np.array([0.2, 0.4]),))
    sd.check_grads(lambda_of_two, (np.array([0.2, 0.4, 0.3]),))


def lambda_of_two(x):
    return np.sum(x**2) if len(x) == 2 else np.prod(x)


# ----------------------------------------------------------------------------------- modules


def through(x, xp):
    y = xp.asarray(x)
    return xp.sum(xp.sin(y) * y)


def through_a_part(x, xp=np):
    solve = xp.linalg.solve
    return solve(xp.eye(2) + xp.outer(x, x), x)[0] + xp.pi


def test_a_module_that_is_an_argument():
    x = np.array([0.3, 0.8])
    sd.check_grads(lambda v: through(v, np), (x,), order=2)
    sd.check_grads(through_a_part, (x,), order=2)
    np.testing.assert_allclose(sd.grad(through)(x, np), np.cos(x) * x + np.sin(x))
    for text in (sd.source(through, mode="grad", args=(x, np)),
                 sd.source(through_a_part, mode="vjp", args=(x,))):
        assert "by_place" not in text


def of_the_array_api(x, xp):
    y = xp.reshape(xp.clip(x, min=-0.3, max=0.6), shape=(2, 2), copy=None)
    grid = xp.linspace(0.0, 1.0, num=2) + xp.full((2,), 0.5) + xp.arange(1.0, stop=3.0)
    held = xp.zeros_like(y, device="cpu") + xp.eye(2) + xp.ones(2)
    spread = xp.std(x, correction=1) + xp.var(y, axis=0, correction=0.5)
    return xp.sum(y @ held * grid) + xp.sum(spread * xp.asarray(x, copy=True)[:2])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_wrappers_of_the_array_api_are_what_they_wrap(dtype):
    xp = pytest.importorskip("scipy._lib.array_api_compat.numpy")
    x = np.array([0.2, -0.7, 0.5, 0.1], dtype)
    sd.check_grads(lambda v: of_the_array_api(v, xp), (x,))
    text = sd.source(of_the_array_api, mode="grad", args=(x, xp))
    for name in ("std", "var", "clip", "reshape", "linspace", "full", "arange", "zeros_like"):
        assert f"np.{name}" in text


def test_each_module_has_its_own_code():
    other = types.ModuleType("other")
    other.asarray, other.sum, other.sin = np.asarray, np.sum, np.cos
    x = np.array([0.3, 0.8])
    gradient = sd.grad(through)
    for module, slope in ((np, np.cos(x) * x + np.sin(x)), (other, -np.sin(x) * x + np.cos(x)),
                          (np, np.cos(x) * x + np.sin(x))):
        np.testing.assert_allclose(gradient(x, module), slope)


def test_what_a_module_has_may_be_bound_anew():
    other = types.ModuleType("other")
    other.asarray, other.sum, other.sin = np.asarray, np.sum, np.sin
    x = np.array([0.3, 0.8])
    gradient = sd.grad(through)
    np.testing.assert_allclose(gradient(x, other), np.cos(x) * x + np.sin(x))
    other.sin = np.exp
    np.testing.assert_allclose(gradient(x, other), np.exp(x) * x + np.exp(x))
    np.testing.assert_allclose(sd.jvp(through, (x, other), (np.ones(2), None))[1],
                               np.sum(np.exp(x) * x + np.exp(x)))


def test_a_name_that_a_module_has_not_is_pythons_error():
    with pytest.raises(AttributeError, match="asarray"):
        sd.grad(through)(np.ones(2), types.ModuleType("empty"))


class Counting(type):
    """A class of classes that says of itself what a number says."""

    there = 0

    def __len__(cls):
        return Counting.there

    def __getitem__(cls, key):
        return key + Counting.there

    def __eq__(cls, other):
        return Counting.there > 1

    def __hash__(cls):
        return 1


class Counted(metaclass=Counting):
    pass


def test_what_a_class_of_classes_says_is_asked_at_each_call(monkeypatch):
    def by_length(x):
        return 2.0 * x if len(Counted) > 1 else 3.0 * x

    def by_item(x):
        return 2.0 * x if Counted[1] > 2 else 3.0 * x

    def by_comparison(x):
        return 2.0 * x if type(x) == Counted else 3.0 * x

    for f in (by_length, by_item, by_comparison):
        for there in (0, 2, 0):
            monkeypatch.setattr(Counting, "there", there)
            assert sd.grad(f)(1.5) == (2.0 if there else 3.0)


def test_a_class_may_be_registered_later():
    class Kind(abc.ABC):
        pass

    def f(x):
        return 2.0 * x if issubclass(type(x), Kind) else 3.0 * x

    assert sd.grad(f)(1.5) == 3.0
    Kind.register(float)
    assert sd.grad(f)(1.5) == 2.0


def test_code_for_a_module_is_found_again(monkeypatch):
    x, gradient = np.array([0.3, 0.8]), sd.grad(through)
    gradient(x, np)
    monkeypatch.setattr(compiler, "compile_for", None)
    np.testing.assert_allclose(gradient(x, np), np.cos(x) * x + np.sin(x))


def beside_what_is_known(x, n):
    if x <= 0 or not isinstance(n, int):
        raise ValueError("out of range")
    while isinstance(n, int) and x < 3.0:
        x = x * n
    return math.sin(x)


def test_a_test_beside_a_known_one_stands_alone():
    text = sd.source(beside_what_is_known, "grad", args=(0.7, 2))
    assert "if x <= 0:" in text and "while x < 3.0:" in text
    slope = (beside_what_is_known(0.7 + 1e-6, 2) - beside_what_is_known(0.7 - 1e-6, 2)) / 2e-6
    assert sd.grad(beside_what_is_known)(0.7, 2) == pytest.approx(slope, rel=1e-7)
    assert sd.jvp(beside_what_is_known, (0.7, 2), (1.0, None))[1] == pytest.approx(slope, rel=1e-7)


def or_nothing(x):
    return (x < 0.0 or 0), x * x


def test_what_is_no_test_keeps_its_class():
    assert type(sd.vjp(or_nothing, 2.0)[0][0]) is int
