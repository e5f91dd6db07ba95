"""Lists that are made by `append` and read as a whole afterwards.

While such a list grows nobody else has it, so that no write happens that anybody could see: each
`append` gives the list anew, as an operator gives a number.  Its cotangent is a list, too, from
which the way back takes the last item.  Comprehensions are lowered to such loops.
"""

from __future__ import annotations

import operator
from typing import Any

from s2sdiff import ir, ops, runtime
from s2sdiff.ir import Bind, Block, Const, Function, Move, Ref, Star, Store, Var, replace
from s2sdiff.kinds import ANY, scalar
from s2sdiff.kinds_joined import join
from s2sdiff.runtime import whole_values
from s2sdiff.transforms import list_items
from s2sdiff.transforms.adding import makes_list
from s2sdiff.transforms.callees import dynamic
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.pull import Pull

__all__ = ["FORMS", "linearized", "settled", "written_out"]

FORMS = (ops.growing, ops.appended, ops.item_of, ops.grown)
_FORMS = frozenset(map(id, FORMS))


def written_out(function: Function) -> Function:
    """The function with every step of such a list as an assignment to its name."""
    if id(ops.method) not in ir.called(function) or not any(
            _appends(s) for s in ir.statements(function)):
        return function
    bound: dict[str, int] = {p.name: 2 for p in function.params}
    for s in ir.statements(function):
        for name in ir.defines(s):
            bound[name] = bound.get(name, 0) + 1
    body = _block(function.body, {n for n, count in bound.items() if count == 1})
    return replace(function, body=body)


def _appends(s: ir.Stmt) -> str | None:
    """The name of the list that a statement appends to."""
    if isinstance(s, Bind) and s.calls(ops.method) and not s.targets and len(s.args) == 3 and \
            s.args[1] == Const("append") and not s.kwargs and isinstance(s.args[0], Var) and \
            not isinstance(s.args[2], Star) and s.args[2] != s.args[0]:
        return s.args[0].name
    return None


def _block(block: Block, once: set[str]) -> Block:
    out: list[ir.Stmt] = []
    ends: dict[int, list[str]] = {}
    growing: set[str] = set()
    for i, s in enumerate(block):
        made: list[ir.Stmt] = [s]
        if isinstance(s, Bind) and s.calls(ops.list_) and len(s.targets) == 1 and \
                s.targets[0] in once and not any(isinstance(a, Star) for a in s.args):
            last = _last(block, i, s.targets[0])
            if last is not None:
                ends.setdefault(last, []).append(s.targets[0])
                growing.add(s.targets[0])
                made.append(Bind(s.targets, Ref(ops.growing), (Var(s.targets[0]),), (), s.loc))
        else:
            inner = ir.blocks(s)
            # What leaves the body of a `try` leaves lists half made.
            if inner and not isinstance(s, (ir.Try, ir.With)):
                made = [ir.with_blocks(s, tuple([_block(b, once) for b in inner]))]
            made = [_step(m, growing) for m in made]
        out += made
        for name in ends.get(i, ()):
            growing.discard(name)
            out.append(Bind((name,), Ref(ops.grown), (Var(name),), (), s.loc))
    return tuple(out)


def _step(s: ir.Stmt, growing: set[str]) -> ir.Stmt:
    """A statement with the appends and reads of growing lists as assignments."""
    name = _appends(s)
    if name in growing and isinstance(s, Bind):
        return replace(s, targets=(name,), fn=Ref(ops.appended), args=(s.args[0], s.args[2]))
    if isinstance(s, Bind) and s.calls(operator.getitem) and isinstance(s.args[0], Var) and \
            s.args[0].name in growing:
        return replace(s, targets=(*s.targets, s.args[0].name), fn=Ref(ops.item_of))
    inner = ir.blocks(s)
    return ir.with_blocks(s, tuple([tuple([_step(b, growing) for b in block])
                                    for block in inner])) if inner else s


def _slices(key: Any, block: Block) -> bool:
    if isinstance(key, Const):
        return isinstance(key.value, slice)
    return any(isinstance(s, Bind) and s.calls(slice) and s.targets == (key.name,)
               for s in ir.walk(block)) if isinstance(key, Var) else False


