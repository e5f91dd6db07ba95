"""The rules of `scipy.ndimage`, by topic."""

from __future__ import annotations

from s2sdiff.rules import (  # noqa: F401
    scipy_grey_filters,
    scipy_ndimage_filters,
    scipy_ndimage_fourier,
    scipy_ndimage_gaussian,
    scipy_ndimage_labels,
    scipy_ndimage_linear,
    scipy_ndimage_transforms,
    scipy_rank_filters,
)

__all__: list[str] = []
