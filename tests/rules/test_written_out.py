"""Rules that have a short form beside their general one: both forms, in compiled functions, too."""

import numpy as np
import pytest
import scipy.special

import s2sdiff as sd
from s2sdiff.rules.einsum import crossed, oriented
from tests.rules.checker import check_rule

rng = np.random.default_rng(12)


def real(*shape):
    return rng.normal(size=shape)


PRODUCTS = ["ij,jk->ik", "ij,jk->ki", "ji,jk->ik", "ij,kj->ik", "ji,kj->ik", "ji,kj->ki",
            "ji,jk->ki", "ij,kj->ki", " ab , bc -> ac "]
OTHERS = ["ij,ij->i", "ij,j->i", "i,j->ij", "ij,ij->ij", "ij,jk->ijk", "bij,bjk->bik", "i,i->",
          "ij,j->j"]
SIZES = {"i": 2, "j": 3, "k": 4, "a": 2, "b": 3, "c": 4}


def operands(subscripts, single=()):
    terms = subscripts.replace(" ", "").partition("->")[0].split(",")
    return [real(*[1 if (n, c) in single else SIZES[c] for c in term])
            for n, term in enumerate(terms)]


@pytest.mark.parametrize("subscripts", PRODUCTS + OTHERS)
def test_einsum_of_two_operands_agrees_with_differences(subscripts):
    x, y = operands(subscripts)
    check_rule(np.einsum, subscripts, x, y)

    def loss(x, y):
        return np.sum(np.einsum(subscripts, x, y) ** 2)

    sd.check_grads(loss, (x, y))


@pytest.mark.parametrize("subscripts", ["ij,jk->ik", "ji,jk->ki", "ij,ij->i", "ij,j->i"])
@pytest.mark.parametrize("single", [(0, "j"), (1, "j"), (0, "i")], ids=str)
def test_lengths_of_one_that_broadcast_are_summed_over(subscripts, single):
    x, y = operands(subscripts, {single})
    check_rule(np.einsum, subscripts, x, y)
    sd.check_grads(lambda x, y: np.sum(np.einsum(subscripts, x, y) ** 2), (x, y))


def test_only_products_of_two_matrices_are_matrix_products():
    assert all(oriented(s) is not None for s in [*PRODUCTS, "ij,jk"])
    others = [*OTHERS, "ii,ik->ik", "ij,jj->ij", "ij,jk,kl->il", "...j,jk->...k",
              "ij,jk->ii"]
    assert all(oriented(s) is None for s in others)


def test_a_label_that_only_one_operand_has_goes_the_general_way():
    assert crossed("ij,k->k") is None and crossed("ii,i->i") is None
    x, y = real(2, 3), real(4)
    check_rule(np.einsum, "ij,k->k", x, y)
    sd.check_grads(lambda x, y: np.sum(np.einsum("ij,k->k", x, y) ** 2), (x, y))


@pytest.mark.parametrize(("a", "b"), [(real(2, 3), real(4, 3)), (real(2, 3), real(3)),
                                      (real(3), real(4, 3)), (real(3), real(3))])
def test_inner_products_agree_with_differences(a, b):
    check_rule(np.inner, a, b)
    sd.check_grads(lambda a, b: np.sum(np.inner(a, b) ** 2), (a, b))


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize(("n", "m"), [(5, 3), (3, 5), (1, 4), (4, 1), (2, 2)])
@pytest.mark.parametrize("function", [np.convolve, np.correlate])
def test_convolutions_agree_with_differences(function, mode, n, m):
    x, y = real(n), real(m)
    check_rule(function, x, y, mode)
    check_rule(function, x + 1j * real(n), y - 1j * real(m), mode)
    sd.check_grads(lambda x, y: np.sum(function(x, y, mode) ** 2), (x, y))


def test_a_long_convolution_takes_no_more_steps_than_its_value():
    # The product with a whole signal would take 10**12 steps, some minutes.
    x, y = real(1_000_000), real(3)
    x_bar, y_bar = sd.grad(lambda x, y: np.sum(np.convolve(x, y)), wrt=(0, 1))(x, y)
    np.testing.assert_allclose(x_bar, np.full(len(x), np.sum(y)))
    np.testing.assert_allclose(y_bar, np.full(3, np.sum(x)))


