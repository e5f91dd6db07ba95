"""SciPy's power divergences, in the language that is differentiated (see `standins`).

The terms are a function of their own here, so that a rule knows their slope in the power: SciPy has
formulas for the powers 1, 0 and -1 in which the power does not occur.
"""

from __future__ import annotations

import importlib
import warnings
from typing import Any

import numpy as np

__all__ = ["power_divergence", "terms"]


def terms(observed: Any, expected: Any, lambda_: Any) -> Any:
    """What of Cressie and Read's statistic each class contributes, as SciPy computes it.

    >>> terms(np.array([1.0, 3.0]), np.array([2.0, 2.0]), 1)
    array([0.5, 0.5])
    """
    from scipy import special

    if lambda_ == 1:
        return (observed - expected) ** 2 / expected
    if lambda_ == 0:
        return 2.0 * special.xlogy(observed, observed / expected)
    if lambda_ == -1:
        return 2.0 * special.xlogy(expected, expected / observed)
    found = observed * ((observed / expected) ** lambda_ - 1)
    found /= 0.5 * lambda_ * (lambda_ + 1)
    return found


def standins() -> dict[str, Any]:
    """What stands for functions of `scipy.stats._stats_py`, of those this version has."""
    library = importlib.import_module("scipy.stats._stats_py")
    needed = ("_power_divergence", "_power_div_lambda_names", "Power_divergenceResult")
    return {"_power_divergence": power_divergence} if all(
        hasattr(library, name) for name in needed) else {}


def power_divergence(f_obs: Any, f_exp: Any, ddof: Any, axis: Any, lambda_: Any,
                     sum_check: bool = True) -> Any:
    """`scipy.stats._stats_py._power_divergence`"""
    from scipy import special
    from scipy.stats import _stats_py as library

    f_obs, f_exp, ddof = floating(f_obs, f_exp, ddof, getattr(library, "xp_promote", None))
    if isinstance(lambda_, str):
        lambda_ = named(lambda_, library._power_div_lambda_names)
    elif lambda_ is None:
        lambda_ = 1
    if f_exp is not None:
        if sum_check:
            check_sums(f_obs, f_exp, axis)
        f_exp = np.broadcast_to(f_exp, np.broadcast_shapes(f_obs.shape, f_exp.shape))
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            f_exp = np.mean(f_obs, axis=axis, keepdims=True)
    parts = terms(f_obs, f_exp, lambda_)
    statistic = np.sum(parts, axis=axis)
    count = np.asarray(parts.size if axis is None else parts.shape[axis], dtype=f_obs.dtype)
    pvalue = special.chdtrc(count - 1 - ddof, statistic)
    statistic = statistic[()] if statistic.ndim == 0 else statistic
    pvalue = pvalue[()] if pvalue.ndim == 0 else pvalue
    return library.Power_divergenceResult(statistic, pvalue)


def floating(f_obs: Any, f_exp: Any, ddof: Any, promote: Any) -> tuple:
    """Arrays of floats; SciPy 1.15 leaves each its own type, later ones have one for all."""
    if promote is not None:
        return promote(f_obs, f_exp, ddof, force_floating=True, xp=np)
    return own_floats(f_obs), None if f_exp is None else own_floats(f_exp), np.asarray(ddof)


def own_floats(x: Any) -> Any:
    x = np.asarray(x)
    return x.astype(np.float64) if x.dtype.kind in "biu" else x


def named(lambda_: str, powers: Any) -> Any:
    if lambda_ not in powers:
        names = repr(list(powers.keys()))[1:-1]
        raise ValueError(f"invalid string for lambda_: {lambda_!r}. Valid strings are {names}")
    return powers[lambda_]


def check_sums(observed: Any, expected: Any, axis: Any) -> None:
    """As many are observed as are expected, but for rounding."""
    tolerance = np.finfo(np.result_type(observed.dtype, expected.dtype)).eps ** 0.5
    observed, expected = np.broadcast_arrays(observed.astype(np.float64), expected)
    with np.errstate(invalid="ignore"):
        sums = np.sum(observed, axis=axis), np.sum(expected, axis=axis)
        apart = np.abs(sums[0] - sums[1]) / np.minimum(sums[0], sums[1])
        wrong = np.any(apart > tolerance, axis=None)
    if wrong:
        raise ValueError(
            "For each axis slice, the sum of the observed frequencies must agree with the sum of "
            f"the expected frequencies to a relative tolerance of {tolerance}, but the percent "
            f"differences are:\n{apart}")
