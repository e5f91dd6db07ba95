"""Sparse Jacobians and Hessians as matrices of `scipy.sparse`."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff.api import grad
from s2sdiff.jacobians import Call, jacobian_by
from s2sdiff.sparse.linear_maps import map_of, sizes

__all__ = ["sparse_hessian", "sparse_jacobian", "sparsity_pattern"]


def sparse_jacobian(f: Callable[..., Any], wrt: Any = 0, sparsity: Any = None,
                    holomorphic: bool = False) -> Callable[..., Any]:
    """The Jacobian of `f` as a sparse matrix, in as few runs as its pattern allows.

    Columns that have no row in common are computed as one column (or rows as one row, where that
    takes fewer; a few dense rows or columns are computed each alone): a tridiagonal Jacobian of any
    size takes three products.  Products are computed together, as by `jacfwd`.  The pattern is that
    of the nonzero entries at the point; where it is not given, it is found anew at each call, in
    some `log2(columns)` times as many products.  The matrix is compared with the derivative along
    one random vector at each call.

    Parameters
    ----------
    f : callable
        It gives the same at each call; it is run many times.
    wrt : int, str or tuple of them
        Parameters by index or name; a tuple gives a tuple of matrices.
    sparsity : sparse matrix or array of shape (size of the result, size of the argument), optional
        Where entries may be nonzero: those stored in a sparse matrix, or nonzero in an array.  It
        may say too much.  It is coloured once, at the first call.  For a tuple in `wrt`, of all
        arguments side by side.  See `sparsity_pattern`.
    holomorphic : bool
        Say that complex arguments go in and a complex-differentiable result comes out.

    Returns
    -------
    callable
        Takes `f`'s arguments; gives a `scipy.sparse.csr_array` of the result's dtype, with one row
        for each float in the result and one column for each in the argument: arrays in the order
        of `ravel()`, tuples, lists and dicts one item after the other.  With `sparsity` it has
        those entries, zero or not; without, the nonzero ones.

    Raises
    ------
    ValueError
        `sparsity` is of another shape, or leaves out an entry that is not zero beside the others of
        its row; or `f` is another function at each call.
    TypeError
        An argument or a result is complex and `holomorphic` is not set, or has no derivative.
    ImportError
        SciPy is not installed.

    Notes
    -----
    Colouring: Curtis, Powell and Reid, "On the estimation of sparse Jacobian matrices", IMA J.
    Appl. Math. 13 (1974); the pattern: Gillis and Diehl, "Hierarchical seeding for efficient
    sparsity pattern recovery in automatic differentiation", SIAM CSC (2014).

    Examples
    --------
    >>> import numpy as np, s2sdiff as sd
    >>> jacobian = sd.sparse_jacobian(lambda u: u[1:] * u[:-1])
    >>> jacobian(np.array([1.0, 2.0, 3.0, 4.0])).toarray()
    array([[2., 1., 0., 0.],
           [0., 3., 2., 0.],
           [0., 0., 4., 3.]])
    """
    name = "sparse_jacobian"
    _needs_scipy(name)
    return jacobian_by(f, wrt, holomorphic, name, _way(sparsity, False, name))


def sparse_hessian(f: Callable[..., Any], wrt: Any = 0, sparsity: Any = None) -> Callable[..., Any]:
    """The second derivatives of a real result as a sparse matrix, which is exactly symmetric.

    Its columns are computed together where a star colouring says so, and so a Hessian with few
    dense rows takes few products, too.

    Parameters
    ----------
    f, wrt, sparsity : as for `sparse_jacobian`
        A tuple in `wrt` gives a tuple of tuples of blocks.  A `sparsity` of one triangle will do.

    Returns
    -------
    callable
        As for `sparse_jacobian`, which see for errors, too.

    Notes
    -----
    Star colouring: Gebremedhin, Manne and Pothen, "What color is your Jacobian?", SIAM Review 47
    (2005).

    Examples
    --------
    >>> import numpy as np, s2sdiff as sd
    >>> hessian = sd.sparse_hessian(lambda x: np.sum(x[1:] * x[:-1] ** 2))
    >>> hessian(np.array([1.0, 2.0, 3.0])).toarray()
    array([[4., 2., 0.],
           [2., 6., 4.],
           [0., 4., 0.]])
    """
    name = "sparse_hessian"
    _needs_scipy(name)
    return jacobian_by(grad(f, wrt), wrt, False, name, _way(sparsity, True, name))


def sparsity_pattern(f: Callable[..., Any], wrt: Any = 0,
                     holomorphic: bool = False) -> Callable[..., Any]:
    """Where the Jacobian of `f` is not zero at a point, to be given as `sparsity`.

    Other entries may be zero at other points.  So where it is used again, take it at a point of no
    particular values, or add those of several points; that of a Hessian is
    `sparsity_pattern(grad(f))`.  `sparse_jacobian` refuses one that leaves out too much.

    Parameters
    ----------
    f, wrt, holomorphic : as for `sparse_jacobian`

    Returns
    -------
    callable
        Takes `f`'s arguments; gives a `scipy.sparse.csr_array` of bools.

    Examples
    --------
    >>> import numpy as np, s2sdiff as sd
    >>> def f(u):
    ...     return u * u
    >>> sd.sparsity_pattern(f)(np.array([0.0, 2.0])).toarray()
    array([[False, False],
           [False,  True]])
    >>> pattern = sd.sparsity_pattern(f)(np.array([0.5, 0.6]))
    >>> sd.sparse_jacobian(f, sparsity=pattern)(np.array([0.0, 2.0])).nnz
    2
    """
    name = "sparsity_pattern"
    _needs_scipy(name)

    def way(call: Call, holomorphic: bool, name: str) -> Any:
        from s2sdiff.sparse.verified import found, marks

        return marks(found(map_of(call, holomorphic, name, False), name))

    return jacobian_by(f, wrt, holomorphic, name, way)


def _way(sparsity: Any, symmetric: bool, name: str) -> Callable[..., Any]:
    """How the matrix of a call is made; a given pattern is looked at here, once."""
    from s2sdiff.sparse.compressed import pattern_from, planner
    from s2sdiff.sparse.verified import filled, found

    if sparsity is None:
        matrix_of: Any = functools.partial(found, name=name)
    else:
        given = pattern_from(sparsity, symmetric, name)
        matrix_of = functools.partial(filled, shape=given.shape, plan=planner(given, symmetric),
                                      name=name)

    def way(call: Call, holomorphic: bool, name: str) -> Any:
        matrix = matrix_of(map_of(call, holomorphic, name, symmetric))
        if call.alone:
            return matrix
        cuts = np.cumsum([0, *sizes(call.point)]).tolist()
        spans = [slice(a, b) for a, b in itertools.pairwise(cuts)]
        if symmetric:
            return tuple([tuple([matrix[a, b] for b in spans]) for a in spans])
        return tuple([matrix[:, b] for b in spans])

    return way


def _needs_scipy(name: str) -> None:
    """SciPy is no requirement of the package; the modules behind these functions import it."""
    try:
        import scipy.sparse  # noqa: F401
    except ImportError as error:
        raise ImportError(f"{name} gives a matrix of scipy.sparse, and SciPy is not installed. "
                          "Instead, install it (pip install s2sdiff[sparse]), or use sd.jacobian "
                          "or sd.hessian.") from error
