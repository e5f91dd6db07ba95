"""Code that nobody wrote for us: modules of the standard library, lowered and run."""

from __future__ import annotations

import argparse
import colorsys
import difflib
import fractions
import heapq
import inspect
import json.decoder
import statistics
import textwrap
import types

import numpy as np
import pytest

from s2sdiff.frontend.lower import lower
from tests.frontend.interpret import run


def functions_of(module):
    found = [f for f in vars(module).values() if isinstance(f, types.FunctionType)]
    for cls in (c for c in vars(module).values() if isinstance(c, type)):
        found += [f for f in vars(cls).values() if isinstance(f, types.FunctionType)]
    own = [f for f in found if f.__module__ == module.__name__]
    # Named tuples and dataclasses have methods whose text was made up.
    written = [f for f in own if not f.__code__.co_filename.startswith("<")]
    return [f for f in written if not inspect.isgeneratorfunction(f)]


@pytest.mark.parametrize("module", [
    argparse, colorsys, difflib, fractions, heapq, json.decoder, statistics, textwrap,
    np.linalg._linalg, np.lib._function_base_impl,
], ids=lambda m: m.__name__)
def test_every_function_of_a_module_is_lowered(module):
    for function in functions_of(module):
        target = inspect.unwrap(function)
        assert lower(target).origin is target


def interpreted(monkeypatch, module):
    """Replace the functions of a module by ones that run their IR."""
    for name, function in list(vars(module).items()):
        own = isinstance(function, types.FunctionType) and function.__module__ == module.__name__
        if own and not inspect.isgeneratorfunction(function):
            lowered = lower(function)
            monkeypatch.setattr(module, name, lambda *a, _ir=lowered, **k: run(_ir, *a, **k))


def test_statistics_computes_what_it_computes(monkeypatch):
    data = [2.5, 1.0, 7.25, 3.5, 3.5]

    def results():
        back = data[::-1]
        return (
            statistics.mean(data), statistics.median(data), statistics.stdev(data),
            statistics.quantiles(data, n=3), statistics.mode(data), statistics.multimode(data),
            statistics.geometric_mean(data), statistics.harmonic_mean(data, weights=data),
            statistics.linear_regression(data, back), statistics.correlation(data, back),
        )

    expected = results()
    interpreted(monkeypatch, statistics)
    assert results() == expected


def test_colours_are_converted_as_before(monkeypatch):
    def results():
        grid = [(r / 4, g / 4, b / 4) for r in range(5) for g in range(5) for b in range(5)]
        return [
            (colorsys.rgb_to_hls(*c), colorsys.hls_to_rgb(*c), colorsys.rgb_to_hsv(*c),
             colorsys.hsv_to_rgb(*c), colorsys.rgb_to_yiq(*c), colorsys.yiq_to_rgb(*c))
            for c in grid
        ]

    expected = results()
    interpreted(monkeypatch, colorsys)
    assert results() == expected


def test_heaps_are_kept_as_before():
    source = [5, 1, 8, 3, 9, 2]
    ours, theirs = list(source), list(source)
    for i in reversed(range(3)):
        run(lower(heapq._siftup), ours, i)
        heapq._siftup(theirs, i)
    assert ours == theirs
    assert run(lower(heapq.nlargest), 3, source) == [9, 8, 5]
    assert run(lower(heapq.nsmallest), 2, source, key=lambda v: -v) == [9, 8]


def test_text_is_wrapped_as_before(monkeypatch):
    text = "\n    one two\n      three\n    four\n"

    def results():
        return textwrap.dedent(text), textwrap.shorten(text, 12), textwrap.indent(text, "> ")

    expected = results()
    interpreted(monkeypatch, textwrap)
    assert results() == expected


def test_numpy_functions_written_in_python_compute_what_they_compute():
    a = np.arange(12.0).reshape(3, 4)
    for function, args in [
        (np.diff, (a,)), (np.trapezoid, (a,)), (np.gradient, (a,)), (np.rot90, (a,)),
        (np.kron, (a, a)), (np.cov, (a,)), (np.cross, (a[:, :3], a[:, 1:])), (np.flip, (a, 0)),
        (np.linalg.matrix_power, (a[:3, :3], 5)), (np.linalg.multi_dot, ([a, a.T, a],)),
        (np.average, (a, 0, np.ones(3))), (np.polyfit, (np.arange(4.0), a[1], 1)),
    ]:
        expected = function(*args)
        got = run(lower(inspect.unwrap(function)), *args)
        for e, g in zip(expected, got, strict=True):
            np.testing.assert_array_equal(g, e)
