"""Patterns and matrices of linear maps whose matrix is known, by each of the modes alone."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse

from s2sdiff.sparse.compressed import evaluated, planner
from s2sdiff.sparse.linear_maps import LinearMap
from s2sdiff.sparse.probing import pattern_of


def refuses(vector):
    raise AssertionError("this mode was said not to go through the function")


def map_by(matrix, forwards=True, backwards=True, symmetric=False):
    """A map that is a matrix, and the products that were asked for."""
    asked = []

    def product(of, name):
        def multiplied(vector):
            asked.append(name)
            return (of @ vector).astype(matrix.dtype)
        return multiplied

    def of_each(one):
        return lambda vectors: np.array([one(v) for v in vectors])

    forward = product(matrix, "forward") if forwards else refuses
    backward = product(matrix.T.tocsr(), "backward") if backwards else refuses
    made = LinearMap(matrix.shape, matrix.dtype, np.finfo(matrix.dtype).nmant, forward, backward,
                     of_each(forward), of_each(backward), lambda: forwards, lambda: backwards,
                     symmetric)
    return made, asked


def random_matrix(draw, rows, columns, density, dtype=np.float64):
    made = scipy.sparse.random_array((rows, columns), density=density, rng=draw,
                                     data_sampler=lambda size: draw.uniform(-2.0, 2.0, size))
    return made.tocsr().astype(dtype)


def whole(matrix, dense_rows, dense_columns, draw):
    dense = matrix.toarray()
    for i in dense_rows:
        dense[i] = draw.normal(size=dense.shape[1])
    for j in dense_columns:
        dense[:, j] = draw.normal(size=dense.shape[0])
    return scipy.sparse.csr_array(dense)


def check(matrix, **modes):
    of, asked = map_by(matrix, **modes)
    pattern = pattern_of(of)
    matrix.eliminate_zeros()
    assert pattern.dtype == bool
    assert (pattern != (matrix != 0)).nnz == 0
    found = len(asked)
    made = evaluated(of, planner(pattern, of.symmetric)(of))
    assert made.dtype == matrix.dtype
    assert made.nnz == matrix.nnz
    assert abs(made - matrix).max() == 0
    return found, asked[found:]


MODES = [(True, True), (True, False), (False, True)]


@pytest.mark.parametrize(("forwards", "backwards"), MODES)
@pytest.mark.parametrize("seed", range(8))
def test_the_matrix_of_a_map_is_found_by_its_products(seed, forwards, backwards):
    draw = np.random.default_rng(seed)
    rows, columns = draw.integers(1, 130, 2)
    matrix = random_matrix(draw, rows, columns, draw.uniform(0.0, 0.1))
    check(matrix, forwards=forwards, backwards=backwards)


@pytest.mark.parametrize(("forwards", "backwards"), MODES)
def test_it_is_with_dense_rows_and_columns(forwards, backwards):
    draw = np.random.default_rng(3)
    for shape, dense_rows, dense_columns in (((90, 90), [0], []), ((90, 90), [], [89]),
                                             ((90, 60), [4, 5], [7]), ((40, 90), [4], [7, 50])):
        matrix = whole(random_matrix(draw, *shape, 0.02), dense_rows, dense_columns, draw)
        check(matrix, forwards=forwards, backwards=backwards)


def test_both_modes_share_the_work_where_rows_are_dense():
    draw = np.random.default_rng(4)
    diagonal = scipy.sparse.csr_array(np.diag(draw.normal(size=400)))
    found, computed = check(whole(diagonal, [0], [], draw))
    assert found < 60
    assert sorted(computed) == ["backward", "forward"]
    found, computed = check(whole(diagonal, [], [0], draw))
    assert found < 60
    assert len(computed) == 2


def test_rows_are_coloured_where_those_of_columns_are_more():
    matrix = whole(scipy.sparse.csr_array((30, 200)), [], [], np.random.default_rng(0)).tolil()
    for i in range(30):
        matrix[i, 6 * i:6 * i + 6] = 1.0 + i
    _, computed = check(matrix.tocsr())
    assert computed == ["backward"]


def test_few_digits_are_probed_as_surely():
    # Two equal numbers of ten random bits are met a dozen times among these rows and sets.
    n = 2000
    of, asked = map_by(scipy.sparse.diags_array(
        [np.ones(n), -np.ones(n)], offsets=[0, 1], shape=(n, n)).tocsr())
    coarse = replace(of, bits=10,
                     forward=lambda v: of.forward(v.astype(np.float16).astype(float)))
    assert pattern_of(coarse).nnz == 2 * n - 1
    assert len(asked) < 300


def test_single_precision_is_kept():
    check(random_matrix(np.random.default_rng(8), 100, 90, 0.05, np.float32))


@pytest.mark.parametrize("seed", range(6))
def test_symmetric_matrices_are_found_by_one_mode(seed):
    draw = np.random.default_rng(seed)
    half = random_matrix(draw, 80, 80, 0.01 * seed)
    half = whole(half, [0] if seed % 2 else [], [], draw)
    matrix = (half + half.T).tocsr()
    check(matrix, symmetric=True)


def test_numbers_that_are_no_numbers_are_entries():
    matrix = scipy.sparse.csr_array(np.array([[np.nan, 0.0], [np.inf, 1.0]]))
    of, _ = map_by(matrix)
    # Beside them there may be more, as nan times zero is nan, too.
    assert pattern_of(of).toarray()[[0, 1, 1], [0, 0, 1]].all()
