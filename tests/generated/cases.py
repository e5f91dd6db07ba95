"""The functions whose generated code is kept here, with arguments, and how a text is made and run."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from s2sdiff import compiler
from s2sdiff.arguments import arguments_of
from s2sdiff.transforms.context import Request
from tests.generated.models import (
    arrays,
    kept,
    lines,
    lists,
    loops,
    objects,
    places,
    settings,
)

__all__ = ["CASES", "RATIO", "Case", "executed", "golden", "statements", "text_of"]

#: Statements per statement of the gradient written by hand, at most, if a case says nothing else.
RATIO = 1.25
_random = np.random.default_rng(5)


def _numbers(*shape: int) -> np.ndarray:
    return _random.normal(size=shape)


@dataclass(frozen=True)
class Case:
    """A function, arguments (one tuple per path through it), and its gradient written by hand."""

    function: Callable[..., Any]
    wrt: tuple[str, ...]
    arguments: tuple[tuple, ...]
    ratio: float = RATIO

    @property
    def name(self) -> str:
        return self.function.__name__

    @property
    def hand(self) -> Callable[..., Any]:
        """The gradient written by hand."""
        return getattr(sys.modules[self.function.__module__], f"{self.name}_hand")

    @property
    def hand_vjp(self) -> Callable[..., Any] | None:
        """The function of value and pullback written by hand, for the architecture's samples."""
        return getattr(sys.modules[self.function.__module__], f"{self.name}_hand_vjp", None)


def _case(function: Callable[..., Any], wrt: str, *arguments: tuple,
          ratio: float = RATIO) -> Case:
    return Case(function, tuple(wrt.split()), arguments, ratio)


_labels = np.eye(3)[[0, 2, 1, 1]]
CASES = [
    _case(lines.wave, "x w", (0.7, 3.0)),
    _case(lines.huber, "r d", (0.4, 1.0), (-1.7, 1.2)),
    _case(lines.outer, "x s", (0.4, 2.0), (1.3, 2.0)),
    _case(lines.rosenbrock, "x y", (-1.2, 1.0)),
    _case(lines.black_scholes, "s r sigma", (100.0, 95.0, 0.03, 0.2, 0.5)),
    _case(lines.drag, "v area", (2.0, 0.5), (2e-5, 0.5), (-1.0, 0.5)),
    _case(lines.lorenz, "x y z", (1.0, 2.0, 20.0, 0.01)),
    _case(lines.dense, "w b", (_numbers(4, 3), _numbers(3, 2), _numbers(2))),
    _case(loops.orbit, "y k", (0.5, 0.1, 7), (0.5, 0.1, 0)),
    _case(loops.newton, "a", (2.0,), (9.0,)),
    _case(loops.kepler, "m e", (0.8, 0.3), (2.0, 0.6)),
    _case(loops.horner, "c x", ([1.0, -2.0, 0.5, 3.0], 0.7)),
    _case(loops.heat, "u k", (_numbers(12), 0.2, 4)),
    _case(loops.rnn, "w u b", (_numbers(5, 2), _numbers(3, 3), _numbers(3, 2), _numbers(3), 5)),
    _case(loops.search, "x", (0.6, 30), (0.6, 3)),
    _case(loops.mesh, "a b", (0.3, 0.7, 3)),
    _case(arrays.logsumexp, "x", (_numbers(6),)),
    _case(arrays.cross_entropy, "z", (_numbers(4, 3), _labels)),
    _case(arrays.mlp, "w1 b1 w2 b2", (
        _numbers(3, 5), _numbers(5), _numbers(5, 2), _numbers(2), _numbers(4, 3), _numbers(4, 2))),
    _case(arrays.logistic, "w b", (_numbers(3), 0.3, _numbers(8, 3), np.eye(8)[0])),
    _case(arrays.valley, "x", (_numbers(6),)),
    _case(places.heat_in_place, "u k", (_numbers(12), 0.2, 4)),
    _case(places.thomas, "lower diagonal upper right", (
        _numbers(4), 4.0 + _numbers(5), _numbers(4), _numbers(5)), ratio=1.8),
    _case(lists.running, "c x", (_numbers(14).tolist(), 0.7), ratio=1.6),
    _case(lists.counted, "c x", (_numbers(15).tolist(), 0.7), ratio=2.2),
    _case(lists.drawn, "c x", (_numbers(16).tolist(), 0.7), ratio=1.9),
    _case(places.horner_in_place, "c x", (_numbers(5), 0.7), ratio=1.9),
    _case(places.cumulative, "rates first", (0.1 * _numbers(6), 2.0), ratio=1.9),
    _case(places.double_buffer, "u k", (_numbers(9), 0.2, 3)),
    _case(places.orthonormal, "a", (_numbers(4, 3),), ratio=1.7),
    _case(places.weighted_histogram, "weights", (np.array([0, 2, 2, 1, 0]), _numbers(5), 4),
          ratio=2.0),
    _case(objects.horner_list, "c x", ([1.0, -2.0, 0.5, 3.0], 0.7), ratio=2.7),
    _case(objects.kalman, "start drift noise", (0.3, 0.1, 0.5, [0.4, 0.7, 0.2]), ratio=1.4),
    _case(objects.collected, "w u", (_numbers(3, 3), _numbers(3, 2), _numbers(4, 2)), ratio=1.5),
    _case(objects.network, "parameters", (
        {"w1": _numbers(3, 4), "b1": _numbers(4), "w2": _numbers(4, 2), "b2": _numbers(2)},
        _numbers(5, 3), _numbers(5, 2)), ratio=2.6),
    _case(objects.oscillation, "x k", (0.7, 2.0, 0.1, 6), ratio=1.4),
    _case(objects.fixed_point, "a b", (0.8, 1.3)),
    _case(kept.controlled, "kp ki kd", (2.0, 0.5, 0.1, 6), (2.0, 0.5, 0.1, 0), ratio=1.4),
    _case(settings.boiling, "t x", (80.0, 0.4), ratio=1.6),
    _case(settings.falling, "v drag", (1.0, 0.3), (0.0, 0.1), ratio=1.6),
    _case(kept.areas, "r a", (1.2, 0.7, 5), ratio=2.7),
]


def _compiled(case: Case, mode: str) -> compiler.Compiled:
    arguments = arguments_of(case.function, case.arguments[0], {})
    return compiler.compile_for(case.function, Request(mode, case.wrt), arguments)


def text_of(case: Case, mode: str) -> str:
    """The text as `sd.source` shows it: the lines that make what it needs, then the function."""
    printed = _compiled(case, mode).printed
    prelude = "".join(f"{line}\n" for line in printed.prelude)
    return f"{prelude}\n\n{printed.text}" if prelude else printed.text


def golden(case: Case, mode: str) -> Path:
    """The file that holds the text."""
    return Path(__file__).with_name(f"{case.name}_{mode}.py")


def executed(case: Case, mode: str, text: str) -> Any:
    """The function that the text defines where its original lives."""
    space = dict(vars(sys.modules[case.function.__module__]))
    exec(compile(text, str(golden(case, mode)), "exec"), space)
    return space[f"{case.name}_{mode}"]


def statements(text: str) -> int:
    """How many statements a text has; the heads of functions do not count."""
    functions = (ast.FunctionDef, ast.Import, ast.ImportFrom)
    return sum(isinstance(n, ast.stmt) and not isinstance(n, functions)
               for n in ast.walk(ast.parse(text)))
