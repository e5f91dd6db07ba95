"""Nearest points and convex hulls against differences and closed forms."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.whole import check_both

spatial = pytest.importorskip("scipy.spatial")

POINTS = np.array([[0.1, 0.3], [1.2, -0.4], [0.5, 1.7], [-0.9, 0.8], [0.4, 0.6], [1.1, 1.0]])
AT = np.array([[0.2, 0.9], [0.93, 0.08], [-0.35, 1.48]])
CORNERS = np.sin(np.arange(36.0) ** 2).reshape(12, 3)


def filled(lengths):
    """Where there are fewer points than asked for, the distance is infinite."""
    return np.where(np.isfinite(lengths), lengths, 0.0)


NEAREST = {
    "one": lambda tree, x: tree.query(x)[0],
    "several": lambda tree, x: tree.query(x, k=2)[0],
    "some of several": lambda tree, x: tree.query(x, k=[1, 3])[0],
    "more than there are": lambda tree, x: filled(tree.query(x, k=8)[0]),
    "within a bound": lambda tree, x: filled(tree.query(x, distance_upper_bound=0.5)[0]),
    "a place alone": lambda tree, x: tree.query(x[0])[0],
    "a grid of places": lambda tree, x: tree.query(np.reshape(x, (1, 3, 2)), k=2)[0],
    "by sums": lambda tree, x: tree.query(x, p=1)[0],
    "by maxima": lambda tree, x: tree.query(x, k=2, p=np.inf)[0],
    "by powers": lambda tree, x: tree.query(x, p=3)[0],
}


@pytest.mark.parametrize("made", [spatial.KDTree, spatial.cKDTree])
@pytest.mark.parametrize("way", NEAREST)
def test_distances_of_the_nearest_points_move_with_both(way, made):
    fixed = made(POINTS)
    check_both(lambda p, x: NEAREST[way](made(p), x), POINTS, AT)
    check_both(lambda p: NEAREST[way](made(p), AT), POINTS)
    check_both(lambda x: NEAREST[way](fixed, x), AT)


def test_numbers_of_near_points_are_constant():
    def gathered(p, x):
        tree = spatial.KDTree(p)
        near = tree.query_ball_point(x, 1.0)
        total = tree.n * np.sum(p[tree.query(x)[1]] * x)
        for places in near:
            total = total + np.sum(p[places])
        for i, j in sorted(tree.query_pairs(1.0)):
            total = total + np.sum((p[i] - tree.data[j]) ** 2)
        return total

    check_both(gathered, POINTS, AT)


def test_a_point_on_a_place_has_the_slope_zero():
    at = POINTS[:1].copy()
    fixed = spatial.cKDTree(POINTS)
    assert not np.any(sd.grad(lambda x: np.sum(fixed.query(x)[0]))(at))
    assert not np.any(sd.grad(lambda p: np.sum(spatial.KDTree(p).query(at)[0]))(POINTS))


@pytest.mark.parametrize("dimensions", [2, 3])
def test_measures_of_a_hull_move_with_its_points(dimensions):
    def measures(points):
        hull = spatial.ConvexHull(points)
        return hull.volume * 2.0 + np.sin(hull.area) + np.sum(points[hull.vertices] ** 2)

    points = CORNERS[:, :dimensions].copy()
    check_both(measures, points)
    # The volume is homogeneous of the degree of its dimensions, the area of one less.
    for name, degree in (("volume", dimensions), ("area", dimensions - 1)):
        slope = sd.grad(lambda x, name=name: getattr(spatial.ConvexHull(x), name))(points)
        np.testing.assert_allclose(
            np.sum(slope * points), degree * getattr(spatial.ConvexHull(points), name))


def test_the_equations_of_a_hull_are_refused():
    with pytest.raises(sd.UnsupportedError, match=r"equations.*Instead, make them"):
        sd.grad(lambda x: np.sum(spatial.ConvexHull(x).equations))(CORNERS)
