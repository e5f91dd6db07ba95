"""f-strings: what is called and computed in them happens, once and in order, and is followed."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text
from tests.slopes import check_both_modes


class Box:
    def __init__(self, m):
        self.m = m

    def __call__(self, v):
        self.m[1] *= v
        return self.m[1]

    def put(self, v):
        self.m[0] *= v
        return 1.0

    @property
    def first(self):
        return self.m[0]

    def __getitem__(self, at):
        self.m[at] *= 3.0
        return 1.0

    def __neg__(self):
        self.m[1] *= 3.0
        return 1.0

    def __lt__(self, other):
        self.m[2] *= 3.0
        return True


def scale(m, v):
    m[1] *= v
    return 1.0


TEXTS = """
f"{scale(m, x):.1f}"
f"{box(x)}"
f"{box.put(x)!r}"
f"{box.first}{scale(m, 2.0)}{box.first}"
f"{m}{scale(m, x)}{m}"
f"{x:{scale(m, 3.0)}}"
f"{scale(m, 2.0):{scale(m, 3.0)}}"
f"{x:{int(scale(m, x) + 5)}.{int(scale(m, x))}f}"
f"{box[0]}{-box}{box < 1}"
f"{[box(x) for _ in range(2)]}"
f"{(lambda: scale(m, x))()}"
f"{scale(m, x) if x > 0 else box(x)}"
f"{x > 0 and scale(m, x)}"
f"{m.fill(x)}{m}"
f"{np.multiply(m, x, out=m)}"
f"{x=}{scale(m, x)=}{{}}"
f"{'a'}{scale(m, x)}{3}"
f"{(w := scale(m, x))}{w}"
f"{box.put(scale(m, x) * x)}"
f"{'{}'.format(scale(m, x))}{'%s' % box(x)}"
f"{f'{scale(m, x)}'}{f'''{box(x):{1}}'''}"
""".strip().splitlines()


@pytest.mark.parametrize("entry", ["x", "0.7"], ids=["what varies", "constants"])
@pytest.mark.parametrize("text", TEXTS)
def test_what_a_text_computes_is_done(text, entry):
    source = (f"def f(x):\n    m = np.array([1.5, {entry}, 2.5])\n    box = Box(m)\n"
              f"    y = np.sum(m * x)\n    s = {text}\n    return y + np.sum(m * m) * x\n")
    scope = {"np": np, "Box": Box, "scale": scale}
    check_both_modes(run_text(source, f"<{text} of {entry}>", scope)["f"], 0.83)


def test_a_text_is_what_python_makes_of_it():
    def told(x, log):
        m = np.array([1.5, x, 2.5])
        log.append(f"{m} {scale(m, 2.0):.{int(m[1])}f} {m!s:>20} {x:{int(x * 10)}}{{{m[0]}}}")
        return m[1] * x

    plain, pulled, pushed = [], [], []
    told(0.83, plain)
    sd.vjp(lambda x: told(x, pulled), 0.83)
    sd.jvp(lambda x: told(x, pushed), (0.83,), (1.0,))
    assert plain == pulled == pushed


def test_numbers_that_only_a_text_shows_cost_nothing_on_the_way_back():
    def f(x):
        print(f"{np.sin(x) * 2.0:.3f} {x ** 2 + 1.0}", end="")
        return x * x * x

    source = sd.source(f, "grad")
    assert "np.cos" not in source
    assert "{np.sin(x) * 2.0:.3f} {x ** 2 + 1.0}" in source


def test_a_method_that_runs_where_text_is_made_and_writes_is_refused():
    class Shown:
        def __init__(self, m):
            self.m = m

        def __format__(self, how):
            self.m[0] *= 2.0
            return "shown"

    def f(x):
        m = np.array([x, 1.0])
        return len(f"{Shown(m)}") * np.sum(m * m)

    with pytest.raises(sd.UnsupportedError, match="__format__ of a Shown runs here"):
        sd.grad(f)(0.83)
