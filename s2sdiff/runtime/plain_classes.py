"""Classes whose objects hold all that they have in their `__dict__`."""

from __future__ import annotations

import functools
import types
from abc import ABCMeta
from typing import Any

from s2sdiff.errors import UnsupportedError, refusal

__all__ = ["check_hashed", "hashes_itself", "is_plain", "module_of"]


def is_plain(cls: Any) -> bool:
    """Whether all that its objects hold lies in their `__dict__`, where Python put it.

    >>> from fractions import Fraction
    >>> from contextlib import ContextDecorator
    >>> is_plain(ContextDecorator), is_plain(Fraction), is_plain(ValueError)
    (True, False, False)
    """
    # Of a class of a class of the user's own nobody knows what it is equal to.
    return type(cls) in _CLASSES and _is_plain(cls)


@functools.lru_cache(maxsize=1024)
def _is_plain(cls: Any) -> bool:
    return all(map(_adds_no_slots, cls.__mro__[:-1])) and \
        any("__dict__" in vars(c) for c in cls.__mro__) and \
        not hasattr(cls, "__del__") and _is_python(cls)


def check_hashed(cls: Any) -> None:
    """Refuse a class that is no key: all that is known of classes is found by them."""
    if type(cls).__hash__ is None:
        raise refusal(UnsupportedError, f"the class {cls.__name__} has no hash, as its metaclass "
                      f"{type(cls).__name__} defines __eq__ and no __hash__",
                      f"write `__hash__ = type.__hash__` in {type(cls).__name__}")


def hashes_itself(x: Any) -> bool:
    """Whether tables that are asked for it run code of its class, which may write or raise.

    >>> hashes_itself(len), hashes_itself(is_plain)
    (False, False)
    """
    return isinstance(type(x).__hash__, types.FunctionType)


def _is_python(cls: Any) -> bool:
    """No class of C lies behind it, whose objects hold more than anybody sees."""
    try:
        object.__new__(cls)
    except TypeError:
        return False
    return True


def module_of(cls: Any) -> str:
    """Where a class was made; a class of C may say nothing of it, and have a field of that name."""
    module = cls.__module__
    return module if isinstance(module, str) else ""


def _adds_no_slots(cls: Any) -> bool:
    own = vars(cls)
    package, _, module = module_of(cls).partition(".")
    return bool(cls.__flags__ & 1 << 9) and not own.get("__slots__") and \
        "__getattribute__" not in own and \
        isinstance(own.get("__dict__", _DICT), types.GetSetDescriptorType) and (
            package not in _OTHERS or (package == "s2sdiff" and module.partition(".")[0] == "nn"))


_CLASSES = (type, ABCMeta)
#: Of these libraries' classes some hold what is not seen, or are matrices or functions.
_OTHERS = frozenset({"functools", "numpy", "s2sdiff", "scipy"})
_DICT = vars(types.new_class("Plain"))["__dict__"]
