"""`defaultdict(float)`, `defaultdict(list)` and `Counter()` as plain dicts.

What such a dict makes for a key that is not there is written out, `if k not in d: d[k] = 0.0`; all
that is known of plain dicts then holds.  That it is of another class would show where it is
returned, printed, or handed to others: there it stays.
"""

from __future__ import annotations

import collections
import dis
import operator
import types
from collections.abc import Set

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Block, Const, For, Function, If, Ref, Stmt, Store, Var, replace
from s2sdiff.runtime import cells
from s2sdiff.transforms.context import Context

__all__ = ["written"]

#: What a key that is not there gives, by what makes it.
_ZEROS: dict[type, ir.Arg] = {float: Const(0.0), int: Const(0), list: Ref(ops.list_),
                              dict: Ref(ops.dict_)}
#: What a plain dict does alike; those of the second row take something out.
_ASKING = frozenset({"get", "items", "keys", "values", "setdefault"})
_TAKING = frozenset({"pop", "popitem", "clear"})
_WALKING = frozenset({len, list, tuple, sorted, iter, dict, set, min, max, sum})


def written(function: Function, context: Context) -> Function:
    """The function with such dicts as plain ones; itself where there are none."""
    called = ir.called(function)
    if id(collections.defaultdict) not in called and id(collections.Counter) not in called:
        return function
    made = _made(function)
    shown: set[str] = set()
    lasting = set(made)
    for s in ir.statements(function):
        for n in ir.reads(s):
            if n not in made:
                continue
            if not _alike(s, n, made[n][2]):
                shown.add(n)
            elif _takes(s):
                lasting.discard(n)
    plain = {n: found for n, found in made.items() if n not in shown}
    if not plain:
        return function
    for fn in {collections.Counter if counts else collections.defaultdict
               for _, _, counts in plain.values()}:
        context.rules[id(fn)] = fn, registry.find(fn)
    body = _block(function.body, frozenset(), plain, lasting, context)
    return _without_factories(replace(function, body=body))


def _without_factories(function: Function) -> Function:
    """Without the lambdas that nobody asks now."""
    read = ir.all_reads(function.body)
    body = ir.rewritten(function.body, lambda s: () if isinstance(s, Bind) and isinstance(
        s.fn, Ref) and isinstance(s.fn.object, cells.Maker) and _constant(
            s.fn.object.code) is not None and read.isdisjoint(s.targets) else None)
    return replace(function, body=body)


#: By name: the statement that makes a dict, what it gives for a key that is not there, and whether
#: it is a Counter.
Made = dict[str, tuple[Bind, ir.Arg, bool]]


def _made(function: Function) -> Made:
    found: Made = {}
    constants: dict[str, Const | None] = {}
    for s in ir.statements(function):
        if not isinstance(s, Bind) or len(s.targets) != 1:
            continue
        maker = s.fn.object if isinstance(s.fn, Ref) else None
        if isinstance(maker, cells.Maker):
            constants[s.targets[0]] = _constant(maker.code)
        elif s.calls(collections.Counter) and not s.args and not s.kwargs:
            found[s.targets[0]] = s, Const(0), True
        elif s.calls(collections.defaultdict) and len(s.args) == 1 and not s.kwargs:
            factory = s.args[0]
            zero = _ZEROS.get(factory.object) if isinstance(factory, Ref) and isinstance(
                factory.object, type) else constants.get(getattr(factory, "name", ""))
            if zero is not None:
                found[s.targets[0]] = s, zero, False
    return found


def _constant(code: types.CodeType) -> Const | None:
    """The number that `lambda: 0.0` gives; None for any other function."""
    if code.co_argcount or code.co_names or code.co_freevars or not {
            i.opname for i in dis.get_instructions(code)} <= _RETURNING:
        return None
    number = types.FunctionType(code, {})()
    return Const(number) if type(number) in (float, int) else None


