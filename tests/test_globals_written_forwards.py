"""Forward mode where global arrays and containers are written by calls and through other names."""

import operator

import numpy as np
import pytest

import s2sdiff as sd

WORK = np.array([0.5, 2.0])
TABLE = {"a": 1.0}
LIST = [0.5, 2.0]


@pytest.fixture(autouse=True)
def as_they_were():
    yield
    _reset()


def _reset():
    WORK[:] = 0.5, 2.0
    TABLE.update(a=1.0)
    LIST[:] = 0.5, 2.0


def put(x):
    np.copyto(WORK, x)


def scale(x):
    np.multiply(WORK, x, out=WORK)


def product():
    return WORK[0] * WORK[1]


def by_functions(x):
    operator.setitem(WORK, 0, x)
    np.add.at(WORK, [1], x * x)
    return WORK[0] * WORK[1]


def by_methods(x):
    WORK.fill(x)
    WORK.put(0, x * x)
    return WORK[0] * WORK[1]


def by_helpers(x):
    put(x)
    before = WORK * x
    scale(x)
    return product() * before[0]


def in_a_loop(x):
    for _ in range(3):
        np.add(WORK, x, out=WORK)
    return WORK.sum() * x


def by_another_name(x):
    work = WORK
    work *= x
    view = WORK[::-1]
    np.copyto(view, x * view)
    return WORK[0] * WORK[1]


def into_containers(x):
    operator.setitem(LIST, 0, x)
    operator.setitem(TABLE, "a", x * x)
    return LIST[0] * LIST[1] * TABLE["a"]


@pytest.mark.parametrize("function", [
    by_functions, by_methods, by_helpers, in_a_loop, by_another_name, into_containers,
], ids=lambda f: f.__name__)
def test_what_calls_write_into_globals_has_a_tangent(function):
    def alone(x):
        _reset()
        return function(x)

    slope = (alone(1.375 + 1e-6) - alone(1.375 - 1e-6)) / 2e-6
    for tangent in (1.0, -0.5):
        _reset()
        value, dot = sd.jvp(function, (1.375,), (tangent,))
        left = WORK.copy(), dict(TABLE), list(LIST)
        assert value == alone(1.375)
        assert abs(dot - tangent * slope) < 1e-6
        assert np.array_equal(left[0], WORK) and left[1:] == (TABLE, LIST)
