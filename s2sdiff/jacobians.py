"""Whole Jacobians and Hessians, products with them, and a function's linear map at a point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from s2sdiff import arguments, boundary, nested_pullbacks, opened
from s2sdiff.api import grad
from s2sdiff.asked import asked_of, slot_of
from s2sdiff.blocks import of_columns, of_rows
from s2sdiff.carrying import copies_of_call
from s2sdiff.errors import DifferentiationError
from s2sdiff.jacobian_calls import Call, floating, unit_rows
from s2sdiff.left_outside import as_one_run_leaves
from s2sdiff.nested_jacobians import again
from s2sdiff.opened import opened_call
from s2sdiff.runtime import nested, standins_minimize, standins_solved
from s2sdiff.runtime.batches import apart, running
from s2sdiff.runtime.leaves import leaves_of, mapped
from s2sdiff.runtime.nested import is_derivative, maker
from s2sdiff.runtime.side_by_side import has_objects, part
from s2sdiff.runtime.values import argument, is_differentiable
from s2sdiff.surroundings import Runs
from s2sdiff.vector_products import vjp

__all__ = [
    "Call", "floating", "hessian", "jacfwd", "jacobian", "jacobian_by", "jacrev",
]


@maker
def jacfwd(f: Callable[..., Any], wrt: Any = 0, holomorphic: bool = False) -> Callable[..., Any]:
    """The Jacobian of `f` by forward mode, along all numbers in the arguments asked for.

    Its columns are computed together: `f` runs once along a random combination of them, and once
    for each megabyte of tangents, or more often where arrays in between are larger.  Where what `f`
    does can be done to one tangent only, where the two differ, or are not finite, it runs once more
    for each column.  So `f` must give the same at each call, and how often it prints is not said.
    What it writes elsewhere, and the state of random generators, is left as one run leaves it.

    Parameters
    ----------
    f : callable
    wrt : int, str or tuple of them
        Parameters by index or name; a tuple gives a tuple.
    holomorphic : bool
        Say that complex arguments go in and a complex-differentiable result comes out.

    Returns
    -------
    callable
        Takes `f`'s arguments; gives an array of shape `result.shape + argument.shape` (a NumPy
        scalar for two floats).  Where results or arguments are tuples, lists or dicts, it is the
        result's structure with the argument's at each leaf.

    Raises
    ------
    TypeError
        An argument or a result is complex and `holomorphic` is not set, or has no derivative.

    Examples
    --------
    >>> import numpy as np, s2sdiff as sd
    >>> sd.jacfwd(lambda x: x * x[::-1])(np.array([1.0, 2.0]))
    array([[2., 1.],
           [2., 1.]])
    """
    return jacobian_by(f, wrt, holomorphic, "jacfwd", _forwards)


@maker
def jacrev(f: Callable[..., Any], wrt: Any = 0, holomorphic: bool = False) -> Callable[..., Any]:
    """The Jacobian of `f` by reverse mode: `f` runs once, its pullback for all rows together.

    See `jacfwd` for parameters and result, and for how rows are computed together.

    Examples
    --------
    >>> import numpy as np, s2sdiff as sd
    >>> sd.jacrev(lambda x: np.sum(x * x))(np.array([1.0, 2.0]))
    array([2., 4.])
    """
    return jacobian_by(f, wrt, holomorphic, "jacrev", _by_rows)


@maker
def jacobian(f: Callable[..., Any], wrt: Any = 0, holomorphic: bool = False) -> Callable[..., Any]:
    """The Jacobian of `f` by the mode that takes fewer runs; see `jacfwd` for all else.

    Examples
    --------
    >>> import numpy as np, s2sdiff as sd
    >>> sd.jacobian(lambda x: 3.0 * x)(np.array([1.0, 2.0]))
    array([[3., 0.],
           [0., 3.]])
    """
    return jacobian_by(f, wrt, holomorphic, "jacobian", _by_sizes)


@maker
def hessian(f: Callable[..., Any], wrt: Any = 0, holomorphic: bool = False) -> Callable[..., Any]:
    """The second derivatives of a real result: forward mode over the gradient's code.

    Parameters
    ----------
    f, wrt, holomorphic : as for `jacfwd`
        A tuple in `wrt` gives a tuple of tuples of blocks.  A holomorphic function may have a
        complex result.

    Examples
    --------
    >>> import numpy as np, s2sdiff as sd
    >>> sd.hessian(lambda x: x[0] * x[1] ** 2)(np.array([2.0, 3.0]))
    array([[0., 6.],
           [6., 4.]])
    """
    if holomorphic:
        return jacobian_by(jacrev(f, wrt, True), wrt, True, "hessian", _forwards)
    return jacobian_by(grad(f, wrt), wrt, holomorphic, "hessian", _of_gradient)


# ------------------------------------------------------------------------------------ modes


def jacobian_by(f: Any, wrt: Any, holomorphic: bool, name: str,
                way: Callable[..., Any]) -> Callable[..., Any]:
    """The function of `f`'s arguments that gives what `way(call, holomorphic, name)` does."""
    f = arguments.target_of(f, name)
    plain = arguments.is_python(f) and not is_derivative(f)
    if plain and not arguments.lies_in_star(f, wrt):
        arguments.wrt_names(f, wrt)  # which raises for what is no parameter

    def jacobian(*args: Any, **kwargs: Any) -> Any:
        if running() is not None:
            return apart(jacobian_by(f, wrt, holomorphic, name, way), *args, **kwargs)
        if way is _by_rows:
            return taken(args, kwargs)  # which runs it once
        try:
            return as_one_run_leaves(f, args, kwargs, name, lambda: taken(args, kwargs))
        except DifferentiationError as error:
            raise boundary.leaving(error) from error.__cause__

    def taken(args: tuple, kwargs: dict[str, Any]) -> Any:
        slots = tuple([slot_of(f, w, args, kwargs) for w in asked_of(wrt)])
        point = [argument(s, args, kwargs) for s in slots]
        for s, x in zip(slots, point, strict=True):
            floating(x, f"argument {s}", holomorphic, name)
        call = Call(f, slots, args, kwargs, point, not isinstance(wrt, (tuple, list)),
                    Runs(f, (*args, *kwargs.values()), name))
        given = opened_call(f, args, kwargs)
        if given is not None:
            before = call.kept()
            # What is held is nobody's to copy, as runs with tangents do.
            columns = way in (_of_gradient, _forwards) and not any(map(has_objects, call.point))
            try:
                return (_by_columns if columns else way)(
                    replace(call, f=given[0], args=given[1]), holomorphic, name)
            except DifferentiationError:
                call = before  # another way is left
        try:
            return way(call, holomorphic, name)
        except DifferentiationError as error:
            raise boundary.leaving(error) from error.__cause__

    jacobian.__name__ = jacobian.__qualname__ = f"{getattr(f, '__name__', 'function')}_{name}"
    jacobian.__wrapped__ = f  # type: ignore[attr-defined]
    jacobian.__s2sdiff_generated__ = again(  # type: ignore[attr-defined]
        f, wrt, way in (_by_rows, _by_sizes), way is _of_gradient)
    jacobian.__s2sdiff_jacobian__ = f, wrt  # type: ignore[attr-defined]
    return jacobian


