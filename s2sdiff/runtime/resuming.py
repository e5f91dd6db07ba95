"""What a generator function makes where its values may be active: an iterator with a frame.

`frontend.resumed` writes the step that it goes on by; between two steps, its variables are fields.
"""

from __future__ import annotations

import inspect
import threading
import types
from collections.abc import Callable
from typing import Any

from s2sdiff import registry
from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.drawing import Lazy
from s2sdiff.runtime.drawing_others import END, Other, item_of_other
from s2sdiff.runtime.kept_in_run import RUN, at_the_end
from s2sdiff.runtime.marking import STEP, listed, marked

__all__ = [
    "OPEN", "STANDINS", "Resumed", "closed", "drawn", "ended", "forgotten", "given", "of_generator",
    "refuse_given", "returned", "thrown", "to_the_end", "watched",
]


#: Set by the compiler: whether calling a function may write what others see, by what it names; and
#: where a generator function has what does something when a generator is ended before its end.
writes_by_name: Callable[[Any], bool] | None = None
ends_at: Callable[[Any], Any] | None = None
#: What refuses a generator function, at its place.
shown: Callable[[Any], Any] | None = None
#: What makes of a generator function one that makes an iterator.
resumed: Callable[[Any], Any] | None = None


class Resumed(Lazy):
    """A generator: `at` is the number of the `yield` that it stands at, 0 before it has begun, and
    -1 while it runs and when it has come to its end.

    `tried` are the numbers of those in a `try`, `held` of those where that does something when a
    generator ends, and `handing` of those that hand on to another one.
    """

    __s2sdiff_shown__ = "generator"

    def __init__(self, step: Any, name: str, tried: tuple, held: tuple, handing: tuple) -> None:
        self.step, self.name, self.at = step, name, 0
        self.tried, self.held, self.handing = tried, held, handing
        self.followed = False
        #: What it was sent or thrown, and what it has returned.
        self.sent: Any = None
        self.error: Any = None
        self.result: Any = None

    def runs(self) -> bool:
        assert writes_by_name is not None
        return writes_by_name(listed(getattr(self.step, STEP)))

    def drawn_from(self) -> list[Any]:
        return [v for v in vars(self).values() if isinstance(v, Lazy)]

    @property
    def __class__(self) -> type:
        return types.GeneratorType  # for whoever asks whether it is one

    def follow(self) -> None:
        """Note that it is made in code that is differentiated; in any other, nothing happens."""

    def following(self) -> Any:
        if self.followed:
            raise refusal(UnsupportedError, f"{self.name} is a generator that gives active values "
                          "to code that is not followed", "draw from it in a loop or with next, or "
                          "make a list of it first")
        return goes_on(self)

    def __next__(self) -> Any:
        item = self.following()
        if item is END:
            self.stop()
        return item

    def stop(self) -> None:
        """Raise what says that it has ended; what it has returned is said once."""
        result, self.result = self.result, None
        if result is None:
            raise StopIteration
        raise StopIteration(result)

    def send(self, value: Any, /) -> Any:
        if self.at == 0 and value is not None:
            raise TypeError("can't send non-None value to a just-started generator")
        if value is not None:
            _alone(self.at, self.handing, self.name)
        self.sent = value
        item = self.following()
        self.sent = None
        if item is END:
            self.stop()
        return item

    def throw(self, error: Any, /) -> Any:
        _alone(self.at, self.handing, self.name)
        if self.at not in self.tried:
            self.at = -1
            raise error
        self.error = error
        item = self.following()
        if item is END:
            self.stop()
        return item

    def close(self) -> None:
        if self.at in self.held:
            self.error = GeneratorExit()
            try:
                self.following()
            except GeneratorExit:
                return
            raise RuntimeError("generator ignored GeneratorExit")
        self.at = -1


def of_generator(function: Any) -> Any:
    """What makes the iterator that a generator function makes; None for any other function."""
    if type(function) is not types.FunctionType or not (
            function.__code__.co_flags & inspect.CO_GENERATOR) or marked(function) or \
            (function.__module__ or "").startswith("s2sdiff.runtime") or \
            registry.find(function) is not None:
        return None
    assert resumed is not None
    return resumed(function)


def drawn(it: Any, /) -> Any:
    """The next item of an iterator, or END, or what it has returned at its end."""
    if isinstance(it, Lazy):
        return it.following()
    if isinstance(it, Other):
        return item_of_other(it)
    return of_python(it) if type(it) is types.GeneratorType else next(it, END)


