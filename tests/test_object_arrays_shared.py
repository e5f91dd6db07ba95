"""Arrays of objects hold what is put into them; what copies such an array holds the very same."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text

X, S = np.array([2.0, 3.0]), 1.1
MADE = {
    "empty": "o = np.empty(1, dtype=object); o[0] = a",
    "by place": "o = np.empty(2, object); o[0] = a; o[1] = x",
    "none": "o = np.full(2, None); o[0] = a; o[1] = a",
}
TAKEN = {
    "an item": "o[0]", "copy": "o.copy()[0]", "np.copy": "np.copy(o)[0]", "tolist": "o.tolist()[0]",
    "np.array": "np.array(o, dtype=object)[0]", "flatten": "o.flatten()[0]", "item": "o.item(0)",
    "take": "o.take(0)", "np.take": "np.take(o, [0])[0]", "joined": "np.concatenate([o, o])[0]",
    "roll": "np.roll(o, 0)[0]", "repeat": "o.repeat(2)[1]", "where": "np.where([True], o, o)[0]",
}
WRITTEN = {"scaled": "b *= s", "the other": "a *= s", "an element": "b[0] = s * b[1]"}


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("taken", TAKEN)
@pytest.mark.parametrize("made", MADE)
def test_array_that_comes_out_is_the_one_that_went_in(made, taken, written):
    lines = ["def f(x, s):", "a = x * s", MADE[made], f"b = {TAKEN[taken]}", WRITTEN[written],
             "return np.sum(a * x)"]
    f = run_text("\n    ".join(lines) + "\n", f"<objects: {made}, {taken}, {written}>",
                 {"np": np})["f"]
    h = 1e-6
    of_x = [(f(X + e, S) - f(X - e, S)) / (2 * h) for e in h * np.eye(2)]
    of_s = (f(X, S + h) - f(X, S - h)) / (2 * h)
    try:
        x_bar, s_bar = sd.vjp(f, X, S)[1](1.0)
        np.testing.assert_allclose(x_bar, of_x, rtol=1e-6)
        assert s_bar == pytest.approx(of_s, rel=1e-6)
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)
    try:
        dot = sd.jvp(f, (X, S), (np.zeros(2), 1.0))[1]
        assert dot == pytest.approx(of_s, rel=1e-6)
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)


def test_numbered_elements_of_a_list_are_refused_and_of_an_array_are_right():
    def of_list(x, s):
        return sum((at[0] + 1.0) * v for at, v in np.ndenumerate([x * x, x * s]))

    def of_array(x, s):
        total = 0.0
        for at, v in np.ndenumerate(x * s):
            total = total + (at[0] + 1.0) * v
        return total

    for run in (lambda: sd.grad(of_list)(X, S), lambda: sd.jvp(of_list, (X, S), (X, 1.0))):
        with pytest.raises(sd.UnsupportedError, match="(?s)ndenumerate of a list.*Instead, "):
            run()
    np.testing.assert_allclose(sd.grad(of_array)(X, S), [1.1, 2.2])
