"""Polynomials of NumPy, old and new, most of them through their own source."""

import numpy as np
import numpy.polynomial as npp
import pytest

import s2sdiff as sd
from s2sdiff import registry
from s2sdiff.errors import UnsupportedError
from tests.right_or_refused import check_modes
from tests.rules.checker import check_rule, draw
from tests.rules.second import WAYS, second_derivatives

V, W = draw((5,), -1, 1, 1), draw((3,), -1, 1, 2)
X, M = draw((2, 3), -1, 1, 3), draw((3, 3), -1, 1, 4)
C, D = draw((5,), -1, 1, 5, complex), draw((3,), -1, 1, 6, complex)
SPREAD = np.array([1.0, -6.0, 11.2, -6.1])


@pytest.mark.parametrize(("a", "b"), [
    (V, W), (W, V), (C, W), (V, D), (C, D), (V[::2], V[::-1]), (V[:1], W),
    (np.concatenate([[0.0, 0.0], W]), V), (V, np.array([0.0, 0.5])), (np.zeros(2), W),
    (0.7, W), (W, 1.3), ([0.7, 0.2], W)], ids=range(13))
def test_products_of_polynomials_agree_with_differences(a, b):
    # Leading zeros are dropped: the number of coefficients depends on them, and nothing else.
    rule = registry.find(np.polymul)
    if all(np.atleast_1d(c)[0] != 0 for c in (a, b)):
        check_rule(np.polymul, a, b)
    z, pullback = rule.function(a, b)
    assert np.array_equal(z, np.polymul(a, b))
    g = np.random.default_rng(0).standard_normal(len(z))
    for bar, own, other in ((pullback(g)[0], a, b), (pullback(g)[1], b, a)):
        other = np.atleast_1d(other)
        kept = np.trim_zeros(other, "f") if np.any(other) else other[-1:]
        own = np.atleast_1d(own)
        nonzero = len(np.trim_zeros(own, "f")) or 1
        for k in range(len(own)):
            unit = np.zeros(nonzero)
            if k >= len(own) - nonzero:
                unit[k - (len(own) - nonzero)] = 1.0
            assert np.isclose(np.ravel(bar)[k], np.sum(g * np.convolve(unit, kept)))


def test_a_product_of_objects_is_refused():
    with pytest.raises(UnsupportedError, match="coefficients"):
        registry.find(np.polymul).function(np.poly1d(V), W)


def test_products_keep_single_precision():
    bars = registry.find(np.polymul).function(V.astype(np.float32), W.astype(np.float32))[1](
        np.ones(7, np.float32))
    assert all(g.dtype == np.float32 for g in bars)


@pytest.mark.parametrize("n", [None, 0, 1, 2, 5])
@pytest.mark.parametrize("increasing", [False, True])
def test_powers_in_rows_agree_with_differences(n, increasing):
    for x in (V, V[::-2], V[:0], C, np.zeros(2), [0.5, 2.0]):
        check_rule(np.vander, x, n, increasing)


def test_second_derivatives_of_powers_agree_with_differences():
    bar = np.cos(np.arange(25.0)).reshape(5, 5)
    assert second_derivatives(np.vander, (V,), {}, 0, bar) == dict.fromkeys(WAYS, "")


OLD = {
    "polyval": (np.polyval, (V, X)),
    "polyval of complex numbers": (np.polyval, (C, D)),
    "polyval at a number": (np.polyval, (V, 0.3)),
    "polyval of columns": (np.polyval, (np.stack([V[:3], W[:3]], 1), X.ravel()[:2])),
    "polyadd": (np.polyadd, (V, W)),
    "polysub": (np.polysub, (W, C)),
    "polydiv": (np.polydiv, (V, W)),
    "polyder": (np.polyder, (V,)),
    "polyder twice": (lambda p: np.polyder(p, 2), (C,)),
    "polyint": (np.polyint, (V,)),
    "polyint twice": (lambda p, k: np.polyint(p, 2, k), (C, W[:2])),
    "polyfit": (lambda x, y: np.polyfit(x, y, 2), (V, V**2 - V)),
    "polyfit of columns": (lambda x, y: np.polyfit(x, y, 1), (V, np.stack([V**2, C.real], 1))),
    "polyfit by weights": (lambda x, y, w: np.polyfit(x, y, 1, w=w), (V, V**3, 1 + V**2)),
    "polyfit in full": (lambda x, y: np.polyfit(x, y, 1, full=True)[:2], (V, V**2 - V)),
    "poly": (np.poly, (V,)),
    "poly of complex roots": (np.poly, (C,)),
    "poly of a matrix": (lambda a: np.poly(a @ a.T + np.diag([1.0, 2.0, 4.0])), (M,)),
    "roots": (np.roots, (SPREAD,)),
    "roots of complex ones": (np.roots, (D,)),
    "vander": (np.vander, (V,)),
    "vander, increasing": (lambda x: np.vander(x, 3, True), (C,)),
    "poly1d": (lambda p, x: np.poly1d(p)(x), (V, X)),
    "poly1d: a product": (lambda p, q: (np.poly1d(p) * np.poly1d(q)).coeffs, (V, W)),
    "poly1d: a difference": (lambda p, q: (np.poly1d(p) - np.poly1d(q)).coeffs, (V, W)),
    "poly1d: a multiple": (lambda p, c: (c * np.poly1d(p)).coeffs, (V, 2.0)),
    "poly1d: derivative and integral": (
        lambda p, x: np.poly1d(p).deriv()(x) * np.poly1d(p).integ()(x), (V, X)),
}


