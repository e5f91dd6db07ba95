"""Linear systems: `np.linalg.solve`, `inv`, `tensorsolve`, powers, chains of products."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import refuse_out, unsupported
from s2sdiff.runtime import transposed, unbroadcast

__all__ = ["adjoint", "computable"]


#: What SciPy's linear algebra computes in, of what NumPy's refuses.
COMPUTED = {np.dtype(np.float16): np.float32, np.dtype(np.longdouble): np.float64,
            np.dtype(np.clongdouble): np.complex128}


def computable(a: Any) -> Any:
    """An array in the precision in which SciPy's linear algebra computes with it.

    >>> computable(np.ones(2, np.float16)).dtype
    dtype('float32')
    """
    a = np.asarray(a)
    return a.astype(COMPUTED[a.dtype]) if a.dtype in COMPUTED else a


@derivative(of=np.linalg.solve)
def solve(a, b):
    if np.ndim(a) == 2 and np.ndim(b) == 1:
        x = np.linalg.solve(a, b)

        def pullback(x_bar):
            b_bar = np.linalg.solve(a.T, x_bar)
            return -np.outer(b_bar, x), b_bar

        return x, pullback
    elif np.ndim(a) == 2 and np.ndim(b) == 2:
        x = np.linalg.solve(a, b)

        def matrix_pullback(x_bar):
            b_bar = np.linalg.solve(a.T, x_bar)
            return -(b_bar @ x.T), b_bar

        return x, matrix_pullback
    elif np.ndim(a) > 2 and np.ndim(b) > 2:
        x = np.linalg.solve(a, b)
        shape_a, shape_b = np.shape(a), np.shape(b)

        def stacks_pullback(x_bar):
            b_bar = np.linalg.solve(transposed(a), x_bar)
            a_bar = unbroadcast(-(b_bar @ transposed(x)), shape_a)
            return a_bar, unbroadcast(b_bar, shape_b)

        return x, stacks_pullback
    else:
        return stacked_solve(a, b)


def stacked_solve(a, b):
    """`np.linalg.solve` for stacks, which broadcast; a 1-d `b` is one vector for all of them."""
    shape_a, shape_b = np.shape(a), np.shape(b)
    x = np.linalg.solve(a, b)

    def pullback(x_bar):
        vector = len(shape_b) == 1
        columns = np.expand_dims(x, -1) if vector else x
        g = np.expand_dims(x_bar, -1) if vector else x_bar
        b_bar = np.linalg.solve(transposed(a), g)
        a_bar = unbroadcast(-(b_bar @ transposed(columns)), shape_a)
        return a_bar, unbroadcast(b_bar[..., 0] if vector else b_bar, shape_b)

    return x, pullback


@derivative(of=np.linalg.inv, wrt="a")
def inv(a):
    z = np.linalg.inv(a)
    if np.ndim(a) == 2:
        return z, lambda z_bar: -(z.T @ z_bar @ z.T)
    else:
        return z, lambda z_bar: -(transposed(z) @ z_bar @ transposed(z))


def adjoint(a: Any) -> Any:
    """The conjugate transposes of a stack of matrices."""
    return np.conj(transposed(a))


@derivative(of=np.linalg.tensorsolve)
def tensorsolve(a, b, axes=None):
    x = np.linalg.tensorsolve(a, b, axes)
    last = () if axes is None else tuple(axes)
    order = (*[k for k in range(np.ndim(a)) if k not in last], *last)

    def pullback(x_bar):
        turned = np.transpose(a, order)
        matrix = np.reshape(turned, (np.size(b), np.size(x)))
        b_bar = np.linalg.solve(matrix.T, np.ravel(x_bar))
        a_bar = np.reshape(-np.outer(b_bar, x), turned.shape)
        return np.transpose(a_bar, np.argsort(order)), np.reshape(b_bar, np.shape(b)), None

    return x, pullback


@derivative(of=np.linalg.matrix_power, wrt="a")
def matrix_power(a, n):
    def pullback(z_bar):
        base = a if n >= 0 else np.linalg.inv(a)
        total = np.zeros_like(z_bar)
        powers = [np.broadcast_to(np.eye(np.shape(a)[-1], dtype=base.dtype), np.shape(a))]
        for _ in range(abs(n) - 1):
            powers.append(powers[-1] @ base)
        for i in range(abs(n)):
            total = total + transposed(powers[i]) @ z_bar @ transposed(powers[abs(n) - 1 - i])
        return total if n >= 0 else -(transposed(base) @ total @ transposed(base))

    return np.linalg.matrix_power(a, n), pullback


@derivative(of=np.linalg.multi_dot, wrt="arrays")
def multi_dot(arrays, *, out=None):
    if out is not None:
        refuse_out("np.linalg.multi_dot")
    if any(np.ndim(m) == 0 for m in arrays):
        raise unsupported("np.linalg.multi_dot of numbers has no derivative here", "multiply them")

    def pullback(z_bar):
        mats = [np.asarray(m) for m in arrays]
        first, last = mats[0].ndim == 1, mats[-1].ndim == 1
        shapes = [m.shape for m in mats]
        mats[0] = mats[0][None, :] if first else mats[0]
        mats[-1] = mats[-1][:, None] if last else mats[-1]
        g = np.reshape(z_bar, (mats[0].shape[0], mats[-1].shape[1]))
        # Each is a product of its own, in the order that costs least.
        bars = [np.reshape(np.linalg.multi_dot([
            *[m.T for m in reversed(mats[:i])], g, *[m.T for m in reversed(mats[i + 1:])]]), shape)
            for i, shape in enumerate(shapes)]
        return tuple(bars) if isinstance(arrays, tuple) else bars

    return np.linalg.multi_dot(arrays), pullback


@derivative(of=np.linalg.multi_dot, wrt="arrays", mode="jvp")
def multi_dot_forward(arrays, *, out=None):
    if out is not None:
        refuse_out("np.linalg.multi_dot")
    value = np.linalg.multi_dot(arrays)

    def differential(arrays_dot):
        total = np.zeros_like(value)
        for i, dot in enumerate(arrays_dot):
            if dot is not None:
                total = total + np.linalg.multi_dot([*arrays[:i], dot, *arrays[i + 1:]])
        return total

    return value, differential
