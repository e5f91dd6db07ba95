"""Objects that are keys of a dict which is filled after it was made: what is written to them there
is written to the objects.
"""

import collections

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text


class Node:
    def __init__(self, v):
        self.v, self.w = v, np.array([v, 1.0])


def filled(n):
    d = {}
    d[n] = 1
    return d


MADE = {
    "a store": "d = {}; d[n] = 1", "a comprehension": "d = {o: 1 for o in [n]}",
    "fromkeys": "d = dict.fromkeys([n], 1)",
    "a count": "d = collections.defaultdict(int); d[n] += 1",
    "in order": "d = collections.OrderedDict(); d[n] = 1",
    "a copy": "e = {}; e[n] = 1; d = dict(e)",
    "a helper": "d = filled(n)", "a display": "d = {n: 1}",
    "a method": "d = {}; d.setdefault(n, 1)",
    "an active value": "d = {}; d[n] = x",
}
USED = {
    "keys": "for o in d.keys(): o.v = o.v * x",
    "a loop": "for o in d: o.v = o.v * x", "items": "for o, q in d.items(): o.v = o.v * x",
    "a list": "list(d)[0].v = n.v * x",
    "a list of items": "for o, q in list(d.items()): o.v *= x",
    "the last": "d.popitem()[0].v = n.v * x", "the first": "next(iter(d)).v = n.v * x",
    "an array": "for o in d: o.w[:] *= x", "by name": "for o in d: setattr(o, 'v', o.v * x)",
    "unpacked": "(o,) = d; o.v = o.v * x", "a star": "[*d][0].v = n.v * x",
    "the largest": "max(d, key=lambda o: o.v).v = x * x",
}


@pytest.mark.parametrize("used", USED)
@pytest.mark.parametrize("made", MADE)
def test_objects_that_are_keys_are_written(made, used):
    lines = ["def f(x):", "n = Node(x)", MADE[made], USED[used], "return n.v * x + n.w[0]"]
    text = "\n    ".join(lines) + "\n"
    f = run_text(text, f"<objects as keys: {made}, {used}>", {
        "Node": Node, "filled": filled, "collections": collections})["f"]
    slope = (f(1.3 + 1e-6) - f(1.3 - 1e-6)) / 2e-6
    if used == "keys" and made in ("in order", "a helper"):
        with pytest.raises(sd.UnsupportedError, match="(?s)Instead, loop over the dict itself"):
            sd.vjp(f, 1.3)
        return
    value, pullback = sd.vjp(f, 1.3)
    assert value == pytest.approx(f(1.3))
    assert pullback(1.0) == pytest.approx(slope, rel=1e-6)
    assert sd.jvp(f, (1.3,), (1.0,)) == pytest.approx((f(1.3), slope), rel=1e-6)


def test_keys_that_are_tuples_with_an_object():
    def f(x):
        n, d = Node(x), {}
        d[n, 0] = 1
        for o, _ in d:
            o.v = o.v * x
        return n.v

    assert sd.grad(f)(1.3) == pytest.approx(2.6)
    assert sd.jvp(f, (1.3,), (1.0,))[1] == pytest.approx(2.6)
