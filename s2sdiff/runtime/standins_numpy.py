"""NumPy's functions that call functions, in the language that is differentiated (see `standins`).

What they give, and what they call in which order, is that of the originals.
"""

from __future__ import annotations

import gc
import itertools
import re
import types
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.broadcasts import broadcast
from s2sdiff.runtime.carried import plain_value
from s2sdiff.runtime.drawing_now import as_now

__all__ = ["EAGER", "made_into", "standin"]


def made_into(function: np.ufunc) -> Any:
    """The Python function that `np.frompyfunc` made a ufunc of; None for other ufuncs.

    >>> made_into(np.frompyfunc(abs, 1, 1)) is abs, made_into(np.sin) is None
    (True, True)
    """
    if getattr(function, "__module__", None) is not None or "O" not in str(function.types):
        return None
    held = [x for x in gc.get_referents(function) if callable(x)]
    return held[0] if len(held) == 1 and function.types == [
        "O" * function.nin + "->" + "O" * function.nout] else None


def standin(function: Any) -> Any:
    """The function that stands for an object of NumPy that calls a function; or None."""
    if type(function) is np.vectorize:
        return vectorized(function)
    if isinstance(function, np.ufunc):
        called = made_into(function)
        return None if called is None else of_objects(called, function.nin, function.nout)
    return None


# ---------------------------------------------------------------------- element by element


def vectorized(self: Any) -> Any:
    """What calling an `np.vectorize` does."""
    function, otypes, known = self.pyfunc, self.otypes, self.cache
    signature = self.signature

    def run(f: Any, args: Any) -> Any:
        if signature is not None:
            return by_core(f, args, signature, otypes)
        if not args:
            return f()
        columns, shape = elements(args)
        types_, results = otypes, []
        if types_ is None:
            if not columns[0]:
                raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
            # The first elements, as they are in their arrays, tell what there will be.
            first = f(*[np.asarray(a).ravel()[0] for a in args])
            types_ = types_of(first)
            if known:
                results.append(first)
        rows = list(zip(*columns))[len(results):]
        results = results + [f(*row) for row in rows]
        if len(types_) == 1:
            return np.reshape(np.array(results, dtype=types_[0]), shape)
        return tuple([np.reshape(np.array([r[k] for r in results], dtype=types_[k]), shape)
                      for k in range(len(types_))])

    if not self.excluded:
        def positional(*args: Any, **kwargs: Any) -> Any:
            if not kwargs:
                return run(function, args)
            names, n = tuple(kwargs), len(args)
            return run(lambda *row: function(*row[:n], **dict(zip(names, row[n:]))),
                       (*args, *kwargs.values()))

        return positional
    excluded = self.excluded

    def partly(*args: Any, **kwargs: Any) -> Any:
        names = [n for n in kwargs if n not in excluded]
        places = [i for i in range(len(args)) if i not in excluded]

        def filled(*row: Any) -> Any:
            given, keywords = list(args), dict(kwargs)
            for k in range(len(places)):
                given[places[k]] = row[k]
            for k in range(len(names)):
                keywords[names[k]] = row[len(places) + k]
            return function(*given, **keywords)

        return run(filled, tuple([args[i] for i in places] + [kwargs[n] for n in names]))

    return partly


def by_core(function: Any, args: Any, signature: str, otypes: Any) -> Any:
    """What `np.vectorize` with a signature does: calls for the last axes, then stacks."""
    loop, shapes, count = core_shapes(signature, tuple([np.shape(a) for a in args]))
    arrays = [np.broadcast_to(np.asarray(a), s) for a, s in zip(args, shapes)]
    results = [function(*[a[i] for a in arrays]) for i in np.ndindex(*loop)]
    if not results:
        raise refusal(UnsupportedError, "np.vectorize with a signature over nothing",
                      "return early where an array is empty")
    check_counts([len(r) if isinstance(r, tuple) else 1 for r in results], count)
    rows = [r if count > 1 else (r,) for r in results]
    types_ = types_of(results[0]) if otypes is None else otypes
    outputs = [np.stack([np.asarray(r[k]) for r in rows]).astype(types_[k]) for k in range(count)]
    stacked = tuple([np.reshape(a, (*loop, *np.shape(a)[1:])) for a in outputs])
    return stacked if count > 1 else stacked[0]


def core_shapes(signature: str, shapes: Any) -> Any:
    """The shape of a loop, that of each argument broadcast to it, and how many results there are.

    >>> core_shapes("(m,n),(n)->(m)", ((2, 3), (4, 3)))
    ((4,), [(4, 2, 3), (4, 3)], 1)
    """
    inputs, outputs = ([tuple(d for d in names.replace(" ", "").split(",") if d)
                        for names in re.findall(r"\(([^)]*)\)", side)]
                       for side in signature.split("->"))
    if len(shapes) != len(inputs):
        raise TypeError(f"wrong number of positional arguments: expected {len(inputs)}, "
                        f"got {len(shapes)}")
    sizes: dict[str, int] = {}
    loops = []
    for shape, core in zip(shapes, inputs):
        first = len(shape) - len(core)
        if first < 0:
            raise ValueError(f"{len(shape)}-dimensional argument does not have enough dimensions "
                             f"for all core dimensions {core!r}")
        for name, size in zip(core, shape[first:]):
            if sizes.setdefault(name, size) != size:
                raise ValueError(f"inconsistent size for core dimension {name!r}: {size!r} vs "
                                 f"{sizes[name]!r}")
        loops.append(shape[:first])
    loop = np.broadcast_shapes(*loops)
    return loop, [(*loop, *[sizes[d] for d in core]) for core in inputs], len(outputs)


