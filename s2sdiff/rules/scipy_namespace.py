"""SciPy's helpers of the array API, which its functions call before they compute."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy._lib import _array_api

from s2sdiff.registry import constant, derivative
from s2sdiff.runtime import unbroadcast

if hasattr(_array_api, "xp_promote"):

    @derivative(of=_array_api.xp_promote, wrt="args")
    def xp_promote(
        *args: Any, broadcast: bool = False, force_floating: bool = False, xp: Any
    ) -> Any:
        value = _array_api.xp_promote(
            *args, broadcast=broadcast, force_floating=force_floating, xp=xp)

        shapes = [None if a is None else np.shape(a) for a in args]

        def pullback(bar: Any) -> Any:
            bars = (bar,) if len(args) == 1 else bar
            return tuple(None if g is None or shape is None else unbroadcast(g, shape)
                         for g, shape in zip(bars, shapes, strict=True))

        return value, pullback


constant(*[f for f in (getattr(_array_api, name, None) for name in (
    "array_namespace", "is_numpy", "is_torch", "is_jax", "is_cupy", "is_dask", "xp_result_type",
    "is_lazy_array", "xp_device")) if f is not None])
