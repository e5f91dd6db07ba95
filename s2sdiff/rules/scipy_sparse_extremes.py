"""`scipy.sparse`: the greater or the less of two matrices; and formats that have no derivative."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from s2sdiff.rules.scipy_sparse import methods
from s2sdiff.rules.scipy_sparse_places import (
    at_places,
    complete,
    data_bar,
    frozen,
    kept,
    known,
    merged,
    ones,
    ordered,
    register,
    still,
    to_duplicates,
    unchanged,
)
from s2sdiff.rules.shared import unsupported
from s2sdiff.runtime.later import Later

__all__: list[str] = []


def chosen(method: Any, sign: float) -> Any:
    """`maximum` and `minimum`: ties share, and what is no element is zero."""
    def choose(self, other):
        if not sparse.issparse(other):
            raise unsupported("the greater or the less of a sparse matrix and what is not sparse "
                              "has no derivative here", "compute with arrays: np.maximum")
        one, two = merged(known(self)), merged(known(other))
        given = frozen(self), frozen(other)
        numbers = kept(self), kept(other)
        value = complete(method(one, two), ones(one) + ones(two))
        a = given[0] if one is self else one
        b = given[1] if two is other else two
        like = frozen(value)

        def share(bar, number, own, beside):
            unchanged(given[number], numbers[number])
            ahead = own.data - at_places(beside.data, beside, own)
            part = 0.5 + 0.5 * sign * np.sign(ahead)
            g = at_places(data_bar(bar, like), like, own)
            return to_duplicates(g * part, own, given[number])

        return value, lambda bar: Later({0: lambda: share(bar, 0, a, b),
                                         1: lambda: share(bar, 1, b, a)})

    return choose


def compared(method: Any) -> Any:
    """Comparisons: true or false, with no derivative, of matrices that stay in their order."""
    def compare(self, other):
        # Only csr and csc are put in order, and only beside a number; others are copied by SciPy.
        sorts = self.format in ("csr", "csc") and np.ndim(other) == 0
        one = ordered(known(self)) if sorts and not sparse.issparse(other) else still(self)
        value = method(one, still(other) if sparse.issparse(other) else other)
        return value, lambda bar: Later({0: lambda: None, 1: lambda: None})

    return compare


def refused(form: str) -> Any:
    def refuse(*args, **options):
        raise unsupported(f"a sparse matrix in the format {form} has no derivative",
                          "make it one in the format csr, csc, coo or dia")

    return refuse


for _name, _sign in (("maximum", 1.0), ("minimum", -1.0)):
    for _method in methods(_name):
        register(_method, chosen(_method, _sign))
for _name in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"):
    for _method in methods(_name):
        register(_method, compared(_method))
for _cls in (sparse.dok_matrix, sparse.dok_array):
    register(_cls, refused("dok"))
for _method in [*methods("todok"), *methods("tocoo", (sparse.dok_matrix, sparse.dok_array))]:
    register(_method, refused("dok"))
