"""Arrays and lists in which earlier calls have kept points and values, read and told by parts."""

import itertools

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text

KEPT = "what an earlier call has computed of an active value is kept"
#: How it is told that the point is known, how the answer is read, how both are written; of caches
#: that know all of the point.
WHOLE = [
    ("np.max(np.abs(K[0][:2] - x)) < 1e-9", "np.sum(K[1][:2])", "K[0][:2], K[1][:2] = x, x ** 3"),
    ("np.max(np.abs(K[0][AT] - x)) < 1e-9", "np.sum(K[1][AT])", "K[0][AT], K[1][AT] = x, x ** 3"),
    ("np.all(K[0][MASK] == x)", "np.sum(K[1][MASK])", "K[0][MASK], K[1][MASK] = x, x ** 3"),
    ("np.all(K[0, AT] == x)", "np.sum(K[1, AT])", "K[0, AT], K[1, AT] = x, x ** 3"),
    ("np.all(K[0].take(AT) == x)", "np.sum(K[1][:2])", "K[0, :2], K[1, :2] = x, x ** 3"),
    ("np.linalg.norm(K[0, :2] - x) < 1e-9", "np.sum(K[1][:2])", "K[0, :2], K[1, :2] = x, x ** 3"),
    ("sum(abs(a - b) for a, b in zip(K[0], x)) < 1e-9", "np.sum(K[1][:2])",
     "K[0, :2], K[1, :2] = x, x ** 3"),
    ("(r := K[0])[0] == x[0] and r[1] == x[1]", "np.sum(K[1][:2])",
     "K[0, :2], K[1, :2] = x, x ** 3"),
    ("(r := K.T)[0, 0] == x[0] and r[1, 0] == x[1]", "np.sum(r[:2, 1])",
     "r[:2, 0], r[:2, 1] = x, x ** 3"),
    ("(r := K.reshape(-1))[0] == x[0] and r[1] == x[1]", "np.sum(r[3:5])",
     "r[:2], r[3:5] = x, x ** 3"),
    ("K[0].tolist()[:2] == x.tolist()", "np.sum(K[1, :2])", "K[0, :2], K[1, :2] = x, x ** 3"),
    ("tuple(K[0, :2]) == tuple(x)", "np.sum(K[1, :2])", "K[0, :2], K[1, :2] = x, x ** 3"),
    ("np.array_equal(K[0, MASK], x)", "np.sum(K[1, MASK])",
     "np.copyto(K[0, :2], x); np.copyto(K[1, :2], x ** 3)"),
]
#: Of those that know its first entry.
FIRST = [
    ("L[0] == x[0]", "L[1]", "L[:] = [x[0], x[0] ** 3]"),
    ("L[:1] == [x[0]]", "L[1]", "L[:] = [x[0], x[0] ** 3]"),
    ("abs(L[0] - x[0]) < 1e-9", "L[1]", "L[:] = [x[0], x[0] ** 3]"),
    ("x[0] in K[0]", "K[1, 0]", "K[0, 0], K[1, 0] = x[0], x[0] ** 3"),
    ("K[0, 0] == x[0]", "K[1, 0]", "K[0, 0], K[1, 0] = x[0], x[0] ** 3"),
    ("(at := np.flatnonzero(K[0] == x[0])).size", "K[1][at[0]]",
     "K[0, 0], K[1, 0] = x[0], x[0] ** 3"),
    ("abs(K[0, (at := np.argmin(np.abs(K[0] - x[0])))] - x[0]) < 1e-9", "K[1][at]",
     "K[0, 0], K[1, 0] = x[0], x[0] ** 3"),
    ("K[0, (at := min(2, np.searchsorted(K[0], x[0])))] == x[0]", "K[1][at]",
     "K[0, 2], K[1, 2] = x[0], x[0] ** 3"),
]
BODY = """
def f(x):
    if {}:
        return {}
    {}
    return {}
"""


#: Where they are kept: how that is written.
OWNERS = {"a global": "{}", "an object": "self.{}", "a dict": "HELD['{}']", "its defaults": "{}",
          "what a helper gives": "get_{}()"}


def cache(row, held, result):
    kept = {"K": np.zeros((2, 3)), "L": [0.0, 0.0]}
    text = BODY.format(*row, result)
    for name, sign in itertools.product(kept, "[."):
        text = text.replace(f"{name}{sign}", f"{OWNERS[held].format(name)}{sign}")
    text = text.replace("def f(x)", {
        "an object": "class Cache:\n    pass\ndef f(self, x)",
        "its defaults": "def f(x, K=K, L=L)",
        "what a helper gives": "def get_K():\n    return K\ndef get_L():\n    return L\ndef f(x)",
    }.get(held, "def f(x)"))
    scope = run_text(text, f"<{row[0]} in {held}>", {
        "np": np, "AT": [0, 1], "MASK": np.array([True, True, False]), "HELD": kept, **kept})
    if held != "an object":
        return scope["f"]
    scope["Cache"].f = scope["f"]
    one = scope["Cache"]()
    one.__dict__.update(kept)
    return one.f


@pytest.mark.parametrize("held", OWNERS)
@pytest.mark.parametrize(("row", "result"), [
    *[(row, "np.sum(x ** 3)") for row in WHOLE], *[(row, "x[0] ** 3") for row in FIRST]],
    ids=lambda value: value[0] if isinstance(value, tuple) else "")
def test_what_a_plain_call_has_kept_is_refused(row, result, held):
    f, x = cache(row, held, result), np.array([1.5, 0.5])
    f(x)
    for run in (lambda: sd.grad(f)(x), lambda: sd.vjp(f, x), lambda: sd.jvp(f, (x,), (x,))):
        with pytest.raises(sd.UnsupportedError, match=KEPT):
            run()


TABLE = np.full((2, 3), 0.3)


def halved_where_less(x):
    rows = 0.5 * x * np.ones((2, 1))
    part = rows[1:, 0]
    return np.sum(np.where(part > 0.3, part, x) * TABLE[0, :1])


@pytest.mark.parametrize("x", [0.4, 0.8])
def test_parts_of_arrays_of_this_run_are_compared_as_they_are(x):
    h = 1e-6
    slope = (halved_where_less(x + h) - halved_where_less(x - h)) / (2 * h)
    assert sd.grad(halved_where_less)(x) == pytest.approx(slope, rel=1e-6)
    assert sd.jvp(halved_where_less, (x,), (1.0,))[1] == pytest.approx(slope, rel=1e-6)
