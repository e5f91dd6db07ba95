"""Emitting generated statements through smart constructors, so that clean code is made at once.

`Emitter.call` folds what is known (constants, kinds), undoes broadcasting where the kinds say how,
and keeps a cotangent that is constant along axes small (`Lazy`) until somebody needs its shape.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from s2sdiff import ir, kinds_joined, ops, runtime
from s2sdiff.ir import Arg, Atom, Bind, Const, Free, Ref, Star, Var
from s2sdiff.ir.making import quick
from s2sdiff.kinds import ANY, Kind
from s2sdiff.rules.helpers import product
from s2sdiff.transforms import arithmetic, products, simplify, singular, transfer
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds import kind_of_atom

__all__ = ["Emitter", "Lazy", "makes_fresh", "same_shape"]


@quick
@dataclass(frozen=True, eq=False)
class Lazy:
    """A cotangent that is `atom` broadcast to the shape that `shape` holds (and `kind` tells)."""

    atom: Atom
    shape: Atom
    kind: Kind


class Emitter:
    """Collects statements; `tuples` remembers what displays were made of."""

    def __init__(self, context: Context, loc: ir.Loc, backward: bool) -> None:
        self.context, self.loc, self.backward = context, loc, backward
        self.out: list[ir.Stmt] = []
        self.tuples: dict[str, Any] = {}
        self.masked: set[str] = set()
        self.fresh: set[str] = set()
        #: Where the pullback that is being pasted began, and the cotangents that only it reads.
        self.mark = 0
        self.given: set[str] = set()
        #: Variables that stand for copies in the pullback that is being pasted, and only there.
        self.kept: set[Any] = set()
        #: What was made for one share only, so that it may be taken back.
        self.sole: set[str] = set()
        #: Whether what is written is a pullback that will be transposed.
        self.for_tangents = False

    def kind(self, value: Any) -> Kind:
        """The kind of an atom, a static tuple or a Lazy."""
        t = type(value)
        if t is Var:
            return self.context.kinds.get(value.name, ANY)
        if t is Lazy:
            return value.kind
        if t is dict:
            return Kind(dict)
        if t is tuple:
            return Kind(tuple, items=tuple([self.kind(v) for v in value]))
        return kind_of_atom(value, self.context)

    def call(self, fn: Atom, args: list[Any], kwargs: dict[str, Any], hint: str) -> Any:
        """The value of a call: an atom, a static tuple or a Lazy; a statement only if need be."""
        if type(fn) is Ref and fn.object is runtime.weighed:
            fn = _TIMES  # `bind` knows what may meet
        elif type(fn) is Ref and fn.object is runtime.standing:
            return products.steep(self, args)
        elif type(fn) is Ref and fn.object is runtime.steep:
            fn = _SCALED
            if self.for_tangents:
                return products.steep(self, args)
        known = simplify.call(self, fn, args, kwargs)
        if known is not simplify.NOTHING:
            return known
        if isinstance(fn, Ref) and Lazy in map(type, args):
            if arithmetic.is_elementwise(fn.object) and not kwargs:
                return self.lazily(fn, args, hint)
            args = [self.full(a) for a in args]
        given = [*args]
        for i, a in enumerate(args):
            if type(a) is not Var:
                given[i] = self.atom(a)
        named = {k: self.atom(v) for k, v in kwargs.items()} if kwargs else kwargs
        return self.bind(fn, given, named, hint)

    def bind(self, fn: Atom, args: Sequence[Arg], kwargs: dict[str, Atom], hint: str) -> Var:
        """Emit `target = fn(*args)` under a fresh name, or find that it was just computed."""
        known: Any = fn.object if type(fn) is Ref else None
        if known is runtime.match and _may_be_int(self.kind(args[1])):
            fn = Ref(runtime.match_number)
        if self.backward and (known is operator.mul or known is np.multiply) and \
                self.meets(*args):
            fn = Ref(runtime.scaled)
            args = args if self.is_masked(args[0]) else args[::-1]
        given, named = tuple(args), tuple(kwargs.items())
        if self.backward and type(fn) is Ref and arithmetic.is_elementwise(fn.object):
            called, out = fn.object, self.out
            for i in range(self.mark, len(out)):
                old = out[i]
                if type(old) is Bind and type(old.fn) is Ref and old.fn.object is called and \
                        old.args == given and old.kwargs == named:
                    # Two have it from now on, neither of which may write it.
                    self.fresh.discard(old.targets[0])
                    return Var(old.targets[0])
        target = self.context.names(hint)
        s = Bind((target,), fn, given, named, self.loc)
        self.out.append(s)
        plain: Sequence[Any] = args
        kind = ANY
        if Star in map(type, args):
            plain = [a for a in args if type(a) is not Star]
        else:
            of, kinds = self.context.kinds, list[Kind]()
            for a in args:
                kinds.append(of.get(a.name, ANY) if type(a) is Var else self.kind(a))
            kind = transfer.result(s, kinds, self.context)
        self.context.kinds[target] = kind
        if isinstance(fn, Ref):
            if kind.is_array and makes_fresh(fn.object):
                self.fresh.add(target)
            # A number that is a sum is a zero that stands for nothing only if all its terms are.
            hidden, zeros, masked = self.context.singular, self.masked, 0
            for a in plain if zeros else ():
                masked += type(a) is Var and a.name in zeros
            if (masked and (masked == len(plain) or not (
                    kind.is_scalar and id(fn.object) in _SUMS))) or _masks(fn.object):
                self.masked.add(target)
            if singular.makes(s, self.context) or (
                    # The slope of one that is thrown away in part is another: of cosh it is sinh.
                    hidden and self.backward and singular.grows(fn.object)) or (
                    hidden and singular.passes_on(fn) and any(
                        isinstance(a, (Var, Free)) and a.name in hidden for a in plain)):
                hidden.add(target)
        return Var(target)

    def meets(self, g: Any, d: Any) -> bool:
        """Whether an exact zero that stands for nothing may be multiplied by inf or nan."""
        hidden = self.context.singular
        return bool(hidden) and any(
            isinstance(b, (Var, Free)) and b.name in hidden and not isinstance(a, Const)
            and self.is_masked(a) and (self.kind(b).is_array or self.kind(a).is_array)
            for a, b in ((g, d), (d, g)))

    def effect(self, fn: Atom, args: list[Atom]) -> None:
        """Emit an expression statement."""
        self.out.append(Bind((), fn, tuple(args), (), self.loc))

    def lazily(self, fn: Ref, args: list[Any], hint: str) -> Any:
        """An elementwise call on what stays small; full where an operand has the shape anyway."""
        truth = [self.kind(a) for a in args]
        if not all(k.is_number and k.shape is not None for k in truth):
            return self.bind(fn, [self.full(a) for a in args], {}, hint)
        shape = kinds_joined.broadcast([k.shape or () for k in truth])
        lazy = next(a for a in args if isinstance(a, Lazy))
        small = [a.atom if isinstance(a, Lazy) else self.atom(a) for a in args]
        have = kinds_joined.broadcast([self.kind(a).shape or () for a in small])
        if have != shape and not same_shape(lazy.kind.shape, shape):
            return self.bind(fn, [self.full(a) for a in args], {}, hint)
        made = self.call(fn, small, {}, hint)
        if same_shape(self.kind(made).shape, shape):
            return made
        kind = self.kind(made)
        return Lazy(self.atom(made), lazy.shape, Kind(np.ndarray, shape, kind.field))

    def full(self, value: Any) -> Any:
        """What a Lazy stands for, in its full shape (read-only); anything else as it is."""
        if not isinstance(value, Lazy):
            return value
        if same_shape(self.kind(value.atom).shape, value.kind.shape) and value.kind.shape:
            return value.atom
        made = self.bind(Ref(np.broadcast_to), [value.atom, value.shape], {}, "full_1")
        self.context.kinds[made.name] = value.kind
        return made

    def owned(self, value: Any, x: Atom) -> Any:
        """A Lazy as an array of its own, with the shape and dtype of `x`."""
        if not isinstance(value, Lazy):
            return value
        kind = self.kind(x)
        args = [value.shape, value.atom]
        if kind.dtype is not None and kind.dtype != np.float64:
            args.append(self.call(Ref(np.ndarray.dtype), [x], {}, "dtype_1"))
        fill = runtime.full if self.kind(value.atom).is_array else np.full
        made = self.bind(Ref(fill), args, {}, "full_1")
        self.context.kinds[made.name] = Kind(np.ndarray, value.kind.shape, value.kind.field,
                                             kind.dtype)
        return made

    def atom(self, value: Any) -> Any:
        """An atom for a value: static tuples become displays; an argument with a star stays one."""
        if isinstance(value, (Var, Const, Star)):
            return value
        if isinstance(value, Lazy):
            return self.full(value)
        if isinstance(value, dict):
            args = [a for key, g in value.items() for a in (Const(key), self.atom(g))]
            return self.bind(Ref(ops.dict_), args, {}, "parts_1")
        if isinstance(value, (tuple, list)):
            fn = ops.tuple_ if isinstance(value, tuple) else ops.list_
            parts = [self.atom(v) for v in value]
            made = self.bind(Ref(fn), parts, {}, "parts_1")
            self.tuples[made.name] = tuple(value)
            return made
        return value

    def zero(self, x: Atom) -> Any:
        """The zero cotangent of `x`."""
        kind = self.kind(x)
        if kind.is_scalar:
            return Const(0.0)
        if kind.type is list and isinstance(x, Var) and self.context.local(x.name):
            one = self.bind(Ref(ops.list_), [Const(0.0)], {}, _bar(x))
            made = kind.items and x.name not in self.context.arguments
            count = Const(len(kind.items)) if kind.items and made else \
                self.bind(Ref(len, "len"), [x], {}, "count_1")
            made = self.bind(Ref(operator.mul), [one, count], {}, _bar(x))
            self.context.kinds[made.name] = kinds_joined.of_cotangents(kind)
            self.fresh.add(made.name)
            self.masked.add(made.name)
            return made
        if kind.type is list or kind.under is not None or (kind.type is dict and kind.items):
            made = self.bind(Ref(ops.dict_), [], {}, _bar(x))
            self.fresh.add(made.name)
            return made
        if not kind.is_array:
            # Of what is unknown the zero is None, which `rt.add` and `rt.match` understand.
            return Const(None)
        made = self.bind(Ref(runtime.zeros), [x], {}, _bar(x))
        self.context.kinds[made.name] = kind
        self.fresh.add(made.name)
        self.masked.add(made.name)
        return made

    def is_masked(self, value: Any) -> bool:
        """May hold exact zeros that stand for "does not matter"?"""
        value = value.atom if isinstance(value, Lazy) else value
        if isinstance(value, Const):
            return not value.value
        return isinstance(value, Var) and value.name in self.masked


_TIMES, _SCALED = Ref(operator.mul), Ref(runtime.scaled)


def _may_be_int(kind: Kind) -> bool:
    """What is a number, but not surely of floats, such as an item beside floats."""
    return kind.is_number and kind.dtype is None and kind.type not in (float, complex)


def _bar(x: Atom) -> str:
    return f"{x.name}_bar" if isinstance(x, Var) else "zero_1"


def same_shape(a: Any, b: Any) -> bool:
    if a is None or b is None or len(a) != len(b):
        return False
    return all(p == q or (p != 1 != q and p[0] != "?" and q[0] != "?")
               for p, q in zip(a, b, strict=True))


_FRESH = frozenset(map(id, (
    vars(np.ndarray)["copy"], runtime.full, runtime.zeros, runtime.place, runtime.scaled, np.full,
    np.sum, vars(np.ndarray)["sum"], np.where)))


def makes_fresh(fn: Any) -> bool:
    """Calls whose array result shares memory with nothing."""
    if arithmetic.is_elementwise(fn) or fn in arithmetic.MATMUL:
        return True
    return id(fn) in _FRESH


_MASKING = frozenset(map(id, (
    runtime.zeros, runtime.place, np.where, runtime.masked, runtime.masked_evenly, np.zeros,
    np.zeros_like, np.triu, np.tril)))


_SUMS = frozenset(map(id, (operator.add, operator.sub, operator.iadd, operator.isub)))


def _masks(fn: Any) -> bool:
    # Of what a rule's helper gives nobody knows.
    module = getattr(fn, "__module__", None)
    return id(fn) in _MASKING or (
        type(module) is str and module.startswith("s2sdiff.rules.") and fn is not product)
