"""Methods and defaults that are replaced by code which nobody sees before it runs."""

import contextlib
import importlib
import sys

import numpy as np
import pytest

import s2sdiff as sd
from tests import replaced_later

WAYS = [f for f in vars(replaced_later).values()
        if getattr(f, "__code__", None) and f.__code__.co_varnames[:1] == ("x",)
        and f is not replaced_later.helper]


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch):
    # A module of its own for each test: nothing of it has been seen.
    monkeypatch.delitem(sys.modules, "tests.replacing_later", raising=False)
    monkeypatch.delitem(sys.modules, "tests.replacing_at_once", raising=False)
    late = importlib.import_module("tests.replacing_later")
    replaced_later.GIVEN.update(replace=late.replace, key=late.key, default=late.default,
                                replaced=late.replaced, object=late.Replacing())
    kept, defaults = replaced_later.Model.step, replaced_later.helper.__defaults__
    yield
    replaced_later.GIVEN.clear()
    replaced_later.Model.step, replaced_later.helper.__defaults__ = kept, defaults


def nothing(x=None):
    return x


class Nothing:
    def __mul__(self, other):
        return other

    def __len__(self):
        return 2


@pytest.mark.parametrize("f", WAYS, ids=lambda f: f.__name__)
def test_what_others_replace_is_refused_and_nothing_else(f):
    given = dict(replaced_later.GIVEN)
    if "import" not in f.__name__:
        replaced_later.GIVEN.update(replace=nothing, key=nothing, default=nothing,
                                    replaced=contextlib.nullcontext, object=Nothing())
        slope = (f(0.7 + 1e-6) - f(0.7 - 1e-6)) / 2e-6
        value, pullback = sd.vjp(f, 0.7)
        np.testing.assert_allclose((value, pullback(1.0), pullback(1.0), sd.grad(f)(0.7)),
                                   (f(0.7), slope, slope, slope), rtol=1e-6)
        np.testing.assert_allclose(sd.jvp(f, (0.7,), (1.0,)), (f(0.7), slope), rtol=1e-6)
    replaced_later.GIVEN.update(given)
    for way in (lambda: sd.vjp(f, 0.7), lambda: sd.jvp(f, (0.7,), (1.0,)), lambda: sd.grad(f)(0.7)):
        sys.modules.pop("tests.replacing_at_once", None)
        with pytest.raises(sd.DifferentiationError, match=r"(?s)replaced_later.py:\d+.*Instead, "):
            way()
