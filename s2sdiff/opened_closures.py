"""A function's text with other parameters: what is held comes behind the arguments of a call.

`lambda p: loss(p, x, y)` is a call of `loss` with two held arguments, as a partial is; and what a
function captures is held by it, so that `def loss(p): return np.sum((p - data) ** 2)` is a function
of `p` and `data`.
"""

from __future__ import annotations

import functools
import operator
import types
from collections.abc import Callable
from itertools import chain
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.arguments import signature_names
from s2sdiff.cache import record_of
from s2sdiff.frontend.opened_cells import called_in, read_outside, with_parameters
from s2sdiff.kinds import SCALARS
from s2sdiff.kinds_of_arguments import held_by
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.held_beside import also_held
from s2sdiff.runtime.outside import bare_names
from s2sdiff.runtime.values import has_source
from s2sdiff.transforms import effects

__all__ = ["Plan", "is_plain", "plan_of", "written_anew"]


def is_plain(f: Any) -> bool:
    """A function of the user's, differentiated by its text."""
    return has_source(f) and registry.find(f) is None and not hasattr(f, "__s2sdiff_generated__")


def written_anew(f: Any, before: tuple, count: int,
                 named: dict[str, Any]) -> tuple[Any, tuple] | None:
    """A function of the `count` arguments that come after `before`, and of what `f` holds; and
    that.

    None where there is none, or it would be `f`: of numbers, arrays, and functions and classes that
    stand outside of all functions, as much is known in a cell.
    """
    plan = plan_of(f, len(before), count, tuple(named))
    given = (*before, *named.values())
    return None if plan.made is None else (
        plan.made, tuple([found(given) for found in plan.held]))


def plan_of(f: Any, before: int, count: int, named: tuple[str, ...] = (),
            numbers: bool = False) -> Plan:
    """How a function is written anew, as it is now; `numbers`: even where it captures no more."""
    links, key = record_of(f).links, ("opened", before, count, *named, numbers)
    plan = links.get(key)
    if plan is None or not plan.holds(f):
        plan = links[key] = _planned(f, before, count, named, numbers)
        plan.own = _written(f)
    return plan


class Plan:
    """How a function is written anew: `made` is None where it stays.

    Attributes
    ----------
    held : for each argument that is held, what finds it among those that `f` is given before
    met : ways to what was met, and its class; None for that of functions, which are the same ones
    apart : says whether what is held is written by the names that it is held under alone
    own, theirs : what the function itself and the ones that were met are made of
    """

    def __init__(self, made: Any, held: list[Callable[[tuple], Any]], met: list[tuple],
                 apart: Callable[[], bool] | None = None) -> None:
        self.made, self.held, self.met, self.apart = made, held, met, apart
        self.own: tuple = ()
        self.theirs = [(f, _written(f)) for _, cls, f in met if cls is None]

    def holds(self, function: Any) -> bool:
        """Whether functions that are called are the same, and what is captured of its class."""
        if not _is_written(function, self.own) or (self.apart is not None and not self.apart()):
            return False
        for f, before in self.theirs:
            if not _is_written(f, before):
                return False
        for found, cls, value in self.met:
            try:
                now = found(())
            except (KeyError, ValueError):
                return False  # the name is not bound now
            if now is not value if cls is None else type(now) is not cls:
                return False
        return True


def _written(f: Any) -> tuple:
    """What a function is made of: its code and its defaults, which may be set anew."""
    if not isinstance(f, types.FunctionType):
        return ()
    return (f.__code__, f.__defaults__, *chain.from_iterable((f.__kwdefaults__ or {}).items()))


def _is_written(f: Any, before: tuple) -> bool:
    """Whether it is made of what it was made of before."""
    if type(f) is types.FunctionType and not f.__kwdefaults__:
        return len(before) == 2 and f.__code__ is before[0] and f.__defaults__ is before[1]
    now = _written(f)
    return len(now) == len(before) and all(map(operator.is_, now, before))


def _planned(f: Any, before: int, count: int, named: tuple[str, ...], numbers: bool) -> Plan:
    positional, star, keyword, mapping = signature_names(f)
    own = positional[before:before + count]
    first = dict.fromkeys((*positional[:before], *named))
    met: list[tuple] = []
    if star or mapping or len(own) != count or len(first) != before + len(named) or not \
            first.keys() <= {*positional, *keyword} - {*own}:
        return Plan(None, [], met)
    bound: _Bound = {n: operator.itemgetter(i) for i, n in enumerate(first)}
    function, call = f, _call_of(f, own, bound, met)
    while call is not None:
        function, own, bound = call
        call = _call_of(function, own, bound, met)
    held: dict[str, types.CellType] = {}
    inside: dict[str, Any] = {}
    if not _captured(function, held, inside, met) or not (inside or numbers or any(
            _holds(c.cell_contents) for c in held.values())):
        held, inside = {}, {}
    functions = (function, *inside.values())
    around = _read_outside(functions, {*own, *bound, *held, *inside}, met)
    apart = functools.partial(_apart, functions, held, around)
    if not apart():
        held, inside, around = {}, {}, {}
    order = (*own, *bound, *held, *around)
    values: list[Any] = [*bound.values(), *map(_content, held.values()), *around.values()]
    positional = signature_names(function)[0]
    if not held and not inside and not around and tuple(positional[:len(order)]) == order:
        return Plan(None if function is f and not values else function, values, met)
    return Plan(with_parameters(function, order, inside), values, met,
                apart if held or around else None)


