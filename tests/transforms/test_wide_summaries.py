"""What calls of functions write that lead to hundreds of others."""

from __future__ import annotations

import pytest

import s2sdiff as sd
from s2sdiff.transforms import early
from s2sdiff.transforms.effects import function_writes
from tests.from_text import run_text


def tree(name, wide, deep):
    """A function that calls `wide` others, each of which calls `deep` of its own."""
    text = ""
    for i in range(wide):
        text += "".join(f"def leaf_{i}_{k}(x):\n    return x * {k + 1.0}\n" for k in range(deep))
        calls = "".join(f"    x = leaf_{i}_{k}(x) * 0.5\n" for k in range(deep))
        text += f"def branch_{i}(x, log):\n    for _ in log:\n        x = x * 1.0\n{calls}"
        text += "    return x\n"
    calls = "".join(f"    total = total + branch_{i}(x, log)\n" for i in range(wide))
    text += f"def root(x, log):\n    total = 0.0\n{calls}    return total\n"
    space = {"__name__": name}
    run_text(text, name, space)
    return space["root"]


def test_few_functions_are_all_looked_at():
    assert not function_writes(tree("<narrow tree>", 3, 3))


def test_of_many_functions_it_is_said_that_they_may_write(monkeypatch):
    seen = []
    numbered = early.numbered
    monkeypatch.setattr(early, "numbered", lambda f: (seen.append(f), numbered(f))[1])
    assert function_writes(tree("<wide tree>", 150, 3))
    assert len(seen) <= 400


def test_their_derivative_is_right_nevertheless():
    root = tree("<another wide tree>", 110, 3)

    def f(x):
        log = [x, 2.0]
        return root(x, log) * log[0]

    expected = (f(1.3 + 1e-6) - f(1.3 - 1e-6)) / 2e-6
    assert sd.grad(f)(1.3) == pytest.approx(expected, rel=1e-6)
