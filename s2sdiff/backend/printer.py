"""IR as Python text: one statement at a time, with the source line above each backward group."""

from __future__ import annotations

import ast
import linecache
import operator
import os
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from s2sdiff import ir, ops, runtime
from s2sdiff.backend import attempts, places
from s2sdiff.backend import names as naming
from s2sdiff.backend.expressions import expression
from s2sdiff.backend.layout import WIDTH, broken, verbatim
from s2sdiff.backend.names import Names
from s2sdiff.backend.parameters import parameters
from s2sdiff.backend.preludes import prelude
from s2sdiff.backend.statements import bare, pattern, silent, simple
from s2sdiff.backend.texts import unparse

__all__ = ["Printed", "print_function"]


@dataclass(frozen=True, slots=True)
class Printed:
    """Text, the objects it needs besides its module's globals, and lines that make them.

    `locs` gives the place in the user's source that a line of the text (from 1) was made for.
    """

    text: str
    cells: dict[str, object]
    prelude: tuple[str, ...]
    locs: dict[int, ir.Loc] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Writer:
    """Where lines go; `shown` is the source line printed last, `heads` are those of loops, ifs."""

    names: Names
    out: list[str]
    shown: list[tuple[str, int]]
    locs: dict[int, ir.Loc]
    heads: frozenset[tuple[str, int]]
    quiet: bool = False


def print_function(function: ir.Function, header: tuple[str, ...] = ()) -> Printed:
    """Python text for a function, `header` above it as comments."""
    names = naming.names_of(function)
    out = [text for line in header for text in _header(line)]
    out += broken(f"def {function.name}({parameters(names)}):", 0)
    locs: dict[int, ir.Loc] = {}
    _body(names, out, locs, function.body, 1)
    text = "\n".join(out) + "\n"
    return Printed(text, dict(names.cells), prelude(names), locs)


def _body(
    names: Names, out: list[str], locs: dict[int, ir.Loc], body: ir.Block, depth: int
) -> None:
    visible = [s for s in body if not silent(s)]
    quiet = len(visible) == 1 and isinstance(visible[0], ir.Exit)
    control = [s for s in ir.walk(body) if type(s) in _CONTROL]
    heads = frozenset((s.loc.file, s.loc.line) for s in control)
    _block(Writer(names, out, [], locs, heads, quiet), body, depth)


def _header(line: str) -> list[str]:
    """A comment, broken at its commas; between words where there is none."""
    out: list[str] = []
    for part in line.split(", "):
        joined = f"{out[-1]}, {part}" if out else f"# {part}".rstrip()
        if len(joined) < WIDTH:
            out[-1:] = [joined]
            continue
        if out:
            out[-1] += ","
        out += textwrap.wrap(part, WIDTH - 2, initial_indent="#     " if out else "# ",
                             subsequent_indent="#     ", break_long_words=False,
                             break_on_hyphens=False)
    return out


# ------------------------------------------------------------------------------- statements


def _empty(block: ir.Block) -> bool:
    return all(silent(s) for s in block)


def _block(w: Writer, block: Sequence[ir.Stmt], depth: int) -> None:
    """The statements of a block; `pass` where there is none."""
    start = len(w.out)
    for i, s in enumerate(block):
        if not silent(s):
            _statement(w, s, depth)
            if isinstance(s, ir.Def) and not _empty(tuple(block[i + 1:])):
                w.out.append("")
    if len(w.out) == start:
        _line(w, "pass", depth)


def _line(w: Writer, text: str, depth: int) -> None:
    w.out.extend(verbatim(text, depth) if "\n" in text else broken(text, depth))


def _statement(w: Writer, s: ir.Stmt, depth: int) -> None:
    start, loc = len(w.out), places.of_statement(s)
    _lines_of(w, s, depth)
    if isinstance(s, ir.Raw):
        inner = places.inside(s, w.out[start:], w.names.function.lines)
        w.locs.update({start + 1 + at: found for at, found in inner.items()})
    for at in range(start + 1, len(w.out) + 1):
        w.locs.setdefault(at, loc)  # those of the blocks inside have theirs already


