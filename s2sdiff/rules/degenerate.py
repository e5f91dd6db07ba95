"""Equal eigenvalues and singular values, whose vectors are arbitrary within the space they span.

What a decomposition's result says of such a space is its part that no choice of vectors changes.
Where a cotangent asks for more there is no derivative, and it is refused.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from s2sdiff.registry import constant, derivative
from s2sdiff.rules.shared import like, unsupported
from s2sdiff.rules.solving import adjoint

__all__ = ["apart", "evenly", "parted", "refuse_uneven", "refuse_vanishing",
           "rotations", "tied", "vanishing"]


def tied(w: Any, condition: Any = 1.0) -> Any:
    """Which values are equal as far as rounding can tell, as a matrix for each stack.

    That of eigenvalues grows with the condition of their vectors.

    >>> tied(np.array([1.0, 1.0 + 1e-15, 2.0])).tolist()
    [[True, True, False], [True, True, False], [False, False, True]]
    """
    size = np.max(np.abs(w), axis=-1, keepdims=True, initial=0.0)[..., None]
    apart = np.abs(np.expand_dims(w, -2) - np.expand_dims(w, -1))
    return apart <= 32 * np.finfo(w.dtype).eps * condition * size


constant(tied, shaped=True)


def vanishing(s: Any) -> Any:
    """Which singular values are 0 as far as rounding can tell.

    >>> vanishing(np.array([1.0, 1e-17]))
    array([False,  True])
    """
    return s <= 32 * np.finfo(s.dtype).eps * np.max(s, axis=-1, keepdims=True, initial=0.0)


constant(vanishing, shaped=True)


@like(0)
def evenly(w_bar: Any, w: Any) -> Any:
    """A cotangent of values, shared among equal ones: the subgradient of smallest norm.

    >>> evenly(np.array([1.0, 0.0, 3.0]), np.array([2.0, 2.0, 5.0]))
    array([0.5, 0.5, 3. ])
    """
    groups = tied(w)
    if np.count_nonzero(groups) == w.size:
        return np.array(w_bar)
    count = np.sum(groups, axis=-1)
    return np.sum(np.where(groups, np.expand_dims(w_bar, -2), 0), axis=-1) / count


@like(0)
def apart(v: Any, w: Any, w_bar: Any, name: str) -> Any:
    """The vectors of values that have this cotangent, by which those are differentiated.

    Second derivatives go through them.  Where values that count are equal these also depend on how
    the cotangent changes with the values, which nobody knows here.  Where the vectors serve for
    tangents, of which nobody knows yet what counts, `w_bar` is None, and their own cotangent tells.
    """
    return np.array(v)


@derivative(of=apart, wrt=("v", "w", "w_bar"))
def apart_back(v, w, w_bar, name):
    def pullback(v_bar):
        counts = np.any(v_bar != 0, axis=-2) if w_bar is None else np.asarray(w_bar) != 0
        if np.any(beside(tied(w)) & np.expand_dims(counts, -1)):
            raise unsupported(f"second derivatives of equal values of {name} are not known",
                              "call a function of the matrix, such as np.trace, np.linalg.det, "
                              "matrix_power or scipy.linalg.expm, or move the values apart")
        return v_bar, None, None

    return np.array(v), pullback


def beside(groups: Any) -> Any:
    """Which values are equal to which others."""
    return groups & ~np.eye(groups.shape[-1], dtype=bool)


@like(0)
def rotations(turn: Any, w: Any, w_bar: Any, name: str) -> Any:
    """How much each pair of vectors turns the result, over the difference of their values.

    `turn` is the vectors' adjoint times the cotangent of the vectors.  Of equal values only the
    vectors' space has a derivative: a result may not change as they turn among themselves.
    """
    groups, odd = tied(w), (turn - adjoint(turn)) / 2
    apart = np.expand_dims(w, -2) - np.expand_dims(w, -1)
    if np.count_nonzero(groups) > w.size:
        judge(groups, turn, w_bar, name)
    return np.where(groups, 0, odd) / np.where(groups, 1, apart)


def least(turn: Any) -> Any:
    """What counts as 0 in a matrix that comes out of sums of products."""
    size = np.max(np.abs(turn), axis=(-2, -1), keepdims=True, initial=0.0)
    return size * np.sqrt(np.finfo(turn.dtype).eps)


def judge(groups: Any, turn: Any, w_bar: Any, name: str) -> None:
    """Refuse, or warn of, cotangents of vectors that belong to equal values."""
    others = beside(groups)
    if np.any(others & (np.abs(turn - adjoint(turn)) > least(turn))):
        raise arbitrary(name)
    if np.any(others & (np.abs(turn + adjoint(turn)) > least(turn))):
        refuse_both(others, w_bar, name)
        warnings.warn(f"{name} gives equal values: the derivative is that of a result which "
                      "depends on the space of their vectors, and not on the values", stacklevel=2)


def refuse_both(others: Any, w_bar: Any, name: str) -> None:
    """Refuse a result that depends on equal values and on vectors, as a function of matrices."""
    if w_bar is not None and np.any(others & (np.expand_dims(w_bar, -1) != 0)):
        raise unsupported(f"{name} gives equal values, and the result depends on them and on "
                          "their vectors; its derivative cannot be told from theirs",
                          "call a function of the matrix, such as scipy.linalg.sqrtm, expm or "
                          "np.linalg.matrix_power, or move the values apart")


def refuse_uneven(w: Any, w_bar: Any, name: str) -> None:
    """The same where all of the vectors' cotangent cancels: equal values then count unevenly."""
    if w_bar is not None:
        uneven = np.abs(np.expand_dims(w_bar, -1) - np.expand_dims(w_bar, -2))
        refuse_both(beside(tied(w)) & (uneven > least(uneven)), w_bar + 1.0, name)


def arbitrary(name: str) -> Exception:
    """The refusal of a result that depends on the choice of vectors."""
    return unsupported(f"the result depends on vectors of {name} that belong to equal values, "
                       "or to values that are 0, and are arbitrary", "use only the space that they "
                       "span, as in `v @ v.T`, or move the values apart")


@like(0)
def parted(turn: Any, w: Any, w_bar: Any, name: str, condition: Any = 1.0) -> Any:
    """Quotients by the differences of the eigenvalues of any matrix, 0 on the diagonal.

    What `v @ f(w) @ inv(v)` asks of the vectors of equal values cancels, so that nothing shows it.
    """
    groups = tied(w, condition)
    if np.count_nonzero(groups) > w.size:
        others = beside(groups)
        if np.any(others & (np.abs(turn) > least(turn))):
            raise arbitrary(name)
        refuse_both(others, w_bar, name)
    apart = np.expand_dims(w, -2) - np.expand_dims(w, -1)
    return np.where(groups, 0, turn) / np.where(groups, 1, apart)


@like(0)
def refuse_vanishing(g: Any, divisor: Any, s: Any, name: str) -> Any:
    """`g / divisor`, where what belongs to a singular value of 0 has to be 0 itself."""
    size = np.max(s, axis=-1, keepdims=True, initial=0.0)[..., None]
    zero = np.broadcast_to(divisor <= 32 * np.finfo(s.dtype).eps * size, g.shape)
    if np.any(zero & (np.abs(g) > least(g))):
        raise arbitrary(name)
    return np.where(zero, 0, g) / np.where(zero, 1, divisor)
