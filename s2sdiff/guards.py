"""What compiled code takes for granted, as one generated function of the call's arguments.

Made once per compilation and bound, like the code itself, to every function that shares the code
object: the names in it are globals and cells of that function, read as it reads them.
"""

from __future__ import annotations

import builtins
import functools
import types
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from s2sdiff.arguments import signature_names
from s2sdiff.kinds import SCALARS, Kind
from s2sdiff.kinds_in_common import key_in_common, kind_in_common
from s2sdiff.kinds_of_arguments import held_by
from s2sdiff.runtime.carried import class_of
from s2sdiff.transforms.context import Guard, Item, Step

__all__ = ["bound_check", "check_code"]

_ABSENT = object()
_NUMBERS = frozenset(SCALARS.values())


def check_code(fn: Any, arguments: dict[str, Kind], guards: Iterable[Guard],
               helpers: Iterable[Any], carried: bool = False
               ) -> tuple[types.CodeType, dict[str, types.CellType]]:
    """Code that says whether kinds, guards and the code of helpers hold, and the constants in it.

    It has the parameters of `fn`, so that Python binds the arguments of a call just as there.
    Where arguments may be `carried`, with tangents, they are of the classes that they stand for.
    """
    writer = _Writer(fn, class_of if carried else type)
    for name, kind in arguments.items():
        writer.kind(name, kind)
    for guard in guards:
        path = writer.path(guard)
        if guard.kind is not None:
            writer.kind(path, guard.kind)
        elif guard.attributes[-1:] == ("__closure__",) and not guard.object:
            writer.test(f"not {path}")  # who makes a function may say () or None
        else:
            same = "==" if guard.made_anew else "is"
            writer.test(f"{path} {same} {writer.keep(guard.object)}")
    for helper in helpers:
        # A helper whose code was pasted, or whose result's kind was used, may be given other code.
        own = writer.keep(helper)
        writer.test(f"{own}.__code__ is {writer.keep(helper.__code__)}")
        writer.test(f"{own}.__defaults__ is {writer.keep(helper.__defaults__)}")
        if not helper.__kwdefaults__:
            writer.test(f"not {own}.__kwdefaults__")
        for name, value in (helper.__kwdefaults__ or {}).items():
            # The mapping may be changed in place.
            writer.test(f"{own}.__kwdefaults__.get({name!r}) is {writer.keep(value)}")
    return writer.code(), {n: types.CellType(v) for n, v in writer.kept.items()}


def bound_check(made: tuple[types.CodeType, dict[str, types.CellType]],
                fn: Any) -> Callable[..., bool]:
    """The check for another function with the same code: its globals, cells and defaults."""
    code, kept = made
    cells = dict(zip(fn.__code__.co_freevars, fn.__closure__ or (), strict=True))
    closure = tuple([kept[n] if n in kept else cells[n] for n in code.co_freevars])
    check = types.FunctionType(code, fn.__globals__, fn.__name__, fn.__defaults__, closure or None)
    check.__kwdefaults__ = fn.__kwdefaults__
    # A call that does not fit is then Python's own error, in Python's own words.
    check.__qualname__ = fn.__qualname__
    return check


