"""`check(case)`: the derivative of one case against finite differences and a plain run."""

from __future__ import annotations

import functools
import linecache
import re

import numpy as np

import s2sdiff as sd
from tests.fuzz.check import time_limit
from tests.language.promises import Missing, Wrong, by_grad, by_vjp, run
from tests.language.slopes import slopes
from tests.language.structures import like
from tests.language.table import Case

__all__ = ["Missing", "NotRefused", "Wrong", "check", "gradient_size", "is_refusal", "verdict"]

SECONDS = 60.0


class NotRefused(Exception):
    """What the table says is refused gave the right numbers."""


def check(case: Case) -> None:
    """Return if all is as the table says.

    Raises
    ------
    Wrong, Missing, NotRefused
        What the classes say.
    DifferentiationError
        The case is refused and should not be, or not in the words of the table.
    """
    with time_limit(SECONDS), np.errstate(all="ignore"):
        found = _failures(case)
    # A wrong number in one way is not excused by a refusal in the other.
    for error in sorted(filter(None, found), key=_excusable):
        if case.error is None or not is_refusal(error):
            raise error
        _check_message(case, error)
    if case.error is not None and None in found:
        raise NotRefused(f"{case.name} gives right numbers")


def _failures(case: Case) -> list[Exception | None]:
    """What comes of `vjp`, and of `grad` where there is one: None where all is right."""
    plain = run(case, case.function)
    cotangent = like(plain.value, np.random.default_rng(7))
    partial = functools.cache(lambda: slopes(case, cotangent))
    found: list[Exception | None] = []
    for way in (by_vjp, by_grad):
        try:
            if way(case, plain, cotangent, partial) is not False:
                found.append(None)
        except Exception as error:
            found.append(error)
    return found


def _excusable(error: Exception | None) -> int:
    if isinstance(error, (Missing, NotRefused)):
        return 2
    return int(error is not None and is_refusal(error))


def is_refusal(error: Exception) -> bool:
    """A refusal says what to write instead; one of a bug is none."""
    if isinstance(error, sd.InternalError):
        return False
    by_type = isinstance(error, TypeError) and re.search(r"Instead, [^\n]+\.$", str(error))
    return isinstance(error, sd.DifferentiationError) or bool(by_type)


def _check_message(case: Case, error: Exception) -> None:
    text = str(error)
    place = re.match(r"(.+):(\d+):\d+( in \S+)?$", text.splitlines()[0])
    shown = linecache.getline(place[1], int(place[2])) if place else ""
    good = isinstance(error, getattr(sd, str(case.error))) and "# here" in shown and \
        re.search(case.message, text) and re.search(r"\bInstead, [^\n]+\.$", text)
    if not good:
        # A refusal all the same, so it is raised as one.
        said = sd.UnsupportedError(f"not as the table says ({case.error}, {case.message!r}, at "
                                   f"the line marked '# here'): {type(error).__name__}: {text}")
        raise said from error


def verdict(case: Case) -> str:
    """In one line: "ok", "pending: ..." or "wrong: ..."."""
    try:
        check(case)
    except (Missing, NotRefused) as error:
        return f"pending: {type(error).__name__}: {error}"
    except Exception as error:
        kind = "pending" if is_refusal(error) else "wrong"
        lines = [n for n in str(error).splitlines() if n[:1] not in (" ", "/", "<")] or [""]
        return f"{kind}: {type(error).__name__}: {lines[0]}"
    return "ok"


def gradient_size(case: Case) -> float:
    """The largest partial derivative: a case whose result depends on nothing shows nothing.

    Raises
    ------
    Unusable
        Where finite differences cannot tell the derivative.
    """
    plain = run(case, case.function)
    with np.errstate(all="ignore"):
        found = slopes(case, like(plain.value, np.random.default_rng(7))).values()
    return max((float(np.max(np.abs(s))) for s, _ in found if s.size), default=0.0)
