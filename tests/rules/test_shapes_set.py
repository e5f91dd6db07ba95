"""`y.shape = shape`: another view of the memory where nobody else has the array; else refused."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError

pytestmark = pytest.mark.filterwarnings("ignore:Setting the shape:DeprecationWarning")
V = np.arange(1.0, 7.0)


def rows(x):
    y = np.sin(x)
    y.shape = (2, 3)
    y[0, 1] = x[3] * x[0]
    z = y @ y.T
    z.shape = -1
    return np.sum(z[1:] * x[:3])


def in_a_branch(x):
    y = x * x
    if x[0] > 0:
        y.shape = (3, 2)
        y[2] *= x[:2]
    return np.sum(y ** 2) * y.size


def by_another(x):
    y, n = x * x[0], x.size
    y.shape = n // 2, 2
    return np.sum(y[0] * y[-1])


def with_a_result_that_is_read_again(x):
    y = np.exp(x)
    y.shape = (2, 3)
    y[0, 1] = 7.0 * x[0]
    return np.sum(y * y)


def written_over(x):
    y = np.sqrt(x)
    z = y * y * x
    y.shape = (3, 2)
    y[:] = 2.0
    y *= x[0]
    return np.sum(z) + np.sum(y)


class Grid:
    def __init__(self, shape):
        self.shape = shape


def of_an_object(x):
    g = Grid((x[0], 2.0))
    g.shape = (g.shape[0] * x[1], x[2])
    return g.shape[0] * g.shape[1]


@pytest.mark.parametrize("f", [rows, in_a_branch, by_another, of_an_object,
                               with_a_result_that_is_read_again, written_over],
                         ids=lambda f: f.__name__)
def test_an_array_that_nobody_else_has_gets_another_shape(f):
    before = V.copy()
    assert sd.value_and_grad(f)(V)[0] == f(V)
    sd.check_grads(f, (V,), order=2)
    np.testing.assert_array_equal(V, before)


@pytest.mark.parametrize("x", [V.astype(np.float32), V + 1j * V[::-1], V[::-1]])
def test_types_stay_and_entries_keep_their_order(x):
    def shaped(x):
        y = x * 1
        y.shape = (2, -1)
        return y

    value, pullback = sd.vjp(shaped, x)
    np.testing.assert_array_equal(value, x.reshape(2, 3))
    weights = np.arange(6.0).reshape(2, 3).astype(x.dtype)
    for _ in range(2):
        np.testing.assert_array_equal(pullback(weights), weights.ravel())
    assert value.dtype == pullback(weights).dtype == x.dtype


def viewed(x):
    y = x * 2.0
    part = y[1:]
    y.shape = (2, 3)
    part[0] = x[0]
    return np.sum(y[0])


def contained(x):
    y = x * 2.0
    held = [y]
    y.shape = (2, 3)
    return np.sum(held[0][1])


def named_twice(x):
    y = x * 2.0
    z = y
    y.shape = (2, 3)
    return np.sum(z[1])


def given(x):
    x.shape = (2, 3)
    return np.sum(x[1] * x[0])


def helped(x):
    y = x * 2.0
    given(y)
    return np.sum(y[1])


@pytest.mark.parametrize("f", [viewed, contained, named_twice, given, helped],
                         ids=lambda f: f.__name__)
def test_an_array_that_others_may_have_is_refused(f):
    for derivative in (lambda: sd.grad(f)(V.copy()), lambda: sd.jvp(f, (V.copy(),), (V,))):
        with pytest.raises(UnsupportedError, match=r"\.shape of .*Instead, "):
            derivative()


def test_what_the_assignment_raises_is_raised():
    def apart(x):
        y = x.reshape(2, 3).T * 2.0
        y.shape = (6,)
        return np.sum(y)

    def of_others(x):
        y = x * 2.0
        y.shape = (4, 2)
        return np.sum(y)

    for f, error in ((apart, AttributeError), (of_others, ValueError)):
        for run in (f, sd.grad(f), lambda x, f=f: sd.jvp(f, (x,), (x,))):
            with pytest.raises(error):
                run(V)
