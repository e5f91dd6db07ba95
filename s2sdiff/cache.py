"""Compiled code found again: by code object and request, chosen by the kinds and guards of the call.

`Dispatcher` is what generated code calls `g_vjp` and what the public operators call.  A guard is a
path into the namespace of the function at hand, so closures that share code share compilations.
"""

from __future__ import annotations

import itertools
import types
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import compiler, registry
from s2sdiff.compiler import Compiled
from s2sdiff.kinds import ANY, Kind, kind_of
from s2sdiff.runtime import calls
from s2sdiff.transforms.context import Guard, Request

__all__ = ["Dispatcher", "derived", "described", "dispatcher"]

_compiled: dict[Any, list[Compiled]] = {}
_dispatchers: weakref.WeakKeyDictionary[Any, dict[Any, Dispatcher]] = weakref.WeakKeyDictionary()


class Dispatcher:
    """A function's derivative under one request: checks guards, compiles on a miss, calls."""

    def __init__(self, fn: Any, request: Request) -> None:
        self.fn, self.request = weakref.proxy(fn) if False else fn, request
        self.entries: list[tuple[Callable[..., bool], Any, Compiled]] = []
        self.epoch = -1
        self.scoped: dict[Any, list] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        token = registry.overlay.get()[0]
        if token is not None:
            return self._scoped(token, args, kwargs)
        if registry.epoch != self.epoch:
            self._refresh()
        for check, function, _ in self.entries:
            if check(*args, **kwargs):
                return function(*args, **kwargs)
        return self._made(self.entries, None, args, kwargs)(*args, **kwargs)

    def _scoped(self, token: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
        entries = self.scoped.setdefault(token, [])
        for check, function, _ in entries:
            if check(*args, **kwargs):
                return function(*args, **kwargs)
        return self._made(entries, token, args, kwargs)(*args, **kwargs)

    def entry(self, *args: Any, **kwargs: Any) -> Any:
        """The generated function for these arguments."""
        if registry.epoch != self.epoch:
            self._refresh()
        for check, function, _ in self.entries:
            if check(*args, **kwargs):
                return function
        return self._made(self.entries, None, args, kwargs)

    def _refresh(self) -> None:
        """A registration happened: keep what was compiled under the rules now in force."""
        epoch = registry.epoch
        self.entries = [e for e in self.entries if _current(e[2])]
        self.scoped.clear()
        self.epoch = epoch

    def _made(self, entries: list, token: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
        fn, request = self.fn, self.request
        arguments = arguments_of(fn, args, kwargs)
        key = (fn.__code__, request, token)
        shared = _compiled.setdefault(key, [])
        known = {e[2] for e in entries}
        for found in shared:
            if found not in known and _current(found):
                check = _checker(found, fn)
                if check(*args, **kwargs):
                    entries.append((check, found.bound(fn), found))
                    return entries[-1][1]
        made = compiler.compile_for(fn, request, arguments)
        shared.append(made)
        entries.append((_checker(made, fn), made.bound(fn), made))
        return entries[-1][1]


def _current(found: Compiled) -> bool:
    return all(registry.find(target) is rule for target, rule in found.rules)


def dispatcher(fn: Any, request: Request) -> Dispatcher:
    """The dispatcher of a Python function for a request; one per function object."""
    mine = _dispatchers.get(fn)
    if mine is None:
        mine = _dispatchers.setdefault(fn, {})
    found = mine.get(request)
    if found is None:
        found = mine[request] = Dispatcher(fn, request)
    return found


# ----------------------------------------------------------------------------- arguments


def signature_names(fn: Any) -> tuple[list[str], str | None, list[str], str | None]:
    """Positional parameters, the star parameter, keyword-only ones, the double-star parameter."""
    code = fn.__code__
    names = list(code.co_varnames)
    n, k = code.co_argcount, code.co_kwonlyargcount
    rest = names[n + k:]
    star = rest.pop(0) if code.co_flags & 0x04 else None
    mapping = rest.pop(0) if code.co_flags & 0x08 else None
    return names[:n], star, names[n:n + k], mapping


def bound_arguments(fn: Any, args: tuple, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Arguments by parameter, as Python binds them; the plain call's TypeError where it cannot."""
    positional, star, keyword, mapping = signature_names(fn)
    values: dict[str, Any] = dict(zip(positional, args, strict=False))
    extra = args[len(positional):]
    rest = dict(kwargs)
    for name in (*positional, *keyword):
        if name in rest and name not in values:
            values[name] = rest.pop(name)
    defaults = dict(zip(positional[len(positional) - len(fn.__defaults__ or ()):],
                        fn.__defaults__ or (), strict=True))
    defaults.update(fn.__kwdefaults__ or {})
    for name in (*positional, *keyword):
        if name not in values:
            if name not in defaults:
                fn(*args, **kwargs)
                raise TypeError(f"{fn.__qualname__}() missing argument {name!r}")
            values[name] = defaults[name]
    if (extra and star is None) or (rest and mapping is None):
        fn(*args, **kwargs)
        raise TypeError(f"{fn.__qualname__}() got unexpected arguments")
    if star is not None:
        values[star] = tuple(extra)
    if mapping is not None:
        values[mapping] = rest
    return values


def arguments_of(fn: Any, args: tuple, kwargs: dict[str, Any]) -> dict[str, Kind]:
    """Kinds of all parameters for a call."""
    return {n: kind_of(v, n) for n, v in bound_arguments(fn, args, kwargs).items()}


# --------------------------------------------------------------------------------- guards


def _checker(found: Compiled, fn: Any) -> Callable[..., bool]:
    """A function of the call's arguments: do kinds and guards hold?  Compiled text, for speed."""
    objects: dict[str, Any] = {}
    counter = itertools.count()

    def keep(value: Any) -> str:
        name = f"k{next(counter)}"
        objects[name] = value
        return name

    positional, star, keyword, mapping = signature_names(fn)
    tests: list[str] = []
    for name, kind in found.arguments.items():
        tests += _kind_tests(f"a_{name}", kind, keep)
    for guard in found.guards:
        path = _path(guard, fn, keep)
        if guard.kind is not None:
            tests += _kind_tests(path, guard.kind, keep)
        else:
            tests.append(f"{path} is {keep(guard.object)}")
    params = [f"a_{n}" for n in positional]
    defaults = fn.__defaults__ or ()
    for i, value in enumerate(defaults):
        at = len(positional) - len(defaults) + i
        params[at] += f"={keep(value)}"
    signature = params + ([f"*a_{star}"] if star else ["*"] if keyword else [])
    if found.function.__code__.co_posonlyargcount:
        signature.insert(found.function.__code__.co_posonlyargcount, "/")
    for n in keyword:
        values = fn.__kwdefaults__ or {}
        signature.append(f"a_{n}" + (f"={keep(values[n])}" if n in values else ""))
    signature += [f"**a_{mapping}"] if mapping else []
    # Keywords must keep the names of the function's own parameters.
    text = f"lambda {', '.join(signature)}: {' and '.join(tests) or 'True'}".replace("a_", "a_")
    return _evaluated(text, objects, positional, keyword, star, mapping)


def _evaluated(text: str, objects: dict[str, Any], positional: list[str], keyword: list[str],
               star: str | None, mapping: str | None) -> Callable[..., bool]:
    import ast

    tree = ast.parse(text, mode="eval")
    original = {f"a_{n}": n for n in (*positional, *keyword, star, mapping) if n}
    taken = set(original.values()) | set(objects)
    renamed = {k: f"{k}_" if k in taken else k for k in list(objects)}
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.arg in original:
            node.arg = original[node.arg]
        elif isinstance(node, ast.Name):
            node.id = original.get(node.id, renamed.get(node.id, node.id))
    space: dict[str, Any] = {renamed[k]: v for k, v in objects.items()}
    space["__builtins__"] = {}
    return eval(compile(tree, "<s2sdiff guards>", "eval"), space)


def _kind_tests(path: str, kind: Kind, keep: Callable[[Any], str]) -> list[str]:
    if kind.type is None:
        return []
    type_of = keep(type)
    tests = [f"{type_of}({path}) is {keep(kind.type)}"]
    if kind.type is np.ndarray:
        tests.append(f"{path}.dtype == {keep(kind.dtype)}")
        if kind.shape is not None:
            ones = tuple(i for i, d in enumerate(kind.shape) if d == 1)
            tests.append(f"{path}.ndim == {len(kind.shape)}")
            if not ones and kind.shape:
                tests.append(f"1 not in {path}.shape")
            elif ones:
                tests.append(f"{keep(_ones)}({path}.shape) == {keep(ones)}")
    elif kind.type is tuple and kind.items is not None:
        tests.append(f"{keep(len)}({path}) == {len(kind.items)}")
        for i, item in enumerate(kind.items):
            tests += _kind_tests(f"{path}[{i}]", item, keep)
    elif kind.type is tuple:
        tests.append(f"{keep(len)}({path}) > 8")
    return tests


def _ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(i for i, n in enumerate(shape) if n == 1)


_ABSENT = object()


def _path(guard: Guard, fn: Any, keep: Callable[[Any], str]) -> str:
    """An expression that follows a guard's path from the function at hand."""
    owner = guard.owner if guard.owner is not None else fn
    code = owner.__code__
    if owner.__closure__ and guard.name in code.co_freevars:
        cell = owner.__closure__[code.co_freevars.index(guard.name)]
        path = f"{keep(cell)}.cell_contents"
    elif guard.name in owner.__globals__:
        path = f"{keep(owner.__globals__)}[{guard.name!r}]"
        if guard.attributes or True:
            path = f"{keep(owner.__globals__)}.get({guard.name!r})"
    else:
        builtin = calls.__builtins__ if isinstance(calls.__builtins__, dict) else vars(calls.__builtins__)
        path = f"{keep(owner.__globals__)}.get({guard.name!r}, {keep(builtin.get(guard.name, _ABSENT))})"
    for attribute in guard.attributes:
        path += f".{attribute}"
    return path


# ---------------------------------------------------------------------------------- links


class _Link(Dispatcher):
    """`g_vjp` in generated code: a dispatcher that knows how it is spelled in `source`."""

    def __init__(self, fn: Any, request: Request, slots: tuple, kept: bool) -> None:
        super().__init__(fn, request)
        self.slots, self.kept = slots, kept
        stem = fn.__name__ if fn.__name__.isidentifier() else "function"
        self.__name__ = self.__s2sdiff_name__ = f"{stem}_vjp"

    @property
    def __s2sdiff_source__(self) -> str:
        kept = ", kept=True" if self.kept else ""
        return f"rt.derived({self.fn.__name__}, {self.slots!r}{kept})"


class _Slotted:
    """A link whose slots lie in a star parameter: its cotangent is cut up for them."""

    def __init__(self, link: _Link, picks: list[tuple[int, Any]]) -> None:
        self.link, self.picks = link, picks
        self.__name__ = self.__s2sdiff_name__ = link.__name__
        self.__s2sdiff_source__ = link.__s2sdiff_source__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        value, pullback = self.link(*args, **kwargs)
        single = len(self.link.request.wrt) == 1

        def pull(bar: Any) -> Any:
            entries = pullback(bar)
            entries = (entries,) if single else entries
            found = []
            for at, key in self.picks:
                entry = entries[at]
                found.append(entry if key is None or entry is None else entry[key])
            return found[0] if len(found) == 1 else tuple(found)

        return value, pull


_links: weakref.WeakKeyDictionary[Any, dict[Any, Any]] = weakref.WeakKeyDictionary()


def derived(fn: Any, slots: tuple[Any, ...], kept: bool = False) -> Any:
    """The callable giving `(value, pullback)` of a Python function for the arguments in `slots`.

    Slots are positions or keywords of the call; with `kept` the callee copies what may be written
    before its pullback runs.
    """
    mine = _links.setdefault(fn, {})
    key = (slots, kept)
    if key not in mine:
        mine[key] = _link(fn, slots, kept)
    return mine[key]


def _link(fn: Any, slots: tuple[Any, ...], kept: bool) -> Any:
    positional, star, keyword, mapping = signature_names(fn)
    wrt: list[str] = []
    picks: list[tuple[int, Any]] = []
    for slot in slots:
        key: Any = None
        if isinstance(slot, int):
            if slot < len(positional):
                name = positional[slot]
            elif star is not None:
                name, key = star, slot - len(positional)
            else:
                name = positional[-1] if positional else ""
        elif slot in positional or slot in keyword:
            name = slot
        else:
            name, key = mapping or "", slot
        if name not in wrt:
            wrt.append(name)
        picks.append((wrt.index(name), key))
    volatile = frozenset((*positional, *keyword, *([star] if star else []), "return")) if kept else frozenset()
    link = _Link(fn, Request("vjp", tuple(wrt), volatile), slots, kept)
    if all(key is None for _, key in picks) and [at for at, _ in picks] == list(range(len(wrt))):
        return link
    return _Slotted(link, picks)


calls.derive = derived


# ------------------------------------------------------------------------------- sources


def described(fn: Any, mode: str, wrt: Any) -> tuple[Request, dict[str, Kind]]:
    """A request and argument kinds for `source`, from annotations where there are any."""
    positional, star, keyword, mapping = signature_names(fn)
    names = positional + keyword
    hints = getattr(fn, "__annotations__", {})
    arguments = {n: _annotated(hints.get(n), n) for n in names}
    defaults = dict(zip(positional[len(positional) - len(fn.__defaults__ or ()):],
                        fn.__defaults__ or (), strict=True))
    defaults.update(fn.__kwdefaults__ or {})
    for n, value in defaults.items():
        if n not in hints:
            arguments[n] = kind_of(value, n)
    for n in (star, mapping):
        if n is not None:
            arguments[n] = ANY
    if wrt is None:
        chosen = tuple(n for n in names if not arguments[n].inert)
    else:
        chosen = wrt_names(fn, wrt)
    volatile = frozenset((*names, "return")) if mode == "vjp" else frozenset()
    return Request("vjp" if mode == "vjp" else "grad", chosen, volatile), arguments


def wrt_names(fn: Any, wrt: Any) -> tuple[str, ...]:
    """Parameter names for `wrt`: an index, a name, or a tuple of them."""
    positional, star, keyword, _ = signature_names(fn)
    names = positional + keyword
    found = []
    for w in wrt if isinstance(wrt, (tuple, list)) else (wrt,):
        if isinstance(w, bool) or not isinstance(w, (int, str)):
            raise TypeError(f"wrt={wrt!r}: expected an index or a name. Instead, name parameters of "
                            f"{fn.__qualname__}: {', '.join(names)}.")
        if isinstance(w, int):
            if not -len(positional) <= w < len(positional):
                if star is not None and w >= len(positional):
                    raise TypeError(f"wrt={wrt!r} lies in *{star}. Instead, give {fn.__qualname__} "
                                    "named parameters.")
                raise ValueError(f"wrt={wrt!r}: {fn.__qualname__} has {len(positional)} positional "
                                 f"parameters. Instead, name one of {', '.join(names)}.")
            w = positional[w]
        if w not in names:
            raise ValueError(f"wrt={wrt!r}: {fn.__qualname__} has no parameter {w!r}. Instead, name "
                             f"one of {', '.join(names)}.")
        if w in found:
            raise ValueError(f"wrt={wrt!r} names {w!r} twice. Instead, name each parameter once.")
        found.append(w)
    if not found:
        raise ValueError("wrt=() asks for nothing. Instead, name at least one parameter.")
    return tuple(found)


def _annotated(hint: Any, name: str) -> Kind:
    if isinstance(hint, str):
        hint = {"float": float, "int": int, "complex": complex, "np.ndarray": np.ndarray, "bool": bool,
                "str": str}.get(hint)
    if hint in (float, int, complex, bool, str) and isinstance(hint, type):
        return kind_of(hint(), name)
    if isinstance(hint, type) and issubclass(hint, np.generic):
        return kind_of(hint(0), name)
    return ANY


def is_python(fn: Any) -> bool:
    """A function that is differentiated through its source."""
    return isinstance(fn, types.FunctionType)
