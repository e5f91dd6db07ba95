"""The code that gave a product with a Hessian, for the next one with the same function.

All that finding it has asked need not be asked again, as long as what it rests on is the same.  A
solver asks for hundreds of products, of which each may cost no more than its arithmetic.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.cache import PLAIN, State, record_of, state_of
from s2sdiff.errors import DifferentiationError
from s2sdiff.forward import shown
from s2sdiff.ir import replace
from s2sdiff.opened_closures import written_anew
from s2sdiff.registry import overlay
from s2sdiff.runtime.batches import RUNS
from s2sdiff.runtime.resuming import to_the_end

__all__ = ["product", "remember"]

#: Under which name a function's record has it.
_KEY = "the product known"
#: So many products have been asked for that more will be: code without the gradient pays.
_MANY = 3


class _Known:
    """What a call has gone through, which changed nothing that it was given.

    Parameters
    ----------
    function : what was differentiated, which may be given what `f` holds behind the arguments
    state, gradient : where the gradient's code was found, in the form that is differentiated again
    pushed : where the tangent of that is found, with its value
    """

    __slots__ = ("alone", "asked", "epoch", "function", "gradient", "moving", "pushed", "slots",
                 "state", "types")

    def __init__(self, function: Any, state: State, gradient: Any, pushed: State,
                 slots: tuple[int, ...], moving: tuple[int, ...], given: tuple) -> None:
        self.function, self.state, self.gradient = function, state, gradient
        self.pushed, self.alone = pushed, state_of(gradient, replace(pushed.request, only=True))
        self.slots, self.moving = slots, frozenset(moving)
        self.types, self.epoch, self.asked = [*map(type, given)], registry.epoch, 0

    def product(self, f: Any, primals: tuple, tangents: tuple) -> tuple | None:
        """The product, one entry for each of `slots`; None where more must be asked."""
        count = len(self.types)
        if registry.epoch != self.epoch or overlay.get() is not PLAIN or RUNS or \
                [*map(type, primals)] != self.types or len(tangents) != count:
            return None
        dots = tuple([d for d in tangents if d is not None])
        if len(dots) != len(self.moving) or not all(
                _fits(tangents[i], primals[i]) for i in self.moving):
            return None
        opened = written_anew(f, (), count, {})
        function, held = (f, ()) if opened is None else opened
        given = (*primals, *held)
        found = self.state.warm(function, given, {}) if function is self.function else None
        if found is None or getattr(found, "__wrapped__", found) is not self.gradient:
            return None
        self.asked += 1
        alone = self.asked > _MANY
        state = self.alone if alone else self.pushed
        code = state.warm(self.gradient, given, {})
        if code is None and alone:
            code = state.found(given, {})
        if code is None or not code.__s2sdiff_reads__ or code.__code__.co_kwonlyargcount or \
                code.__code__.co_argcount != len(given) + len(dots):
            return None
        try:
            made = to_the_end(code, *given, *dots)
        except DifferentiationError:
            return None  # nothing is changed, and another way may be left
        made = made if alone else made[1]
        entries: list[Any] = []
        for i, dot in zip(self.slots, (made,) if len(self.slots) == 1 else made, strict=True):
            # A gradient is of the kind of its argument.
            entries.append(shown(primals[i], dot, (*dots, *entries)))
        return tuple(entries)


def _fits(dot: Any, x: Any) -> bool:
    """A tangent that needs no copy to be as its value."""
    return type(dot) is type(x) and (type(x) is not np.ndarray or (
        dot.dtype is x.dtype and dot.shape == x.shape and dot.strides == x.strides))


def product(f: Any, primals: Any, tangents: Any) -> tuple[tuple[int, ...], tuple] | None:
    """Which primals have an entry, and those; None where nothing is known of such a call."""
    known = record_of(f).links.get(_KEY)
    if known is None or type(primals) is not tuple or type(tangents) is not tuple:
        return None
    made = known.product(f, primals, tangents)
    return None if made is None else (known.slots, made)


def remember(f: Any, function: Any, state: State, link: Any, slots: tuple[int, ...],
             moving: tuple[int, ...], primals: tuple) -> None:
    """Note which code a call has gone through, if there is nothing that must be asked each time."""
    pushed: Any = getattr(link, "__s2sdiff_state__", None)
    gradient = None if pushed is None else pushed.owner()
    if pushed is not None and gradient is not None and _PLAIN.issuperset(
            map(type, primals)) and all(type(primals[i]) in (float, np.ndarray) for i in slots):
        if not any(getattr(g, "__wrapped__", g) is gradient for _, g in state.entries):
            state = state_of(function, replace(state.request, again=True))
        record_of(f).links[_KEY] = _Known(function, state, gradient, pushed, slots, moving, primals)


_PLAIN = frozenset({float, int, bool, str, type(None), np.ndarray})
