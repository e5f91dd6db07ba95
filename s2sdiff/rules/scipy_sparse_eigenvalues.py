"""`scipy.sparse.linalg`: some of the eigenvalues and singular values of a sparse matrix.

A value that is alone moves by its vectors (J. R. Magnus, On Differentiating Eigenvalues and
Eigenvectors, 1985).  What a vector moves by is the solution of one system with the matrix bordered
by that vector, as sparse as the matrix, so that no other vectors need be known.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

from s2sdiff.registry import constant
from s2sdiff.rules.scipy_sparse_places import frozen, kept, of_data, places, register, unchanged
from s2sdiff.rules.shared import unsupported, untold

__all__: list[str] = []

#: How close values may be, in units of the greatest, for their vectors to have a derivative.
_APART = 1e-9


def matrix_of(name: str, a: Any) -> Any:
    """A matrix that has elements; an operator has none that are known."""
    if not (sparse.issparse(a) or isinstance(a, np.ndarray)):
        raise unsupported(f"{name} of an operator has no derivative here",
                          "give it a matrix, sparse or not")
    return frozen(a)


def of_elements(a: Any, x: Any, y: Any) -> Any:
    """The cotangent `x @ y.T` at the elements of a matrix; rows of x and y belong to its own."""
    if not sparse.issparse(a):
        found = x @ y.T
    else:
        rows, columns, counts = places(a)
        if counts is not None:
            rows, columns = np.where(counts, rows, 0), np.where(counts, columns, 0)
        found = np.zeros(np.shape(rows), np.result_type(x, y))
        for k in range(x.shape[1]):
            found += x[rows, k] * y[columns, k]
        found = found if counts is None else np.where(counts, found, 0)
    if not np.iscomplexobj(a if not sparse.issparse(a) else a.data):
        found = np.real(found)
    return of_data(found) if sparse.issparse(a) else found


def check_apart(name: str, w: Any) -> None:
    apart = np.abs(np.expand_dims(w, 0) - np.expand_dims(w, 1))
    near = np.where(np.eye(len(w), dtype=bool), np.inf, apart)
    if np.min(near, initial=np.inf) <= _APART * np.max(np.abs(w), initial=0.0):
        raise unsupported(f"{name} gives equal values, and the result depends on their vectors, "
                          "which are arbitrary", "call numpy.linalg.eigh, which knows them all, or "
                          "move the values apart")


def turned(name: str, a: Any, w: Any, v: Any, v_bar: Any) -> Any:
    """`(w I - A)^+ v_bar` of a Hermitian matrix for each of its vectors, by bordered systems."""
    check_apart(name, w)
    along = np.sum(np.conj(v) * np.conj(v_bar), axis=0)
    if np.max(np.abs(np.imag(along)), initial=0.0) > 1e-6 * max(
            np.max(np.abs(v_bar), initial=0.0), 1.0):
        raise unsupported(f"the result depends on the phases of the vectors of {name}, which are "
                          "arbitrary", "use them only where a phase cancels")
    n, found = len(v), []
    for value, x, g in zip(w, v.T, np.conj(v_bar).T, strict=True):
        bordered = sparse.block_array([
            [value * sparse.eye_array(n) - a, x[:, None]], [np.conj(x)[None, :], None]])
        right = np.append(g - x * (np.conj(x) @ g), 0.0).astype(bordered.dtype)
        found.append(bordered_solution(name, sparse.csc_array(bordered), right)[:n])
    return np.stack(found, axis=1)


def bordered_solution(name: str, bordered: Any, right: Any) -> Any:
    try:
        y = linalg.splu(bordered).solve(right)
    except RuntimeError:  # exactly singular
        y = np.full_like(right, np.nan)
    if not np.all(np.isfinite(y)):
        raise unsupported(f"a vector of {name} whose value comes twice has no derivative",
                          "move the values apart")
    return y


# ----------------------------------------------------------------------------------- Hermitian


def hermitian_back(name: str, a: Any, found: tuple, bars: tuple, weight: Any = None) -> tuple:
    """The cotangents of a Hermitian matrix and of the one that weighs, by values and vectors."""
    (w, v), (w_bar, v_bar) = found, bars
    left = np.conj(v) * (0.0 if w_bar is None else w_bar)
    if v_bar is not None and np.any(v_bar):
        if weight is not None:
            raise unsupported(f"vectors of {name} with M have no derivative here",
                              "compute with the values, or call scipy.linalg.eigh")
        left = left + np.conj(turned(name, a, w, v, v_bar))
    a_bar = of_elements(a, left, v)
    # Where the search begins, and near what, counts for nothing.
    return a_bar, None if weight is None else of_elements(weight, -left * w, v), None, None


def in_order(found: tuple, values: Any, real: bool) -> tuple:
    """Values and vectors in the order of values that ARPACK gave without their vectors.

    Each is taken once, as equal ones have vectors of their own.  Of the two of a real matrix that
    are each other's conjugates, the other may have come.
    """
    w, v = found
    ways = [(w, v)] + ([(np.conj(w), np.conj(v))] if real else [])
    left, numbers, vectors = list(range(len(w))), [], []
    for value in values:
        _, at, way = min((abs(ways[way][0][i] - value), i, way)
                         for i in left for way in range(len(ways)))
        left.remove(at)
        numbers.append(ways[way][0][at])
        vectors.append(ways[way][1][:, at])
    if np.max(np.abs(np.array(numbers) - values)) > 1e-5 * np.max(np.abs(values)):
        raise unsupported("ARPACK found other values when it was asked for their vectors",
                          "ask for the vectors in the call")
    return np.array(numbers), np.stack(vectors, axis=1)


def vectors_too(find: Any, values: Any, real: bool) -> tuple:
    """Values with their vectors, which nobody had asked for; it has no derivative."""
    return in_order(find(True), values, real)


def some_values(a: Any, find: Any, back: Any, with_vectors: bool) -> tuple:
    """The rule of a function that finds values, and their vectors if it is asked to."""
    number = kept(a) if sparse.issparse(a) else None
    found = find(with_vectors)
    first = tuple(x.copy() for x in found) if with_vectors else found.copy()
    real = not np.iscomplexobj(a)

    def pullback(bar):
        if sparse.issparse(a):
            unchanged(a, number)
        if with_vectors:
            return back(first, bar)
        return back(vectors_too(find, first, real), (bar, None))

    return found, pullback


def eigsh(A, k=6, M=None, sigma=None, which="LM", v0=None, ncv=None, maxiter=None, tol=0,
          return_eigenvectors=True, Minv=None, OPinv=None, mode="normal", **options):
    a = matrix_of("eigsh", A)
    weight = None if M is None else matrix_of("eigsh", M)

    def find(with_vectors):
        return linalg.eigsh(a, k, weight, sigma, which, v0, ncv, maxiter, tol, with_vectors, Minv,
                            OPinv, mode, **options)

    return some_values(a, find, lambda found, bars: hermitian_back(
        "eigsh", a, found, bars, weight), return_eigenvectors)


def lobpcg(A, X, B=None, M=None, Y=None, tol=None, maxiter=None, largest=True, verbosityLevel=0,
           retLambdaHistory=False, retResidualNormsHistory=False, restartControl=20):
    if retLambdaHistory or retResidualNormsHistory:
        raise unsupported("lobpcg with a history has no derivative here", "leave the history out")
    a = matrix_of("lobpcg", A)
    weight = None if B is None else matrix_of("lobpcg", B)
    w, v = linalg.lobpcg(A, X, B, M, Y, tol, maxiter, largest, verbosityLevel)
    w_first, v_first = w.copy(), v.copy()

    def pullback(bar):
        return hermitian_back("lobpcg", a, (w_first, v_first), bar, weight)

    return (w, v), pullback


# ------------------------------------------------------------------------------------- general


def left_vectors(a: Any, w: Any, v: Any) -> Any:
    """The vectors of the transpose, times their vectors 1: by inverse iteration, two steps each."""
    n, found = len(v), []
    a = sparse.csc_array(a)
    size = np.max(np.abs(w), initial=0.0)
    for value, x in zip(w, v.T, strict=True):
        near = value + 1e-10 * (size or 1.0)
        factors = linalg.splu(sparse.csc_array(a.T - near * sparse.eye_array(n)).astype(complex))
        u = np.conj(x).astype(complex)
        for _ in range(3):
            u = factors.solve(u)
            u = u / np.linalg.norm(u)
        through = u @ x
        if abs(through) < 1e-8:
            raise unsupported("eigs gives a value that comes twice, and has no derivative there",
                              "move the values apart")
        found.append(u / through)
    return np.stack(found, axis=1)


def general_back(a: Any, found: tuple, bars: tuple) -> Any:
    (w, v), (w_bar, v_bar) = found, bars
    if v_bar is not None and np.any(v_bar):
        raise unsupported("the result depends on the lengths and phases of the vectors of eigs, "
                          "which are arbitrary",
                          "compute with the values, or call numpy.linalg.eig")
    left = left_vectors(a, w, v)
    return of_elements(a, left * (0.0 if w_bar is None else w_bar), v), None, None


@untold(1)
def eigs(A, k=6, M=None, sigma=None, which="LM", v0=None, ncv=None, maxiter=None, tol=0,
         return_eigenvectors=True, **options):
    a = matrix_of("eigs", A)
    if M is not None:
        raise unsupported("eigs with M has no derivative here", "call scipy.linalg.eigvals")

    def find(with_vectors):
        return linalg.eigs(a, k, None, sigma, which, v0, ncv, maxiter, tol, with_vectors,
                           **options)

    return some_values(a, find, lambda found, bars: general_back(a, found, bars),
                       return_eigenvectors)


# ---------------------------------------------------------------------------------- singular


def svds(A, k=6, ncv=None, tol=0, which="LM", v0=None, maxiter=None, return_singular_vectors=True,
         solver="arpack", **options):
    a = matrix_of("svds", A)
    if return_singular_vectors not in (True, False):
        raise unsupported(f"svds with return_singular_vectors={return_singular_vectors!r} has no "
                          "derivative here", "pass True")
    rest = (ncv, tol, which, v0, maxiter)
    found: Any = linalg.svds(A, k, *rest, True, solver, **options)
    u, s, vh = found
    first = u.copy(), s.copy(), np.conj(vh.T)
    value = (u, s, vh) if return_singular_vectors else linalg.svds(
        A, k, *rest, False, solver, **options)

    def pullback(bar):
        u_bar, s_bar, vh_bar = bar if return_singular_vectors else (None, bar, None)
        u_, s_, v_ = first
        left = np.conj(u_) * (0.0 if s_bar is None else s_bar)
        a_bar = of_elements(a, left, v_)
        if not any(g is not None and np.any(g) for g in (u_bar, vh_bar)):
            return a_bar, None
        # The vectors of [[0, A], [A*, 0]] are both, over the root of 2.
        g = np.concatenate([np.zeros(u_.shape) if u_bar is None else u_bar,
                            np.zeros(v_.shape) if vh_bar is None else np.conj(vh_bar.T)])
        both = sparse.block_array([[None, a], [np.conj(a.T), None]], format="csc")
        y = turned("svds", both, s_, np.concatenate([u_, v_]) / np.sqrt(2.0), g * np.sqrt(2.0))
        m = len(u_)
        high, low = y[:m], y[m:]
        more = of_elements(a, np.conj(high), v_), of_elements(a, np.conj(u_), low)
        if not sparse.issparse(a):
            return a_bar + (more[0] + more[1]) / np.sqrt(2.0), None
        total = a_bar["data"] + (more[0]["data"] + more[1]["data"]) / np.sqrt(2.0)
        return of_data(total), None

    return value, pullback


constant(vectors_too)
register(linalg.eigsh, eigsh, ("A", "M", "sigma", "v0"))
register(linalg.lobpcg, lobpcg, ("A", "B", "X", "M"))
register(linalg.eigs, eigs, ("A", "sigma", "v0"))
register(linalg.svds, svds, ("A", "v0"))
