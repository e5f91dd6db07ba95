"""Cases of the table in other words: see `tests.language.rewritten`."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.language.rewriting import KINDS, rewritten
from tests.language.rewritten import as_written, judged, module
from tests.language.table import AREAS, Case, cases


def wrong_of(area, seed):
    written = as_written()
    followed = {case.function.__name__ for case in cases() if case.area == area and not case.error}
    _, found = module(area, seed, rate=0.15)
    said = {name: judged(case, written[f"{area}.{name}"][0]) for name, case in found.items()
            if f"{area}.{name}" in written}
    assert sum(said[n] == "ok" for n in followed & said.keys()) >= len(followed & said.keys()) / 3
    return {name: s for name, s in said.items() if s.startswith("wrong")}


@pytest.mark.parametrize("area", AREAS)
def test_what_means_the_same_has_the_same_derivative(area):
    assert not wrong_of(area, 1000)


TEXT = """
def helper(a, b):
    return a + b


def f(a, b):
    c = a[0] + b.v
    c += helper(a, b)
    for i in a:
        c += i
    out = [c, {'k': c}]
    for i in a:
        out.append(i * c)
    a[1] = c
    a[2] *= c
    b.v = b.get(c)
    squares = [k * k for k in a if k > 0]
    if c > squares[0]:
        c = c * c
    return [c * i for i in a]
"""


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_rewriting_happens(kind):
    ways = [rewritten(TEXT, seed, rate, (kind,)) for seed in range(9) for rate in (0.1, 0.4)]
    assert len(set(ways)) > 1


def test_a_wrong_derivative_is_found(monkeypatch):
    def f(a):
        return np.sum(a * a)

    case = Case(f, "tried", lambda: (np.array([0.5, -1.2]),))
    plain = type("Run", (), {"value": f(*case.arguments()), "effects": ("", ())})
    assert judged(case, plain) == "ok"
    monkeypatch.setattr(sd, "vjp", lambda f, a: (f(a), lambda g: 2.002 * g * a))
    assert judged(case, plain).startswith("wrong: by_vjp")
