"""Expressions that stand alone: their effects happen, and nothing takes what they give."""

import numpy as np
import pytest

from tests.from_text import run_text
from tests.slopes import check_both_modes


class Counting:
    def __init__(self, m):
        self.m = m

    def __len__(self):
        self.m[0] *= 2.0
        return 1

    def __getitem__(self, at):
        self.m[0] *= 2.0
        return 1.0

    def __call__(self, *args, **options):
        self.m[0] *= 2.0
        return 1.0


def double(m):
    m[0] *= 2.0
    return m


def drawn(m):
    m[0] *= 2.0
    yield 1


EXPRESSIONS = """
[]
[0.0]
[[]]
{}
()
x
[x, m]
[*m, x]
{1: p[0], "a": x}
{1: len(p), 2: p()}
{**{"a": double(m)}}
[double(m), 1][0]
[double(m)] * 2
[double(m) for _ in range(2)]
{i: double(m) for i in range(2)}
(double(m) for _ in range(2))
dict(zip("ab", [x, double(m)]))
dict(a=double(m))
zip(*[m, m])
list(zip(*[m, m]))
enumerate([double(m)])
next(drawn(m))
[*drawn(m)]
x and double(m)
x or double(m)
double(m) if x > 0 else 1
x < 1 < double(m)[0]
(z := double(m))
{(z := 1): double(m)}
[double(m)].pop()
[3, 1].sort(key=lambda i: double(m)[0])
sorted([1, 2], key=lambda i: double(m)[0])
np.add(m, 1.0, out=m)
m.__iadd__(x)
""".strip().splitlines()
FORMS = {
    "alone": "    {}\n",
    "in a loop": "    for k in range(2):\n        if k:\n            {}\n        m[0] *= x\n",
    "in a try": "    try:\n        {}\n    except ValueError:\n        m[0] = 0.0\n",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_what_it_does_is_done(form, expression):
    text = ("def f(x):\n    m = np.array([1.0, 2.0, 3.0])\n    m[1] = x\n    p = Counting(m)\n"
            + FORMS[form].format(expression) + "    return np.sum(m * m) * x\n")
    scope = {"np": np, "Counting": Counting, "double": double, "drawn": drawn}
    check_both_modes(run_text(text, f"<{expression} {form}>", scope)["f"], 1.3)
