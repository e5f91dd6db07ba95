"""SciPy's solvers of sparse systems, in the language that is differentiated (see `standins`).

SuperLU's factors keep no sight of the matrix that they are of.  Those that stand for them do, so
that what they solve moves with its elements.  What an operator multiplies with is a function: what
its residual moves by is what the function says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.markers import stop_gradient
from s2sdiff.runtime.standins_solved import change_of, unknown

__all__ = ["ITERATIVE", "Factors", "by_matrix", "check_ended", "exactly", "factors_of", "found",
           "is_operator", "iterative", "kept", "least_found", "least_squares_by", "moved_by",
           "moved_least", "solved_by", "squares_by_matrix"]

ITERATIVE = ("cg", "cgs", "bicg", "bicgstab", "gmres", "lgmres", "minres", "qmr", "gcrotmk",
             "tfqmr")


def factors_of(name: str, a: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """What SciPy's function makes of a matrix; it has no derivative of its own."""
    from scipy.sparse import linalg

    return getattr(linalg, name)(a.copy(), *args, **kwargs)


def kept(a: Any) -> Any:
    """A number that tells whether the elements of a sparse matrix are still the same.

    Their order may be another: sorting changes the matrix in no way.
    """
    data = np.ascontiguousarray(a.data)
    width = np.uint32 if data.dtype.itemsize % 8 else np.uint64
    return int(np.sum(data.view(width), dtype=np.uint64)) if data.dtype.itemsize % 4 == 0 else None


def solved_by(a: Any, number: Any, factors: Any, rhs: Any, trans: str = "N") -> Any:
    """The solution by the factors of a matrix; its rule speaks of the matrix, too.

    The number tells of the elements that were factored, which may have been written since.
    """
    return factors.solve(rhs, trans)


def part_of(factors: Any, name: str) -> Any:
    """An attribute of SuperLU's object; it has no derivative."""
    if name in ("L", "U"):
        raise refusal(UnsupportedError,
                      f"the factor {name} of a sparse matrix has no derivative here",
                      "compute with what `solve` gives")
    return getattr(factors, name)


def splu(A: Any, *args: Any, **options: Any) -> Any:
    return Factors(A, kept(A), factors_of("splu", A, args, options))


def factorized(A: Any) -> Any:
    # SciPy's is `splu(A).solve`.
    number, factors = kept(A), factors_of("splu", A, (), {})
    return lambda rhs: solved_by(A, number, factors, rhs)


# --------------------------------------------------------------------------- solvers that iterate


def is_operator(a: Any) -> bool:
    """Whether a matrix is given by what it does; it has no derivative."""
    from scipy import sparse

    return not isinstance(a, np.ndarray) and not sparse.issparse(a)


def found(name: str, a: Any, b: Any, x0: Any, options: dict[str, Any]) -> Any:
    """What SciPy's solver gives; it has no derivative."""
    from scipy.sparse import linalg

    x, info = getattr(linalg, name)(a, b, x0, **options)
    # The right-hand side itself where that is zero.
    return x.copy() if np.may_share_memory(x, b) else x, info


def by_matrix(name: str, a: Any, b: Any, x0: Any, options: dict[str, Any]) -> Any:
    """The same of a matrix that is an array, sparse or not; it has a rule."""
    return found(name, a, b, x0, options)


def moved_by(name: str, a: Any, info: Any, options: dict[str, Any], residual: Any) -> Any:
    """What a solution moves by for what its residual, which is zero here, does; it has a rule."""
    return residual * 0.0


def iterative(name: str) -> Any:
    """What stands for a solver that iterates."""
    def solve(A: Any, b: Any, x0: Any = None, **options: Any) -> Any:
        if not is_operator(A):
            return by_matrix(name, A, b, x0, options)
        x, info = found(name, A, b, x0, options)
        residual = np.ravel(b) - A.matvec(x)
        return x + moved_by(name, A, info, options, residual - stop_gradient(residual)), info

    return solve


# ------------------------------------------------------------------------------- least squares


def least_found(name: str, a: Any, b: Any, damp: Any, x0: Any, options: dict[str, Any]) -> Any:
    """What SciPy's solver of least squares gives; it has no derivative."""
    from scipy.sparse import linalg

    return getattr(linalg, name)(a, b, damp, x0=x0, **options)


def squares_by_matrix(name: str, a: Any, b: Any, damp: Any, x0: Any,
                      options: dict[str, Any]) -> Any:
    """The same of a matrix that is an array, sparse or not; it has a rule."""
    return least_found(name, a, b, damp, x0, options)


def exactly(name: str, a: Any, options: dict[str, Any]) -> dict[str, Any]:
    """The options by which a solver of least squares is as exact as it can; constant."""
    limit = "iter_lim" if name == "lsqr" else "maxiter"
    return {"atol": 1e-15, "btol": 1e-15, "conlim": 0.0,
            limit: options.get(limit) or 20 * max(a.shape)}


def check_ended(name: str, found: tuple, b: Any, rest: Any, slope: Any) -> None:
    """Refuse what a solver gave up before it was a solution, by its default tolerances; constant.

    `slope` is what the normal equations are off by.
    """
    size, of_a, tolerance = np.linalg.norm(rest), found[5], 1e-6
    solves = size <= tolerance * (np.linalg.norm(b) + of_a * np.linalg.norm(found[0]))
    if found[1] in (3, 6, 7) and not solves and \
            np.linalg.norm(slope) > tolerance * of_a * size:
        raise refusal(UnsupportedError, f"{name} ended early, and what is no solution has no "
                      "derivative", "let it iterate longer, or leave out conlim")


def moved_least(name: str, a: Any, damp: Any, slope: Any, spread: Any) -> Any:
    """What a solution moves by for what the normal equations are off by; it has a rule.

    Without damping it may be one of many: `spread` has what the rows of the operator move by,
    whose combination it is.
    """
    return slope * 0.0


def least_squares_by(name: str) -> Any:
    """What stands for `lsqr` or `lsmr`."""
    def solve(A: Any, b: Any, damp: Any = 0.0, *, x0: Any = None, **options: Any) -> Any:
        if not is_operator(A):
            return squares_by_matrix(name, A, b, damp, x0, options)
        found = least_found(name, A, b, damp, x0, options)
        # It moves as its start does, but for what the equations say.
        x = found[0] if x0 is None else found[0] + change_of(x0)
        step = x if x0 is None else x - x0
        rest = np.ravel(b) - A.matvec(x)
        slope = A.rmatvec(rest) - damp * damp * step
        check_ended(name, found, b, rest, slope)
        spread = slope
        if damp == 0:
            exact = exactly(name, A, options)
            spread = A.rmatvec(least_found(name, A.H, step, 0.0, None, exact)[0])
        change = moved_least(name, A, damp, change_of(slope), change_of(spread))
        total = np.sum(change)
        return (x + change, *found[1:3], *[unknown(part, total, *_ESTIMATED) for part in found[3:]])

    return solve


_ESTIMATED = ("what lsqr and lsmr tell of the solution by an operator has no derivative here",
              "compute it from the solution, or give them a matrix")


@dataclass(frozen=True, eq=False)
class Factors:
    """Stands for SuperLU's object."""

    matrix: Any
    number: Any
    factors: Any

    def solve(self, rhs: Any, trans: str = "N") -> Any:
        return solved_by(self.matrix, self.number, self.factors, rhs, trans)

    def __getattr__(self, name: str) -> Any:
        return part_of(self.factors, name)
