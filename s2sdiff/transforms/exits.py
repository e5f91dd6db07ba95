"""One return at the end; `break` last in its block; no `continue` or loop `else`; `while True`.

What follows an `if` that leaves moves to the one path that falls through it; where there are
several such paths a flag keeps it from being written twice.
"""

from __future__ import annotations

from s2sdiff import ir
from s2sdiff.ir import (
    Block,
    Catch,
    Const,
    Exit,
    For,
    Function,
    If,
    Move,
    Ref,
    Try,
    Var,
    While,
    With,
    replace,
)
from s2sdiff.transforms.leaving import (
    kinds_leaving,
    left_by,
    map_exits,
    only_raises,
    own_exits,
    own_kinds,
    paths_falling,
)

__all__ = ["tidy"]


def tidy(function: Function) -> Function:
    """Bring the exits of a function to the normal form above.

    >>> import colorsys
    >>> from s2sdiff.frontend.lower import lower
    >>> made = lower(colorsys.hls_to_rgb)
    >>> [sum(isinstance(s, Exit) for s in ir.walk(f.body)) for f in (made, tidy(made))]
    [2, 1]
    """
    fresh = _Fresh(set(function.names) | ir.all_defs(function.body) | set(function.free))
    body = _sequence(list(function.body), fresh, frozenset(p.name for p in function.params))
    if paths_falling(body):
        body = _push(body, (Exit("return", Const(None), function.loc),), copies=True)
    leaves = [s for s in ir.walk(body) if isinstance(s, Exit) and s.kind == "return"]
    if not (len(leaves) == 1 and body and body[-1] is leaves[0]):
        values = {leaf.value for leaf in leaves}
        value = leaves[0].value if leaves else Const(None)
        if len(values) != 1 or not isinstance(value, Var):
            name = fresh("result")
            body = _replace_returns(body, name)
            value = Var(name)
        else:
            body = _replace_returns(body, None)
        body = (*body, Exit("return", value, leaves[-1].loc if leaves else function.loc))
    elif leaves[0].value is None:
        body = (*body[:-1], replace(leaves[0], value=Const(None)))
    return replace(function, body=body)


class _Fresh:
    def __init__(self, taken: set[str]) -> None:
        self.taken = taken

    def __call__(self, hint: str) -> str:
        return ir.unused(hint, self.taken)


def _sequence(statements: list[ir.Stmt], fresh: _Fresh, bound: frozenset[str]) -> Block:
    """The statements in normal form; `bound` are names that have a value before them."""
    out: list[ir.Stmt] = []
    queue = list(statements)
    while queue:
        s = queue.pop(0)
        if type(s) is ir.Bind or type(s) is Move:
            bound = bound.union(s.targets)
            out.append(s)
            continue
        if isinstance(s, Exit):
            return (*out, s)
        if isinstance(s, (For, While)):
            before, loop, after = _loop(s, fresh, bound)
            out += [*before, loop]
            queue = after + queue
            continue
        if isinstance(s, (Try, With)):
            before, s, tests = _attempt(s, fresh, bound)
            out += [*before, s]
            queue = [*tests, *queue]
            continue
        if not isinstance(s, If):
            out.append(s)
            continue
        then, orelse = [_sequence(list(b), fresh, bound) for b in ir.blocks(s)]
        s = replace(s, then=then, orelse=orelse)
        if not left_by(s):
            out.append(s)
            continue
        rest = _sequence(queue, fresh, bound)
        paths = paths_falling((s,))
        if paths == 1 and rest:
            return (*out, *_push((s,), rest))
        if paths == 0 or not rest:
            return (*out, s)
        before, s, tests = _flagged(s, fresh)
        return (*out, *before, s, *_tested(tests, list(rest)))
    return tuple(out)


def _tested(tests: list[If], rest: list[ir.Stmt]) -> list[ir.Stmt]:
    """What comes after flags have been set: each is looked at in turn, then the rest runs."""
    for test in reversed(tests):
        rest = [replace(test, orelse=tuple(rest))]
    return rest


