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
