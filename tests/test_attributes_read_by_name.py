"""Properties under names of Python's own that are read by name alone, and write when they are."""

import inspect

import numpy as np

import s2sdiff as sd


class Documented:
    def __new__(cls, fn):
        self = object.__new__(cls)
        self.fn, self.kept, self.signature, self.names = fn, None, None, {"plain"}
        return self

    @property
    def __doc__(self):
        if self.kept is None:
            self.kept = "what it does"
        return self.kept

    @__doc__.setter
    def __doc__(self, value):
        self.kept = value

    @property
    def __signature__(self):
        if self.signature is None:
            self.signature = inspect.signature(self.fn)
        return self.signature

    def __call__(self, *args, **kwargs):
        if "plain" not in self.names:
            raise KeyError
        return self.fn(*args, **kwargs)


@Documented
def sine(x):
    return np.sin(x)


def test_an_object_that_is_met_late_may_have_such():
    def f(x):
        return sine(x) * x

    x = 0.7
    assert np.isclose(sd.grad(f)(x), np.cos(x) * x + np.sin(x))
    assert np.isclose(sd.jvp(f, (x,), (1.0,))[1], np.cos(x) * x + np.sin(x))
