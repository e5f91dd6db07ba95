"""What sparse derivatives cost: `python -m benchmarks.sparse`.

Ratios of times taken in one process, turn by turn, the least of several.  The dense Jacobian of ten
thousand cells takes 800 MB and a run for each cell, and so it is taken a few times only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse

import s2sdiff as sd
from benchmarks.forward import rosenbrock
from benchmarks.measure import race

__all__ = ["CALLS", "DENSE", "main"]


def stencil(u: np.ndarray) -> np.ndarray:
    v = u.copy()
    v[1:-1] += u[1:-1] * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return v


def by_hand(u: np.ndarray) -> Any:
    """The Jacobian of `stencil`, by its diagonals."""
    inner = u[1:-1]
    diagonal = np.ones(len(u))
    diagonal[1:-1] += u[2:] - 4.0 * inner + u[:-2]
    below, above = np.append(inner, 0.0), np.append(0.0, inner)
    return scipy.sparse.diags_array([below, diagonal, above], offsets=[-1, 0, 1]).tocsr()


CELLS, MANY = np.linspace(0.5, 1.5, 10_000), np.linspace(0.5, 1.5, 100_000)
FEW = CELLS[::5]

jacobian = sd.sparse_jacobian(stencil)
hessian = sd.sparse_hessian(rosenbrock)
known = sd.sparse_jacobian(stencil, sparsity=jacobian(CELLS))
known_of_many = sd.sparse_jacobian(stencil, sparsity=by_hand(MANY))
known_hessian = sd.sparse_hessian(rosenbrock, sparsity=hessian(CELLS))

#: By heading: what is above the line of a ratio, and what is below it.
DENSE: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "dense/sparse: Jacobian of a stencil, 10,000": (
        lambda: sd.jacobian(stencil)(CELLS), lambda: jacobian(CELLS)),
    "dense/sparse: the same, its pattern given": (
        lambda: sd.jacobian(stencil)(CELLS), lambda: known(CELLS)),
    "dense/sparse: Hessian of Rosenbrock, 2,000": (
        lambda: sd.hessian(rosenbrock)(FEW), lambda: hessian(FEW)),
}
CALLS: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "sparse/function: stencil, 10,000": (
        lambda: jacobian(CELLS), lambda: stencil(CELLS)),
    "sparse/function: its pattern given": (
        lambda: known(CELLS), lambda: stencil(CELLS)),
    "sparse/by hand: its pattern given": (
        lambda: known(CELLS), lambda: by_hand(CELLS)),
    "sparse/function: stencil, 100,000": (
        lambda: jacobian(MANY), lambda: stencil(MANY)),
    "sparse/by hand: its pattern given, 100,000": (
        lambda: known_of_many(MANY), lambda: by_hand(MANY)),
    "sparse/gradient: Rosenbrock, 10,000": (
        lambda: hessian(CELLS), lambda: sd.grad(rosenbrock)(CELLS)),
    "sparse/gradient: its pattern given": (
        lambda: known_hessian(CELLS), lambda: sd.grad(rosenbrock)(CELLS)),
}


def main() -> None:
    for calls, rounds in ((DENSE, 3), (CALLS, 20)):
        for heading, (above, below) in calls.items():
            best = race({"above": above, "below": below}, rounds, 0.02)
            print(f"{heading:46} {best['above'] / best['below']:8.1f}", flush=True)


if __name__ == "__main__":
    main()
