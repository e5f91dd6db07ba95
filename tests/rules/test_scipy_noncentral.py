"""Noncentral distributions in all their parameters, and SciPy's densities that are made of them."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import check_rule

special = pytest.importorskip("scipy.special")
stats = pytest.importorskip("scipy.stats")

P, X = np.array([0.3, 0.6]), np.array([[0.8], [2.1]])
ROWS = [
    (special.chndtr, (3.0, np.array([1.5, 2.5]), X)), (special.chndtr, (30.0, 0.5, 17.0)),
    (special.chndtrix, (P, 2.5, X)),
    (special.ncfdtr, (3.0, 5.0, P, X)), (special.ncfdtr, (0.7, 25.0, 13.0, 2.8)),
    (special.ncfdtri, (3.0, 5.0, X, P)),
    (special.nctdtr, (5.0, P, X)), (special.nctdtr, (0.8, -1.4, -0.7)),
    (special.nctdtr, (150.0, 2.4, 3.0)), (special.nctdtr, (np.array([1.0, 5.0]), 100.0, 100.0)),
    (special.nctdtr, (0.5, 5.0, 100.0)), (special.nctdtrit, (5.0, X, P)),
]


@pytest.mark.parametrize(("target", "args"), ROWS, ids=lambda x: getattr(x, "__name__", ""))
def test_a_distribution_agrees_with_differences(target, args):
    check_rule(target, *args, step=1e-3, tol=1e-6, single=False)


@pytest.mark.parametrize("what", ["pdf", "sf", "logcdf", "ppf", "isf"])
@pytest.mark.parametrize(("name", "shapes"), [("ncx2", (2.5, 1.7)), ("ncf", (3.0, 5.0, 1.3)),
                                              ("nct", (5.0, 0.4))])
def test_densities_and_tails_move_with_the_shapes(name, shapes, what):
    x = 0.4 if what in ("ppf", "isf") else 0.9
    function = getattr(getattr(stats, name), what)
    sd.check_grads(lambda x, *shapes: function(x, *shapes), (x, *shapes), modes=("rev",))


def test_the_central_ones_are_those_without_noncentrality():
    for noncentral, central, shapes in ((special.chndtr, special.chdtr, (0.8, 2.5)),
                                        (special.nctdtr, special.stdtr, (5.0, 0.7))):
        slopes = sd.vjp(lambda *a, f=central: f(*a), *shapes[::-1] if central is special.chdtr
                        else shapes)[1](1.0)
        if central is special.chdtr:
            found = sd.vjp(lambda x, df: noncentral(x, df, 0.0), *shapes)[1](1.0)[::-1]
        else:
            found = sd.vjp(lambda df, t: noncentral(df, 0.0, t), *shapes)[1](1.0)
        np.testing.assert_allclose(found, slopes, rtol=1e-10)


MOMENTS = [("nct", (12.0, 0.4)), ("ncf", (27.0, 30.0, 0.42)), ("nbinom", (4.0, 0.4))]


@pytest.mark.parametrize("name, shapes", MOMENTS, ids=lambda x: x if isinstance(x, str) else "")
def test_moments_by_compiled_formulas_move_with_the_shapes(name, shapes):
    distribution, kinds = getattr(stats, name), "mvsk" if name == "nbinom" else "mv"

    def f(*shapes):
        return np.sum(np.sin(distribution.stats(*shapes, moments=kinds)))

    sd.check_grads(f, shapes)


@pytest.mark.parametrize("f, args", [
    (stats.nbinom.entropy, (4.0, 0.4)), (lambda n, p: stats.nbinom.pmf(3, n, p), (4.3, 0.4)),
    (lambda a, b: stats.skellam.cdf(2, a, b), (5.0, 3.0)),
    (lambda n, p: special._ufuncs._nbinom_cdf(3.0, n, p), (4.3, 0.4)),
    (lambda n, p: special._ufuncs._nbinom_sf(0.0, n, p), (4.3, 0.4)),
], ids=["entropy", "mass", "Skellam's", "below", "above"])
def test_discrete_distributions_by_compiled_helpers_move_with_the_shapes(f, args):
    sd.check_grads(lambda *args: f(*args), args)


def test_a_moment_that_does_not_exist_has_no_slope():
    assert np.isnan(sd.grad(stats.nct.mean)(0.9, 0.4))


def test_moments_have_second_derivatives():
    # n (1 - p) / p.
    slope = sd.grad(lambda p: stats.nbinom.stats(4.3, p, moments="m") + 0.0)
    assert sd.grad(slope)(0.4) == pytest.approx(2 * 4.3 / 0.4**3, rel=1e-12)
