"""What a function finds outside of its arguments at a call, for when it is run again.

A checkpoint runs its function again in each pullback, and whole derivatives run one many times:
each run is that of the call, whatever was written or drawn since, and what it writes and draws
itself is there once, but for what counts the runs.
"""

from __future__ import annotations

import contextlib
import io
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np

from s2sdiff import registry
from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.runtime import nested, reasons, standins_solved
from s2sdiff.runtime.carried import class_of
from s2sdiff.runtime.contents import CONTAINERS, WHOLE, items_of
from s2sdiff.runtime.counted_again import with_counts
from s2sdiff.runtime.leaves import leaves_of
from s2sdiff.runtime.replay import GENERATORS, set_back, states
from s2sdiff.runtime.solver_states import State, seen_state
from s2sdiff.runtime.values import is_differentiable
from s2sdiff.transforms import effects, solver_effects

__all__ = ["Draws", "Runs", "Surroundings", "entered", "left", "may_write_outside", "noted"]

#: Two threads that run something again would each see the other's state.
_RUNNING = threading.RLock()


class Surroundings:
    """Names, captured variables, containers, objects, arrays and random generators, as they are
    when `f` is called.

    Parameters
    ----------
    f : what is called
    args : what it is given, of which there are copies
    what : what runs it again, for messages
    last : those of another call of `f`, whose copies these share where nothing has changed

    Raises
    ------
    UnsupportedError
        It draws from an iterator, which gives each item once.
    """

    def __init__(self, f: Any, args: tuple, what: str, last: Surroundings | None = None) -> None:
        self.f, self.what = f, what
        self.classes, given = _met(args)
        if last is not None and last.classes == self.classes and last.state.is_exact():
            self.state, self.writes = last.state, last.writes
        else:
            self.state, self.writes = seen_state(f, *self.classes), may_write_outside(f)
        _no_iterator(self.state, f, what)
        self.generators = states([*self.state.generators, *self.state.common, *given])
        self.figures: Any = None

    @contextlib.contextmanager
    def again(self) -> Iterator[None]:
        """Inside, all is as it was at the call; afterwards it is as it has become since."""
        now = entered(self)
        try:
            yield
        finally:
            left(now)

    def gave(self, value: Any) -> None:
        """Note what the call has given."""
        self.figures = _figures(value)

    def gives(self, value: Any) -> None:
        """Refuse what a run gives that is not what the call has given.

        Raises
        ------
        UnsupportedError
            It depends on what nobody sees: a clock, a file, the state of a library; or another
            thread draws from the same generator meanwhile.
        """
        if _agree(self.figures, _figures(value)):
            return
        raise refusal(UnsupportedError,
                      f"{self.what} runs {reasons.name_of(self.f)} again, which gives something "
                      "else then", "give it what changes as an argument" + (
                          ", and each thread a random generator of its own"
                          if self.generators else ""))


class Runs:
    """Runs of a function with the same arguments, which all draw the same random numbers.

    Parameters
    ----------
    f, args, what : as for `Surroundings`
    """

    def __init__(self, f: Any, args: tuple, what: str) -> None:
        classes, given = _met(args)
        self.f, self.what, self.begun = f, what, False
        # What makes a gradient of a function leads to no more of the user's than that does.
        self.state = seen_state(nested.innermost(f), *classes, copies=False)
        self.generators = states([*self.state.generators, *self.state.common, *given])

    def anew(self) -> None:
        """In front of each run: generators are as they were in front of the first.

        Raises
        ------
        UnsupportedError
            It is the second one, and draws from an iterator.
        """
        if self.begun:
            _no_iterator(self.state, self.f, self.what)
            set_back(self.generators)
        self.begun = True


class Draws:
    """The random generators of a call, of which further runs draw the same numbers.

    Parameters
    ----------
    f, args : what is called, and what it is given, before anything is drawn
    """

    def __init__(self, f: Any, args: tuple) -> None:
        classes, given = _met(args)
        state = seen_state(nested.innermost(f), *classes, copies=False)
        self.begun = states([*state.generators, *state.common, *given])
        self.ended: Any = None

    def run(self, f: Any, *args: Any, **kwargs: Any) -> Any:
        """What a call gives that begins as the first one did; others see nothing of it."""
        now = states(x for x, _ in self.begun)
        set_back(self.begun)
        try:
            made = f(*args, **kwargs)
            self.ended = self.ended or states(x for x, _ in self.begun)
        finally:
            set_back(now)
        return made

    def begin(self) -> None:
        """Let generators be as they were in front of the call."""
        set_back(self.begun)

    def end(self) -> None:
        """Let generators be as one run leaves them, as they are unless another one has been."""
        set_back(self.ended or [])


