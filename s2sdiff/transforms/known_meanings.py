"""What code has taken for known, as tests that it makes again where that may be replaced."""

from __future__ import annotations

import builtins
import types
from collections.abc import Iterator
from typing import Any

from s2sdiff import registry
from s2sdiff.runtime.replaced import Meanings
from s2sdiff.transforms.bound_meanwhile import may_be_bound
from s2sdiff.transforms.context import Context, Guard, Item
from s2sdiff.transforms.meant import MISSING, namespace_value
from s2sdiff.transforms.replaced import is_code

__all__ = ["fill"]


def fill(context: Context, fn: Any, refused: list[str]) -> None:
    """Tell the code what it has taken for known, where it asks.

    `refused` is what the function was found to replace before.
    """
    if context.meanings is None:
        return
    meanings: Meanings = context.meanings
    meanings.refused = refused
    for guard in context.guards.values():
        if is_code(guard) and not _is_read_anew(guard, fn):
            path, name = _path(guard, fn, meanings)
            same = "==" if guard.made_anew else "is"
            meanings.keep(f"{path} {same} {meanings.name(guard.object)}", name)
    code = {id(f): f for f in (*[g.object for g in context.guards.values()],
                               *[f for f, _ in context.rules.values()])}
    for f in code.values():
        if isinstance(f, types.FunctionType) and registry.find(f) is None:
            as_before = " and ".join(_as_it_is(meanings.name(f), f, meanings))
            meanings.keep(as_before, f"what {f.__qualname__} does")


def _as_it_is(path: str, f: types.FunctionType, meanings: Meanings) -> Iterator[str]:
    """That a function has the code and the defaults that it has now."""
    yield f"{path}.__code__ is {meanings.name(f.__code__)}"
    was = meanings.name(_Same(f.__defaults__ or ()))
    now = f"{path}.__defaults__"
    yield f"({now} is {meanings.name(f.__defaults__)} or {now} == {was})"
    if f.__kwdefaults__:
        # The mapping may be changed in place.
        yield f"{path}.__kwdefaults__ == {meanings.name(_Same(f.__kwdefaults__))}"
    else:
        yield f"not {path}.__kwdefaults__"


class _Same:
    """Defaults as they were, which equal such with the very same objects, or equal numbers."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, made: Any) -> None:
        self.keys, self.values = _parts(made)

    def __eq__(self, other: Any) -> bool:
        keys, values = _parts(other or ())
        return keys == self.keys and len(values) == len(self.values) and all(
            a is b or (type(a) is type(b) and type(a) in _NUMBERS and a == b)
            for a, b in zip(values, self.values, strict=True))


_NUMBERS = (int, float, complex, bool, str, bytes)


def _parts(made: Any) -> tuple[list[Any], list[Any]]:
    return ([*made], [*made.values()]) if isinstance(made, dict) else ([], [*made])


def _is_read_anew(guard: Guard, fn: Any) -> bool:
    """A global name that the file binds anew is read each time, and followed (decision 280)."""
    return not guard.attributes and not isinstance(guard.owner, type) and \
        may_be_bound(guard.owner or fn, guard.name)


def _path(guard: Guard, fn: Any, meanings: Meanings) -> tuple[str, str]:
    """How to follow a guard's path without `fn`, which must not be kept; and what it is called."""
    owner = fn if guard.owner is None else guard.owner
    named = ".".join((guard.name, *map(str, guard.attributes)))
    steps = "".join(f"[{meanings.name(step.key)}]" if isinstance(step, Item) else f".{step}"
                    for step in guard.attributes)
    if isinstance(owner, type):
        return f"{meanings.name(owner)}.{guard.name}{steps}", f"{owner.__qualname__}.{named}"
    if guard.name in owner.__code__.co_freevars:
        return meanings.name(namespace_value(owner, guard.name)) + steps, named
    otherwise = meanings.name(getattr(builtins, guard.name, MISSING))
    space = meanings.name(owner.__globals__)
    return f"{space}.get({guard.name!r}, {otherwise}){steps}", named
