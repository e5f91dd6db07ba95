"""What rules refuse that few calls meet, and what they give where nothing is left to give."""

from collections import deque

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry
from s2sdiff.errors import UnsupportedError
from tests.rules.checker import check_rule
from tests.rules.test_helpers_of_rules import helper

distance = pytest.importorskip("scipy.spatial.distance")
linalg = pytest.importorskip("scipy.sparse.linalg")
special = pytest.importorskip("scipy.special")
stats = pytest.importorskip("scipy.stats")

V = np.array([0.3, -1.2, 0.8, 2.1])
SQUARE = np.array([[3.0, 0.4, -0.2], [0.1, 2.5, 0.6], [0.3, -0.5, 4.0]])

REFUSED = {
    "keys that are floats": lambda: helper("sequences no_keys_back")([1.0], [2.0]),
    "the way of lobpcg": lambda: helper("scipy_sparse_eigenvalues lobpcg")(
        SQUARE, SQUARE[:, :1], retLambdaHistory=True),
    "complex pieces": lambda: helper("scipy_piecewise check_real")(V * 1j, V),
    "falling breakpoints": lambda: helper("scipy_piecewise check_real")(V, np.array([1.0, 0.0])),
    "every second element": lambda: helper("windows as_strided_")(V[::2], (1,), (8,)),
    "halves of elements": lambda: helper("windows as_strided_")(V, (2,), (4,)),
    "windows to write in": lambda: helper("windows sliding_window_view_")(V, 2, writeable=True),
    "a polynomial that is an object": lambda: helper("polynomials polymul")(V, np.poly1d(V)),
    "what depends on it": lambda: helper("solvers refused")(1.0, "this", "do that"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused(name):
    with pytest.raises(UnsupportedError, match="Instead, "):
        REFUSED[name]()


def test_zero_and_none_ask_for_nothing_that_is_refused():
    assert helper("solvers refused")(0.0, "this", "do that") == 0.0
    assert helper("solvers refused")(None, "this", "do that") == 0.0


def test_a_deque_that_is_too_short_hands_nothing_back_to_what_it_lost():
    made = deque()
    _, pullback = registry.find(deque.__init__).function(made, [1.0, 2.0, 3.0], 2)
    assert list(made) == [2.0, 3.0]
    assert pullback(None, {0: 5.0, 1: 7.0})[1] == [None, 5.0, 7.0]


def test_what_is_raised_to_0_in_place_moves_no_more():
    def f(x):
        y = 2.0 * x
        y **= 0
        return np.sum(y) + np.sum(x)

    np.testing.assert_array_equal(sd.grad(f)(V), np.ones(4))


def test_lists_are_laid_out_as_arrays_are():
    _, pullback = registry.find(np.ravel).function([[1.0, 2.0], [3.0, 4.0]], "A")
    np.testing.assert_array_equal(pullback(np.arange(4.0)), [[0.0, 1.0], [2.0, 3.0]])


def test_the_distance_of_a_point_from_itself_has_the_smallest_slope():
    found = sd.grad(lambda u, v: np.sum(distance.cdist(u, v, "minkowski", p=3.0)), wrt=(0, 1))(
        V[None], V[None].copy())
    assert not np.any(found)


def test_shares_of_nothing_are_none():
    value, pullback = sd.vjp(special.logsumexp, np.zeros(0))
    assert value == -np.inf
    assert pullback(1.0).shape == (0,)


def test_outside_of_the_support_a_distribution_of_no_table_has_no_slope():
    check_rule(stats.rv_discrete.pmf, stats.logser, np.array([-1, 0, 2]), 0.6, wrt=2,
               forward=False)


def test_a_solution_by_an_operator_moves_with_its_right_hand_side():
    def f(b):
        return linalg.bicgstab(linalg.aslinearoperator(SQUARE), b, rtol=1e-13)[0]

    _, pullback = sd.vjp(f, V[:3])
    np.testing.assert_allclose(pullback(V[1:]), np.linalg.solve(SQUARE.T, V[1:]), rtol=1e-9)
