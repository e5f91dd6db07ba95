"""Numbers that go out as text or into files, and come back: noted, and looked for, at run time."""

from __future__ import annotations

import inspect
import io
import os
import types
import warnings
from typing import Any

from s2sdiff import ir, ops
from s2sdiff.ir import Bind, Const, For, Free, Function, Ref, Store, Var
from s2sdiff.kinds import ANY
from s2sdiff.runtime import handed_texts, sent_back, sent_out
from s2sdiff.runtime.outside import is_of_library, is_of_user
from s2sdiff.runtime.written_names import functions_behind
from s2sdiff.transforms import texts
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.holding import has_hash
from s2sdiff.transforms.implicit import of_user
from s2sdiff.transforms.kinds import kind_of_atom
from s2sdiff.transforms.meant import namespace_value

__all__ = ["watched"]


def watched(function: Function, before: Function, context: Context, useful: set[Any]) -> Function:
    """With a note before what sends out something active, and a look behind what reads."""
    if not context.varies:
        return function
    made = _Made(context, useful, before)
    notes = [note for s in ir.statements(before) for note in (made.note(s),) if note is not None]
    made.notes = bool(notes)
    made.keeps = any(not note.calls(sent_out.sent_if_kept) for note in notes) or any(
        made.by_a_method(s) for s in ir.statements(before))
    made.reads = any(map(_opens, ir.statements(before)))
    body = ir.rewritten(function.body, made.written)
    return function if body is function.body else ir.replace(function, body=body)


class _Made:
    notes = False
    #: Whether there is something else among them than what is printed.
    keeps = False
    reads = False

    def __init__(self, context: Context, useful: set[Any], function: Function) -> None:
        self.context, self.useful, self.origin = context, useful, function.origin
        #: Such texts, and displays that hold one.
        self.told = context.texts | (context.holding_texts & {
            t for s in ir.statements(function) if isinstance(s, Bind) and texts.is_display(s)
            for t in s.targets})
        #: Variables that are names from outside, read once.
        self.outside: dict[Any, Any] = {
            Var(t): a for s in ir.statements(function) if isinstance(s, ir.Move)
            for t, a in zip(s.targets, s.sources, strict=True) if isinstance(a, Free)}

    def written(self, s: ir.Stmt) -> ir.Block | None:
        note = self.note(s)
        if note is not None:
            return note, s
        if self.keeps and isinstance(s, For) and isinstance(s.source, (Var, Free)):
            return _call(sent_back.walked_in_sight, (s.source,), s), s
        found = self.look(s)
        return None if found is None else (s, found)

    def by_a_method(self, s: ir.Stmt) -> bool:
        """Whether a method of the user's is given something active, and may keep a text of it."""
        if not isinstance(s, Bind) or not s.calls(ops.method) or \
                self.context.varies.isdisjoint(ir.reads(s)):
            return False
        owner, name = s.args[0], getattr(s.args[1], "value", None)
        owner = self.outside.get(owner, owner)
        cls = type(namespace_value(self.origin, owner.name)) if isinstance(owner, Free) else \
            kind_of_atom(owner, self.context).type
        return of_user(cls) and isinstance(name, str) and any(
            sent_out.sends(f, cls) == "anywhere"
            for f in functions_behind(inspect.getattr_static(cls, name, None)))

    def note(self, s: ir.Stmt) -> Bind | None:
        """Before what sends out something active, or a text that was made of it."""
        if not isinstance(s, (Store, Bind)) or _is_operator(s):
            return None
        active = [n for n in ir.reads(s) if n in self.context.varies or n in self.told]
        if isinstance(s, Store):
            kept = any(getattr(a, "name", None) in self.told for a in (s.value, s.key)) \
                and getattr(s.target, "name", None) not in self.context.own_displays
            return _call(sent_out.sent, (), s) if kept else None
        if not active:
            return None
        fn: Any = s.fn.object if isinstance(s.fn, Ref) else None
        if isinstance(s.fn, Var) and any(n in self.context.texts for n in active):
            return _call(sent_out.sent_by, (s.fn,), s)
        if fn is print:
            return _call(sent_out.sent_if_kept, tuple([a for k, a in s.kwargs if k == "file"]), s)
        if fn is warnings.warn:
            return _call(sent_out.sent, (), s)
        if fn is setattr and any(n in self.context.texts for n in active):
            return _call(sent_out.sent, (), s)
        if has_hash(fn) and fn in texts.SAVING:
            return _call(sent_out.sent, s.args[_FILES.get(fn.__name__, 0):][:1], s)
        name, given = _method(s)
        if name is not None:
            where = given[1:2] if name == "tofile" else given[:1]
            goes = name in _SENDING or (name in _PUTTING and any(n in self.told for n in active))
            if goes:
                return _call(sent_out.sent, where, s)
        if s.calls(ops.method) and isinstance(s.args[1], Const) and any(
                n in self.context.texts for n in active) and kind_of_atom(
                s.args[0], self.context).type is None:
            return _call(sent_out.sent_by_method, s.args[:2], s)
        if not isinstance(fn, types.FunctionType):
            return None
        where = sent_out.sends(fn)
        if where is None and any(n in self.context.texts for n in active) and \
                sent_out.writes(fn):
            return _call(sent_out.sent, (), s)
        if where is not None:
            return _call(sent_out.sent, (Const(True),) if where == "files" else (), s)
        return _call(sent_out.sent_if_kept, (), s) if sent_out.prints(fn) else None

    def look(self, s: ir.Stmt) -> Bind | None:
        """Behind what reads a file, or what may make a number of a text that is kept."""
        if not isinstance(s, Bind) or (_is_operator(s) and not self.keeps):
            return None
        if len(s.targets) != 1 or s.targets[0] not in self.useful or \
                self.context.kinds.get(s.targets[0], ANY).inert:
            return self._of_what_it_writes(s) if self.keeps else None
        fn = s.fn.object if isinstance(s.fn, Ref) else None
        result = Var(s.targets[0])
        if has_hash(fn) and fn in texts.LOADING:
            return _call(sent_out.unless_sent, (result, *s.args[:1]), s)
        name, given = _method(s)
        if name in _FETCHING:
            return _call(sent_out.unless_sent, (result, *given[:1]), s)
        own = s.args[0] if self.keeps and s.calls(ops.method) else None
        if any(n in self.context.varies and Var(n) != own for n in ir.reads(s)):
            return None
        if is_of_user(fn) and (sent_out.fetches(fn) or (self.notes and sent_out.parses(fn))):
            return _call(sent_out.unless_sent, (result,), s)
        # A method that is followed by place does not see who has put the text there.
        if (self.notes or self.reads or self.context.request.places) and \
                id(fn) in texts.NUMBERS and isinstance(s.args[0], Var):
            return _call(sent_back.unless_of_number, (result, s.args[0], Const(self.reads)), s)
        return self._of_objects(s, result) if self.keeps else None

    def _of_what_it_writes(self, s: Bind) -> Bind | None:
        """Behind what may read a number in such a text, and keep it elsewhere."""
        if s.calls(ops.method):
            known = kind_of_atom(s.args[0], self.context).type
            return _call(sent_back.unless_kept_by_member, s.args[:2], s) \
                if known is None or of_user(known) else None
        fn = getattr(s.fn, "object", None)
        if not is_of_user(fn) or not handed_texts.keeps_numbers(fn):
            return None
        return _call(sent_back.unless_of_callable, (Const(0.0), s.fn, *[
            a for a in s.args if isinstance(a, (Var, Free))]), s)

    def _of_objects(self, s: Bind, result: Var) -> Bind | None:
        """Behind what runs code of objects in which such a text may be kept."""
        if s.calls(ops.method) or s.calls(getattr):
            return _call(sent_back.unless_of_member, (result, *s.args[:2]), s)
        given = tuple([a for a in s.args if isinstance(a, (Var, Free))
                       and not kind_of_atom(a, self.context).is_number])
        if isinstance(s.fn, (Var, Free)) or is_of_user(getattr(s.fn, "object", None)):
            return _call(sent_back.unless_of_callable, (result, s.fn, *given), s)
        return _call(sent_back.unless_of_operands, (result, *given), s) if given else None