def _of_gradient(call: Call, holomorphic: bool, name: str) -> Any:
    way = _by_rows if any(map(has_objects, call.point)) else _by_columns
    return _or_carried(call, holomorphic, name, way)


def _forwards(call: Call, holomorphic: bool, name: str) -> Any:
    way = _or_carried if hasattr(call.f, "__s2sdiff_asked__") else _by_columns
    return way(call, holomorphic, name)


def _or_carried(call: Call, holomorphic: bool, name: str,
                way: Callable[..., Any] | None = None) -> Any:
    """What a way gives of a gradient; where its code is refused, what runs with tangents give."""
    way = way or _by_columns
    if holomorphic:
        return way(call, holomorphic, name)
    before = call.kept()
    try:
        return way(call, holomorphic, name)
    except DifferentiationError as error:
        return _by_columns(before, holomorphic, name, error)


def _by_columns(call: Call, holomorphic: bool, name: str,
                refused: DifferentiationError | None = None) -> Any:
    value: Any = None
    columns = []
    for slot, x in zip(call.slots, call.point, strict=True):
        products = call.products((slot,), [x], name) if refused is None else \
            call.carried(slot, x, refused)
        columns.append(products.rows(unit_rows(products.columns), products.columns,
                                     refused is None))
        value = products.value if products.columns else value
    if value is None:
        call.runs.anew()
        value = call.f(*call.args, **call.kwargs)
    floating(value, "the result", holomorphic, name)
    made = [of_columns(value, x, mine) for x, mine in zip(call.point, columns, strict=True)]
    if call.alone:
        return made[0]
    return mapped(value, lambda path, _: tuple(part(m, path) for m in made))


def _by_rows(call: Call, holomorphic: bool, name: str, made: Any = None) -> Any:
    value, products = call.pulled() if made is None else made
    floating(value, "the result", holomorphic, name)
    objects = any(map(has_objects, (value, *call.point)))
    rows = products.rows(unit_rows(products.columns), products.columns, not objects)
    blocks = of_rows(value, call.point, rows)
    if call.alone:
        return blocks[0]
    return mapped(value, lambda path, _: tuple(part(b, path) for b in blocks))


def _by_sizes(call: Call, holomorphic: bool, name: str) -> Any:
    # The arguments as they are before the call, which may write into them.
    args, kwargs = copies_of_call(call.args, call.kwargs)
    before = replace(call, args=args, kwargs=kwargs)
    made = call.pulled()
    objects = any(map(has_objects, (made[0], *call.point)))
    if objects or _size(made[0]) <= sum(map(_size, call.point)):
        return _by_rows(call, holomorphic, name, made)
    return _by_columns(before, holomorphic, name)


def _size(x: Any) -> int:
    """How many floating numbers a value has."""
    return sum(np.size(v) for v in leaves_of(x) if is_differentiable(v))


standins_minimize.gradient, standins_minimize.pulled = grad, vjp
standins_minimize.derived = opened.gradient
standins_solved.opening = opened_call
nested.OPERATORS[vjp] = nested_pullbacks.of_vjp
nested.INSTEAD[vjp] = nested_pullbacks.instead_of_vjp
