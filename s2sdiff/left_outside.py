"""What a function writes outside of its arguments, where an operator runs it several times."""

from __future__ import annotations

import dis
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.carrying import can_carry, copies_of_call, own_copies
from s2sdiff.errors import UnsupportedError, refusal
from s2sdiff.frontend.codes import nested_codes
from s2sdiff.runtime import nested, standins_solved
from s2sdiff.runtime.leaves import leaves_of
from s2sdiff.runtime.outside_held import alike
from s2sdiff.runtime.replay import set_back, states
from s2sdiff.runtime.solver_states import State, seen_state, state_of
from s2sdiff.surroundings import Runs, may_write_outside
from s2sdiff.transforms import effects, solver_effects
from s2sdiff.transforms.given_functions import binds_captured

__all__ = ["as_one_run_leaves", "leaves_something"]


def as_one_run_leaves(f: Any, args: tuple, kwargs: dict[str, Any], name: str,
                      run: Callable[[], Any]) -> Any:
    """What `run()` gives, in which `f` is called with these arguments any number of times.

    Arguments are left as one call leaves them, and so are lists, objects and names outside.

    Raises
    ------
    UnsupportedError
        What it writes changes what it gives: nobody knows which call is meant.
    """
    before = _outside(f)
    given = args, kwargs
    if before is None and not _writes_arguments(f, True):
        return run()
    args, kwargs = copies_of_call(args, kwargs)
    runs = Runs(f, (*args, *kwargs.values()), name)

    def value(theirs: bool = False) -> list[Any]:
        runs.anew()
        own, named = given if theirs else copies_of_call(args, kwargs)
        return [*leaves_of(nested.innermost(f)(*own, **named))]

    runs.anew()
    try:
        made = run()
        values = [] if before is None else [value()]
    finally:
        if before is not None:
            before.put_back()
    # Runs of copies leave the arguments to this one.
    theirs = _writes_arguments(f) and alike(given, (args, kwargs), set())
    if before is None:
        if theirs:
            value(True)
        return made
    values.append(value(theirs))
    after = _outside(f)
    values.append(value())
    if after is not None:
        after.put_back()
    if not all(_same(values[0], v) for v in values[1:]):
        raise refusal(UnsupportedError,
                      f"{name} runs the function several times, and what it writes outside of "
                      "itself changes what it gives", "let it read nothing that it writes there")
    return made


def leaves_something(f: Any, args: tuple, in_arguments: bool = True, draws: bool = False) -> bool:
    """Whether a call leaves something where others see it: outside, or `in_arguments`.

    With `draws`, states of random generators, which are put back, do not count.

    A text that may write does not tell: whose memory that is, the arguments say.  So a run with
    copies of them tells, where all can be seen that it leads to.

    >>> leaves_something([].append, (1.0,)), leaves_something(lambda x: x.copy(), (np.ones(2),))
    (True, False)
    """
    target = nested.innermost(f)
    if not _binds_outside(f) and not standins_solved.writes(target):
        return False
    if not can_carry(args):
        return True
    own = own_copies(args)
    state = seen_state(target, *(own if in_arguments else ()))
    if state.hidden or (state.generators and not draws):
        return True
    drawn = states([*state.generators, *state.common])
    try:
        target(*own)
        return not state.is_exact()
    finally:
        state.put_back()
        set_back(drawn)


def _binds_outside(f: Any) -> bool:
    """Whether a function, or one that it captures, binds a name of those around it, or a global."""
    waiting, seen = [f], set()
    while waiting:
        target = nested.innermost(waiting.pop())
        if isinstance(target, types.MethodType):
            target = target.__func__
        if not isinstance(target, types.FunctionType) or id(target) in seen:
            continue
        seen.add(id(target))
        code = target.__code__
        if binds_captured(code) or any(i.opname in ("STORE_GLOBAL", "DELETE_GLOBAL")
                                       for c in (code, *nested_codes(code))
                                       for i in dis.get_instructions(c)):
            return True
        for cell in target.__closure__ or ():
            try:
                waiting.append(cell.cell_contents)
            except ValueError:
                continue
    return False


def _writes_arguments(f: Any, surely: bool = False) -> bool:
    """Whether it may write some; `surely`: and not all that there is, as what is not known may."""
    function, owner = solver_effects.runs(nested.innermost(f))
    written = effects.summary(function, owner)
    return not written <= frozenset("*") and not (surely and "*" in written)


def _outside(f: Any) -> State | None:
    """What a function leads to that may write some of it; None where it surely does not, or where
    something hides what it holds."""
    return state_of(nested.innermost(f)) if may_write_outside(f) else None


def _same(values: list[Any], others: list[Any]) -> bool:
    return len(values) == len(others) and all(
        np.array_equal(a, b, equal_nan=np.asarray(a).dtype.kind in "fc")
        for a, b in zip(values, others, strict=True))