def check_counts(counts: list[int], expected: int) -> None:
    """Fail as NumPy does where a function gives another number of results."""
    for n in counts:
        if n != expected:
            raise ValueError(f"wrong number of outputs from pyfunc: expected {expected!r}, "
                             f"got {n!r}")


def types_of(first: Any) -> list:
    """The dtypes of the arrays that a vectorized function gives; it has no derivative."""
    results = first if isinstance(first, tuple) else (first,)
    return [np.asarray(plain_value(x)).dtype.char for x in results]


def elements(args: Any) -> Any:
    """Lists of the elements of arrays that are broadcast, as Python has them, and the shape."""
    arrays = [np.asarray(a) for a in args]
    shape = np.broadcast_shapes(*[np.shape(a) for a in arrays])
    return [np.ravel(np.broadcast_to(a, shape)).tolist() for a in arrays], shape


def of_objects(function: Any, inputs: int, outputs: int) -> Any:
    """What a ufunc that `np.frompyfunc` made of a function does."""
    def called(*args: Any) -> Any:
        if len(args) != inputs:
            raise TypeError(f"ufunc takes {inputs} positional arguments but {len(args)} were given")
        columns, shape = elements(args)
        results = [function(*row) for row in zip(*columns)]
        if not shape:
            return results[0]
        if outputs == 1:
            return objects(results, shape)
        return tuple([objects([r[k] for r in results], shape) for k in range(outputs)])

    return called


def objects(results: list, shape: Any) -> Any:
    made = np.empty(shape, object)
    for k, i in enumerate(np.ndindex(*shape)):
        made[i] = results[k]
    return made


# --------------------------------------------------------------------------------- in parts


def apply_along_axis(func1d: Any, axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    array = np.asanyarray(arr)
    axis = normalize_axis_index(axis, array.ndim)
    rows = np.moveaxis(array, axis, -1)
    at = list(np.ndindex(rows.shape[:-1]))
    if not at:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    # With an ellipsis, a row is an array even where it is a single number.
    first = np.asanyarray(func1d(rows[(*at[0], ...)], *args, **kwargs))
    results = np.zeros_like(first, shape=rows.shape[:-1] + first.shape)
    results[(*at[0], ...)] = first
    for i in at[1:]:
        results[(*i, ...)] = np.asanyarray(func1d(rows[(*i, ...)], *args, **kwargs))
    axes, others = list(range(results.ndim)), results.ndim - first.ndim
    return np.transpose(results, axes[:axis] + axes[others:] + axes[axis:others])


def apply_over_axes(func: Any, a: Any, axes: Any) -> Any:
    value = np.asarray(a)
    dimensions = value.ndim
    for axis in [axes] if np.ndim(axes) == 0 else axes:
        if axis < 0:
            axis = dimensions + axis
        result = func(value, axis)
        if np.ndim(result) != np.ndim(value):
            result = np.expand_dims(result, axis)
            if np.ndim(result) != np.ndim(value):
                raise ValueError("function is not returning an array of the correct shape")
        value = result
    return value


def piecewise(x: Any, condlist: Any, funclist: Sequence[Callable[..., Any] | complex],
              *args: Any, **kw: Any) -> Any:
    x = np.asarray(x)
    conditions = conditions_of(condlist, len(funclist), x.ndim)
    y = np.zeros(x.shape, x.dtype)
    for condition, function in zip(conditions, funclist):
        if callable(function):
            values = x[condition]
            if values.size > 0:
                y[condition] = function(values, *args, **kw)
        else:
            y[condition] = function
    return y


def conditions_of(condlist: Any, functions: int, dimensions: int) -> np.ndarray:
    """The conditions of `np.piecewise`, with that for all other elements; no derivative."""
    if np.isscalar(condlist) or (not isinstance(condlist[0], (list, np.ndarray))
                                 and dimensions != 0):
        condlist = [condlist]
    found = np.asarray(condlist, dtype=bool)
    if len(found) == functions - 1:
        return np.concatenate([found, ~np.any(found, axis=0, keepdims=True)], axis=0)
    if len(found) != functions:
        raise ValueError(f"with {len(found)} condition(s), either {len(found)} or "
                         f"{len(found) + 1} functions are expected")
    return found


def fromiter(iter: Any, dtype: Any, count: int = -1) -> Any:
    # An item is a number as soon as it is drawn.
    items = [as_now(v) for v in (iter if count < 0 else itertools.islice(iter, count))]
    if len(items) < count:
        raise ValueError(f"iterator too short: Expected {count} but iterator had only "
                         f"{len(items)} items.")
    return np.array(items, dtype=dtype)


EAGER: dict[Any, types.FunctionType] = {
    np.apply_along_axis: apply_along_axis, np.apply_over_axes: apply_over_axes,
    np.piecewise: piecewise, np.fromiter: fromiter,
    np.broadcast: broadcast,
}
