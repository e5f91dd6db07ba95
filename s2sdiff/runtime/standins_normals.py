"""The density of normal vectors of `scipy.stats`, in the language that is differentiated.

SciPy makes an object of the covariance, by its eigenvectors.  Its value is kept: what is added to
it is zero and has the derivative, in the lower triangle, which is what SciPy reads.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from s2sdiff.runtime.markers import stop_gradient

__all__ = ["density_found", "logpdf", "pdf"]


def density_found(self: Any, x: Any, mean: Any, cov: Any) -> Any:
    """What SciPy finds; it has no derivative."""
    from scipy.stats import _multivariate

    return _multivariate.multivariate_normal_gen.logpdf(self, x, mean, cov)


def logpdf(self: Any, x: Any, mean: Any = None, cov: Any = 1, allow_singular: Any = False) -> Any:
    from scipy.stats import _multivariate

    if type(x) is np.ndarray and type(mean) is np.ndarray and type(cov) is np.ndarray \
            and mean.ndim == 1 and cov.ndim == 2 and len(cov) > 1 and not allow_singular:
        found = density_found(self, stop_gradient(x), stop_gradient(mean), stop_gradient(cov))
        moved = np.reshape(log_density(x, mean, cov), np.shape(found))
        return found + (moved - stop_gradient(moved))
    dim, mean, cov_object = self._process_parameters(mean, cov, allow_singular)
    x = self._process_quantiles(x, dim)
    out = self._logpdf(x, mean, cov_object)
    if np.any(cov_object.rank < dim):
        out[~cov_object._support_mask(x - mean)] = -np.inf
    return _multivariate._squeeze_output(out)


def log_density(x: Any, mean: Any, cov: Any) -> Any:
    """By the lower triangle of a covariance of full rank."""
    lower = np.tril(cov)
    whole = lower + np.transpose(np.tril(lower, -1))
    away = np.reshape(x - mean, (-1, len(whole)))
    distances = np.sum(away * np.transpose(np.linalg.solve(whole, np.transpose(away))), axis=-1)
    return -0.5 * (len(whole) * math.log(2 * math.pi) + np.linalg.slogdet(whole)[1] + distances)


def pdf(self: Any, x: Any, mean: Any = None, cov: Any = 1, allow_singular: Any = False) -> Any:
    return np.exp(self.logpdf(x, mean, cov, allow_singular))
