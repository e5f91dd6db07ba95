"""Properties and descriptors that raise an AttributeError: Python asks `__getattr__` then."""

import pytest

import s2sdiff as sd
from tests.right_or_refused import check_modes


class Tripled:
    def __get__(self, owner, cls=None):
        if owner.v > 1:
            raise AttributeError("too large")
        return owner.v * 3


class Falling:
    """What its own attributes do not say is a cube."""

    tripled = Tripled()

    def __init__(self, v):
        self.v = v
        self.seen = []

    @property
    def doubled(self):
        if self.v > 1:
            raise AttributeError("too large")
        return self.v * 2

    @property
    def kept(self):
        self.v = self.v * 1.5
        self.seen.append(self.v)
        if self.v > 1.6:
            raise AttributeError("too large")
        return self.v

    @property
    def broken(self):
        raise ValueError("no number")

    def __getattr__(self, name):
        if name == "missing":
            raise AttributeError(name)
        return self.v ** 3


def read(x, y):
    a, b = Falling(x), Falling(y)
    return a.doubled * b.doubled + a.tripled * b.tripled


def written_before(x, y):
    a, b = Falling(x), Falling(y)
    return a.kept * b.kept + a.v * b.seen[0]


def handled(x, y):
    a, b = Falling(x), Falling(y)
    r = a.kept
    try:
        r += b.broken
    except ValueError:
        r *= b.doubled
    try:
        r += a.missing
    except AttributeError:
        r += a.seen[0] * y
    return r


@pytest.mark.parametrize("f", [read, written_before, handled])
def test_what_is_asked_instead_has_its_derivative(f):
    check_modes(f, (1.2, 0.7), modes=("rev",))
    check_modes(f, (1.2, 0.7), modes=("fwd",))
    value, pullback = sd.vjp(f, 1.2, 0.7)
    assert value == f(1.2, 0.7)
    assert pullback(1.0) == pullback(1.0)


def test_another_exception_comes_as_it_is():
    with pytest.raises(ValueError, match="no number"):
        sd.grad(lambda x: Falling(x).broken * x)(1.2)