def _no_iterator(state: State, f: Any, what: str) -> None:
    for x in state.hidden:
        if hasattr(class_of(x), "__next__") and not isinstance(x, io.IOBase):
            raise refusal(UnsupportedError,
                          f"{what} runs {reasons.name_of(f)} again, which may draw from a "
                          f"{type(x).__name__} outside of it, where each item comes once",
                          "give it the item as an argument")


def may_write_outside(f: Any) -> bool:
    """Whether a function may write what it leads to, or what a method's object holds.

    >>> may_write_outside(abs), may_write_outside([].append)
    (False, True)
    """
    target = nested.innermost(f)
    function, owner = solver_effects.runs(target)
    written = effects.summary(function, owner)
    return "*" in written or bool(written and function is not target) or \
        standins_solved.counts(target)


def entered(around: Surroundings) -> tuple[Surroundings, State, Any] | None:
    """Let all be as it was at the call; what it has become since, for `left`."""
    if not around.generators and not around.writes and around.state.is_exact():
        return None
    _RUNNING.acquire()
    try:
        now = around, around.state.renewed(), states(x for x, _ in around.generators)
        around.state.put_back()
        set_back(around.generators)
    except BaseException:
        _RUNNING.release()
        raise
    return now


def left(now: tuple[Surroundings, State, Any] | None) -> None:
    """Let all be again what it had become, but for what counts the runs."""
    if now is not None:
        around, state, drawn = now
        try:
            (with_counts(state, around.state) if around.writes else state).put_back()
            set_back(drawn)
        finally:
            _RUNNING.release()


def noted(f: Any, args: tuple, what: str) -> Surroundings:
    """The surroundings of a call in code that is differentiated, which runs it again."""
    return Surroundings(f, args, what)


registry.constant(noted, entered, left, pure=False)


def _met(args: tuple) -> tuple[set[type], list[Any]]:
    """The classes of objects in the arguments, and the random generators.

    What a class holds, its methods among it, is outside.
    """
    classes: set[type] = set()
    generators = []
    seen: dict[int, Any] = {}
    waiting = [*args]
    while waiting:
        x = waiting.pop()
        cls = class_of(x)
        if cls in WHOLE or id(x) in seen:
            continue
        seen[id(x)] = x
        if isinstance(x, GENERATORS):
            generators.append(x)
        elif isinstance(x, CONTAINERS):
            waiting += [v for v in (x.values() if isinstance(x, dict) else x)
                        if class_of(v) not in WHOLE]
        else:
            classes.add(cls)
            waiting += [v for _, v in items_of(x) or ()]
    return classes, generators


def _figures(value: Any) -> list[Any]:
    """A few numbers that tell one value from another: sums of its numbers, place by place."""
    found: list[Any] = []
    for v in leaves_of(value):
        if not isinstance(v, np.ndarray):
            found.append(v)
        elif is_differentiable(v):
            with np.errstate(all="ignore"):
                found.append((v.shape, v.dtype, _sums(v), _sums(np.abs(v))))
    return found


def _sums(x: np.ndarray) -> np.ndarray:
    """Those of each 61st number, so that numbers that have changed places are told, too."""
    flat = x.ravel()
    whole = flat.size // _STEP * _STEP
    sums = flat[:whole].reshape(-1, _STEP).sum(0)
    sums[:flat.size - whole] += flat[whole:]
    return sums


_STEP = 61


def _agree(figures: list[Any], others: list[Any]) -> bool:
    return len(figures) == len(others) and all(map(_agrees, figures, others))


def _agrees(one: Any, other: Any) -> bool:
    """Sums may differ by rounding, as in which order they are formed depends on the memory."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        if one[:2] != other[:2]:
            return False
        _, dtype, sums, sizes = one
        near = np.abs(sums - other[2]) <= np.finfo(dtype).eps ** 0.5 * sizes
        return bool(np.all(near | (sums == other[2]) | ((sums != sums) & (other[2] != other[2]))))
    if isinstance(one, (float, complex, np.inexact)):
        return bool(one == other or (one != one and other != other) or
                    abs(one - other) <= np.finfo(np.asarray(one).dtype).eps ** 0.5 * abs(one))
    return True
