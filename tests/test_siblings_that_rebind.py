"""Variables that a function captures and another one, beside it, binds anew."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes, slope


def of_a_number():
    kept = 0.0

    def keep(v):
        nonlocal kept
        kept = v

    def main(x):
        keep(x * 2.0)
        return kept**2 * x

    return main


def of_an_array():
    kept = None

    def keep(v):
        nonlocal kept
        kept = v

    def main(x):
        keep(np.array([1.0, x]) * x)
        return np.sum(kept**2)

    return main


def of_a_list():
    state = [0.0]

    def renew(v):
        nonlocal state
        state = [v, v * v]

    def main(x):
        renew(x)
        state.append(state[1] * x)
        last = state
        renew(last[-1])
        return state[0] * last[0] + state[1]

    return main


def of_a_function():
    chosen = None

    def choose(k):
        nonlocal chosen
        chosen = lambda v: v * k  # noqa: E731

    def main(x):
        choose(x)
        return chosen(x) * x

    return main


def in_a_loop():
    last = 1.0

    def step(v):
        nonlocal last
        last = 0.5 * last + v

    def main(x):
        step(-0.5 * last)
        for k in range(3):
            step(x * last + k)
        return last**2

    return main


@pytest.mark.parametrize("made", [of_a_number, of_an_array, of_a_list, of_a_function, in_a_loop],
                         ids=lambda f: f.__name__)
def test_the_derivative_goes_through_the_variable(made):
    check_both_modes(made())


@pytest.mark.parametrize("made", [of_a_number, of_an_array], ids=lambda f: f.__name__)
def test_so_does_the_second_one(made):
    f = made()
    expected = slope(lambda x: sd.grad(f)(x), 0.7)
    assert sd.hvp(f, (0.7,), (1.0,)) == pytest.approx(expected, rel=1e-6)
    assert sd.grad(sd.grad(f))(0.7) == pytest.approx(expected, rel=1e-6)
