"""Names in statements that are written into those of another function, kept from its names."""

from __future__ import annotations

from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Block, Free, Var, blocks, rename, substitute, with_blocks

__all__ = ["shielded", "unshielded", "with_free"]

#: No variable is called so; one is put before a name for each function that it goes into.
_SHIELD = "§"


def shielded(block: Block, times: int) -> Block:
    """The statements with names that nothing around has, until as many times `unshielded`."""
    return _named(block, {n: _SHIELD * times + n for n in _names(block)})


def unshielded(block: Block) -> Block:
    """The statements with the names that they were shielded once less."""
    return _named(block, {n: n[1:] for n in _names(block) if n[0] == _SHIELD})


def with_free(env: dict[Any, Any], block: Block) -> Block:
    """The statements with other atoms for free names."""
    out = []
    for s in block:
        s = substitute(s, env)
        inner = blocks(s)
        out.append(with_blocks(s, tuple([with_free(env, b) for b in inner])) if inner else s)
    return tuple(out)


def _names(block: Block) -> set[str]:
    found = ir.all_defs(block)
    for s in ir.walk(block):
        found.update(a.name for a in _leaves(s) if isinstance(a, (Var, Free)))
    return found


def _leaves(s: ir.Stmt) -> list[Any]:
    return [a.value if isinstance(a, ir.Star) else a for a in ir.atoms(s)]


def _named(block: Block, names: dict[str, str]) -> Block:
    if not names:
        return block
    return with_free({Free(n): Free(m) for n, m in names.items()}, rename(block, names))
