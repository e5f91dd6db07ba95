"""Arrays that each round of a loop makes anew, fills and hands on, as programs step in time.

Numbers: central differences of the plain function.
"""

import numpy as np
import pytest

import s2sdiff as sd

X = np.linspace(0.1, 1.0, 8) ** 2
N = 4


def double_buffer(x):
    u = x.copy()
    for _ in range(N):
        new = u.copy()
        new[1:-1] = u[1:-1] + 0.1 * (u[2:] * u[:-2] - 2 * u[1:-1])
        u, new = new, u
    return u * u


def from_the_argument(x):
    u = x
    for k in range(N):
        new = np.zeros_like(u)
        new[1:] = u[:-1] * u[1:]
        new[0] += u[-1] * (k + 1)
        u = new
    return u


def while_it_is_small(x):
    u, k = x * 1.0, 0
    while np.sum(u) < 30.0 and k < 6:
        new = np.empty(u.shape)
        new[:] = u + 0.3 * u * u
        new[0] = u[1]
        u = new
        k += 1
    return u * k


def two_of_them(x):
    u, v = x.copy(), np.sin(x)
    for _ in range(N):
        a, b = u.copy(), np.zeros(len(x))
        a[:-1] -= 0.1 * v[1:] * u[:-1]
        b[:] = v + 0.1 * a
        u, v = a, b
    return u * v


def crosswise(x):
    u, v = x.copy(), np.sin(x)
    for _ in range(N):
        a, b = u * 0.5, v * 0.7
        a[0] = v[-1] * u[1]
        b[1:] += u[:-1] ** 2
        u, v = b, a
    return u * v + u


def kept_in_a_list(x):
    """The history holds what is handed on."""
    u, history = x.copy(), []
    for _ in range(N):
        new = u.copy()
        new[1:] = u[:-1] * u[1:]
        history.append(new)
        u = new
    history[0][0] = 0.0
    return u + history[0] + history[1] * history[-1]


def written_once_more(x):
    """The next round writes what it was handed."""
    u = x.copy()
    for _ in range(N):
        u[0] = u[1] * u[2]
        new = u.copy()
        new[1:-1] = u[2:] * u[:-2]
        u[3] = 0.0
        u = new
        u *= 1.1
    return u * u


def a_view_is_handed_on(x):
    u = x[1:]
    for _ in range(3):
        new = np.zeros(len(u) + 1)
        new[1:] = u * 1.1
        new[0] = u[0] * u[1]
        u = new[:-1]
        new[2] = u[1] * 2.0
    return u


def a_view_outlives_it(x):
    u, first = x.copy(), x[:2]
    for _ in range(N):
        new = u.copy()
        new[1:] = u[:-1] * u[1:] + first[0]
        first = new[:2]
        u = new
    u[0] = 3.0
    return u + first[1] * first[0]


def the_one_before(x):
    before, u = x, x.copy()
    for _ in range(N):
        new = u.copy()
        new[1:] = 1.5 * u[1:] - 0.5 * before[:-1] * u[:-1]
        before, u = u, new
    return u - before * u


def swapped(x):
    u, new = x.copy(), np.zeros_like(x)
    for _ in range(N):
        new[1:-1] = u[1:-1] + 0.1 * (u[2:] * u[:-2] - 2 * u[1:-1])
        new[0], new[-1] = u[1] * u[0], u[-1]
        u, new = new, u
    return u * new


def left_early(x):
    u = x.copy()
    for k in range(9):
        new = u.copy()
        new[1:] = u[:-1] + u[1:] * u[1:]
        if np.max(new) > 2.0:
            break
        u = new
    return u * new


def by_columns(x):
    u = np.outer(x, x[:3])
    for _ in range(N):
        new = np.zeros(u.shape)
        new[:, 1] = u[:, 0] * u[:, 2]
        new[::2, 0] = u[1::2, 1]
        new[:, 2] += u.sum(axis=1)
        u = new
    return u


def in_two_loops(x):
    u = x.copy()
    for _ in range(2):
        for _ in range(2):
            new = u.copy()
            new[1:] = u[:-1] * u[1:]
            u = new
        new = np.zeros_like(u)
        new[:-1] = u[1:] + u[:-1]
        u = new
    return u


ALL = [double_buffer, from_the_argument, while_it_is_small, two_of_them, crosswise, kept_in_a_list,
       written_once_more, a_view_is_handed_on, a_view_outlives_it, the_one_before, swapped,
       left_early, by_columns, in_two_loops]
#: Of these nothing has places.
PLAIN = [double_buffer, from_the_argument, while_it_is_small, two_of_them, crosswise,
         the_one_before, by_columns, in_two_loops]


def along(f, x, t, h):
    ends = [f(x + s * h * t) for s in (1.0, -1.0)]
    return (ends[0] - ends[1]) / (2 * h)


@pytest.mark.parametrize("f", ALL, ids=lambda f: f.__name__)
def test_all_modes_agree_with_differences(f):
    rng = np.random.default_rng(3)
    x = X.copy()
    y, pullback = sd.vjp(f, x)
    np.testing.assert_allclose(y, f(X.copy()))
    np.testing.assert_array_equal(x, X)
    y_bar = rng.normal(size=y.shape)
    rows = np.array([np.sum(y_bar * along(f, X, e, 1e-6)) for e in np.eye(len(X))])
    for _ in range(2):
        np.testing.assert_allclose(pullback(y_bar), rows, rtol=1e-6, atol=1e-8)
    t = rng.normal(size=X.shape)
    np.testing.assert_allclose(sd.jvp(f, (X,), (t,))[1], along(f, X, t, 1e-6), rtol=1e-6, atol=1e-8)

    def total(x):
        return np.sum(f(x) * y_bar)

    np.testing.assert_allclose(sd.hvp(total, (X,), (t,)), along(sd.grad(total), X, t, 1e-5),
                               rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(sd.hessian(total)(X) @ t, along(sd.grad(total), X, t, 1e-5),
                               rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("f", PLAIN, ids=lambda f: f.__name__)
def test_nothing_is_kept_by_place(f):
    found = sd.source(f, "vjp", args=(X,))
    assert "deposit" not in found and "by_place" not in found


def test_it_reads_as_it_would_by_hand():
    assert sd.source(double_buffer, "jvp", args=(X,)).count("rt.") == 0
    assert sd.source(double_buffer, "vjp", args=(X,)).count("rt.") == 0
