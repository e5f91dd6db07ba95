"""Rigid transforms of `scipy.spatial.transform`, in the language that is differentiated.

A transform is a matrix of four rows: a rotation, a translation beside it, and 0, 0, 0, 1.  As with
rotations, the value is that of SciPy's compiled code, the derivative that of the formula.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime.markers import stop_gradient
from s2sdiff.runtime.standins_rotations import compiled, near, orthogonal, side_of, with_slope

__all__ = ["FUNCTIONS", "plainly"]


def plainly(name: str, *args: Any) -> Any:
    """What SciPy's compiled code gives; it has no derivative."""
    return compiled(name, *args, of="_rigid_transform_cy")


def assembled(rotation: Any, translation: Any) -> Any:
    """The matrices of rotations and translations."""
    rows = np.concatenate([rotation, np.expand_dims(translation, -1)], axis=-1)
    last = np.zeros_like(stop_gradient(rows[..., :1, :])) + np.array([0.0, 0.0, 0.0, 1.0])
    return np.concatenate([rows, last], axis=-2)


def from_matrix(matrix: Any, normalize: Any = True, copy: Any = True) -> Any:
    m = np.array(matrix)
    found = plainly("from_matrix", m, normalize, True)
    turn = near(m[..., :3, :3]) if normalize else m[..., :3, :3]
    return with_slope(found, assembled(turn, m[..., :3, 3]))


def from_rotation(quat: Any) -> Any:
    from scipy.spatial.transform import _rotation_xp

    turn = _rotation_xp.as_matrix(quat)
    still = np.zeros_like(stop_gradient(turn[..., 0]))
    return with_slope(plainly("from_rotation", quat), assembled(turn, still))


def from_translation(translation: Any) -> Any:
    t = np.asarray(translation)
    turn = np.zeros((*np.shape(t), 3)) + np.eye(3)
    return with_slope(plainly("from_translation", t), assembled(turn, t))


def skew(v: Any) -> Any:
    """The matrices of which the product with w is the cross product of v and w."""
    none = np.zeros_like(stop_gradient(v[..., 0]))
    x, y, z = v[..., 0], v[..., 1], v[..., 2]
    flat = np.stack([none, -z, y, z, none, -x, -y, x, none], axis=-1)
    return np.reshape(flat, (*np.shape(v), 3))


def beside(square: Any, series: list[float], formula: Any) -> Any:
    """A function of the angle, by a series in its square where that is small; also its slopes."""
    small = square < 1e-4
    angle = np.sqrt(np.where(small, 1.0, square))
    return np.where(small, np.polyval(np.array(series), square), formula(angle))


def exponential(coordinates: Any) -> Any:
    """The exponential of twists: a rotation vector and a velocity.

    Of the angle a, `1 + (1 - cos a) / a**2 S + (a - sin a) / a**3 S**2` turns the velocity into
    the translation, S the cross product with the rotation vector (Lynch and Park, Modern Robotics,
    2017, proposition 3.25).
    """
    from scipy.spatial.transform import _rotation_xp

    v = coordinates[..., :3]
    square = np.sum(v * v, axis=-1)[..., None, None]
    first = beside(square, [-1.0 / 40320.0, 1.0 / 720.0, -1.0 / 24.0, 0.5],
                   lambda a: 2.0 * (np.sin(0.5 * a) / a) ** 2)
    second = beside(square, [-1.0 / 362880.0, 1.0 / 5040.0, -1.0 / 120.0, 1.0 / 6.0],
                    lambda a: (a - np.sin(a)) / a ** 3)
    s = skew(v)
    moved = (np.eye(3) + first * s + second * (s @ s)) @ np.expand_dims(coordinates[..., 3:], -1)
    return assembled(_rotation_xp.as_matrix(_rotation_xp.from_rotvec(v)), moved[..., 0])


def logarithm(matrix: Any) -> Any:
    """The twists of transforms: `1 - S / 2 + (1 - a / 2 cot(a / 2)) / a**2 S**2` goes back."""
    from scipy.spatial.transform import _rotation_xp

    v = _rotation_xp.as_rotvec(orthogonal(matrix[..., :3, :3]))
    square = np.sum(v * v, axis=-1)[..., None, None]
    factor = beside(square, [1.0 / 1209600.0, 1.0 / 30240.0, 1.0 / 720.0, 1.0 / 12.0],
                    lambda a: (1.0 - 0.5 * a / np.tan(0.5 * a)) / a ** 2)
    s = skew(v)
    back = np.eye(3) - 0.5 * s + factor * (s @ s)
    return np.concatenate([v, (back @ np.expand_dims(matrix[..., :3, 3], -1))[..., 0]], axis=-1)


