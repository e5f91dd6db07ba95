"""Products, linear algebra, special functions, signals: each beside the derivative by hand."""

import numpy as np
import scipy.special
import scipy.stats
from scipy.special import logsumexp

from benchmarks.problem import RuleCase

__all__ = ["CASES"]


def _normal(*shape):
    return np.random.default_rng(0).normal(size=shape)


def _uniform(*shape):
    return np.random.default_rng(1).uniform(0.5, 2.0, size=shape)


def _definite(n):
    a = _normal(n, n)
    return a @ a.T / n + np.eye(n)


def one(size):
    return _uniform(size), _normal(size)


def both(size):
    return _normal(size), _uniform(size)


def vector(size):
    return (_normal(size),)


def matrices(n):
    return _normal(n, n), _normal(n, n)[::-1].copy(), _uniform(n, n)


def definite(n):
    return _definite(n), _normal(n, n)


def system(n):
    return _definite(n), _normal(n), _uniform(n)


# ---------------------------------------------------------------------------------- products


def dot(x, y):
    return np.dot(x, y)


def dot_by_hand(x, y):
    return y.copy(), x.copy()


def matmul(a, b, w):
    return np.sum(a @ b * w)


def matmul_by_hand(a, b, w):
    return w @ b.T, a.T @ w


def einsum(a, b, w):
    return np.sum(np.einsum("ij,jk->ik", a, b) * w)


def outer(x, y, w):
    return np.sum(np.outer(x, y) * w)


def outers(size):
    n = round(size**0.5)
    return _normal(n), _uniform(n), _normal(n, n)


def outer_by_hand(x, y, w):
    return w @ y, x @ w


def inner(a, b, w):
    return np.sum(np.inner(a, b) * w)


def inner_by_hand(a, b, w):
    return w @ b, w.T @ a


def norm(x):
    return np.linalg.norm(x)


def norm_by_hand(x):
    return x * (1 / np.sqrt(np.dot(x, x)))


# --------------------------------------------------------------------------- linear algebra


def solve(a, b, w):
    return np.sum(np.linalg.solve(a, b) * w)


def solve_by_hand(a, b, w):
    x = np.linalg.solve(a, b)
    b_bar = np.linalg.solve(a.T, w)
    return -b_bar[:, None] * x, b_bar


def inv(a, w):
    return np.sum(np.linalg.inv(a) * w)


def inv_by_hand(a, w):
    z = np.linalg.inv(a).T
    g = z @ w @ z
    return np.negative(g, out=g)


def det(a):
    return np.linalg.det(a)


def det_by_hand(a):
    try:
        inverse = np.linalg.inv(a)
        condition = np.sqrt(np.vdot(a, a) * np.vdot(inverse, inverse))
    except np.linalg.LinAlgError:
        condition = np.inf
    if condition < 1e8:
        g = inverse.T.copy()
        g *= np.linalg.det(a)
        return g
    # Singular, or nearly so: the cofactors are finite, and the inverse has no digits.
    u, s, vh = np.linalg.svd(a)
    others = [np.prod(np.delete(s, i)) for i in range(len(s))]
    return np.linalg.det(u) * np.linalg.det(vh) * (u * others) @ vh


def dets(n):
    return (_definite(n) / 1.2,)


def cholesky(a, w):
    return np.sum(np.linalg.cholesky(a) * w)


def cholesky_by_hand(a, w):
    # Murray, Differentiation of the Cholesky decomposition, 2016, equation 10.
    lower = np.linalg.cholesky(a)
    p = np.tril(lower.T @ np.tril(w))
    p.ravel()[:: len(p) + 1] *= 0.5
    half = np.linalg.solve(lower.T, p)
    s = np.linalg.solve(lower.T, half.T)
    s += s.T
    # Only the lower triangle is read.
    g = np.tril(s)
    g.ravel()[:: len(g) + 1] *= 0.5
    return g


# ------------------------------------------------------------------------- special functions


def log_of_sum(x):
    return logsumexp(x)


def log_of_sum_by_hand(x):
    g = x - np.max(x)
    np.exp(g, out=g)
    g /= np.sum(g)
    return g


def gammaln(x, w):
    return np.sum(scipy.special.gammaln(x) * w)


def gammaln_by_hand(x, w):
    g = scipy.special.psi(x)
    g *= w
    return g


def erf(x, w):
    return np.sum(scipy.special.erf(x) * w)


def erf_by_hand(x, w):
    g = x * x
    np.negative(g, out=g)
    np.exp(g, out=g)
    g *= 2 / np.sqrt(np.pi)
    g *= w
    return g


def expit(x, w):
    return np.sum(scipy.special.expit(x) * w)


def expit_by_hand(x, w):
    s = scipy.special.expit(x)
    g = 1 - s
    g *= s
    g *= w
    return g


def logpdf(x, w):
    return np.sum(scipy.stats.norm.logpdf(x) * w)


def logpdf_by_hand(x, w):
    g = x * w
    return np.negative(g, out=g)


# ---------------------------------------------------------------------------------- signals


def fft(x, w):
    return np.sum(np.fft.fft(x).real * w)


def fft_by_hand(x, w):
    return np.fft.fft(w).real.copy()


def convolve(x, y, w):
    return np.sum(np.convolve(x, y) * w)


def filtered(size):
    return _normal(size), _normal(5), _normal(size + 4)


def convolve_by_hand(x, y, w):
    return np.correlate(w, y, "valid"), np.correlate(w, x, "valid")


def interp(x, values, w):
    return np.sum(np.interp(x, GRID, values) * w)


GRID = np.linspace(-4.0, 4.0, 33)


def sampled(size):
    return np.clip(_normal(size), -3.9, 3.9), np.sin(GRID), _uniform(size)


def interp_by_hand(x, values, w):
    slopes = np.diff(values) / np.diff(GRID)
    g = slopes[np.searchsorted(GRID, x, "right") - 1]
    g *= w
    return g


SQUARE = (3, 300)

CASES = (
    RuleCase("dot", dot, dot_by_hand, both, wrt=(0, 1)),
    RuleCase("@", matmul, matmul_by_hand, matrices, SQUARE, (0, 1)),
    RuleCase("einsum", einsum, matmul_by_hand, matrices, SQUARE, (0, 1)),
    RuleCase("outer", outer, outer_by_hand, outers, wrt=(0, 1)),
    RuleCase("inner", inner, inner_by_hand, matrices, SQUARE, (0, 1)),
    RuleCase("linalg.norm", norm, norm_by_hand, vector),
    RuleCase("linalg.solve", solve, solve_by_hand, system, SQUARE, (0, 1)),
    RuleCase("linalg.inv", inv, inv_by_hand, definite, SQUARE),
    RuleCase("linalg.det", det, det_by_hand, dets, SQUARE),
    RuleCase("linalg.cholesky", cholesky, cholesky_by_hand, definite, SQUARE),
    RuleCase("logsumexp", log_of_sum, log_of_sum_by_hand, vector),
    RuleCase("gammaln", gammaln, gammaln_by_hand, one),
    RuleCase("erf", erf, erf_by_hand, both),
    RuleCase("expit", expit, expit_by_hand, both),
    RuleCase("norm.logpdf", logpdf, logpdf_by_hand, both),
    RuleCase("fft.fft", fft, fft_by_hand, both),
    RuleCase("convolve", convolve, convolve_by_hand, filtered, wrt=(0, 1)),
    RuleCase("interp", interp, interp_by_hand, sampled),
)
