"""`inspect.signature` where classes are known whose methods write when Python asks them."""

import functools
import inspect

import numpy as np

import s2sdiff as sd
from s2sdiff import registry
from s2sdiff.runtime import common


class Counting:
    def __init__(self):
        self.asked = 0

    def __contains__(self, x):
        self.asked += 1
        return x > 0

    def __eq__(self, other):
        self.asked += 1
        return self is other

    __hash__ = None


class Named:
    def of(self, x, name="x", ndim=None):
        return x


of_named = functools.partial(Named.of, Named())


def test_a_signature_that_is_looked_at_ends():
    def counted(x):
        counting = Counting()
        return x * (2.0 if x in counting else 1.0) * counting.asked

    def inner(x):
        names = [p.name for p in inspect.signature(of_named).parameters.values()]
        return x * len(names)

    def f(x):
        return getattr({"x": inner}, "get")("x")(x) * 1.0

    assert sd.grad(counted)(1.5) == 2.0
    assert sd.grad(f)(1.5) == 3.0
    assert sd.jvp(f, (np.float64(1.5),), (np.float64(1.0),))[1] == 3.0


def test_what_looks_at_a_signature_is_not_differentiated_itself():
    # It was where such classes were known, and looked at a signature again, for ever.
    rule = registry.find(common.no_defaults)
    assert rule is not None and rule.constant
