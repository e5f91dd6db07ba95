"""Softmax, its logarithm, and the logarithm of a sum of exponentials."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import check_rule

special = pytest.importorskip("scipy.special", reason="its functions are what is differentiated")

RNG = np.random.default_rng(3)
M = RNG.normal(size=(3, 4))


@pytest.mark.parametrize("target", [special.softmax, special.log_softmax, special.logsumexp])
@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 1)])
def test_it_agrees_with_differences_along_every_axis(target, axis):
    for x in (M, M.T, M[:, ::-2], np.asfortranarray(M)):
        check_rule(target, x, axis, wrt=0)


@pytest.mark.parametrize("target", [special.softmax, special.log_softmax, special.logsumexp])
def test_it_agrees_with_differences_for_vectors_and_complex_numbers(target):
    for x in (M[0], M[0, :1], M[0] + 0.3j * M[1]):
        check_rule(target, x, wrt=0)


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [None, 0, -1])
def test_a_weighted_sum_agrees_with_differences_in_both(axis, keepdims):
    for b in (np.abs(M) + 0.1, np.array([0.5, 1.5, 0.2, 0.7]), np.array([[0.5], [1.0], [2.0]])):
        check_rule(special.logsumexp, M, axis, b, keepdims)


def test_a_sum_with_a_sign_agrees_with_differences():
    b = np.array([0.5, -1.5, 0.2, 0.7])
    check_rule(special.logsumexp, M, 1, b, False, True)


@pytest.mark.parametrize("b", [None, np.array([0.5, -1.5, 0.2, 0.7])])
def test_a_sign_of_complex_numbers_turns_with_their_sum(b):
    z = M + 0.7j * M[::-1]
    sd.check_grads(lambda z: special.logsumexp(z, b=b, axis=1, return_sign=True)[0] ** 2, (z,))

    def beside(z):
        size, sign = special.logsumexp(z, b=b, axis=1, return_sign=True)
        return np.abs(sign - (0.3 + 0.2j)) ** 3 + size

    sd.check_grads(beside, (z,))
    sd.check_grads(lambda z: special.logsumexp(z, b=b, axis=1, return_sign=True)[1].real, (z,))


@pytest.mark.parametrize("options", [{}, {"keepdims": True}, {"b": np.ones(2)}])
def test_rows_of_nothing_but_minus_infinity_have_no_shares(options):
    x = np.array([[-np.inf, -np.inf], [0.0, 0.0]])
    found = sd.grad(lambda x: np.sum(special.logsumexp(x, axis=1, **options)))(x)
    assert found.tolist() == [[0.0, 0.0], [0.5, 0.5]]


def test_large_and_infinite_entries_have_finite_shares():
    def first(v):
        return special.log_softmax(v)[0] + special.softmax(v)[0]

    for f in (special.logsumexp, first):
        assert np.all(np.isfinite(sd.grad(f)(np.array([1000.0, 0.0, -1000.0]))))
    assert sd.grad(special.logsumexp)(np.array([-np.inf, 0.0])).tolist() == [0.0, 1.0]
    assert sd.grad(special.logsumexp)(np.array([-np.inf, -np.inf])).tolist() == [0.0, 0.0]


def test_the_text_is_that_of_a_hand():
    def loss(x, w):
        return np.sum(w * special.softmax(x))

    text = sd.source(loss, mode="grad", args=(M[0], M[1]))
    assert "special.softmax(x" in text and "call" not in text


def test_a_sign_has_no_slope():
    b = np.array([0.5, -99.0, 0.2, 0.7])
    found = sd.grad(lambda x: np.sum(x * special.logsumexp(x, b=b, return_sign=True)[1]))(M[0])
    assert found.tolist() == [-1.0] * 4
