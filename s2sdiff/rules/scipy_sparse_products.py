"""`scipy.sparse`: products and sums of matrices, with arrays and with one another."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from s2sdiff.rules.scipy_sparse import CLASSES, methods
from s2sdiff.rules.scipy_sparse_places import (
    at_places,
    complete,
    data_bar,
    frozen,
    kept,
    known,
    matrix,
    of_data,
    ones,
    places,
    register,
    unchanged,
)
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime import unbroadcast
from s2sdiff.runtime.later import Later

__all__ = ["elements_of_product"]


def elements_of_product(a: Any, x: Any, y: Any) -> Any:
    """The elements of `x @ y.T` where a matrix has its own; vectors are single columns."""
    rows, columns, counts = places(a)
    if counts is not None:
        rows, columns = np.where(counts, rows, 0), np.where(counts, columns, 0)
    if np.ndim(x) == 1:
        found = x[rows] * y[columns]
    else:
        found = np.zeros(np.shape(rows), np.result_type(x, y))
        for k in range(np.shape(x)[1]):
            found += x[rows, k] * y[columns, k]
    return found if counts is None else np.where(counts, found, 0)


def with_data(a: Any, data: Any) -> Any:
    """A matrix with the same places and other elements."""
    made = a.copy()
    made.data = data
    return made


def times_array(value: Any, a: Any, b: Any) -> Any:
    number = kept(a)

    def pullback(bar):
        g, b_ = np.asarray(bar), np.asarray(b)
        return Later({0: lambda: of_data(elements_of_product(a, g, b_)),
                      1: lambda: unchanged(a, number).transpose() @ g})

    return value, pullback


def array_times(value: Any, a: Any, b: Any) -> Any:
    number = kept(a)

    def pullback(bar):
        g, b_ = np.asarray(bar).T, np.asarray(b).T
        return Later({0: lambda: of_data(elements_of_product(a, b_, g)),
                      1: lambda: (unchanged(a, number) @ g).T})

    return value, pullback


def times_sparse(value: Any, a: Any, b: Any) -> Any:
    value = complete(value, ones(a) @ ones(b))
    numbers, like = (kept(a), kept(b)), frozen(value)

    def pullback(bar):
        g = with_data(like, data_bar(bar, like)).tocsr()

        def of_a():
            made = (g @ unchanged(b, numbers[1]).transpose()).tocsr()
            return of_data(at_places(made.data, made, a))

        def of_b():
            made = (unchanged(a, numbers[0]).transpose() @ g).tocsr()
            return of_data(at_places(made.data, made, b))

        return Later({0: of_a, 1: of_b})

    return value, pullback


def scaled_by(value: Any, a: Any, s: Any, quotient: bool = False) -> Any:
    """A matrix times a number, or divided by it."""
    data, factor = a.data.copy(), 1.0 / s if quotient else s
    if value.data.shape != data.shape:
        raise unsupported("a sparse matrix changed its format when it was scaled",
                          "make it one in the format csr before")
    like = frozen(value)

    def pullback(bar):
        g = data_bar(bar, like)

        def of_number():
            total = np.sum(g * data)
            return np.reshape(-total * factor * factor if quotient else total, np.shape(s))[()]

        return Later({0: lambda: of_data(g * factor), 1: of_number})

    return value, pullback


def product(method: Any, other_side: bool = False, elementwise: bool = False) -> Any:
    def multiply(*args):
        a, b = known(args[0]), args[1]
        value = method(a, b)
        if value is NotImplemented:
            return value, lambda bar: Later({0: lambda: None, 1: lambda: None})
        a, b = frozen(a), frozen(b)
        if np.ndim(b) == 0 and not sparse.issparse(b):
            return scaled_by(value, a, b)
        if elementwise:
            return times_each(value, a, b)
        if sparse.issparse(b):
            return times_sparse(value, a, b)
        return (array_times if other_side else times_array)(value, a, b)

    return multiply


def times_each(value: Any, a: Any, b: Any) -> Any:
    if a.shape != np.shape(b) and sparse.issparse(b):
        raise unsupported("sparse matrices of different shapes have no derivative of their "
                          "elementwise product here", "multiply by diags(...)")
    if sparse.issparse(b):
        value = complete(value, ones(a).multiply(ones(b)))
        a_data, b_data, like = a.data.copy(), b.data.copy(), frozen(value)

        def pullback(bar):
            g = data_bar(bar, like)
            return Later({
                0: lambda: of_data(at_places(g, like, a) * at_places(b_data, b, a)),
                1: lambda: of_data(at_places(g, like, b) * at_places(a_data, a, b))})

        return value, pullback
    if not sparse.issparse(value) or value.shape != a.shape:
        raise unsupported("a sparse matrix times an array that makes it grow has no derivative "
                          "here", "compute with arrays")
    data, like = a.data.copy(), frozen(value)

    def pulled(bar):
        rows, columns, counts = places(a)
        g = at_places(data_bar(bar, like), like, a)
        if counts is not None:
            rows, columns = np.where(counts, rows, 0), np.where(counts, columns, 0)
        factors = np.broadcast_to(np.asarray(b), a.shape)

        def of_array():
            whole = np.zeros(a.shape, np.result_type(g, data))
            np.add.at(whole, (rows, columns), g * data)
            return unbroadcast(whole, np.shape(b))

        return Later({0: lambda: of_data(g * factors[rows, columns]), 1: of_array})

    return value, pulled


def quotient(method: Any) -> Any:
    def divide(*args):
        a, b = known(args[0]), args[1]
        value = method(a, b)
        if value is NotImplemented or sparse.issparse(b) or np.ndim(b) != 0:
            raise unsupported("a sparse matrix divided by a matrix has no derivative here",
                              "multiply by the reciprocal")
        return scaled_by(value, frozen(a), b, True)

    return divide


def added(method: Any, of_self: int, of_other: int) -> Any:
    """Sums and differences; the numbers are the signs of the two."""
    def add(*args):
        a, b = known(args[0]), args[1]
        value = method(a, b)
        if value is NotImplemented:
            return value, lambda bar: Later({0: lambda: None, 1: lambda: None})
        a, b = frozen(a), frozen(b)
        if not sparse.issparse(b):
            like = frozen(value)

            # What is added is an array, or zero.
            def to_array(bar):
                if sparse.issparse(like):
                    g = of_self * at_places(data_bar(bar, like), like, a)
                    return Later({0: lambda: of_data(g), 1: lambda: None})
                whole = np.asarray(bar)
                rows, columns, counts = places(a)
                if counts is not None:
                    rows, columns = np.where(counts, rows, 0), np.where(counts, columns, 0)
                g = of_self * whole[rows, columns]
                return Later({
                    0: lambda: of_data(g if counts is None else np.where(counts, g, 0)),
                    1: lambda: unbroadcast(of_other * whole, np.shape(b))})

            return value, to_array
        value = complete(value, ones(a) + ones(b))
        like = frozen(value)

        def pullback(bar):
            g = data_bar(bar, like)
            return Later({0: lambda: of_data(of_self * at_places(g, like, a)),
                          1: lambda: of_data(of_other * at_places(g, like, b))})

        return value, pullback

    return add


def negated(method: Any) -> Any:
    def negative(self):
        value = method(matrix(self))
        like = frozen(value)
        return value, lambda bar: of_data(-data_bar(bar, like))

    return negative


_MATRICES = tuple(cls for cls in CLASSES if cls.__name__.endswith("_matrix"))
_ARRAYS = tuple(cls for cls in CLASSES if cls.__name__.endswith("_array"))

for _method in methods("__matmul__") + methods("dot") + methods("__mul__", _MATRICES):
    register(_method, product(_method))
for _method in methods("__rmatmul__") + methods("__rmul__", _MATRICES):
    register(_method, product(_method, other_side=True))
for _method in dict.fromkeys([*methods("multiply"), *methods("__mul__", _ARRAYS),
                              *methods("__rmul__", _ARRAYS)]):
    register(_method, product(_method, elementwise=True))
for _method in methods("__truediv__"):
    register(_method, quotient(_method))
for _name, _signs in (("__add__", (1, 1)), ("__radd__", (1, 1)), ("__sub__", (1, -1)),
                      ("__rsub__", (-1, 1))):
    for _method in methods(_name):
        register(_method, added(_method, *_signs))
for _method in methods("__neg__"):
    register(_method, negated(_method), "self")
