"""`p, q = it` draws one item more than it binds: what has no end raises at once, as in Python."""

import itertools

import pytest

import s2sdiff as sd


class Endless:
    def __init__(self, x):
        self.x, self.last = x, 0

    def __getitem__(self, i):
        self.last = i
        if i > 50:
            raise MemoryError("drawn on and on")
        return self.x * (i + 1)


def of_items(x):
    p, q = Endless(x)
    return p * q


def of_a_generator(x):
    p, q = (x * k for k in itertools.count(1))
    return p * q


@pytest.mark.parametrize("f", [of_items, of_a_generator])
def test_what_has_no_end_raises(f):
    for run in (lambda: sd.vjp(f, 2.0), lambda: sd.jvp(f, (2.0,), (1.0,))):
        with pytest.raises((ValueError, sd.UnsupportedError)):
            run()