_RETURNING = frozenset({"RESUME", "LOAD_CONST", "LOAD_SMALL_INT", "RETURN_VALUE", "RETURN_CONST"})


def _alike(s: Stmt, name: str, counts: bool) -> bool:
    """Whether a statement that reads the dict does what it does to a plain one, or is written so.
    """
    if ir.reads(s).count(name) != 1:
        return False
    match s:
        case For(source=Var(n)):
            return n == name
        case Store(fn, Var(n), place="item"):
            return n == name and (fn is operator.setitem or (fn is operator.delitem and not counts))
        case Bind(_, Ref(fn), args, ()):
            if fn is operator.getitem or fn in _WALKING:
                return args[0] == Var(name) and (fn is operator.getitem or len(args) == 1)
            if fn in (ops.contains, ops.not_contains):
                return args[1] == Var(name)
            return fn is ops.method and args[0] == Var(name) and isinstance(args[1], Const) and (
                args[1].value in _ASKING | _TAKING or (args[1].value == "update" and not counts))
    return False


def _takes(s: Stmt) -> bool:
    """Whether a key may be gone behind it."""
    return (isinstance(s, Store) and s.fn is operator.delitem) or (
        isinstance(s, Bind) and s.calls(ops.method) and isinstance(s.args[1], Const)
        and s.args[1].value in _TAKING)


def _block(block: Block, there: Set[tuple[str, ir.Arg]], plain: Made, lasting: Set[str],
           context: Context) -> Block:
    """A block of the function; `there` are keys that are surely in a dict."""
    out: list[Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        # What a loop binds has another value in its next round.
        bound = set(ir.defines(s)).union(*map(ir.all_defs, inner))
        there = {(n, key) for n, key in there if n not in bound and getattr(
            key, "name", None) not in bound}
        if inner:
            first = {(s.source.name, Var(s.target))} if isinstance(s, For) and isinstance(
                s.source, Var) and isinstance(s.target, str) and s.source.name in lasting else set()
            s = ir.with_blocks(s, tuple([
                _block(b, there | first if i == 0 else there, plain, lasting, context)
                for i, b in enumerate(inner)]))
        match s:
            case Bind(_, Ref(), (Var(name), key), ()) if name in plain and \
                    s.calls(operator.getitem) and (name, key) not in there:
                out += _read(s, name, key, plain[name], context)
            case Bind() if len(s.targets) == 1 and plain.get(s.targets[0], (None,))[0] is s:
                out.append(replace(s, fn=Ref(ops.dict_), args=()))
            case _:
                out.append(s)
        match s:
            case Bind(_, Ref(), (Var(name), ir.Var() | ir.Const() as key), ()) if s.calls(
                    operator.getitem):
                kept = name in plain and not plain[name][2]
            case Store(operator.setitem, Var(name), ir.Var() | ir.Const() as key, place="item"):
                kept = True
            case _:
                continue
        if kept and name in lasting:
            there = there | {(name, key)}
    return tuple(out)


def _read(s: Bind, name: str, key: ir.Arg, made: tuple[Bind, ir.Arg, bool],
          context: Context) -> list[Stmt]:
    """`d[k]`, which puts in what is not there; a Counter only says that it has counted none."""
    assert isinstance(key, (Var, Const, Ref, ir.Free))
    _, zero, counts = made
    if counts:
        return [replace(s, fn=Ref(ops.method), args=(Var(name), Const("get"), key, zero))]
    missing, put = context.names("missing_1"), []
    if isinstance(zero, Ref):
        empty = Var(context.names("empty_1"))
        put.append(Bind((empty.name,), zero, (), (), s.loc))
        zero = empty
    assert isinstance(zero, (Var, Const))
    put.append(Store(operator.setitem, Var(name), key, zero, "item", s.loc))
    return [Bind((missing,), Ref(ops.not_contains), (key, Var(name)), (), s.loc),
            If(Var(missing), tuple(put), (), s.loc), s]
