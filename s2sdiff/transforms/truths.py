"""Comparisons that a class defines, and that may give more than a truth value.

Of operands of unknown class a comparison has no derivative (`reaching`), unless a class was met
that has such a method.
"""

from __future__ import annotations

import dis
import math
import operator
import types
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sdiff import errors, ir, ops, registry
from s2sdiff.ir import Bind, Const, Exit, Free, Move, Var
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.runtime.own_operators import TAKING_OVER, takes_over
from s2sdiff.runtime.suspects import NUMPY, varying
from s2sdiff.transforms import early
from s2sdiff.transforms.meant import namespace_value

__all__ = ["COMPARISONS", "inside", "of_class"]

COMPARISONS = ("__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__")


def of_class(cls: type) -> Iterator[str]:
    """How it is noted that comparisons of a class may give something with a derivative."""
    for base in cls.__mro__[:-1]:
        for name in () if is_of_library(base) else COMPARISONS:
            method = vars(base).get(name)
            if isinstance(method, types.FunctionType):
                # What `dataclass` writes has no file.
                telling = method.__code__.co_filename == "<string>" or is_of_library(
                    method) or _gives_truth(method, set())
            else:
                telling = method is None or isinstance(method, types.WrapperDescriptorType)
            if not telling:
                yield varying(name)
    if takes_over(cls) and not is_of_library(cls):
        yield NUMPY


def _gives_truth(function: types.FunctionType, seen: set[Any]) -> bool:
    """Whether all that a function may give is True, False or NotImplemented."""
    if function.__code__ in seen:
        return True
    seen.add(function.__code__)
    try:
        body = early.swept(function).body
    except errors.DifferentiationError:
        return False
    sources: dict[str, list[Any]] = {}
    for s in ir.walk(body):
        if isinstance(s, Move):
            for name, a in zip(s.targets, s.sources, strict=True):
                sources.setdefault(name, []).append(a)
        else:
            for name in ir.defines(s):
                sources.setdefault(name, []).append(s)
    waiting: list[Any] = [
        s.value for s in ir.walk(body) if isinstance(s, Exit) and s.kind == "return"]
    followed: set[str] = set()
    while waiting:
        source = waiting.pop()
        if isinstance(source, Var):
            if source.name not in followed:
                followed.add(source.name)
                waiting += sources.get(source.name, [None])
        elif isinstance(source, Bind) and _is_both(source):
            waiting += source.args
        elif not _is_truth(source, function, seen):
            return False
    return True


def _is_both(source: Bind) -> bool:
    return any(map(source.calls, (operator.and_, operator.or_, operator.xor)))


def _is_truth(source: Any, function: types.FunctionType, seen: set[Any]) -> bool:
    """Whether an atom, or what a statement binds, is such a value."""
    if isinstance(source, Const):
        return isinstance(source.value, bool)
    if isinstance(source, Free):
        return source.name == "NotImplemented"
    if not isinstance(source, Bind):
        return False
    target = namespace_value(function, source.fn.name) if isinstance(source.fn, Free) else \
        getattr(source.fn, "object", None)
    if target is ops.method:
        # What the class says of the comparison is noted when that is met.
        return source.args[1] in _NAMES
    if isinstance(target, types.FunctionType) and registry.find(target) is None:
        return _gives_truth(target, seen)
    return any(target is f for f in _TELLING)


_NAMES = tuple(map(Const, COMPARISONS))
#: They give truth values, or ask the operands' classes, which are noted themselves.
_TELLING = (
    isinstance, issubclass, hasattr, callable, bool, any, all, operator.not_, operator.truth,
    operator.is_, operator.is_not, ops.contains, ops.not_contains, operator.lt, operator.le,
    operator.gt, operator.ge, operator.eq, operator.ne, math.isclose, np.array_equal, np.allclose,
    np.isclose, np.all, np.any)


def inside(methods: list[types.CodeType]) -> Iterator[str]:
    """Such notes of the code of a class's methods, as far as their instructions show."""
    for method in methods:
        if method.co_name in COMPARISONS and not _shows_truth(method):
            yield varying(method.co_name)
        if method.co_name in TAKING_OVER:
            yield NUMPY


def _shows_truth(code: types.CodeType) -> bool:
    before: list[Any] = []
    for i in dis.get_instructions(code):
        if i.opname in _PASSED_OVER:
            continue
        given = i if i.opname == "RETURN_CONST" else before[-1] if before and (
            i.opname == "RETURN_VALUE" or "OR_POP" in i.opname
            or (i.opname == "COPY" and i.arg == 1)) else None
        # A chain of comparisons drops an operand, and gives what came before.
        dropped = given is not None and given.opname == "POP_TOP" and before[-2].opname in (
            "SWAP", "ROT_TWO")
        if given is not None and not dropped and given.opname not in _COMPARING and \
                not isinstance(given.argval, bool) and given.argval != "NotImplemented":
            return False
        before.append(i)
    return True


_COMPARING = ("COMPARE_OP", "CONTAINS_OP", "IS_OP", "UNARY_NOT")
_PASSED_OVER = ("CACHE", "JUMP_FORWARD", "TO_BOOL", "NOT_TAKEN", "EXTENDED_ARG", "NOP")
