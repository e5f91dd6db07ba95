"""The rules of `scipy.signal`, by topic."""

from __future__ import annotations

from s2sdiff.rules import (  # noqa: F401
    scipy_convolutions,
    scipy_filters,
    scipy_rank_filters,
    scipy_resampling,
    scipy_smoothing,
    scipy_spectral,
    scipy_waveforms,
)

__all__: list[str] = []
