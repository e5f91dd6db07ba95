"""Singular matrices and equal values beside vectors: right by differences, or refused."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError

TURN = np.linalg.qr(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 10.0]]))[0]
OTHER = np.linalg.qr(np.array([[2.0, -1.0, 0.5], [1.0, 3.0, 1.0], [0.0, 1.0, 4.0]]))[0]
ALONG = np.array([[0.3, -1.0, 0.5], [0.2, 0.7, -0.4], [1.1, 0.1, -0.6]])
WEIGHTS = np.array([[1.0, -0.5, 2.0], [0.4, 0.8, -1.2], [0.6, 1.5, 0.3]])


def of_values(*s):
    """A matrix with these singular values."""
    return TURN @ np.diag(s) @ OTHER


@pytest.mark.parametrize("a", [
    of_values(2.0, 1.0, 0.0), of_values(2.0, 0.0, 0.0), of_values(2.0, 2.0, 0.0), np.zeros((3, 3)),
    of_values(2.0, 1.0, 0.0) * (1.0 - 2.0j), of_values(3.0, 2.0, 1.0),
    np.stack([of_values(2.0, 1.0, 0.0), np.eye(3)]),
])
def test_second_derivatives_of_determinants_agree_with_differences(a):
    d, e = ALONG.astype(a.dtype), WEIGHTS.astype(a.dtype)

    def det(a):
        return np.sum(np.linalg.det(a)).real

    def mixed(h):  # exact but for rounding: a determinant of three rows is a cubic polynomial
        return (det(a + h * (d + e)) - det(a + h * (d - e)) - det(a - h * (d - e))
                + det(a - h * (d + e))) / (4 * h * h)

    d, e = np.broadcast_to(d, a.shape).copy(), np.broadcast_to(e, a.shape).copy()
    for product in (sd.hvp(det, (a,), (d,)), sd.grad(lambda a: sd.jvp(det, (a,), (d,))[1])(a),
                    sd.grad(lambda a: np.sum(sd.grad(det)(a) * d).real)(a)):
        np.testing.assert_allclose(np.sum(product * e).real, mixed(0.1), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("function", [
    lambda a: np.sum(np.linalg.eigvalsh((a + a.T) / 2) ** 3),
    lambda a: np.sum(np.linalg.svdvals(a) ** 4),
    lambda a: np.sum(np.linalg.eigvals(a) ** 3).real,
])
def test_second_derivatives_of_equal_values_are_refused_where_tangents_are_differentiated(function):
    with pytest.raises(UnsupportedError, match="second derivatives of equal .* Instead, "):
        sd.grad(lambda a: sd.jvp(function, (a,), (ALONG,))[1])(np.eye(3))


@pytest.mark.parametrize("s", [(2.0, 1.0, 0.0), (2.0, 0.0, 0.0), (0.0, 0.0, 0.0)])
def test_second_derivatives_of_singular_values_that_are_zero_are_refused(s):
    def squares(a):
        return np.sum(np.linalg.svdvals(a) ** 2)

    for twice in (lambda a: sd.hvp(squares, (a,), (ALONG,)),
                  sd.grad(lambda a: sd.jvp(squares, (a,), (ALONG,))[1]),
                  sd.grad(lambda a: np.sum(sd.grad(squares)(a) * ALONG))):
        with pytest.raises(UnsupportedError, match="second derivatives of .* Instead, "):
            twice(of_values(*s))


@pytest.mark.parametrize("a", [
    np.diag([1.0, 1.0, 2.0]), np.eye(3), np.outer([1.0, 2.0, 3.0], [1.0, 1.0, -0.99])])
def test_functions_of_matrices_by_eig_are_refused_at_equal_values(a):
    def by_vectors(a):
        w, v = np.linalg.eig(a)
        return np.sum(WEIGHTS * ((v * np.exp(w)) @ np.linalg.inv(v))).real

    with pytest.raises(UnsupportedError, match="equal values.*Instead, "):
        sd.grad(by_vectors)(a)


def test_even_functions_of_equal_values_by_eig_have_their_derivative():
    def cubes(a):
        return np.sum(np.linalg.eig(a)[0] ** 3).real

    a = TURN @ np.diag([1.0, 1.0, 2.0]) @ TURN.T
    np.testing.assert_allclose(sd.grad(cubes)(a), 3 * (a @ a).T, rtol=1e-9, atol=1e-9)


def rebuilt(a):
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return np.sum(WEIGHTS[:len(a), :a.shape[1]] * ((u * s) @ vh))


def test_one_singular_value_of_zero_keeps_its_sign_beside_its_vectors():
    a = of_values(2.0, 1.0, 0.0)
    np.testing.assert_allclose(sd.grad(rebuilt)(a), WEIGHTS, rtol=1e-9, atol=1e-9)
    assert np.isclose(sd.jvp(rebuilt, (a,), (ALONG,))[1], np.sum(WEIGHTS * ALONG))


@pytest.mark.parametrize("a", [
    of_values(2.0, 0.0, 0.0), np.zeros((3, 3)), of_values(2.0, 1.0, 0.0)[:, :2] * [1.0, 0.0],
    of_values(2.0, 1.0, 0.0) * (1.0 + 1.0j)])
def test_singular_values_of_zero_that_may_count_beside_vectors_are_refused(a):
    with pytest.raises(UnsupportedError, match="singular values of .* that are 0.*Instead, "):
        sd.grad(lambda a: rebuilt(a).real)(a)


def test_the_least_singular_value_has_slope_zero_where_it_is_zero():
    a = of_values(2.0, 1.0, 1e-17)
    assert np.all(sd.grad(lambda a: np.linalg.norm(a, -2))(a) == 0.0)
    assert np.allclose(sd.grad(lambda a: np.linalg.norm(a, "nuc"))(a),
                       TURN[:, :2] @ OTHER[:2], atol=1e-9)


@pytest.mark.filterwarnings("ignore:.* gives equal values")
@pytest.mark.parametrize(("function", "slope"), [
    (lambda a: np.sum(np.linalg.eigvalsh(a) ** 3),
     lambda a: 3 * np.tril(2 * a @ a - a @ a * np.eye(3))),
    (lambda a: np.sum(np.linalg.eigvals(a) ** 3).real, lambda a: 3 * a @ a),
    (lambda a: np.sum(np.linalg.svdvals(a) ** 4), lambda a: 4 * a @ a @ a),
    (lambda a: np.sum(np.linalg.norm(a, "nuc", axis=(-2, -1))), lambda a: a @ np.linalg.pinv(a)),
])
def test_matrices_of_a_stack_do_not_tell_each_other_what_is_equal(function, slope):
    # What counts as equal beside the greatest value of one is far apart in another.
    spread = TURN @ np.diag([1.0, 2.0, 4.0]) @ TURN.T
    a = np.stack([TURN @ np.diag([1.0, 1.0, 2.0]) @ TURN.T, 1e-16 * spread, spread])
    for found, matrix in zip(sd.grad(function)(a), a, strict=True):
        np.testing.assert_allclose(found, slope(matrix), rtol=1e-6,
                                   atol=1e-9 * np.max(np.abs(slope(matrix))))


@pytest.mark.parametrize("values", [(-1.0, 1.0, 2.0), (0.0, 1.0, 2.0)])
@pytest.mark.parametrize("function", ["logm", "fractional_matrix_power"])
def test_logarithms_and_powers_on_the_branch_cut_are_refused(function, values):
    linalg = pytest.importorskip("scipy.linalg")
    more = () if function == "logm" else (0.5,)

    def weighed(a):
        return np.sum(WEIGHTS * getattr(linalg, function)(a, *more)).real

    a = TURN @ np.diag(values) @ TURN.T
    for derivative in (sd.grad(weighed), lambda a: sd.jvp(weighed, (a,), (ALONG,))):
        with pytest.raises(UnsupportedError, match="an eigenvalue that is negative.*Instead, "):
            derivative(a)
