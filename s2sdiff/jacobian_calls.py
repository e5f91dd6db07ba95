"""A call of which the whole derivative is asked for, as products with its rows and columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from s2sdiff import again, dispatch
from s2sdiff.carrying import copies_of_call, own_copies
from s2sdiff.errors import DifferentiationError
from s2sdiff.forward import runner
from s2sdiff.given_tangents import accepted
from s2sdiff.runtime.batches import together
from s2sdiff.runtime.contents import parts
from s2sdiff.runtime.handed import given_back
from s2sdiff.runtime.held_beside import copies_as_before, run_on_copies
from s2sdiff.runtime.leaves import leaves_of
from s2sdiff.runtime.nested import generated, is_derivative
from s2sdiff.runtime.resuming import to_the_end
from s2sdiff.runtime.side_by_side import dtype_of
from s2sdiff.runtime.structures import gradient
from s2sdiff.runtime.values import argument, is_differentiable
from s2sdiff.second import random_tangent
from s2sdiff.surroundings import Runs
from s2sdiff.together import Products, Rows

__all__ = ["Call", "floating", "unit_rows"]


def floating(x: Any, what: str, holomorphic: bool, name: str) -> None:
    leaves = [v for v in leaves_of(x) if is_differentiable(v)]
    if not leaves:
        raise TypeError(f"{name}: {what} is of type {type(x).__name__}"
                        f"{dtype_of(x)}, and has no derivative. Instead, pass floats.")
    if any(np.iscomplexobj(v) for v in leaves) and not holomorphic:
        raise TypeError(f"{name}: {what} is complex, and so its derivative is no matrix of "
                        "numbers, but for a holomorphic function. Instead, " + (
                            "use hessian(holomorphic=True) if this is one." if
                            name == "sparse_hessian" else
                            "say holomorphic=True if this is one."))


def unit_rows(size: int) -> Rows:
    def rows(first: int, last: int) -> np.ndarray:
        made = np.zeros((last - first, size))
        made[np.arange(last - first), np.arange(first, last)] = 1.0
        return made

    return rows


@dataclass(frozen=True)
class Call:
    """A call with the arguments that are asked for; `alone`: one was, and not in a tuple.

    `given` is the call that these arguments are copies of; `runs` is asked in front of each.
    """

    f: Any
    slots: tuple[Any, ...]
    args: tuple
    kwargs: dict[str, Any]
    point: list[Any]
    alone: bool
    runs: Runs
    given: Call | None = None

    def kept(self) -> Call:
        """The call with copies of its arguments, as they are now."""
        args = own_copies(self.args)
        return replace(self, args=args, given=self.given or self,
                       point=[argument(s, args, self.kwargs) for s in self.slots])

    def carried(self, slot: Any, x: Any, refused: DifferentiationError) -> Products:
        """Products with tangents of an argument, of a gradient whose code is refused."""
        checked = False

        def run(dot: Any) -> tuple[Any, Any]:
            nonlocal checked
            if not checked:
                # Along one column, what is lost of the others would not be missed.
                product(random_tangent(x), False)
                checked = True
            return product(dot, True)

        def product(dot: Any, sure: bool) -> tuple[Any, Any]:
            dots = [dot if i == slot else None for i in range(len(self.args))]
            given = self.given or self
            self.runs.anew()
            # Each run has arguments of its own, in which the one before has left nothing.
            return again.pushed_or_carried(self.f, (slot,), refuse, own_copies(self.args), dots,
                                           "columns", sure, given.args)

        def refuse(_: tuple) -> Any:
            raise refused

        if self.kwargs or not isinstance(slot, int):
            raise refused
        return Products(run, lambda dots: dots, [x], None, slot)

    def pulled(self) -> tuple[Any, Products]:
        """The value, and products with its cotangents, backwards: one for each argument."""
        self.runs.anew()
        with together(0):
            value, raw = to_the_end(dispatch.call_outer, self.f, self.slots, self.args,
                                    self.kwargs)
        if self.given is not None:
            copies_as_before(self.given.f, self.given.args, self.args)
        like = parts(value)

        def run(bar: Any) -> tuple[Any, Any]:
            entries = raw(bar)
            found = entries if len(self.slots) > 1 else (entries,)
            return tuple(self.point), tuple([gradient(e, x) for e, x in zip(
                found, self.point, strict=True)])

        arrays = any(np.ndim(v) for x in self.point for v in leaves_of(x))
        return value, Products(run, lambda bars: (given_back(bars[0], like),), [value],
                               self.code(), (self.slots, "rows"), arrays)

    def code(self) -> Any:
        """The function whose derivative's code is run."""
        return generated(self.f, self.args, self.kwargs) if is_derivative(self.f) else self.f

    def products(self, slots: tuple[Any, ...], point: list[Any], name: str) -> Products:
        """Products with tangents of the arguments in some slots, forwards."""
        f = self.code()
        checked = False

        def run(*dots: Any) -> tuple[Any, Any]:
            nonlocal checked
            self.runs.anew()
            # Each run has arguments of its own, as one may write into them.
            args, kwargs = copies_of_call(self.args, self.kwargs)
            made = runner(f, slots, args, kwargs)
            if checked:
                return made(*dots)
            given = self.given or self
            with run_on_copies(given.f, (*given.args, *given.kwargs.values()),
                               (*args, *kwargs.values())):
                found = made(*dots)
            checked = True
            return found

        return Products(run, lambda dots: accepted(dots, tuple(point), name), point, f, slots)
