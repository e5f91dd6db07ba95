"""Generators in forward mode: each gives pairs, of a value and its tangent, and is given such.

`yield v` is `yield v, v_dot` in the generated code, which stays a generator: what happens between
two draws happens then, and what others write meanwhile it sees.
"""

from __future__ import annotations

import dis
import inspect
import threading
import types
from collections.abc import Callable, Iterator
from typing import Any

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import drawing, iterated
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.dots import Dots, zero_in
from s2sdiff.runtime.iterated import STEPPED, copied_as
from s2sdiff.runtime.values import is_inert

__all__ = ["Steps", "constant_sent", "nothing_sent", "of_generator", "stepped", "to_the_end"]

_PAIRS = "__s2sdiff_pairs__"


def to_the_end(run: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """`run(*args, **kwargs)`, a run of forward mode.

    Python ends a generator when nobody has it any more.  Generated code has it for longer, so what
    its `finally` does would come too late.
    """
    before, _open.steps = _open.steps, {}
    try:
        made = run(*args, **kwargs)
        for left in _open.steps.values():
            raise refusal(UnsupportedError, f"{left.__qualname__} is a generator that is left in a "
                          "try or with: when that ends, forward mode cannot tell",
                          "draw all that it gives, or call its close()", left.ends)
        return made
    finally:
        _open.steps = before


def stepped(function: Any) -> Any:
    """The function of a generator's forward form, one for each."""
    found = function.__dict__.get(_PAIRS)
    if found is None or found.__code__ is not function.__code__ or \
            found.__defaults__ is not function.__defaults__:
        found = function.__dict__[_PAIRS] = copied_as(function, STEPPED)
    return found


class Steps:
    """A generator, for those who draw from it; code without tangents gets constants alone."""

    def __init__(self, pairs: Any, function: Any) -> None:
        assert iterated.ends_at is not None
        self.pairs, self.begun, self.ends = pairs, False, iterated.ends_at(function)
        self.__name__, self.__qualname__ = function.__name__, function.__qualname__
        self.code = function.__code__

    @property
    def __class__(self) -> type:
        return types.GeneratorType  # for whoever asks whether it is one

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return self._alone(self.step(None, None))

    def send(self, value: Any, /) -> Any:
        return self._alone(self.step(value, None))

    def throw(self, *error: Any) -> Any:
        return self._alone(self.raised(*error))

    def close(self) -> None:
        if self.begun:
            self._check("closed")
        _open.steps.pop(id(self), None)
        self.pairs.close()

    def step(self, value: Any, dot: Any) -> tuple[Any, Any]:
        """What it gives next, and the tangent of that; it is given a value."""
        if value is not None and self.begun:
            self._check("sent something")
        return self._on(self.pairs.send, (value, dot) if self.begun else value)

    def raised(self, *error: Any) -> tuple[Any, Any]:
        self._check("thrown an exception")
        return self._on(self.pairs.throw, *error)

    def _on(self, go: Any, *given: Any) -> tuple[Any, Any]:
        try:
            made = go(*given)
        except BaseException:
            _open.steps.pop(id(self), None)
            raise
        if self.ends is not None and not self.begun:
            _open.steps[id(self)] = self
        self.begun = True
        return made

    def _check(self, what: str) -> None:
        if any(i.opname in ("SEND", "YIELD_FROM") for i in dis.get_instructions(self.code)):
            raise refusal(UnsupportedError, f"{self.__qualname__} hands on to another generator, "
                          f"and is {what}", "write `for v in it: yield v` in place of `yield from`")

    def _alone(self, pair: tuple[Any, Any]) -> Any:
        value, _ = pair
        if not is_inert(value):
            raise refusal(UnsupportedError, f"{self.__qualname__} is a generator that gives active "
                          "values to code that is not followed", "draw from it in a loop or with "
                          "next, or make a list of it first")
        return value


def nothing_sent(sent: Any) -> tuple[None, None]:
    """Refuse what was sent to a generator that hands on to another one."""
    if sent is not None and sent[0] is not None:
        raise refusal(UnsupportedError, "a generator that hands on to another one was sent "
                      "something", "write `for v in it: yield v` in place of `yield from`")
    return None, None


def constant_sent(sent: Any) -> Any:
    """What was sent where nothing active was expected."""
    if sent is not None and not is_inert(sent[0]):
        raise refusal(UnsupportedError, "an active value was sent to a generator that gave "
                      "constants alone", "give the value as an argument")
    return None if sent is None else sent[0]


def of_generator(dots: Dots, fn: Any, given: dict[Any, Any], args: tuple, call: Any) -> Any:
    """Value and tangent of a call that begins, or goes on with, a generator; None for any other."""
    x: Any = args[0] if args else None
    if class_of(x) is Steps:
        return _drawn(dots, fn, given, args)
    if (fn is iter or fn is drawing.Other) and len(args) == 1 and inspect.isgeneratorfunction(
            getattr(class_of(x), "__iter__", None)):
        cls: Any = class_of(x)
        found = call(cls.__iter__, given, args, {})
        return found if fn is iter else call(drawing.OfClass, {}, found[:1], {})
    return None


def _drawn(dots: Dots, fn: Any, given: dict[Any, Any], args: tuple) -> Any:
    """Value and tangent of a call that draws from a generator's steps; None for any other."""
    it = args[0]
    if fn is iter or fn is Steps.__iter__:
        return (it, None) if len(args) == 1 else None
    try:
        if fn is next or fn is Steps.__next__ or fn is drawing.item_of_other:
            return it.step(None, None)
        if fn is Steps.send:
            dot = given.get(1)
            return it.step(args[1], zero_in(dots, args[1]) if dot is None else dot)
        if fn is Steps.throw:
            return it.raised(*args[1:])
    except StopIteration as stop:
        if isinstance(stop.value, tuple):
            # What it returned goes on without its tangent, which lies with the exception.
            value, dot = stop.value
            ended = StopIteration(*(() if value is None else (value,)))
            dots.put(ended, "value", value, dot)
        else:
            ended = stop
        if fn is drawing.item_of_other:
            return drawing.END, None
        if fn is next and len(args) > 1:
            return args[1], given.get(1) if given.get(1) is not None else zero_in(dots, args[1])
        raise ended from None
    if fn is Steps.close:
        return it.close(), None
    return None


class _Open(threading.local):
    """The generators of this run that have begun and not ended, of those that do something then."""

    def __init__(self) -> None:
        self.steps: dict[int, Steps] = {}


_open = _Open()
