"""Where a plain call raises, a derivative raises the same, and a handler catches that."""

import pytest

import s2sdiff as sd
from tests.from_text import run_text
from tests.slopes import check_both_modes

RAGGED = ["0.3 * [0.3, [x]]", "[0.3, [x]] * 0.3", "[0.3, [x]] - 0.3", "[x, [x]] / 0.3",
          "[x, [x]] % 0.3", "[x, [x]] ** 0.3", "[x, [x]] + 0.3", "0.3 + [x, [x]]", "[x, [x]] @ 2",
          "divmod([x, [x]], 2)", "pow([x, [x]], 2)"]
CALLED = ["x.real()", "x.imag()", "(x * 1.0).real()"]


@pytest.mark.parametrize("expression", [*RAGGED, *CALLED])
def test_it_raises_as_python_does(expression):
    f = run_text(f"def f(x):\n    return {expression}\n", f"<{expression}>", {})["f"]
    with pytest.raises(TypeError) as plain:
        f(0.3)
    for run in (lambda: sd.vjp(f, 0.3), lambda: sd.grad(f)(0.3), lambda: sd.jvp(f, (0.3,), (1.0,))):
        with pytest.raises(TypeError) as raised:
            run()
        assert str(raised.value) == str(plain.value)


@pytest.mark.parametrize("expression", [*RAGGED, *CALLED])
def test_a_handler_catches_it(expression):
    text = (f"def f(x):\n    try:\n        y = {expression}\n    except TypeError:\n"
            "        y = x * x\n    return y\n")
    check_both_modes(run_text(text, f"<{expression} handled>", {})["f"], 0.3)
