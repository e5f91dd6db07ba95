"""Zeros of cotangents that meet infinite slopes, and tangents at the same places."""

import math
import statistics
import warnings

import numpy as np
import pytest

import s2sdiff as sd
from tests.coverage import conventions
from tests.coverage.test_conventions import function_of

special = pytest.importorskip("scipy.special")

@pytest.mark.parametrize(("function", "x"), [
    (math.hypot, (0.0, 0.0)), (math.dist, ((1.0, 2.0), (1.0, 2.0))),
    (lambda x: statistics.stdev(x), ([1.0, 1.0, 1.0],)),
])
def test_lengths_that_are_zero_have_the_smallest_subgradient_forwards(function, x):
    along = tuple([type(v)([1.0, 2.0, 3.0][:len(v)]) if isinstance(v, (list, tuple)) else 1.0
                   for v in x])
    assert sd.jvp(function, x, along)[1] == 0.0


def steep(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))


def soft(x):
    return np.where(x < 30, np.log1p(np.exp(x)), x)


def capped(x):
    return np.minimum(np.exp(x), 5.0) + np.clip(np.exp2(x), 0.0, 3.0)


def selected(x):
    return np.select([x > 30.0], [x], np.log(np.exp(x) + 1))


def hanging(x):
    return np.where(np.abs(x) < 50, np.log(np.cosh(x)), np.abs(x))


def catenary(x):
    return np.where(np.abs(x) < 50, np.cosh(x) + 3 * np.sinh(x), x)


def bessel(x):
    return np.where(np.abs(x) < 50, special.i0(x) * x, x)


FAR = np.array([1000.0, 0.0, -1000.0])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("function", "slopes"), [
    (steep, [0.0, 0.25, 0.0]), (soft, [1.0, 0.5, 0.0]), (selected, [1.0, 0.5, 0.0]),
    (capped, [0.0, 1.0 + math.log(2.0), 0.0]), (hanging, [1.0, 0.0, -1.0]),
    (catenary, [1.0, 3.0, 1.0]), (bessel, [1.0, 1.0, 1.0]),
])
def test_an_exponential_that_is_too_large_where_it_is_thrown_away_counts_for_nothing(
        function, slopes):
    def agrees(found):
        np.testing.assert_allclose(found, slopes, rtol=1e-12, atol=1e-99)

    agrees(sd.grad(lambda x: np.sum(function(x)))(FAR))
    agrees(sd.vjp(function, FAR)[1](np.ones(3)))
    agrees(sd.jvp(function, (FAR,), (np.ones(3),))[1])


#: Functions with the finite numbers at which they, or their slopes, are infinite or none.
ENDLESS = {
    "k0e": (special.k0e, [0.0, -1.0]), "k1e": (special.k1e, [0.0, -1.0]),
    "i0": (np.i0, [1e3, -1e3]),
    "exprel": (special.exprel, [1e3]), "rgamma": (special.rgamma, [-1e3]),
    "hyperbolic integral of sines": (lambda x: special.shichi(x)[0], [1e3, -1e3]),
    "hyperbolic integral of cosines": (lambda x: special.shichi(x)[1], [1e3, 0.0]),
    "integral of Airy's": (lambda x: special.itairy(x)[0], [-1e3, 1e3]),
    "integral of Airy's below": (lambda x: special.itairy(x)[3], [-1e3, 1e3]),
    "Fresnel's": (lambda x: special.fresnel(x)[0], [1e300]),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", ENDLESS)
def test_what_is_infinite_where_it_is_thrown_away_counts_for_nothing(name):
    function, ends = ENDLESS[name]
    x = np.array([0.7, *ends])
    kept = np.arange(len(x)) == 0

    def masked(x):
        return np.where(kept, function(x), x)

    slope = (function(0.7 + 1e-5) - function(0.7 - 1e-5)) / 2e-5
    found = sd.grad(lambda x: np.sum(masked(x)))(x)
    np.testing.assert_allclose(found, [slope, *np.ones(len(ends))], rtol=1e-7)
    np.testing.assert_allclose(sd.jvp(masked, (x,), (np.ones(len(x)),))[1], found, rtol=1e-12)


#: Of one argument that is real; at a pole a sum of tangents may be of two infinities.  The tangent
#: of the logarithm of a float at zero is a float divided by zero, which raises.
ALONE = [n for n, row in enumerate(conventions.ROWS) if len(row.given) == 1 and isinstance(
    next(iter(row.given.values())), (float, list)) and "eigh" not in row.expression
    and row.expression != "np.log(x)"]


@pytest.mark.parametrize("number", ALONE, ids=lambda n: conventions.ROWS[n].expression)
def test_tangents_along_units_are_what_the_table_of_conventions_says(number):
    row = conventions.ROWS[number]
    x = next(iter(row.given.values()))
    x = np.array(x) if isinstance(x, list) else x
    units = np.eye(np.size(x)).reshape(np.size(x), *np.shape(x)) if np.ndim(x) else [1.0]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        found = [np.sum(np.real(sd.jvp(function_of(row, number), (x,), (u,))[1])) for u in units]
    np.testing.assert_allclose(np.reshape(found, np.shape(x)), row.expected[0], rtol=1e-9,
                               atol=1e-12)


def test_a_zero_of_the_function_itself_wins_where_its_rule_is_written_out():
    # Owen's function does not move with h at 0, nor with a width that is infinite.
    h, a = np.array([0.0, 1.0]), np.array([np.inf, 2.0])
    for of_h, of_a in (sd.vjp(lambda h, a: special.owens_t(h, a), h, a)[1](np.ones(2)),
                       sd.grad(lambda h, a: np.sum(special.owens_t(h, a)), wrt=(0, 1))(h, a)):
        assert of_h[0] == of_a[0] == 0.0
        assert np.all(np.isfinite(of_h)) and np.all(np.isfinite(of_a))