def _lines_of(w: Writer, s: ir.Stmt, depth: int) -> None:
    loc = _derived(w, s)
    if loc is not None:
        _comment(w, loc, depth)
    match s:
        case ir.If():
            _if(w, s, depth)
        case ir.For():
            source = bare(expression(w.names, s.source))
            _line(w, f"for {pattern(s.target, True)} in {source}:", depth)
            _loop(w, s.body, s.orelse, depth)
        case ir.While():
            _while(w, s, depth)
        case ir.Try():
            _try(w, s, depth)
        case ir.With():
            _line(w, attempts.head(w.names, s), depth)
            _block(w, s.body, depth + 1)
        case ir.Def():
            if w.out[-1] and not w.out[-1].endswith(":"):
                w.out.append("")
            _line(w, f"def {s.name}({', '.join(s.params)}):", depth)
            _body(w.names, w.out, w.locs, s.body, depth + 1)
        case _:
            for text in simple(w.names, s):
                _line(w, text, depth)


_AROUND_BLOCKS = frozenset({ir.Def, ir.If, ir.For, ir.While, ir.Try, ir.With})
_CONTROL = frozenset({ir.If, ir.For, ir.While})


def _derived(w: Writer, s: ir.Stmt) -> ir.Loc | None:
    """The line that a statement is the derivative of, where it is to stand above it."""
    if w.quiet or type(s) in _AROUND_BLOCKS:
        return None
    loc = s.loc
    if type(s) is ir.Exit:
        found = _computed(s.value)
        if len(found) < 2 or len({(c.file, c.line) for c in found}) > 1:
            return None
        loc = found[0]
    if not loc.backward:
        return None
    line, own = (loc.file, loc.line), w.names.function.loc
    # What is done for a parameter is done for no line; what heads share is no line's work.
    start = isinstance(s, ir.Move) or (
        isinstance(s, ir.Bind) and s.calls(runtime.zeros))
    idle = line == (own.file, own.line) or (start and line in w.heads)
    return loc if line not in w.shown and not idle else None


def _computed(atom: Any) -> list[ir.Loc]:
    """The places of the computations in an expression."""
    if not isinstance(atom, ir.Inlined):
        return []
    own = [] if atom.bind.fn in (ir.Ref(ops.tuple_), ir.Ref(getattr)) else [atom.bind.loc]
    return [*own, *[loc for a in atom.bind.args for loc in _computed(a)]]


def _comment(w: Writer, loc: ir.Loc, depth: int) -> None:
    w.shown[:] = [(loc.file, loc.line)]
    function = w.names.function
    text, place = function.lines.get(loc.line), str(loc.line)
    if loc.file != function.loc.file:
        text, place = None, f"{os.path.basename(loc.file)}:{loc.line}"
    text = (text if text is not None else linecache.getline(loc.file, loc.line)).strip()
    if not text:
        return
    head = f"{'    ' * depth}# {place}:"
    comment = f"{head} {text}"
    # However deep it stands, what is cut off is never the mark of a comment.
    kept = max(WIDTH - 4, len(head))
    w.out.append(comment if len(comment) <= WIDTH else comment[:kept].rstrip() + " ...")


# ----------------------------------------------------------------------------- control flow


def _leaves(block: ir.Block) -> bool:
    """Whether every path through a block ends in an Exit."""
    match block[-1] if block else None:
        case ir.Exit():
            return True
        case ir.If(_, then, orelse):
            return _leaves(then) and _leaves(orelse)
    return False


def _test(w: Writer, atom: Any, negated: bool = False) -> str:
    if negated and isinstance(atom, ir.Inlined) and atom.bind.fn == ir.Ref(operator.not_):
        return unparse(expression(w.names, atom.bind.args[0]))
    node = expression(w.names, atom)
    return unparse(ast.UnaryOp(ast.Not(), node) if negated else node)


