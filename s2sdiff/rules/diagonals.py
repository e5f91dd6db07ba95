"""Diagonals, triangles and traces."""

from __future__ import annotations

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import carried, refuse_out
from s2sdiff.runtime import on_diagonal, unbroadcast

__all__: list[str] = []


@derivative(of=on_diagonal, wrt="g")
def on_diagonal_again(g, shape, offset=0, axis1=0, axis2=1):
    return on_diagonal(g, shape, offset, axis1, axis2), lambda z_bar: unbroadcast(
        np.diagonal(z_bar, offset, axis1, axis2), np.shape(g))


@derivative(of=on_diagonal, wrt="g", mode="jvp")
def on_diagonal_forward(g, shape, offset=0, axis1=0, axis2=1):
    return on_diagonal(g, shape, offset, axis1, axis2), lambda g_dot: on_diagonal(
        g_dot, shape, offset, axis1, axis2)


@derivative(of=np.diag, wrt="v")
def diag(v, k=0):
    if np.ndim(v) == 1:
        return np.diag(v, k), lambda z_bar: np.diag(z_bar, k)
    shape = np.shape(v)
    return np.diag(v, k), lambda z_bar: on_diagonal(z_bar, shape, k)


@derivative(of=np.diagflat, wrt="v")
def diagflat(v, k=0):
    shape = np.shape(v)
    return np.diagflat(v, k), lambda z_bar: np.reshape(np.diag(z_bar, k), shape)


@derivative(of=[np.diagonal, np.ndarray.diagonal, np.generic.diagonal], wrt="a")
def diagonal(a, offset=0, axis1=0, axis2=1):
    shape = np.shape(a)
    return (np.diagonal(a, offset, axis1, axis2),
            lambda z_bar: on_diagonal(z_bar, shape, offset, axis1, axis2))


@derivative(of=np.linalg.diagonal, wrt="x")
def linalg_diagonal(x, /, *, offset=0):
    shape = np.shape(x)
    return (np.linalg.diagonal(x, offset=offset),
            lambda z_bar: on_diagonal(z_bar, shape, offset, -2, -1))


@derivative(of=[np.trace, np.ndarray.trace, np.generic.trace], wrt="a")
def trace(a, offset=0, axis1=0, axis2=1, dtype=None, out=None):
    if out is not None:
        refuse_out("np.trace")
    if dtype is not None:
        return trace_as(a, offset, axis1, axis2, dtype)
    shape = np.shape(a)

    def pullback(t_bar):
        return on_diagonal(np.expand_dims(t_bar, -1), shape, offset, axis1, axis2)

    return np.trace(a, offset, axis1, axis2), pullback


def trace_as(a, offset, axis1, axis2, dtype):
    """`np.trace` with a dtype."""
    t = np.trace(a, offset, axis1, axis2, dtype)
    shape = np.shape(a)

    def pullback(t_bar):
        t_bar = np.expand_dims(carried(t_bar, t.dtype), -1)
        return on_diagonal(t_bar, shape, offset, axis1, axis2)

    return t, pullback


@derivative(of=np.linalg.trace, wrt="x")
def linalg_trace(x, /, *, offset=0, dtype=None):
    t, pullback = trace_as(x, offset, -2, -1, dtype)
    return t, pullback


@derivative(of=np.tril, wrt="m")
def tril(m, k=0):
    if np.ndim(m) == 1:
        shape = np.shape(m)
        return np.tril(m, k), lambda z_bar: unbroadcast(np.tril(z_bar, k), shape)
    return np.tril(m, k), lambda z_bar: np.tril(z_bar, k)


@derivative(of=np.triu, wrt="m")
def triu(m, k=0):
    if np.ndim(m) == 1:
        shape = np.shape(m)
        return np.triu(m, k), lambda z_bar: unbroadcast(np.triu(z_bar, k), shape)
    return np.triu(m, k), lambda z_bar: np.triu(z_bar, k)
