"""Products with Hessians: the tangent of a gradient."""

from __future__ import annotations

import contextlib
import types
from collections.abc import Callable
from typing import Any

from s2sdiff import (
    again,
    arguments,
    boundary,
    cache,
    forward,
    known_products,
    nested_pullbacks,
    written_again,
)
from s2sdiff.api import grad, request_of
from s2sdiff.carrying import own_copies
from s2sdiff.errors import AliasingError, DifferentiationError
from s2sdiff.given_tangents import accepted, tuples
from s2sdiff.of_objects import hvp_of
from s2sdiff.opened import opened
from s2sdiff.runtime import nested
from s2sdiff.runtime.batches import RUNS
from s2sdiff.runtime.held_beside import own_arguments, run_on_copies
from s2sdiff.runtime.resuming import to_the_end
from s2sdiff.runtime.side_by_side import has_objects
from s2sdiff.runtime.values import is_differentiable

__all__ = ["hvp"]


def hvp(f: Callable[..., Any], primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> Any:
    """The product of the Hessian of a real result with `tangents`; the Hessian is never formed.

    Parameters
    ----------
    f : callable
    primals, tangents : tuple
        As for `jvp`.

    Returns
    -------
    One product for each primal, in its type, shape and dtype (None where it has no derivative);
    bare where there is a single primal.

    Examples
    --------
    >>> import numpy as np, s2sdiff as sd
    >>> sd.hvp(lambda x: np.sum(x**3), (np.array([1.0, 2.0]),), (np.array([1.0, 0.5]),))
    array([6., 6.])
    """
    f = arguments.target_of(f, "hvp")
    known = known_products.product(f, primals, tangents) \
        if type(f) is types.FunctionType else None
    if known is not None:
        return _given(primals, *known)
    primals, tangents = tuples(primals, tangents, "hvp")
    if any(map(has_objects, primals)):
        with own_arguments(f, primals) as own:
            return hvp_of(f, own, tangents)
    dots = accepted(tangents, primals, "hvp")
    slots = tuple([i for i, x in enumerate(primals) if is_differentiable(x)])
    moving = tuple([i for i, d in enumerate(dots) if d is not None])
    holding = opened(f, len(primals)) if moving and not RUNS else None
    made, originals = None, primals
    if holding is not None:
        before = own_copies(primals)
        try:
            made = _known(f, holding[0], slots, moving, primals, dots, tangents, holding[1])
        except DifferentiationError:
            primals = before  # another way is left
    try:
        with contextlib.nullcontext() if primals is originals else run_on_copies(
                f, originals, primals, further=True):
            if made is not None:
                pass
            elif not moving or RUNS or type(f) is not types.FunctionType or cache.is_ruled(f):
                made = _pushed(f, slots, primals, tangents)
            else:
                made = _known(f, f, slots, moving, primals, dots, tangents)
    except AliasingError as error:
        raise boundary.leaving(error) from None
    return _given(primals, slots, (made,) if len(slots) == 1 else made)


def _given(primals: tuple, slots: tuple[int, ...], made: tuple) -> Any:
    """Entries as callers see them: one for each primal, bare where there is one."""
    if len(primals) == len(slots) == 1:
        return made[0]
    found = dict(zip(slots, made, strict=True))
    return found[0] if len(primals) == 1 else tuple([found.get(i) for i in range(len(primals))])


def _pushed(f: Any, slots: tuple[int, ...], primals: tuple, tangents: tuple) -> Any:
    return forward.jvp(grad(f, slots[0] if len(slots) == 1 else slots), primals, tangents)[1]


def _known(of: Any, f: Any, slots: tuple[int, ...], moving: tuple[int, ...], primals: tuple,
           dots: list, tangents: tuple, held: tuple = ()) -> Any:
    """The tangent by the text that a call before has gone through, if there was one such.

    `f` is the function `of` that was asked for, or one that is given what that holds, too.

    What that one asked need not be asked again: as long as the gradient's code is the same, so is
    that of its tangent.  What the function takes after the primals is `held` by somebody.
    """
    links, key = cache.record_of(f).links, ("hvp", slots, moving)
    request = links.get(key)
    if request is not None:
        given_now = (*primals, *held)
        state = cache.state_of(f, request)
        gradient = state.warm(f, given_now, {})
        link = None if gradient is None else forward.known_link(written_again.again(
            getattr(gradient, "__wrapped__", gradient), f, request, given_now, {}), moving)
        if link is not None:
            before, given = own_copies(primals), tuple([dots[i] for i in moving])
            try:
                value, dot = to_the_end(link, *primals, *held, *given)
                if type(of) is types.FunctionType:
                    known_products.remember(of, f, state, link, slots, moving, primals)
                return forward.shown(value, dot, given)
            except DifferentiationError:
                # A branch that is taken for the first time: another way may be left.
                primals = before
    if held:
        # What is held is nobody's to copy: where the text is refused, another way is left.
        along = grad(f, slots[0] if len(slots) == 1 else slots)
        made = forward.pushed_at(along, moving, tuple([dots[i] for i in moving]),
                                 (*primals, *held), {})[1]
    else:
        made = _pushed(f, slots, primals, tangents)
    if again.CARRIED in links:
        links.pop(key, None)
    elif request is None and not arguments.lies_in_star(f, slots):
        links[key] = request_of(f, slots[0] if len(slots) == 1 else slots, False, False)[0]
    return made


nested.OPERATORS[hvp] = nested_pullbacks.of_hvp
