"""Context managers, of NumPy, of the standard library and of users."""

import contextlib
import warnings

import numpy as np

from tests.language.table import supported


class Failed(Exception):
    """A step that did not succeed."""


class Recorder:
    """A context manager that keeps what it is told, and counts."""

    def __init__(self, scale=1.0):
        self.scale = scale
        self.entered = self.left = 0

    def __enter__(self):
        self.entered += 1
        return self

    def __exit__(self, kind, error, trace):
        self.left += 1
        self.scale = self.scale * 2.0
        return kind is Failed


def step_or_fail(x, k):
    if k == 2:
        raise Failed("step")
    return x * 1.1 + k


@contextlib.contextmanager
def labelled(label):
    yield label.upper()


@supported("`np.errstate` and `warnings`", lambda: (1.3, np.array([0.7, 2.0])))
def silenced(x, a):
    with np.errstate(divide="ignore", invalid="ignore"):
        b = np.where([True, False], a / np.array([x, 0.0]), x * a)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.warn("not seen")
        c = np.sum(b * b)
    return c * x


@supported("`np.errstate` and `warnings`", lambda: (1.3, 0.7))
def silenced_inside_of_a_loop(x, y):
    for _ in range(3):
        with np.errstate(all="raise"):
            x = x * y + 0.1
            if x < 0.8:
                return x * y
    return x


@supported("`with` of one's own class", lambda: (1.3, Recorder(0.7)))
def manager_is_entered_once(x, r):
    with r as inner:
        inner.scale += x
        y = inner.scale * x
    return y * r.scale * r.entered * r.left


@supported("`with` of one's own class", lambda: (1.3, 0.7))
def manager_that_swallows_an_exception(x, y):
    r = Recorder(x)
    z = y
    with r:
        z = z * r.scale
        z = z * step_or_fail(x, 2)
    return z * r.scale * r.left


@supported("several managers", lambda: (1.3, 0.7))
def managers_of_the_standard_library(x, y):
    with contextlib.suppress(ZeroDivisionError), labelled("sum") as name, \
            contextlib.nullcontext(x * y) as z:
        w = z * len(name)
        w = w + y
    return w * x


@supported("several managers", lambda: (1.3, 0.7))
def suppressed_exception(x, y):
    z = x
    with contextlib.suppress(IndexError):
        z = x * y
        z = [x][1]
    return z * y
