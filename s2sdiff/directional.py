"""Derivatives of directional ones whose text cannot be differentiated, by those of a gradient."""

from __future__ import annotations

import types
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from s2sdiff.api import grad, value_and_grad
from s2sdiff.cache import record_of
from s2sdiff.carrying import own_copies
from s2sdiff.errors import NestedDerivativeError, refusal
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.carried import plain_value
from s2sdiff.runtime.handed import given_back
from s2sdiff.runtime.losses import scalar_result
from s2sdiff.runtime.nested import listed, written
from s2sdiff.runtime.structures import gradient
from s2sdiff.second import Gradient, combined, products, random_tangent, total, whole_tangent
from s2sdiff.together import flat

__all__ = ["Directional"]


@dataclass(frozen=True, eq=False)
class Directional:
    """A call of `jvp` of a function with one real result, a number or an array.

    Of an array, weighted sums are numbers: the pullback needs one of them, and the tangent as many
    as the array has items.

    Attributes
    ----------
    gradient : that of the function, for all of its arguments that have one
    """

    gradient: Gradient
    tangents: tuple

    def numbers_of(self, made: Any) -> np.ndarray:
        """The numbers of the value and the tangent in what was given."""
        return plain_value(flat(made))

    def gives(self, numbers: np.ndarray, run: Any) -> bool:
        """Whether the operator, which is `run`, gives the same numbers once more."""
        call = self.gradient
        made = call.ran(run, call.f, own_copies(call.args), own_copies(self.tangents))
        return np.allclose(self.numbers_of(made), numbers, rtol=1e-3, atol=0.0, equal_nan=True)

    def pulled(self, bar: Any, wrt: tuple[int, ...], value: Any) -> Any:
        """The cotangents of `primals` and `tangents`, of those of value and tangent."""
        value_bar, dot_bar = gradient(bar, value)
        call, slots, mine = self.gradient, self.gradient.slots, self._dots(self.tangents)
        if _has_items(value[0]):
            first = self._weighed(value_bar)
            firsts = first.ran(grad(first.f, slots), *own_copies(first.args))
            made, dot = self._weighed(dot_bar).checked(mine, slots, True)
            value_bar = dot_bar = 1.0
        else:
            made, dot = call.checked(mine, slots, True)
            firsts = made
        found: dict[int, Any] = {
            0: None, 1: [None] * len(call.args), 2: [None] * len(call.args)}
        for at, i in enumerate(slots):
            x = call.args[i]
            found[1][i] = given_back(combined(x, (value_bar, firsts[at]), (dot_bar, dot[at])), x)
            if self.tangents[i] is not None:
                found[2][i] = given_back(combined(x, (dot_bar, made[at])), self.tangents[i])
        entries = tuple([found[s] and tuple(found[s]) for s in wrt])
        return entries[0] if len(wrt) == 1 else entries

    def pushed(self, given: dict[int, Any]) -> tuple[Any, Any]:
        """Value and tangent of a call, whose `primals` and `tangents` have tangents `given`."""
        call, slots = self.gradient, self.gradient.slots
        value = call.ran(call.f, *own_copies(call.args))
        if not _has_items(value):
            before = plain_value(value)
            value, slope = call.ran(value_and_grad(call.f, slots), *own_copies(call.args))
            _must_be_same(before, value)
            return self._with_twice(value, *self._pushed(call.checked, slope, given))
        self._weighed(random_tangent(value)).checked(self._dots(self.tangents), slots)
        rows = []
        for row in np.eye(value.size, dtype=value.dtype):
            weighed = self._weighed(np.reshape(row, value.shape))
            slope = weighed.ran(grad(weighed.f, slots), *own_copies(weighed.args))
            rows.append(self._pushed(weighed.along, slope, given))
        return self._with_twice(value, *[np.reshape([r[i] for r in rows], value.shape)
                                         for i in range(3)])

    def _pushed(self, way: Any, slope: Any, given: dict[int, Any]) -> tuple[Any, Any, Any]:
        """Of a number: its tangent along `tangents`, that along the tangents of `primals`, and
        that of the first.
        """
        slots = self.gradient.slots
        none = (None,) * len(self.gradient.args)
        primal_dots, mine = self._dots(given.get(1, none)), self._dots(self.tangents)
        made, dot = way(primal_dots, slots)
        twice = total(products(dot, slots, mine)) + total(products(
            made, slots, self._dots(given.get(2, none))))
        return (total(products(slope, slots, mine)), total(products(made, slots, primal_dots)),
                twice)

    @staticmethod
    def _with_twice(value: Any, along: Any, dots: Any, twice: Any) -> tuple[Any, Any]:
        return (value, match(along, value)), (match(dots, value), match(twice, value))

    def _weighed(self, weights: Any) -> Gradient:
        """The gradient of a weighted sum of the items."""
        call = self.gradient
        return replace(call, f=_weighed(call.f, len(call.args)), args=(*call.args, weights),
                       given=None if call.given is None else (*call.given, weights))

    def _dots(self, tangents: tuple) -> dict[int, Any]:
        return {i: whole_tangent(tangents[i], self.gradient.args[i]) for i in self.gradient.slots
                if tangents[i] is not None}


def _must_be_same(before: Any, value: Any) -> None:
    """Refuse a function whose second run gives another value: it has left something outside."""
    if not np.allclose(before, plain_value(value), rtol=1e-3, atol=0.0, equal_nan=True):
        raise refusal(
            NestedDerivativeError, "this derivative is differentiated again, and what is called in "
            "it gives something else when it runs once more",
            "hand over as an argument what it finds outside and writes")


def _has_items(value: Any) -> bool:
    """Whether a result is an array of several numbers, and no single one; or refuse it."""
    if isinstance(value, np.ndarray) and value.ndim and value.dtype.kind == "f":
        return True
    scalar_result(value)
    return False


def _weighed(f: Any, count: int) -> Any:
    """A weighted sum of what a function gives; the weights are one more argument."""
    links = record_of(f).links if isinstance(f, types.FunctionType) else {}
    key = "weighed", count
    if key not in links:
        names, given = listed((None,) * count, {})
        links[key] = written("weighed", f"{names}, weights", f"summed(function({given}) * weights)",
                             function=f, summed=np.sum)
    return links[key]
