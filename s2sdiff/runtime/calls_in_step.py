"""Any call in forward mode with the table of tangents by place: what carries it out."""

from __future__ import annotations

import copy
import functools
import operator
import types
from typing import Any

import numpy as np

from s2sdiff import ops, registry
from s2sdiff.registry import Rule
from s2sdiff.runtime import (
    calls,
    cells,
    constant_values,
    constructors,
    copies_in_step,
    functions_in_step,
    iterated,
    made_in_step,
    objects_in_step,
    overloads,
    patterned_in_step,
    reasons,
    resuming,
    standins,
    standins_managers,
    tangents,
    unseen,
)
from s2sdiff.runtime.attributes import has_no_place, must_have_place
from s2sdiff.runtime.by_place import descriptor
from s2sdiff.runtime.called_in_c import given_functions
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.carried_in_step import carried, missing
from s2sdiff.runtime.dots import Dots, zero_in
from s2sdiff.runtime.dots_at_edges import given_dots, whole_dot
from s2sdiff.runtime.fields_in_step import OF_FIELDS, of_python
from s2sdiff.runtime.filled_containers import FILLING, filled_in
from s2sdiff.runtime.holders_in_step import held_defaults, made_function
from s2sdiff.runtime.in_step import in_step
from s2sdiff.runtime.marking import written
from s2sdiff.runtime.memory_in_step import aligned
from s2sdiff.runtime.own_operators import DUNDERS, walks_as_tuple
from s2sdiff.runtime.plain_classes import check_hashed
from s2sdiff.runtime.proxies import through
from s2sdiff.runtime.structures import is_patterned
from s2sdiff.runtime.tangents import Forward
from s2sdiff.runtime.values import Slots, argument, is_inert, plain
from s2sdiff.runtime.walks import View
from s2sdiff.runtime.walks_in_step import of_class, of_own_walk, of_walk
from s2sdiff.runtime.writes_in_step import CONTAINERS, natively

__all__ = ["call_in"]

#: What may draw from its first argument.
_DRAWING = (types.BuiltinFunctionType, types.MethodDescriptorType, types.FunctionType, type)
_LOOKED_UP = (types.BuiltinFunctionType, types.WrapperDescriptorType)
_CALLING = (np.vectorize, np.ufunc)
_OF_CELLS = (float, np.float64, np.ndarray)
_NUMBERS = (float, complex, np.generic, np.ndarray)


def call_in(dots: Dots) -> objects_in_step.Call:
    zero = functools.partial(zero_in, dots)

    def call(fn: Any, given: dict[Any, Any], args: tuple, kwargs: dict[str, Any]) -> Any:
        if kwargs.get("key") is None:
            unseen.check_order(fn, args)
        grows = iterated.growing(fn, args)
        if grows is not None:
            return call(grows, given, args, kwargs)
        if args and type(args[0]) is types.MappingProxyType:
            fn, args = through(fn, args)
            given = {**given, 0: None} if 0 in given else given
        # What is nothing differentiable has no slot; what a container holds may be another later.
        values = {s: args[s] if isinstance(s, int) else kwargs[s] for s in given}
        known = {s: zero_in(dots, values[s]) if d is None else d for s, d in given.items()
                 if isinstance(values[s], CONTAINERS) or not is_inert(values[s])}
        if type(fn) is not types.FunctionType:
            known.update({s: zero(f) for s, f in given_functions(args, kwargs).items()
                          if s not in known})
        reasons.unless_by_place(fn, [values[s] for s in known if s in values], args)
        made = known and fn is not copy.deepcopy and (  # which copies what has places, too
            of_own_walk(fn, args, kwargs, known, call) or missing(fn, args, known, call)
            or in_step(fn, args, kwargs, known, zero) or of_walk(fn, args, kwargs, known)
            or carried(fn, args, kwargs, known, zero, call))
        if made:
            _kept(dots, made[0], args, known.get(0))
            if fn is copy.copy:
                copies_in_step.kept(dots, args[0], *made)
            return made
        if known and any(type(a) is not list and isinstance(a, list) for a in args) and \
                fn not in DUNDERS and isinstance(fn, (types.BuiltinFunctionType, type, np.ufunc)) \
                and getattr(registry.find(fn), "writes", None) == () \
                and iterated.of_states(fn, args) is None:
            # A rule reads what is in it, as the function does; one that writes is given itself.
            args = tuple([list(a) if isinstance(a, list) and natively(a, "__iter__", "__len__")
                          else a for a in args])
        how = _ByPlace(tuple(known.values()), dots)
        return calls.called(fn, tuple(known), args, kwargs, how)

    return call


