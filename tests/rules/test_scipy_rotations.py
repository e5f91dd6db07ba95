"""Rotations of SciPy: every form in and out, products, powers, means and alignments."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.whole import check_whole

transform = pytest.importorskip("scipy.spatial.transform")
R = transform.Rotation

V, W = np.array([0.4, -0.9, 1.6]), np.array([-1.1, 0.7, 0.5])
A = np.array([[1.2, -0.4, 0.3], [0.5, 0.8, -1.1], [-0.2, 0.6, 1.4], [0.9, 1.3, 0.1]])

FORMS = {
    "a vector": lambda v, w: R.from_rotvec(v).as_matrix(),
    "no turn": lambda v, w: R.from_rotvec(0.0 * v).as_matrix() @ w,
    "vectors in degrees": lambda v, w: R.from_rotvec(
        40.0 * np.outer(v, w), degrees=True).as_rotvec(degrees=True),
    "a quaternion": lambda v, w: R.from_quat(np.append(v, w[0])).as_matrix(),
    "its scalar first": lambda v, w: R.from_quat(np.append(v, w[0]), scalar_first=True).as_quat(
        canonical=True),
    "angles": lambda v, w: R.from_euler("xyz", v).as_matrix(),
    "angles that turn along": lambda v, w: R.from_euler("ZYX", np.stack([v, w])).as_quat(),
    "one angle": lambda v, w: R.from_euler("y", v[0]).as_matrix(),
    "one in degrees": lambda v, w: R.from_euler("z", 30.0 * v[:, None], degrees=True).as_matrix(),
    "a matrix": lambda v, w: R.from_matrix(np.outer(v, w) + 2.0 * np.eye(3)).as_rotvec(),
    "matrices": lambda v, w: R.from_matrix(
        np.stack([np.outer(v, w), np.outer(w, v)]) + 2.0 * np.eye(3)).as_rotvec(),
    "a rotation's matrix": lambda v, w: R.from_matrix(R.from_rotvec(v).as_matrix()).as_rotvec(),
    "parameters": lambda v, w: R.from_mrp(v).as_mrp() * w,
    "angles out": lambda v, w: R.from_rotvec(v).as_euler("zyx"),
    "angles out about one axis twice": lambda v, w: R.from_rotvec(v).as_euler("ZXZ", degrees=True),
    "applied": lambda v, w: R.from_rotvec(v).apply(w),
    "applied the other way": lambda v, w: R.from_rotvec(np.stack([v, w])).apply(A[:2] * v[0], True),
    "a product": lambda v, w: (R.from_rotvec(v) * R.from_rotvec(w)).as_rotvec(),
    "an inverse": lambda v, w: R.from_rotvec(v).inv().apply(w),
    "how far": lambda v, w: R.from_rotvec(v * w).magnitude(),
    "a power": lambda v, w: (R.from_rotvec(v) ** w[1]).as_rotvec(),
    "a square": lambda v, w: (R.from_rotvec(v) ** 2).as_matrix(),
    "one of several": lambda v, w: R.from_rotvec(np.stack([v, w]))[1].as_matrix(),
    "a mean": lambda v, w: R.from_rotvec(A * v[0]).mean(weights=np.append(w * w, 1.0)).as_matrix(),
    "an alignment": lambda v, w: R.align_vectors(A * v, A @ np.diag(w))[0].as_rotvec(),
    "its distance": lambda v, w: R.align_vectors(A * v, A @ np.diag(w))[1],
    "of two vectors": lambda v, w: R.align_vectors(A[:2] * v, A[1:3] * w)[0].as_rotvec(),
    "between two": lambda v, w: transform.Slerp([0.0, 1.0], R.from_rotvec(np.stack([v, w])))(
        [0.3, 0.8]).as_matrix(),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_rotation_moves_with_what_it_is_made_of(name):
    check_whole(FORMS[name], V, W)


def test_a_turned_vector_moves_by_the_cross_product():
    # About a turn that is none, d(R v) = w x v.
    turned = sd.jacobian(lambda w: R.from_rotvec(w).apply(V))(np.zeros(3))
    np.testing.assert_allclose(turned @ W, np.cross(W, V), atol=1e-12)


@pytest.mark.parametrize(("f", "message"), [
    (lambda a: R.align_vectors(a, A, return_sensitivity=True)[2], r"sensitivity.*Instead, align"),
    (lambda a: R.align_vectors(a[:1], A[:1])[0].as_rotvec(), r"one vector.*Instead, align"),
    (lambda a: R.align_vectors(np.stack([a[0], 2.0 * a[0]]), A[:2])[0].as_rotvec(),
     r"on a line.*Instead, align"),
], ids=["a sensitivity", "one vector", "a line"])
def test_an_alignment_that_is_arbitrary_is_refused(f, message):
    with pytest.raises(sd.UnsupportedError, match=message):
        sd.vjp(f, A * 1.1)
