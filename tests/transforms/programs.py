"""What the tests of the passes share: a stage as text, a derivative against differences."""

from __future__ import annotations

import contextlib
import copy
import io
import sys
import textwrap
import warnings
from typing import Any

import numpy as np

import s2sdiff
from s2sdiff import compiler, grammar
from s2sdiff.arguments import arguments_of
from s2sdiff.backend.printer import print_function
from s2sdiff.errors import DifferentiationError
from s2sdiff.transforms.context import Request
from tests.frontend.compare import _plain

__all__ = ["agrees", "agrees_now", "body", "raises_alike", "refused", "stages"]


def stages(function: Any, *args: Any, mode: str = "vjp", wrt: Any = None) -> dict[str, Any]:
    """All stages of a function's compilation for these arguments."""
    arguments = arguments_of(function, args, {})
    wrt = wrt or tuple(n for n, kind in arguments.items() if not kind.inert)
    volatile = frozenset((*arguments, "return")) if mode == "vjp" else frozenset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compiler.stages(function, Request(mode, wrt, volatile), arguments)


def body(function: Any, *args: Any, stage: str, wrt: Any = None) -> list[str]:
    """The lines of a stage, without the `def`, dedented; the stage keeps its grammar."""
    made = stages(function, *args, wrt=wrt)[stage]
    grammar.check(made, stage)
    return textwrap.dedent(print_function(made).text.partition("\n")[2]).splitlines()


def outcome(call: Any) -> tuple[Any, type | None, str]:
    """Value, type of the exception, and what was printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return call(), None, printed.getvalue()
        except Exception as error:
            return error, type(error), printed.getvalue()


def agrees(function: Any, *args: Any, tolerance: float = 1e-6) -> list[Any]:
    """The gradients of a function with one real result; all is checked against plain runs."""
    plain, raised, printed = outcome(lambda: function(*copy.deepcopy(args)))
    assert raised is None, plain
    kept = copy.deepcopy(args)
    made, raised, effects = outcome(lambda: s2sdiff.vjp(function, *args))
    assert raised is None, made
    value, pullback = made
    assert _plain(value) == _plain(plain)
    assert effects == printed
    assert _plain(args) == _plain(kept)
    once, twice = pullback(type(value)(1.0)), pullback(type(value)(1.0))
    assert _plain(once) == _plain(twice)
    gradients = once if len(args) > 1 else (once,)
    found = []
    for position, x in enumerate(args):
        if isinstance(x, float) or (isinstance(x, np.ndarray) and x.dtype.kind == "f"):
            expected = difference(function, args, position)
            np.testing.assert_allclose(
                gradients[position], expected, rtol=tolerance, atol=tolerance
            )
            found.append(gradients[position])
    return found


def agrees_now(function: Any, x: float) -> None:
    """Check both modes at one number, by what names mean at the moment."""
    expected = (function(x + 1e-6) - function(x - 1e-6)) / 2e-6
    value, pullback = s2sdiff.vjp(function, x)
    assert value == function(x)
    for found in (s2sdiff.grad(function)(x), pullback(1.0), pullback(1.0)):
        assert abs(found - expected) <= 1e-8 * abs(expected)


def difference(function: Any, args: tuple, position: int, step: float = 1e-5) -> Any:
    """Central differences in one argument."""
    base = np.asarray(args[position], float)
    found = np.zeros(base.shape)

    def at(moved: np.ndarray) -> float:
        given = moved if isinstance(args[position], np.ndarray) else float(moved)
        with contextlib.redirect_stdout(io.StringIO()):
            return float(function(*args[:position], given, *args[position + 1 :]))

    for index in np.ndindex(base.shape):
        up, down = base.copy(), base.copy()
        up[index] += step
        down[index] -= step
        found[index] = (at(up) - at(down)) / (2 * step)
    return found if found.shape else float(found)


def raises_alike(function: Any, *args: Any) -> type | None:
    """The type of the exception that plain call and derivative both raise, after equal output."""
    plain, expected, printed = outcome(lambda: function(*args))
    made, raised, effects = outcome(lambda: s2sdiff.vjp(function, *args))
    assert expected is not None and raised is expected, (plain, made)
    assert effects == printed
    if sys.version_info >= (3, 11):  # before, Python has other words for a name that is not bound
        assert str(made).partition(" with a value")[0] == str(plain).partition(" with a value")[0]
    return raised


def refused(function: Any, *args: Any) -> str:
    """The message of the refusal of a function that runs plainly."""
    _, raised, printed = outcome(lambda: function(*args))
    assert raised is None
    made, raised, effects = outcome(lambda: s2sdiff.vjp(function, *args))
    assert raised is not None and issubclass(raised, DifferentiationError), made
    assert printed.startswith(effects)
    return str(made)