class Returned:
    """What a generator of Python's has returned."""

    def __init__(self, value: Any) -> None:
        self.value = value


def of_python(it: Any) -> Any:
    """The next item of a generator of Python's."""
    try:
        return next(it)
    except StopIteration as stop:
        return END if stop.value is None else Returned(stop.value)


def from_elsewhere(it: Any) -> Any:
    """`of_python` in code that is differentiated: somebody else has made it."""
    return next(it, END)


def given(item: Any, /) -> bool:
    """Whether that is an item.

    >>> given(drawn(iter("a"))), given(drawn(iter("")))
    (True, False)
    """
    return item is not END and type(item) is not Returned


def follow(frame: Any) -> None:
    """`Resumed.follow` in code that is differentiated."""
    frame.followed = True


def goes_on(frame: Any) -> Any:
    """`Resumed.following` in code that is differentiated."""
    item = frame.step(frame)
    if frame.held:
        watched(frame)
    return item


def closed(it: Any, /) -> None:
    """What happens to a generator that nobody has any more: a loop over it was left."""
    if type(it) is Resumed and it.at in it.held:
        it.close()


class _Open(threading.local):
    """The generators that stand in a `try` which does something when it is left, by number."""

    def __init__(self) -> None:
        self.count = 0
        self.frames: dict[int, Any] = {}


OPEN = _Open()


def watched(frame: Any) -> None:
    """Note that a generator has come to a `try`, or out of it."""
    if frame.at not in frame.held:
        OPEN.frames.pop(id(frame), None)
    elif id(frame) not in OPEN.frames:
        OPEN.count += 1
        OPEN.frames[id(frame)] = OPEN.count, frame


def ended(before: int) -> None:
    """The end of a run, in which those generators were watched that came after so many.

    Python ends a generator when nobody has it any more.  Generated code has it for longer, so what
    its `finally` does would come too late.
    """
    for left in forgotten(before):
        if left.at in left.held:
            raise refusal(UnsupportedError, f"{left.name} is a generator that is left in a try or "
                          "with: when that ends, nobody can tell", "draw all that it gives, or "
                          "call its close()", _place(getattr(left.step, STEP)))


def refuse_given(value: Any) -> None:
    """Refuse a generator that a function gives to those who have asked for its derivative."""
    if type(value) is Resumed:
        assert shown is not None
        shown(getattr(value.step, STEP))


def _place(function: Any) -> Any:
    assert ends_at is not None
    return ends_at(function)


def forgotten(before: int) -> list[Any]:
    """Those that came after so many, which are watched no longer."""
    found = [(key, frame) for key, (number, frame) in OPEN.frames.items() if number > before]
    for key, _ in found:
        del OPEN.frames[key]
    return [frame for _, frame in found]


#: Set by `boundary`: the refusal that an exception was raised in place of.
refused: Callable[[Exception], Exception | None] | None = None


def to_the_end(run: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """`run(*args, **kwargs)`, a run of differentiated code, and a look at what was left open."""
    before, noted, RUN.kept = OPEN.count, RUN.kept, {}
    try:
        made = run(*args, **kwargs)
        if RUN.kept:
            at_the_end()
    except BaseException as error:
        forgotten(before)
        refusal = refused(error) if refused is not None and isinstance(error, Exception) else None
        if refusal is None:
            raise
        raise refusal from refusal.__cause__
    finally:
        RUN.kept = noted
    if OPEN.frames:
        ended(before)
    return made


def _alone(at: int, handing: tuple, name: str) -> None:
    """Refuse to give something to a generator that hands on to another one."""
    if at in handing:
        raise refusal(UnsupportedError, f"{name} hands on to another generator, and is given "
                      "something", "write `for v in it: yield v` in place of `yield from`")


def thrown(frame: Any, /) -> None:
    """Raise what was thrown into it."""
    error = frame.error
    if error is not None:
        frame.error = None
        raise error


def returned(it: Any, item: Any, /) -> Any:
    """What `yield from it` gives at the end, at which `item` was drawn."""
    if type(it) is Resumed:
        return it.result
    return item.value if type(item) is Returned else None


#: What stands in differentiated code for what nobody follows.
STANDINS: dict[Any, Any] = {Resumed.following: goes_on, Resumed.follow: follow,
                            of_python: from_elsewhere}
