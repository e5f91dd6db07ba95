"""What `numpy.random` chooses and permutes, against differences with the same draws."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.whole import check_both

POOL = np.arange(12.0).reshape(3, 4) ** 1.5


@pytest.mark.parametrize("made", [np.random.default_rng, np.random.RandomState])
def test_what_is_chosen_moves_with_what_it_is_chosen_from(made):
    check_both(lambda a: made(3).choice(a), POOL[0])
    check_both(lambda a: made(3).choice(a, (2, 3)), POOL[0])
    check_both(lambda a: made(3).choice(a, 3, False), POOL[0])
    check_both(lambda a: made(3).permutation(a), POOL)
    check_both(lambda s: made(3).choice([s, 2 * s, 1.0], 3), 0.7)
    with pytest.raises(sd.DifferentiationError, match="choice.*not known"):
        sd.grad(lambda p: made(3).choice(POOL[0], p=p))(np.full(4, 0.25))


def test_rows_are_chosen_along_an_axis():
    rng = np.random.default_rng
    check_both(lambda a: rng(3).choice(a, 2, axis=1), POOL)
    check_both(lambda a: rng(3).choice(a, (2, 2), axis=-1), POOL)
    check_both(lambda a: rng(3).choice(a, 3, False, axis=1, shuffle=False), POOL)
    check_both(lambda a: rng(3).permutation(a, 1), POOL)


def test_constants_are_chosen_beside_what_moves():
    def walk(x):
        np.random.seed(2)
        rng = np.random.default_rng(0)
        return x * (np.random.choice(5) + rng.choice([-1.0, 1.0]) + rng.permutation(4)[0] + 3)

    check_both(walk, 0.3)
