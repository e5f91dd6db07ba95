"""The same samples by HIPS autograd and by JAX, each with its own modules in place of NumPy's."""

from __future__ import annotations

import importlib
import math
import types
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.coverage.judge import difference, function_of, libraries
from tests.coverage.rows import SAMPLES
from tests.rules.values import has_floats, is_float, magnitude, pair, parts, random_like

__all__ = ["read", "write"]

Loss = Callable[..., Any]


def write(path: Path) -> None:
    """Judge all samples and note who is right, with the versions."""
    engines = {f"autograd {_version('autograd')}": (_scope("autograd"), _autograd),
               f"JAX {_version('jax')}": (_scope("jax"), _jax)}
    lines = ["\t".join(["module", "name", *engines])]
    for module, name in SAMPLES:
        verdicts = [_right(module, name, *engine) for engine in engines.values()]
        lines.append("\t".join([module, name, *[str(int(v)) for v in verdicts]]))
    path.write_text("\n".join(lines) + "\n", "utf-8")


def read(path: Path) -> dict[str, dict[tuple[str, str], bool]]:
    """By engine and row, whether it is right."""
    head, *lines = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    return {engine: {(line[0], line[1]): line[2 + i] == "1" for line in lines}
            for i, engine in enumerate(head[2:])}


def _version(package: str) -> str:
    return importlib.import_module("importlib.metadata").version(package)


def _scope(engine: str) -> dict[str, Any]:
    """What samples call: the engine's modules under NumPy's and SciPy's names, and the rest."""
    scipy = types.SimpleNamespace()
    for name in ("special", "linalg", "signal", "stats", "integrate", "ndimage", "fft",
                 "interpolate", "optimize", "sparse"):
        try:
            setattr(scipy, name, importlib.import_module(f"{engine}.scipy.{name}"))
        except ImportError:
            continue
    return {**libraries(), "np": importlib.import_module(f"{engine}.numpy"), "scipy": scipy}


def _right(module: str, name: str, scope: dict[str, Any],
           gradients: Callable[[Loss, tuple], tuple]) -> bool:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        plain, args = function_of(module, name)
        value = plain(*args)
        z_bar = random_like(value, np.random.default_rng(3))
        moved = tuple(random_like(a, np.random.default_rng(5 + i)) for i, a in enumerate(args))
        slope = difference(plain, args, moved)
        function, args = function_of(module, name, scope)
        ours = scope["np"]

        def loss(*args: Any) -> Any:
            return _paired(function(*args), z_bar, ours)

        try:
            entries = gradients(loss, args)
            got = sum(pair(_plain(e), m) for e, m in zip(entries, moved, strict=True))
        except Exception:  # whatever another engine raises: it does not know the function
            return False
        expected = pair(z_bar, slope) if has_floats(value) else 0.0
        scale = max(1.0, abs(expected), magnitude(z_bar) * magnitude(slope))
        return bool(abs(got - expected) <= 2e-6 * scale)


def _paired(value: Any, z_bar: Any, np_: Any) -> Any:
    if z_bar is None:
        return 0.0
    items = parts(z_bar)
    if items is None:
        return np_.sum(np_.real(value * z_bar)) if is_float(z_bar) else 0.0
    values = list(value.values()) if isinstance(value, dict) else list(value)
    return sum((_paired(v, b, np_) for v, b in zip(values, items, strict=True)), 0.0)


def _plain(entry: Any) -> Any:
    items = parts(entry)
    if items is not None:
        made = [_plain(i) for i in items]
        return dict(zip(entry, made, strict=True)) if isinstance(entry, dict) else type(entry)(made)
    return np.asarray(entry)


def _autograd(loss: Loss, args: tuple) -> tuple:
    import autograd

    value, entries = autograd.value_and_grad(loss, tuple(range(len(args))))(*args)
    if not math.isfinite(float(value)):
        raise ValueError(f"the loss is {value}")
    return entries


def _jax(loss: Loss, args: tuple) -> tuple:
    import jax

    jax.config.update("jax_enable_x64", True)
    return jax.grad(loss, tuple(range(len(args))), allow_int=True)(*args)
