"""Derivatives that are called inside of functions that are differentiated.

What an operator such as `grad` gives runs generated code, and that is a Python function with a
source: to differentiate a call of the one is to differentiate a call of the other.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from typing import Any

from s2sdiff import registry
from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.users_names import by_name, marked

__all__ = ["INSTEAD", "MAKERS", "OPERATORS", "WRAPPERS", "again", "called", "calls_function",
           "defaults", "generated", "handed", "innermost",
           "is_derivative", "listed", "maker", "makes", "owner", "spelled", "written"]

#: The operators that make a function of a function.
MAKERS: set[Any] = set()

#: Those that make a function which gives what it is made of gives, as `checkpoint` does.
WRAPPERS: set[Any] = set()


#: Operators that call their first argument: what makes a function of a call's arguments that, given
#: the same, returns the same, in code that can be differentiated.
OPERATORS: dict[Any, Callable[[tuple, dict[str, Any]], Any]] = {}


#: Of some of them, what asks whether there is another code for a call whose own was refused; that
#: is what they give from then on.
INSTEAD: dict[Any, Callable[[tuple, dict[str, Any]], bool]] = {}


def maker(operator: Any) -> Any:
    """Mark an operator that gives a derivative of its first argument, and does nothing else."""
    MAKERS.add(operator)
    return operator


def makes(operator: Any) -> bool:
    """Whether it makes a function of a function, which takes the same arguments."""
    return operator in MAKERS or operator in WRAPPERS


#: What `spelled` made of builtins and ufuncs with a rule.
_OF_RULED: dict[Any, dict[str, Any]] = {}


def spelled(name: str, arguments: str, parameters: str, function: Any, finish: Any = None,
            **names: Any) -> Any:
    """A function of `parameters` that calls another one with `arguments`, and then `finish`.

    `names` are what else the arguments name.
    """
    own: dict[str, Any] = {}
    if isinstance(function, types.FunctionType):
        own = function.__dict__
    elif registry.find(function) is not None:
        own = _OF_RULED.setdefault(function, {})
    known, key = own.setdefault("__s2sdiff_spelled__", {}), (arguments, finish)
    found = known.get(key)
    if found is None:
        call = f"function({arguments})" if finish is None else f"finish(function({arguments}))"
        found = known[key] = written(name, parameters, call, function=function, finish=finish,
                                   **names)
    return found


def called(f: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """The call of what has no source of its own, as a function of its arguments.

    What `functools.partial` holds is named, so that it can be seen what is called, unless it may
    have a derivative, which lies with the partial.
    """
    from s2sdiff.runtime.inert import is_inert

    names, given = listed(args, kwargs)
    if type(f) is not functools.partial or not all(map(
            is_inert, (*f.args, *f.keywords.values()))):
        return spelled("called", given, names, f)
    known = f.__dict__.setdefault("__s2sdiff_spelled__", {})
    if given not in known:
        more = {k: v for k, v in f.keywords.items() if k not in kwargs}
        held = [f"held{i}" for i in range(len(f.args))]
        parts = [*held, *given.split(", ") * bool(given), *[f"{k}=kept_{k}" for k in more]]
        positional = [p for p in parts if "=" not in p]
        keywords = [p for p in parts if "=" in p]
        known[given] = written(
            "called", names, f"function({', '.join([*positional, *keywords])})", function=f.func,
            **dict(zip(held, f.args, strict=True)), **{f"kept_{k}": v for k, v in more.items()})
    return known[given]


def written(name: str, parameters: str, result: str, **names: Any) -> Any:
    """A function that is one expression, and that can be differentiated."""
    assert load is not None
    return load(f"def {name}({parameters}):\n    return {result}\n", name, names)


def listed(args: tuple, kwargs: dict[str, Any]) -> tuple[str, str]:
    """Names for the arguments of a call: as parameters, and as what is handed on.

    What the user has named is marked until the text is read (`unmarked`).
    """
    names = [f"a{i}" for i in range(len(args))]
    return ", ".join([*names, *map(marked, kwargs)]), ", ".join([*names, *by_name(kwargs)])


#: Set by `again`: value and pullback of a call of a derivative, given the slots, the arguments and
#: what makes the call by its code.
backward: Callable[..., tuple[Any, Any]] | None = None
#: The same for value and tangent, given how a call is made with the tangents of its arguments, too.
forward: Callable[..., tuple[Any, Any]] | None = None

#: Set by the compiler: makes a function of its text, its name, and the objects that it names.
load: Callable[[str, str, dict[str, Any]], Any] | None = None


def is_derivative(fn: Any) -> bool:
    """Whether a function is what an operator gave.

    >>> is_derivative(len)
    False
    """
    return isinstance(fn, types.FunctionType) and "__s2sdiff_generated__" in fn.__dict__


def calls_function(fn: Any) -> bool:
    """Whether it is a derivative, or an operator that takes one at once: either calls what may
    capture values.
    """
    return isinstance(fn, types.FunctionType) and (fn in OPERATORS or is_derivative(fn))


def owner(fn: Any) -> Any:
    """The function that a derivative is one of."""
    known = getattr(fn, "__s2sdiff_owner__", None)
    return fn.__wrapped__ if known is None else known()


def innermost(fn: Any) -> Any:
    """What a derivative of a derivative, and so on, is one of."""
    while is_derivative(fn):
        fn = owner(fn)
    return fn


def defaults(target: types.FunctionType, args: tuple, kwargs: dict[str, Any]) -> dict[str, Any]:
    """The defaults of a function that a call of it uses, by parameter."""
    values, code = target.__defaults__ or (), target.__code__
    count = code.co_argcount
    found = dict(zip(code.co_varnames[count - len(values):count], values, strict=True))
    found |= target.__kwdefaults__ or {}
    given = {*code.co_varnames[:min(len(args), count)], *kwargs}
    return {n: v for n, v in found.items() if n not in given}


def handed(operator: Any, args: tuple) -> tuple | None:
    """What an operator calls the function with that it is given; None where that is not known."""
    name = getattr(operator, "__name__", "")
    if name in ("jvp", "hvp"):
        return tuple(args[1]) if len(args) > 1 and isinstance(args[1], (tuple, list)) else None
    return args[1:] if name in ("vjp", "linearize") else None


def again(fn: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """What a derivative, or an operator's call, runs inside of a function that is differentiated.

    Raises
    ------
    UnsupportedError
        What it is a derivative of has defaults of its own making, whose cotangents nobody follows.
    """
    made = OPERATORS.get(fn)
    target = innermost(fn if made is None else args[0] if args else None)
    given = args if made is None else handed(fn, args) or ()
    if isinstance(target, types.MethodType):
        target, given = innermost(target.__func__), (None, *given)
    if isinstance(target, types.FunctionType) and "<locals>" in target.__qualname__:
        from s2sdiff.runtime.inert import is_inert

        if not all(map(is_inert, defaults(target, given, kwargs).values())):
            raise refusal(UnsupportedError,
                          f"the derivative of {target.__name__} is taken inside of a function that "
                          "is differentiated, and its defaults may depend on what that is "
                          "differentiated in", "give them as arguments, or let it capture them")
    return generated(fn, args, kwargs) if made is None else made(args, kwargs)


def generated(fn: Any, args: tuple, kwargs: dict[str, Any]) -> Any:
    """The function of generated code that a derivative runs for these arguments."""
    return fn.__s2sdiff_generated__(args, kwargs)