KNOTS, VALUES = np.array([-1.0, 0.0, 0.5, 2.0]), np.array([0.3, -0.2, 0.9, 0.4])


@pytest.mark.parametrize("more", [0, 3000])
def test_interpolation_with_few_and_with_many_knots_is_alike(more):
    knots = np.concatenate([KNOTS, 2.0 + np.arange(1, more + 1)])
    values = np.concatenate([VALUES, np.full(more, 0.4)])
    x = np.array([-2.0, -1.0, -0.3, 0.0, 0.4, 0.5, 1.7, 5000.0])
    found = sd.grad(lambda x: np.sum(np.interp(x, knots, values)))(x)
    # At a knot the piece to its right counts.
    expected = [0, -0.5, -0.5, 2.2, 2.2, -1 / 3, -1 / 3, 0]
    np.testing.assert_allclose(found, expected, atol=1e-12)
    assert sd.grad(lambda x: np.sum(np.interp(x, KNOTS, VALUES)))(np.array([2.0])) == -1 / 3
    single = sd.grad(lambda x: np.sum(np.interp(x, knots, values)))(x.astype(np.float32))
    assert single.dtype == np.float32
    sd.check_grads(lambda x, k, v: np.sum(np.interp(x, k, v) ** 2), (x[[2, 4, 6]], knots, values)) \
        if not more else None


@pytest.mark.parametrize("a", [np.array([2.0, 0.0, 5.0]), np.array([[2.0], [3.0]]), real(2, 3, 2),
                               np.array([4.0]), np.array([0.0, 0.0, 1.0]), np.empty(0)], ids=str)
def test_products_of_everything_agree_with_differences(a):
    check_rule(np.prod, a)
    flat = a.ravel()
    expected = [np.prod(np.delete(flat, i)) for i in range(flat.size)]
    found = sd.grad(lambda a: np.prod(a))(a)
    np.testing.assert_allclose(found.ravel(), expected)


@pytest.mark.parametrize("largest", [np.max, np.min])
def test_ties_of_everything_share_evenly_and_nan_wins(largest):
    a = np.array([[1.0, 1.0], [1.0, 1.0]])
    np.testing.assert_array_equal(sd.grad(lambda a: largest(a))(a), np.full((2, 2), 0.25))
    a = np.array([1.0, np.nan, 3.0, np.nan])
    np.testing.assert_array_equal(sd.grad(lambda a: largest(a))(a), [0.0, 0.5, 0.0, 0.5])


@pytest.mark.parametrize("spread", [np.std, np.linalg.norm])
def test_at_its_kink_a_spread_has_no_slope(spread):
    for a in (np.full(7, 0.1) * (spread is np.std), np.zeros((2, 3)), np.zeros(1)):
        np.testing.assert_array_equal(sd.grad(lambda a: spread(a))(a), np.zeros(a.shape))


def test_spreads_agree_with_differences_where_first_and_last_are_equal():
    for a in (np.array([0.3, 0.7, 0.3]), real(3000), real(50, 60), real(3, 2) + 1j * real(3, 2)):
        for spread in (np.std, np.linalg.norm):
            sd.check_grads(lambda a: spread(a) + 0.0, (a,))
    sd.check_grads(lambda a: np.std(a, ddof=1), (real(5),))


def test_large_spreads_keep_their_digits_in_single_precision():
    a = rng.normal(size=200_000) + 3.0
    for spread in (np.std, np.linalg.norm):
        found = sd.grad(lambda a: spread(a))(a.astype(np.float32))
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, sd.grad(lambda a: spread(a))(a), rtol=2e-3, atol=1e-8)


@pytest.mark.parametrize("a", [real(4), real(3, 4), real(2, 3, 4)], ids=lambda a: str(a.shape))
@pytest.mark.parametrize("axis", [-1, 0, None])
def test_sorting_agrees_with_differences(a, axis):
    check_rule(np.sort, a, axis)
    sd.check_grads(lambda a: np.sum(np.sort(a, axis) ** 3), (a,))


