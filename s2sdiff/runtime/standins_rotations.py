"""Rotations of `scipy.spatial.transform`, in the language that is differentiated (see `standins`).

SciPy computes them twice: in compiled code for NumPy, and in Python for all kinds of arrays.  The
value is that of the first, the derivative that of the second, less itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.runtime.markers import stop_gradient

__all__ = ["FUNCTIONS", "check_alignment", "compiled", "decomposed", "near", "orthogonal",
           "side_of", "with_slope"]


def compiled(name: str, *args: Any, of: str = "_rotation_cy") -> Any:
    """What SciPy's compiled code gives; it has no derivative."""
    import importlib

    module = importlib.import_module(f"scipy.spatial.transform.{of}")
    found = getattr(module, name)(*args)
    return tuple(map(np.asarray, found)) if isinstance(found, tuple) else np.asarray(found)


def near(matrix: Any) -> Any:
    """The rotations nearest to matrices; it has a rule."""
    return decomposed(matrix)[0]


def decomposed(matrix: Any) -> tuple[Any, Any, Any]:
    """The rotation R and what is left of M = R V S V^T: V and S, whose last value may be negative.
    """
    u, s, v = np.linalg.svd(matrix)
    sides = np.ones_like(s)
    sides[..., -1] = np.sign(np.linalg.det(u @ v))
    return (u * np.expand_dims(sides, -2)) @ v, s * sides, v


def with_slope(value: Any, same: Any) -> Any:
    return value + np.reshape(same - stop_gradient(same), np.shape(value))


def from_quat(quat: Any, normalize: Any = True, copy: Any = True, *,
              scalar_first: Any = False) -> Any:
    from scipy.spatial.transform import _rotation_xp

    q = np.array(quat)
    if scalar_first:
        q = np.roll(q, -1, axis=-1)
    found = compiled("from_quat", stop_gradient(q), normalize)
    return with_slope(found, _rotation_xp.from_quat(q, normalize))


def from_matrix(matrix: Any, assume_valid: Any = False) -> Any:
    found = compiled("from_matrix", stop_gradient(matrix), assume_valid)
    return with_slope(found, orthogonal(matrix if assume_valid else near(matrix)))


def orthogonal(matrix: Any) -> Any:
    """The quaternions of rotations that are known to be such."""
    from scipy.spatial.transform import _rotation_xp

    return _rotation_xp._from_matrix_orthogonal(matrix)


def from_rotvec(rotvec: Any, degrees: Any = False) -> Any:
    from scipy.spatial.transform import _rotation_xp

    return with_slope(compiled("from_rotvec", stop_gradient(rotvec), degrees),
                      _rotation_xp.from_rotvec(rotvec, degrees))


def from_mrp(mrp: Any) -> Any:
    from scipy.spatial.transform import _rotation_xp

    return with_slope(compiled("from_mrp", stop_gradient(mrp)), _rotation_xp.from_mrp(mrp))


def half_turn(axis: int, angle: Any) -> Any:
    """The quaternions of turns about an axis of the coordinates."""
    parts = [np.zeros_like(angle), np.zeros_like(angle), np.zeros_like(angle), np.cos(angle / 2.0)]
    parts[axis] = np.sin(angle / 2.0)
    return np.stack(parts, axis=-1)


def from_euler(seq: str, angles: Any, degrees: Any = False) -> Any:
    from scipy.spatial.transform import _rotation_xp

    found = compiled("from_euler", seq, stop_gradient(angles), degrees)
    turns = np.deg2rad(angles) if degrees else angles
    turns = np.reshape(turns, (*np.shape(found)[:-1], len(seq)))
    axes = ["xyz".index(letter) for letter in seq.lower()]
    same = half_turn(axes[0], turns[..., 0])
    for i in range(1, len(seq)):
        turn = half_turn(axes[i], turns[..., i])
        same = _rotation_xp.compose_quat(same, turn) if seq.isupper() else \
            _rotation_xp.compose_quat(turn, same)
    return with_slope(found, same)


def as_quat(quat: Any, canonical: Any = False, *, scalar_first: Any = False) -> Any:
    from scipy.spatial.transform import _rotation_xp

    return _rotation_xp.as_quat(quat, canonical, scalar_first=scalar_first)


def as_matrix(quat: Any) -> Any:
    from scipy.spatial.transform import _rotation_xp

    return with_slope(compiled("as_matrix", stop_gradient(quat)), _rotation_xp.as_matrix(quat))


def as_rotvec(quat: Any, degrees: Any = False) -> Any:
    from scipy.spatial.transform import _rotation_xp

    return with_slope(compiled("as_rotvec", stop_gradient(quat), degrees),
                      _rotation_xp.as_rotvec(quat, degrees))


