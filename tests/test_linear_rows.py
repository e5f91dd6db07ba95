"""`linearize` of what can be pulled back, and whose pullback cannot be differentiated again."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

import s2sdiff as sd


class Vec:
    def __init__(self, a, b):
        self.a, self.b = a, b

    def dot(self, other):
        return self.a * other.a + self.b * other.b


def of_callbacks(x, y):
    print("runs")
    kinds, functions = {"vec": Vec}, [lambda u: u * y, math.sin]
    one, other = kinds["vec"](x, x * x), kinds["vec"](y, y * y)
    return functions[0](one.dot(other)) + functions[1](x)


def of_structures(x):
    made = Vec(x, x * x)
    kinds = [np.sin, lambda u: Vec(u, u * u)]
    made = kinds[1](made.a)
    return {"wave": kinds[0](made.a) * made.b, "count": 3, "sums": [np.sum(made.b)]}


@dataclass
class Model:
    weight: np.ndarray
    bias: float
    name: str = "model"

    def __call__(self, x):
        return np.tanh(self.weight @ x + self.bias)


def loss(model, x):
    return np.sum(Vec(model(x), x).a ** 2)


def slope(f, point, along, h=1e-6):
    ends = [f(*[p + s * h * t for p, t in zip(point, along, strict=True)]) for s in (1, -1)]
    return (ends[0] - ends[1]) / (2 * h)


def test_a_differential_of_callbacks_is_a_row(capsys):
    value, differential = sd.linearize(of_callbacks, 1.3, 0.7)
    assert value == pytest.approx(1.3 * 0.7**2 + 1.69 * 0.49 * 0.7 + math.sin(1.3))
    found = [differential(*t) for t in ((1.0, 0.0), (0.0, 1.0), (2.0, -3.0), (None, 1.0))]
    assert capsys.readouterr().out == "runs\n"
    assert all(type(d) is float for d in found)
    expected = [slope(of_callbacks, (1.3, 0.7), t) for t in ((1.0, 0.0), (0.0, 1.0), (2.0, -3.0))]
    assert found == pytest.approx([*expected, expected[1]], rel=1e-8)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_differential_has_the_structure_and_dtypes_of_the_value(dtype):
    x, t = np.arange(3, dtype=dtype), np.array([0.5, -1.0, 2.0], dtype)
    value, differential = sd.linearize(of_structures, x)
    value["sums"][0], value["wave"][...] = 0.0, 7.0
    x[...] = 9.0
    x = np.arange(3, dtype=dtype)
    for _ in range(2):
        found = differential(t)
        assert found.keys() == {"wave", "count", "sums"} and found["count"] is None
        assert found["wave"].dtype == dtype and type(found["sums"][0]) is dtype
        np.testing.assert_allclose(found["wave"], (np.cos(x) * x * x + 2 * x * np.sin(x)) * t,
                                   rtol=1e-6)
        np.testing.assert_allclose(found["sums"][0], np.sum(2 * x * t), rtol=1e-6)


def test_a_differential_takes_tangents_of_objects():
    model, x = Model(np.array([[0.5, -1.0], [0.25, 2.0]]), 0.1), np.array([0.3, -0.2])
    along, t = Model(np.array([[1.0, 0.5], [-0.5, 2.0]]), -1.0, None), np.array([0.7, 0.1])
    _, differential = sd.linearize(loss, model, x)

    def moved(h):
        return loss(Model(model.weight + h * along.weight, model.bias + h * along.bias), x + h * t)

    assert differential(along, t) == pytest.approx((moved(1e-6) - moved(-1e-6)) / 2e-6, rel=1e-7)
    fixed = differential(None, t)
    assert fixed == pytest.approx(slope(lambda x: loss(model, x), (x,), (t,)), rel=1e-7)


def twisted(z):
    return [np.sin, lambda u: Vec(u, np.conj(u) * u * u)][1](z).b

def sizes(z):
    return [np.abs(twisted(z)), {"angle": np.angle(twisted(z)[0])}, twisted(z) * 1j]


def parts(value):
    return [value[0], value[1]["angle"], value[2]] if isinstance(value, list) else [value]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("f", [twisted, sizes])
@pytest.mark.parametrize("count", [2, 9])
def test_rows_of_complex_numbers_have_both_of_their_parts(f, count):
    z = np.linspace(0.5, 2.0, count) + 1j * np.linspace(1.0, -1.0, count)
    t = np.linspace(-1.0, 0.5, count) + 1j * np.linspace(0.25, 1.5, count)
    _, differential = sd.linearize(f, z)
    ends = [parts(f(z + h * t)) for h in (1e-6, -1e-6)]
    for found, one, other in zip(parts(differential(t)), *ends, strict=True):
        assert np.result_type(found) == np.result_type(one)
        np.testing.assert_allclose(found, (one - other) / 2e-6, rtol=1e-7)


def test_rows_of_complex_numbers_take_tangents_of_real_ones():
    x, t = np.array([0.3, -0.7]), np.array([2.0, 0.5])
    _, differential = sd.linearize(lambda x: (twisted(x * (1 + 2j)), np.sum(x)), x)
    wave, total = differential(t)
    np.testing.assert_allclose(wave, (1 - 2j) * (1 + 2j) ** 2 * 3 * x**2 * t)
    assert type(total) is np.float64 and total == pytest.approx(2.5)


def test_windows_that_are_read_only_are_differentiated_by_rows():
    def f(x):
        y, total = x * 1.0, 0.0
        for row in np.broadcast_to(y, (3, 2)):
            y *= 2.0
            total = total + np.sum(row**2)
        return total

    x, d = np.array([0.7, -0.4]), np.array([1.0, 2.0])
    _, differential = sd.linearize(f, x)
    assert differential(d) == pytest.approx(2 * (4 + 16 + 64) * (x @ d))
