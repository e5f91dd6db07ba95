"""`FILE.py:FUNC` and `module:FUNC`, as people type them on the command line, to functions."""

from __future__ import annotations

import contextlib
import difflib
import importlib
import importlib.util
import inspect
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

__all__ = ["BadTarget", "function_named", "functions_of", "load"]


class BadTarget(Exception):
    """What was typed names no function; the message is one line."""


@contextlib.contextmanager
def _one_line(what: str) -> Any:
    """Turn whatever the user's module raises while it is imported into one line."""
    try:
        # What a module prints while it is imported must not get into what is dumped.
        with contextlib.redirect_stdout(sys.stderr):
            yield
    except SyntaxError as error:
        raise BadTarget(f"{error.filename}:{error.lineno}: {error.msg}") from error
    except (Exception, SystemExit) as error:
        reason = " ".join(str(error).split())
        raise BadTarget(f"cannot import {what}: {type(error).__name__}: {reason}") from error


def _load_file(path: Path) -> ModuleType:
    if not path.exists():
        raise BadTarget(f"no such file: {path}")
    if not path.is_file():
        raise BadTarget(f"not a file: {path}")
    path = path.resolve()
    folder, names = path.parent, [path.stem]
    while (folder / "__init__.py").exists():
        names.insert(0, folder.name)
        folder = folder.parent
    sys.path.insert(0, str(folder))
    name = ".".join(names)
    while name in sys.modules:
        known = getattr(sys.modules[name], "__file__", None)
        if known is not None and Path(known) == path:
            return sys.modules[name]
        name += "_"
    with _one_line(str(path)):
        if len(names) > 1:
            importlib.import_module(".".join(names[:-1]))
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return module


def load(place: str) -> ModuleType:
    """The module that a file or a dotted name means."""
    if place.endswith(".py"):
        return _load_file(Path(place))
    if not place or not all(part.isidentifier() for part in place.split(".")):
        raise BadTarget(f"{place!r} is neither a .py file nor the name of a module")
    # A console script does not have the working directory on its path; `python -m` does.
    if "" not in sys.path:
        sys.path.insert(0, "")
    with _one_line(place):
        return importlib.import_module(place)


def function_named(target: str) -> Any:
    """The function that `FILE.py:FUNC`, `module:FUNC` or `module:Class.method` names."""
    place, colon, name = target.rpartition(":")
    if not colon or not place or not name:
        raise BadTarget(f"{target!r}: say FILE.py:FUNC or module:FUNC")
    found: Any = load(place)
    for part in name.split("."):
        if not hasattr(found, part):
            known = [n for n, v in vars(found).items() if callable(v)]
            close = difflib.get_close_matches(part, known, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise BadTarget(f"{place} has no function {name!r}{hint}")
        found = getattr(found, part)
    if not callable(found) or inspect.isclass(found):
        raise BadTarget(f"{target} is a {type(found).__name__}, not a function")
    return found


def functions_of(module: ModuleType) -> list[Any]:
    """The functions and methods that a module defines itself, in the order of its text."""
    found = []
    for scope in (module, *(v for v in vars(module).values() if inspect.isclass(v))):
        if scope is not module and scope.__module__ != module.__name__:
            continue
        for value in vars(scope).values():
            plain = getattr(value, "__s2sdiff_target__", value)
            plain = getattr(plain, "__func__", plain)
            if inspect.isfunction(plain) and plain.__module__ == module.__name__:
                found.append(plain)
    return sorted(found, key=lambda f: f.__code__.co_firstlineno)
