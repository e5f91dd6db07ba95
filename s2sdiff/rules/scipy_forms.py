"""`scipy.linalg`: forms of a matrix that it does not determine, which have no derivative here."""

from __future__ import annotations

import inspect
from typing import Any

from scipy import linalg

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import unsupported

__all__: list[str] = []


def refused(target: Any, reason: str, instead: str) -> None:
    """Register that what a function gives has no derivative, and why."""
    signature = inspect.signature(target)

    def rule(*args, **options):
        def pullback(_):
            raise unsupported(f"what scipy.linalg.{target.__name__} gives has no derivative here: "
                              f"{reason}", instead)

        return target(*args, **options), pullback

    rule.__signature__ = signature  # type: ignore[attr-defined]
    derivative(of=target)(rule)


_ROTATED = "its vectors are determined but for signs and phases, and real blocks come and go"
_BY_VALUES = "use eigvals or eig, or a function of the matrix such as expm, logm or sqrtm"
for _name in ("rsf2csf", "qz", "ordqz"):
    refused(getattr(linalg, _name), _ROTATED, _BY_VALUES)
refused(linalg.hessenberg, "the form depends on the reflections that LAPACK chooses", _BY_VALUES)
refused(linalg.cossin, _ROTATED, "use svd of the blocks, with full_matrices=False")
for _name in ("funm", "signm"):
    refused(getattr(linalg, _name), "it goes by way of the Schur form",
            "write it with eig: v @ np.diag(f(w)) @ np.linalg.inv(v)")
refused(linalg.ldl, "its order and blocks are those that LAPACK chooses", "use cholesky or lu")
refused(linalg.matrix_balance, "the scales jump by powers of two",
        "compute with the matrix as it is")
