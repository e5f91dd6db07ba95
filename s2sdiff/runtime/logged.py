"""What handlers of logs keep: records with the active values that went into them.

A handler's code is a library's affair and is not followed, so what it has kept in this run has no
derivative when it is read.
"""

from __future__ import annotations

import inspect
import logging
import types
from collections.abc import Iterator
from typing import Any

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.inert import is_inert
from s2sdiff.runtime.kept_in_run import RUN
from s2sdiff.runtime.outside import is_of_user, root_of
from s2sdiff.runtime.own_fields import own_fields
from s2sdiff.runtime.sent_out import names_in
from s2sdiff.runtime.written_names import captured, functions_behind, methods_of, written_in

__all__ = ["goes_into_logs", "kept_names", "not_capturing", "unless_logged", "unless_method_told",
           "unless_told_of_logs"]


def goes_into_logs() -> None:
    """Note that something active may go into a log."""
    if RUN.kept is not None:
        RUN.kept["logged"] = True


def unless_logged(result: Any) -> None:
    """Refuse what a handler keeps, or a record."""
    if _was_logged() and (isinstance(result, logging.LogRecord) or any(
            result is kept for part in _parts() for kept in _kept(part))):
        raise _refusal()


def unless_told_of_logs(result: Any) -> None:
    """Refuse what a function gives that names what a handler keeps."""
    if _was_logged() and not is_inert(result):
        raise _refusal()


def unless_method_told(result: Any, owner: Any, name: str) -> None:
    """Refuse what a method gives that names what a handler of the user's keeps."""
    if _was_logged() and not is_inert(result):
        names = kept_names(False)
        member = inspect.getattr_static(class_of(owner), name, None)
        if any(not names.isdisjoint(names_in(f)) for f in functions_behind(member)):
            raise _refusal()


def not_capturing(part: Any) -> None:
    """Refuse a handler or a filter that captures what may be active, as nobody follows it.

    What is empty yet may be filled.
    """
    if any(isinstance(x, (list, dict, set)) or not is_inert(x)
           for f in _code(part) for x in captured(f)):
        raise refusal(UnsupportedError, f"a {type(part).__name__} of logs captures what may be "
                      "active, and may write it", "keep what is logged beside the log")


def _was_logged() -> bool:
    return RUN.kept is not None and "logged" in RUN.kept


def _refusal() -> Exception:
    return refusal(UnsupportedError, "what a handler of logs has kept of an active value is read "
                   "back into the result",
                   "use the number itself, or mark it with sd.stop_gradient")


def kept_names(of_tests: bool) -> frozenset[str]:
    """The names of attributes and globals in which handlers that there are keep something.

    With `of_tests`, also those that pytest has for whatever is logged.
    """
    return frozenset({n for part in _parts() for n in _names(part)
                      if of_tests or root_of(type(part)) != "_pytest"})


def _parts() -> Iterator[Any]:
    """All handlers, and the filters and formatters of handlers and loggers."""
    # The list holds weak references; loggers have no other way to all handlers.
    handlers = [h for r in list(logging._handlerList)  # type: ignore[attr-defined]
                for h in (r(),) if h is not None]
    loggers = [x for x in (logging.root, *logging.root.manager.loggerDict.values())
               if isinstance(x, logging.Logger)]
    yield from handlers
    yield from [h.formatter for h in handlers if h.formatter is not None]
    yield from [f for x in (*handlers, *loggers) for f in x.filters]


def _names(part: Any) -> frozenset[str]:
    code = _code(part)
    found = written_in(code)
    return _OF_LIBRARY & own_fields(part).keys() | found.attributes | found.names


#: Where `MemoryHandler` and `QueueHandler` keep records.
_OF_LIBRARY = frozenset({"buffer", "queue"})


def _code(part: Any) -> list[types.FunctionType]:
    """What a handler, a filter or a formatter runs of the user's."""
    if isinstance(part, types.FunctionType):
        return [part]
    return [f for f in (*methods_of(type(part)), *own_fields(part).values()) if is_of_user(f)]


def _kept(part: Any) -> Iterator[Any]:
    names = _names(part)
    yield from [v for n, v in own_fields(part).items() if n in names and not is_inert(v)]
    for f in _code(part):
        yield from [f.__globals__[n] for n in names & f.__globals__.keys()]
