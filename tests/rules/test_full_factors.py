"""What completes the thin factors of an SVD, which is determined but for turns."""

import warnings

import numpy as np
import pytest
import scipy.linalg

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError

GENERATOR = np.random.default_rng(3)
WEIGHTS = np.arange(16.0).reshape(4, 4) ** 0.5


def difference(f, x, v):
    return (f(x + 1e-6 * v) - f(x - 1e-6 * v)) / 2e-6


def kernel(a):
    z = scipy.linalg.null_space(a)
    return np.sum(np.real(z @ np.conj(z).T) * WEIGHTS)


def left_rest(a):
    z = np.linalg.svd(a.T)[0][:, 2:]
    return np.sum(np.real(z @ np.conj(z).T) * WEIGHTS)


def right_rest(a):
    u, s, vh = scipy.linalg.svd(a)
    return np.sum(np.real(np.conj(vh[2:]).T @ vh[2:]) * WEIGHTS) + np.sum(s) + np.real(u[0, 0]) ** 2


@pytest.mark.filterwarnings("ignore:part of the full factors")
@pytest.mark.parametrize("f", [kernel, left_rest, right_rest])
@pytest.mark.parametrize("kind", [float, complex])
def test_the_space_that_completes_singular_vectors_moves_along(f, kind):
    if f is right_rest and kind is complex:
        pytest.skip("it names a phase")
    a, v, w = (
        GENERATOR.normal(size=(2, 4)) + (kind is complex) * 1j * GENERATOR.normal(size=(2, 4))
        for _ in range(3)
    )
    _, pullback = sd.vjp(f, a)
    for _ in range(2):
        assert np.real(np.sum(pullback(1.0) * v)) == pytest.approx(difference(f, a, v), abs=1e-7)
    assert sd.jvp(f, (a,), (v,))[1] == pytest.approx(difference(f, a, v), abs=1e-7)
    if kind is float:
        expected = difference(sd.grad(f), a, w)
        np.testing.assert_allclose(sd.hvp(f, (a,), (w,)), expected, atol=1e-6)


def test_a_single_vector_that_completes_real_ones_is_determined_but_for_its_sign():
    a, v = GENERATOR.normal(size=(2, 4, 3))

    def f(a):
        return np.linalg.svd(a)[0][:, 3]

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_allclose(sd.jvp(f, (a,), (v,))[1], difference(f, a, v), atol=1e-7)
    np.testing.assert_allclose(
        sd.jacobian(f)(a).reshape(4, -1) @ v.ravel(), difference(f, a, v), atol=1e-7
    )


def test_what_turns_with_the_vectors_that_complete_others_is_refused_or_warned_of():
    a = GENERATOR.normal(size=(2, 4))

    def f(a):
        return scipy.linalg.null_space(a)[0, 0]

    with pytest.raises(UnsupportedError, match=r"arbitrary. Instead, "):
        sd.grad(f)(a)
    with pytest.warns(UserWarning, match="depend only on the space"):
        sd.jvp(f, (a,), (a,))