def _last(block: Block, start: int, name: str) -> int | None:
    """Where the list is complete, if nobody but `append` and reads of items has it before."""
    last = max((i for i in range(start + 1, len(block))
                if any(_appends(s) == name for s in ir.walk(block[i:i + 1]))), default=None)
    if last is None:
        return None
    for s in ir.walk(block[start + 1:last + 1]):
        if isinstance(s, (ir.Try, ir.With, ir.Raw, ir.Def)):
            return None  # an exception may leave it half made
        if isinstance(s, Bind) and s.calls(operator.getitem) and s.args[0] == Var(name) and \
                _slices(s.args[1], block):
            return None  # what it gives is a list, whose cotangent is one
        if name not in ir.reads(s) or _appends(s) == name or (
                isinstance(s, Bind) and s.calls(len) and name not in s.targets):
            continue
        item = isinstance(s, Bind) and s.calls(operator.getitem) and len(s.targets) == 1 and \
            s.args[0] == Var(name) and s.args[1] != Var(name) and s.targets[0] != name
        if not item:
            return None
    return last


def ends(function: Function) -> list[tuple[list[str], list[str]]]:
    """By the name of a growing list: what it is called a step later, up to the complete one.

    That is where its cotangent begins and comes from, step by step, also where nobody but those who
    made it longer has read it, or nobody has since it was made longer.
    """
    if _FORMS.isdisjoint(ir.called(function)):
        return []
    steps = [(s.args[0].name, s.targets[-1]) for s in ir.walk(function.body)
             if isinstance(s, Bind) and isinstance(s.fn, Ref) and id(s.fn.object) in _FORMS
             and isinstance(s.args[0], Var)]
    lists = {name for step in steps for name in step}
    steps += [(a.name, t) for s in ir.walk(function.body) if isinstance(s, Move)
              for t, a in zip(s.targets, s.sources, strict=True)
              if isinstance(a, Var) and (a.name in lists or t in lists)]
    return [([one], [next_one]) for one, next_one in steps]


# ------------------------------------------------------------------------------- derivatives


def linearized(s: Bind, emit: Emitter, context: Context) -> Pull:
    """One step of an active list: forward code, and how it is pulled back."""
    fn, source = getattr(s.fn, "object", None), s.args[0]
    target = s.targets[-1]
    assert isinstance(source, Var)
    if any(context.shared(n) for n in (*ir.reads(s), *s.targets)):
        return _by_place(s, fn, emit, context)
    emit.out += plain(s)
    if fn is ops.grown:
        count = context.names(f"{context.names.bases.get(source.name, source.name)}_count")
        emit.out.append(Bind((count,), Ref(len, "len"), (Var(target),), (), s.loc))
    stem = context.names.bases.get(source.name, source.name)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        bar = bars[-1]
        if fn is ops.growing:
            return [(source.name, bar)] if bar is not None else []
        if fn is ops.grown:
            kind = context.kinds.get(target, ANY).each or ANY
            context.grown[stem] = join(kind, context.grown.get(stem, kind))
            zero = Const(0.0) if kind.is_float else Const(None)
            given = Const(None) if bar is None else back.atom(bar)
            each = back.kind(given).each or ANY
            if each.is_float and context.local(target):
                each = scalar(None, each.field)  # one of NumPy's may have been added
            context.grown_bars[stem] = join(each, context.grown_bars.get(stem, each))
            if each.is_number or (bar is not None and context.local(target)):
                return [(source.name, _own(given, source, target, back))]
            return [(source.name, back.bind(Ref(runtime.shares), [given, Var(count), zero], {},
                                            f"{source.name}_bar"))]
        if bar is None:
            return []
        whole, kind = back.atom(bar), context.grown.get(stem, ANY)
        if fn is ops.item_of:
            if bars[0] is not None:
                # A list of numbers has one in each place, and none that another may have as well.
                numbers = kind.is_float or (kind.is_scalar and context.grown_bars.get(
                    stem, ANY).is_scalar)
                _added(back, whole, s.args[1], bars[0], numbers)
            return [(source.name, whole)]
        item = s.args[1]
        args = [whole, Const("pop")]
        if not isinstance(item, Var) or item.name not in context.active:
            back.effect(Ref(ops.method), args)
            return [(source.name, whole)]
        share = back.bind(Ref(ops.method), args, {}, f"{item.name}_bar")
        mine = context.kinds.get(item.name, ANY)
        given = context.grown_bars.get(stem, ANY)
        if kind.is_float and mine.is_float:
            context.kinds[share.name] = given if given.is_scalar else mine
        elif mine.is_number:
            context.kinds[share.name] = context.grown_bars.get(stem, ANY)
            share = back.call(Ref(runtime.match), [share, item], {}, f"{item.name}_bar")
        return [(item.name, share), (source.name, whole)]

    return Pull(pull, fn is ops.grown)


