"""`scipy.spatial.transform`: the compiled functions of rotations and of rigid transforms have
stand-ins in Python."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules import shared
from s2sdiff.runtime import standins, standins_rotations, standins_transforms

__all__: list[str] = []

_compiled: Any = shared.compiled("scipy.spatial.transform._rotation_cy")
_arrays: Any = shared.compiled("scipy.spatial.transform._rotation_xp")

if hasattr(_arrays, "compose_quat"):
    for _name, _function in standins_rotations.FUNCTIONS.items():
        if hasattr(_compiled, _name) and hasattr(_arrays, _name):
            standins.EAGER[getattr(_compiled, _name)] = _function

_rigid: Any = shared.compiled("scipy.spatial.transform._rigid_transform_cy")
if hasattr(_rigid, "from_exp_coords"):
    for _name, _function in standins_transforms.FUNCTIONS.items():
        standins.EAGER[getattr(_rigid, _name)] = _function

constant(standins_rotations.compiled, standins_rotations.side_of,
         standins_rotations.check_alignment, standins_transforms.plainly)


@derivative(of=standins_rotations.near)
def near(matrix):
    """Of `M = R P` with a rotation R, `dR = R X` with `P X + X P = R^T dM - dM^T R`."""
    turn, s, v = standins_rotations.decomposed(matrix)

    def pullback(bar):
        inner = v @ np.swapaxes(turn, -1, -2) @ bar @ np.swapaxes(v, -1, -2)
        # On the diagonal is nothing, and its sums may be zero.
        sums = np.where(np.eye(3, dtype=bool), 1.0, s[..., :, None] + s[..., None, :])
        inner = (inner - np.swapaxes(inner, -1, -2)) / sums
        return turn @ np.swapaxes(v, -1, -2) @ inner @ v

    return turn, pullback
