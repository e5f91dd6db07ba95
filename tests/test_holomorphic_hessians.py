"""Hessians of holomorphic functions: second complex derivatives, which need no real result."""

import numpy as np
import pytest

import s2sdiff as sd

Z = np.array([0.3 + 1.0j, 0.8 - 0.2j])


def test_the_hessian_of_a_holomorphic_function_is_that_of_its_formula():
    def f(z):
        return np.sum(z ** 3) * z[0]

    a, b = Z
    expected = [[12 * a ** 2, 3 * b ** 2], [3 * b ** 2, 6 * a * b]]
    np.testing.assert_allclose(sd.hessian(f, holomorphic=True)(Z), expected, rtol=1e-12)
    assert sd.hessian(lambda z: z ** 3, holomorphic=True)(1 + 1j) == pytest.approx(6 + 6j)


def test_several_arguments_have_blocks():
    made = sd.hessian(lambda a, b: a * a * b, (0, 1), holomorphic=True)(1 + 1j, 2j)
    np.testing.assert_allclose(made, [[4j, 2 + 2j], [2 + 2j, 0]])


def test_what_is_not_said_to_be_holomorphic_is_refused():
    with pytest.raises(TypeError, match="Instead, say holomorphic=True"):
        sd.hessian(lambda z: z ** 3)(1j)
    with pytest.raises(TypeError, match="Instead, use hessian"):
        sd.sparse_hessian(lambda z: np.sum(z ** 3))(Z)
