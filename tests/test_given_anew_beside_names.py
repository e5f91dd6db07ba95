"""Arrays written as a whole beside all that may show or hold them, by differences."""

import collections
import copy
import dataclasses
import functools
from typing import Any, NamedTuple

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text


@dataclasses.dataclass
class Field:
    z: Any


class Pair(NamedTuple):
    z: Any


class Kept:
    def __init__(self, z):
        self._z = z

    @property
    def z(self):
        return self._z


def same(a):
    return a


def drawn(a):
    yield 1.0
    yield a


#: How something shows or holds `z`, and what is read of it when `z` was written.
HELD = [
    ("g = drawn(z); next(g)", "next(g)"), ("g = enumerate([z])", "next(g)[1]"),
    ("g = zip([z], [z])", "next(g)[0]"), ("g = map(same, [z])", "next(g)"),
    ("g = reversed([z])", "next(g)"), ("g = lambda q=z: q", "g()"),
    ("o = Field(1.0); setattr(o, 'z', z)", "o.z"), ("o = Field(1.0); o.__dict__['z'] = z", "o.z"),
    ("o = Field(1.0); vars(o).update(z=z)", "o.z"), ("o = Field(z)", "o.z"), ("o = Kept(z)", "o.z"),
    ("o = Pair(z)", "o.z"), ("d = dict(z=z)", "d['z']"), ("d = {}; d.setdefault('k', z)", "d['k']"),
    ("d = collections.deque([z])", "d[0]"), ("d = list((z,))", "d[0]"), ("d = (z,) + (1,)", "d[0]"),
    ("d = [z] * 2", "d[1]"), ("d = copy.copy([z])", "d[0]"), ("d = {'a': {'b': z}}", "d['a']['b']"),
    ("d = np.split(z, 1)", "d[0]"), ("a, *d = 1, z", "d[0]"), ("w = np.asarray(z)", "w"),
    ("w = np.atleast_1d(z)", "w"), ("w = z[...]", "w"), ("w = z.real", "w"), ("w = z.T", "w"),
    ("w = z.astype(float, copy=False)", "w"), ("w = np.ravel(z)", "w"), ("w = z.view()", "w"),
    ("w = np.broadcast_to(z, (1, 3))", "w[0]"), ("w = z.reshape(3, 1)", "w[:, 0]"),
    ("w = z.flat", "w[:]"), ("w = same(z)", "w"), ("w = [v for v in [z]][0]", "w"),
    ("w = max([z], key=np.sum)", "w"), ("w = z if x[0] > 0 else x", "w"),
    ("w = functools.reduce(lambda a, b: b, [1.0, z])", "w"), ("w = (v := z)", "w + v"),
    ("f = functools.partial(same, z)", "f()"), ("f = z.sum", "f() * x"), ("w = (lambda: z)()", "w"),
    ("def f():\n        return z", "f()"), ("for w in [z]: pass", "w"),
    ("try:\n        w = z\n    finally:\n        pass", "w"),
    ("match [z]:\n        case [w]: pass", "w"),
]
WRITES = ("z *= x", "z /= x + 2.0", "z -= 1.0", "np.exp(z, out=z)")


def each(at):
    return HELD[at][0].splitlines()[0]


@pytest.mark.parametrize("at", range(len(HELD)), ids=each)
def test_what_shows_or_holds_an_array_sees_that_it_is_written(at):
    held, read = HELD[at]
    agrees(f"<beside names {at}>", held, WRITES[at % len(WRITES)], read)


@pytest.mark.parametrize("at", range(len(HELD)), ids=each)
def test_what_shows_an_array_that_a_ufunc_has_filled_sees_that_it_is_written(at):
    held, read = HELD[at]
    filled = f"np.multiply(z, x, out=z)\n    {held}"
    agrees(f"<filled {at}>", filled, WRITES[at % len(WRITES)], read)


@pytest.mark.parametrize("write", [
    "w = z[1:]; w *= 3.0", "w = z.reshape(3, 1); w += x[:, None]", "w = z; w[:] = x",
    "z[1:] *= 3.0", "np.add(z[:-1], z[1:], out=z[1:])", "z.sort()", "w = z[::-1]; w[0] = x[0]",
])
def test_an_array_that_a_ufunc_has_filled_is_written_by_other_names(write):
    agrees(f"<filled and {write}>", "np.sin(z, out=z); np.multiply(z, x, out=z)", write, "z")


def agrees(file, before, write, read):
    text = (f"def f(x):\n    z = x * 2.0\n    {before}\n    {write}\n"
            f"    return ({read}) * 1.0 + z * 0.5\n")
    scope: dict[str, Any] = {m.__name__: m for m in (collections, copy, functools)}
    scope.update(np=np, Field=Field, Pair=Pair, Kept=Kept, same=same, drawn=drawn)
    run_text(text, file, scope)
    f = scope["f"]
    x, d, w = (np.array(v) for v in ([0.7, -0.4, 1.3], [0.5, -1.0, 0.25], [0.3, 1.1, -0.7]))
    slope = (f(x + 1e-6 * d) - f(x - 1e-6 * d)) @ w / 2e-6
    value, pullback = sd.vjp(f, x)
    assert np.array_equal(value, f(x))
    assert [pullback(w) @ d for _ in range(2)] == pytest.approx([slope] * 2, rel=1e-6)
    value, tangent = sd.jvp(f, (x,), (d,))
    assert np.array_equal(value, f(x))
    assert tangent @ w == pytest.approx(slope, rel=1e-6)