class _Writer:
    def __init__(self, fn: Any, type_: Any) -> None:
        self.fn, self.type = fn, type_
        self.parameters = signature_names(fn)
        positional, star, keyword, mapping = self.parameters
        self.locals = {n for n in (*positional, star, *keyword, mapping) if n is not None}
        self.cells = set(fn.__code__.co_freevars)
        self.tests: list[str] = []
        self.kept: dict[str, Any] = {}
        self.names: dict[int, str] = {}
        self.prefix = "k"
        while any(n.startswith(self.prefix) and n[len(self.prefix):].isdigit()
                  for n in (*self.locals, *self.cells, *fn.__globals__)):
            self.prefix += "_"

    def keep(self, value: Any) -> str:
        """The name of a constant."""
        name = self.names.get(id(value))
        if name is None:
            name = self.names[id(value)] = f"{self.prefix}{len(self.kept)}"
            self.kept[name] = value
        return name

    def test(self, text: str) -> None:
        if text not in self.tests:
            self.tests.append(text)

    def path(self, guard: Guard) -> str:
        """An expression that follows a guard's path from the function at hand, or from a helper."""
        name, owner = guard.name, guard.owner
        if isinstance(owner, type):
            return self.along(f"{self.keep(owner)}.{name}", guard.attributes)
        if owner is None or (owner.__globals__ is self.fn.__globals__
                             and name not in owner.__code__.co_freevars
                             and name not in self.locals and name not in self.cells):
            path = name
        elif name in owner.__code__.co_freevars:
            cell = owner.__closure__[owner.__code__.co_freevars.index(name)]
            path = f"{self.keep(cell)}.cell_contents"
        else:
            otherwise = self.keep(getattr(builtins, name, _ABSENT))
            path = f"{self.keep(owner.__globals__)}.get({name!r}, {otherwise})"
        return self.along(path, guard.attributes)

    def along(self, path: str, steps: tuple[Step, ...]) -> str:
        for step in steps:
            path += f"[{self.keep_key(step.key)}]" if isinstance(step, Item) else f".{step}"
        return path

    def keep_key(self, key: Any) -> str:
        """What an item lies under, in words: subclasses of texts and ints say what they like."""
        return repr(key) if type(key) in (str, int) else self.keep(key)

    def kind(self, path: str, kind: Kind) -> None:
        """Tests that a value has this kind."""
        if kind.type is None:
            return
        self.test(f"{self.keep(self.type)}({path}) is {self.keep(kind.type)}")
        if kind.type is np.ndarray:
            dtype = self.keep(kind.dtype)
            self.test(f"({path}.dtype is {dtype} or {path}.dtype == {dtype})")
            if kind.shape is not None:
                self.shape(path, kind.shape)
        elif kind.type is bool:
            if kind.value is not None:
                self.test(f"{path} is {kind.value}")
        elif kind.type is str:
            if kind.value is not None:
                self.test(f"{path} == {kind.value!r}")
        elif kind.dtype is not None and issubclass(kind.type, np.dtype):
            self.test(f"{path} == {self.keep(kind.dtype)}")
        elif kind.items is not None and kind.value is not None:
            held = path if kind.type is dict else f"{path}.__dict__"
            self.test(f"{self.keep(tuple)}({held}) == {self.keep(kind.value)}")
            for key, item in zip(kind.value, kind.items, strict=True):
                # The keys of a table of functions may be functions.
                at = repr(key) if type(key) is str else self.keep(key)
                self.kind(f"{held}[{at}]", item)
        elif kind.items is not None and (kind.type is list or kind.is_tuple):
            self.test(f"{self.keep(len)}({path}) == {len(kind.items)}")
            for i, item in enumerate(kind.items):
                self.kind(f"{path}[{i}]", item)
        elif kind.type is tuple:
            self.test(f"{self.keep(len)}({path}) > 8")
        elif kind.under is not None or (kind.each is not None and kind.value not in _NUMBERS):
            values = f"{self.keep(list)}({path}.values())" if kind.type is dict else path
            self.test(f"{self.keep(kind_in_common)}({values}, {self.keep(held_by)}) == "
                      f"{self.keep(kind.value)}")
            if kind.key is not None:
                self.test(f"{self.keep(key_in_common)}({path}) == {self.keep(kind.key)}")
        elif kind.each is not None:
            types_of = f"{self.keep(set)}({self.keep(map)}({self.keep(self.type)}, {path}))"
            self.test(f"{types_of} == {self.keep({kind.each.type})}")
        elif callable(kind.value) or isinstance(kind.value, types.ModuleType):
            self.test(f"{path} is {self.keep(kind.value)}")
        elif kind.value is not None:
            self.test(f"({path}.start, {path}.stop, {path}.step) == {self.keep(kind.value)}")

    def shape(self, path: str, shape: tuple[Any, ...]) -> None:
        """The rank, and which dimensions are 1."""
        self.test(f"{path}.ndim == {len(shape)}")
        ones = tuple(i for i, d in enumerate(shape) if d == 1)
        if ones:
            self.test(f"{self.keep(_ones)}({path}.shape) == {self.keep(ones)}")
        elif len(shape) == 1:
            self.test(f"{self.keep(len)}({path}) != 1")
        elif shape:
            self.test(f"1 not in {path}.shape")

    def code(self) -> types.CodeType:
        positional, star, keyword, mapping = self.parameters
        only = self.fn.__code__.co_posonlyargcount
        signature = [*positional[:only], *(["/"] if only else []), *positional[only:],
                     *([f"*{star}"] if star else ["*"] if keyword else []), *keyword,
                     *([f"**{mapping}"] if mapping else [])]
        given, tests = (*sorted(self.cells), *self.kept), " and ".join(self.tests) or "True"
        factory = f"lambda {', '.join(given)}: lambda {', '.join(signature)}: {tests}"
        return _compiled(factory).replace(co_name=self.fn.__name__)


@functools.lru_cache(maxsize=256)
def _compiled(factory: str) -> types.CodeType:
    """The code of the inner of two lambdas; many checks differ in what they look for alone."""
    outer = compile(factory, "<s2sdiff guards>", "eval", dont_inherit=True)
    (between,) = [c for c in outer.co_consts if isinstance(c, types.CodeType)]
    (inner,) = [c for c in between.co_consts if isinstance(c, types.CodeType)]
    return inner


def _ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(i for i, n in enumerate(shape) if n == 1)
