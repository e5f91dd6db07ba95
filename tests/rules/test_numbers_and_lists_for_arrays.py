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


OF_ROWS = ["np.add(x, x[0])", "np.multiply(x[0], x)", "x[0][0] * np.sum(x)", "np.add(x[1][2], x)"]


@pytest.mark.parametrize("of", [tuple, list])
@pytest.mark.parametrize("call", OF_ROWS)
def test_rows_and_the_array_of_them_may_be_read_of_one_argument(call, of):
    f = run_text(f"def f(x):\n    return {call}\n", f"<rows: {call}>", {"np": np})["f"]
    x = of([of([0.3, 0.7, 0.2]), of([0.6, 0.4, 0.9])])
    sd.check_grads(f, (x,))
    dots = of([of([1.0, -0.5, 0.3]), of([0.2, 0.8, -0.4])])
    expected = (f(np.add(x, 1e-6 * np.array(dots))) - f(np.add(x, -1e-6 * np.array(dots)))) / 2e-6
    np.testing.assert_allclose(sd.linearize(f, x)[1](dots), expected, rtol=1e-8)


@pytest.mark.parametrize("operator", ["/", "**", "@", "%", "-", "//"])
def test_operators_of_sequences_raise_what_python_raises(operator):
    f = run_text(f"def f(x, y):\n    return x {operator} y\n", f"<{operator}>", {})["f"]
    for x, y in [([1.0, 2.0], [3.0, 4.0]), ((1.0, 2.0), (3.0, 4.0)), (2.0, [1.0, 2.0]),
                 ([1.0, 2.0], 2.0), (1j, (2.0,)), ([1.0, 2.0], (1.0, 2.0))]:
        with pytest.raises(TypeError) as plain:
            f(x, y)
        for run in (lambda: sd.vjp(f, x, y), lambda: sd.jvp(f, (x, y), (x, y)),
                    lambda: sd.linearize(f, x, y)):
            with pytest.raises(TypeError) as raised:
                run()
            assert str(raised.value) == str(plain.value)


@pytest.mark.parametrize("call", [
    "np.clip([x, 0.1, 0.9], min=0.3, max=[0.8, 0.7, x])",
    "np.clip(a=[x, 0.1], a_min=0.2, a_max=1.0)",
    "np.linalg.solve(a=[[x, 1.0], [0.5, 2.0]], b=[x, 3.0])", "np.linalg.norm(x=[x, 1.0], ord=3)"])
def test_lists_for_arrays_may_be_named(call):
    f = run_text(f"def f(x):\n    return {call}\n", f"<named: {call}>", {"np": np})["f"]
    sd.check_grads(f, (0.6,))
