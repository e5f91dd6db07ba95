"""Classes whose `__getattribute__` answers for every attribute of their objects."""

from __future__ import annotations

import dis
import functools
import types
from typing import Any

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import unseen
from s2sdiff.runtime.carried import class_of

__all__ = ["answering", "answers"]


def answers(owner: Any) -> bool:
    """Whether a function of an object's class is asked for each of its attributes."""
    cls = class_of(owner)
    return isinstance(cls.__getattribute__, types.FunctionType) and not isinstance(owner, type)


def answering(owner: Any, name: str) -> Any:
    """That function; None where Python itself finds what an attribute is.

    Whoever looks at such an object runs it, be it for `isinstance`: it may write nothing, and must
    have nothing of its own to say of where the fields are.
    """
    if not answers(owner):
        return None
    cls = class_of(owner)
    asked = cls.__getattribute__
    assert unseen.writes is not None
    if unseen.writes(cls, asked) or _leaves_traces(asked.__code__) or any(
            getattr(owner, n, None) is not _plain(owner, n) for n in ("__dict__", "__class__")):
        raise refusal(UnsupportedError,
                      f".{name} of a {cls.__name__} is read by __getattribute__, which may write",
                      "define a property, or __getattr__ for what is not there")
    return asked


@functools.cache
def _leaves_traces(code: types.CodeType) -> bool:
    """Whether a function stores, prints or counts: it is asked more often than in the plain run."""
    return any(
        i.opname in _STORING or i.argval == "print"
        or (i.opname == "STORE_DEREF" and i.argval in code.co_freevars)
        for i in dis.get_instructions(code)) or any(
        _leaves_traces(c) for c in code.co_consts if isinstance(c, types.CodeType))


_STORING = frozenset({"STORE_ATTR", "STORE_SUBSCR", "STORE_GLOBAL", "STORE_SLICE", "DELETE_ATTR",
                      "DELETE_SUBSCR", "DELETE_GLOBAL"})


def _plain(owner: Any, name: str) -> Any:
    try:
        return object.__getattribute__(owner, name)
    except AttributeError:
        return None