@pytest.mark.parametrize(("function", "args"), OLD.values(), ids=OLD)
def test_polynomials_by_their_coefficients_agree_with_differences(function, args):
    check_modes(function, args)


def test_roots_of_a_real_quadratic_move_as_the_formula_says():
    # x**2 + b x + c with roots r: dr/db = -r / (2 r + b), dr/dc = -1 / (2 r + b).
    b, c = 1.0, 3.0
    r = max(np.roots([1.0, b, c]), key=np.imag)
    g = sd.grad(lambda p: np.max(np.roots(p).imag))(np.array([1.0, b, c]))
    np.testing.assert_allclose(g[1:], np.imag([-r / (2 * r + b), -1 / (2 * r + b)]), atol=1e-12)


BASES = {"polynomial": "poly", "chebyshev": "cheb", "legendre": "leg", "hermite": "herm",
         "hermite_e": "herme", "laguerre": "lag"}
CLASSES = [npp.Polynomial, npp.Chebyshev, npp.Legendre, npp.Hermite, npp.HermiteE, npp.Laguerre]


@pytest.mark.parametrize("name", BASES)
def test_series_in_every_basis_agree_with_differences(name):
    module = getattr(npp, name)
    value, der, integral, mul, vander, fit = (
        getattr(module, BASES[name] + what) for what in ("val", "der", "int", "mul", "vander",
                                                         "fit"))
    sd.check_grads(value, (X, V))
    sd.check_grads(value, (D, C))
    sd.check_grads(lambda x, c: value(x, c), (0.3, np.stack([V, V**2], axis=1)))
    sd.check_grads(lambda x, c: value(x, c, tensor=False), (W, draw((4, 3), -1, 1)))
    sd.check_grads(lambda c: mul(der(c), integral(c)), (V,))
    sd.check_grads(lambda x: vander(x, 3), (X,))
    sd.check_grads(lambda x, y: fit(x, y, 2), (V, V**2 - V))


@pytest.mark.parametrize("cls", CLASSES, ids=[c.__name__ for c in CLASSES])
def test_objects_of_series_agree_with_differences(cls):
    sd.check_grads(lambda c, x: cls(c)(x), (V, X))
    sd.check_grads(lambda c, x: cls(c, domain=[0, 2])(x), (V, X))
    sd.check_grads(lambda c, x: cls(c).deriv()(x) + cls(c).integ(lbnd=0.5)(x), (V, X))
    sd.check_grads(lambda c, d: (cls(c) + cls(d) - 1).coef, (V, W))


def test_products_of_objects_agree_with_differences():
    sd.check_grads(
        lambda c, d: (npp.Polynomial(c) * npp.Polynomial(d) + 2 * npp.Polynomial(d)).coef, (V, W))
    sd.check_grads(lambda c: (npp.Polynomial(c) ** 2).coef, (V,))


def test_other_functions_of_series_agree_with_differences():
    sd.check_grads(lambda x, y, c: npp.polynomial.polyval2d(x, y, c), (V, V**2, M))
    sd.check_grads(lambda x, y, c: npp.chebyshev.chebgrid2d(x, y, c), (V, W, M))
    sd.check_grads(npp.polynomial.polyfromroots, (V,))
    sd.check_grads(npp.polynomial.polyroots, (SPREAD[::-1].copy(),))
    sd.check_grads(lambda c: npp.Polynomial(c).roots(), (SPREAD[::-1].copy(),))
    sd.check_grads(npp.chebyshev.cheb2poly, (V,))
    sd.check_grads(lambda x, y: npp.Polynomial.fit(x, y, 2).coef, (V, V**2 - V))


OBJECTS = {
    "a quotient": lambda a: (npp.Polynomial([*a, 1.0]) // npp.Polynomial([1.0, a[0]])).coef,
    "a rest": lambda a: (npp.Polynomial([*a, 1.0]) % npp.Polynomial([1.0, 2.0, a[0]])).coef,
    "both": lambda a: divmod(npp.Polynomial(a), npp.Polynomial([1.0, 2.0]))[0].coef,
    "another basis": lambda a: npp.Polynomial(a).convert(kind=npp.Chebyshev).coef,
    "another domain": lambda a: npp.Chebyshev(a, domain=[0, 2]).convert(domain=[-1, 1]).coef,
    "a fit in its variable": lambda a: npp.Polynomial.fit(np.arange(3.0), a, 1).convert().coef,
    "a quotient of the old class": lambda a: (np.poly1d(a) / np.poly1d([1.0, 2.0]))[0].coeffs,
    "a number below the old class": lambda a: (np.poly1d(a) / a[1]).coeffs,
}


@pytest.mark.parametrize("name", OBJECTS)
def test_divisions_and_bases_of_polynomial_objects_agree_with_differences(name):
    f, x = OBJECTS[name], np.array([1.0, 2.0, 3.0])
    sd.check_grads(f, (x,))
    np.testing.assert_array_equal(sd.vjp(f, x)[0], f(x))


def test_products_of_polynomials_move_along_what_begins_with_zeros():
    x, y = np.array([0.3, 0.5, 0.9]), np.array([2.0, 3.0])
    expected = [[2.0, 0.0, 0.0], [3.0, 2.0, 0.0], [0.0, 3.0, 2.0], [0.0, 0.0, 3.0]]
    np.testing.assert_array_equal(sd.jacfwd(lambda x: np.polymul(x, y))(x), expected)
    _, dot = sd.jvp(np.polymul, (x, y), (np.array([0.0, 0.0, 1.0]), np.array([0.0, 2.0])))
    np.testing.assert_allclose(dot, [0.0, 0.6, 3.0, 4.8])
