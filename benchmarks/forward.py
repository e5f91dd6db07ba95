"""What forward mode and second derivatives cost: `python -m benchmarks.forward`.

Ratios of times taken in one process, turn by turn, the least of many.  Where HIPS autograd is
installed, its Hessians and products with Hessians are timed beside ours.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

import s2sdiff as sd
from benchmarks.measure import installed, race

__all__ = ["CALLS", "main"]


def orbit(y: float, k: float, n: int) -> float:
    for _ in range(n):
        y = y + k * math.sin(y)
    return y


def decay(x: np.ndarray, n: int) -> np.ndarray:
    for _ in range(n):
        x = x - 0.1 * np.tanh(x) * x
    return x


def heat(u: np.ndarray, rate: float, n: int) -> np.ndarray:
    u = u.copy()
    for _ in range(n):
        u[1:-1] += rate * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return u


def layer(x: np.ndarray) -> np.ndarray:
    return np.tanh(WEIGHTS @ x) * x


def row_by_row(operator: Any, f: Any, x: np.ndarray) -> np.ndarray:
    """A Jacobian by one product for each of its columns, or rows."""
    if operator is sd.jacfwd:
        return np.stack([sd.jvp(f, (x,), (unit,))[1] for unit in np.eye(x.size)], axis=1)
    value, pullback = sd.vjp(f, x)
    return np.stack([pullback(unit) for unit in np.eye(value.size)])


def rosenbrock(x: Any) -> Any:
    return (100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2).sum()


POINT = np.linspace(-1.0, 1.0, 50)
ALONG = np.cos(np.arange(50.0))
LINE = np.linspace(0.0, 1.0, 1000)
WEIGHTS = np.random.default_rng(0).normal(size=(100, 100)) / 10.0
HUNDRED = np.linspace(-1.0, 1.0, 100)
WIDE = np.linspace(-1.0, 1.0, 100_000)

#: By heading: what is above the line of a ratio, and what is below it.
CALLS: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "jvp/primal: floats, 1,000 steps": (
        lambda: sd.jvp(orbit, (0.3, 0.1, 1000), (1.0, 0.5, None)), lambda: orbit(0.3, 0.1, 1000)),
    "jvp/primal: 100,000 numbers, 5 steps": (
        lambda: sd.jvp(decay, (WIDE, 5), (WIDE, None)), lambda: decay(WIDE, 5)),
    "jvp/primal: in place, 200 steps": (
        lambda: sd.jvp(heat, (LINE, 0.1, 200), (LINE, 1.0, None)), lambda: heat(LINE, 0.1, 200)),
    "hvp/gradient: Rosenbrock, 50": (
        lambda: sd.hvp(rosenbrock, (POINT,), (ALONG,)), lambda: sd.grad(rosenbrock)(POINT)),
    "Hessian/gradient: Rosenbrock, 50": (
        lambda: sd.hessian(rosenbrock)(POINT), lambda: sd.grad(rosenbrock)(POINT)),
    "column by column/jacfwd: 100 to 100": (
        lambda: row_by_row(sd.jacfwd, layer, HUNDRED), lambda: sd.jacfwd(layer)(HUNDRED)),
    "row by row/jacrev: 100 to 100": (
        lambda: row_by_row(sd.jacrev, layer, HUNDRED), lambda: sd.jacrev(layer)(HUNDRED)),
}


def beside_autograd() -> dict[str, tuple[Callable[[], Any], Callable[[], Any]]]:
    """The same of HIPS autograd, over ours."""
    import autograd

    hessian, product = autograd.hessian(rosenbrock), autograd.hessian_vector_product(rosenbrock)
    return {
        "autograd/ours: Hessian of Rosenbrock, 50": (
            lambda: hessian(POINT), lambda: sd.hessian(rosenbrock)(POINT)),
        "autograd/ours: product with it": (
            lambda: product(POINT, ALONG), lambda: sd.hvp(rosenbrock, (POINT,), (ALONG,))),
    }


def main() -> None:
    calls = {**CALLS, **(beside_autograd() if installed("autograd") else {})}
    for heading, (above, below) in calls.items():
        best = race({"above": above, "below": below}, 40, 0.02)
        print(f"{heading:44} {best['above'] / best['below']:8.2f}")


if __name__ == "__main__":
    main()
