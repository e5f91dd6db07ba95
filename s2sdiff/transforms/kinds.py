"""Kinds of all variables, from those of the arguments; methods and attributes of arrays resolved.

What `kinds_of_blocks` infers rests on what is in containers and objects staying as it is: here that
is taken for granted first, and less of it where something turns out to write.
"""

from __future__ import annotations

import inspect
import types

from s2sdiff import ir
from s2sdiff.ir import Bind, For, Function, Ref, While, replace
from s2sdiff.kinds import Kind, kind_of
from s2sdiff.transforms import (
    alike,
    columns,
    comprehended,
    copyprop,
    grown_lists,
    inline,
    own_slots,
    settings,
    single,
    staying,
    tuples_as_lists,
    unless_none,
    windows,
)
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom
from s2sdiff.transforms.kinds_of_blocks import Infer
from s2sdiff.transforms.members_by_kind import methods
from s2sdiff.transforms.varying import may_vary
from s2sdiff.transforms.written_out import holds_parts, in_rounds, shows_code

__all__ = ["infer", "kind_of", "kind_of_atom", "methods"]


def infer(function: Function, context: Context) -> Function:
    """Fill `context.kinds` and turn methods and attributes of arrays into known functions.

    What is in lists, dicts and objects is taken to stay, unless something then turns out to write:
    then, that items of lists stay of one kind, unless something turns out to change that.
    """
    if function.body is context.inferred:
        return function
    from s2sdiff.transforms import settings_written  # which asks what calls write

    context.unsettled = set()
    while True:
        found = _with_items(function, context)
        written = settings_written.written(found, context, lambda a: kind_of_atom(a, context)) \
            if context.settings else set()
        if written <= context.unsettled:
            settings.counted_on(context)
            return found
        context.unsettled |= written


def _with_items(function: Function, context: Context) -> Function:
    context.drawn_here = _generators(function)
    context.may_vary = may_vary(function, context) \
        if any(map(holds_parts, context.arguments.values())) or shows_code(function) else set()
    context.lists_alike, context.made_empty = False, {}
    if not (context.lists_written and not context.may_vary):
        context.lists_change = context.lists_written = False
        found = _written_in(function, context)
        known = _with_columns(windows.written(found, context), context)
        if known is not found:
            return _with_items(known, context)
        written: dict[int, frozenset] = {}
        if staying.changes(found, context, kind_of_atom, written) is staying.Change.NONE:
            return found
        context.lists_change = True
        context.lists_written = alike.tried(found, context, kind_of_atom, written)
        if not context.lists_written and (context.may_vary or _rests_on_items(context)):
            context.single = single.reads(function)
            found = _inferred(function, context)
        if not context.lists_written:
            return found
    # Of a function into whose lists something was written that is so after a few passes, too.
    context.lists_change = True
    context.single = single.reads(function)
    known = alike.inferred(function, context, _inferred, kind_of_atom)
    return _inferred(function, context) if known is None else known


def _with_columns(function: Function, context: Context) -> Function:
    """With lists for tuples, and loops over numbers for those over `zip(*rows)`, where they may."""
    but: set[str] = set()
    while True:
        read = columns.written(function, context, but)
        if read is function:
            return tuples_as_lists.written(function, context)
        read = _written_in(read, context)
        listed = tuples_as_lists.written(read, context)
        more = columns.disturbed(_written_in(listed, context), context)
        _written_in(function, context)
        if not more:
            return listed
        but |= more


def _generators(function: Function) -> set[str]:
    """The names of what generator functions give."""
    return {t for s in ir.statements(function)
            if type(s) is Bind and type(s.fn) is Ref and isinstance(
                s.fn.object, types.FunctionType)
            and s.fn.object.__code__.co_flags & inspect.CO_GENERATOR for t in s.targets}


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


def _lasting(kind: Kind, context: Context) -> Kind:
    """What stays known of something given, while lists, dicts and objects are written."""
    if not context.lists_alike:
        return staying.without_items(kind)
    return staying.settable(staying.alike(kind, context.dicts_alike), context.fields_set)


def _inferred_once(function: Function, context: Context) -> Function:
    function = unless_none.asked(function, context)
    context.own_slots = own_slots.found(function)
    context.kinds.clear()
    context.kinds.update(context.arguments)
    read = settings.kinds_read(function, context) if context.settings else {}
    named = settings.named_kinds(context)
    if context.lists_change:
        for known in (context.kinds, read, named):
            known.update({n: _lasting(k, context) for n, k in known.items()})
    context.free_kinds.update(named)
    looping = any(isinstance(s, (For, While)) for s in ir.statements(function))
    while True:
        Infer(context, comprehended.Collecting(function), read).block(function.body)
        body, decided = methods(function.body, context)
        if body is not function.body:
            function = replace(function, body=body)
            if decided:
                function = copyprop.run(function)
                body = function.body
                # What was copied on one way alone is now read where the copy was.
                context.single = single.reads(function)
            if looping or decided or context.may_vary:
                continue  # more may be known now
        function = unless_none.told(function, context)
        grown_lists.told(function, context)
        context.inferred = function.body
        return function
