"""Kinds of all variables, from those of the arguments; methods and attributes of arrays resolved.

A value's kind follows the statements forward, with a fixpoint at loops.  What a call gives is asked
of `shapes` (this package), which may always answer "anything".
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from s2sdiff import ir, ops
from s2sdiff.ir import (
    UNDEFINED,
    Bind,
    Block,
    Catch,
    Const,
    Def,
    For,
    Free,
    Function,
    If,
    Move,
    Raw,
    Ref,
    Star,
    Try,
    Var,
    While,
    With,
    replace,
)
from s2sdiff.kinds import ANY, Kind, join, kind_of, same
from s2sdiff.kinds_of_arguments import kind_of_named
from s2sdiff.transforms import (
    alike,
    comprehended,
    decided,
    inline,
    of_classes,
    single,
    staying,
    transfer,
)
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.varying import may_vary
from s2sdiff.transforms.written_out import holds_code, in_rounds

__all__ = ["infer", "kind_of", "kind_of_atom", "methods"]


def infer(function: Function, context: Context) -> Function:
    """Fill `context.kinds` and turn methods and attributes of arrays into known functions.

    What is in lists, dicts and objects is taken to stay, unless something then turns out to write:
    then, that items of lists stay of one kind, unless something turns out to change that.
    """
    if function.body is context.inferred:
        return function
    context.may_vary = may_vary(function, context) \
        if any(map(holds_code, context.arguments.values())) else set()
    context.lists_change, context.lists_alike, context.made_empty = False, False, {}
    found = _written_in(function, context)
    if staying.changes(found, context, kind_of_atom) is staying.Change.NONE:
        return found
    context.lists_change = True
    context.single = single.reads(function)
    if alike.tried(found, context, kind_of_atom):
        known = alike.inferred(function, context, _inferred, kind_of_atom)
        return _inferred(function, context) if known is None else known
    if context.may_vary or _rests_on_items(context):
        found = _inferred(function, context)
    return found


def _rests_on_items(context: Context) -> bool:
    """Whether anything would be known otherwise if what is in lists, dicts and objects changes."""
    known = (*context.arguments.values(), *context.kinds.values())
    return any(staying.without_items(k) != k for k in known)


def _written_in(function: Function, context: Context) -> Function:
    """With kinds inferred, and methods written in that they tell."""
    while True:
        context.single = single.reads(function)
        found = _inferred(function, context)
        written = in_rounds(found, context) if context.may_vary else found
        if not context.may_vary or function.body is found.body is written.body:
            return found
        function = inline.helpers(written, context)
        if function.body is found.body:
            return found
        context.may_vary = may_vary(function, context)


def _inferred(function: Function, context: Context) -> Function:
    """With kinds inferred, and comprehensions of known length written as displays."""
    while True:
        found = _inferred_once(function, context)
        function = comprehended.written(found, context, lambda a: kind_of_atom(a, context))
        if function is found:
            return found


def _inferred_once(function: Function, context: Context) -> Function:
    context.kinds.clear()
    context.kinds.update(context.arguments)
    if context.lists_change:
        context.kinds.update(
            (n, staying.settable(staying.alike(k, context.dicts_alike), context.fields_set)
             if context.lists_alike else staying.without_items(k))
            for n, k in context.arguments.items())
    looping = any(isinstance(s, (For, While)) for s in ir.statements(function))
    while True:
        _Infer(context, comprehended.Collecting(function)).block(function.body)
        body = methods(function.body, context)
        if body is not function.body:
            function = replace(function, body=body)
            if looping or context.may_vary:
                continue  # more may be known now
        context.inferred = body
        return function


def block_kinds(block: Block, context: Context) -> None:
    """Infer the kinds of what a block binds."""
    _Infer(context).block(block)


def kind_of_atom(a: Any, context: Context) -> Kind:
    """The kind of an atom under what is known so far; nothing is known of one with a star."""
    t = type(a)
    if t is Var:
        return context.kinds.get(a.name, ANY)
    if t is Const:
        return kind_of(a.value)
    if t is Ref:
        return kind_of_named(a.object)
    if t is Free:
        return context.free_kinds.get(a.name, ANY)
    return ANY


class _Infer:
    def __init__(self, context: Context,
                 collecting: comprehended.Collecting | None = None) -> None:
        self.context = context
        #: By the name of the list that a loop carries, how many items it gets.
        self.collecting = collecting
        self.counts: dict[str, int | None] = {}
        self.kinds = context.kinds
        self.moved: set[str] = set()
        self.undefined: set[str] = set()

    def block(self, block: Block) -> None:
        for s in block:
            if type(s) is Bind:
                self.bind(s)
                continue
            match s:
                case Move(targets, sources):
                    self.move(targets, sources)
                case If(_, then, orelse):
                    self.block(then)
                    self.block(orelse)
                case For() | While():
                    self.loop(s)
                case Def(_, _, body):
                    self.block(body)
                case Raw() | Catch():
                    for name in ir.defines(s):
                        self.kinds[name] = ANY
                case Try() | With():
                    self.kinds.update(dict.fromkeys(ir.defines(s), ANY))
                    for inner in ir.blocks(s):
                        self.block(inner)

    def move(self, targets: tuple[str, ...], sources: tuple[ir.Atom, ...]) -> None:
        self.undefined.update(
            t for t, a in zip(targets, sources, strict=True) if a is UNDEFINED or (
                isinstance(a, Var) and a.name in self.undefined))
        for t in targets:
            if t in self.undefined and not self.kinds.get(t, ANY).is_scalar:
                self.kinds[t] = ANY
        for t, kind in [(t, kind_of_atom(a, self.context)) for t, a in
                        zip(targets, sources, strict=True) if not self.nothing(a)]:
            old = self.kinds.get(t) if t in self.moved else None
            kind = kind if old is None else join(old, kind)
            # What may be unbound has no shape to make a zero cotangent of.
            self.kinds[t] = ANY if t in self.undefined and not kind.is_scalar else kind
            self.moved.add(t)

    def nothing(self, a: ir.Atom) -> bool:
        """No value, as far as is known: a copy of what no path so far has bound."""
        return a is UNDEFINED or (isinstance(a, Var) and a.name in self.undefined
                                  and a.name not in self.moved)

    def loop(self, s: For | While) -> None:
        headers = [t for inner in ir.walk(s.body) if isinstance(inner, Move) for t in inner.targets]
        for _ in range(6):
            before = {t: self.kinds.get(t) for t in headers}
            if isinstance(s, For):
                element = transfer.element(kind_of_atom(s.source, self.context))
                self.target(s.target, element)
            self.block(s.body)
            self.collected(s)
            if all(k is not None and same(k, self.kinds.get(t, ANY)) for t, k in before.items()):
                return
        for t in headers:
            self.kinds[t] = ANY
        self.block(s.body)

    def collected(self, s: For | While) -> None:
        """Note how many items a comprehension makes, and under which keys."""
        found = self.collecting
        name = found.names.get(id(s)) if found is not None else None
        if found is None or name is None or not isinstance(s, For):
            return
        if name in found.lists:
            self.counts[name] = found.count(s, self.kind)
            return
        keys = found.keys(name, self.kind)
        if keys is not None:
            each = self.kind(found.stored(s).value)
            self.kinds[name] = Kind(dict, items=(each,) * len(keys), value=keys)

    def kind(self, a: Any) -> Kind:
        return kind_of_atom(a, self.context)

    def target(self, pattern: ir.Pattern, kind: Kind) -> None:
        if isinstance(pattern, str):
            self.kinds[pattern] = kind
            return
        items = kind.items if kind.type is tuple and kind.items is not None else ()
        for i, p in enumerate(pattern):
            self.target(p, items[i] if len(items) == len(pattern) else ANY)

    def bind(self, s: Bind) -> None:
        if s.loc.backward and len(s.targets) > 1:
            return  # noted when the statement was made
        kind = self.call(s)
        if len(s.targets) == 1 and not s.calls(ops.unpack):
            self.kinds[s.targets[0]] = kind
            return
        items = kind.items if kind.items is not None and len(kind.items) == len(s.targets) else None
        for i, t in enumerate(s.targets):
            self.kinds[t] = items[i] if items else ANY

    def call(self, s: Bind) -> Kind:
        if Star in map(type, s.args) or (s.kwargs and any(k is None for k, _ in s.kwargs)):
            return ANY
        if not isinstance(s.fn, Ref):
            # What a called pullback gives was noted when the call was made.
            noted = s.loc.backward and len(s.targets) == 1
            return self.kinds.get(s.targets[0], ANY) if noted else ANY
        known = self.kinds
        kinds = [known.get(a.name, ANY) if type(a) is Var else kind_of_atom(a, self.context)
                 for a in s.args]
        fn = s.fn.object
        count = self.counts.get(getattr(s.args[0], "name", "")) if fn is ops.grown else None
        if count is not None and kinds[0].items:
            return Kind(list, items=kinds[0].items * count)
        found = _method(s, kinds[0]) if kinds and (fn is getattr or fn is ops.method) else None
        if found is not None:
            return transfer.result(found, [kinds[0], *kinds[2:]][:len(found.args)], self.context)
        return transfer.result(s, kinds, self.context)


def methods(block: Block, context: Context, known: dict[str, bool] | None = None) -> Block:
    """`x.sum()` and `x.T` of exact arrays and NumPy scalars as calls of what they mean.

    Branches whose tests the kinds decide become the one block; `known` are such tests.
    """
    known = {} if known is None else known
    changed = False
    out: list[ir.Stmt] = []
    for s in block:
        new: ir.Stmt = s
        if type(s) is Bind:
            called = s.fn.object if type(s.fn) is Ref else None
            if (called is getattr or called is ops.method) and s.args:
                new = _method(s, kind_of_atom(s.args[0], context)) or s
            elif called in _DECIDED:
                decided.note(s, [kind_of_atom(a, context) for a in s.args], known)
            made = _of_class(s, context) if new is s and context.may_vary else None
            changed |= new is not s or made is not None
            out += (new,) if made is None else made
            continue
        only = decided.branch(s, kind_of_atom(s.test, context), known) \
            if type(s) is If else None
        if only is not None:
            out += methods(only, context, known)
            changed = True
            continue
        inner = ir.blocks(s)
        if inner:
            blocks = tuple([methods(b, context, known) for b in inner])
            if any(b is not old for b, old in zip(blocks, inner, strict=True)):
                new = ir.with_blocks(new, blocks)
        changed |= new is not s
        out.append(new)
    return tuple(out) if changed else block


#: Tests that kinds may decide.
_DECIDED = (operator.is_, operator.is_not, operator.not_, isinstance)


def _of_class(s: Bind, context: Context) -> Block | None:
    if context.may_vary.isdisjoint(ir.reads(s)):
        return None
    return of_classes.called(s, [kind_of_atom(a, context) for a in s.args], context)


def _method(s: Bind, kind: Kind) -> Bind | None:
    """`x.name` or `x.name(...)` as a call of what it means where `x` is of this kind."""
    called = s.fn.object if isinstance(s.fn, Ref) else None
    if (called is not getattr and called is not ops.method) or len(s.args) < 2:
        return None
    found = None if isinstance(s.args[1], Star) else _member(kind, s.args[1])
    if found is None or (called is getattr and callable(found)):
        return None  # a method that is not called here stays what `getattr` gives
    # What `getattr` would give where there is no such attribute is not needed.
    rest = s.args[2:] if called is ops.method else ()
    return replace(s, fn=Ref(found), args=(s.args[0], *rest))


def _member(kind: Kind, name: ir.Arg) -> Any:
    """The descriptor behind an attribute of an array or a NumPy or Python number."""
    if not isinstance(name, Const) or kind.type is None:
        return None
    if not (kind.type is np.ndarray or kind.is_scalar):
        return None
    for cls in kind.type.__mro__:
        if name.value in vars(cls):
            found = vars(cls)[name.value]
            return found if callable(found) or hasattr(found, "__get__") else None
    return None
