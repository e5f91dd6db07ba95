"""Printed text as a function that lives where the original lives: its globals, its own cells."""

from __future__ import annotations

import ast
import builtins
import hashlib
import linecache
import sys
import threading
import types
import warnings
import weakref
from collections.abc import Mapping
from typing import Any

from s2sdiff.backend import deep
from s2sdiff.backend.parameters import default_of
from s2sdiff.backend.printer import Printed
from s2sdiff.ir import Loc
from s2sdiff.runtime.special_fields import with_defaults

__all__ = ["bind", "load", "places"]

#: Python reads no more than 100 levels.
_DEEP = 4 * 90
_lock = threading.RLock()
#: How many living code objects each generated file has.
_users: dict[str, int] = {}
#: What each line of a generated file was made for.
_places: dict[str, dict[int, Loc]] = {}


def places(filename: str) -> Mapping[int, Loc] | None:
    """The places in the user's source by line of a generated file; None for any other file."""
    return _places.get(filename)


def load(printed: Printed, name: str, origin: Any, filename_hint: str | None = None,
         names: dict[str, Any] | None = None) -> Any:
    """The function `name` that the printed text defines.

    Without an `origin`, `names` are its globals.

    It reads the globals and the very closure cells of `origin` (a Python function, or None), and
    tracebacks, `pdb` and `inspect.getsource` show its text.

    >>> square = load(Printed("def square(x):\\n    return x * k\\n", {"k": 3}, ()), "square", None)
    >>> square(2.0), square.__code__.co_filename
    (6.0, '<s2sdiff square 5e48>')
    """
    outer = origin.__code__.co_freevars if origin is not None else ()
    extras = list(printed.cells)
    assert not set(extras) & set(outer), "a cell has the name of a captured variable"
    with _lock:
        filename = _filename(filename_hint or name, printed)
        code = _compiled(printed.text, name, (*outer, *extras), filename)
        _register(filename, printed, code)
    cells = _cells(origin) if origin is not None else {}
    cells |= {cell: types.CellType(printed.cells[cell]) for cell in extras}
    closure = tuple([cells[n] for n in code.co_freevars])
    space = origin.__globals__ if origin is not None else \
        {"__builtins__": builtins, "__name__": "", **(names or {})}
    function = types.FunctionType(code, space, name, None, closure or None)
    function.__defaults__, function.__kwdefaults__ = _defaults(name, origin, printed)
    _dress(function, origin, name)
    return function


def bind(loaded: Any, other: Any) -> Any:
    """The loaded code for another function with the original's code: its closure and defaults.

    Parameters
    ----------
    loaded : what `load` returned
    other : a function whose `__code__` is that of the `origin` given to `load`
    """
    code = loaded.__code__
    cells = _cells(loaded) | _cells(other)
    closure = tuple([cells[n] for n in code.co_freevars])
    function = types.FunctionType(code, other.__globals__, loaded.__name__, None, closure or None)
    positional = code.co_varnames[:code.co_argcount]
    known = set(with_defaults(other))
    count = len(loaded.__defaults__ or ())
    pairs = list(zip(positional[len(positional) - count:], loaded.__defaults__ or (), strict=True))
    values = [default_of(other, n) if n in known else d for n, d in pairs]
    function.__defaults__ = tuple(values) or None
    keywords = (loaded.__kwdefaults__ or {}).items()
    values = {n: default_of(other, n) if n in known else d for n, d in keywords}
    function.__kwdefaults__ = values or None
    _dress(function, other, loaded.__name__)
    return function


def _cells(function: Any) -> dict[str, types.CellType]:
    return dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))


def _dress(function: Any, origin: Any, name: str) -> None:
    function.__qualname__ = name
    if origin is not None:
        function.__module__ = origin.__module__
        prefix, dot, _ = origin.__qualname__.rpartition(".")
        function.__qualname__ = f"{prefix}{dot}{name}"