def _is_operator(s: ir.Stmt) -> bool:
    """As most are: nothing goes out or comes in there."""
    fn: Any = s.fn.object if type(s) is Bind and type(s.fn) is Ref else None
    return getattr(fn, "__module__", None) == "_operator" and fn.__name__ != "call"


def _opens(s: ir.Stmt) -> bool:
    """A call that gives a file which may be read."""
    if not isinstance(s, Bind) or not isinstance(s.fn, Ref) or _is_operator(s):
        return False
    modes = [*s.args[1:2], *[a for k, a in s.kwargs if k == "mode"]]
    return s.calls(io.StringIO) or s.calls(io.BytesIO) or s.calls(os.fdopen) or (
        s.calls(open) and not any(isinstance(a, Const) and a.value in ("w", "a", "wb", "ab")
                                  for a in modes))


def _method(s: Bind) -> tuple[str | None, tuple[Any, ...]]:
    """The name of a method that is called, or of what a class of the library has, and its owner
    with what it is given.
    """
    if s.calls(ops.method):
        return getattr(s.args[1], "value", None), (s.args[0], *s.args[2:])
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    return (getattr(fn, "__name__", None) if "." in getattr(fn, "__qualname__", "")
            and is_of_library(fn) else None), s.args


def _call(fn: Any, args: tuple[Any, ...], s: ir.Stmt) -> Bind:
    return Bind((), Ref(fn), args, (), s.loc)


#: Functions that are given a file behind what they save.
_FILES = {"dump": 1}
_SENDING = ("tofile", "dump", "write", "writelines", "write_text", "write_bytes", "writerow",
            "writerows", "execute", "executemany", "send", "sendall")
#: What puts a text where it may be taken from.
_PUTTING = ("put", "put_nowait", "append", "appendleft", "add", "extend", "update", "setdefault",
            "__setitem__", "__setattr__", "set")
_FETCHING = ("read", "readline", "readlines", "read_text", "read_bytes", "fetchone", "fetchall",
             "recv", "getvalue")
