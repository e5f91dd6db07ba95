"""What a generator function makes where its values may be active: an iterator with a frame.

`frontend.resumed` writes the step that it goes on by; between two steps, its variables are fields.
"""

from __future__ import annotations

import types
from typing import Any

from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime.drawing import END, Lazy

__all__ = ["Resumed", "drawn", "returned", "thrown"]


class Resumed(Lazy):
    """A generator: `at` is the number of the `yield` that it stands at, 0 before it has begun, and
    -1 while it runs and when it has come to its end.

    `held` are the numbers of those in a `try`, and `handing` of those that hand on to another one.
    """

    calls = True

    def __init__(self, step: Any, name: str, held: tuple, handing: tuple) -> None:
        self.step, self.name, self.held, self.handing, self.at = step, name, held, handing, 0
        #: What it was sent or thrown, and what it has returned.
        self.sent: Any = None
        self.error: Any = None
        self.result: Any = None

    @property
    def __class__(self) -> type:
        return types.GeneratorType  # for whoever asks whether it is one

    def following(self) -> Any:
        return self.step(self)

    def send(self, value: Any, /) -> Any:
        if self.at == 0 and value is not None:
            raise TypeError("can't send non-None value to a just-started generator")
        if value is not None:
            _alone(self.at, self.handing, self.name)
        self.sent = value
        item = self.step(self)
        self.sent = None
        if item is END:
            raise StopIteration(self.result)
        return item

    def throw(self, error: Any, /) -> Any:
        _alone(self.at, self.handing, self.name)
        if self.at not in self.held:
            self.at = -1
            raise error
        self.error = error
        item = self.step(self)
        if item is END:
            raise StopIteration(self.result)
        return item

    def close(self) -> None:
        if self.at in self.held:
            self.error = GeneratorExit()
            try:
                self.step(self)
            except GeneratorExit:
                return
            raise RuntimeError("generator ignored GeneratorExit")
        self.at = -1


def drawn(it: Any, /) -> Any:
    """The next item of an iterator, or END."""
    return it.following() if isinstance(it, Lazy) else next(it, END)


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


def returned(it: Any, /) -> Any:
    """What `yield from it` gives at the end."""
    return it.result if type(it) is Resumed else None
