"""What `scipy.stats` fits to data: densities by kernels, the parameter of Box and Cox."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import linalg, special, stats

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import standins, standins_stats

__all__: list[str] = []

#: So many kernels are evaluated at once.
BLOCK = 1 << 20


# --------------------------------------------------------------------- densities by kernels


@derivative(of=standins_stats.estimate)
def estimate(dataset, weights, points, covariance, root, logarithm):
    value = standins_stats.estimate(dataset, weights, points, covariance, root, logarithm)

    def pullback(bar):
        # In units of the kernels, and seen from the middle, so that differences keep their digits.
        middle = np.mean(dataset, axis=1, keepdims=True)
        white = [linalg.solve_triangular(root, np.asarray(v, float) - middle, lower=True)
                 for v in (dataset, points)]
        data_bar, points_bar = np.zeros_like(white[0]), np.zeros_like(white[1])
        weights_bar = np.zeros(len(weights))
        log_scale = len(root) / 2 * math.log(2 * math.pi) + np.sum(np.log(np.diag(root)))
        step = max(1, BLOCK // len(weights))
        for start in range(0, points.shape[1], step):
            part = slice(start, start + step)
            exponent = np.zeros((len(weights), len(value[part])))
            for x, y in zip(white[0], white[1][:, part], strict=True):
                exponent -= (x[:, None] - y) ** 2 / 2
            if logarithm:
                exponent -= np.where(np.isfinite(value[part]), value[part], np.inf)
            share = np.exp(exponent - log_scale) * bar[part]
            weights_bar += share.sum(axis=1)
            share *= weights[:, None]
            data_bar += white[1][:, part] @ share.T - white[0] * share.sum(axis=1)
            points_bar[:, part] = white[0] @ share - white[1][:, part] * share.sum(axis=0)
        total = weights_bar @ weights
        back = [linalg.solve_triangular(root, v, lower=True, trans=1)
                for v in (data_bar, points_bar)]
        centred = back[0] @ white[0].T + back[1] @ white[1].T
        root_bar = np.tril(-centred) - np.diag(total / np.diag(root))
        return back[0], weights_bar, back[1], None, root_bar, None

    return value, pullback


@derivative(of=standins_stats.estimate, mode="jvp")
def estimate_differential(dataset, weights, points, covariance, root, logarithm):
    value = standins_stats.estimate(dataset, weights, points, covariance, root, logarithm)

    def differential(data_dot, weights_dot, points_dot, _, root_dot, __):
        middle = np.mean(dataset, axis=1, keepdims=True)
        turn = np.zeros_like(root) if root_dot is None else np.tril(root_dot)
        white, dots = [], []
        for v, dot in ((dataset, data_dot), (points, points_dot)):
            white.append(linalg.solve_triangular(root, np.asarray(v, float) - middle, lower=True))
            moved = (0.0 if dot is None else dot) - turn @ white[-1]
            dots.append(linalg.solve_triangular(root, moved, lower=True))
        log_scale = len(root) / 2 * math.log(2 * math.pi) + np.sum(np.log(np.diag(root)))
        log_scale_dot = np.sum(np.diag(turn) / np.diag(root))
        found = np.zeros_like(value)
        step = max(1, BLOCK // len(weights))
        for start in range(0, points.shape[1], step):
            part = slice(start, start + step)
            exponent = np.zeros((len(weights), len(value[part])))
            exponent_dot = np.full_like(exponent, -log_scale_dot)
            for x, y, x_dot, y_dot in zip(white[0], white[1][:, part], dots[0], dots[1][:, part],
                                          strict=True):
                apart = x[:, None] - y
                exponent -= apart**2 / 2
                exponent_dot -= apart * (x_dot[:, None] - y_dot)
            if logarithm:
                exponent -= np.where(np.isfinite(value[part]), value[part], np.inf)
            share = np.exp(exponent - log_scale)
            found[part] = weights @ (share * exponent_dot)
            if weights_dot is not None:
                found[part] += weights_dot @ share
        return found

    return value, differential


standins.EAGER[stats.gaussian_kde.evaluate] = standins_stats.evaluate
standins.EAGER[stats.gaussian_kde.logpdf] = standins_stats.evaluate_log


# --------------------------------------------------------------- the parameter of Box and Cox


def transformed(x: Any, lmbda: Any) -> tuple[Any, Any, Any]:
    """The transformation of Box and Cox, its first and second derivative in the parameter."""
    log_x = np.log(x)
    t = lmbda * log_x
    near = np.abs(t) < 1e-3
    safe = np.where(near, 1.0, t)
    power = np.exp(safe)
    # (exp(t) (t - 1) + 1) / t**2 and (exp(t) (t**2 - 2 t + 2) - 2) / t**3, and their series.
    first = np.where(near, 0.5 + t * (1 / 3 + t * (1 / 8 + t / 30)),
                     (power * (safe - 1) + 1) / safe**2)
    second = np.where(near, 1 / 3 + t * (1 / 4 + t * (1 / 10 + t / 36)),
                      (power * (safe * safe - 2 * safe + 2) - 2) / safe**3)
    return special.boxcox(x, lmbda), first * log_x**2, second * log_x**3


@derivative(of=stats.boxcox_normmax, wrt="x")
def boxcox_normmax(x, brack=None, method="pearsonr", optimizer=None, **options):
    """Of the likelihood's maximum by the implicit function theorem."""
    if method != "mle":
        raise unsupported(f"scipy.stats.boxcox_normmax(..., method={method!r}) has no derivative",
                          "use method='mle'")
    lmbda = stats.boxcox_normmax(x, brack, method, optimizer, **options)

    def pullback(bar):
        points = np.asarray(x, float)
        log_x = np.log(points)
        return bar * moved(transformed(points, lmbda), points ** (lmbda - 1), log_x, 1 / points)

    return lmbda, pullback


def moved(powers: Any, slope: Any, logarithm: Any, logarithm_slope: Any) -> Any:
    """What the parameter at the likelihood's maximum moves by for each of the data.

    Parameters
    ----------
    powers : transformed data, and their derivatives in the parameter
    slope : derivatives of the transformed data in the data
    logarithm : the logarithms of these over those of parameter one, whose sum is in the likelihood
    """
    y, y_1, y_2 = (p - p.mean() for p in powers)
    variance, joint = np.mean(y * y), np.mean(y * y_1)
    along = len(y) * (2 * (joint / variance) ** 2
                      - (np.mean(y_1 * y_1) + np.mean(y * y_2)) / variance)
    shift = logarithm_slope - slope * (
        y_1 + y * logarithm - 2 * joint / variance * y) / variance
    return -shift / along


@derivative(of=stats.yeojohnson_normmax, wrt="x")
def yeojohnson_normmax(x, brack=None):
    """Of the likelihood's maximum by the implicit function theorem."""
    lmbda: Any = stats.yeojohnson_normmax(x, brack)

    def pullback(bar):
        points = np.asarray(x, float)
        size, below = 1 + np.abs(points), points < 0
        up, down = transformed(size, lmbda), transformed(size, 2 - lmbda)
        powers = [np.where(below, sign * d, u)
                  for u, d, sign in zip(up, down, (-1.0, 1.0, -1.0), strict=True)]
        logarithm = np.copysign(np.log(size), points)
        found = moved(powers, np.exp((lmbda - 1) * logarithm), logarithm, 1 / size)
        return np.reshape(bar * found, np.shape(x))

    return lmbda, pullback
