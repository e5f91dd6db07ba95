"""Branches of rules that few calls meet: ends, ties, options, lists, and zeros of cotangents."""

import math
from collections import deque

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import ops, registry, runtime
from s2sdiff.errors import UnsupportedError
from tests.rules.checker import check_rule
from tests.rules.test_helpers_of_rules import helper
from tests.rules.whole import check_both

special = pytest.importorskip("scipy.special")
linalg = pytest.importorskip("scipy.linalg")
ndimage = pytest.importorskip("scipy.ndimage")
signal = pytest.importorskip("scipy.signal")
sparse = pytest.importorskip("scipy.sparse")
stats = pytest.importorskip("scipy.stats")
import scipy.sparse.linalg  # noqa: E402

rng = np.random.default_rng(8)
M, V = rng.standard_normal((3, 4)), rng.standard_normal(5)
SQUARE = rng.standard_normal((3, 3)) + 3.0 * np.eye(3)
STILL = {
    "hypot of an infinite length": (math.hypot, (math.inf, 1.0, 2.0, 3.0)),
    "Box and Cox's power at 0": (special.boxcox, (0.0, -0.5)),
    "Box and Cox's power of 1 + x at -1": (special.boxcox1p, (-1.0, -0.5)),
    "Bessel's at 0": (special.jv, (0.5, 0.0)),
    "x log y at 0": (special.xlogy, (1.0, 0.0)),
    "Mathieu's level of no order": (special.mathieu_a, (0.5, 1.0)),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", STILL)
def test_a_zero_cotangent_stays_zero_where_a_slope_is_infinite_or_none(name):
    target, args = STILL[name]
    entries = registry.find(target).function(*args)[1](0.0)
    for entry in entries if isinstance(entries, tuple) else (entries,):
        assert entry is None or np.all(entry == 0.0)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_power_of_0_does_not_move_with_its_exponent():
    assert registry.find(runtime.power).function(0.0, 2.0)[1](1.0) == (0.0, 0.0)


@pytest.mark.parametrize(("v", "expected"), [(2.0, 3.0), (3.0, 15.0)])
def test_legendres_functions_bend_at_the_ends_as_the_polynomials_do(v, expected):
    # (3 x**2 - 1) / 2 and (5 x**3 - 3 x) / 2.
    along = registry.find(helper("scipy_harmonics end_slope")).function
    assert along(0, v, 1.0)[1](1.0) == pytest.approx(expected)
    assert along(0, v, -1.0)[1](1.0) == pytest.approx((-1.0) ** v * expected)


def test_quantiles_of_gamma_bend_at_0_as_the_power_that_they_are_there():
    # x = (p gamma(a + 1))**(1 / a), of which the slope in p is x / (a p).
    a = np.array([0.3, 0.5, 1.0])
    rule = registry.find(helper("scipy_incomplete gamma_quantile_slope")).function
    with np.errstate(all="ignore"):
        of_a, of_p, _ = rule(a, np.zeros(3), np.zeros(3))[1](np.ones(3))
    np.testing.assert_allclose(of_p, [0.0, np.pi / 2, 1.0])
    np.testing.assert_array_equal(of_a, [0.0, 0.0, np.inf])


def test_outside_of_the_support_a_probability_of_tukeys_lambda_is_constant():
    for shape in (0.5, 2.0):
        check_rule(special.tklmbda, np.array([0.3, 5.0, -5.0]), shape, forward=False)


def test_too_few_items_are_unpacked_to_pythons_error():
    with pytest.raises(ValueError, match="unpack"):
        registry.find(ops.unpack).function([1.0, 2.0], 1, 2)


def test_a_sum_hands_back_what_each_of_its_terms_has_precision_for():
    one, two = np.ones(2), np.ones(2, np.float32)
    for args in ((one, two), (two, one)):
        found = registry.find(runtime.add).function(*args)[1](np.ones(2))
        assert [g.dtype for g in found] == [x.dtype for x in args]


def test_a_parameter_without_a_known_slope_is_refused_forwards():
    with pytest.raises(sd.DifferentiationError, match="Instead"):
        sd.jvp(lambda n: stats.binom.logpmf(2, n, 0.3), (7.0,), (1.0,))
    rule = registry.find(stats.rv_discrete.logpmf, "jvp").function
    assert rule(stats.binom, 2, 7.0, 0.3)[1](None, None, (1.0, None), None) is NotImplemented


def test_a_logarithm_near_the_cut_is_refused_by_the_size_of_all_eigenvalues():
    a = np.array([[-100.0, -1e-6, 0.0], [1e-6, -100.0, 0.0], [0.0, 0.0, 1e-3]])
    with pytest.raises(UnsupportedError, match="eigenvalue that is negative"):
        registry.find(linalg.logm).function(a)[1](np.ones((3, 3)))


@pytest.mark.parametrize("axis", [0, 1])
def test_a_reduction_of_some_rows_from_a_first_term_on(axis):
    check_rule(np.logaddexp.reduce, M, axis, wrt=("array", "initial"), forward=False,
               kwargs={"initial": 0.3, "where": np.arange(12).reshape(3, 4) % 3 > 0})
    check_rule(np.subtract.reduce, M, axis, kwargs={"initial": 0.3}, wrt=("array", "initial"),
               forward=False)


def test_real_and_complex_matrices_go_together_where_the_equation_is_solved():
    a, q = np.diag([1.0, 2.0, 3.0]), SQUARE + 1j * SQUARE.T
    check_rule(linalg.solve_sylvester, a, a + np.eye(3), q, wrt=("q",), forward=False)
    check_rule(linalg.solve_continuous_lyapunov, a, q, wrt=("q",), forward=False)


def test_a_tie_of_shapes_moves_by_the_mean():
    _, dot = sd.jvp(lambda s: ndimage.grey_dilation(np.zeros(5), structure=s), (np.zeros(3),),
                    (np.array([1.0, 2.0, 4.0]),))
    np.testing.assert_allclose(dot[1:-1], 7.0 / 3.0)


def test_matrices_and_windows_may_be_lists():
    image = rng.standard_normal((4, 4))
    check_rule(ndimage.affine_transform, image, [[0.9, 0.1], [-0.1, 0.8]], forward=False,
               wrt=("input",))
    check_rule(signal.periodogram, V, 1.0, [0.3, 0.9, 1.0, 0.9, 0.3], wrt=("x",), forward=False)


def test_a_system_may_have_a_column_on_its_right():
    def f(b):
        return scipy.sparse.linalg.cg(SQUARE @ SQUARE.T, b, rtol=1e-13)[0]

    b = rng.standard_normal((3, 1))
    _, pullback = sd.vjp(f, b)
    np.testing.assert_allclose(
        pullback(np.ones(3)), np.linalg.solve(SQUARE @ SQUARE.T, np.ones((3, 1))), rtol=1e-9)


def test_norms_of_rows_by_their_order():
    def norms(a):
        return scipy.sparse.linalg.norm(sparse.csr_array(a), 2, 1)

    check_both(norms, M)


def test_only_lists_and_arrays_are_shuffled():
    with pytest.raises(UnsupportedError, match="shuffling a deque.*Instead"):
        helper("writes_shuffled shuffled")(deque([1.0, 2.0]), 0, np.random.shuffle)


def test_what_scipy_promotes_together_is_broadcast_and_may_be_left_out():
    promote = pytest.importorskip("scipy._lib._array_api")
    target = getattr(promote, "xp_promote", None)
    if target is None:
        pytest.skip("SciPy has it since 1.16")
    for args, options in (((M[:, :1], V), {"broadcast": True}), ((V, None), {})):
        value, pullback = registry.find(target).function(*args, xp=np, **options)
        entries = pullback(value)
        for entry, x in zip(entries, args, strict=True):
            assert entry is None if x is None else np.shape(entry) == np.shape(x)
        assert np.shape(value[0]) == ((3, 5) if options else np.shape(args[0]))
    np.testing.assert_allclose(
        registry.find(target).function(M[:, :1], V, broadcast=True, xp=np)[1](
            (np.ones((3, 5)), None))[0], np.full((3, 1), 5.0))


def test_values_moved_along_tangents_without_numbers_in_a_part():
    def moved(t):
        return sd.move((2.0, ("a", 1)), along=(t, (None, None)))[0]

    check_both(moved, 0.7)
    assert helper("moving _beside")(None, ("a", 1)) == [None, None]


@pytest.mark.parametrize("name", ["_nbinom_pmf", "_nbinom_cdf", "_nbinom_sf", "_binom_pmf"])
def test_what_scipy_computes_binomials_with_moves_with_their_parameters(name):
    ufuncs = pytest.importorskip("scipy.special._ufuncs")
    if not hasattr(ufuncs, name):
        pytest.skip("SciPy has another one")
    check_rule(getattr(ufuncs, name), np.array([0.0, 2.0, 5.0]), np.array([[6.4], [7.1]]), 0.35,
               wrt=(1, 2), forward=False, single=False)


@pytest.mark.parametrize("target", [stats.tvar, stats.tsem])
def test_what_is_trimmed_moves_with_what_is_left(target):
    check_rule(target, V, forward=False)
    check_rule(target, M, (-1.8, 0.9), (True, False), 1, 1, wrt=("a",), forward=False)


def test_what_numpys_linear_algebra_is_made_of_agrees_with_differences():
    ufuncs = pytest.importorskip("numpy.linalg._umath_linalg")
    stack = np.stack([SQUARE, SQUARE.T @ SQUARE])
    for name, args in {"det": (stack,), "inv": (stack,), "svd": (M,), "solve": (stack, SQUARE),
                       "solve1": (stack, SQUARE[0])}.items():
        check_rule(getattr(ufuncs, name), *args, forward=False, exact=False)


def test_what_is_filled_is_of_the_dtype_that_is_asked_for():
    check_rule(np.full, 3, 0.7, complex, forward=False)


@pytest.mark.parametrize("name", ["cauchy", "expon", "gumbel_r", "laplace", "logistic"])
def test_a_scale_below_1_counts(name):
    for method in ("pdf", "cdf", "sf"):
        target = getattr(getattr(stats, name), method)
        check_rule(target, np.array([0.3, 0.7, 1.2]), 0.1, 0.5, forward=False)


def test_quotients_and_remainders_broadcast():
    check_rule(divmod, M, V[:1], forward=False)
    check_rule(divmod, M[:, :1], V[:4], forward=False)


def test_second_derivatives_of_eigenvalues_of_two_matrices_agree_with_differences():
    def f(a, b):
        return np.sort(np.real(linalg.eigvals(a, b))) @ np.array([1.0, 0.5, -2.0])

    a = np.array([[3.0, 0.4, -0.2], [0.1, 2.5, 0.6], [0.3, -0.5, 4.0]])
    sd.check_grads(f, (a, np.diag([1.0, 2.0, 3.0]) + 0.1), order=2)


def twice(data):
    """A matrix that has one of its places twice, as coo and csr may."""
    return sparse.coo_array((data, ([0, 1, 1, 2], [1, 0, 0, 2])), shape=(3, 4))


def diagonals(data):
    """A matrix of which some stored numbers lie outside."""
    return sparse.dia_matrix((np.stack([data, data * data]), [0, 2]), shape=(3, 4))


WEIGHTS = rng.standard_normal((9, 12))
BLOCKS = {
    "of matrices": lambda a, d: sparse.block_array(
        [[sparse.csr_array(a), None], [sparse.csr_array(a * a), twice(d)]]).toarray(),
    "in one row": lambda a, d: sparse.block_array([[sparse.csr_array(a), twice(d)]]).toarray(),
    "reshaped": lambda a, d: twice(d).reshape((2, 6)).toarray(),
    "conjugate": lambda a, d: np.abs(
        (twice(d * (1.0 + 2.0j)).conj() + sparse.csr_array(a)).toarray()) ** 2,
    "greatest of rows": lambda a, d: sparse.csr_matrix(twice(d)).max(axis=1).toarray(),
    "diagonals reshaped": lambda a, d: diagonals(d).reshape((2, 6)).toarray(),
    "times an array": lambda a, d: twice(d).multiply(a).toarray(),
}


@pytest.mark.filterwarnings("ignore::scipy.sparse.SparseEfficiencyWarning")
@pytest.mark.parametrize("name", BLOCKS)
def test_matrices_with_elements_twice_are_put_together_and_taken_apart(name):
    def f(a, d):
        made = BLOCKS[name](a, d)
        return np.sum(made * np.reshape(WEIGHTS.ravel()[:made.size], made.shape))

    args, step = (M, np.array([0.3, 1.1, -0.4, 2.0])), 1e-6
    for i, entry in enumerate(sd.grad(f, wrt=(0, 1))(*args)):
        along = rng.standard_normal(args[i].shape)
        high, low = ([x + s * along if i == k else x for k, x in enumerate(args)]
                     for s in (step, -step))
        assert np.sum(entry * along) == pytest.approx((f(*high) - f(*low)) / (2 * step), abs=1e-7)
