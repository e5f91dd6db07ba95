"""Numbers, whose first axis NumPy lets one name, and lists: right where an array is expected."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text

CALLS = ["np.diff(x, 0)", "np.diff(x, n=0, axis=-1)", "np.compress([True], x, axis=0)",
         "np.average(x, axis=())", "np.repeat(x, 3, axis=0)"]
OF_LISTS = ["np.sort([x, -x, 0.5])", "np.sort([[x, -x], [0.5, x * x]], axis=0)",
            "np.sort([x, 0.1], axis=None)", "np.compress([True, False], [x, x * x], axis=0)",
            "np.diff([x, x * x])"]


@pytest.mark.parametrize("x", [0.4, np.float64(0.4), np.array(0.4), 0.4 + 0.3j], ids=repr)
@pytest.mark.parametrize("call", CALLS)
def test_functions_of_arrays_take_numbers_too(call, x):
    f = run_text(f"def f(x):\n    return {call}\n", f"<{call}>", {"np": np})["f"]
    sd.check_grads(f, (x,))


@pytest.mark.parametrize("call", OF_LISTS)
def test_functions_of_arrays_take_lists_in_both_modes(call):
    f = run_text(f"def f(x):\n    return {call}\n", f"<{call}>", {"np": np})["f"]
    sd.check_grads(f, (0.4,))
    g = run_text(f"def g(x):\n    x = x[0]\n    return {call}\n", f"<of items: {call}>", {"np": np})
    sd.check_grads(g["g"], ([0.4],))
