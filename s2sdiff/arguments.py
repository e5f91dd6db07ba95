"""How a call's arguments meet a function's parameters, and what `wrt` names among them."""

from __future__ import annotations

import functools
import types
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.kinds import ANY, Kind, kind_of
from s2sdiff.kinds_of_arguments import kind_of_argument
from s2sdiff.runtime import nested
from s2sdiff.transforms.context import Request

__all__ = [
    "WORD", "arguments_of", "bound_arguments", "described", "is_python", "lies_in_star",
    "signature_names", "target_of", "wrt_names",
]


def is_python(fn: Any) -> bool:
    """A function that is differentiated through its source."""
    return isinstance(fn, types.FunctionType)


def signature_names(fn: Any) -> tuple[list[str], str | None, list[str], str | None]:
    """Positional parameters, the star parameter, keyword-only ones, the double-star parameter.

    >>> signature_names(lambda x, *rest, n=1, **options: None)
    (['x'], 'rest', ['n'], 'options')
    """
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
    defaults = _defaults(fn)
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


def _defaults(fn: Any) -> dict[str, Any]:
    positional = signature_names(fn)[0]
    values = fn.__defaults__ or ()
    found = dict(zip(reversed(positional), reversed(values), strict=False))  # may be too many
    return {**found, **(fn.__kwdefaults__ or {})}


def arguments_of(fn: Any, args: tuple, kwargs: dict[str, Any], less: int = 0,
                 words: bool = True) -> dict[str, Kind]:
    """Kinds of all parameters for a call.

    With `less`, of what is nested in them less is known.  With `words`, a text that the function
    may compare with one of its own is known.
    """
    values = bound_arguments(fn, args, kwargs)
    own = _words_around(fn) if words and str in map(type, values.values()) else frozenset()
    return {n: Kind(str, value=v) if type(v) is str and v in own else
            _without_value(kind_of_argument(v, n, less)) for n, v in values.items()}


def _words_around(fn: Any) -> frozenset[str]:
    """Those of a function, and of functions of its module or others that it may hand words to."""
    found: dict[types.CodeType, frozenset[str]] = {}
    waiting = [fn]
    while waiting and len(found) < _FUNCTIONS:
        f = waiting.pop(0)
        if f.__code__ not in found:
            found[f.__code__] = _words(f.__code__)
            named = [f.__globals__.get(n) for n in f.__code__.co_names]
            waiting += [g for g in named if type(g) is types.FunctionType and not (
                g.__module__ or "").startswith(("s2sdiff", "numpy"))]
    return frozenset().union(*found.values())


@functools.lru_cache(maxsize=1024)
def _words(code: types.CodeType) -> frozenset[str]:
    """The short texts that a function has in its code, and in functions inside of it."""
    found: set[str] = set()
    waiting: list[Any] = [code]
    while waiting:
        c = waiting.pop()
        if isinstance(c, types.CodeType):
            waiting += c.co_consts
        elif isinstance(c, (tuple, frozenset)):
            waiting += c
        elif type(c) is str and len(c) <= WORD:
            found.add(c)
    return frozenset(found)


#: A longer text is no option; so many functions are looked at.
WORD, _FUNCTIONS = 32, 32


def _without_value(kind: Kind) -> Kind:
    """A slice that is an argument is any slice: code is not made anew for each."""
    if kind.items is not None:
        return kind._replace(items=tuple([_without_value(k) for k in kind.items]))
    return kind._replace(value=None) if kind.type is slice else kind


# ------------------------------------------------------------------------- without a call


