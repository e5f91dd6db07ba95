"""NumPy's functions that are differentiated through their own code, and parts of interfaces."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import DifferentiationError
from tests.right_or_refused import check_modes
from tests.rules.checker import check_rule, draw
from tests.rules.labels import label

V, W = draw((5,), -1, 1, 1), np.cumsum(draw((5,), 0.2, 1, 2))
M, A = draw((3, 4), -1, 1, 3), draw((2, 3, 4), -1, 1, 4)
C = draw((3, 4), -1, 1, 5, complex)
EVEN = 0.5 * np.arange(5)
STEPS = np.cumsum(draw((4,), 0.2, 1, 6))
SQUARE = draw((3, 3), -1, 1, 7) + 3 * np.diag([1.0, 2.0, 4.0])


def halves(v):
    return v * v if v[0] > 0 else v[::-1] * v[1]


GRADIENTS = {
    "steps of one": (lambda f: np.gradient(f), (V,)),
    "of complex numbers": (lambda f: np.gradient(f, axis=(0, 1)), (C,)),
    "along every axis": (lambda f: np.gradient(f), (A,)),
    "one step": (lambda f, h: np.gradient(f, h), (M, 0.5)),
    "second order at the ends": (lambda f, h: np.gradient(f, h, edge_order=2), (V, 0.5)),
    "coordinates": (lambda f, x: np.gradient(f, x), (V, W)),
    "coordinates, second order": (lambda f, x: np.gradient(f, x, edge_order=2), (V, W)),
    "coordinates that are even": (
        lambda f: np.gradient(f, np.array([0.0, 0.5, 1.0, 1.5, 2.0])), (V,)),
    "even coordinates": (lambda f, x: np.gradient(f, x), (V, EVEN)),
    "even coordinates, second order": (lambda f, x: np.gradient(f, x, edge_order=2), (V, EVEN)),
    "even coordinates of each axis": (
        lambda f, x, y: np.gradient(f, x, y, edge_order=2), (M, EVEN[:3], EVEN[1:])),
    "even coordinates in a list": (
        lambda a, x: np.gradient([a, 0.3, a * a], [0.0, x, 1.0]), (0.7, 0.5)),
    "along the last axis": (lambda f, x: np.gradient(f, x, axis=-1), (M, STEPS)),
    "a step and coordinates": (
        lambda f, h, x: np.gradient(f, h, x, edge_order=2), (M, 0.3, STEPS)),
    "two steps": (lambda f, h, k: np.gradient(f, h, k, axis=(2, 0)), (A, 0.3, 0.7)),
}
FUNCTIONS = {
    "apply_along_axis": (lambda a: np.apply_along_axis(lambda r: r * r.sum(), 1, a), (M,)),
    "apply_along_axis, a number each": (lambda a: np.apply_along_axis(np.linalg.norm, 0, a), (A,)),
    "apply_along_axis, a matrix each": (
        lambda a: np.apply_along_axis(lambda r: np.outer(r, r), -1, a), (M,)),
    "apply_along_axis with more arguments": (
        lambda a, c: np.apply_along_axis(lambda r, c, k: r[:k] * c, 1, a, c, k=2), (M, 1.3)),
    "apply_over_axes": (lambda a: np.apply_over_axes(np.sum, a, [0, 2]), (A,)),
    "piecewise": (lambda x: np.piecewise(x, [x < 0, x >= 0.5], [
        lambda v: -v**2, lambda v: v**3, lambda v: 2 * v]), (V,)),
    "piecewise with numbers": (
        lambda x, c: np.piecewise(x, [x < 0], [lambda v: v**2, c]), (V, 2.0)),
    "vectorize": (lambda x, y: np.vectorize(lambda a, b: a * b if a > 0 else a)(x, y), (V, 2.0)),
    "ix_": (lambda a: a[np.ix_([0, 2], [1, 3])] ** 2, (M,)),
    "ix_ of floats": (lambda x, y: np.multiply(*np.ix_(x, y)), (V, W)),
    "sort_complex": (lambda x: np.sort_complex(x.ravel()), (C,)),
    "sort_complex of real numbers": (lambda x: np.sort_complex(x), (V,)),
    "mgrid": (lambda x: np.mgrid[0:5] * x, (V,)),
    "ogrid": (lambda x: np.ogrid[0:1:3j] * x[:3], (V,)),
    "r_": (lambda x, y: np.r_[x, 0.0, 2 * y, 1.0:2.0:3j], (V, W)),
    "r_ along another axis": (lambda x, y: np.r_["0,2", x, y], (V, W)),
    "r_ of numbers": (lambda x, y: np.r_[x[0], y, x[1] * 2], (V, W)),
    "c_": (lambda x, y: np.c_[x, y], (V, W)),
    "s_": (lambda a: a[np.s_[1:, 2]], (M,)),
    "require": (lambda a: np.require(a, float, ["C", "W"]) * 2, (M.T,)),
    "full_like": (lambda a: np.full_like(M, a), (1.5,)),
    "full_like of a row": (lambda a: np.full_like(M, a), (STEPS,)),
    "clip without bounds": (lambda a: a[0] * np.clip(a, None, None), (V,)),
    "flat": (lambda a: np.array([v * v for v in a.flat]) * a.flat[3], (M,)),
    "flat by a slice": (lambda a: a.flat[2:9:3] ** 2, (M,)),
    "choose": (lambda a, b: np.choose([0, 1, 1, 0, 1], [a, b]), (V, W)),
    "choose, a method": (lambda a, b: np.array([0, 1, 1, 0, 1]).choose([a * a, b]), (V, W)),
    "choose by remainders": (lambda a, b: np.choose([0, 3, -1, 0, 2], [a, b], mode="wrap"), (V, W)),
    "resize to more": (lambda a: np.resize(a, (3, 4)), (V,)),
    "resize to less": (lambda a: np.resize(a, 3), (M,)),
    "ptp": (lambda a: np.ptp(a, axis=0), (M,)),
    "ptp of all": (lambda a: np.ptp(a, axis=(0, 1), keepdims=True), (M,)),
    "iter": (lambda a: sum(r @ r for r in a.__iter__()), (M,)),
    "tensorinv": (lambda a: np.linalg.tensorinv(a, 2), (draw((2, 3, 6), -1, 1),)),
    "tensorinv of the first axis": (lambda a: np.linalg.tensorinv(a, 1), (draw((6, 2, 3), -1, 1),)),
    "trim_zeros": (lambda x: np.trim_zeros(np.concatenate([[0.0, 0.0], x, [0.0]])) ** 2, (V,)),
    "trim_zeros at the end": (lambda x: np.trim_zeros(np.append(x, 0.0), "b") ** 2, (V,)),
    **{f"cond by {p}": (lambda a, p=p: np.linalg.cond(a, p), (SQUARE,))
       for p in (None, 1, -1, 2, -2, np.inf, -np.inf, "fro", "nuc")},
    "cond of several": (lambda a: np.linalg.cond(a), (A,)),
}
ALL = {**{f"gradient: {name}": case for name, case in GRADIENTS.items()}, **FUNCTIONS}


@pytest.mark.parametrize(("function", "args"), ALL.values(), ids=ALL)
def test_a_function_of_numpy_agrees_with_differences(function, args):
    value, _ = sd.vjp(function, *args)
    expected = function(*args)
    for v, e in zip(*((p if isinstance(p, (tuple, list)) else [p]) for p in (value, expected)),
                    strict=True):
        assert np.array_equal(v, e)
    check_modes(function, args)


VECTORIZED = {
    "numbers": (np.vectorize(lambda a, b: a @ b, signature="(n),(n)->()"), (M, A[:, :1])),
    "matrices": (np.vectorize(lambda a, b: a @ b, signature="(m, n),(n)->(m)"), (A, M[0])),
    "two results": (np.vectorize(lambda a: (a * a.sum(), a[0]), signature="(n)->(n),()"), (A,)),
    "another function each": (np.vectorize(halves, signature="(n)->(n)"), (A,)),
    "a constant": (np.vectorize(lambda a, k: a**k, signature="(n)->(n)", excluded={1}), (A, 2)),
    "a keyword": (np.vectorize(lambda a, b=1.0: a * b, signature="(n),()->(n)"), (M, V[:3])),
    "no loop": (np.vectorize(lambda a: a @ a, signature="(n)->()"), (V,)),
    "another type": (np.vectorize(lambda a: a @ a, signature="(n)->()", otypes=[complex]), (M,)),
}


@pytest.mark.parametrize(("function", "args"), VECTORIZED.values(), ids=VECTORIZED)
def test_functions_of_the_last_axes_agree_with_differences(function, args):
    def f(*args):
        return function(*args)

    value, _ = sd.vjp(f, *args)
    expected = f(*args)
    for v, e in zip(*((p if isinstance(p, tuple) else (p,)) for p in (value, expected)),
                    strict=True):
        assert v.dtype == e.dtype and np.array_equal(v, e)
    sd.check_grads(f, args)


@pytest.mark.parametrize("args", [(M,), (M, M[:, :2]), (M, 1.0)], ids=range(3))
def test_what_does_not_fit_a_signature_fails_as_it_does_in_numpy(args):
    function = VECTORIZED["numbers"][0]
    with pytest.raises((TypeError, ValueError)) as original:
        function(*args)
    with pytest.raises((TypeError, ValueError)) as ours:
        sd.vjp(lambda a: function(a, *args[1:]), args[0])
    assert ours.type is original.type and str(ours.value) == str(original.value)


def test_a_wrong_number_of_results_fails_as_it_does_in_numpy():
    function = np.vectorize(lambda a: (a, a), signature="(n)->(n)")
    with pytest.raises(ValueError, match="wrong number of outputs"):
        sd.vjp(lambda a: function(a), M)


#: They came with NumPy 2.2.
PRODUCTS = [getattr(np, name) for name in ("matvec", "vecmat") if hasattr(np, name)]


@pytest.mark.parametrize("target", PRODUCTS, ids=label)
@pytest.mark.parametrize(("a", "v"), [
    (A, M[0]), (A, draw((2, 4), -1, 1)), (M, draw((5, 1, 4), -1, 1)),
    (A[:1], draw((5, 4), -1, 1)), (C, M[0]), (A, C[0]), (C[::-1], C[0]), (M[:0], M[0]),
    (M[:, :0], M[0, :0])], ids=range(9))
def test_products_of_matrices_and_vectors_agree_with_differences(target, a, v):
    turned = target is not getattr(np, "matvec", None)
    args = (v, np.swapaxes(a, -1, -2)) if turned else (a, v)
    check_rule(target, *args)
    sd.check_grads(lambda x, y: target(x * x, y), args)


def test_special_methods_that_are_called_by_name_agree_with_differences():
    check_rule(np.ndarray.__abs__, V)
    check_rule(np.ndarray.__abs__, C)
    sd.check_grads(lambda x: x.__abs__() * x[0].__abs__(), (V,))
    sd.check_grads(lambda x: 3.0 * x[1].__float__() * x[2:3].sum().__float__(), (V,))
    sd.check_grads(lambda x: 3.0 * x.__float__(), (np.array(0.7),))
    sd.check_grads(lambda z: 3j * z[0, 1].__complex__(), (C,))
    sd.check_grads(lambda z: 3j * z.__complex__(), (np.array(0.7j),))


def test_bounds_may_be_missing_on_both_sides():
    check_rule(np.clip, V, None, None)
    check_rule(np.clip, C, None, None)


def test_grids_whose_ends_are_active_are_refused():
    for grid in (np.mgrid, np.ogrid, np.r_):
        with pytest.raises(DifferentiationError, match="slice"):
            sd.grad(lambda x, grid=grid: np.sum(grid[0:x:3j]))(2.0)


@pytest.mark.parametrize("window", [np.hanning, np.hamming, np.bartlett, np.blackman])
def test_windows_agree_with_differences_in_a_length_that_is_no_whole_number(window):
    check_modes(lambda m: np.sum(window(m) ** 3), (6.4,))
