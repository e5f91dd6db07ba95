"""Second derivatives through SciPy's own Python code, against differences of gradients."""

import numpy as np
import pytest
import scipy.integrate
import scipy.interpolate
import scipy.linalg
import scipy.optimize
import scipy.signal
import scipy.special
import scipy.stats

import s2sdiff as sd

X = np.array([0.7, 0.45, 1.9])

CASES = {
    "akima": lambda x: scipy.interpolate.Akima1DInterpolator(
        np.arange(6.0), np.r_[x, x**2])([0.5, 2.5]),
    "barycentric": lambda x: scipy.interpolate.barycentric_interpolate(
        [0.0, 1, 2], x**2, [0.4, 0.9]),
    "block_diag": lambda x: scipy.linalg.block_diag(x[None], np.outer(x, x), x[0])[1],
    "butterworth": lambda x: scipy.signal.sosfilt(
        scipy.signal.butter(2, 0.3, output="sos"), np.tile(x**2, 4)),
    "entropy": lambda x: scipy.stats.entropy(x / np.sum(x), [0.2, 0.3, 0.5]),
    "linregress": lambda x: scipy.stats.linregress(np.arange(3.0), x**2).slope ** 2,
    "geometric mean": lambda x: scipy.stats.gmean(x),
    "pchip": lambda x: scipy.interpolate.PchipInterpolator(np.arange(3.0), x)([0.3, 1.7]),
    "pearsonr": lambda x: scipy.stats.pearsonr(x, np.array([1.0, 2, 2.5]))[0],
    "resample": lambda x: scipy.signal.resample(np.tile(x**2, 3), 14),
    "savgol": lambda x: scipy.signal.savgol_filter(np.tile(x**2, 4), 5, 2),
    "simpson": lambda x: scipy.integrate.simpson(x**2, x=np.cumsum(x)),
    "spherical bessel": lambda x: scipy.special.spherical_jn(2, x) + scipy.special.spherical_yn(
        1, x),
    "spline": lambda x: scipy.interpolate.BSpline(
        np.r_[0, 0, 0, 1, 2, 3, 3, 3.0], np.r_[x, x[:2]], 2)(x),
    "trapezoid": lambda x: scipy.integrate.trapezoid(x**3, dx=0.3),
    "trimmed mean": lambda x: scipy.stats.trim_mean(np.concatenate([x, 2 * x, x**2, -x]), 0.2),
    "zscore": lambda x: scipy.stats.zscore(x, ddof=1),
}


@pytest.mark.parametrize("name", CASES)
def test_product_with_a_hessian(name):
    case = CASES[name]
    weights = np.sin(1.0 + np.arange(np.size(case(X)))).reshape(np.shape(case(X)))
    along = np.array([0.3, -1.0, 0.6])

    def weighted(x):
        return np.sum(case(x) * weights)

    given, step = X.copy(), 1e-5
    found = sd.hvp(weighted, (given,), (along,))
    gradient = sd.grad(weighted)
    slope = (gradient(X + step * along) - gradient(X - step * along)) / (2 * step)
    np.testing.assert_allclose(found, slope, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(given, X)
    h = 1e-4
    values = [weighted(X + k * h * along) for k in (-2, -1, 1, 2)]
    np.testing.assert_allclose(gradient(X) @ along, np.dot([1, -8, 8, -1], values) / (12 * h),
                               rtol=1e-6)


def test_assignments_are_indices():
    def least(x):
        costs = np.outer(x, [1.0, 3, 2])
        rows, columns = scipy.optimize.linear_sum_assignment(costs)
        return np.sum(costs[rows, columns] ** 2)

    sd.check_grads(least, (X,))