def _if(w: Writer, s: ir.If, depth: int, word: str = "if") -> None:
    then, orelse, negated = s.then, s.orelse, False
    visible = [t for t in orelse if not silent(t)]
    short = len(visible) == 1 and isinstance(visible[0], ir.Exit)
    if (_empty(then) and not _empty(orelse)) or (short and not _leaves(then)):
        then, orelse, negated = orelse, then, True
    _line(w, f"{word} {_test(w, s.test, negated)}:", depth)
    _block(w, then, depth + 1)
    rest = [t for t in orelse if not silent(t)]
    if not rest:
        return
    if word == "if" and _leaves(then):
        _block(w, rest, depth)
    elif len(rest) == 1 and isinstance(rest[0], ir.If):
        _if(w, rest[0], depth, "elif")
    else:
        _line(w, "else:", depth)
        _block(w, orelse, depth + 1)


def _loop(w: Writer, body: Sequence[ir.Stmt], orelse: ir.Block, depth: int) -> None:
    body = [s for s in body if not silent(s)]
    if len(body) > 1 and isinstance(body[-1], ir.Exit) and body[-1].kind == "continue":
        body = body[:-1]
    _block(w, body, depth + 1)
    if not _empty(orelse):
        _line(w, "else:", depth)
        _block(w, orelse, depth + 1)


def _try(w: Writer, s: ir.Try, depth: int) -> None:
    """One with handlers that is alone in one with `final` is written as one with both."""
    inner = s.body[0] if s.final and len(s.body) == 1 and isinstance(s.body[0], ir.Try) and \
        not s.body[0].final else s
    _line(w, "try:", depth)
    _block(w, inner.body, depth + 1)
    for handler in inner.handlers:
        line, body = attempts.handler(w.names, handler)
        _line(w, line, depth)
        _block(w, body, depth + 1)
    if not _empty(inner.orelse):
        _line(w, "else:", depth)
        _block(w, inner.orelse, depth + 1)
    if not _empty(s.final) or not inner.handlers:
        _line(w, "finally:", depth)
        _block(w, s.final, depth + 1)


def _only_break(block: ir.Block) -> bool:
    visible = [s for s in block if not silent(s)]
    return len(visible) == 1 and isinstance(visible[0], ir.Exit) and visible[0].kind == "break"


def _while(w: Writer, s: ir.While, depth: int) -> None:
    """`while test:` where the first thing in the body is `if not test: break`."""
    visible = [t for t in s.body if not silent(t)]
    first = visible[0] if visible else None
    constant = s.test == ir.Const(True) and not s.head and _empty(s.orelse)
    if constant and isinstance(first, ir.If):
        for leaving, staying, negated in ((first.then, first.orelse, True),
                                          (first.orelse, first.then, False)):
            if _only_break(leaving):
                _line(w, f"while {_test(w, first.test, negated)}:", depth)
                _loop(w, [*staying, *visible[1:]], (), depth)
                return
    if not s.head:
        _line(w, f"while {_test(w, s.test)}:", depth)
        _loop(w, s.body, s.orelse, depth)
        return
    # The test takes statements; what a `break` skips must stand behind the loop, under a flag.
    flag = "" if _empty(s.orelse) else naming.fresh(w.names, "exhausted")
    if flag:
        _line(w, f"{flag} = False", depth)
    _line(w, "while True:", depth)
    _block(w, s.head, depth + 1)
    _line(w, f"if {_test(w, s.test, True)}:", depth + 1)
    if flag:
        _line(w, f"{flag} = True", depth + 2)
    _line(w, "break", depth + 2)
    _block(w, s.body, depth + 1)
    if flag:
        _line(w, f"if {flag}:", depth)
        _block(w, s.orelse, depth + 1)
