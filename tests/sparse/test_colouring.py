"""Colourings by their definitions, on random patterns and on those whose numbers are known."""

import itertools

import numpy as np
import pytest
import scipy.sparse

from s2sdiff.sparse.colouring import column_colours, densest, star_colours


def banded(n, width):
    offsets = range(-width, width + 1)
    return scipy.sparse.diags_array([np.ones(n)] * len(offsets), offsets=offsets,
                                    shape=(n, n)).tocsr()


def random_pattern(rows, columns, density, seed):
    return scipy.sparse.random_array((rows, columns), density=density, format="csr",
                                     rng=np.random.default_rng(seed))


@pytest.mark.parametrize("seed", range(12))
def test_no_row_has_two_columns_of_one_colour(seed):
    pattern = random_pattern(3 + 5 * seed, 40, 0.05 + 0.02 * seed, seed)
    colours = column_colours(pattern)
    for i in range(pattern.shape[0]):
        mine = colours[pattern[[i]].indices]
        assert len(set(mine)) == len(mine)


@pytest.mark.parametrize("seed", range(12))
def test_no_path_over_four_vertices_has_two_colours(seed):
    half = random_pattern(24, 24, 0.02 + 0.02 * seed, seed)
    pattern = (half + half.T).tocsr()
    colours = star_colours(pattern)
    dense = pattern.toarray() != 0
    np.fill_diagonal(dense, False)
    neighbours = [np.flatnonzero(row) for row in dense]
    for v in range(24):
        assert colours[v] not in colours[neighbours[v]]
        for w, x in itertools.product(neighbours[v], repeat=2):
            # The paths u - w - v - x over the middle edge from w to v.
            for u in neighbours[w]:
                if w != x and u not in (v, x):
                    assert len({colours[u], colours[w], colours[v], colours[x]}) > 2


@pytest.mark.parametrize("width", [0, 1, 2, 5])
def test_bands_need_as_many_colours_as_they_have_diagonals(width):
    assert column_colours(banded(50, width)).max() + 1 == 2 * width + 1


@pytest.mark.parametrize("hub", [0, 7, 19])
def test_a_star_needs_two_colours_wherever_its_hub_is(hub):
    dense = np.eye(20)
    dense[hub] = dense[:, hub] = 1
    pattern = scipy.sparse.csr_array(dense)
    assert star_colours(pattern).max() + 1 == 2
    assert column_colours(pattern).max() + 1 == 20


def test_a_chain_needs_three_colours():
    assert star_colours(banded(50, 1)).max() + 1 == 3


def test_dense_rows_are_taken_alone_where_that_costs_less():
    assert densest(np.array([3, 90, 3, 70, 3, 3, 3, 3]), 1).tolist() == [1, 3]
    assert densest(np.array([3, 4, 3, 4]), 1).tolist() == []
    assert densest(np.array([3, 4, 0, 4]), 30).tolist() == [1, 3, 0]
    assert densest(np.zeros(0, int), 1).tolist() == []
