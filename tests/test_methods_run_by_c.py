"""Special methods that code in C runs where nobody sees it, and that write: right, or refused."""

import math
from collections import deque

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text
from tests.right_or_refused import right_or_refused


class Index:
    def __init__(self, v):
        self.v = v

    def __index__(self):
        self.v = self.v * 2.0
        return 1


class Number:
    def __init__(self, v):
        self.v = v

    def __float__(self):
        self.v = self.v * 2.0
        return 1.0


class Missing(dict):
    def __init__(self, v):
        self.v = v

    def __missing__(self, key):
        self.v = self.v * 2.0
        return "z"


class Property:
    def __init__(self, v):
        self.v = v

    @property
    def q(self):
        self.v = self.v * 2.0
        return 1


class Walked:
    def __init__(self, v):
        self.v = v

    def __iter__(self):
        self.v = self.v * 2.0
        return iter((1.0, 2.0))


LOCAL = """class Local:
        def __init__(self, v):
            self.v = v

        def __index__(self):
            self.v = self.v * 2.0
            return 1

        def __dir__(self):
            self.v = self.v * 2.0
            return []
"""
#: What makes the object, and what runs its method.
RUN = {
    "digits to round to": ("Index", "round(2.345, o)"),
    "steps to turn by": ("Index", "deque([1, 2]).rotate(o)"),
    "a hexadecimal": ("Index", "hex(o)"),
    "an element": ("Number", "b[0] = o"),
    "elements": ("Number", "b[:] = o"),
    "a text of a number": ("Number", "'%f' % o"),
    "a mapping": ("Missing", "'{name}'.format_map(o)"),
    "names in a text": ("Missing", "'%(name)s' % o"),
    "a field of a text": ("Property", "'{0.q}'.format(o)"),
    "a slice": ("Walked", "n[:] = o"),
    "a range": ("Local", "[None for _ in range(o)]"),
    "a letter": ("Local", "chr(o)"),
    "bits": ("Local", "bin(o)"),
    "names": ("Local", "dir(o)"),
}


@pytest.mark.parametrize("run", RUN)
def test_methods_that_write_where_nobody_sees_it(run):
    cls, does = RUN[run]
    lines = ["def f(x):", *([LOCAL] if cls == "Local" else []), f"o = {cls}(x)",
             "b, n = np.zeros(2), [1]", does, "return o.v"]
    f = run_text("\n    ".join(lines) + "\n", f"<run by C: {run}>", {
        **globals(), "math": math, "deque": deque, "np": np})["f"]
    assert f(0.61) == pytest.approx(1.22)
    right_or_refused(f)
    try:
        assert sd.jvp(f, (0.61,), (1.0,))[1] == pytest.approx(2.0)
    except sd.UnsupportedError as error:
        assert "Instead, " in str(error)


def test_ints_in_a_field_are_rounded_forwards_and_methods_are_refused():
    x, s = np.array([2.0, 3.0]), 1.1

    def rounded(x, s):
        r = np.zeros(2, [("u", int), ("w", float)])
        d = r["u"]
        d[:] = 3.0 * x * s
        return np.sum(np.asarray(d, float) * x)

    def filled(x, s):
        r = np.zeros(2, [("u", float), ("w", int)])
        r["u"].fill(s * s)
        return np.sum(r["u"] * x)

    assert sd.jvp(rounded, (x, s), (np.array([1.0, 0.0]), 0.0))[1] == 6.0
    assert sd.jvp(rounded, (x, s), (np.zeros(2), 1.0))[1] == 0.0
    with pytest.raises(sd.UnsupportedError, match="(?s)array with fields.*Instead, "):
        sd.jvp(filled, (x, s), (x, 1.0))