def described(fn: Any, mode: str, wrt: Any) -> tuple[Request, dict[str, Kind]]:
    """A request and argument kinds for `source`, from annotations where there are any."""
    positional, star, keyword, mapping = signature_names(fn)
    names = positional + keyword
    hints = getattr(fn, "__annotations__", {})
    arguments = {n: _annotated(hints.get(n), n) for n in names}
    for n, value in _defaults(fn).items():
        if n not in hints:
            arguments[n] = kind_of_argument(value, n)
    for n in (star, mapping):
        if n is not None:
            arguments[n] = ANY
    if wrt is None:
        chosen = tuple(n for n in names if not arguments[n].inert)
    else:
        chosen = wrt_names(fn, wrt)
    volatile = frozenset((*names, "return")) if mode == "vjp" else frozenset()
    return Request(mode, chosen, volatile, outer=True), arguments


_HINTS = {
    "float": float, "int": int, "complex": complex, "np.ndarray": np.ndarray, "bool": bool,
    "str": str,
}


def _annotated(hint: Any, name: str) -> Kind:
    if isinstance(hint, str):
        hint = _HINTS.get(hint)
    if hint in (float, int, complex, bool, str) and isinstance(hint, type):
        return kind_of(hint(), name)
    if isinstance(hint, type) and issubclass(hint, np.generic):
        return kind_of(hint(0), name)
    return ANY


def lies_in_star(fn: Any, wrt: Any) -> bool:
    """Does an index in `wrt` mean one of the arguments that `*args` takes?

    >>> lies_in_star(lambda x, *rest: None, 1)
    True
    """
    positional, star, _, _ = signature_names(fn)
    asked = wrt if isinstance(wrt, (tuple, list)) else (wrt,)
    return star is not None and any(type(w) is int and w >= len(positional) for w in asked)


def wrt_names(fn: Any, wrt: Any) -> tuple[str, ...]:
    """Parameter names for `wrt`: an index, a name, or a tuple of them.

    >>> wrt_names(lambda x, y, *, n: None, (1, "n"))
    ('y', 'n')
    """
    positional, star, keyword, _ = signature_names(fn)
    names = positional + keyword
    found = []
    for w in wrt if isinstance(wrt, (tuple, list)) else (wrt,):
        if isinstance(w, bool) or not isinstance(w, (int, str)):
            raise TypeError(f"wrt={wrt!r}: expected an index or a name. Instead, name parameters "
                            f"of {fn.__qualname__}: {', '.join(names)}.")
        if isinstance(w, int):
            if not -len(positional) <= w < len(positional):
                if star is not None and w >= len(positional):
                    raise TypeError(f"wrt={wrt!r} lies in *{star}. Instead, give {fn.__qualname__} "
                                    "named parameters.")
                raise ValueError(f"wrt={wrt!r}: {fn.__qualname__} has {len(positional)} positional "
                                 f"parameters. Instead, {_known(names)}.")
            w = positional[w]
        if w not in names:
            raise ValueError(f"wrt={wrt!r}: {fn.__qualname__} has no parameter {w!r}. Instead, "
                             f"{_known(names) if names or not star else 'give its index'}.")
        if w in found:
            raise ValueError(f"wrt={wrt!r} names {w!r} twice. Instead, name each parameter once.")
        found.append(w)
    if not found:
        raise ValueError("wrt=() asks for nothing. Instead, name at least one parameter.")
    return tuple(found)


def _known(names: list[str]) -> str:
    return f"name one of {', '.join(names)}" if names else "pass a function with parameters"


def target_of(f: Any, what: str) -> Any:
    """What stands for `f` where derivatives are looked up; an error where it is no function."""
    if not callable(f):
        raise TypeError(f"{what}: expected a function, got {type(f).__name__}. Instead, pass the "
                        "function itself, not its result.")
    f = getattr(f, "__s2sdiff_target__", f)
    return _constructing(f) if isinstance(f, type) and registry.find(f) is None else f


@functools.lru_cache(maxsize=64)
def _constructing(cls: type) -> Any:
    """A function that makes objects of a class that is written in Python; else the class."""
    if type(cls) is not type or not cls.__flags__ & 1 << 9:
        return cls
    return nested.written(cls.__name__, "*args, **kwargs", "cls(*args, **kwargs)", cls=cls)
