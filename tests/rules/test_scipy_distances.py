"""SciPy's distances against finite differences: of two points, of all pairs, with weights."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.right_or_refused import check_modes
from tests.rules.checker import check_rule, draw

distance = pytest.importorskip("scipy.spatial.distance")

X, Y = draw((4, 3), 0.2, 1.0, 1), draw((5, 3), 0.2, 1.0, 2)
W = np.array([0.5, 1.5, 0.7])
WEIGHTED = ["euclidean", "sqeuclidean", "cityblock", "minkowski", "chebyshev", "canberra",
            "braycurtis"]
ALL = [*WEIGHTED, "dice", "cosine", "correlation", "jensenshannon", "seuclidean"]


@pytest.mark.parametrize("metric", ALL)
def test_distances_of_all_pairs_agree_with_differences(metric):
    check_modes(lambda x, y: distance.cdist(x, y, metric), (X, Y))
    check_modes(lambda x: distance.pdist(x, metric), (X,))


@pytest.mark.parametrize("metric", WEIGHTED)
def test_distances_of_all_pairs_have_derivatives_in_points_and_weights(metric):
    between = getattr(distance._distance_pybind, f"cdist_{metric}")
    among = getattr(distance._distance_pybind, f"pdist_{metric}")
    wrt = ("x",) if metric == "chebyshev" else ("x", "w")
    for signs in (1.0, np.array([1.0, -1.0, 1.0])):
        for p in ({"p": 3.0}, {"p": 1.5}) if metric == "minkowski" else ({},):
            check_rule(between, X * signs, Y, wrt=("y", *wrt), kwargs={"w": W, **p})
            check_rule(among, X * signs, wrt=wrt, kwargs={"w": W, **p})


@pytest.mark.parametrize("metric", WEIGHTED)
def test_slopes_of_distances_are_those_of_differences(metric):
    between = getattr(distance._distance_pybind, f"cdist_{metric}")
    among = getattr(distance._distance_pybind, f"pdist_{metric}")
    wrt = ("x",) if metric == "chebyshev" else ("x", "w")
    for options in ({}, {"p": 3.0}) if metric == "minkowski" else ({},):
        options = {"w": W, **options}
        asked = (*wrt, "p") if "p" in options else wrt
        check_rule(between, X, Y, wrt=("y", *asked), kwargs=options, forward=False, single=False)
        check_rule(among, X, wrt=asked, kwargs=options, forward=False, single=False)


def test_distances_that_are_not_read_have_no_share_of_what_is_not_finite():
    x = np.array([[0.0, 0.0], [0.0, 2.0], [3.0, -1.0]])  # the first has no angle
    for metric, options in (("cosine", {}), ("minkowski", {"p": 0.5})):
        with np.errstate(all="ignore"):
            found = sd.grad(lambda x, m=metric, o=options: distance.pdist(x, m, **o)[2])(x)
        np.testing.assert_array_equal(found[0], 0.0)
        np.testing.assert_allclose(found[1:], sd.grad(lambda x, m=metric, o=options: distance.pdist(
            x, m, **o)[0])(x[1:]), rtol=1e-14)


def test_minkowskis_distances_agree_with_differences_also_in_the_power():
    check_modes(lambda x, y: distance.cdist(x, y, "minkowski", p=3.0), (X, Y))
    check_modes(lambda x, w, p: distance.pdist(x, "minkowski", p=p, w=w), (X, W, 1.5))


def test_distances_by_a_matrix_and_by_variances_agree_with_differences():
    a = np.array([[2.0, 0.3, 0.1], [0.2, 1.0, 0.1], [0.0, 0.4, 1.5]])
    v = np.array([0.5, 1.0, 2.0])
    check_modes(lambda x, y, a: distance.cdist(x, y, "mahalanobis", VI=a), (X, Y, a))
    check_modes(lambda x, a: distance.pdist(x, "mahalanobis", VI=a), (X, a))
    check_modes(lambda x, y, v: distance.cdist(x, y, "seuclidean", V=v), (X, Y, v))
    check_modes(lambda x, v: distance.pdist(x, "seuclidean", V=v), (X, v))
    check_modes(lambda x: distance.pdist(x, "mahalanobis"), (draw((6, 2), 0.0, 1.0, 3),))


@pytest.mark.parametrize("name", [
    "euclidean", "sqeuclidean", "cityblock", "minkowski", "chebyshev", "canberra", "braycurtis",
    "cosine", "correlation", "jensenshannon"])
def test_distances_of_two_points_agree_with_differences(name):
    of = getattr(distance, name)
    sd.check_grads(lambda x, y: of(x, y), (X[0], Y[0]))
    if name != "jensenshannon":
        sd.check_grads(lambda x, y: of(x, y, w=W), (X[0], Y[0]))


def test_distances_of_two_points_by_a_matrix_agree_with_differences():
    a = np.array([[2.0, 0.3, 0.1], [0.2, 1.0, 0.1], [0.0, 0.4, 1.5]])
    sd.check_grads(lambda x, y, a: distance.mahalanobis(x, y, a), (X[0], Y[0], a))
    sd.check_grads(lambda x, y, v: distance.seuclidean(x, y, v), (X[0], Y[0], W))
    sd.check_grads(lambda x, y: distance.minkowski(x, y, 3), (X[0], Y[0]))
    sd.check_grads(lambda x, y: distance.jensenshannon(x, y, 2.0), (X[0], Y[0]))


def test_square_forms_agree_with_differences():
    check_modes(lambda v: distance.squareform(v), (draw((6,), 0.2, 1.0, 1),))
    square = distance.squareform(draw((6,), 0.2, 1.0, 1))
    check_modes(lambda v: distance.squareform(np.sin(distance.squareform(v))),
                   (distance.squareform(square),))


@pytest.mark.parametrize("metric", ["euclidean", "sqeuclidean", "cityblock", "minkowski",
                                    "chebyshev", "canberra", "braycurtis", "jensenshannon",
                                    "seuclidean"])
def test_equal_points_have_slope_zero(metric):
    options = {"V": np.ones(3)} if metric == "seuclidean" else {}
    x = np.ones((2, 3))
    found = sd.grad(lambda x: np.sum(distance.pdist(x, metric, **options)))(x)
    assert np.array_equal(found, np.zeros((2, 3)))
    found = sd.grad(lambda x: np.sum(distance.cdist(x, x, metric, **options)))(x)
    assert np.array_equal(found, np.zeros((2, 3)))


@pytest.mark.parametrize("name", ["euclidean", "cityblock", "minkowski", "chebyshev"])
def test_two_equal_points_have_slope_zero(name):
    found = sd.grad(lambda x: getattr(distance, name)(x, np.ones(3)))(np.ones(3))
    assert np.array_equal(found, np.zeros(3))


def test_equal_points_have_slope_zero_by_a_matrix():
    found = sd.grad(lambda x: distance.mahalanobis(x, X[0].copy(), np.eye(3)))(X[0])
    assert np.array_equal(found, np.zeros(3))


def test_distances_of_complex_points_agree_with_differences():
    x, y = X[0] + 1j * X[1], Y[0] - 0.3j * Y[1]
    for name in ("euclidean", "cityblock", "minkowski", "chebyshev"):
        sd.check_grads(lambda x, y, of=getattr(distance, name): of(x, y), (x, y))


@pytest.mark.parametrize("metric", ["dice", "hamming", "jaccard", "rogerstanimoto", "yule"])
def test_weights_of_distances_that_count_are_refused(metric):
    # As a count is smooth in them; np.sum((x != y) * w) / np.sum(w) for one.
    for f in (lambda w: np.sum(distance.cdist(X, Y, metric, w=w)),
              lambda w: np.sum(distance.pdist(X, metric, w=w))):
        with pytest.raises(sd.DifferentiationError, match=f"'{metric}' with weights.*Instead, "):
            sd.grad(f)(W)


def test_coordinates_equally_far_share_the_slope():
    x, y = np.array([[1.0, -2.0, 2.0]]), np.zeros((1, 3))
    found = sd.grad(lambda x: distance.cdist(x, y, "chebyshev")[0, 0])(x)
    assert np.array_equal(found, [[0.0, -0.5, 0.5]])
    assert np.array_equal(sd.grad(lambda x: distance.chebyshev(x, y[0]))(x[0]), [0.0, -0.5, 0.5])


def test_distances_that_count_have_slope_zero():
    found = sd.grad(lambda x: np.sum(distance.cdist(x, Y, "hamming")) + np.sum(x))(X)
    assert np.array_equal(found, np.ones((4, 3)))


def test_the_distance_of_a_distribution_from_itself_has_the_slope_zero():
    p = np.array([0.2, 0.5, 0.3])
    assert not np.any(sd.grad(distance.jensenshannon)(p, p.copy()))
    value, tangent = sd.jvp(distance.jensenshannon, (p, p.copy()), (np.ones(3), np.zeros(3)))
    assert (value, tangent) == (0.0, 0.0)


@pytest.mark.parametrize("options", [
    {}, {"base": 2.5}, {"axis": 1}, {"axis": -1, "keepdims": True}])
def test_the_distance_of_jensen_and_shannon_agrees_with_differences(options):
    p, q = np.array([[0.2, 0.5, 0.3], [0.7, 0.1, 0.2]]), np.array([[0.3, 0.3, 0.4]])
    check_rule(distance.jensenshannon, p, q if options else p[::-1] ** 2, kwargs=options,
               single=False)
    check_rule(distance.jensenshannon, p[0], p[1])


def test_the_distance_of_two_sets_is_that_of_the_pair_that_is_found():
    u, v = np.sin(np.arange(10.0)).reshape(5, 2), np.cos(np.arange(8.0)).reshape(4, 2)

    def apart(u, v):
        return distance.directed_hausdorff(u, v)[0] + 2.0 * distance.directed_hausdorff(v, u)[0]

    sd.check_grads(apart, (u, v))
    # Of equal sets the distance is 0, and so is its least slope.
    assert not np.any(sd.grad(lambda u: distance.directed_hausdorff(u, u.copy())[0])(u))


@pytest.mark.parametrize("inverse", [np.array([[True, True], [False, True]]),
                                     np.array([[200, 30], [30, 100]], np.uint8)],
                         ids=["bool", "uint8"])
def test_a_matrix_of_small_numbers_is_not_added_up_as_such(inverse):
    check_rule(distance.mahalanobis, np.array([0.3, 1.2]), np.array([-0.4, 0.5]), inverse,
               wrt=("u", "v"), forward=False)
