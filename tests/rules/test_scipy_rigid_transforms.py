"""Rigid transforms of SciPy: every form in and out, products, powers, means and points."""

import numpy as np
import pytest
from scipy import linalg

import s2sdiff as sd
from tests.rules.whole import check_whole

transform = pytest.importorskip("scipy.spatial.transform")
if not hasattr(transform, "RigidTransform"):
    pytest.skip("this SciPy has no rigid transforms", allow_module_level=True)
T, R = transform.RigidTransform, transform.Rotation

V, W = np.array([0.4, -0.9, 1.6]), np.array([-1.1, 0.7, 0.5])
A = np.array([[1.2, -0.4, 0.3], [0.5, 0.8, -1.1], [-0.2, 0.6, 1.4]])


def made(v, w):
    return T.from_components(v, R.from_rotvec(w))


def several(v, w):
    return T.from_components(A * v, R.from_rotvec(A * w))


FORMS = {
    "a translation": lambda v, w: T.from_translation(v).apply(w),
    "a rotation": lambda v, w: T.from_rotation(R.from_rotvec(w)).apply(v),
    "both": lambda v, w: made(v, w).as_matrix(),
    "applied": lambda v, w: made(v, w).apply(A * v),
    "applied the other way": lambda v, w: made(v, w).apply(w, inverse=True),
    "several": lambda v, w: several(v, w).apply(v),
    "several the other way": lambda v, w: several(v, w).apply(A * w, inverse=True),
    "a product": lambda v, w: (made(v, w) * made(w, v)).as_matrix(),
    "an inverse": lambda v, w: made(v, w).inv().as_matrix(),
    "a matrix": lambda v, w: T.from_matrix(np.vstack([np.hstack([
        np.outer(v, w) + 2.0 * np.eye(3), v[:, None]]), [[0.0, 0.0, 0.0, 1.0]]])).as_matrix(),
    "a matrix as it is": lambda v, w: T(np.vstack([np.hstack([
        R.from_rotvec(w).as_matrix(), v[:, None]]), [[0.0, 0.0, 0.0, 1.0]]]),
        normalize=False).as_exp_coords(),
    "a twist": lambda v, w: T.from_exp_coords(np.append(v, w)).as_matrix(),
    "twists out": lambda v, w: several(v, w).as_exp_coords(),
    "a dual quaternion": lambda v, w: T.from_dual_quat(
        np.concatenate([v, w, v[:2]])).as_matrix(),
    "its scalar first": lambda v, w: T.from_dual_quat(
        np.concatenate([v, w, v[:2]]), scalar_first=True).as_dual_quat(scalar_first=True),
    "a dual quaternion out": lambda v, w: several(v, w).as_dual_quat(),
    "a root": lambda v, w: (made(v, w) ** 0.5).as_matrix(),
    "a square": lambda v, w: (made(v, w) ** 2).as_matrix(),
    "one of several": lambda v, w: several(v, w)[1].apply(w),
    "its parts": lambda v, w: several(v, w).as_components()[0] @ made(v, w).rotation.as_matrix(),
    "a mean": lambda v, w: several(v, w).mean().as_matrix(),
    "a weighted mean": lambda v, w: several(v, w).mean(weights=w * w).as_matrix(),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_transform_moves_with_what_it_is_made_of(name):
    check_whole(FORMS[name], V, W)


@pytest.mark.parametrize("scale", [0.0, 1e-9, 1e-3, 0.02])
def test_a_small_twist_has_the_slopes_of_the_exponential_of_its_matrix(scale):
    twist = np.append(scale * V, W)
    basis = np.zeros((6, 4, 4))
    for i in range(3):
        basis[i, :3, :3] = np.cross(np.eye(3)[i], np.eye(3)).T
        basis[3 + i, i, 3] = 1.0
    matrix = np.tensordot(twist, basis, 1)
    along = np.tensordot(np.append(W, V), basis, 1)
    expected = linalg.expm_frechet(matrix, along, compute_expm=False)
    _, found = sd.jvp(lambda c: T.from_exp_coords(c).as_matrix(), (twist,), (np.append(W, V),))
    np.testing.assert_allclose(found, expected, rtol=0.0, atol=1e-11)
    back = sd.vjp(lambda c: T.from_exp_coords(c).as_matrix(), twist)[1](np.eye(4) + matrix)
    np.testing.assert_allclose(back @ np.append(W, V), np.sum((np.eye(4) + matrix) * expected),
                               rtol=0.0, atol=1e-10)


def test_a_transform_that_is_made_whole_again_has_slope_one():
    def again(c):
        return T.from_exp_coords(c).as_exp_coords()

    np.testing.assert_allclose(sd.jacobian(again)(np.append(0.3 * V, W)), np.eye(6), atol=1e-12)
    np.testing.assert_allclose(sd.jacobian(again)(np.append(0.0 * V, W)), np.eye(6), atol=1e-12)


def test_a_power_goes_along_the_twist():
    # SciPy takes the exponent in single precision: differences would see its steps.
    at, twist = made(V, W), made(V, W).as_exp_coords()
    value, found = sd.jvp(lambda n: (at ** n).as_exp_coords(), (0.5,), (1.0,))
    np.testing.assert_allclose(value, 0.5 * twist, rtol=1e-12)
    np.testing.assert_allclose(found, twist, rtol=1e-12)
    back = sd.grad(lambda n: np.sum((at ** n).as_exp_coords() * np.arange(6.0)))(0.5)
    np.testing.assert_allclose(back, np.sum(twist * np.arange(6.0)), rtol=1e-12)
