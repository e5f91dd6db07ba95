"""The code that gave a product with a Hessian, for the next one with the same function.

All that finding it has asked need not be asked again, as long as what it rests on is the same.  A
solver asks for hundreds of products, of which each may cost no more than its arithmetic.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff import registry, written_again
from s2sdiff.cache import PLAIN, State, record_of, state_of
from s2sdiff.errors import DifferentiationError
from s2sdiff.forward import shown
from s2sdiff.ir import replace
from s2sdiff.opened_closures import written_anew
from s2sdiff.registry import overlay
from s2sdiff.runtime.batches import RUNS
from s2sdiff.runtime.resuming import to_the_end

__all__ = ["Known", "product", "remember"]

#: Under which name a function's record has it.
_KEY = "the product known"


class Known:
    """What a call has gone through, which changed nothing that it was given.

    Parameters
    ----------
    function : what was differentiated, which may be given what `f` holds behind the arguments
    state, gradient : where the code of its gradient was found, and that code
    again : the form of it that is differentiated again
    pushed : where the tangent of that is found, with its value
    """

    #: So many products have been asked for that more will be: code without the value pays.
    MANY = 3

    def __init__(self, function: Any, state: State, gradient: Any, again: Any, pushed: State,
                 slots: tuple[int, ...], moving: tuple[int, ...], given: tuple) -> None:
        self.function, self.state, self.gradient = function, state, gradient
        self.again, self.pushed = again, pushed
        self.slots, self.moving, self.count = slots, moving, len(given)
        self.types = tuple(map(type, given))
        self.epoch = registry.epoch
        self.alone = state_of(again, replace(pushed.request, only=True))
        self.asked = 0

    def product(self, f: Any, primals: tuple, tangents: tuple) -> tuple | None:
        """The product, one entry for each of `slots`; None where more must be asked."""
        if registry.epoch != self.epoch or overlay.get() is not PLAIN or RUNS:
            return None
        if tuple(map(type, primals)) != self.types or len(tangents) != self.count:
            return None
        dots = []
        for i, (x, d) in enumerate(zip(primals, tangents, strict=True)):
            if d is None:
                if i in self.moving:
                    return None
            elif i not in self.moving or type(d) is not type(x):
                return None
            else:
                if type(d) is np.ndarray and (
                        d.dtype is not x.dtype or d.shape != x.shape or d.strides != x.strides):
                    return None
                dots.append(d)
        opened = written_anew(f, (), self.count, {})
        function, held = (f, ()) if opened is None else opened
        given = (*primals, *held)
        gradient = self.state.warm(function, given, {}) if function is self.function else None
        if gradient is None or gradient is not self.gradient or written_again.again(
                getattr(gradient, "__wrapped__", gradient), function, self.state.request, given,
                {}) is not self.again:
            return None
        code = self.pushed.warm(self.again, given, {})
        self.asked += 1
        if code is not None and self.asked >= self.MANY:
            code = self.alone.warm(self.again, given, {}) or self.alone.found(given, {})
        if code is None or not code.__s2sdiff_reads__ or code.__code__.co_kwonlyargcount or \
                code.__code__.co_argcount != len(given) + len(dots):
            return None
        try:
            found = to_the_end(code, *given, *dots)
        except DifferentiationError:
            return None  # nothing is changed, and another way may be left
        if self.asked < self.MANY:
            _, found = found
        made: list[Any] = []
        for i, dot in zip(self.slots, (found,) if len(self.slots) == 1 else found, strict=True):
            # A gradient is of the kind of its argument.
            made.append(shown(primals[i], dot, (*dots, *made)))
        return tuple(made)


def product(f: Any, primals: Any, tangents: Any) -> tuple[tuple[int, ...], tuple] | None:
    """Which primals have an entry, and those; None where nothing is known of such a call."""
    known = record_of(f).links.get(_KEY)
    if known is None or type(primals) is not tuple or type(tangents) is not tuple:
        return None
    made = known.product(f, primals, tangents)
    return None if made is None else (known.slots, made)


def remember(f: Any, function: Any, state: State, gradient: Any, link: Any,
             slots: tuple[int, ...], moving: tuple[int, ...], primals: tuple) -> None:
    """Note which code a call has gone through, if there is nothing that must be asked each time."""
    pushed = getattr(link, "__s2sdiff_state__", None)
    again = None if pushed is None else pushed.owner()
    if again is not None and all(type(primals[i]) in (float, np.ndarray) for i in slots) and \
            all(type(x) in _PLAIN for x in primals):
        record_of(f).links[_KEY] = Known(function, state, gradient, again, pushed, slots, moving,
                                         primals)


_PLAIN = frozenset({float, int, bool, str, type(None), np.ndarray})
