"""Multivariate distributions of `scipy.stats`, which are differentiated through SciPy's source.

Of a covariance SciPy takes the eigenvectors, of which those of equal eigenvalues are no functions
of it.  But densities depend only on the inverse and the determinant; these are differentiated here.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import _multivariate

from s2sdiff.registry import derivative
from s2sdiff.rules.decompositions import in_triangle
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import standins, standins_stats

__all__: list[str] = []


@derivative(of=standins_stats.factor, wrt="M")
def factor(cls, M, *args, **kwds):
    found = standins_stats.factor(cls, M, *args, **kwds)
    root = found[0]

    def pullback(bars):
        root_bar, log_bar = bars[:2]
        bar = 0.0 if log_bar is None else log_bar * np.eye(len(root))
        if root_bar is not None:
            # The inverse P = root root^T changes by -P dM P.
            inner = root.T @ root_bar
            if not np.allclose(inner, inner.T, rtol=1e-6, atol=1e-8 * np.max(np.abs(inner))):
                raise unsupported("a result that depends on which eigenvectors of a covariance "
                                  "SciPy takes has no derivative",
                                  "whiten with scipy.linalg.cholesky and solve_triangular")
            bar = bar - (inner + inner.T) / 4
        return in_triangle(root @ bar @ root.T, False)

    return found, pullback


factor.__s2sdiff_any__ = True  # type: ignore[attr-defined]

standins.EAGER[_multivariate._PSD.__init__] = standins_stats.semidefinite