def _own(bar: Any, source: Var, whole: str, back: Emitter) -> Any:
    """A list of cotangents, to take items out of: one that was made just now, for nobody else."""
    if isinstance(bar, Var) and back.context.local(whole):
        return bar  # nobody else has it
    made = [s for s in back.out if isinstance(bar, Var) and bar.name in ir.defines(s)]
    if made and makes_list(made[0], back) and not any(bar.name in ir.reads(s) for s in back.out):
        return bar
    return back.bind(Ref(list), [bar], {}, f"{source.name}_bar")


def _added(back: Emitter, whole: Any, key: Any, bar: Any, numbers: bool) -> None:
    """`whole[key] += bar`; arrays that somebody else may have are added anew."""
    share = back.atom(bar)
    if numbers and back.kind(key).type is int:
        back.out.append(Store(operator.iadd, whole, key, share, "item", back.loc))
        return
    back.effect(Ref(runtime.add_share), [whole, key, share])


def _by_place(s: Bind, fn: Any, emit: Emitter, context: Context) -> Pull:
    """Where somebody writes what it holds, the list is one as any other."""
    (steps, *moves) = plain(s)
    if fn is ops.growing or fn is ops.grown:
        emit.out.append(steps)
        return Pull(lambda back, bars: [], True)
    assert isinstance(steps, Bind)
    pull = list_items.linearized(steps, emit, context) or dynamic(steps, emit, context, True)
    emit.out += moves
    targets = len(steps.targets)
    source = s.args[0]
    assert isinstance(source, Var)
    if fn is not ops.item_of or context.shared(source.name):
        return Pull(lambda back, bars: pull.run(back, bars[:targets]), True)
    count = emit.bind(Ref(len, "len"), [source], {}, f"{source.name}_count")

    def run(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        # It has grown by now; and what it has as a value, it had under the name before.
        shares = [(n, share if n != source.name else back.bind(
            Ref(whole_values.first_items), [back.atom(share), count, s.args[1]], {}, f"{n}_bar"))
            for n, share in pull.run(back, bars[:targets])]
        return [*[(source.name, bar) for bar in bars[targets:] if bar is not None], *shares]

    return Pull(run, True)


# --------------------------------------------------------------------------------- as written


def settled(block: Block, function: Function) -> Block:
    """Code that was made of a function, in which all that is left of the steps is what the user

    wrote.
    """
    return block if _FORMS.isdisjoint(ir.called(function)) else _settled(block)


def _settled(block: Block) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            out.append(ir.with_blocks(s, tuple(map(_settled, inner))))
        else:
            out += plain(s)
    return ir.unless_same(out, block)


def plain(s: ir.Stmt) -> list[ir.Stmt]:
    """A step as the statement that the user wrote, and the list under its next name."""
    if not isinstance(s, Bind) or not isinstance(s.fn, Ref) or id(s.fn.object) not in _FORMS:
        return [s]
    same = Move(s.targets[-1:], s.args[:1], s.loc)  # type: ignore[arg-type]
    if s.calls(ops.appended):
        call = (s.args[0], Const("append"), s.args[1])
        return [Bind((), Ref(ops.method), call, (), s.loc), same]
    if s.calls(ops.item_of):
        return [Bind(s.targets[:1], Ref(operator.getitem), s.args, (), s.loc), same]
    return [same]
