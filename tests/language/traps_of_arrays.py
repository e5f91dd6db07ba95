"""Where it is easy to be wrong: memory of arrays."""

import numpy as np

from tests.language.table import refused, supported

V = np.array([0.5, -1.2, 2.0, 0.8])
M = np.array([[1.0, 2.0, 0.5], [0.3, -1.0, 1.5]])
Q = np.array([[1.0, 2.0], [0.3, -1.0]])


@supported("elements are copies, rows are views", lambda: (V.copy(), M.copy(), 1.3))
def loops_over_elements_and_rows(a, m, x):
    a, m = a * 1.0, m * 1.0
    for v in a:
        v += x
    for row in m:
        row += x
    s = a[0]
    s *= x
    r = m[0]
    r *= x
    return np.sum(a * a) * s + m


@supported("0-d views of elements", lambda: (M.copy(), 1.3))
def element_by_an_ellipsis(m, x):
    m = m * 1.0
    e = m[0, 1, ...]
    e += x
    f = m[1, 0]
    f += x
    e[...] = e * f
    return m


@supported("chained assignment of an array", lambda: (V.copy(), 1.3))
def two_names_from_one_statement(a, x):
    b = c = np.zeros(4)
    b[0] = x
    c += a
    b = b + 1.0
    b[0] *= x
    return b * c


@supported("a matrix and its transpose", lambda: (Q.copy(), 1.3))
def symmetrised_in_place(m, x):
    m = m * 1.0
    m += m.T
    m[:] = m.T * x
    m[0] = m[:, 0]
    return m @ Q


@supported("a matrix and its transpose", lambda: (Q.copy(),))
def transposed_onto_itself(m):
    m[...] = m.T
    m.T[0] *= m[1]
    return m * Q


@supported("an array indexed by itself", lambda: (V.copy(), np.array([1, 2, 0, 3])))
def permuted_in_place(a, order):
    a = a * 1.0
    a[order] = a
    a[[0, 1]] = a[[1, 0]]
    a[a > 0.6] = a[a < 0.6] * 2.0
    return a * V


@supported("mixed indices", lambda: (np.arange(12.0).reshape(2, 3, 2) * 0.3, V.copy()))
def slices_with_index_arrays(t, v):
    t = t * t
    t[:, [0, 2], 1] += v[:2]
    t[0, :, [1, 0]] *= v[1:3, None]
    t[[0, 1], 0, [1, 1]] = v[2:]
    t[..., np.array([True, False])] -= v[0]
    return t


@supported("tuples and variables as indices", lambda: (M.copy(), (0, 1), 1.3))
def computed_indices(m, at, x):
    m = m * 1.0
    m[at] = x
    m[(*at[:1], -1)] *= x
    part = slice(1, None)
    m[1, part] += m[0, part]
    m[np.s_[:, 0]] = m[:, -1]
    return m


@supported("the value is broadcast or cast", lambda: (np.float32(1.3), V.copy()))
def values_of_other_shapes(x, a):
    m = np.zeros((2, 4))
    m[:] = a[None]
    m[1] = x
    m[:, 1:3] = np.array([[1.0], [x]])
    m[0, 0:1] = [x * 2.0]
    m[1, 3] = a[1:2].sum()
    return m * a


@supported("stacked, then written", lambda: (V.copy(), 1.3))
def copies_by_stacking(a, x):
    a = a * 1.0
    m = np.array([a, a * x])
    n = np.concatenate([a, a])
    a[0] = x
    m[0] += a
    n[0] *= a[0]
    return m * a + n[:4]


@supported("read through a rule, written, read again", lambda: (V.copy(), 1.3))
def loop_of_reads_and_writes(a, x):
    a = a * 1.0
    total = 0.0
    for k in range(3):
        total += np.linalg.norm(a) * np.dot(a, V)
        a[k] = total * 0.1
        a[k + 1:] *= np.exp(-a[k])
    return total * a


@supported("result of a rule that is a view", lambda: (V.copy(), 1.3))
def results_that_may_be_views(a, x):
    a = a * 1.0
    b = np.reshape(a, (2, 2))
    c = np.ravel(b)
    d = np.squeeze(a[None])
    e = np.flip(a)
    f = np.diagonal(b)
    c[0] = x
    d[1] *= x
    e[0] += x
    return b + f + e[:2]


@supported("result of a rule that is a view", lambda: (V.copy(), 1.3))
def where_and_maximum_are_copies(a, x):
    b = np.where(a > 0, a, 0.0)
    c = np.maximum(a, -5.0)
    d = np.clip(a, -5.0, 5.0)
    a[0] = x
    c[1] = x * x
    d *= x
    return a * b + c * d


@supported("the object that others hold", lambda: (V.copy(), 1.3))
def augmented_in_a_container_and_outside(a, x):
    b = a * 1.0
    pair = (b, {"b": b})
    b += x
    b = b - 1.0
    b *= 2.0
    pair[1]["b"] -= a
    pair[0][1] = x
    return pair[0] * b


@supported("a loop that never runs", lambda: (V.copy(), 1.3, 0))
def nothing_is_written(a, x, n):
    a = a * x
    last = a[0]
    for k in range(n):
        a[k] = x
        last = a[k + 1]
    while n:
        a[:] = 0.0
    return a * last


@supported("written before and after a nested call", lambda: (V.copy(), 1.3))
def helper_reads_between_writes(a, x):
    def energy():
        return np.sum(u * u)

    u = a * 1.0
    e0 = energy()
    u[0] = e0 * x
    e1 = energy()
    u[1:] = e1
    return e0 * e1 * energy() * 0.01


@supported("every other element, backwards", lambda: (np.arange(1.0, 7.0) * 0.4, 1.3))
def interleaved_views(a, x):
    a = a * a
    even, odd = a[::2], a[::-2]
    even += odd
    odd -= x * even
    even[:] = even[::-1]
    a[-1:-4:-2] *= x
    return a


@supported("differences of overlapping slices", lambda: (V.copy(), 1.3))
def overlap_of_two_dimensions(a, x):
    m = np.outer(a, a) * x
    m[1:, 1:] = m[:-1, :-1]
    m[:-1] -= m[1:] * 0.5
    m[1:, :] += m[:-1, ::-1]
    return m @ a


@supported("copy by a full slice", lambda: (V.copy(), V[::-1] * 1.5))
def contents_are_replaced(a, b):
    old = a
    a[:] = b
    b[0] = a[1] * a[2]
    a = b
    a[1] = old[3]
    return a * old


@supported("inactive memory that becomes active", lambda: (1.3, 3))
def constants_and_variables_share_a_table(x, n):
    table = np.ones((n, 2))
    table[0] = [2.0, 3.0]
    fixed = table[0]
    total = np.sum(fixed)
    table[1, 0] = x
    fixed[1] = x * x
    total = total + np.sum(fixed * table[1])
    table[:] = 1.0
    return total + table[0, 0]


@refused("a list of views of what is written", lambda: (V.copy(),), "DifferentiationError",
         r"assignment of a list", "NumPy reads each view when those before it have been written")
def rows_turned_round_in_a_list(a):
    m = np.multiply.outer(a, a)
    m[:] = [m[3], m[2], m[1], m[0]]  # here
    return m @ a
