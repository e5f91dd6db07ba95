"""A rule's tests of what types its parameters have, which are decided once for arguments of such.

    if isinstance(x, SEQUENCES): ...        of two numbers, is        z = x * y
    z = x * y

Most rules begin so, and most calls are of numbers.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Const, If, Move, Ref, Var
from s2sdiff.kinds import Kind

__all__ = ["is_instance", "settled", "tested"]


def is_instance(kind: Kind, wanted: Any) -> bool | None:
    """Whether what has a kind is an instance of a class, or of one of several; None: not known."""
    if kind.type is not None:
        return issubclass(kind.type, wanted)
    sequences = wanted if isinstance(wanted, tuple) else (wanted,)
    known = kind.is_number and all(
        w in (tuple, list, dict, str, deque, set, frozenset) for w in sequences)
    return False if known else None


def tested(body: Block, params: tuple[ir.Param, ...]) -> tuple[str, ...]:
    """The parameters that a body asks for their types, and binds to nothing else."""
    bound = ir.all_defs(body)
    asked = {a.name for s in ir.walk(body) if isinstance(s, Bind) and _asks(s)
             for a in s.args[:1] if isinstance(a, Var)}
    return tuple([p.name for p in params if p.name in asked - bound])


def _asks(s: Bind) -> bool:
    return s.calls(isinstance) and len(s.targets) == 1 and not s.kwargs and len(s.args) == 2 and \
        isinstance(s.args[0], Var) and isinstance(s.args[1], Ref)


def settled(body: Block, kinds: dict[str, Kind]) -> Block:
    """The body without the tests that these kinds of its parameters decide, up to one they do not.
    """
    out: list[ir.Stmt] = []
    _settle(body, kinds, {}, out)
    read = ir.all_reads(tuple(out))
    return tuple([s for s in out if not (
        isinstance(s, Move) and len(s.targets) == 1 and type(s.sources[0]) is Const
        and read.isdisjoint(s.targets))])


def _settle(body: Block, kinds: dict[str, Kind], known: dict[str, bool],
            out: list[ir.Stmt]) -> bool:
    """Whether what stands behind the block is still reached with all tests decided."""
    for i, s in enumerate(body):
        told = None
        if isinstance(s, Bind) and _asks(s) and isinstance(s.args[0], Var) and \
                s.args[0].name in kinds and isinstance(s.args[1], Ref):
            told = is_instance(kinds[s.args[0].name], s.args[1].object)
        if told is not None:
            name = ir.defines(s)[0]
            known[name] = told
            out.append(Move((name,), (Const(told),), s.loc))
        elif isinstance(s, If) and isinstance(s.test, Var) and s.test.name in known:
            if not _settle(s.then if known[s.test.name] else s.orelse, kinds, known, out):
                out += body[i + 1:]
                return False
        elif isinstance(s, If):
            out += body[i:]
            return False
        else:
            for name in ir.defines(s):
                known.pop(name, None)
            out.append(s)
    return True
