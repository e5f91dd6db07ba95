"""The code that gave a product with a Hessian, for the next one with the same function.

All that finding it has asked need not be asked again, as long as what it rests on is the same.  A
solver asks for hundreds of products, of which each may cost no more than its arithmetic.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.cache import State, matching, record_of, state_of
from s2sdiff.errors import DifferentiationError
from s2sdiff.forward import shown
from s2sdiff.ir import replace
from s2sdiff.opened_closures import Plan, plan_of
from s2sdiff.registry import PLAIN, overlay
from s2sdiff.runtime.batches import RUNS
from s2sdiff.runtime.resuming import OPEN, ended, forgotten

__all__ = ["product", "remember"]

#: Under which name a function's record has it.
_KEY = "the product known"
#: So many products have been asked for that more will be: code without the gradient pays.
_MANY = 3


class _Known:
    """What a call has gone through, which changed nothing that it was given.

    Parameters
    ----------
    plan : how what was differentiated is written anew, to be given what it holds as well
    state, gradient : where the gradient's code was found, in the form that is differentiated again
    pushed : where the tangent of that is found, with its value
    """

    __slots__ = ("alone", "asked", "epoch", "fits", "gradient", "kinds", "plan", "pushed",
                 "slots", "state")

    def __init__(self, plan: Plan, state: State, gradient: Any, pushed: State,
                 slots: tuple[int, ...], moving: tuple[int, ...], given: tuple) -> None:
        self.plan, self.state, self.gradient = plan, state, gradient
        self.pushed, self.alone = pushed, state_of(gradient, replace(pushed.request, only=True))
        self.kinds = [(type(x), i in moving) for i, x in enumerate(given)]
        self.slots, self.epoch, self.asked = slots, registry.epoch, 0
        self.fits: Any = None

    def product(self, f: Any, primals: tuple, tangents: tuple) -> tuple | None:
        """The product, one entry for each of `slots`; None where more must be asked."""
        if registry.epoch != self.epoch or overlay.get() is not PLAIN or RUNS:
            return None
        dots = _moving(self.kinds, primals, tangents)
        plan = self.plan
        if dots is None or not plan.holds(f):
            return None
        given = primals
        if plan.held:
            given = (*primals, *[found(()) for found in plan.held])
        found = matching(self.state.entries, given, _NONE) \
            if self.state.epoch == self.epoch and self.state.holds(plan.made or f) else None
        if found is not self.gradient and getattr(found, "__wrapped__", None) is not self.gradient:
            return None
        self.asked += 1
        code = self._code(given, len(dots))
        if code is None:
            return None
        before = OPEN.count
        try:
            made = code(*given, *dots)
        except DifferentiationError:
            forgotten(before)
            return None  # nothing is changed, and another way may be left
        except BaseException:
            forgotten(before)
            raise
        if OPEN.frames:
            ended(before)
        return self._shown(made if self.asked > _MANY else made[1], primals, dots)

    def _code(self, given: tuple, count: int) -> Any:
        """The code that gives the tangent, with its value where it is not asked for often."""
        alone = self.asked > _MANY
        state, gradient = self.alone if alone else self.pushed, self.gradient
        code = matching(state.entries, given, _NONE) \
            if state.epoch == self.epoch and state.holds(gradient) else None
        if code is None and alone:
            code = state.found(given, {})
        if code is None or code is self.fits:
            return code
        if not code.__s2sdiff_reads__ or code.__code__.co_kwonlyargcount or \
                code.__code__.co_argcount != len(given) + count:
            return None
        self.fits = code
        return code

    def _shown(self, made: Any, primals: tuple, dots: list[Any]) -> tuple:
        entries: list[Any] = []
        for i, dot in zip(self.slots, (made,) if len(self.slots) == 1 else made, strict=True):
            # A gradient is of the kind of its argument.
            x = primals[i]
            if type(dot) is not np.ndarray or dot.base is not None or type(x) is not np.ndarray \
                    or dot.dtype is not x.dtype or dot.shape != x.shape or _among(
                        dot, dots) or _among(dot, entries):
                dot = shown(x, dot, (*dots, *entries))
            entries.append(dot)
        return tuple(entries)


def _among(dot: np.ndarray, others: list[Any]) -> bool:
    """An array that has its memory shares it with those made before only if it is one of them."""
    return any(other is dot for other in others)


def _moving(kinds: list[tuple[type, bool]], primals: tuple, tangents: tuple) -> list[Any] | None:
    """The tangents that are there; None where arguments are others, or tangents need a copy."""
    if len(primals) != len(kinds) or len(tangents) != len(kinds):
        return None
    dots = []
    for (cls, moves), x, dot in zip(kinds, primals, tangents, strict=True):
        if type(x) is not cls:
            return None
        if not moves:
            if dot is not None:
                return None
            continue
        if type(dot) is not cls or (cls is np.ndarray and (
                dot.dtype is not x.dtype or dot.shape != x.shape or dot.strides != x.strides)):
            return None
        dots.append(dot)
    return dots


def product(f: Any, primals: Any, tangents: Any) -> tuple[tuple[int, ...], tuple] | None:
    """Which primals have an entry, and those; None where nothing is known of such a call."""
    record = f.__dict__.get("__s2sdiff__")
    known = None if record is None else record.links.get(_KEY)
    if record is None or known is None or record.owner() is not f or \
            record.code is not f.__code__ or type(primals) is not tuple or \
            type(tangents) is not tuple:
        return None
    made = known.product(f, primals, tangents)
    return None if made is None else (known.slots, made)


def remember(f: Any, function: Any, state: State, link: Any, slots: tuple[int, ...],
             moving: tuple[int, ...], primals: tuple) -> None:
    """Note which code a call has gone through, if there is nothing that must be asked each time."""
    pushed: Any = getattr(link, "__s2sdiff_state__", None)
    gradient = None if pushed is None else pushed.owner()
    plan = plan_of(f, 0, len(primals))
    if pushed is not None and gradient is not None and function is (plan.made or f) and \
            _PLAIN.issuperset(map(type, primals)) and all(
                type(primals[i]) in (float, np.ndarray) for i in slots):
        if not any(getattr(g, "__wrapped__", g) is gradient for _, g in state.entries):
            state = state_of(function, replace(state.request, again=True))
        record_of(f).links[_KEY] = _Known(plan, state, gradient, pushed, slots, moving, primals)


_NONE: dict[str, Any] = {}
_PLAIN = frozenset({float, int, bool, str, type(None), np.ndarray})
