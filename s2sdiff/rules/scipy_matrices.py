"""The rules of `scipy.linalg` beyond systems of equations, by topic."""

from __future__ import annotations

from s2sdiff.rules import (  # noqa: F401
    scipy_decompositions,
    scipy_eigenvalues,
    scipy_hermitian,
    scipy_matrix_equations,
    scipy_matrix_functions,
    scipy_structured,
)

__all__: list[str] = []