def test_equal_sorted_values_share_evenly():
    a, w = np.array([2.0, 1.0, 2.0, 1.0]), np.array([1.0, 2.0, 5.0, 9.0])
    np.testing.assert_array_equal(sd.grad(lambda a: np.sum(np.sort(a) * w))(a), [7, 1.5, 7, 1.5])


@pytest.mark.parametrize("n", [2, 3, 5])
def test_determinants_near_and_at_singular_matrices_have_their_cofactors(n):
    for a in (real(n, n), np.outer(real(n), real(n)), np.zeros((n, n)), np.diag(10.0 ** -np.arange(
            0, 12 * n, 12))):
        minors = [[(-1) ** (i + j) * np.linalg.det(np.delete(np.delete(a, i, 0), j, 1))
                   for j in range(n)] for i in range(n)]
        np.testing.assert_allclose(sd.grad(lambda a: np.linalg.det(a))(a), minors, atol=1e-12)
    check_rule(np.linalg.det, real(4, n, n))


def test_cofactors_of_a_nearly_singular_matrix_keep_their_digits():
    one, two = (np.linalg.qr(real(3, 3))[0] for _ in range(2))
    a = one @ np.diag([1.0, 1e-6, 1e-13]) @ two
    minors = [[(-1) ** (i + j) * np.linalg.det(np.delete(np.delete(a, i, 0), j, 1))
               for j in range(3)] for i in range(3)]
    found = sd.grad(lambda a: np.linalg.det(a))(a)
    np.testing.assert_allclose(found, minors, rtol=1e-6, atol=1e-14)
    stacked = sd.grad(lambda a: np.sum(np.linalg.det(a)))(np.stack([a, np.eye(3)]))
    np.testing.assert_allclose(stacked[0], minors, rtol=1e-6, atol=1e-14)


def test_the_largest_exponents_have_all_of_a_log_of_a_sum():
    for a, expected in ((np.array([1000.0, 1000.0]), [0.5, 0.5]),
                        (np.array([-np.inf, -np.inf]), [0.0, 0.0]),
                        (np.array([-np.inf, 2.0]), [0.0, 1.0])):
        found = sd.grad(lambda a: scipy.special.logsumexp(a))(a)
        np.testing.assert_array_equal(found, expected)
    check_rule(scipy.special.logsumexp, real(2, 3))
    check_rule(scipy.special.logsumexp, real(3) + 1j * real(3))


@pytest.mark.parametrize("size", [5, 600])
def test_the_logistic_functions_slope_has_all_digits_on_both_sides(size):
    x = np.linspace(-40.0, 40.0, size)
    expected = 1 / (2 + np.exp(x) + np.exp(-x))
    found = sd.grad(lambda x: np.sum(scipy.special.expit(x)))(x)
    np.testing.assert_allclose(found, expected, rtol=1e-14)
    far = sd.grad(lambda x: np.sum(scipy.special.expit(x)))(np.array([-800.0, 800.0] * size))
    assert np.all(far == 0.0)
    assert type(sd.grad(lambda x: scipy.special.expit(x) * 1.0)(0.3)) is float


def test_maxima_with_a_number_agree_with_a_mask():
    x = np.array([-1.0, 0.0, 2.0, np.nan])
    found = sd.grad(lambda x: np.sum(np.maximum(x, 0.0)))(x)
    np.testing.assert_array_equal(found, [0.0, 0.5, 1.0, 0.0])
    big = rng.normal(size=5000)
    found = sd.grad(lambda x: np.sum(np.maximum(x, 0.0) * big))(big[::-1].copy())
    np.testing.assert_array_equal(found, big * (big[::-1] > 0))


def test_roots_of_zero_have_slope_infinity_only_where_it_counts():
    for size in (3, 4000):
        x = np.zeros(size)
        x[0] = 4.0
        w = np.zeros(size)
        w[:2] = 1.0
        with np.errstate(all="raise"):
            found = sd.grad(lambda x: np.sum(np.sqrt(x) * w))(x)
        np.testing.assert_array_equal(found[:3], [0.25, np.inf, 0.0])
