"""`scipy.interpolate.RBFInterpolator`: its compiled helpers, which make matrices of functions.

A function of distances phi(|eps (x - y)|) has the gradient eps^2 (x - y) phi'(r) / r in x; sums
over all pairs of that are products of matrices, so that no array of differences is made.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.shared import compiled, unsupported

__all__: list[str] = []


def over_radius(kernel: str, r: Any) -> Any:
    """phi'(r) / r of SciPy's kernels, and 0 where a function has a kink or no curvature at 0."""
    safe = np.where(r > 0.0, r, 1.0)
    if kernel == "linear":
        return np.where(r > 0.0, -1.0 / safe, 0.0)
    if kernel == "thin_plate_spline":
        return np.where(r > 0.0, 2.0 * np.log(safe) + 1.0, 0.0)
    if kernel == "cubic":
        return 3.0 * r
    if kernel == "quintic":
        return -5.0 * r**3
    if kernel == "multiquadric":
        return -1.0 / np.sqrt(r * r + 1.0)
    if kernel == "inverse_multiquadric":
        return -(r * r + 1.0) ** -1.5
    if kernel == "inverse_quadratic":
        return -2.0 / (r * r + 1.0) ** 2
    if kernel == "gaussian":
        return -2.0 * np.exp(-r * r)
    raise unsupported(f"the kernel {kernel} has no derivative here", "use another one")


def distances(x: Any, y: Any) -> Any:
    """Between all pairs of rows, one coordinate after the other."""
    squares = np.zeros((len(x), len(y)))
    for a, b in zip(x.T, y.T, strict=True):
        squares += (a[:, None] - b) ** 2
    return np.sqrt(squares)


def kernel_back(x: Any, y: Any, kernel: str, epsilon: float, bars: Any) -> Any:
    """The cotangents of points, centers and the shape parameter."""
    rho = distances(x, y)
    weights = bars * over_radius(kernel, epsilon * rho)
    pairs = epsilon * epsilon * weights
    return (np.sum(pairs, axis=1)[:, None] * x - pairs @ y,
            np.sum(pairs, axis=0)[:, None] * y - pairs.T @ x,
            epsilon * float(np.sum(weights * rho * rho)))


def monomials_back(x: Any, powers: Any, bars: Any) -> Any:
    """The cotangent of points of which products of powers were made."""
    x_bar = np.zeros_like(x)
    for m in range(x.shape[1]):
        lower = powers.copy()
        lower[:, m] = np.maximum(lower[:, m] - 1, 0)
        slopes = np.prod(x[:, None, :] ** lower, axis=2) * powers[:, m]
        x_bar[:, m] = np.sum(bars * slopes, axis=1)
    return x_bar


def moved_back(x: Any, shift: Any, scale: Any, hat_bar: Any) -> Any:
    """The cotangents of x, shift and scale of `(x - shift) / scale`."""
    x_bar = hat_bar / scale
    return x_bar, -np.sum(x_bar, axis=0), -np.sum(x_bar * ((x - shift) / scale), axis=0)


def _build_system(y, d, smoothing, kernel, epsilon, powers):
    result = _helpers._build_system(y, d, smoothing, kernel, epsilon, powers)

    def pullback(bars):
        (p, r), (_, _, shift, scale) = (len(y), len(powers)), result
        y_bar, shift_bar, scale_bar = np.zeros_like(y), np.zeros_like(shift), np.zeros_like(scale)
        smoothing_bar, epsilon_bar = np.zeros(p), 0.0
        if bars[0] is not None:
            points, centers, epsilon_bar = kernel_back(y, y, kernel, epsilon, bars[0][:p, :p])
            y_bar += points + centers
            smoothing_bar = np.diagonal(bars[0])[:p].copy()
            if r:
                hat_bar = monomials_back((y - shift) / scale, powers,
                                         bars[0][:p, p:] + bars[0][p:, :p].T)
                points, shift_bar, scale_bar = moved_back(y, shift, scale, hat_bar)
                y_bar += points
        if bars[2] is not None:
            shift_bar = shift_bar + bars[2]
        if bars[3] is not None:
            scale_bar = scale_bar + bars[3]
        # Middle and half length of the box around the points; a length of 0 is replaced by 1.
        each = np.arange(y.shape[1])
        highest, lowest = np.argmax(y, axis=0), np.argmin(y, axis=0)
        scale_bar = np.where(highest == lowest, 0.0, scale_bar)
        scale_bar = np.where(y[highest, each] == y[lowest, each], 0.0, scale_bar)
        y_bar[highest, each] += (shift_bar + scale_bar) / 2.0
        y_bar[lowest, each] += (shift_bar - scale_bar) / 2.0
        d_bar = np.zeros_like(d) if bars[1] is None else bars[1][:p]
        return y_bar, d_bar, smoothing_bar, None, epsilon_bar, None

    return result, pullback


def _build_evaluation_coefficients(x, y, kernel, epsilon, powers, shift, scale):
    value = _helpers._build_evaluation_coefficients(x, y, kernel, epsilon, powers, shift, scale)

    def pullback(bar):
        x_bar, y_bar, epsilon_bar = kernel_back(x, y, kernel, epsilon, bar[:, :len(y)])
        hat_bar = monomials_back((x - shift) / scale, powers, bar[:, len(y):])
        moved, shift_bar, scale_bar = moved_back(x, shift, scale, hat_bar)
        return x_bar + moved, y_bar, None, epsilon_bar, None, shift_bar, scale_bar

    return value, pullback


_helpers: Any = compiled("scipy.interpolate._rbfinterp_pythran")

# These helpers are SciPy's own matter, and not all of its versions have them under these names.
for _rule in (_build_system, _build_evaluation_coefficients):
    if hasattr(_helpers, _rule.__name__):
        derivative(of=getattr(_helpers, _rule.__name__))(_rule)
if hasattr(_helpers, "_polynomial_matrix"):
    # It serves only the text of an error.
    constant(_helpers._polynomial_matrix)
