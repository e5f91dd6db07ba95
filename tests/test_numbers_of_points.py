"""Numbers made of an array of no dimension, which is written afterwards, stay as they were."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text

FORMS = ["float(b)", "b + 0", "b - 1.0", "0.5 + b", "b * 1", "complex(b).real", "np.float64(b)",
         "b[()]", "b.item()", "+b", "np.add(b, 0)", "b.astype(float)", "np.sum(b)", "-(-b)",
         "[float(b)][0]", "float(b) + 0", "made(b)"]
WRITES = ["b[...] = 3.0 * x[1]", "b *= x[0]", "b.fill(x[1])", "np.multiply(b, x[1], out=b)"]


def made(b):
    return b + 0


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("write", WRITES)
def test_number_stays_as_it_was_when_the_array_is_written(form, write):
    lines = ["def f(x):", "b = np.array(x[0] * x[1])", f"y = {form}", write,
             "return y * x[0] + y * y"]
    f = run_text("\n    ".join(lines) + "\n", f"<points: {form}, {write}>",
                 {"np": np, "made": made})["f"]
    x = np.array([0.7, 1.3])
    slope = np.array([(f(x + e) - f(x - e)) / 2e-6 for e in 1e-6 * np.eye(2)])
    np.testing.assert_allclose(sd.grad(f)(x), slope, rtol=1e-6)
    np.testing.assert_allclose(sd.jvp(f, (x,), (np.array([0.3, -0.8]),))[1],
                               slope @ [0.3, -0.8], rtol=1e-6)
    np.testing.assert_allclose(sd.jacfwd(f)(x), slope, rtol=1e-6)
    y = x[0] * x[1]
    if write == WRITES[0] and "-" not in form and "0.5" not in form:
        assert f(x) == pytest.approx(y * x[0] + y * y)
        np.testing.assert_allclose(sd.hessian(f)(x), [
            [2 * x[1] + 2 * x[1] ** 2, 2 * x[0] + 4 * y], [2 * x[0] + 4 * y, 2 * x[0] ** 2]])
