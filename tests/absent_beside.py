"""A cache beside an object that raises whatever it is asked, which tells a module, too."""

import numpy as np


class Absent:
    """What libraries put in place of a package that is not installed."""

    def __getattribute__(self, name):
        raise ImportError(f"no module for {name}")


absent = Absent()


class Reader:
    space = None
    lazy = absent

    def __init__(self):
        self._x, self._xp, self._value = None, None, None

    def read(self, x, xp):
        if not np.array_equal(x, self._x) or self._xp is not xp:
            self._x, self._xp, self._value = x, xp, xp.sin(x) * x
        return self._value


def read(x):
    return Reader().read(x, np) * 2.0


class State:
    x = None
    value = None


STATE = State()


def read_of(state, x, xp):
    if not np.array_equal(x, state.x):
        state.x = x
        state.value = xp.sin(x) * x
    return state.value


def beside(x):
    return read_of(State(), x, np) * 2.0


class Table:
    def __init__(self, xp):
        self.points = np.array([[0.5, 0.7], [1.1, 1.2]])
        self.xp = xp

    def add(self, row):
        self.points = np.concatenate([self.points, [row]])

    def read(self, x, xp):
        if xp.any(self.points == xp.stack([x, x])):
            return self.points[0, 0] * x
        return xp.sum(self.points) * x * x


def among(x):
    return Table(np).read(x, np)
