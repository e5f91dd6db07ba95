"""Reshaping, reordering of axes and of entries: `np.reshape`, `x.T`, `np.roll`, `np.flip`."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules import (  # noqa: F401
    conversions,
    diagonals,
    fillings,
    paddings,
    repetitions,
    sampled,
)
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import unbroadcast
from s2sdiff.runtime.joined import shapes_of
from s2sdiff.runtime.several import reshaped

__all__: list[str] = []


@derivative(of=np.reshape, wrt="a")
def reshape(a, shape, order: Any = "C", *, copy=None):
    old = np.shape(a)
    if order == "C" and copy is None:
        return np.reshape(a, shape), lambda z_bar: np.reshape(z_bar, old)
    order = layout(a, order)
    options = {} if copy is None else {"copy": copy}
    return (np.reshape(a, shape, order=order, **options),
            lambda z_bar: np.reshape(z_bar, old, order=order))


@derivative(of=[np.ndarray.reshape, np.generic.reshape], wrt="a")
def reshape_method(a, *shape, order: Any = "C", copy=None):
    old = np.shape(a)
    if order == "C" and copy is None:
        return a.reshape(*shape), lambda z_bar: np.reshape(z_bar, old)
    order = layout(a, order)
    options = {} if copy is None else {"copy": copy}
    return (a.reshape(*shape, order=order, **options),
            lambda z_bar: np.reshape(z_bar, old, order=order))


@derivative(of=[np.ravel, np.ndarray.ravel, np.generic.ravel], wrt="a")
def ravel(a, order: Any = "C"):
    old = np.shape(a)
    if order == "C":
        return np.ravel(a), lambda z_bar: np.reshape(z_bar, old)
    order = layout(a, order)
    return np.ravel(a, order=order), lambda z_bar: np.reshape(z_bar, old, order=order)


@derivative(of=[np.ndarray.flatten, np.generic.flatten], wrt="a")
def flatten(a, order: Any = "C"):
    old = np.shape(a)
    if order == "C":
        return a.flatten(), lambda z_bar: np.reshape(z_bar, old)
    order = layout(a, order)
    return a.flatten(order=order), lambda z_bar: np.reshape(z_bar, old, order=order)


def layout(a: Any, order: str) -> str:
    """The order, "C" or "F", that "A" or "K" mean for this array.

    >>> layout(np.ones((2, 3)).T, "A")
    'F'
    """
    a = np.asarray(a)
    if order in ("C", "F"):
        return order
    if order == "K" and not (a.flags.c_contiguous or a.flags.f_contiguous):
        raise unsupported('order="K" on an array that is not contiguous has no derivative here',
                          'say order="C" or order="F"')
    return "F" if a.flags.fnc else "C"


@derivative(of=np.transpose, wrt="a")
def transpose(a, axes=None):
    if axes is None:
        return np.transpose(a), lambda z_bar: np.transpose(z_bar)
    return np.transpose(a, axes), lambda z_bar: np.transpose(z_bar, inverse(axes))


@derivative(of=[np.ndarray.transpose, np.generic.transpose], wrt="a")
def transpose_method(a, *axes):
    return a.transpose(*axes), lambda z_bar: np.transpose(z_bar, inverse(*axes))


def inverse(*axes: Any) -> Any:
    """The permutation that undoes a transposition; None (reversed axes) undoes itself.

    >>> inverse((2, 0, 1)), inverse(-1, 0)
    ((1, 2, 0), (1, 0))
    """
    order = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes
    order = order.tolist() if isinstance(order, np.ndarray) else order
    if order is None or order == ():
        return None
    counted = [a % len(order) for a in order]
    return tuple(counted.index(i) for i in range(len(counted)))


@derivative(of=[np.ndarray.T, np.generic.T])
def transposed(a):
    return a.T, lambda z_bar: np.transpose(z_bar)


@derivative(of=np.ndarray.mT)
def matrix_transposed(a):
    return a.mT, lambda z_bar: np.swapaxes(z_bar, -1, -2)


@derivative(of=[np.matrix_transpose, np.linalg.matrix_transpose], wrt="x")
def matrix_transpose(x, /):
    return np.matrix_transpose(x), lambda z_bar: np.swapaxes(z_bar, -1, -2)


@derivative(of=[np.swapaxes, np.ndarray.swapaxes, np.generic.swapaxes], wrt="a")
def swapaxes(a, axis1, axis2):
    return np.swapaxes(a, axis1, axis2), lambda z_bar: np.swapaxes(z_bar, axis1, axis2)


@derivative(of=np.moveaxis, wrt="a")
def moveaxis(a, source, destination):
    return (np.moveaxis(a, source, destination),
            lambda z_bar: np.moveaxis(z_bar, destination, source))


@derivative(of=np.rollaxis, wrt="a")
def rollaxis(a, axis, start=0):
    z = np.rollaxis(a, axis, start)
    # What stands before `axis` loses a place to it.
    first = start + np.ndim(a) if start < 0 else start
    position = first - 1 if axis % np.ndim(a) < first else first
    return z, lambda z_bar: np.moveaxis(z_bar, position, axis)


@derivative(of=np.expand_dims, wrt="a")
def expand_dims(a, axis):
    return np.expand_dims(a, axis), lambda z_bar: z_bar.squeeze(axis)


@derivative(of=[np.squeeze, np.ndarray.squeeze, np.generic.squeeze], wrt="a")
def squeeze(a, axis=None):
    shape = np.shape(a)
    return np.squeeze(a, axis=axis), lambda z_bar: np.reshape(z_bar, shape)


@derivative(of=np.broadcast_to, wrt="array")
def broadcast_to(array, shape, subok=False):
    old = np.shape(array)
    return np.broadcast_to(array, shape), lambda z_bar: unbroadcast(z_bar, old)


@derivative(of=np.atleast_1d)
def atleast_1d(*arys):
    shapes = shapes_of(arys)
    if len(arys) == 1:
        return np.atleast_1d(*arys), lambda z_bar: reshaped((z_bar,), shapes)
    return np.atleast_1d(*arys), lambda z_bar: reshaped(z_bar, shapes)


@derivative(of=np.atleast_2d)
def atleast_2d(*arys):
    shapes = shapes_of(arys)
    if len(arys) == 1:
        return np.atleast_2d(*arys), lambda z_bar: reshaped((z_bar,), shapes)
    return np.atleast_2d(*arys), lambda z_bar: reshaped(z_bar, shapes)


@derivative(of=np.atleast_3d)
def atleast_3d(*arys):
    shapes = shapes_of(arys)
    if len(arys) == 1:
        return np.atleast_3d(*arys), lambda z_bar: reshaped((z_bar,), shapes)
    return np.atleast_3d(*arys), lambda z_bar: reshaped(z_bar, shapes)


@derivative(of=np.flip, wrt="m")
def flip(m, axis=None):
    return np.flip(m, axis=axis), lambda z_bar: np.flip(z_bar, axis=axis)


@derivative(of=np.fliplr, wrt="m")
def fliplr(m):
    return np.fliplr(m), lambda z_bar: np.fliplr(z_bar)


@derivative(of=np.flipud, wrt="m")
def flipud(m):
    return np.flipud(m), lambda z_bar: np.flipud(z_bar)


@derivative(of=np.roll, wrt="a")
def roll(a, shift, axis=None):
    return np.roll(a, shift, axis=axis), lambda z_bar: np.roll(
        z_bar, 0 - np.asarray(shift), axis=axis)


@derivative(of=np.rot90, wrt="m")
def rot90(m, k=1, axes=(0, 1)):
    return np.rot90(m, k, axes), lambda z_bar: np.rot90(z_bar, -k, axes)


constant(layout, inverse)
