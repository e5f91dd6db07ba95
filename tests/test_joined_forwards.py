"""Arrays put together where only the run tells of their kinds: forwards, so are their tangents."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.runtime import tangents


class Box:
    def __init__(self, items):
        self.items = items


def path(x, box):
    made = np.array(x)
    for k in range(3):
        x = x * box.items[0] + k
        made = np.vstack((made, x))
    return np.sum(np.sin(made))


def beside_ints(x, box):
    box.items.append(np.concatenate([np.arange(2), x, [1, 2.0]]))
    return np.sum(box.items[-1] ** 2 * np.arange(box.items[-1].size))


def appended(x, box):
    made = box.items[1]
    for k in range(2):
        made = np.append(made, x[k] * x)
        made = np.insert(made, 1, x[0])
        made = np.delete(made, 0)
    return np.sum(made ** 2)


def several(x, box):
    a = box.items[1]
    rows = np.stack([a, x, a * x], axis=-1)
    wide = np.hstack((rows, np.column_stack((x, a))))
    wide = np.tile(wide, 2) + np.repeat(wide, 2, axis=1)
    return np.sum(np.cumsum(wide, axis=0) ** 2) + np.sum(np.diff(wide, axis=1, prepend=1.0) ** 3)


def numbers(x, box):
    box.items[0] = box.items[0] + x[0]
    made = np.hstack([box.items[0], 2, x[1], x])
    return np.sum(made ** 3)


def with_options(x, box):
    a = np.roll(box.items[1], 1)
    made = np.concatenate((a, x), dtype=np.float32)
    return float(np.sum(made.astype(float) ** 2))


FUNCTIONS = [path, beside_ints, appended, several, numbers]


def given(dtype=float):
    return np.array([0.3, -0.7, 1.1], dtype), [0.8, np.array([0.5, 0.2, -0.4], dtype)]


def value(f, x, items):
    return f(x, Box(list(items)))


def looped(f, x, items):
    """The box is made outside, so that nothing is known of what it holds."""
    return f(x, Box([np.multiply(1.0, items[0]), np.multiply(1.0, items[1])]))


@pytest.mark.parametrize("f", [*FUNCTIONS, with_options])
def test_tangents_agree_with_differences(f):
    x, items = given()
    v, w = np.array([0.4, 1.0, -0.6]), np.array([-0.3, 0.9, 0.5])
    h, tolerance = (1e-2, 1e-3) if f is with_options else (1e-6, 1e-6)

    def moved(t):
        return looped(f, x + t * v, [items[0] + 0.7 * t, items[1] + t * w])

    slope = (moved(h) - moved(-h)) / (2 * h)
    before = x.copy(), items[1].copy()
    got, dot = sd.jvp(lambda x, items: looped(f, x, items), (x, items), (v, [0.7, w]))
    assert got == moved(0.0) and dot == pytest.approx(slope, rel=tolerance)
    assert np.array_equal(x, before[0]) and np.array_equal(items[1], before[1])


def as_array(x, items):
    made = items[1]
    for k in range(2):
        made = np.vstack((made, x * items[1]))
    return np.hstack([made, made])


def test_single_precision_stays():
    x, items = given(np.float32)
    value, dot = sd.jvp(lambda x, items: as_array(x, [0.5, np.multiply(items[1], 2)]), (x, items),
                        (x, [0.7, items[1]]))
    assert value.dtype == dot.dtype == np.float32 and dot.shape == value.shape == (3, 6)
    np.testing.assert_allclose(dot[1:, :3], [4 * x * items[1]] * 2, rtol=1e-6)


@pytest.mark.parametrize("f", FUNCTIONS)
def test_no_pullback_is_transposed(f, monkeypatch):
    called = []
    transposed = tangents._transposed

    def noted(caller, *rest):
        called.append(caller.function.__name__)
        return transposed(caller, *rest)

    monkeypatch.setattr(tangents, "_transposed", noted)
    x, items = given()
    sd.jvp(lambda x, items: looped(f, x, items), (x, items), (x, [0.7, items[1]]))
    assert not {"vstack", "concatenate", "append", "insert", "delete", "stack", "hstack",
                "column_stack", "tile", "repeat", "cumsum", "diff"} & set(called)
