"""Where errors leave the package: each with its place in the user's source, none with our frames.

Refusals are raised where they are noticed, deep in a rule or in a call made at run time, without a
place.  The innermost generated frame of the traceback knows it: each of its lines was made for a
line of the user's.
"""

from __future__ import annotations

import contextlib
import itertools
import linecache
import os
import signal
import sys
import types
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from s2sdiff import errors
from s2sdiff.backend.loader import places
from s2sdiff.errors import (
    DifferentiationError,
    InternalError,
    NestedDerivativeError,
    UnsupportedError,
    refusal,
)
from s2sdiff.ir import Loc
from s2sdiff.runtime import datasets, reasons, resuming
from s2sdiff.runtime.outside_held import held_write, left_unwritten

__all__ = ["generating", "leaving", "refuse_operators", "refused"]

_HOME = os.path.dirname(os.path.abspath(__file__)) + os.sep
#: The modules of the functions that take derivatives.
_OPERATORS = ("s2sdiff.api", "s2sdiff.checking", "s2sdiff.dispatch", "s2sdiff.forward",
              "s2sdiff.functions", "s2sdiff.hessian_products", "s2sdiff.jacobians",
              "s2sdiff.linearized", "s2sdiff.vector_products")
#: The modules of helpers that find out when the code runs what is called, or who is written.
_AT_RUN_TIME = frozenset({
    "attributes", "by_place", "calls", "fields", "holders", "in_step", "items", "kept_calls",
    "methods", "planted", "quick", "raising", "ruled", "sharing", "tangents", "tried", "unseen"})
#: Helpers of other modules that make calls, and of these such as only keep cotangents.
_CALLING, _KEEPING = frozenset({"apply", "apply_method"}), frozenset({"zeroed"})


def leaving(error: DifferentiationError) -> DifferentiationError:
    """The error as a public operator raises it: placed, its traceback without our own frames.

    Where no generated code was running, the place is that of the call of the operator.
    """
    loc = error.loc or _place_in(error.__traceback__) or _place_of_call()
    loc = loc and _users(loc)
    if loc is not None and loc != error.loc:
        errors.locate(error, loc)
    return error.with_traceback(_without_ours(error.__traceback__))


def refused(error: Exception) -> DifferentiationError | None:
    """The refusal that an exception is, or that a `finally` of the user's raised it in place of."""
    found: BaseException | None = error
    while found is not None and not isinstance(found, DifferentiationError):
        found = found.__context__
    if found is None:
        written = held_write(error) or left_unwritten(error)
        return written and leaving(written.with_traceback(error.__traceback__))
    # One that somebody handles who asks for this derivative came from elsewhere.
    at = found.__traceback__
    own = found is error or (at is not None and places(at.tb_frame.f_code.co_filename) is not None)
    return leaving(found) if own else None


@contextlib.contextmanager
def generating(fn: Any) -> Iterator[None]:
    """Around the making of code for a function: what is no refusal is a bug, and says so."""
    try:
        yield
    except (DifferentiationError, Warning):
        raise  # a warning that the user's filters have made an error
    except RecursionError:
        raise refusal(UnsupportedError, f"{fn.__qualname__} is nested too deeply",
                      "split it into several functions", _start(fn)) from None
    except Exception as error:
        if _by_a_signal(error.__traceback__):
            raise
        raise refusal(
            InternalError,
            f"a bug of s2sdiff: generating the derivative of {fn.__qualname__} failed with "
            f"{type(error).__name__}: {error}",
            "register a derivative for it with @sd.derivative or mark it with sd.stop_gradient, "
            "and report it", _start(fn)) from error


def _by_a_signal(traceback: types.TracebackType | None) -> bool:
    """Whether a handler of signals raised it, as one does that limits the time."""
    handlers = {getattr(signal.getsignal(s), "__code__", None) for s in signal.valid_signals()}
    while traceback is not None and traceback.tb_frame.f_code not in handlers:
        traceback = traceback.tb_next
    return traceback is not None


