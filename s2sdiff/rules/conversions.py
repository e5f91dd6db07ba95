"""Copies and conversions: `x.astype(...)`, `np.asarray`, `np.array([x, y])`, `x.item()`."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import carried
from s2sdiff.runtime import place
from s2sdiff.runtime.joined import structured

__all__: list[str] = []


def recast(z_bar: Any, old: Any, new: Any) -> Any:
    """The cotangent in front of a cast from dtype `old` to `new`; casts to integers stop it.

    >>> recast(np.ones(2), np.dtype("float32"), np.dtype("float64")).dtype
    dtype('float32')
    """
    g: Any = np.asarray(carried(z_bar, new))
    if old.kind == "f" and g.dtype.kind == "c":
        g = g.real
    return g.astype(old) if old.kind in "fc" else g


@derivative(of=[np.ndarray.astype, np.generic.astype], wrt="a")
def astype_method(a, dtype, order="K", casting="unsafe", subok=True, copy=True):
    z = a.astype(dtype, order=order, casting=casting, subok=subok, copy=copy)
    old, new = a.dtype, z.dtype
    return z, lambda z_bar: recast(z_bar, old, new)


if hasattr(np, "astype"):

    @derivative(of=np.astype, wrt="x")
    def astype(x, dtype, /, *, copy=True, device=None):
        z = np.astype(x, dtype, copy=copy)
        old, new = x.dtype, z.dtype
        return z, lambda z_bar: recast(z_bar, old, new)


@derivative(of=np.copy, wrt="a")
def copy(a, order: Any = "K", subok=False):
    return np.copy(a, order=order), lambda z_bar: structured(z_bar, a)


@derivative(of=[np.ndarray.copy, np.generic.copy], wrt="a")
def copy_method(a, order="C"):
    return a.copy(order), lambda z_bar: z_bar


@derivative(of=np.array, wrt="object")
def array(object, dtype=None, *, copy=True, order: Any = "K", subok=False, ndmin=0, ndmax=0,
          like=None):
    if ndmin != 0:
        return array_of(object, dtype, copy, order, ndmin)
    if dtype is not None:
        return cast(np.array, object, dtype, copy=copy, order=order)
    return np.array(object, copy=copy, order=order), lambda z_bar: structured(z_bar, object)


def array_of(object, dtype, copy, order, ndmin):
    """`np.array` with axes of length 1 put in front."""
    z = np.array(object, dtype=dtype, copy=copy, order=order, ndmin=ndmin)
    shape = np.shape(object)

    def pullback(z_bar):
        return structured(np.reshape(carried(z_bar, z.dtype), shape), object)

    return z, pullback


def cast(function, object, dtype, **options):
    """The rule for `np.array`, `np.asarray` and the like with a dtype."""
    z = function(object, dtype=dtype, **options)
    old = getattr(object, "dtype", None)

    def pullback(z_bar):
        if old is not None:
            return recast(z_bar, old, z.dtype)
        return structured(carried(z_bar, z.dtype), object)

    return z, pullback


@derivative(of=np.asarray, wrt="a")
def asarray(a, dtype=None, order=None, *, device=None, copy=None, like=None):
    if copy is not None:
        return cast(np.asarray, a, dtype, order=order, copy=copy)
    if dtype is not None:
        return cast(np.asarray, a, dtype, order=order)
    return np.asarray(a, order=order), lambda z_bar: structured(z_bar, a)


@derivative(of=np.ndarray.__array__, wrt="self")
def array_of_itself(self, dtype=None, /, *, copy=None):
    if dtype is not None:
        return cast(np.asarray, self, dtype, copy=copy)
    return self.__array__(copy=copy), lambda z_bar: z_bar


@derivative(of=np.asanyarray, wrt="a")
def asanyarray(a, dtype=None, order=None, *, device=None, copy=None, like=None):
    if copy is not None:
        return cast(np.asanyarray, a, dtype, order=order, copy=copy)
    if dtype is not None:
        return cast(np.asanyarray, a, dtype, order=order)
    return np.asanyarray(a, order=order), lambda z_bar: structured(z_bar, a)


@derivative(of=np.ndarray.__array_wrap__, wrt="array")
def array_wrap(self, array, context=None, return_scalar=False, /):
    z = self.__array_wrap__(array, context, return_scalar)
    return z, lambda z_bar: z_bar


@derivative(of=np.ascontiguousarray, wrt="a")
def ascontiguousarray(a, dtype=None, *, like=None):
    return contiguous(np.ascontiguousarray, a, dtype)


@derivative(of=np.asfortranarray, wrt="a")
def asfortranarray(a, dtype=None, *, like=None):
    return contiguous(np.asfortranarray, a, dtype)


def contiguous(function, a, dtype):
    """The rule for functions that also make a 0-d array 1-d."""
    z = function(a, dtype=dtype)
    shape, old = np.shape(a), getattr(a, "dtype", None)

    def pullback(z_bar):
        g = np.reshape(z_bar, shape)
        return structured(carried(g, z.dtype), a) if old is None else recast(g, old, z.dtype)

    return z, pullback


@derivative(of=[np.ndarray.item, np.generic.item], wrt="a")
def item(a, *args):
    shape, kept = np.shape(a), a.dtype
    if args == ():
        return a.item(), lambda z_bar: np.reshape(recast(z_bar, kept, kept), shape)
    index: Any = args[0] if len(args) == 1 else args
    # A single number counts entries in C order, whatever the rank.
    index = np.unravel_index(index % np.size(a), shape) if np.ndim(index) == 0 else index
    return a.item(*args), lambda z_bar: place(recast(z_bar, kept, kept), shape, index)


@derivative(of=[np.ndarray.tolist, np.generic.tolist], wrt="a")
def tolist(a):
    shape, kept = np.shape(a), a.dtype
    return a.tolist(), lambda z_bar: recast(nested(z_bar, shape), kept, kept)


def nested(g: Any, shape: tuple[int, ...]) -> Any:
    """Nested lists of cotangents as an array, with 0 where one is None.

    >>> nested([[1.0, None], None], (2, 2))
    array([[1., 0.],
           [0., 0.]])
    """
    if g is None:
        return np.zeros(shape)
    if shape == () or not isinstance(g, (list, tuple)):
        return np.reshape(g, shape)
    if not g:
        return np.zeros(shape)
    return np.stack([nested(row, shape[1:]) for row in g])


def converted(kind: Any, x: Any) -> Any:
    """The rule for `np.float64(x)` and the like, of a number, an array or a list."""
    z = kind(x)
    old = getattr(x, "dtype", None)
    if old is None:
        return z, lambda z_bar: structured(z_bar, x)
    return z, lambda z_bar: recast(z_bar, old, z.dtype)


@derivative(of=np.float64)
def float64(x: Any = 0.0, /):
    return converted(np.float64, x)


@derivative(of=np.float32)
def float32(x: Any = 0.0, /):
    return converted(np.float32, x)


@derivative(of=np.float16)
def float16(x: Any = 0.0, /):
    return converted(np.float16, x)


@derivative(of=np.complex128)
def complex128(x: Any = 0.0, /):
    return converted(np.complex128, x)


@derivative(of=np.complex64)
def complex64(x: Any = 0.0, /):
    return converted(np.complex64, x)


@derivative(of=np.ndarray.base)
def base(a):
    owner = a.base
    # Most code only asks whether there is one; where each element lies in it is not known here.
    return owner, lambda owner_bar: None if owner is None else NotImplemented
