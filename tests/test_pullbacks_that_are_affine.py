"""Forward mode goes by a user's pullback only where that is linear: what it adds has no tangent."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text

TEXT = """
def doubled(c):
    return 2.0 * c
def shifted(c):
    d = 2.0 * c
    d = d + 1.0
    return d
def g(x):
    return x * x
@sd.derivative(of=g)
def g_derivative(x):
    def pullback(c):
        return %s
    return x * x, pullback
def f(x):
    return g(x)
"""
POINTS = [1.5, np.array([1.5, -2.0]), np.array(1.5)]
#: With the tangent along ones of a number.
LINEAR = {"2.0 * c": 2.0, "c * 0.0": 0.0, "np.zeros_like(c)": 0.0, "x * c": None, "-c": -1.0,
          "c + x * 0.0 + 0.0 * c": 1.0, "None": 0.0, "np.conj(c)": 1.0, "doubled(c)": 2.0}
OTHERS = ["c * 0.0 + 1.0", "c + 1.0", "c * x + 0.5", "c * c", "abs(c)", "np.maximum(c, 0.0)",
          "np.sign(c)", "np.where(c > 0, c, 0.0)", "np.clip(c, -1.0, 1.0)", "c / (1.0 + abs(c))",
          "np.full(np.shape(c), 2.0)", "np.ones_like(c)", "np.round(c)", "shifted(c)"]


def made(pullback):
    return run_text(TEXT % pullback, f"<a pullback: {pullback}>", {
        "np": np, "sd": sd, "__name__": __name__})["f"]


@pytest.mark.parametrize("pullback", OTHERS)
def test_what_is_not_linear_is_refused_by_name(pullback):
    for x in POINTS:
        with pytest.raises(sd.RuleError, match="pullback of g is not linear in its cotangent"):
            sd.jvp(made(pullback), (x,), (np.ones_like(x)[()],))


def test_what_goes_by_the_sign_is_refused():
    for pullback in ("c if c > 0 else 0.0", "float(c > 0)"):
        with pytest.raises(sd.RuleError, match="pullback of g is not linear in its cotangent"):
            sd.jvp(made(pullback), (1.5,), (1.0,))


@pytest.mark.parametrize("pullback", LINEAR)
def test_what_is_linear_is_right(pullback):
    for x in POINTS:
        ones = np.ones_like(x)[()] if isinstance(x, float) else np.ones_like(x)
        expected = x if LINEAR[pullback] is None else LINEAR[pullback] * ones
        np.testing.assert_array_equal(sd.jvp(made(pullback), (x,), (ones,))[1], expected)
