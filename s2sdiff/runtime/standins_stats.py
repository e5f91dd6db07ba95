"""What SciPy makes of texts and copies, in the language that is differentiated (see `standins`)."""

from __future__ import annotations

import inspect
import types
from typing import Any

import numpy as np

from s2sdiff.runtime.carried import class_of

__all__ = ["EAGER", "standin"]

#: Filled by the rules of `scipy.stats`, which are loaded when it is first met.
EAGER: dict[Any, Any] = {}

_PARSERS = frozenset({"_parse_args", "_parse_args_stats", "_parse_args_rvs"})


def standin(function: Any) -> Any:
    """The function that stands for one that a distribution of `scipy.stats` has from a text."""
    if not (isinstance(function, types.FunctionType) and function.__name__ in _PARSERS
            and function.__code__.co_filename == "<string>"
            and all(name in function.__globals__ for name in _PARSERS)):
        return None
    return parser(function)


def parser(function: Any) -> Any:
    """Shapes as a tuple, location, scale, and the name of moments where it takes one."""
    parameters = inspect.signature(function).parameters
    names = [name for name in parameters if name != "self"]
    shapes = [name for name in names if name not in ("loc", "scale", "moments", "size")]
    known = {name: p.default for name, p in parameters.items() if p.default is not p.empty}

    def parse(self: Any, *args: Any, **kwds: Any) -> Any:
        given = {**known, **dict(zip(names, args)), **kwds}
        if len(args) > len(names) or any(name not in given for name in names) or any(
                name not in names[len(args):] for name in kwds):
            complain(function, self, args, kwds)
        found = tuple([given[name] for name in shapes]), given["loc"], given.get("scale", 1)
        if "size" in names:
            return self._argcheck_rvs(*found[0], *found[1:], size=given["size"])
        return (*found, given["moments"]) if "moments" in names else found

    return parse


def complain(original: Any, self: Any, args: tuple, kwds: dict[str, Any]) -> None:
    """Raise what the original raises of wrong arguments; it has no derivative."""
    original(self, *args, **kwds)


def frozen(self: Any, dist: Any, *args: Any, **kwds: Any) -> None:
    self.args = args
    self.kwds = kwds
    self.dist = renewed(dist)
    shapes, _, _ = self.dist._parse_args(*args, **kwds)
    self.a, self.b = self.dist._get_support(*shapes)


def renewed(dist: Any) -> Any:
    """Another instance of a distribution, as a frozen one holds it; it holds no active values."""
    return dist.__class__(**dist._updated_ctor_param())


def semidefinite(self: Any, M: Any, *args: Any, **kwds: Any) -> None:
    self._M = np.asarray(M)
    self.U, self.log_pdet, self.rank, self.eps, self.V = factor(class_of(self), M, *args, **kwds)
    self._pinv = None


def factor(cls: Any, M: Any, *args: Any, **kwds: Any) -> tuple:
    """What SciPy's `_PSD` finds of a covariance: a root of its inverse, its determinant, …"""
    made = cls(M, *args, **kwds)
    return made.U, made.log_pdet, made.rank, made.eps, made.V


def evaluate(self: Any, points: Any) -> Any:
    return estimated(self, points, class_of(self).evaluate, False)


def evaluate_log(self: Any, points: Any) -> Any:
    return estimated(self, points, class_of(self).logpdf, True)


def estimated(self: Any, points: Any, original: Any, logarithm: bool) -> Any:
    """A density estimated by Gaussian kernels, or its logarithm."""
    columns = np.atleast_2d(np.asarray(points))
    if columns.shape[0] != self.d:
        if columns.shape != (1, self.d):
            complain(original, self, (points,), {})
        columns = np.reshape(columns, (self.d, 1))
    return estimate(self.dataset, self.weights, columns, self.covariance, self.cho_cov, logarithm)


def estimate(dataset: Any, weights: Any, points: Any, covariance: Any, root: Any,
             logarithm: bool) -> Any:
    """The sum of Gaussian kernels at points, or its logarithm, as SciPy computes it.

    >>> estimate(np.zeros((1, 1)), np.ones(1), np.zeros((1, 1)), np.eye(1), np.eye(1), False)
    array([0.39894228])
    """
    from scipy.stats import _kde

    dtype, kind = _kde._get_output_dtype(covariance, points)
    function = _kde.gaussian_kernel_estimate_log if logarithm else _kde.gaussian_kernel_estimate
    return function[kind](dataset.T, weights[:, None], points.T, root, dtype)[:, 0]
