"""Views that do not look like ones: stars of arrays, `einsum` of one operand, `x.__getitem__`.

What is written through them, or through the array, is seen by both, in second derivatives, too.
"""

import numpy as np
import pytest

import s2sdiff as sd

POINT = np.array([0.7, 0.4, 1.3])


def starred_list(m):
    return [*m][1]


def starred_tuple(m):
    return (*m,)[1]


def starred_part(m):
    return [*m[:2]][1]


def starred_beside(m):
    return [0.5, *m][2]


def starred_in_a_dict(m):
    return {"rows": [*m]}["rows"][1]


def starred_columns(m):
    return [*m.T][1]


def diagonal(m):
    return np.einsum("ii->i", m)


def row_of_a_transpose(m):
    return np.einsum("ij->ji", m)[1]


def the_same(m):
    return np.einsum("...", m)[1]


def by_method(m):
    return m.__getitem__(1)


def by_the_class(m):
    return np.ndarray.__getitem__(m, 1)


VIEWS = [starred_list, starred_tuple, starred_part, starred_beside, starred_in_a_dict,
         starred_columns, diagonal, row_of_a_transpose, the_same, by_method, by_the_class]


def whole_scaled(m, row, x):
    m *= 2.0
    return np.sum(row * row)


def whole_by_itself(m, row, x):
    m *= m
    return np.sum(row * row)


def element_set(m, row, x):
    m[1, 1] = x[0] * x[1]
    return np.sum(row * row)


def row_scaled(m, row, x):
    row *= 2.0
    return np.sum(m * m)


def row_by_itself(m, row, x):
    row *= row
    return np.sum(m * x)


WRITES = [whole_scaled, whole_by_itself, element_set, row_scaled, row_by_itself]


def differences(f, x):
    return np.stack([(f(x + e) - f(x - e)) / 2e-6 for e in 1e-6 * np.eye(len(x))])


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("view", VIEWS)
def test_views_are_written_and_seen(view, write):
    def f(x):
        m = np.outer(x, x)
        return write(m, view(m), x)

    slope = differences(f, POINT)
    value, pullback = sd.vjp(f, POINT)
    assert value == pytest.approx(f(POINT))
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), slope, rtol=1e-6)
    along = np.array([0.3, -0.7, 0.2])
    try:
        np.testing.assert_allclose(sd.jvp(f, (POINT,), (along,))[1], slope @ along, rtol=1e-6)
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)
    curved = differences(sd.grad(f), POINT)
    try:
        np.testing.assert_allclose(sd.jacrev(sd.grad(f))(POINT), curved, rtol=1e-6, atol=1e-8)
        if write is whole_scaled:
            np.testing.assert_allclose(sd.hessian(f)(POINT), curved, rtol=1e-6, atol=1e-8)
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)


def test_rows_of_a_starred_array_in_a_loop():
    def f(x):
        m = np.outer(x, x)
        for row in [*m]:
            row *= x
        return np.sum(m)

    np.testing.assert_allclose(sd.grad(f)(POINT), differences(f, POINT), rtol=1e-6)


def test_row_of_one_that_is_written_over():
    def f(x):
        m = (x * x)[None]
        rows = (*m,)
        m[0] = 1.0
        return np.sum(rows[0] * x)

    np.testing.assert_allclose(sd.grad(f)(POINT), np.ones(3))
    np.testing.assert_allclose(sd.jacfwd(f)(POINT), np.ones(3))
