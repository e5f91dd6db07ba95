"""Derivatives of gradients whose code cannot be differentiated again.

All of them come of one: the tangent of a gradient, along tangents of the arguments.  A Hessian is
symmetric, and so its product with a cotangent of the gradient is the product with a tangent.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from s2sdiff.api import grad, value_and_grad
from s2sdiff.asked import asked_of, slot_of
from s2sdiff.carrying import can_carry, own_copies, pushed_through
from s2sdiff.errors import NestedDerivativeError, refusal
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.carried import class_of, plain_value
from s2sdiff.runtime.handed import given_back
from s2sdiff.runtime.held_beside import copies_as_before
from s2sdiff.runtime.leaves import leaves_of
from s2sdiff.runtime.side_by_side import mapped
from s2sdiff.runtime.structures import gradient, holds_numbers
from s2sdiff.runtime.values import is_differentiable
from s2sdiff.runtime.zero_tangents import zero_tangent
from s2sdiff.surroundings import Draws
from s2sdiff.together import flat, numbers

__all__ = ["Gradient", "asked", "combined", "products", "random_tangent", "total", "whole_tangent"]


@dataclass(frozen=True, eq=False)
class Gradient:
    """A call of what `grad` or `value_and_grad` gave.

    Attributes
    ----------
    f : the function that the gradient is one of
    slots : the arguments that it is taken for
    alone : one was asked for, and not in a tuple
    given : what `args` are copies of
    draws : the random generators that its runs draw from, if there are some
    """

    f: Any
    slots: tuple[int, ...]
    alone: bool
    aux: bool
    value: bool
    args: tuple
    kwargs: dict[str, Any]
    given: tuple | None = None
    draws: Draws | None = None

    def ran(self, f: Any, *args: Any, **kwargs: Any) -> Any:
        """What a further run gives, which draws the same numbers."""
        return f(*args, **kwargs) if self.draws is None else self.draws.run(f, *args, **kwargs)

    def kept(self) -> Gradient:
        """The call with arguments that nobody else writes into."""
        return replace(self, args=own_copies(self.args), given=self._before())

    def _before(self) -> tuple:
        return self.args if self.given is None else self.given

    def along(self, dots: dict[int, Any], slots: tuple[int, ...]) -> tuple[Any, Any]:
        """What it gives for other `slots`, all in a tuple, and its tangent along `dots`."""
        given = tuple([dots.get(i) for i in range(len(self.args))])
        return pushed_through(self._function(slots), self.args, given, self.kwargs, lambda copies:
                              copies_as_before(self.f, self._before(), copies))

    def _function(self, slots: tuple[int, ...]) -> Any:
        made = (value_and_grad if self.value else grad)(self.f, slots, self.aux)
        return made if self.draws is None else functools.partial(self.ran, made)

    def of(self, made: Any) -> Any:
        """The gradients in what was given."""
        return made[1] if self.value else made[0] if self.aux else made

    def numbers_of(self, made: Any) -> np.ndarray:
        """The numbers of the gradients in what was given."""
        return plain_value(flat(self.of(made)))

    def gives(self, gradient: np.ndarray) -> bool:
        """Whether it gives the same numbers once more."""
        made = self._function(self.slots)(*own_copies(self.args), **self.kwargs)
        return np.allclose(self.numbers_of(made), gradient, rtol=1e-3, atol=0.0, equal_nan=True)

    def checked(self, dots: dict[int, Any], slots: tuple[int, ...],
                turned: bool = False) -> tuple[Any, Any]:
        """`along`, if the gradient is the ordinary one, and a second product agrees with it,
        and roughly a difference of gradients.

        A Hessian is symmetric: `<r, H d> == <d, H r>`, for a random `r`.  Hooks and derivatives of
        the user's may say otherwise; where `H d` is to stand for the product with the transpose
        (`turned`), `r` is one of all `slots`, so that each number of it is compared.

        Raises
        ------
        DifferentiationError
            They differ.
        """
        plain = plain_value(flat(self.of(self._function(slots)(
            *own_copies(self.args), **self.kwargs))))
        others = {i: random_tangent(self.args[i], 5 + i) for i in (slots if turned else dots)}
        found, again = self.along(dots, slots), self.along(others, slots)
        one = list(map(plain_value, products(self.of(found[1]), slots, others)))
        two = list(map(plain_value, products(self.of(again[1]), slots, dots)))
        values = plain_value(flat(self.of(found[0])))
        rounding = np.sqrt(max([float(np.finfo(np.result_type(v)).eps)
                                for v in numbers(self.of(found[0]))], default=0.0))
        size = sum(float(np.abs(p).sum()) for p in (*one, *two))
        gap = abs(np.real(total(one) - total(two)))  # the pairing is the real part of a product
        top = rounding * float(np.abs(plain[np.isfinite(plain)]).max(initial=0.0))
        same = [np.allclose(v, plain, rtol=rounding, atol=top, equal_nan=True) for v in (
            values, plain_value(flat(self.of(again[0]))))]
        if not gap <= 10 * rounding * size or not all(same) or not self._near(
                dots, slots, plain_value(flat(self.of(found[1]))), plain):
            raise refusal(NestedDerivativeError, "this derivative is differentiated again, and two "
                          "products with it that should be the same differ",
                          "write it so that it can be seen in the source what is called")
        return found

    def _near(self, dots: dict[int, Any], slots: tuple[int, ...], dot: np.ndarray,
              plain: np.ndarray) -> bool:
        """Whether a tangent is about the difference of two gradients: no term of it is lost.

        Each number is compared, as those of one argument may be much larger than another's.
        """
        moving = [(plain_value(p), plain_value(d)) for i, along in dots.items() for p, d in zip(
            numbers(self.args[i]), numbers(along), strict=True)]
        moving = [(p, d) for p, d in moving if np.any(d)]
        if not dot.size or not moving:
            return True
        rounding = float(np.finfo(np.result_type(plain, *[p for p, _ in moving])).eps)
        step = rounding ** (1 / 3) * min(
            (float(np.abs(p).max()) or 1.0) / float(np.abs(d).max()) for p, d in moving)
        ends = []
        for h in (step, -step):
            args = tuple([_moved(x, h, dots[i]) if i in dots else x
                          for i, x in enumerate(own_copies(self.args))])
            ends.append(plain_value(flat(self.of(self._function(slots)(*args, **self.kwargs)))))
        slope = (ends[0] - ends[1]) / (2 * step)
        each = np.maximum(np.abs(slope), np.abs(dot))
        noise = 100 * rounding * float(np.abs(plain).max()) / step
        size = max(1e-6, 10 * rounding**0.5) * float(each.max())
        return bool(np.all(np.abs(slope - dot) <= 0.05 * each + size + noise))

    def picked(self, made: Any, slots: tuple[int, ...]) -> Any:
        """What the call itself gives, of what was given for `slots`."""
        by_slot = dict(zip(slots, self.of(made), strict=True))
        mine = by_slot[self.slots[0]] if self.alone else tuple([by_slot[s] for s in self.slots])
        return (made[0], mine) if self.value else (mine, made[1]) if self.aux else mine

    def pulled(self, bar: Any, wrt: tuple[int, ...], value: Any) -> Any:
        """The cotangents of arguments, of that of what the call gave."""
        bar = gradient(bar, value)
        first: Any = 0.0
        if self.value:
            first = bar[0][0] if self.aux else bar[0]
        rest = [bar[0][1]] if self.value and self.aux else [bar[1]] if self.aux else []
        if any(np.any(g) for g in leaves_of(rest) if g is not None) or any(
                np.iscomplexobj(v) for x in self.args for v in leaves_of(x)):
            raise refusal(NestedDerivativeError, "there is no symmetric product for this",
                          "differentiate a real function")
        bars = self.of(bar)
        dots = {s: whole_tangent(g, self.args[s]) for s, g in zip(
            self.slots, (bars,) if self.alone else bars, strict=True)}
        union = tuple(sorted({*self.slots, *[s for s in wrt if holds_numbers(self.args[s])]}))
        made, dot = self.checked(dots, union, True)
        found: list[Any] = []
        for s in wrt:
            if s not in union:
                found.append(None)
                continue
            at, x = union.index(s), self.args[s]
            found.append(given_back(combined(x, (first, self.of(made)[at]),
                                              (1.0, self.of(dot)[at])), x))
        return found[0] if len(wrt) == 1 else tuple(found)

    def key(self, slots: tuple[int, ...]) -> tuple[Any, ...]:
        """What is remembered of it, with its function."""
        return "carried", slots, self.aux, self.value, *map(class_of, self.args)


def asked(fn: Any, args: tuple, kwargs: dict[str, Any]) -> Gradient | None:
    """What a call asks, of a function that `grad` or `value_and_grad` gave; None for others."""
    known = getattr(fn, "__s2sdiff_asked__", None)
    if known is None or not can_carry(args) or not can_carry(tuple(kwargs.values())):
        return None
    f, wrt, aux, value = known
    slots = tuple([slot_of(f, w, args, kwargs) for w in asked_of(wrt)])
    if not all(isinstance(s, int) for s in slots):
        return None
    return Gradient(f, slots, not isinstance(wrt, (tuple, list)), aux, value, args, kwargs)


def combined(x: Any, *terms: tuple[Any, Any]) -> Any:
    """The sum of numbers times values of the structure of `x`."""
    def leaf(_: Any, v: Any, *found: Any) -> Any:
        return match(sum(c * g for (c, _), g in zip(terms, found, strict=True)), v) \
            if is_differentiable(v) else None

    return mapped(leaf, "jvp", x, *[g for _, g in terms])


def _moved(x: Any, step: float, dot: Any) -> Any:
    """A value moved by a number of times its tangent."""
    return mapped(lambda _, v, d: match(v + step * d, v) if d is not None else v,
                  "jvp", x, dot, keeps=lambda v: v)


def total(parts: list[np.ndarray]) -> Any:
    return sum([p.sum() for p in parts], 0.0)


def whole_tangent(dot: Any, x: Any) -> Any:
    """A tangent in the structure of its value, with zeros for what does not move."""
    if type(x) is float or type(x) is np.ndarray:
        return None if not is_differentiable(x) else zero_tangent(x) if dot is None else \
            match(dot, x)
    return mapped(lambda _, v, d: None if not is_differentiable(v) else zero_tangent(v)
                  if d is None else match(d, v), "jvp", x, dot)


def random_tangent(x: Any, seed: int = 2) -> Any:
    """A tangent of a value, in which nothing is near zero."""
    draw = np.random.default_rng(seed)
    return mapped(lambda _, v: match(draw.uniform(0.5, 1.5, np.shape(v))[()] * draw.choice(
        [-1.0, 1.0], np.shape(v))[()], v) if is_differentiable(v) else None, "jvp", x)


def products(dots: tuple, slots: tuple[int, ...], others: dict[int, Any]) -> list[np.ndarray]:
    """The numbers of tangents times those of others, in the same places."""
    return [np.ravel(a * b) for i, other in others.items() for a, b in zip(
        leaves_of(dots[slots.index(i)]), leaves_of(other), strict=True)
        if a is not None and b is not None]