def _apart(functions: tuple[Any, ...], held: dict[str, types.CellType], around: _Bound) -> bool:
    """Whether nothing that the functions call or read finds what is held, and may write it.

    An argument that is written by another name is not seen to be written.
    """
    if not (held or around) or not any("*" in effects.summary(f) for f in functions):
        return True
    others = [f.__globals__[n] for f in functions for n in bare_names(f.__code__)
              if n in f.__globals__ and n not in around]
    captured = [cell for f in functions for n, cell in zip(
        f.__code__.co_freevars, f.__closure__ or (), strict=True)
        if n not in held and _is_bound(cell)]
    others += [c.cell_contents for c in captured
               if not any(c.cell_contents is f for f in functions)]
    values = [*[c.cell_contents for c in held.values()], *[way(()) for way in around.values()]]
    return also_held(len(values), *values, *others) is None


#: What finds an argument, by the name of the parameter that it is given as.
_Bound = dict[str, Callable[[tuple], Any]]


def _call_of(f: Any, own: list[str], bound: _Bound,
             met: list[tuple]) -> tuple[Any, list[str], _Bound] | None:
    """Of a function that does nothing but call another one: that, and what it is given.

    Parameters
    ----------
    own, bound : the names of parameters that a call's arguments come in, and what others are given
    """
    found = called_in(f)
    if found is None:
        return None
    name, given = found
    callee = None if name in own or name in bound else _outside(f, name)
    function = None if callee is None else callee(())
    met += [] if callee is None else [(callee, None, function)]
    if not isinstance(function, types.FunctionType) or not is_plain(function):
        return None
    positional, star, keyword, mapping = signature_names(function)
    if star or mapping or sum(type(slot) is int for slot, _, _ in given) > len(positional):
        return None
    mine: dict[str, str] = {}
    theirs: _Bound = {}
    for slot, variable, constant in given:
        parameter = positional[slot] if type(slot) is int else slot
        if parameter in mine.values() or parameter in theirs or parameter not in {
                *positional, *keyword} or variable in mine:
            return None
        if variable in own:
            mine[variable] = parameter
            continue
        way = bound.get(variable) if variable else lambda _, value=constant: value
        if way is None and variable not in signature_names(f)[0] + signature_names(f)[2]:
            way = _outside(f, variable)
        if way is None:
            return None
        theirs[parameter] = way
    if mine.keys() != {*own} or not {*positional, *keyword} - {
            *mine.values(), *theirs} <= _with_defaults(function):
        return None
    return function, [mine[n] for n in own], theirs


def _read_outside(functions: tuple[Any, ...], known: set[str], met: list[tuple]) -> _Bound:
    """The containers and objects of the user's that functions read from their module."""
    found: _Bound = {}
    for f in functions:
        for name in read_outside(f) - known - found.keys():
            value = f.__globals__.get(name)
            if class_of(value) in _HOLDING or (
                    getattr(type(value), "__module__", "") == f.__module__ and _holds(value)):
                way = _outside(f, name)
                assert way is not None
                found[name] = way
                met.append((way, type(value), None))
    return dict(sorted(found.items()))


def _holds(x: Any) -> bool:
    """More is known of such as an argument than in a cell."""
    return class_of(x) in _HOLDING or held_by(x) is not None


def _content(cell: types.CellType) -> Callable[[tuple], Any]:
    return functools.partial(_read, cell)


def _read(cell: types.CellType, _: tuple) -> Any:
    return cell.cell_contents


def _outside(f: Any, name: str) -> Callable[[tuple], Any] | None:
    """What finds what a name from outside means to a function."""
    if name in f.__code__.co_freevars:
        cell = f.__closure__[f.__code__.co_freevars.index(name)]
        return _content(cell) if _is_bound(cell) else None
    names = f.__globals__
    return (lambda _: names[name]) if name in names else None


def _is_bound(cell: types.CellType) -> bool:
    try:
        return cell.cell_contents is not cell
    except ValueError:
        return False


def _with_defaults(f: Any) -> set[str]:
    positional, values = signature_names(f)[0], f.__defaults__ or ()
    return {*positional[len(positional) - len(values):], *(f.__kwdefaults__ or {})}


def _captured(f: Any, held: dict[str, types.CellType], inside: dict[str, Any],
              met: list[tuple]) -> bool:
    """Note the data that a function and those which it captures capture; False: not by one name."""
    for name, cell in zip(f.__code__.co_freevars, f.__closure__ or (), strict=True):
        if not _is_bound(cell):
            return False
        value = cell.cell_contents
        if name in held or name in inside:
            if inside.get(name) is not value and held.get(name) is not cell:
                return False
            continue
        function = isinstance(value, types.FunctionType)
        met.append((_content(cell), None if function else type(value), value if function else None))
        if function:
            if "<locals>" in value.__qualname__ and is_plain(value):
                inside[name] = value
                if not _captured(value, held, inside, met):
                    return False
        elif _holds(value) or class_of(value) in SCALARS or isinstance(
                value, (np.ndarray, np.generic)):
            held[name] = cell
    return True


_HOLDING = (list, tuple, dict)
