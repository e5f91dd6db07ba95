"""What `scipy.spatial.distance` calls in C and C++: distances of all pairs, and square forms.

`cdist` and `pdist` are SciPy's own Python, which is differentiated.  The slopes of a distance are
taken pair by pair; where points are equal, or a divisor is 0, they are 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.spatial import distance

from s2sdiff.registry import derivative
from s2sdiff.rules.norms import vector_norm_back
from s2sdiff.rules.shared import compiled, refuse_out, unsupported
from s2sdiff.rules.slopes_of_distances import METRICS, by_power, chebyshev, mahalanobis
from s2sdiff.runtime import scaled
from s2sdiff.runtime.later import Later

__all__: list[str] = []

_pairs: Any = getattr(distance, "_distance_pybind", None)
_wraps: Any = getattr(distance, "_distance_wrap", None)
_hausdorff: Any = compiled("scipy.spatial._hausdorff")


def between_back(slopes: Any, bar: Any, x: Any, y: Any, length: Any, option: Any) -> tuple:
    """The cotangents of two sets of points, and of the option, for that of all their distances."""
    left, right, of_option = slopes(np.expand_dims(x, 1), np.expand_dims(y, 0),
                                    np.expand_dims(length, -1), option)
    g = np.expand_dims(bar, -1)
    return (np.sum(scaled(g, left), axis=1), np.sum(scaled(g, right), axis=0),
            None if of_option is None else of_option(bar))


def among_back(slopes: Any, bar: Any, x: Any, length: Any, option: Any) -> tuple:
    """The cotangents of points, and of the option, for that of the distances of all pairs."""
    i, j = np.triu_indices(len(x), 1)
    left, right, of_option = slopes(x[i], x[j], np.expand_dims(length, -1), option)
    g = np.expand_dims(bar, -1)
    share = scaled(g, left)
    x_bar = np.zeros(x.shape, share.dtype)
    np.add.at(x_bar, i, share)
    np.add.at(x_bar, j, scaled(g, right))
    return x_bar, None if of_option is None else of_option(bar)


def register(metric: str) -> None:
    """Register the rules of `cdist_METRIC` and `pdist_METRIC`, which return the distances."""
    between, among = getattr(_pairs, f"cdist_{metric}"), getattr(_pairs, f"pdist_{metric}")
    slopes = METRICS[metric]

    @derivative(of=between, wrt=("x", "y", "w", "options"))
    def cdist(x, y, w=None, out=None, **options):
        if out is not None:
            refuse_out("cdist")
        value, option = between(x, y, w=w, **options), (w, options.get("p", 2.0))

        def pullback(bar):
            left, right = np.asarray(x), np.asarray(y)
            pair = np.expand_dims(left, 1), np.expand_dims(right, 0), np.expand_dims(value, -1)
            return (*between_back(slopes, bar, left, right, value, option),
                    Later({"p": lambda: np.sum(bar * by_power(*pair, option))}))

        return value, pullback

    @derivative(of=among, wrt=("x", "w", "options"))
    def pdist(x, w=None, out=None, **options):
        if out is not None:
            refuse_out("pdist")
        value, option = among(x, w=w, **options), (w, options.get("p", 2.0))

        def pullback(bar):
            points = np.asarray(x)
            i, j = np.triu_indices(len(points), 1)
            pair = points[i], points[j], np.expand_dims(value, -1)
            return (*among_back(slopes, bar, points, value, option),
                    Later({"p": lambda: np.sum(bar * by_power(*pair, option))}))

        return value, pullback


def register_counting(metric: str) -> None:
    """Register the rules of distances that count unequal places: constant nearly everywhere."""
    between, among = getattr(_pairs, f"cdist_{metric}"), getattr(_pairs, f"pdist_{metric}")

    def check(w: Any, out: Any, name: str) -> None:
        if out is not None:
            refuse_out(name)
        if w is not None:  # counts are smooth in their weights
            raise unsupported(f"the metric {metric!r} with weights has no derivative here",
                              "leave the weights out, or write the quotient of sums")

    @derivative(of=between, wrt=("x", "y"))
    def cdist(x, y, w=None, out=None):
        check(w, out, "cdist")
        return between(x, y), lambda _: (None, None)

    @derivative(of=among, wrt="x")
    def pdist(x, w=None, out=None):
        check(w, out, "pdist")
        return among(x), lambda _: None


def register_filling(metric: str, option: str | None) -> None:
    """Register the rules of the functions that fill an array with the distances."""
    between = getattr(_wraps, f"cdist_{metric}_double_wrap")
    among = getattr(_wraps, f"pdist_{metric}_double_wrap")
    slopes = METRICS[metric]

    def emptied(dm_bar: Any) -> Any:
        bar = np.array(dm_bar)
        dm_bar[...] = 0
        return bar

    def cdist(XA: Any, XB: Any, dm: Any, given: Any, **options: Any) -> Any:
        between(XA, XB, dm, **options)
        points, others, value = np.array(XA), np.array(XB), np.array(dm)

        def pullback(_: Any, dm_bar: Any) -> Any:
            left, right, rest = between_back(
                slopes, emptied(dm_bar), points, others, value, given)
            return left, right, None, rest

        return None, pullback

    def pdist(X: Any, dm: Any, given: Any, **options: Any) -> Any:
        among(X, dm, **options)
        points, value = np.array(X), np.array(dm)

        def pullback(_: Any, dm_bar: Any) -> Any:
            left, rest = among_back(slopes, emptied(dm_bar), points, value, given)
            return left, None, rest

        return None, pullback

    of_two, of_one = with_option(cdist, pdist, option)
    derivative(of=between, writes="dm")(of_two)
    derivative(of=among, writes="dm")(of_one)


def with_option(cdist: Any, pdist: Any, option: str | None) -> tuple[Callable, Callable]:
    """The two rules with a last parameter of the name that SciPy gives it."""
    if option == "VI":
        return (lambda XA, XB, dm, VI: cdist(XA, XB, dm, np.array(VI), VI=VI),
                lambda X, dm, VI: pdist(X, dm, np.array(VI), VI=VI))
    if option == "V":
        return (lambda XA, XB, dm, V: cdist(XA, XB, dm, np.array(V), V=V),
                lambda X, dm, V: pdist(X, dm, np.array(V), V=V))

    def of_two(XA: Any, XB: Any, dm: Any) -> Any:
        value, pullback = cdist(XA, XB, dm, None)
        return value, lambda bar, dm_bar: pullback(bar, dm_bar)[:3]

    def of_one(X: Any, dm: Any) -> Any:
        value, pullback = pdist(X, dm, None)
        return value, lambda bar, dm_bar: pullback(bar, dm_bar)[:2]

    return of_two, of_one


for _metric in ("euclidean", "sqeuclidean", "cityblock", "minkowski", "chebyshev", "canberra",
                "braycurtis", "dice"):
    if hasattr(_pairs, f"cdist_{_metric}") and hasattr(_pairs, f"pdist_{_metric}"):
        register(_metric)

for _metric, _option in (("cosine", None), ("jensenshannon", None), ("mahalanobis", "VI"),
                         ("seuclidean", "V")):
    if hasattr(_wraps, f"cdist_{_metric}_double_wrap"):
        register_filling(_metric, _option)

for _name in ("hamming", "jaccard", "rogerstanimoto", "russellrao", "sokalsneath", "yule"):
    if hasattr(_pairs, f"cdist_{_name}") and hasattr(_pairs, f"pdist_{_name}"):
        register_counting(_name)


@derivative(of=distance.chebyshev, wrt=("u", "v"))
def chebyshev_of_two(u, v, w: Any = None):
    length = distance.chebyshev(u, v, w)

    def pullback(bar):
        left, right, _ = chebyshev(np.asarray(u), np.asarray(v), length, (w, None))
        return bar * left, bar * right

    return length, pullback


@derivative(of=distance.mahalanobis, wrt=("u", "v", "VI"))
def mahalanobis_of_two(u, v, VI):
    length = distance.mahalanobis(u, v, VI)

    def pullback(bar):
        left, right, of_matrix = mahalanobis(np.asarray(u), np.asarray(v), length,
                                             1.0 * np.atleast_2d(VI))
        return scaled(bar, left), scaled(bar, right), np.reshape(of_matrix(bar), np.shape(VI))

    return length, pullback


if hasattr(_wraps, "to_squareform_from_vector_wrap"):

    @derivative(of=_wraps.to_squareform_from_vector_wrap, writes="M")
    def to_squareform(M, v):
        _wraps.to_squareform_from_vector_wrap(M, v)
        i, j = np.triu_indices(len(M), 1)

        def pullback(_, M_bar):
            v_bar = M_bar[i, j] + M_bar[j, i]
            M_bar[i, j] = 0
            M_bar[j, i] = 0
            return None, v_bar

        return None, pullback

    @derivative(of=_wraps.to_vector_from_squareform_wrap, writes="v")
    def to_vector(M, v):
        _wraps.to_vector_from_squareform_wrap(M, v)
        shape = np.shape(M)
        i, j = np.triu_indices(len(M), 1)

        def pullback(_, v_bar):
            M_bar = np.zeros(shape, v_bar.dtype)
            M_bar[i, j] = v_bar
            v_bar[...] = 0
            return M_bar, None

        return None, pullback


def directed_hausdorff(ar1, ar2, seed):
    """The distance of the pair that SciPy finds; where others are as far apart, of that one."""
    result = _hausdorff.directed_hausdorff(ar1, ar2, seed)
    length, i, j = result

    def pullback(result_bar):
        u_bar, v_bar = np.zeros_like(ar1), np.zeros_like(ar2)
        if result_bar[0] is not None and length:
            u_bar[i] = result_bar[0] * ((ar1[i] - ar2[j]) / length)
            v_bar[j] = -u_bar[i]
        return u_bar, v_bar

    return result, pullback


if hasattr(_hausdorff, "directed_hausdorff"):
    derivative(of=_hausdorff.directed_hausdorff, wrt=("ar1", "ar2"))(directed_hausdorff)


def query(self, x, k=1, eps=0, p: Any = 2.0, distance_upper_bound=np.inf, workers=1):
    """Distances from fixed points; where the points move, there is `standins_neighbours`."""
    result = _tree.query(self, x, k, eps, p, distance_upper_bound, workers)
    _, places = result

    def pullback(result_bar):
        if result_bar[0] is None:
            return None, None, None, None, NotImplemented, None, None
        there, several = places < self.n, np.ndim(places) == np.ndim(x)
        at = np.expand_dims(np.asarray(x, float), -2) if several else np.asarray(x, float)
        ways = at - self.data[np.where(there, places, 0)]
        one = np.ones((*np.shape(places), 1))
        slopes = vector_norm_back(one, ways, p, (ways.ndim - 1,))
        share = np.expand_dims(np.where(there, result_bar[0], 0.0), -1) * slopes
        x_bar = np.sum(share, axis=-2) if several else share
        return None, x_bar, None, None, NotImplemented, None, None

    return result, pullback


query.__s2sdiff_any__ = True  # type: ignore[attr-defined]
_tree: Any = getattr(compiled("scipy.spatial._ckdtree"), "cKDTree", None)
if _tree is not None:
    derivative(of=_tree.query)(query)
