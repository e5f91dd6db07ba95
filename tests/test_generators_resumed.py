"""Generators that are handed on, both ways, against differences."""

import statistics

import numpy as np
import pytest

import s2sdiff as sd
from tests import generators_going_on, generators_handed, generators_kept
from tests.forwards import LOG

CASES = [*generators_handed.CASES, *generators_going_on.CASES, *generators_kept.CASES]
V, ALONG = np.array([0.7, -0.4, 0.9, 1.2]), np.array([0.3, -0.7, 0.2, 0.5])


def differences(function):
    """The gradient that central differences give."""
    def moved(i, h):
        v = V.copy()
        v[i] += h
        return function(v)

    return np.array([(moved(i, 1e-6) - moved(i, -1e-6)) / 2e-6 for i in range(V.size)])


@pytest.mark.parametrize("function", CASES, ids=lambda f: f.__name__)
def test_a_generator_that_is_handed_on_is_right_both_ways(function):
    given, expected = V.copy(), differences(function)
    value, pullback = sd.vjp(function, given)
    assert value == function(V.copy())
    for seed in (1.0, -2.0):
        np.testing.assert_allclose(pullback(seed), seed * expected, rtol=1e-6, atol=1e-7)
    made, dot = sd.jvp(function, (given,), (ALONG,))
    assert made == value
    np.testing.assert_allclose(dot, ALONG @ expected, rtol=1e-6, atol=1e-7)
    np.testing.assert_array_equal(given, V)


class Group:
    def __init__(self, items):
        self.items = items

    def values(self, log):
        for item in self.items:
            log.append(("before", float(item)))
            yield item * item
            log.append(("behind", float(item)))


def test_what_a_method_does_between_two_draws_happens_then():
    def first_two(v):
        total = 0.0
        for k, x in enumerate(Group(v).values(LOG)):
            LOG.append(k)
            total = total + x * LOG[-1]
            if k == 2:
                break
        return total

    LOG.clear()
    expected, effects = first_two(V), [*LOG]
    for run in (lambda: sd.vjp(first_two, V)[0], lambda: sd.jvp(first_two, (V,), (ALONG,))[0]):
        LOG.clear()
        assert run() == expected
        assert effects == LOG


def test_fields_of_a_model_get_their_gradients_through_its_generator():
    group = Group([0.5, 2.0, -1.0])
    gradient = sd.grad(lambda g: sum(x ** 2 for x in g.values([])))(group)
    np.testing.assert_allclose(gradient.items, [4 * x ** 3 for x in group.items])


def test_code_that_nobody_follows_gets_nothing_from_a_generator():
    def counted(v):
        return statistics.median(Group(v).values([])) * v[0]

    for run in (lambda: sd.vjp(counted, V), lambda: sd.jvp(counted, (V,), (ALONG,))):
        with pytest.raises(sd.DifferentiationError, match="Instead, "):
            run()


def test_a_loop_over_a_generator_that_writes_and_that_only_the_run_tells_of_is_refused():
    class Later:
        pass

    def looped(v, later):
        total = 0.0
        for x in later.drawn:
            total = total + x
            if total > 1.0:
                break
        return total

    def kept(v):
        later = [Later()][0] if np.sum(v) > 0.0 else Later()
        later.drawn = Group(v).values([])
        return looped(v, later)

    with pytest.raises(sd.UnsupportedError, match="only the run tells.* Instead, "):
        sd.vjp(kept, V)
