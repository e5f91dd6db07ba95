"""SciPy's helpers of the array API, which its functions call before they compute."""

from __future__ import annotations

import contextlib
import importlib
import types
from typing import Any

import numpy as np
from scipy._lib import _array_api

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.shared import shaped
from s2sdiff.runtime import unbroadcast

if hasattr(_array_api, "xp_promote"):

    @derivative(of=_array_api.xp_promote, wrt="args")
    @shaped
    def xp_promote(
        *args: Any, broadcast: bool = False, force_floating: bool = False, xp: Any
    ) -> Any:
        value = _array_api.xp_promote(
            *args, broadcast=broadcast, force_floating=force_floating, xp=xp)

        shapes = [np.shape(a) for a in args]

        def pullback(bar: Any) -> Any:
            bars = (bar,) if len(args) == 1 else bar
            return tuple(None if g is None else unbroadcast(g, shape)
                         for g, shape in zip(bars, shapes, strict=True))

        return value, pullback


def _carried_along(name: str) -> types.ModuleType | None:
    """A module of the layers that SciPy carries along, since 1.18 in a place of their own."""
    for place in ("scipy._external", "scipy._lib"):
        with contextlib.suppress(ImportError):
            return importlib.import_module(f"{place}.{name}")
    return None


_ASKED = (
    "array_namespace", "device", "is_array_api_obj", "is_cupy", "is_cupy_array",
    "is_cupy_namespace", "is_dask", "is_dask_array", "is_dask_namespace", "is_jax", "is_jax_array",
    "is_jax_namespace", "is_lazy_array", "is_numpy", "is_numpy_array", "is_numpy_namespace",
    "is_torch", "is_torch_array", "is_torch_namespace", "is_writeable_array", "xp_device",
    "xp_result_type")
_HELPERS = _carried_along("array_api_compat.common._helpers")
constant(*{f for module in (_array_api, _HELPERS) for f in (
    getattr(module, name, None) for name in _ASKED) if f is not None}, shaped=True)

_extra: Any = _carried_along("array_api_extra")
if _extra is not None:

    @derivative(of=_extra.atleast_nd, wrt="x")
    @shaped
    def atleast_nd(x: Any, /, *, ndim: int, xp: Any = None) -> Any:
        shape = np.shape(x)
        return _extra.atleast_nd(x, ndim=ndim, xp=xp), lambda z_bar: np.reshape(z_bar, shape)