def _attempt(s: Try | With, fresh: _Fresh,
             bound: frozenset[str]) -> tuple[list[ir.Stmt], Try | With, list[ir.Stmt]]:
    """A `try` or `with` that no exit leaves: flags say behind it which of them was reached."""
    parts = [_sequence(list(b), fresh, bound) for b in ir.blocks(s)]
    if isinstance(s, Try) and kinds_leaving(parts[-1]):
        return _overruled(s, parts[0], fresh, bound)
    kinds = sorted({k for b in parts for k in kinds_leaving(b)})
    if not kinds:
        return [], ir.with_blocks(s, tuple(parts)), []
    swallows = isinstance(s, With) and s.swallows
    falls = swallows or any(paths_falling(b) for b in _ends(s, parts))
    names = {"return": "returned", "break": "stop", "continue": "skip"}
    # Where every path leaves in one of these ways, the last one needs no flag.
    left = kinds_leaving(parts[0]) if isinstance(s, Try) and s.orelse else set()
    flagged = [k for k in kinds if falls or k != kinds[-1] or k in left]
    flags = {kind: fresh(names[kind]) for kind in flagged}
    result = fresh("result") if "return" in kinds else ""

    def convert(e: Exit) -> Block:
        moves = [Move((flags[e.kind],), (Const(True),), e.loc)] if e.kind in flags else []
        if e.kind == "return":
            moves.insert(0, Move((result,), (e.value or Const(None),), e.loc))
        return tuple(moves)

    made = [map_exits(b, convert, set(kinds)) for b in parts]
    for kind in sorted(left):
        # `else` is for a body that came to its end, not for one that was left.
        made[-2] = (If(Var(flags[kind]), (), made[-2], s.loc),)
    before: list[ir.Stmt] = [Move((f,), (Const(False),), s.loc) for f in flags.values()]
    tests: list[ir.Stmt] = []
    for kind in [*flagged, *[k for k in kinds if k not in flags]]:
        leave = Exit(kind, Var(result) if kind == "return" else None, s.loc)
        tests.append(If(Var(flags[kind]), (leave,), (), s.loc) if kind in flags else leave)
    return before, ir.with_blocks(s, tuple(made)), tests


def _overruled(s: Try, body: Block, fresh: _Fresh,
               bound: frozenset[str]) -> tuple[list[ir.Stmt], Try, list[ir.Stmt]]:
    """A jump out of `finally` ends an exception, and undoes a jump out of the body.

    What `finally` does stands once in a handler and once behind the body, before its own jumps.
    """
    before, made, tests = _attempt(replace(s, body=body, final=()), fresh, bound)
    handler: Block = (Catch(Ref(BaseException), None, s.loc), *s.final)
    if paths_falling(_sequence(list(s.final), fresh, bound)):
        handler = (*handler, Exit("raise", None, s.loc))
    made = Try(made.body, (handler,), (), (), s.loc)
    first, caught, left = _attempt(made, fresh, bound)
    assert isinstance(caught, Try)
    return [*before, *first], caught, [*left, *s.final, *tests]


def _ends(s: Try | With, parts: list[Block]) -> list[Block]:
    """The blocks behind which a statement comes to its end."""
    if isinstance(s, With) or s.final:
        return parts[:1]
    body, *handlers, orelse, _ = parts
    return [(*body, *orelse) if paths_falling(body) else body, *handlers]


def _push(block: Block, rest: Block, copies: bool = False) -> Block:
    """`rest` at the end of the path that falls through (of every one, where it may be copied)."""
    last = block[-1] if block else None
    if isinstance(last, Exit):
        return block
    if isinstance(last, If) and (left_by(last) or only_raises(last)):
        then, orelse = _push(last.then, rest, copies), _push(last.orelse, rest, copies)
        return (*block[:-1], replace(last, then=then, orelse=orelse))
    return (*block, *rest)


