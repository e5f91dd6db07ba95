"""Multivariate distributions of `scipy.stats`, which are differentiated through SciPy's source.

Of a covariance SciPy takes the eigenvectors, of which those of equal eigenvalues are no functions
of it.  But densities depend only on the inverse and the determinant; these are differentiated here.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import _multivariate

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.decompositions import in_triangle
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import standins, standins_normals, standins_stats

__all__: list[str] = []

#: Eigenvalues that differ by less, against the largest, count as equal: differences of them would
#: have lost half of their digits.
EQUAL = 1e-7


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

@derivative(of=standins_stats.factor, wrt="M", mode="jvp")
def factor_forward(cls, M, *args, **kwds):
    found = standins_stats.factor(cls, M, *args, **kwds)
    root, _, _, eps, null = found

    def differential(M_dot):
        lower = np.tril(M_dot)
        moved = lower + np.tril(lower, -1).T
        # Of the columns of the root, whose squared lengths are 1 / values; 0 is that of none.
        inverse = np.sum(root * root, axis=0)
        kept = inverse > 0
        values = np.where(kept, 1 / np.where(kept, inverse, 1.0), 0.0)
        vectors = root * np.sqrt(values)
        inner = vectors.T @ moved @ vectors
        gap = values - values[:, None]
        # Vectors of equal values turn as anybody likes: here so that the root changes least.
        equal = (abs(gap) <= EQUAL * np.max(values, initial=0.0)) | ~(kept & kept[:, None])
        turned = np.where(equal, -inverse[:, None] / 2, 1 / np.where(equal, 1.0, gap)) * inner
        beyond = moved @ vectors
        beyond = (beyond - vectors @ (vectors.T @ beyond)) * inverse
        root_dot = (vectors @ turned + beyond) * np.sqrt(inverse)
        return (root_dot, np.sum(np.diag(inner) * inverse), None, np.full_like(eps, np.nan),
                np.full_like(null, np.nan))

    return found, differential


factor_forward.__s2sdiff_any__ = True  # type: ignore[attr-defined]

standins.EAGER[_multivariate._PSD.__init__] = standins_stats.semidefinite
standins.EAGER[_multivariate.multivariate_normal_gen.logpdf] = standins_normals.logpdf
standins.EAGER[_multivariate.multivariate_normal_gen.pdf] = standins_normals.pdf
constant(standins_normals.density_found)
