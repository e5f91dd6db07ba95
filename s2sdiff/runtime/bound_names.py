"""Global names that functions bind anew while they run, as their bytecode says."""

from __future__ import annotations

import dis
import types
from collections.abc import Iterator
from typing import Any

__all__ = ["binds", "binds_inside", "keeps_type", "names_bound", "with_nested"]

#: What `global name` makes of an assignment.
_GLOBAL = dis.opmap["STORE_GLOBAL"]
_CONSTANTS = ("LOAD_CONST", "LOAD_SMALL_INT")


def names_bound(code: types.CodeType) -> frozenset[str]:
    """The global names that a function assigns, and those that it makes.

    Where it asks for `globals()`, each text in it may be such a name.
    """
    found: set[str] = set()
    for c in with_nested(code):
        if _GLOBAL in c.co_code[::2]:
            found.update(i.argval for i in dis.get_instructions(c) if i.opcode == _GLOBAL)
        if "globals" in c.co_names:
            found.update(v for v in c.co_consts if isinstance(v, str) and v.isidentifier())
    return frozenset(found)


def binds(code: types.CodeType) -> bool:
    """Whether a global name gets more than a constant, or one more than it was."""
    return any(how is _ANYTHING for _, how in _stores(code))


def keeps_type(code: types.CodeType, name: str, t: type) -> bool:
    """Whether a number with a global name, or a text, stays of its type, as counts do."""
    for c in with_nested(code):
        if "globals" in c.co_names and name in c.co_consts:
            return False
        stores = (*_stores(c), *(_stores(c, "STORE_DEREF") if name in c.co_freevars else ()))
        if not all(type(how) is t for n, how in stores if n == name):
            return False
    return True


_ANYTHING = object()


def _stores(code: types.CodeType, operation: str = "STORE_GLOBAL") -> list[tuple[str, Any]]:
    """The global names that a function itself assigns, each with the constant that it becomes, or
    is counted up by; else with `_ANYTHING`; or those that it has from around."""
    if dis.opmap[operation] not in code.co_code[::2]:
        return []
    steps = [i for i in dis.get_instructions(code) if i.opname != "NOP"]
    found: list[tuple[str, Any]] = []
    for i, step in enumerate(steps):
        if step.opname != operation:
            continue
        before = steps[max(i - 3, 0):i]
        # Where one jumps to, the stack comes from elsewhere: `n = x if c else 0`.
        if step.is_jump_target:
            before = []
        counts = len(before) == 3 and not any(b.is_jump_target for b in before[1:]) and \
            before[0].opname == operation.replace("STORE", "LOAD") and \
            before[0].argval == step.argval and \
            before[1].opname in _CONSTANTS and \
            _is_arithmetic(before[2])
        constant = before[-1:] and before[-1].opname in _CONSTANTS
        found.append((step.argval, before[1].argval if counts else
                      before[-1].argval if constant else _ANYTHING))
    return found


def _is_arithmetic(step: dis.Instruction) -> bool:
    """A sum, difference or product; before Python 3.11 each has instructions of its own."""
    if step.opname == "BINARY_OP":
        return step.argrepr.strip("=") in ("+", "-", "*")
    return step.opname.startswith(("BINARY_", "INPLACE_")) and step.opname.partition("_")[2] in (
        "ADD", "SUBTRACT", "MULTIPLY")


def binds_inside(code: types.CodeType) -> bool:
    """The same of a function and of those that it makes."""
    return any(map(binds, with_nested(code)))


def with_nested(code: types.CodeType) -> Iterator[types.CodeType]:
    """A code object, and those of all that is defined inside."""
    yield code
    for c in code.co_consts:
        if isinstance(c, types.CodeType):
            yield from with_nested(c)
