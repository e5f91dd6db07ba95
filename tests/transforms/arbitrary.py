"""Random statements in which the order of effects can be seen, for `test_fold`."""

import operator as op
import random

from s2sdiff import ir, ops
from tests.backend.build import atom, call, function, give, move, place, put


def arbitrary(seed):
    """A straight-line program over few names, with reads, writes, calls, rebinding."""
    chance = random.Random(seed)
    names = ["x", "a", "b", "c", "d", "t"]
    body = [call(n, op.mul, "x", i + 2) for i, n in enumerate(names[1:])]
    for _ in range(chance.randrange(4, 25)):
        z, p, q = (chance.choice(names[1:]) for _ in range(3))
        body.append(chance.choice([
            lambda z=z, p=p, q=q: call(z, op.add, p, q),
            lambda z=z, p=p: call(z, op.getitem, p, slice(None)),
            lambda z=z, p=p, q=q: call(z, "g", p, q),
            lambda p=p, q=q: put(op.setitem, p, 0, q),
            lambda p=p, q=q: put(op.iadd, p, 1, q),
            lambda z=z, p=p: call(z, op.iadd, z, p),
            lambda z=z, p=p: move(f"{z} x", p, z) if z != p else move("x", z),
            lambda z=z, p=p, q=q: ir.If(atom(q), (call(z, op.neg, p),), (move(z, q),), place(2)),
            lambda z=z, p=p: ir.For("i", ir.Const((1, 2)), (
                call("d", op.mul, p, "i"), call(z, "g", "d", z),
            ), (), place(2)),
        ])())
    body += [call("r", ops.tuple_, *names), give("r")]
    return function("f", "x g", *body)


class Box:
    """A mutable number that logs; nothing about it is pure but its arithmetic."""

    log: list = []

    def __init__(self, *items):
        self.items = list(items)

    def __add__(self, other):
        return Box(*[a + b for a, b in zip(self.items, other.items, strict=True)])

    def __iadd__(self, other):
        self.items = [a + b for a, b in zip(self.items, other.items, strict=True)]
        return self

    def __mul__(self, k):
        return Box(*[a * k % 1009 for a in self.items])

    def __neg__(self):
        return Box(*[-a for a in self.items])

    def __bool__(self):
        return sum(self.items) % 2 == 0

    def __getitem__(self, i):
        return Box(*self.items[i]) if isinstance(i, slice) else Box(*[self.items[i]] * 2)

    def __setitem__(self, i, value):
        self.items[i] = value.items[0] - value.items[1]
