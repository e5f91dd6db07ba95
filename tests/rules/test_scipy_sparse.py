"""Sparse matrices against differences: made of active data, and applied to active vectors."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.whole import check_both, check_whole

sparse = pytest.importorskip("scipy.sparse")
linalg = pytest.importorskip("scipy.sparse.linalg")

LAPLACE = sparse.diags([1.0, -2.5, 1.0], [-1, 0, 1], shape=(5, 5)).tocsr()
U = np.array([0.3, 1.1, 0.2, 0.9, -0.4])
COLUMNS = np.array([[0.3, 1.0], [0.2, 0.9], [0.4, 0.1], [1.0, 2.0], [0.5, 0.7]])
ROWS, COLS = np.array([0, 1, 2, 3, 4, 0]), np.array([0, 1, 2, 3, 4, 3])
#: Two of these places come twice.
TWICE = np.array([0, 0, 1, 1, 4, 4]), np.array([1, 1, 2, 3, 4, 4])
DATA = np.array([2.0, 3.0, 1.5, 4.0, 2.2, 0.7])
FULL = np.cos(np.arange(25.0)).reshape(5, 5) + 4.0 * np.eye(5)
FORMATS = ["csr", "csc", "coo", "dia", "bsr"]
CLASSES = [name + kind for name in ("csr", "csc", "coo") for kind in ("_matrix", "_array")]

CONSTANT = {
    "@ vector": lambda a, u: a @ u, "dot": lambda a, u: a.dot(u), "transpose": lambda a, u: a.T @ u,
    "vector @": lambda a, u: u @ a, "columns": lambda a, u: a @ np.stack([u, u * u], axis=1),
    "rows @": lambda a, u: np.stack([u, u * u]) @ a, "one column": lambda a, u: a @ u[:, None],
    "a square": lambda a, u: u @ (a @ u),
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("way", CONSTANT)
def test_a_constant_matrix_is_applied_to_what_varies(form, way):
    a, apply = LAPLACE.asformat(form), CONSTANT[way]
    check_both(lambda u: apply(a, u), U)
    check_both(lambda u: apply(sparse.csr_array(a), u), U)
    check_both(lambda u: apply(sparse.csr_matrix(np.eye(5)), u), U)


def test_steps_in_time_with_a_constant_matrix():
    def march(u, step):
        for _ in range(4):
            u = u + step * (LAPLACE * u)
        return u

    check_both(march, U, 0.1)


MADE = {
    "@": lambda a, u: a @ u, "T": lambda a, u: a.T @ u, "u @": lambda a, u: u @ a,
    "toarray": lambda a, u: a.toarray() ** 2, "scaled": lambda a, u: (u[0] * a) @ u,
    "divided": lambda a, u: (a / u[1]) @ u, "negative": lambda a, u: (-a) @ u,
    "sum": lambda a, u: (a + LAPLACE.tocsr() * u[2]) @ u, "difference": lambda a, u: (
        LAPLACE * 3.0 - a) @ u, "product": lambda a, u: (a @ LAPLACE) @ u,
    "elementwise": lambda a, u: a.multiply(LAPLACE) @ u,
    "by rows": lambda a, u: a.multiply(u[:, None]) @ u,
    "by columns": lambda a, u: a.multiply(u) @ u,
    "total": lambda a, u: a.sum(), "diagonal": lambda a, u: a.diagonal() * u,
    "other formats": lambda a, u: a.tocsc().tocoo().todia().tocsr() @ u,
    "read twice": lambda a, u: a @ (a.T @ u) + a.data[0] * a.diagonal(),
    "solved": lambda a, u: linalg.spsolve(a.tocsc(), u),
    "power": lambda a, u: a.tocsr().power(2) @ u,
    "added in place": lambda a, u: added_in_place(a, u),
    "scaled in place": lambda a, u: scaled_in_place(a.tocsr(), u),
}


def added_in_place(a, u):
    a += sparse.eye(5) * u[0]
    return a @ u


def scaled_in_place(a, u):
    a *= u[0]
    return a @ u


@pytest.mark.parametrize("cls", CLASSES)
@pytest.mark.parametrize("way", MADE)
def test_a_matrix_moves_with_the_data_that_it_is_made_of(cls, way):
    make, use = getattr(sparse, cls), MADE[way]
    check_both(lambda d, u: use(make((d, (ROWS, COLS)), shape=(5, 5)), u), DATA, U)


@pytest.mark.parametrize("cls", CLASSES[1::2])
def test_sums_with_arrays_are_arrays(cls):
    make = getattr(sparse, cls)
    check_both(lambda d, a: make((d, (ROWS, COLS))) + a, DATA, FULL)
    check_both(lambda d, a: a - make((d, (ROWS, COLS))), DATA, FULL)


@pytest.mark.parametrize("cls", CLASSES)
def test_elements_at_one_place_are_added(cls):
    make = getattr(sparse, cls)
    check_both(lambda d: make((d, TWICE), shape=(5, 5)) @ U, DATA)
    check_both(lambda d: make((d, TWICE), shape=(5, 5)).toarray() ** 2, DATA)
    check_both(lambda d: make((d, TWICE), shape=(5, 5)).asformat("array") ** 2, DATA)
    check_both(lambda d: make((d, TWICE), shape=(5, 5)).tocsr().tocsc() @ U, DATA)


def test_rows_and_their_bounds_and_diagonals_make_matrices():
    indices, bounds = np.array([0, 1, 2, 0, 1]), np.array([0, 2, 3, 5])
    for make in (sparse.csr_matrix, sparse.csc_array):
        check_both(lambda d, u: make((d, indices, bounds)) @ u, DATA[:5], U[:3])
    check_whole(lambda d: sparse.dia_matrix((d, [0, 2]), shape=(5, 5)) @ U,
                np.cos(np.arange(10.0)).reshape(2, 5))
    check_whole(lambda d: sparse.dia_array((d, 1), shape=(5, 5)) @ U, np.cos(np.arange(5.0)))
    check_whole(lambda d: sparse.dia_array((d, 0), shape=(3, 5)).tocsr() @ U,
                np.cos(np.arange(5.0)))
    check_whole(lambda d: sparse.bsr_matrix((d, [0, 1], [0, 1, 2])) @ U[:4],
                np.cos(np.arange(8.0)).reshape(2, 2, 2))
    check_both(lambda a: sparse.csr_matrix(a) @ U, FULL)
    check_both(lambda a: sparse.csr_matrix(sparse.coo_array(a)) @ U, FULL)


DIAGONALS = {
    "one": lambda d, s: sparse.diags(d) @ U, "apart": lambda d, s: sparse.diags(d, 1) @ np.ones(6),
    "two": lambda d, s: sparse.diags([d, d[1:] * s], [0, -1]) @ U,
    "numbers": lambda d, s: sparse.diags([s, d[0]], [0, 1], shape=(5, 5)) @ U,
    "in rows": lambda d, s: sparse.diags((d, d[1:]), (0, 1), format="csr") @ U,
    "an array": lambda d, s: sparse.diags_array(d, offsets=1) @ np.ones(6),
    "wide": lambda d, s: sparse.diags([d, d], [0, 2], shape=(5, 7)) @ np.arange(7.0),
    "tall": lambda d, s: sparse.diags([d, d], [0, -2], shape=(7, 5)).T @ np.arange(7.0),
    "shifted": lambda d, s: linalg.spsolve((sparse.eye(5) + sparse.diags(d**2)).tocsc(), U * s),
    "summed": lambda d, s: sparse.diags_array([d, d[1:]], offsets=[0, 1]).sum(axis=0),
    "written out": lambda d, s: sparse.diags([d, d[1:] * s], [0, 1]).toarray() ** 2,
    "scaled": lambda d, s: (sparse.diags(d) * s) @ U, "added": lambda d, s: (
        sparse.diags(d) + sparse.diags(d[1:] * s, 1)) @ U,
}


@pytest.mark.parametrize("name", DIAGONALS)
def test_a_matrix_moves_with_its_diagonals(name):
    check_both(DIAGONALS[name], U + 2.0, 0.4)


ZEROS = {
    "an array": lambda d: sparse.csr_matrix(np.diag(d)) @ U,
    "a solved array": lambda d: linalg.spsolve(sparse.csc_array(np.diag(d) + np.eye(5)), U),
    "diagonals": lambda d: sparse.diags([d, d[1:]], [0, 1], format="csr") @ U,
    "an array of diagonals": lambda d: sparse.diags_array(d, format="csc") @ U,
    "another format": lambda d: sparse.diags(d).tocsc() @ U,
    "a copy": lambda d: sparse.csr_array(sparse.diags_array(d)) @ U,
    "a sum": lambda d: (sparse.diags(d) + sparse.csr_matrix(sparse.diags(-d, 0))) @ (U * d[1]),
    "a sum that cancels": lambda d: (sparse.csr_array(sparse.diags(d)) - sparse.csr_array(
        sparse.diags([0.0, 1.5, -2.0, 0.0, 3.0]))) @ U,
    "a product": lambda d: (sparse.csr_array(sparse.diags(d)) @ sparse.csr_array(
        sparse.diags(d[::-1]))) @ U,
    "elementwise": lambda d: sparse.csr_array(sparse.diags(d)).multiply(
        sparse.csr_array(sparse.diags(d[::-1]))) @ U,
}


@pytest.mark.parametrize("name", ZEROS)
def test_elements_that_are_zero_keep_their_place(name):
    check_both(ZEROS[name], np.array([0.0, 1.5, -2.0, 0.0, 3.0]))


PARTS = {
    "an element": lambda a: a[0, 3] * 2.0, "none": lambda a: a[1, 0] + a[0, 0],
    "a block": lambda a: a[1:4, :4].toarray(), "rows": lambda a: a[[0, 0, 2]] @ U,
    "elements": lambda a: np.asarray(a[[0, 0, 1], [0, 3, 2]] @ np.ones(3)),
}


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("make", [sparse.csr_array, sparse.csc_array])
def test_parts_of_a_matrix_move_with_its_elements(name, make):
    check_both(lambda d: PARTS[name](make((d, (ROWS, COLS)))), DATA)


@pytest.mark.parametrize("form", ["csc", "csr"])
def test_a_system_moves_with_matrix_and_right_hand_side(form):
    make = getattr(sparse, form + "_matrix")
    for b in (U, COLUMNS, U[:, None]):
        check_both(lambda d, b: linalg.spsolve(make((d, (ROWS, COLS))), b), DATA, b)
    check_both(lambda d, b: linalg.spsolve(make((d, (ROWS, COLS))), b), DATA * (1 + 0.5j), U)
    check_both(lambda d, b: np.abs(linalg.spsolve(make((d, (ROWS, COLS))), b * 1j)), DATA, U)
    check_both(lambda b: linalg.spsolve(LAPLACE.asformat(form), b), U)


def test_float32_stays_float32():
    def solved(d, b):
        return linalg.spsolve(sparse.csc_matrix((d, (ROWS, COLS))), b)

    def applied(d, b):
        return (sparse.csr_array((d, (ROWS, COLS))) * b[0]) @ b

    for f in (solved, applied):
        check_both(f, DATA.astype(np.float32), U.astype(np.float32))
        assert {g.dtype for g in sd.vjp(f, DATA.astype("f"), U.astype("f"))[1](
            np.ones(5, "f"))} == {np.dtype("f")}


def test_factors_that_were_made_outside_solve():
    factors, solve = linalg.splu(LAPLACE.tocsc()), linalg.factorized(LAPLACE.tocsc())
    check_both(lambda b: factors.solve(b), U)
    check_both(lambda b: factors.solve(b, "T"), U)
    check_both(lambda b: solve(b), U)


def test_the_gradient_of_a_matrix_is_one_with_its_places():
    a = sparse.coo_array((DATA, (ROWS, COLS)))
    bar = sd.grad(lambda a: np.sum((a @ U) ** 2))(a)
    assert type(bar) is type(a)
    np.testing.assert_array_equal(bar.coords, a.coords)
    expected = 2.0 * (a @ U)[ROWS] * U[COLS]
    np.testing.assert_allclose(bar.data, expected, rtol=1e-12)
    # It is another matrix, that can be written into.
    bar.coords[0][0] = 3
    assert a.coords[0][0] == 0


def test_a_vector_of_unknowns_is_found_by_the_coefficients_of_its_equation():
    # -k u'' = 1 with ends at 0 has u = x (1 - x) / 2k: the middle moves by -1 / 8k^2.
    n = 99
    second = sparse.diags([1.0, -2.0, 1.0], [-1, 0, 1], shape=(n, n), format="csc") * (n + 1) ** 2

    def middle(k):
        return linalg.spsolve(-k * second, np.ones(n))[n // 2]

    assert sd.grad(middle)(0.5) == pytest.approx(-1.0 / (8 * 0.25), rel=1e-10)


def test_nothing_dense_is_made_of_a_large_matrix():
    n = 30_000
    d, u = np.linspace(2.0, 3.0, n), np.linspace(0.0, 1.0, n)

    def loss(d):
        a = sparse.diags([d, -np.ones(n - 1)], [0, 1], format="csc")
        return np.sum(linalg.spsolve(a, a.T @ u))

    # A dense matrix of this size has 7 gigabytes.
    value, pullback = sd.vjp(loss, d)
    bar, step = pullback(1.0), 1e-6 * np.cos(np.arange(n))
    assert np.sum(bar * step) == pytest.approx(
        (loss(d + step) - loss(d - step)) / 2, rel=1e-6)


WITHOUT_PLACE = [
    (lambda d: np.sum(sparse.lil_matrix(LAPLACE) @ d[:5]), r"format lil.*Instead, make it"),
    (lambda d: np.sum(sparse.dok_matrix(LAPLACE) @ d[:5]), r"format dok.*Instead, make it"),
    (lambda d: np.sum(linalg.spilu(sparse.csc_matrix((d, (ROWS, COLS)))).solve(U)),
     r"factors.*Instead, call splu"),
    (lambda d: np.sum(linalg.spsolve(sparse.csc_matrix((d, (ROWS, COLS))),
                                        sparse.csc_matrix(U[:, None]))),
     r"right-hand side that is sparse.*Instead, use"),
]


@pytest.mark.parametrize("number", range(len(WITHOUT_PLACE)))
def test_what_has_no_place_for_its_cotangent_is_refused(number):
    f, message = WITHOUT_PLACE[number]
    with pytest.raises(sd.UnsupportedError, match=message):
        sd.grad(f)(DATA)


def test_a_matrix_that_is_written_after_its_use_is_refused():
    a = LAPLACE.copy()

    def twice(u):
        v = a @ u
        a.data[:] *= 2.0
        return np.sum(v * (a @ u))

    with pytest.raises(sd.UnsupportedError, match=r"was written after.*Instead, make a new one"):
        sd.grad(twice)(U)


def test_a_matrix_that_is_only_sorted_afterwards_is_not_refused():
    a = sparse.csr_array((DATA[:3], [2, 0, 1], [0, 3, 3]), shape=(2, 3))

    def read(u):
        v = a @ u
        a.sort_indices()
        return np.sum(v)

    np.testing.assert_array_equal(sd.grad(read)(U[:3]), [3.0, 1.5, 2.0])


def shared(d):
    d = d * 1.0
    a = sparse.csr_matrix((d, [0, 1, 2, 0, 1], [0, 2, 3, 5]))
    d[0] = 2.0 * d[1]
    return a @ U[:3]


def replaced(d):
    a = sparse.csr_matrix((d, [0, 1, 2, 0, 1], [0, 2, 3, 5]))
    a.data = a.data**2
    a.data[0] = a.data[1] * 3.0
    return a.T @ U[:3]


@pytest.mark.parametrize("f", [shared, replaced])
def test_data_that_is_written_before_the_matrix_is_used(f):
    check_both(f, DATA[:5])


def test_numbers_at_places_of_a_matrix_higher_than_wide_are_not_mixed_up():
    # At row 2 of two columns, a place counted with too narrow rows is that of another.
    from s2sdiff.rules.scipy_sparse_places import gathered

    a = sparse.csr_array(np.arange(1.0, 11.0).reshape(5, 2))
    rows, columns = np.nonzero(np.ones((5, 2)))
    found = gathered(np.arange(10.0), a, rows[::-1], columns[::-1])
    np.testing.assert_array_equal(found, np.arange(10.0)[::-1])
