"""What objects give of a text that is kept in them, by their methods, properties and operators.

A method that is called as it is, since nothing active is known to be in its object, may make a
number of a text that was made of an active value.
"""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable
from typing import Any

from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.handed_texts import keeps_numbers
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.runtime.own_fields import all_fields, own_fields
from s2sdiff.runtime.sent_out import names_in, parses, unless_sent, unless_sent_text, was_sent
from s2sdiff.runtime.users_names import is_literal
from s2sdiff.runtime.written_names import functions_behind, read_outside

__all__ = ["unless_kept_by_member", "unless_of_callable", "unless_of_member",
           "unless_of_number", "unless_of_operands", "walked_in_sight"]


def unless_of_member(result: Any, owner: Any, name: str) -> None:
    """Refuse what a method, a property or a function of an object made of such a text."""
    if not was_sent():
        return
    cls = class_of(owner)
    found = own_fields(owner).get(name, inspect.getattr_static(cls, name, None))
    told = any(_tells(f, owner) for f in functions_behind(getattr(found, "__func__", found)))
    # Where there is no such member, the class says what there is.
    if told or (found is None and _asks(owner, "__getattr__".__eq__)):
        unless_sent(result)


def unless_kept_by_member(owner: Any, name: str) -> None:
    """Refuse that a method makes a number of such a text, and writes something."""
    cls = class_of(owner)
    found = inspect.getattr_static(cls, name, None)
    if was_sent() and any(keeps_numbers(f, cls) and _tells(f, owner)
                          for f in functions_behind(getattr(found, "__func__", found))):
        unless_sent(0.0)


def unless_of_callable(result: Any, function: Any, *given: Any) -> None:
    """Refuse what was made of such a text by a function that is known when it runs."""
    if not was_sent():
        return
    while isinstance(function, functools.partial):
        given = (*given, *function.args, *function.keywords.values())
        function = function.func
    owner = getattr(function, "__self__", None)
    if isinstance(function, types.MethodType):
        unless_of_member(result, owner, function.__name__)
    elif isinstance(function, types.FunctionType):
        names = names_in(function)
        if parses(function) or any(
                _asks(x, lambda n: n in names or _is_special(n)) for x in given):
            unless_sent(result)
    # Others call methods by a name that only they know.
    elif any(_asks(x, lambda n: True) for x in (function, *given)):
        unless_sent(result)


def unless_of_operands(result: Any, *operands: Any) -> None:
    """Refuse what operators and built-in functions have made of objects with such a text."""
    if was_sent() and any(_asks(x, _is_special) for x in operands):
        unless_sent(result)


def unless_of_number(result: Any, x: Any, of_file: bool) -> None:
    """Refuse to make a number of such a text, or of an object that holds one."""
    unless_sent_text(x, of_file)
    unless_of_operands(result, x)


def walked_in_sight(source: Any) -> None:
    """Refuse a loop over what an object makes of such a text."""
    if was_sent() and _asks(source, ("__iter__", "__next__", "__getitem__").__contains__):
        unless_sent(source)


def _asks(owner: Any, named: Callable[[str], bool]) -> bool:
    """Whether a method or property of an object that has such a name tells it."""
    return _is_of_user(owner) and any(
        named(n) and _tells(f, owner) for c in class_of(owner).__mro__
        for n, member in list(vars(c).items()) for f in functions_behind(member))


def _is_special(name: str) -> bool:
    return name.startswith("__")


def _tells(function: types.FunctionType, owner: Any) -> bool:
    """Whether a method makes numbers of text, and such a text is where it looks."""
    return parses(function, class_of(owner)) and (_holds_text(owner, 3) or any(
        _has_text(x, 2) for x in read_outside(function)))


def _is_of_user(x: Any) -> bool:
    cls = class_of(x)
    return not (isinstance(x, type) or cls.__module__ == "builtins" or is_of_library(cls))


def _holds_text(owner: Any, depth: int) -> bool:
    """Whether an object of a class of the user's holds a text with digits, or what it holds does.

    >>> _holds_text(types.SimpleNamespace(text="2.5"), 1), _holds_text("2.5", 1)
    (False, False)
    """
    return _is_of_user(owner) and _has_text(all_fields(owner), depth)


def _has_text(x: Any, depth: int) -> bool:
    if isinstance(x, (str, bytes)):
        return any(map(str.isdigit, str(x))) and not is_literal(x)
    if not depth:
        return False
    if isinstance(x, (dict, types.MappingProxyType)):
        return any(_has_text(v, depth - 1) for v in (*x, *x.values()))
    if isinstance(x, (list, tuple, set, frozenset)):
        return any(_has_text(v, depth - 1) for v in x)
    return _holds_text(x, depth - 1)
