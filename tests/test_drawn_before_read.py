"""Stars and targets draw when Python draws: before or after other operands are read."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text

#: What draws: each round binds `c` anew, and writes `s` and `a`.
DRAWN = {
    "map": "map(h, (x, 0.2))", "filter": "filter(h, (x, 0.2))",
    "an expression": "(h(v) for v in (x, 0.2))", "a generator": "g()",
}
MADE = {
    "a list": "z = [*it, {c}]\n    r = z[0] * z[2]",
    "a tuple": "z = (*it, {c}, 1.5)\n    r = z[1] * z[2]",
    "a call": "r = ends(*it, {c})", "the largest": "r = max(*it, {c}) * x",
    "a keyword": "r = first(*it, k={c})", "keywords": "r = first(*it, **{{'k': {c}}})",
    "after a star": "r = first(x, *it, k={c})",
    "an array": "r = np.array([*it, {c}]).sum() * x",
    "a nested target": "(p, q), u = it, {c}\n    r = p * q * u",
    "behind one": "u, (p, q) = {c}, it\n    r = p * q * u",
    "two of them": "(p, q), u, [v, w] = it, {c}, it2\n    r = p * q * u * v * w",
    "a target that is read": "c, (p, q) = 0.3, it\n    r = p * q * {c}",
}
READ = ["c", "s[0]", "a.sum()", "a[0] * 3.0", "len(out) * x", "o.c"]


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize("drawn", DRAWN)
def test_operands_are_read_when_python_reads_them(made, drawn):
    # Each is read in each way; in all of them, where most was wrong.
    at = [*MADE].index(made) + [*DRAWN].index(drawn)
    for read in READ if (made, drawn) == ("a list", "map") else [READ[at % len(READ)]]:
        body = MADE[made].format(c=read).replace("it2", DRAWN[drawn]).replace("it", DRAWN[drawn])
        f = run_text(f"""class Owner:
    c = 1.0
def first(*p, k):
    return p[0] * p[-1] * k
def ends(*p):
    return p[0] * p[-1]
def f(x, a):
    c, s, out, o = x, [x], [], Owner()
    o.c = x
    def h(t):
        nonlocal c
        c = c + t
        s[0] = s[0] * t
        a[0] = a[0] * x
        out.append(t)
        o.c = o.c + t * t
        return t
    def g():
        yield h(x)
        yield h(0.2)
    {body}
    return r + c + s[0] + a.sum()
""", f"<drawn: {made}, {drawn}, {read}>", {"np": np})["f"]
        x, a = 0.7, np.array([0.4, 1.3])
        slope = (f(x + 1e-6, a.copy()) - f(x - 1e-6, a.copy())) / 2e-6
        try:
            value, pullback = sd.vjp(f, x, a.copy())
            assert value == pytest.approx(f(x, a.copy())), read
            assert pullback(1.0)[0] == pytest.approx(slope, rel=1e-6), read
            value, dot = sd.jvp(f, (x, a.copy()), (1.0, np.zeros(2)))
            assert value == pytest.approx(f(x, a.copy())), read
            assert dot == pytest.approx(slope, rel=1e-6), read
        except sd.DifferentiationError as error:
            assert "Instead, " in str(error)
