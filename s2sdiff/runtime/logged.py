"""What handlers of logs keep: records with the active values that went into them.

A handler's code is a library's affair and is not followed, so what it has kept in this run has no
derivative when it is read.
"""

from __future__ import annotations

import collections
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
    """Note that something active may go into a log, and what is kept before it does."""
    if RUN.kept is not None and "logged" not in RUN.kept:
        RUN.kept["logged"] = {key: _state(value) for key, value in _places()}


def unless_logged(result: Any) -> None:
    """Refuse what a handler keeps, or a record, if anything was put there in this run."""
    if _was_logged() and any(value is result or isinstance(result, logging.LogRecord)
                             for _, value in _changed()):
        raise _refusal()


def unless_told_of_logs(result: Any, function: Any) -> None:
    """Refuse what a function gives that names what a handler keeps."""
    if _was_logged() and not is_inert(result):
        names = names_in(function)
        if any(name in names for (_, name), _ in _changed()):
            raise _refusal()


def unless_method_told(result: Any, owner: Any, name: str) -> None:
    """Refuse what a method gives that names what a handler keeps."""
    member = inspect.getattr_static(class_of(owner), name, None)
    for f in functions_behind(member):
        unless_told_of_logs(result, f)


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
    return frozenset({n for part in _parts() for n, _ in _kept(part)
                      if of_tests or root_of(type(part)) != "_pytest"})


def _places() -> Iterator[tuple[Any, Any]]:
    for part in _parts():
        for name, value in _kept(part):
            yield (id(part), name), value


def _changed() -> Iterator[tuple[Any, Any]]:
    """What handlers keep now, and did not when the first number went into a log."""
    assert RUN.kept is not None
    before = RUN.kept["logged"]
    return ((key, value) for key, value in _places() if before.get(key) != _state(value))


def _state(value: Any) -> Any:
    held = value.values() if isinstance(value, dict) else value
    return id(value), tuple(map(id, held)) if isinstance(value, _SIZED) else None


_SIZED = (list, dict, set, collections.deque)


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


def _kept(part: Any) -> Iterator[tuple[str, Any]]:
    """By name what a handler, a filter or a formatter keeps; None for what is not there yet."""
    code = _code(part)
    found, own = written_in(code), own_fields(part)
    for n in (_OF_LIBRARY & own.keys()) | (found.attributes - _OF_RECORDS):
        if not isinstance(own.get(n), _FIXED):
            yield n, own.get(n)
    for f in code:
        yield from [(n, f.__globals__[n]) for n in found.names & f.__globals__.keys()]


#: Where `MemoryHandler` and `QueueHandler` keep records.
_OF_LIBRARY = frozenset({"buffer", "queue"})
#: What handlers write into records.
_OF_RECORDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
#: Counts and texts of handlers.
_FIXED = (int, str, bytes)


def _code(part: Any) -> list[types.FunctionType]:
    """What a handler, a filter or a formatter runs of the user's."""
    if isinstance(part, types.FunctionType):
        return [part]
    return [f for f in (*methods_of(type(part)), *own_fields(part).values()) if is_of_user(f)]
