"""Tables of functions: each is written where it is the one that is called; right by differences."""

import math
import operator

import pytest

import s2sdiff as sd
from tests.slopes import check, slope


def add(x, y):
    return x + y


def mul(x, y):
    return x * y


def euler(f, y, h):
    return y + h * f(y)


def midpoint(f, y, h):
    return y + h * f(y + 0.5 * h * f(y))


OPS = {"+": add, "*": mul, "-": lambda a, b: a - b, "/": operator.truediv}
STEPS = {"euler": euler, "midpoint": midpoint}
LAYERS = [math.sin, math.exp, lambda v: v * v]


def calculated(x):
    s = x
    for o in "+*-/":
        s = OPS[o](s, x + 1.0)
    return s


def at_literal_keys(x):
    return OPS["+"](OPS["*"](x, x), OPS["/"](1.0, x))


def of_tokens(x):
    stack = []
    for token in "x 2 * x + 3 x * - x *".split():
        if token in OPS:
            b = stack.pop()
            a = stack.pop()
            stack.append(OPS[token](a, b))
        else:
            stack.append(x if token == "x" else float(token))
    return stack[0]


def one_after_another(x):
    s = x
    for f in LAYERS:
        s = f(s) * x
    for i in range(4):
        s += LAYERS[i % 3](x * i)
    return s + LAYERS[-1](x)


def by_a_scheme(x):
    y = 0.7
    for name in ("euler", "midpoint", "euler"):
        y = STEPS[name](lambda v: -x * v * v, y, 0.1)
    return y


def of_a_display(x):
    table = {"sq": lambda t: t * t * x, "sin": lambda t: math.sin(t * x), 3: math.exp}
    s = 0.0
    for name in ("sq", "sin", 3, "sq"):
        s += table[name](x + s * 0.1)
    return s


def without_the_key(x):
    try:
        return OPS["%"](x, x)
    except KeyError:
        pass
    table = {"a": lambda t: t * x}
    try:
        return table["b"](x)
    except KeyError as e:
        return x * len(e.args[0]) * 3.0


def looked_up_for_the_error_alone(x):
    table = {"a": lambda t: t * x}
    try:
        table["b"]
        OPS["%"]
    except KeyError:
        return table["a"](x)
    return x


def handed_on(x):
    def apply(f, v):
        return f(v, x)

    return apply(OPS["*"], 2.0) + apply(OPS["+"], x)


PLAIN = [calculated, at_literal_keys, one_after_another, by_a_scheme, of_a_display]


@pytest.mark.parametrize("f", [*PLAIN, of_tokens, without_the_key, handed_on,
                               looked_up_for_the_error_alone],
                         ids=lambda f: f.__name__)
def test_the_gradient_is_the_slope(f):
    check(f)
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(slope(f, 0.7), rel=1e-6)


@pytest.mark.parametrize("f", PLAIN, ids=lambda f: f.__name__)
def test_no_call_is_looked_up_when_it_runs(f):
    text = sd.source(f, "grad", args=(0.7,))
    assert "rt.call" not in text and "_by_place" not in text


def test_another_function_in_the_table_has_its_own_slope(monkeypatch):
    assert sd.grad(at_literal_keys)(0.5) == pytest.approx(1.0 - 4.0)
    monkeypatch.setitem(OPS, "*", add)
    assert sd.grad(at_literal_keys)(0.5) == pytest.approx(2.0 - 4.0)
    monkeypatch.setitem(OPS, "%", math.fmod)
    assert sd.grad(without_the_key)(0.7) == pytest.approx(0.0)


def exchanged(x):
    before = OPS["+"]
    OPS["+"] = mul
    try:
        return OPS["+"](x, 3.0)
    finally:
        OPS["+"] = before


def exchange():
    OPS["+"] = mul


def exchanged_by_a_helper(x, name):
    exchange()
    return OPS[name](x, 3.0)


def test_a_table_that_changes_meanwhile_is_followed_or_refused(monkeypatch):
    assert sd.grad(exchanged)(0.7) == pytest.approx(3.0)
    for name in ("-", "+"):
        monkeypatch.setitem(OPS, "+", lambda a, b: a + 2.0 * b)
        try:
            found = sd.grad(exchanged_by_a_helper)(0.7, name)
        except sd.UnsupportedError as refused:
            assert "table of functions has changed" in str(refused)
        else:
            assert found == pytest.approx(3.0 if name == "+" else 1.0)
