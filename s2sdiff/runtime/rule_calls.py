"""Rules that are called, not written out: their entries in the order of a call's slots."""

from __future__ import annotations

import functools
import inspect
import operator
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import errors
from s2sdiff.errors import MissingDerivativeError, refusal
from s2sdiff.registry import Rule
from s2sdiff.runtime import carried, carried_asked, reasons
from s2sdiff.runtime.arrays import copy, match
from s2sdiff.runtime.batches import RUNS, Batch
from s2sdiff.runtime.carried import run_of
from s2sdiff.runtime.carried_asked import MAKERS
from s2sdiff.runtime.carried_runs import carrying
from s2sdiff.runtime.contents import parts
from s2sdiff.runtime.handed import handed
from s2sdiff.runtime.later import Later
from s2sdiff.runtime.own_copies import check_unchanged, copied, copies_itself
from s2sdiff.runtime.rule_entries import likeness, match_entry
from s2sdiff.runtime.values import Slots, argument, is_differentiable
from s2sdiff.runtime.views import ONLY_SHAPES, check_numbers, check_text

#: Set by `carried_rules`: what a rule gives for arguments that carry tangents.
carried_opened: Any = None
#: Set there, too: a pullback of plain arguments, for cotangents that may carry tangents.
carried_pulled: Any = None

__all__ = ["RuleCaller", "rule_caller", "takes_arrays"]


@functools.lru_cache(maxsize=4096)
def rule_caller(rule: Rule, wrt: Slots, kept: bool = False) -> Callable[..., tuple[Any, Any]]:
    """A rule as a callable of the call protocol, for these differentiated arguments."""
    shapes = _reads_shapes(rule)
    options = _options if kept and shapes and not _hands_on(rule) else None
    return RuleCaller(rule, wrt, kept and not shapes, options)


def _options(a: Any) -> Any:
    """Axes and indices as they are, where of arrays only shapes are read."""
    if isinstance(a, list):
        return [_options(i) for i in a]
    return copy(a) if isinstance(a, np.ndarray) and a.dtype.kind in "biu" else a


def _hands_on(rule: Rule) -> bool:
    return getattr(rule.function, "__s2sdiff_shares__", "") in ("items", "element", "rest")


def _reads_shapes(rule: Rule) -> bool:
    # Functions that hand on elements note how many there are, and which keys.
    if _hands_on(rule):
        return True
    try:
        return rule.of in ONLY_SHAPES
    except TypeError:
        return False  # it cannot be hashed


#: Operators that take a sequence for an array beside one, and are none of sequences.
_BESIDE_ARRAYS = (operator.truediv, operator.pow, operator.matmul)
_OF_NUMPY = (np.ndarray, np.generic, Batch, *carried.CARRIED)


#: What they give is the very item, or a view; their pullbacks read keys and shapes.
_READ_ITEMS = (operator.getitem, np.ndarray.__getitem__)


def _joins(fn: Any, args: tuple) -> bool:
    """Whether lists, tuples or deques are joined or repeated, and their items handed on."""
    if fn is operator.add:
        return all(isinstance(a, _SEQUENCES) for a in args)
    if fn is operator.mul:
        return any(isinstance(a, _SEQUENCES) for a in args) and not any(
            isinstance(a, np.ndarray) for a in args)
    return fn is sum and len(args) > 1 and isinstance(args[1], _SEQUENCES)


_SEQUENCES = (list, tuple, deque)


def takes_arrays(fn: Any) -> bool:
    """Whether a function's first arguments are arrays, so that a list is one, too.

    >>> takes_arrays(np.maximum), takes_arrays(np.linalg.solve), takes_arrays(np.stack)
    (True, True, False)
    """
    module = getattr(fn, "__module__", None) or ""
    return isinstance(fn, np.ufunc) or any(fn is f for f in (np.clip, np.sinc, np.i0)) or (
        module.startswith(("numpy.linalg", "scipy.linalg")) and
        getattr(fn, "__name__", "") not in _OF_SEVERAL)


#: Functions of linear algebra whose first argument may be a tuple of several arrays.
_OF_SEVERAL = ("multi_dot", "block_diag", "solve_toeplitz", "matmul_toeplitz", "solve_banded",
               "lu_solve", "cho_solve", "cho_solve_banded")


