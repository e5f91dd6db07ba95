"""Notes of active values that go out of a program's sight while differentiated code runs.

What is written into a file, as numbers or as text, or kept as text, has no derivative when it is
read again, by whatever function.  So what reads a file, or a number out of a text, is refused in
the run in which something went out; of files only where it may be the same one.
"""

from __future__ import annotations

import dis
import functools
import inspect
import io
import os
import sys
import time
import types
from typing import Any

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.inert import is_inert
from s2sdiff.runtime.kept_in_run import RUN
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.runtime.written_names import functions_behind, written_by

__all__ = ["codes_of", "fetches", "names_in", "parses", "prints", "sends", "sent", "sent_by",
           "sent_by_method", "sent_if_kept", "unless_sent", "unless_sent_text", "was_sent",
           "writes"]

#: Where something went, while no operator runs that would forget it.
_elsewhere: list[Any] = []


def sent(where: Any = None) -> None:
    """Note that something active went to a file, to some file (True), or anywhere (None)."""
    _notes().append((where if where is True else _named(where), time.time_ns()))


def sent_if_kept(file: Any = None) -> None:
    """Note that something active was printed, but for where nobody reads it again."""
    file = sys.stdout if file is None else file
    if isinstance(file, io.StringIO) or file not in (
            sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
        sent(file)


def sent_by(function: Any) -> None:
    """Note what a method that has a name of its own may keep: `put = stream.write; put(text)`.

    A function in Python that keeps something, and is known now only, is refused the text.
    """
    if isinstance(function, types.BuiltinMethodType):
        if not isinstance(function.__self__, (types.ModuleType, type(None))):
            sent(function.__self__)
        return
    function = getattr(function, "__func__", function)
    codes = codes_of(function)
    if writes(function) or any(not (_SENDING | _SAVING).isdisjoint(c.co_names) for c in codes):
        raise refusal(UnsupportedError, f"text that was made of an active value is given to "
                      f"{codes[0].co_name}, which may keep it, under another name",
                      "call it by its own name, or mark the number with sd.stop_gradient")


def sent_by_method(owner: Any, name: str) -> None:
    """Note what a method in Python keeps, whose class is known now only."""
    found = getattr(owner, name, None) if isinstance(owner, type | types.ModuleType) else \
        inspect.getattr_static(class_of(owner), name, None)
    if any(writes(f) for f in functions_behind(getattr(found, "__func__", found))):
        sent()


def unless_sent(result: Any, where: Any = None) -> None:
    """Refuse what was read, where something active may have gone there in this run."""
    notes = _notes()
    if not notes or (is_inert(result) and not isinstance(result, (str, bytes))):
        return
    place = _named(where)
    if place is None or any(to == place or (to in (None, True) and not _is_older(where, at))
                            for to, at in notes):
        raise refusal(UnsupportedError, "text or a file that was made of an active value is read "
                      "back into the result",
                      "use the number itself, or mark it with sd.stop_gradient")


def unless_sent_text(x: Any, of_file: bool) -> None:
    """Refuse to make a number of a text, where one was kept in this run, be it in a file."""
    if isinstance(x, (str, bytes)) and (of_file or was_sent()):
        unless_sent(x)


def was_sent() -> bool:
    """Whether something active went anywhere in this run, and not only into files."""
    return any(to is None for to, _ in _notes())


def _is_older(where: Any, when: int) -> bool:
    """Whether a file was last written surely before a time."""
    try:
        found = os.fstat(where.fileno()) if hasattr(where, "fileno") else os.stat(where)
    except (OSError, TypeError, ValueError):
        return False
    return found.st_mtime_ns < when - _TICK


#: File systems' clocks go by steps.
_TICK = 50_000_000


def _notes() -> list[Any]:
    return _elsewhere if RUN.kept is None else RUN.kept.setdefault("sent", [])


def _named(where: Any) -> Any:
    """What a file is known by: its path, or itself where it has none; None where nobody knows.

    >>> _named("values.npy") == _named(os.path.abspath("values"))
    True
    """
    if isinstance(where, (str, os.PathLike)):
        return os.path.abspath(os.fspath(where)).removesuffix(".npy").removesuffix(".npz")
    if isinstance(where, (io.StringIO, io.BytesIO)):
        return id(where)
    name = getattr(where, "name", None)
    return _named(name) if isinstance(name, str) else None


# --------------------------------------------------------------------------- what code does


def sends(function: Any, cls: type | None = None) -> str | None:
    """Whether a function, or one that it calls, writes "files", or keeps texts "anywhere".

    `cls` is the class that a method is called on.

    >>> sends(len), fetches(len), prints(len)
    (None, False, False)
    """
    codes = codes_of(function, cls)
    if any(not _SENDING.isdisjoint(c.co_names) or _keeps_text(c) for c in codes):
        return "anywhere"
    return "files" if any(not _SAVING.isdisjoint(c.co_names) for c in codes) else None


def writes(function: Any) -> bool:
    """Whether a function, or one that it calls, puts something where it may be taken from."""
    return any(any(written_by(c)) for c in codes_of(function))


def prints(function: Any) -> bool:
    """Whether a function, or one that it calls, prints."""
    return any("print" in c.co_names for c in codes_of(function))


def fetches(function: Any) -> bool:
    """Whether a function, or one that it calls, reads files, or what is like one."""
    return any(not _FETCHING.isdisjoint(c.co_names) for c in codes_of(function))


def parses(function: Any, cls: type | None = None) -> bool:
    """`fetches`, or may make a number of a text; `cls` is the class that a method is called on."""
    return any(not (_FETCHING | _PARSING).isdisjoint(c.co_names) for c in codes_of(function, cls))


def names_in(function: Any) -> set[str]:
    """The names that a function, or one that it calls, reads attributes and globals by."""
    return {n for c in codes_of(function) for n in c.co_names}


def codes_of(function: Any, cls: type | None = None) -> list[types.CodeType]:
    """The code of a function, and of those that it names, which may be methods of a class."""
    found: list[types.CodeType] = []
    waiting = [function]
    while waiting:
        f = waiting.pop()
        if not isinstance(f, types.FunctionType) or f.__code__ in found or is_of_library(f):
            continue
        inner = _inside(f.__code__)
        found += inner
        names = [n for c in inner for n in c.co_names]
        waiting += [f.__globals__.get(n) for n in names]
        if cls is not None:
            waiting += [g for n in names for c in cls.__mro__ for g in functions_behind(
                vars(c).get(n))]
    return found


@functools.lru_cache(maxsize=4096)
def _inside(code: types.CodeType) -> tuple[types.CodeType, ...]:
    return (code, *[c for inner in code.co_consts if isinstance(inner, types.CodeType)
                    for c in _inside(inner)])


@functools.lru_cache(maxsize=4096)
def _keeps_text(code: types.CodeType) -> bool:
    makes = not _TEXTS.isdisjoint(code.co_names) or any(
        i.opname in _FORMATTING for i in dis.get_instructions(code))
    return makes and any(written_by(code))


_SAVING = frozenset({
    "save", "savez", "savez_compressed", "savetxt", "dump", "tofile", "write", "writelines",
    "write_text", "write_bytes", "writerow", "writerows"})
_SENDING = frozenset({"putenv", "environ", "execute", "executemany", "send", "sendall", "put",
                      "put_nowait"})
_FETCHING = frozenset({
    "load", "loadtxt", "genfromtxt", "fromfile", "memmap", "fromregex", "read", "readline",
    "readlines", "read_text", "read_bytes", "getenv", "environ", "fetchone", "fetchall", "recv",
    "getvalue"})
_PARSING = frozenset({"float", "complex", "loads", "literal_eval", "fromhex", "fromstring",
                      "frombuffer", "eval", "Decimal", "Fraction", "get", "get_nowait", "astype"})
_FORMATTING = ("FORMAT_VALUE", "FORMAT_SIMPLE", "FORMAT_WITH_SPEC", "BUILD_STRING")
_TEXTS = frozenset({"str", "repr", "format", "ascii", "dumps"})