def as_mrp(quat: Any) -> Any:
    from scipy.spatial.transform import _rotation_xp

    return with_slope(compiled("as_mrp", stop_gradient(quat)), _rotation_xp.as_mrp(quat))


def as_euler(quat: Any, seq: str, degrees: Any = False, *, suppress_warnings: Any = False) -> Any:
    from scipy.spatial.transform import _rotation_xp

    found = compiled("as_euler", stop_gradient(quat), seq, degrees)
    return with_slope(found, _rotation_xp.as_euler(quat, seq, degrees, suppress_warnings=True))


def inv(quat: Any) -> Any:
    from scipy.spatial.transform import _rotation_xp

    return with_slope(compiled("inv", stop_gradient(quat)), _rotation_xp.inv(quat))


def magnitude(quat: Any) -> Any:
    from scipy.spatial.transform import _rotation_xp

    return with_slope(compiled("magnitude", stop_gradient(quat)), _rotation_xp.magnitude(quat))


def applied(quat: Any, points: Any, inverse: Any = False) -> Any:
    from scipy.spatial.transform import _rotation_xp

    found = compiled("apply", stop_gradient(quat), stop_gradient(points), inverse)
    matrices = _rotation_xp.as_matrix(quat)
    if inverse:
        matrices = np.swapaxes(matrices, -1, -2)
    columns = np.expand_dims(points, -1)
    return with_slope(found, np.squeeze(matrices @ columns, axis=-1))


def compose_quat(p: Any, q: Any) -> Any:
    from scipy.spatial.transform import _rotation_xp

    return with_slope(compiled("compose_quat", stop_gradient(p), stop_gradient(q)),
                      _rotation_xp.compose_quat(p, q))


def power(quat: Any, n: Any) -> Any:
    from scipy.spatial.transform import _rotation_xp

    found = compiled("pow", stop_gradient(quat), stop_gradient(n))
    same = _rotation_xp.from_rotvec(n * _rotation_xp.as_rotvec(quat))
    return with_slope(found, same * side_of(found, same))


def side_of(found: Any, same: Any) -> Any:
    """1 where two quaternions are equal, -1 where they are opposite; it has no derivative."""
    sign = np.sign(np.sum(np.reshape(found, np.shape(same)) * same, axis=-1, keepdims=True))
    return np.where(sign == 0, 1.0, sign)


def mean(quat: Any, weights: Any = None, axis: Any = None) -> Any:
    found = compiled("mean", stop_gradient(quat), stop_gradient(weights), axis)
    share = np.ones(len(quat)) if weights is None else np.asarray(weights)
    _, vectors = np.linalg.eigh((quat * np.expand_dims(share, -1)).T @ quat)
    same = vectors[:, -1]
    return with_slope(found, same * side_of(found, same))


def align_vectors(a: Any, b: Any, weights: Any = None, return_sensitivity: Any = False) -> Any:
    given = stop_gradient(weights)
    found, distance, _ = compiled("align_vectors", stop_gradient(a), stop_gradient(b), given, False)
    first, second = np.reshape(a, (-1, 3)), np.reshape(b, (-1, 3))
    check_alignment(stop_gradient(first), stop_gradient(second), given, return_sensitivity)
    share = np.ones(len(first)) if weights is None else np.asarray(weights)
    # `near` of the sum of the outer products is what turns the second ones into the first.
    turn = near((first * np.expand_dims(share, -1)).T @ second)
    same, rest = orthogonal(turn), first - second @ turn.T
    off = np.sqrt(np.sum(share * np.sum(rest * rest, axis=-1)))
    return (with_slope(found, same * side_of(found, same)),
            distance + (off - stop_gradient(off)), None)


def check_alignment(a: Any, b: Any, weights: Any, sensitivity: Any) -> None:
    """Refuse what has no derivative here; it has none of its own."""
    from s2sdiff.errors import UnsupportedError, refusal

    share = np.ones(len(a)) if weights is None else np.asarray(weights)
    if sensitivity or not np.all(np.isfinite(share)) or len(a) == 1:
        raise refusal(UnsupportedError,
                      "align_vectors of one vector, with a sensitivity or with an infinite weight "
                      "has no derivative here",
                      "align two vectors or more, and leave return_sensitivity out")
    values = decomposed((a * share[:, None]).T @ b)[1]
    if values[1] + values[2] <= 1e-12 * values[0]:
        raise refusal(UnsupportedError, "the rotation that aligns vectors on a line is arbitrary, "
                      "and has no derivative", "align vectors that lie on no line")


#: The functions by the names that both have.
FUNCTIONS = {f.__name__: f for f in (
    from_quat, from_matrix, from_rotvec, from_mrp, from_euler, as_quat, as_matrix, as_rotvec,
    as_mrp, as_euler, inv, magnitude, compose_quat, mean, align_vectors)} | {
        "apply": applied, "pow": power}