def _compiled(text: str, name: str, outer: tuple[str, ...], filename: str) -> types.CodeType:
    """The code of the definition in a text, for which the names in `outer` are cells.

    The text is compiled as it is, so that lines and columns are its own: around the definition
    stands a function, whose indentation is on a line before, which a backslash joins to the `def`.
    """
    at = _start(text, name)
    around = f"{text[:at]}def factory({', '.join(outer)}):\n \\\n{text[at:]}"
    with warnings.catch_warnings():
        # A side that is never taken may read `None[0]`; of their own text users were told before.
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            code = compile(around, filename, "exec", dont_inherit=True)
        except IndentationError:
            if not any(line.startswith(_DEEP * " ") for line in text.splitlines()):
                raise
            code = compile(deep.parsed(around), filename, "exec", dont_inherit=True)
    return _named(_inner(_inner(code, "factory"), name), name)


def _start(text: str, name: str) -> int:
    """Where the definition begins: in front of it are comments."""
    head = f"def {name}("
    return 0 if text.startswith(head) else text.index("\n" + head) + 1


def _inner(code: types.CodeType, name: str) -> types.CodeType:
    found = [c for c in code.co_consts if isinstance(c, types.CodeType) and c.co_name == name]
    return found[-1]


def _named(code: types.CodeType, name: str) -> types.CodeType:
    """The code without the factory in its lines, and in its qualified names (since Python 3.11)."""
    constants = tuple([
        _named(c, f"{name}.<locals>.{c.co_name}") if isinstance(c, types.CodeType) else c
        for c in code.co_consts
    ])
    code = code.replace(co_firstlineno=code.co_firstlineno - 2, co_consts=constants)
    return code.replace(co_qualname=name) if sys.version_info >= (3, 11) else code


# --------------------------------------------------------------------------------- defaults


def _defaults(name: str, origin: Any, printed: Printed) -> tuple[Any, Any]:
    a = _header(printed.text, name)
    if a is None:
        return None, None
    known = set(with_defaults(origin)) if origin is not None else set()

    def of(name: str, node: ast.expr) -> Any:
        if name in known:
            return default_of(origin, name)
        return printed.cells[node.id] if isinstance(node, ast.Name) else ast.literal_eval(node)

    positional = [p.arg for p in (*a.posonlyargs, *a.args)]
    positional = positional[len(positional) - len(a.defaults):]
    plain = tuple([of(n, node) for n, node in zip(positional, a.defaults, strict=True)])
    pairs = zip(a.kwonlyargs, a.kw_defaults, strict=True)
    keyword = {p.arg: of(p.arg, node) for p, node in pairs if node is not None}
    return plain or None, keyword or None


def _header(text: str, name: str) -> ast.arguments | None:
    """The parameters of the definition in a text; None where none of them has a default."""
    head = ""
    for line in text[_start(text, name):].splitlines(True):
        head += line
        if line.endswith(":\n"):
            if "=" not in head:
                return None
            try:
                found: Any = ast.parse(f"{head} pass").body[0]
            except SyntaxError:
                continue
            return found.args
    return None


# --------------------------------------------------------------------------- generated files


def _filename(hint: str, printed: Printed) -> str:
    # One text made of two of the user's files is two files: each has places of its own.
    digest = hashlib.sha256(printed.text.encode()).hexdigest()
    for digits in range(4, 2 * len(digest) + 1, 4):
        if digits > len(digest):
            digest += hashlib.sha256(repr(printed.locs).encode()).hexdigest()
        filename = f"<s2sdiff {hint} {digest[:digits]}>"
        entry = linecache.cache.get(filename)
        if entry is None:
            return filename
        same = len(entry) == 4 and "".join(entry[2]) == printed.text
        if same and _places.get(filename) == printed.locs:
            return filename
    raise AssertionError("two texts have one hash")


def _register(filename: str, printed: Printed, code: types.CodeType) -> None:
    # No modification time: `linecache.checkcache` then leaves the entry alone.
    text = printed.text
    linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
    _places[filename] = printed.locs
    pending = [code]
    while pending:
        # A pullback may outlive the function: the text stays while any of its code is alive.
        found = pending.pop()
        _users[filename] = _users.get(filename, 0) + 1
        weakref.finalize(found, _release, filename).atexit = False
        pending += [c for c in found.co_consts if isinstance(c, types.CodeType)]


def _release(filename: str) -> None:
    with _lock:
        _users[filename] -= 1
        if not _users[filename]:
            del _users[filename]
            linecache.cache.pop(filename, None)
            _places.pop(filename, None)