def _kept(dots: Dots, value: Any, args: tuple, dot: Any) -> None:
    """Let those who get at a dict by what shows it find its tangent."""
    if type(value) is View and dot is not None and args and args[0] is value.owner:
        dots.keep(value.owner, dot)


class _ByPlace(Forward):
    """Forward mode with a table of tangents by place."""

    __slots__ = ("table",)

    def __init__(self, dots: tuple, table: Dots) -> None:
        super().__init__(dots)
        self.table = table

    def call(self, fn: Any, given: dict[Any, Any], args: tuple,
             kwargs: dict[str, Any]) -> tuple[Any, Any]:
        return call_in(self.table)(fn, given, args, kwargs)

    def only(self, slots: Slots, kept: Slots) -> Forward:
        return _ByPlace(super().only(slots, kept).dots, self.table)

    def zero(self, value: Any) -> Any:
        return zero_in(self.table, value)

    def still(self, value: Any, slots: Slots, args: tuple, kwargs: dict[str, Any]) -> Any:
        if isinstance(value, CONTAINERS) or callable(value):
            # It may be, or hold, one of the arguments', in which there is nothing only now.
            for s, d in zip(slots, self.dots, strict=True):
                self.table.keep_all(argument(s, args, kwargs), d)
        return self.zero(value)

    def derived(self, fn: Any, slots: Slots, args: tuple, kwargs: dict[str, Any]) -> Any:
        owner = written(fn)
        held = held_defaults(fn, args, kwargs) if self.table.has(owner) else {}
        if held:
            dots = [self.table.get(owner, n, v) for n, v in held.items()]
            slots, kwargs = (*slots, *held), {**kwargs, **held}
            return tangents.pushed(fn, slots, True)(*args, *self.dots, *dots, self.table, **kwargs)
        return tangents.pushed(fn, slots, True)(*args, *self.dots, self.table, **kwargs)

    def ruled(self, rule: Rule, slots: Slots, args: tuple, kwargs: dict[str, Any]) -> Any:
        if getattr(rule.function, "__s2sdiff_stops__", False):
            value = constant_values.stopped(args[0] if args else kwargs["x"])
            return value, self.zero(value)
        given = tuple([argument(s, args, kwargs) for s in slots])
        dots = patterned_in_step.given(self.table, given, self.dots)
        value, dot = super().ruled(rule, slots, args, kwargs) if dots is None else \
            Forward(dots).ruled(rule, slots, args, kwargs)
        _kept(self.table, value, args, self.dots[0] if slots[:1] == (0,) else None)
        if is_patterned(value):
            patterned_in_step.note(self.table, value, dot, given, self.dots)
            return value, None
        return value, aligned(dot, value, self.dots, given)

    def whole(self, slots: Slots, args: tuple, kwargs: dict[str, Any]) -> tuple:
        return tuple([d if walks_as_tuple(x) else whole_dot(self.table, x, d) for d, x in zip(
            self.dots, [argument(s, args, kwargs) for s in slots], strict=True)])

    def placed(self, value: Any, dot: Any) -> Any:
        return dot if walks_as_tuple(value) else given_dots(self.table, value, dot)

    def special(self, fn: Any, slots: Slots, args: tuple, kwargs: dict[str, Any]) -> Any:
        """Value and tangent where an object is made, asked or called; None for anything else."""
        table, call = self.table, call_in(self.table)
        given = dict(zip(slots, self.dots, strict=True))
        if isinstance(fn, type):
            check_hashed(fn)
        if isinstance(fn, _DRAWING):
            drawn = of_class(fn, args, kwargs, given, call)
            if drawn is not None:
                return drawn
        if isinstance(fn, cells.Maker):
            return made_function(table, fn, given, args, kwargs)
        if fn is cells.cell:
            made = fn(*args)
            if 0 in given:
                table.put(made, "cell_contents", args[0], given[0])
            return made, None
        if isinstance(fn, _LOOKED_UP) and fn in ops.IN_PLACE:
            method = getattr(class_of(args[0]), f"__{fn.__name__}__", None)
            if isinstance(method, types.FunctionType):
                made = call(method, given, args, {})
                return made if made[0] is not NotImplemented else \
                    call(ops.IN_PLACE[fn], given, args, {})
        if (fn is copy.copy and len(args) == 1) or (fn is copy.deepcopy and len(args) in (1, 2)):
            made = copies_in_step.by_class(table, fn, given, args, call)
            return made if made is not None or of_python(args[0]) else (
                copies_in_step.copied(table, args[0]), None)
        if isinstance(fn, _LOOKED_UP) and fn in OF_FIELDS:
            return OF_FIELDS[fn](table, given, args, call)
        if fn is super or fn is np.frompyfunc or constructors.decorates(fn):
            handed_on = fn is super and has_no_place(args[-1])
            return fn(*args, **kwargs), given.get(1) if handed_on else None
        if isinstance(fn, types.MethodWrapperType):
            found = getattr(fn.__objclass__, fn.__name__)
            return self._holder(fn, found, (fn.__self__,), ("__self__",), given, args, kwargs)
        if isinstance(fn, types.WrapperDescriptorType) and fn.__name__ == "__call__" and args:
            rest = {s - 1 if isinstance(s, int) else s: d for s, d in given.items() if s != 0}
            return call(args[0], rest, args[1:], kwargs)
        if isinstance(fn, _LOOKED_UP) and (fn is operator.setitem or fn is operator.delitem) and \
                not natively(args[0], "__setitem__", "__delitem__"):
            name = "__setitem__" if fn is operator.setitem else "__delitem__"
            return call(getattr(class_of(args[0]), name), given, args, {})
        if isinstance(fn, types.FunctionType) and standins_managers.is_manager(fn):
            return call(standins_managers.standin(fn), given, args, kwargs)
        made = resuming.of_generator(fn)
        if made is not None:
            return call(made, given, args, kwargs)
        other = standins.for_call(fn, kwargs)
        if other is not None:
            # What calls a function has what that captures, whatever it is given.
            return call(other, given, args, kwargs) if isinstance(fn, _CALLING) else None
        rule = registry.find(fn)
        if rule is not None:
            instead = made_in_step.of_objects(fn, given, args, kwargs, self.zero)
            if instead is not None:
                return call(*instead)
            own = None if rule.writes or not rule.pure or all(
                map(plain, (*args, *kwargs.values()))) else overloads.overloaded(fn, args)
            return self._asked(fn, slots, args, kwargs) if own is None or \
                fn in overloads.COMPARED else call(own, given, args, kwargs)
        if isinstance(fn, types.FunctionType):
            return functions_in_step.called(self, fn, slots, args, kwargs, given)
        if isinstance(fn, types.MethodType):
            return self._holder(fn, fn.__func__, (fn.__self__,), ("__self__",), given, args, kwargs)
        if isinstance(fn, functools.partial):
            more = {k: v for k, v in fn.keywords.items() if k not in kwargs}
            given |= {k: table.get(fn.keywords, k, v) for k, v in more.items()}
            keys = tuple(range(len(fn.args)))
            return self._holder(fn, fn.func, fn.args, keys, given, args, {**more, **kwargs})
        owner = getattr(fn, "__self__", None)
        if isinstance(fn, types.BuiltinMethodType) and owner is not None and \
                not isinstance(owner, (types.ModuleType, type, np.ufunc)):
            found = descriptor(fn, owner)
            return self._holder(fn, found, (owner,), ("__self__",), given, args, kwargs)
        if isinstance(fn, types.WrapperDescriptorType) and fn in FILLING and args:
            return filled_in(table, fn, given, args, kwargs, call)
        if fn is tuple.__new__ and not kwargs:
            return made_in_step.new_tuple(given, args, call)
        if isinstance(fn, type):
            return made_in_step.constructed(table, fn, given, args, kwargs, call)
        custom = getattr(class_of(fn), "__call__", None)  # noqa: B004 (what its class says is meant)
        if isinstance(custom, types.FunctionType):
            must_have_place(fn)
            return self._holder(fn, custom, (fn,), ("__call__",), given, args, kwargs)
        return None

    def _asked(self, fn: Any, slots: Slots, args: tuple, kwargs: dict[str, Any]) -> Any:
        """`len(o)`, `item in o`, `a < b`, `a | b` by a method in Python; None for anything else."""
        if isinstance(fn, _DRAWING) and overloads.is_asked(fn, args) and not kwargs:
            found = overloads.OPERATORS[fn](
                fn, slots, args, lambda method, moved, given, _: call_in(self.table)(
                    method, dict(zip(moved, self.dots, strict=True)), given, {}))
            if found is not None:
                value, dot = found
                return value, self.zero(value) if is_inert(value) else dot
        return None

    def _holder(self, holder: Any, fn: Any, first: tuple, keys: tuple, given: dict[Any, Any],
                args: tuple, kwargs: dict[str, Any]) -> Any:
        """A call of what holds its first arguments, with the tangents that lie with it."""
        n = len(first)
        moved = {s + n if isinstance(s, int) else s: d for s, d in given.items()}
        mine = {i: self.table.get(holder, k, v)
                for i, (k, v) in enumerate(zip(keys, first, strict=True))}
        return call_in(self.table)(fn, {**mine, **moved}, (*first, *args), kwargs)