def refuse_operators(fn: Any) -> None:
    """Refuse to differentiate the public operators themselves, and code of tables of data."""
    datasets.not_followed(fn)
    module = fn.__globals__.get("__name__") or ""
    if not fn.__code__.co_filename.startswith(_HOME):
        return
    # What gives walks gives no numbers: their cotangents would be looked for in the walk.
    walks = module == "s2sdiff.rules.iterators"
    inside = module.startswith("s2sdiff.runtime.")
    if walks or (inside and fn.__name__ not in _KEEPING and (
            module.rpartition(".")[2] in _AT_RUN_TIME or fn.__name__ in _CALLING)):
        raise reasons.again(fn)
    if module in _OPERATORS:
        raise refusal(
            NestedDerivativeError,
            f"{fn.__name__} takes a derivative inside a function that is being differentiated, "
            "which is not part of this version",
            "compute the inner derivative outside of the function, or mark its arguments with "
            "sd.stop_gradient")


def _start(fn: Any) -> Loc:
    code = fn.__code__
    file, line = code.co_filename, code.co_firstlineno
    return Loc(file, line, _indent(file, line), fn.__name__)


def _indent(file: str, line: int) -> int:
    text = linecache.getline(file, line)
    return len(text) - len(text.lstrip())


# ---------------------------------------------------------------------------------- places


def _place_in(traceback: types.TracebackType | None) -> Loc | None:
    """What the line of the innermost generated frame was made for."""
    found = None
    while traceback is not None:
        known = places(traceback.tb_frame.f_code.co_filename)
        if known is not None and traceback.tb_lineno in known:
            loc = _users(known[traceback.tb_lineno])
            # A helper of ours that was differentiated as if it were the user's is no place.
            found = found if loc.file.startswith(_HOME) else loc
        traceback = traceback.tb_next
    return found


def _users(loc: Loc) -> Loc:
    """A place in generated code as what it was made for: functions nested there were the user's."""
    known = places(loc.file)
    while known is not None and loc.line in known:
        loc = known[loc.line]
        known = places(loc.file)
    return replace(loc, backward=False)


def _place_of_call() -> Loc | None:
    """Where the package was entered: the innermost frame that is not its own."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None and _is_ours(frame):
        frame = frame.f_back
    if frame is None:
        return None
    code = frame.f_code
    return Loc(code.co_filename, frame.f_lineno, _column(frame), code.co_name)


def _column(frame: types.FrameType) -> int:
    """Where on its line the running call starts (before Python 3.11: where the line starts)."""
    if sys.version_info >= (3, 11):
        at = itertools.islice(frame.f_code.co_positions(), frame.f_lasti // 2, None)
        line, _, column, _ = next(at, (None,) * 4)
        if line == frame.f_lineno and column is not None:
            text = linecache.getline(frame.f_code.co_filename, frame.f_lineno)
            return len(text.encode()[:column].decode(errors="replace"))
    return _indent(frame.f_code.co_filename, frame.f_lineno)


# ------------------------------------------------------------------------------- tracebacks


def _is_ours(frame: types.FrameType) -> bool:
    return frame.f_code.co_filename.startswith(_HOME)


def _without_ours(traceback: types.TracebackType | None) -> types.TracebackType | None:
    kept = []
    ours = False
    while traceback is not None:
        # The frame that `contextmanager` puts between two of ours is one of them.
        helper = ours and traceback.tb_frame.f_code.co_filename == contextlib.__file__
        ours = helper or _is_ours(traceback.tb_frame)
        if not ours:
            kept.append(traceback)
        traceback = traceback.tb_next
    after = None
    for t in reversed(kept):
        after = types.TracebackType(after, t.tb_frame, t.tb_lasti, t.tb_lineno)
    return after


def _hidden(error: Exception) -> DifferentiationError | None:
    return None if isinstance(error, DifferentiationError) else refused(error)


resuming.refused = _hidden
