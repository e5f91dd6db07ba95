"""What a pullback captures keeps its name, whatever is bound behind it."""

import dataclasses
import math

import numpy as np

import s2sdiff as sd


@dataclasses.dataclass
class Body:
    x: float
    items: list = dataclasses.field(default_factory=lambda: [0.5, 0.3])


def valued(x, couple):
    body = Body(0.25)

    def looked(v, k, w=None, xp=np):
        return v

    value = math.sin(looked(x, 0.7))
    value_1 = value * value
    couple_1 = math.cos(value_1)
    return math.sin(value) * value_1 * couple_1 + body.items[1]


def test_a_users_name_is_not_taken_for_the_value_that_is_handed_back():
    couple = ([0.3, -1.4], -1.7, 0.4)
    expected = (valued(0.76 + 1e-6, couple) - valued(0.76 - 1e-6, couple)) / 2e-6
    value, pullback = sd.vjp(valued, 0.76, couple)
    assert value == valued(0.76, couple)
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0)[0], expected, rtol=1e-8)