def from_exp_coords(exp_coords: Any) -> Any:
    c = np.asarray(exp_coords)
    return with_slope(plainly("from_exp_coords", c), exponential(c))


def as_exp_coords(matrix: Any) -> Any:
    return with_slope(plainly("as_exp_coords", matrix), logarithm(matrix))


def normalized(dual: Any) -> tuple[Any, Any]:
    """Dual quaternions of norm 1: the first part of that norm, the second orthogonal to it."""
    real, rest = dual[..., :4], dual[..., 4:]
    none = np.all(real == 0.0, axis=-1, keepdims=True)
    real = np.where(none, np.array([0.0, 0.0, 0.0, 1.0]), real)
    norm = np.sqrt(np.sum(real * real, axis=-1, keepdims=True))
    real, rest = real / norm, rest / norm
    return real, rest - np.sum(real * rest, axis=-1, keepdims=True) * real


def normalize_dual_quaternion(dual_quat: Any) -> Any:
    return with_slope(plainly("normalize_dual_quaternion", dual_quat),
                      np.concatenate(normalized(dual_quat), axis=-1))


def scalar_last(dual: Any) -> Any:
    return np.concatenate([dual[..., 1:4], dual[..., :1], dual[..., 5:], dual[..., 4:5]], axis=-1)


def scalar_before(dual: Any) -> Any:
    return np.concatenate([dual[..., 3:4], dual[..., :3], dual[..., 7:], dual[..., 4:7]], axis=-1)


def from_dual_quat(dual_quat: Any, *, scalar_first: Any = False) -> Any:
    from scipy.spatial.transform import _rotation_xp

    dual = scalar_last(np.asarray(dual_quat)) if scalar_first else np.asarray(dual_quat)
    real, rest = normalized(dual)
    t = 2.0 * _rotation_xp.compose_quat(rest, _rotation_xp.inv(real))[..., :3]
    return with_slope(plainly("from_dual_quat", dual), assembled(_rotation_xp.as_matrix(real), t))


def as_dual_quat(matrix: Any, *, scalar_first: Any = False) -> Any:
    from scipy.spatial.transform import _rotation_xp

    found, real = plainly("as_dual_quat", matrix), orthogonal(matrix[..., :3, :3])
    none = np.zeros_like(stop_gradient(real[..., :1]))
    moving = np.concatenate([matrix[..., :3, 3], none], axis=-1)
    same = np.concatenate([real, 0.5 * _rotation_xp.compose_quat(moving, real)], axis=-1)
    dual = with_slope(found, same * side_of(found, same))
    return scalar_before(dual) if scalar_first else dual


def compose_transforms(tf_matrix: Any, other_tf_matrix: Any) -> Any:
    return with_slope(plainly("compose_transforms", tf_matrix, other_tf_matrix),
                      tf_matrix @ other_tf_matrix)


def inv(matrix: Any) -> Any:
    turn = np.swapaxes(matrix[..., :3, :3], -1, -2)
    back = -(turn @ np.expand_dims(matrix[..., :3, 3], -1))[..., 0]
    return with_slope(plainly("inv", matrix), assembled(turn, back))


def applied(matrix: Any, vector: Any, inverse: Any = False) -> Any:
    points = np.asarray(vector)
    turn, t = matrix[..., :3, :3], matrix[..., :3, 3]
    if inverse:
        moved = np.swapaxes(turn, -1, -2) @ np.expand_dims(points - t, -1)
    else:
        moved = turn @ np.expand_dims(points, -1) + np.expand_dims(t, -1)
    return with_slope(plainly("apply", matrix, points, inverse), moved[..., 0])


def power(matrix: Any, n: Any) -> Any:
    return with_slope(plainly("pow", matrix, n), exponential(n * logarithm(matrix)))


def mean(matrix: Any, weights: Any = None, axis: Any = None) -> Any:
    from scipy.spatial.transform import _rotation_xp

    share = np.ones(len(matrix)) if weights is None else np.asarray(weights)
    quat = orthogonal(matrix[..., :3, :3])
    _, vectors = np.linalg.eigh((quat * np.expand_dims(share, -1)).T @ quat)
    t = share @ matrix[..., :3, 3] / np.sum(share)
    return with_slope(plainly("mean", matrix, weights, axis),
                      assembled(_rotation_xp.as_matrix(vectors[:, -1]), t))


def setitem(matrix: Any, indexer: Any, value: Any) -> Any:
    result = np.array(matrix)
    result[indexer] = value
    return result


#: The functions by the names that SciPy's compiled module has for them.
FUNCTIONS = {f.__name__: f for f in (
    from_matrix, from_rotation, from_translation, from_exp_coords, as_exp_coords,
    normalize_dual_quaternion, from_dual_quat, as_dual_quat, compose_transforms, inv, mean,
    setitem)} | {"apply": applied, "pow": power}
