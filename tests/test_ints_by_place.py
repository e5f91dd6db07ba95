"""An int that a loop draws beside a float, in code by place: nothing comes back for it."""

import numpy as np

import s2sdiff as sd


class Pairs:
    """What walks over it is given what a generator gives."""

    def __init__(self, x):
        self.x = x

    def __iter__(self):
        yield self.x
        yield 2.0 * self.x


def counted(x, ys):
    for _, k in zip(ys, ys[::-1]):
        start = k
        shared = np.array([0.5, k])

        def make(state):
            for _ in range(9):
                yield state
                shared[1] = state * x  # noqa: B023 (drawn from in the same round)

        for k, each in zip(range(2), make(0.5)):  # noqa: PLW2901
            shared[k] = each * start
        total = sum((k * y for k, y in zip((0.3, 0.5), make(start))))
    return total + k + shared[0]


def test_an_int_drawn_beside_a_float():
    # A class that was met: from now on, whatever is walked over may be such a generator.
    assert sd.grad(lambda x: sum(Pairs(x)))(0.7) == 3.0
    sd.check_grads(lambda x: counted(x, [0.3, 0.4]), (0.7,))
    sd.check_grads(lambda x: counted(0.7, [x, 0.4 * x]), (0.3,))
