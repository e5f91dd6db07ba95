"""f-strings: what is computed in them are statements before them, and names are left.

    s = f"{a:.2f} {scale(m, x)}"        text_1 = f"{a:.2f} "
                                        shown_1 = scale(m, x)
                                        s = f"{text_1}{shown_1}"

Statements are followed, and an expression that is kept as it is written is not.  What stands in
front of a call is text by then, as a call may change an object that Python has formatted already.
"""

from __future__ import annotations

from typing import Any

import gast

from s2sdiff.frontend.context import Context, fresh, harmless
from s2sdiff.frontend.opaque import opaque
from s2sdiff.frontend.order import Lower, kept
from s2sdiff.ir import Atom, Move, Stmt, Var

__all__ = ["formatted"]


def formatted(ctx: Context, node: Any, out: list[Stmt], target: str, lower: Lower) -> Var:
    """Bind `target` to an f-string."""
    made: set[str] = set()
    parts: list[Any] = []
    for part in node.values:
        if not harmless(ctx, part) and any(isinstance(p, gast.FormattedValue) for p in parts):
            text = opaque(ctx, _joined(parts, node), out, fresh(ctx, "text"), made)
            parts = [_shown(text, made, part)]
        parts.append(part if _is_named(part) else _computed(ctx, part, out, made, lower))
    return opaque(ctx, _joined(parts, node) if made else node, out, target, made)


def _is_named(part: Any) -> bool:
    """Literal text, or a variable in a format that is literal text."""
    return isinstance(part, gast.Constant) or (
        isinstance(part.value, (gast.Name, gast.Constant)) and (
            part.format_spec is None or all(map(_is_named, part.format_spec.values))))


def _computed(ctx: Context, part: Any, out: list[Stmt], made: set[str], lower: Lower) -> Any:
    """A part with what its value, and its format, are computed of in front of it."""
    spec = part.format_spec
    atom: Atom = lower(ctx, part.value, out, "shown")
    if spec is not None:
        atom = kept(ctx, atom, [spec], out, part)
        if not all(map(_is_named, spec.values)):
            text = formatted(ctx, spec, out, fresh(ctx, "format"), lower)
            spec = _joined([_shown(text, made, spec)], spec)
    if not isinstance(atom, Var):
        name = fresh(ctx, "shown")
        out.append(Move((name,), (atom,), ctx.loc(part)))
        atom = Var(name)
    return _shown(atom, made, part, part.conversion, spec)


def _shown(atom: Var, made: set[str], node: Any, conversion: int = -1, spec: Any = None) -> Any:
    made.add(atom.name)
    name = gast.copy_location(gast.Name(atom.name, gast.Load(), None, None), node)
    return gast.copy_location(gast.FormattedValue(name, conversion, spec), node)


def _joined(parts: list[Any], node: Any) -> Any:
    return gast.copy_location(gast.JoinedStr(parts), node)