def _flagged(s: If, fresh: _Fresh) -> tuple[list[ir.Stmt], If, list[If]]:
    """Exits of an `if` as flags: what goes before it, the `if`, and the tests that come after."""
    kinds = sorted(left_by(s))
    flags = {kind: fresh({"return": "returned", "break": "stop", "continue": "skip"}[kind])
             for kind in kinds}
    result = fresh("result") if "return" in kinds else ""
    off: list[ir.Stmt] = [Move((flag,), (Const(False),), s.loc) for flag in flags.values()]

    def convert(e: Exit) -> Block:
        moves = [Move((flags[e.kind],), (Const(True),), e.loc)]
        if e.kind == "return":
            moves.insert(0, Move((result,), (e.value or Const(None),), e.loc))
        return tuple(moves)

    flagged = map_exits((s,), convert, set(kinds))[0]
    assert isinstance(flagged, If)
    s = flagged
    tests: list[If] = []
    for kind in kinds:
        value = Var(result) if kind == "return" else None
        tests.append(If(Var(flags[kind]), (Exit(kind, value, s.loc),), (), s.loc))
    return off, s, tests


def _replace_returns(body: Block, name: str | None) -> Block:
    def convert(e: Exit) -> Block:
        return (Move((name,), (e.value or Const(None),), e.loc),) if name else ()

    return map_exits(body, convert, {"return"})


def _loop(s: For | While, fresh: _Fresh,
          bound: frozenset[str]) -> tuple[list[ir.Stmt], ir.Stmt, list[ir.Stmt]]:
    """The loop in normal form, what must stand before it, and what must be looked at after it."""
    before: list[ir.Stmt] = []
    after: list[ir.Stmt] = []
    body = s.body
    if s.orelse:
        breaks = "break" in {e for b in [body] for e in own_kinds(b)}
        if breaks:
            broke = fresh("broke")
            before.append(Move((broke,), (Const(False),), s.loc))

            def mark(e: Exit) -> Block:
                return Move((broke,), (Const(True),), e.loc), e

            body = map_exits(body, mark, {"break"})
            after.append(If(Var(broke), (), s.orelse, s.loc))
        else:
            after += s.orelse
    if isinstance(s, While):
        if s.test == Const(True):
            body = (*s.head, *body)
        else:
            body = (*s.head, If(s.test, body, (Exit("break", None, s.loc),), s.loc))
    body = _strip_continue(_sequence(list(body), fresh, bound))
    if "return" in own_kinds(body):
        returned = fresh("returned")
        before.append(Move((returned,), (Const(False),), s.loc))
        value = _one_value(body, bound)
        result = value or Var(fresh("result"))

        def leave(e: Exit) -> Block:
            end = Exit("break", None, e.loc)
            if value is not None:
                return Move((returned,), (Const(True),), e.loc), end
            assert isinstance(result, Var)
            moved = (result.name, returned), (e.value or Const(None), Const(True))
            return Move(*moved, e.loc), end

        body = map_exits(body, leave, {"return"})
        after.insert(0, If(Var(returned), (Exit("return", result, s.loc),), (), s.loc))
    if isinstance(s, While):
        return before, While((), Const(True), body, (), s.loc), after
    return before, replace(s, body=body, orelse=()), after


def _one_value(body: Block, bound: frozenset[str]) -> Var | Const | None:
    """What each return of a loop's body gives, where it may as well be read after the loop."""
    values = {e.value or Const(None) for e in own_exits(body) if e.kind == "return"}
    value = values.pop() if len(values) == 1 else None
    if isinstance(value, Const):
        return value
    return value if isinstance(value, Var) and value.name in bound else None


def _strip_continue(block: Block) -> Block:
    """At the end of a loop's body `continue` is what happens anyway."""
    if not block:
        return block
    last = block[-1]
    if isinstance(last, Exit) and last.kind == "continue":
        return block[:-1]
    if isinstance(last, If):
        last = replace(last, then=_strip_continue(last.then), orelse=_strip_continue(last.orelse))
        return (*block[:-1], last)
    return block