def _array(a: Any) -> Any:
    """A list or tuple of numbers as the array that NumPy makes of it."""
    if type(a) not in (list, tuple):
        return a
    try:
        made = np.asarray(a)
    except ValueError:
        return a  # rows of different lengths: NumPy's own error
    return made if made.dtype.kind in "biufc" else a


class RuleCaller:
    """`rule.function` with its entries brought into the order of the call's slots."""

    def __init__(self, rule: Rule, wrt: Slots, kept: bool, options: Any = None) -> None:
        assert rule.function is not None
        self.rule, self.function, self.kept = rule, rule.function, kept
        self.own = copy if kept else options
        self.copies = kept and not (rule.pure or copies_itself(rule))
        self.of_arrays = rule.pure and takes_arrays(rule.of)
        self.beside_arrays = rule.of in _BESIDE_ARRAYS
        self.__name__ = getattr(rule.function, "__name__", "rule")
        self.__s2sdiff_name__ = f"{self.__name__.rstrip('_').removesuffix('_vjp')}_vjp"
        signature = self.signature = inspect.signature(rule.function)
        self.params = list(signature.parameters.values())
        names = [p.name for p in self.params]
        self.axes = [i for i, name in enumerate(names[:3]) if name in ("axis", "axes")]
        self.arrays = {*names[:3], "min", "max"} - {"axis", "axes"}
        self.positional = all(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
                              for p in self.params)
        self.returned = rule.wrt if rule.wrt is not None else tuple(names)
        self.star = next((i for i, p in enumerate(self.params)
                          if p.kind is p.VAR_POSITIONAL), len(self.params))
        self.wrt = wrt
        self.places = [self._place(slot) for slot in wrt]

    def _place(self, slot: Any) -> tuple[str, Any]:
        if isinstance(slot, str):
            return self._keyword(slot)
        for i, p in enumerate(self.params):
            if p.kind is inspect.Parameter.VAR_POSITIONAL and slot >= i:
                return p.name, slot - i
            if i == slot and p.kind is not inspect.Parameter.KEYWORD_ONLY:
                return p.name, None
        return "", None

    def _keyword(self, slot: str) -> tuple[str, Any]:
        if any(p.name == slot for p in self.params):
            return slot, None
        mapping = next((p.name for p in self.params if p.kind is inspect.Parameter.VAR_KEYWORD), "")
        return mapping, slot

    def __call__(self, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
        reads_item = self.kept and self.rule.of in _READ_ITEMS
        handed_on = self.kept and _joins(self.rule.of, args)
        if reads_item:
            args = args[0], copy(args[1])
        elif handed_on:
            pass
        elif self.copies:
            given = args, kwargs
            args, kwargs = own = copied(given)
        elif self.own is not None:
            # One array twice stays one: some functions ask whether two arguments are the same.
            twice = len(args) > 1 and args[0] is args[1]
            args = tuple([self.own(a) for a in args])
            args = (args[0], *args[:1], *args[2:]) if twice else args
            kwargs = {k: self.own(v) for k, v in kwargs.items()}
        value, pullback, args = self.opened(args, kwargs)
        if self.copies:
            check_unchanged(self.rule.of, given, own)
        if self.kept and not (reads_item or handed_on):
            value = copied(value) if self.copies else copy(value)
        hands = not self.rule.pure or getattr(self.function, "__s2sdiff_hands__", False)
        users = parts(value) if hands else None
        given = [likeness(argument(slot, args, kwargs)) for slot in self.wrt]

        def entries(bar: Any) -> Any:
            if bar is None and not is_differentiable(value):
                zeros = tuple(match(None, x) for x in given)
                return zeros[0] if len(zeros) == 1 else zeros
            bar = handed(bar, users) if hands else bar
            found = self.entries(self._pulled(pullback, bar))
            return match_entry(found[0], given[0], self, hands) if len(found) == 1 else tuple(
                match_entry(e, x, self, hands) for e, x in zip(found, given, strict=True))

        return value, entries

    def opened(self, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, Any, tuple]:
        """What the rule returns, looked at, and the arguments as the rule was given them."""
        if self.of_arrays:
            args = (*[a if i in self.axes else _array(a) for i, a in enumerate(args[:3])],
                    *args[3:])
            kwargs = {k: _array(a) if k in self.arrays else a for k, a in kwargs.items()}
        elif self.beside_arrays and not any(isinstance(a, _OF_NUMPY) for a in args) and any(
                type(a) in (list, tuple) for a in args):
            self.rule.of(*args)  # raises what Python raises
        try:
            made = self.function(*args, **kwargs) if not RUNS or run_of((args, kwargs)) is None \
                else carried_opened(self.rule, self.function, args, kwargs)
        except TypeError as error:
            if error.__traceback__ is not None and error.__traceback__.tb_next is None:
                raise self.misfit(error) from None
            raise
        except ValueError:
            if self.rule.pure and any(isinstance(a, (list, tuple)) for a in args):
                self.rule.of(*args, **kwargs)  # no array can be made of it: what Python says of it
            raise
        if not (isinstance(made, tuple) and len(made) == 2 and callable(made[1])):
            raise refusal(errors.RuleError,
                          f"the derivative of {reasons.name_of(self.rule.of)} returned "
                          f"{type(made).__name__}", "return (value, pullback)")
        value, pullback = made
        if RUNS and not self.rule.writes and carrying() is not None and run_of(
                (args, kwargs)) is None:
            pullback = carried_pulled(self.function, pullback, args, kwargs)
            if self.rule.of in MAKERS and not any(value is a for a in args):
                value = carried_asked.new_memory(value)
        check_text(value)
        if isinstance(value, np.ndarray) and value.dtype.kind in "OV" and self.rule.pure:
            check_numbers(value, args if value.dtype.kind == "V" else ())
        return value, pullback, args

    def bound(self, args: tuple, kwargs: dict[str, Any]) -> dict[str, Any]:
        """What each parameter of the rule gets in a call."""
        if not kwargs and len(args) == len(self.params) and self.positional:
            return {p.name: a for p, a in zip(self.params, args, strict=True)}
        try:
            found = self.signature.bind(*args, **kwargs)
        except TypeError as error:
            raise self.misfit(error) from None
        found.apply_defaults()
        return found.arguments

    def misfit(self, error: TypeError) -> Exception:
        """The refusal of arguments that the rule does not take."""
        return refusal(MissingDerivativeError,
                       f"the derivative of {reasons.name_of(self.rule.of)} takes other "
                       f"arguments: {error}",
                       "call it with the arguments that its derivative knows")

    def _pulled(self, pullback: Callable[[Any], Any], bar: Any) -> Any:
        try:
            return pullback(bar)
        except TypeError as error:
            if error.__traceback__ is not None and error.__traceback__.tb_next is None:
                raise refusal(errors.RuleError,
                              f"the pullback of {reasons.name_of(self.rule.of)} must take one "
                              f"cotangent ({error})",
                              "return (value, pullback) with a pullback of one parameter") from None
            raise

    def entries(self, result: Any) -> list[Any]:
        """What a pullback returned, in the order of the call's slots."""
        result = self.looked_at(result)
        found = []
        for name, index in self.places:
            # An active argument that the rule says nothing of has an unknown derivative.
            entry = result[self.returned.index(name)] if name in self.returned else NotImplemented
            if index is not None and entry is not None and entry is not NotImplemented:
                entry = reasons.collected(entry, name, index, self.rule)
            found.append(entry)
        return found

    def entries_of(self, result: Any) -> dict[str, Any]:
        """What a pullback returned, by the rule's parameters."""
        return dict(zip(self.returned, self.looked_at(result), strict=True))

    def looked_at(self, result: Any) -> Any:
        """What a pullback returned, with one entry for each name; else a refusal."""
        if len(self.returned) == 1:
            result = (result,)
        if not isinstance(result, tuple | Later) or len(result) != len(self.returned):
            raise refusal(errors.RuleError,
                          f"the pullback of {reasons.name_of(self.rule.of)} must return "
                          f"{len(self.returned)} entries: {', '.join(self.returned)}",
                          "return one cotangent for each parameter, None where there is none")
        return result
