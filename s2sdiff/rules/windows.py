"""Views by strides: windows that slide over an array, and plain views."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.registry import derivative
from s2sdiff.runtime.carried import CarriedArray, as_array
from s2sdiff.runtime.locked import lock
from s2sdiff.runtime.shadows import overlaps


@derivative(of=sliding_window_view, wrt="x")
def sliding_window_view_(x, window_shape, axis=None, *, subok=False, writeable=False):
    if writeable:
        raise refusal(UnsupportedError, "windows that overlap may be written here",
                      "write into the array itself")
    numbers = sliding_window_view(np.arange(np.size(x)).reshape(np.shape(x)), window_shape, axis)
    return sliding_window_view(x, window_shape, axis), scattered(numbers, np.shape(x))


@derivative(of=as_strided, wrt="x")
def as_strided_(x, shape=None, strides=None, subok=False, writeable=True):
    x = as_array(x)
    made: Any = _shown(x, shape, strides, subok, writeable)
    if not x.flags.c_contiguous or any(s % x.itemsize for s in made.strides):
        raise refusal(UnsupportedError, "as_strided of an array whose elements do not lie in order",
                      "give it a copy (np.ascontiguousarray)")
    numbers = sum((np.arange(n).reshape((-1,) + (1,) * (made.ndim - 1 - k)) * (s // x.itemsize)
                   for k, (n, s) in enumerate(zip(made.shape, made.strides))),
                  np.zeros(made.shape, int))
    if np.size(numbers) and (np.min(numbers) < 0 or np.max(numbers) >= x.size):
        raise refusal(UnsupportedError, "as_strided shows memory behind the array's end",
                      "choose a shape and strides that stay in it")
    if overlaps(made):
        # Of several values that are written to one element, nobody could tell which one stays.
        lock(made, "as_strided shows memory several times, and is written",
             "write into the array itself")
    return made, scattered(numbers, np.shape(x))


def _shown(x, *how):
    """`as_strided`, of a tangent that an array carries, too, which is laid out as it is."""
    if type(x) is CarriedArray:
        return CarriedArray(_shown(x.value, *how), _shown(x.tangent, *how), x.run)
    return as_strided(x, *how)


def scattered(numbers, shape):
    """The pullback of elements by their numbers, of which some come several times."""
    size = int(np.prod(shape))

    def pullback(z_bar):
        z_bar = np.asarray(z_bar)
        x_bar = np.zeros(size, z_bar.dtype)
        np.add.at(x_bar, numbers.reshape(-1), z_bar.reshape(-1))
        return x_bar.reshape(shape)

    return pullback


@derivative(of=np.ndarray.view, wrt="a")
def view(a, dtype=None, type=None):
    if type is not None or (isinstance(dtype, builtin_type) and issubclass(dtype, np.ndarray)):
        raise refusal(UnsupportedError, "a view of an array as one of another class",
                      "compute with the plain array")
    if dtype is not None and np.dtype(dtype) != a.dtype:
        kinds = {a.dtype.kind, np.dtype(dtype).kind}
        if kinds != {"c", "f"} or np.dtype(dtype).itemsize not in (
                a.itemsize // 2, 2 * a.itemsize):
            raise refusal(UnsupportedError, f"a view of {a.dtype} numbers as {np.dtype(dtype)}",
                          "use .astype, which makes a new array")
        # The cotangent of x + iy is that of x less i times that of y.
        if a.dtype.kind == "c":
            return a.view(dtype), lambda z_bar: np.conj(
                np.ascontiguousarray(z_bar).view(a.dtype))
        return a.view(dtype), lambda z_bar: np.ascontiguousarray(np.conj(z_bar)).view(a.dtype)
    return a.view(), lambda z_bar: z_bar


builtin_type = type
