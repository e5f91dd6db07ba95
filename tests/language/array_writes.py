"""Writing into arrays by every kind of index."""

import numpy as np

from tests.language.table import supported

V = np.array([0.5, -1.2, 2.0, 0.8])
M = np.array([[1.0, 2.0, 0.5], [0.3, -1.0, 1.5]])


@supported("`a[i] = v`", lambda: (1.3, 6))
def fibonacci_like(x, n):
    a = np.zeros(n)
    a[0] = x
    a[1] = x * x
    for i in range(2, n):
        a[i] = a[i - 1] * a[i - 2] + 0.1
    return a[n - 1]


@supported("`a[i] = v`", lambda: (V.copy(), 0.7))
def argument_is_written(a, x):
    y = a[0] * a[1]
    a[0] = x * a[2]
    a[-1] = a[0] * y
    return np.sum(a * a)


@supported("`a[i] = v`", lambda: (M.copy(), 1.3))
def matrix_elements(m, x):
    m = m.copy()
    m[0, 1] = x
    m[1][2] = m[0, 1] * m[1, 0]
    return m


@supported("`a[i] op= v`", lambda: (V.copy(), 0.7))
def every_operator_on_elements(a, x):
    a = a * 1.0
    a[0] += x
    a[1] -= a[0] * x
    a[2] *= a[1]
    a[3] /= a[0]
    a[2] **= 2
    return a[1] * a[2] + a[3]


@supported("`a[i] op= v`", lambda: (V.copy(), 1.3))
def slices_are_added_to(a, x):
    b = np.zeros(6)
    b[1:5] += a
    b[::2] += x
    b[:3] *= b[3:]
    b[-2:] -= b[0] * x
    return b


@supported("slices: steps, negative, ellipsis, None", lambda: (V.copy(), 1.3))
def steps_and_reversal(a, x):
    b = np.ones(6)
    b[::-2] = a[1:]
    b[4:0:-2] = a[:2] * x
    b[...] = b * b
    return b


@supported("slices: steps, negative, ellipsis, None", lambda: (M.copy(), V.copy()))
def axes_in_the_middle(m, v):
    t = np.zeros((2, 4, 3))
    t[:, 1] = m
    t[..., 2] = v
    t[0, None, 3] = m[1] * v[0]
    t[1, ..., 0] *= 2.0
    return t


@supported("broadcasting writes", lambda: (1.3, np.array([0.5, 2.0, -1.0])))
def row_and_column_by_broadcasting(x, v):
    m = np.zeros((2, 3))
    m[:] = v
    m[:, :1] = x
    m[1] += x * m[0, 1]
    m[:, 1:] *= np.array([[x], [2.0]])
    return m


@supported("overlapping copies", lambda: (V.copy(),))
def shifted_to_the_right(a):
    a = a * 1.0
    a[1:] = a[:-1]
    return a * np.array([1.0, 2.0, 3.0, 4.0])


@supported("overlapping copies", lambda: (V.copy(),))
def shifted_in_place_with_sum(a):
    a[:-1] += a[1:]
    a[1:] *= a[:-1]
    return a


@supported("overlapping copies", lambda: (V.copy(), 0.1))
def heat_equation(u, k):
    u = u.copy()
    for _ in range(3):
        u[1:-1] = u[1:-1] + k * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        u[0] = u[1]
    return np.sum(u**2)


@supported("overlapping copies", lambda: (V.copy(),))
def reversed_onto_itself(a):
    a = a * a
    a[:] = a[::-1]
    a[::2], a[1::2] = a[1::2] * 3.0, a[::2] * 1.0
    return a * V


@supported("index arrays", lambda: (V.copy(), np.array([2, 0]), 1.3))
def scattered(a, index, x):
    b = np.zeros(4)
    b[index] = a[:2] * x
    b[[3, 1]] += b[index]
    return b * V


@supported("index arrays", lambda: (np.array([0.4, 1.7]), 1.3))
def repeated_index_keeps_the_last(v, x):
    a = np.array([1.0, 2.0]) * x
    a[[0, 0]] = v
    return a[0] * 3.0 + a[1] * a[0]


@supported("index arrays", lambda: (np.array([0.4, 1.7]), 1.3))
def repeated_index_adds_once(v, x):
    a = np.array([1.0, 2.0]) * x
    a[[0, 0]] += v
    a[[1, 1, 0]] *= x
    return a[0] * 3.0 + a[1] * a[0]


@supported("index arrays", lambda: (M.copy(), np.array([0, 1]), np.array([2, 1]), V[:2].copy()))
def pairs_of_index_arrays(m, i, j, v):
    m[i, j] = v * m[i, 0]
    m[:, j] *= 2.0
    m[np.ix_([0, 1], [0, 2])] += v[:, None]
    return m


@supported("boolean masks", lambda: (V.copy(), 0.7))
def negative_part_is_replaced(a, x):
    a = a.copy()
    a[a < 0] = x * x
    a[a > 1.0] *= x
    return a * np.arange(1.0, 5.0)


@supported("boolean masks", lambda: (M.copy(), V.copy()))
def mask_filled_by_an_array(m, v):
    mask = np.array([[True, False, True], [False, True, True]])
    m = m * 1.0
    m[mask] = v
    m[mask[:, 0], 1:] -= v[0]
    m[~mask] = m[mask][:2] * 3.0
    return m


@supported("boolean masks", lambda: (V.copy(), 2.0))
def mask_of_the_array_itself_in_a_loop(a, x):
    for _ in range(2):
        big = a > 0.6
        a[big] = a[big] * 0.4 + x * 0.1
    return np.sum(a**2)


@supported("0-d arrays", lambda: (np.array(1.3), 0.7))
def zero_d_array_is_written(a, x):
    b = np.zeros(())
    b[()] = a * x
    b += a
    b[...] = b * b
    return b * x


@supported("`op=` on a whole array", lambda: (V.copy(), 1.3))
def whole_array_operators(a, x):
    b = a * 1.0
    b += a
    b *= x
    b -= 0.5
    b /= a
    b **= 2
    return b


@supported("`op=` on a whole array", lambda: (M.copy(), 1.3))
def matmul_in_place(m, x):
    m @= np.array([[x, 0.0, 1.0], [0.5, 1.0, 0.0], [0.0, x * x, 2.0]])
    return m


@supported("`op=` on a whole array", lambda: (1.3, np.array([0.5, 2.0])))
def number_becomes_an_array(x, a):
    s = x
    s += a
    s *= x
    return s


@supported("writes of complex numbers", lambda: (1.3 + 0.4j, 0.7))
def complex_elements(z, x):
    a = np.zeros(3, dtype=complex)
    a[0] = z
    a[1] = x
    a[2] = a[0] * a[1] + 1j * x
    a[1:] *= z
    return a


@supported("writes that cast", lambda: (1.3, np.array([0.5, 2.0], dtype=np.float32)))
def float64_into_float32(x, a):
    a[0] = x * a[1]
    b = np.zeros(2)
    b[:] = a
    return b * x


@supported("a float written into an integer array, which cuts it off", lambda: (1.34,))
def truncated_by_the_array(x):
    a = np.zeros(3, dtype=int)
    a[0] = 10.0 * x
    return a[0] * 0.1 * x


@supported("array that is made read-only", lambda: (V.copy(), 1.3))
def made_read_only(a, x):
    b = a * x
    b[0] = x
    b.setflags(write=False)
    c = b.copy()
    c[1] = b[0] * a[2]
    return b * c
