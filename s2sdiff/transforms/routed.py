"""Code that values with tangents go through: what plain numbers alone can do is done by stand-ins.

Arrays that the code makes, and may write into, carry tangents from the beginning.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sdiff import ir
from s2sdiff.ir import Bind, Block, Inlined, Ref, Star, Store, Var
from s2sdiff.runtime.carried_arrays import making, routed, unasked
from s2sdiff.transforms.alias_classes import Classes
from s2sdiff.transforms.new_memory import is_numbers_own

__all__ = ["run"]


def run(block: Block, memory: Classes | None) -> Block:
    """The block with stand-ins for functions of C, conversions, and what makes arrays.

    `memory` tells which of these are written.
    """
    own = {s.target.name for s in ir.walk(block) if isinstance(s, Store)
           and isinstance(s.target, Var)}  # such as cotangents that elements are added to

    def written(name: str) -> bool:
        return name in own or (memory is not None and bool(memory.written_in(name)))

    return _block(block, written)


def _block(block: Block, written: Callable[[str], bool]) -> Block:
    out: list[ir.Stmt] = []
    for s in block:
        inner = ir.blocks(s)
        if inner:
            s = ir.with_blocks(s, tuple([_block(b, written) for b in inner]))
        out.append(_bind(s, written) if isinstance(s, Bind) else s)
    return ir.unless_same(out, block)


def _bind(s: Bind, written: Callable[[str], bool]) -> Bind:
    fn: Any = s.fn
    if isinstance(fn, Ref):
        stands_in = _of(fn.object)
        if stands_in is None and _makes_array(s, fn.object) and any(map(written, s.targets)):
            stands_in = making(fn.object)
        fn = Ref(stands_in) if stands_in is not None else fn
    args = tuple([_atom(a, written) for a in s.args])
    kwargs = tuple([(k, _atom(a, written)) for k, a in s.kwargs])
    if isinstance(fn, Var) and "pullback" not in fn.name:
        # What is found when the code runs, and of which nobody asks a derivative.
        return ir.replace(s, fn=Ref(unasked), args=(fn, *args), kwargs=kwargs)
    if fn is s.fn and args == s.args and kwargs == s.kwargs:
        return s
    return ir.replace(s, fn=fn, args=args, kwargs=kwargs)


def _makes_array(s: Bind, fn: Any) -> bool:
    """An operator or a function of NumPy's; the library's own know of tangents."""
    module = getattr(fn, "__module__", None) or ""
    return module.partition(".")[0] != "s2sdiff" and is_numbers_own(s, fn)


def _of(fn: Any) -> Any:
    try:
        return routed(fn)
    except TypeError:
        return None  # it cannot be hashed


def _atom(a: Any, written: Callable[[str], bool]) -> Any:
    if isinstance(a, Star):
        return ir.replace(a, value=_atom(a.value, written))
    return ir.replace(a, bind=_bind(a.bind, written)) if isinstance(a, Inlined) else a
