"""`scipy.linalg`: the algebraic equations of Riccati.

What the solution moves by solves an equation of Lyapunov's with the closed loop, `a - b @ gain`
(P. Benner and others, Perturbation analysis for the algebraic Riccati equation, 2003).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import linalg

from s2sdiff.registry import derivative
from s2sdiff.rules.scipy_matrix_equations import one_matrix
from s2sdiff.runtime import unbroadcast

__all__: list[str] = []


def adjoint(a: Any) -> Any:
    return np.conj(np.transpose(a))


def given_or(a: Any, default: Any) -> Any:
    return default if a is None else np.atleast_2d(a)


def real_where(bars: Any, values: Any) -> tuple:
    """Cotangents in the fields and shapes of what was given, and none for what was not."""
    return tuple(None if v is None else unbroadcast(
        g if np.iscomplexobj(v) else np.real(g), np.shape(v))
        for g, v in zip(bars, values, strict=True))


@derivative(of=linalg.solve_continuous_are, wrt=("a", "b", "q", "r", "e", "s"))
def solve_continuous_are(a, b, q, r, e=None, s=None, balanced=True):
    one_matrix("solve_continuous_are", a, b, q, r)
    x = linalg.solve_continuous_are(a, b, q, r, e, s, balanced)
    mass, cross = given_or(e, np.eye(len(x))), given_or(s, np.zeros(np.shape(b)))
    given = a, b, q, r, e, s
    a, b, r = map(np.atleast_2d, (a, b, r))

    def pullback(x_bar):
        # a^H x e + e^H x a - (e^H x b + s) gain + q = 0, with gain = r^-1 (b^H x e + s^H)
        gain = np.linalg.solve(r, adjoint(b) @ x @ mass + adjoint(cross))
        loop = a - b @ gain
        seed = np.linalg.solve(mass, adjoint(np.linalg.solve(mass, np.conj(x_bar))))
        dual = -linalg.solve_continuous_lyapunov(np.linalg.solve(mass, loop), adjoint(seed))
        both = dual + adjoint(dual)
        found = (x @ mass @ both, -(x @ mass @ both @ adjoint(gain)), dual,
                 gain @ dual @ adjoint(gain), x @ loop @ both, -(both @ adjoint(gain)))
        return real_where([np.conj(g) for g in found], given)

    return x, pullback


@derivative(of=linalg.solve_discrete_are, wrt=("a", "b", "q", "r", "e", "s"))
def solve_discrete_are(a, b, q, r, e=None, s=None, balanced=True):
    one_matrix("solve_discrete_are", a, b, q, r)
    x = linalg.solve_discrete_are(a, b, q, r, e, s, balanced)
    mass, cross = given_or(e, np.eye(len(x))), given_or(s, np.zeros(np.shape(b)))
    given = a, b, q, r, e, s
    a, b, r = map(np.atleast_2d, (a, b, r))

    def pullback(x_bar):
        # a^H x a - e^H x e - (a^H x b + s) gain + q = 0,
        # with gain = (r + b^H x b)^-1 (b^H x a + s^H)
        gain = np.linalg.solve(r + adjoint(b) @ x @ b, adjoint(b) @ x @ a + adjoint(cross))
        loop = a - b @ gain
        seed = np.linalg.solve(mass, adjoint(np.linalg.solve(mass, np.conj(x_bar))))
        dual = linalg.solve_discrete_lyapunov(np.linalg.solve(mass, loop), adjoint(seed))
        both = dual + adjoint(dual)
        found = (x @ loop @ both, -(x @ loop @ both @ adjoint(gain)), dual,
                 gain @ dual @ adjoint(gain), -(x @ mass @ both), -(both @ adjoint(gain)))
        return real_where([np.conj(g) for g in found], given)

    return x, pullback
