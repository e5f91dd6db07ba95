"""Whole derivatives run a function several times, each time with the numbers that one run draws."""

import itertools
import random

import numpy as np
import pytest
from scipy import stats

import s2sdiff as sd

RNG = np.random.default_rng(3)
NEXT = itertools.count(2)
X = np.linspace(0.5, 1.5, 5)


def scaled(x):
    return x * RNG.normal()


def each(x):
    return np.array([v * v * random.random() for v in x])


def from_modules(x):
    return x**2 * np.random.normal(size=x.shape) * stats.norm.rvs()


def by_a_choice(x):
    return x * 2.0 if random.random() > 0.3 else x * 3.0


def of_an_argument(x, rng=RNG):
    return x**2 * rng.uniform(size=x.shape)


def seed():
    RNG.bit_generator.state = np.random.default_rng(1).bit_generator.state
    np.random.seed(2)
    random.seed(3)


def states():
    return RNG.bit_generator.state, np.random.get_state()[2], random.getstate()


def differences(f, x):
    ends = []
    for h in (1e-6, -1e-6):
        rows = []
        for e in np.eye(x.size):
            seed()
            rows.append(f(x + h * e))
        ends.append(np.array(rows).T)
    return (ends[0] - ends[1]) / 2e-6


@pytest.mark.parametrize("operator", [sd.jacfwd, sd.jacrev, sd.jacobian, sd.sparse_jacobian])
@pytest.mark.parametrize("f", [scaled, each, from_modules, by_a_choice, of_an_argument])
def test_all_columns_are_of_the_same_draws(f, operator):
    expected = differences(f, X)
    after = states()
    seed()
    found = operator(f)(X)
    found = found.toarray() if operator is sd.sparse_jacobian else found
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)
    assert states() == after  # of one run


@pytest.mark.parametrize("operator", [sd.hessian, sd.sparse_hessian])
def test_hessians_are_of_the_same_draws(operator):
    def f(x):
        return np.sum(x**3 * np.random.normal(size=x.shape)) * random.random()

    expected = differences(sd.grad(f), X)
    seed()
    found = operator(f)(X)
    found = found.toarray() if operator is sd.sparse_hessian else found
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


def test_what_draws_from_an_iterator_is_run_once_or_refused():
    def f(x):
        return x * next(NEXT)

    before = next(NEXT)
    np.testing.assert_array_equal(sd.jacrev(f)(X), (before + 1) * np.eye(5))
    with pytest.raises(sd.UnsupportedError, match="draw from a count outside"):
        sd.jacfwd(f)(X)
