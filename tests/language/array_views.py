"""Views of arrays: what is written through one name is seen by the others."""

import numpy as np

from tests.language.table import refused, supported

V = np.array([0.5, -1.2, 2.0, 0.8])
M = np.array([[1.0, 2.0, 0.5], [0.3, -1.0, 1.5]])
Z = np.array([1.0 + 2.0j, 0.5 - 1.0j])


@supported("write through a slice", lambda: (V.copy(), 1.3))
def boundary_through_a_view(a, x):
    a = a * 1.0
    inner = a[1:-1]
    inner[0] = x
    inner *= a[0]
    return a


@supported("write through a slice", lambda: (V.copy(), 1.3))
def view_sees_later_writes(a, x):
    a = a * 1.0
    tail = a[2:]
    before = tail[0] * x
    a[2] = x * x
    return before + tail[0] * tail[1]


@supported("write through a slice", lambda: (V.copy(), 1.3))
def view_of_a_view(a, x):
    a = a * a
    odd = a[::-1][::2]
    odd[1] = x
    last = odd[-1:]
    last += odd[0] * x
    return a * V


@supported("write through a slice", lambda: (V.copy(), 1.3))
def views_that_overlap(a, x):
    a = a * 1.0
    left, right = a[:3], a[1:]
    left[1] = x
    right[1] = left[1] * right[2]
    left += right
    return a


@supported("write through a row", lambda: (M.copy(), 1.3))
def rows_in_a_loop_are_views(m, x):
    m = m * 1.0
    for row in m:
        row[0] = x * row[1]
        row /= np.sum(row**2)
    return m


@supported("write through a row", lambda: (M.copy(), 1.3))
def rows_with_their_number(m, x):
    m = m.copy()
    for i, row in enumerate(m):
        row += i * x
        m[i, 2] = row[0] * row[1]
    return m


@supported("write through a row", lambda: (M.copy(), 1.3))
def unpacked_rows_are_views(m, x):
    m = m * 1.0
    top, bottom = m
    top[1] = x
    bottom += top
    return m


@supported("write through `.T`, `reshape`, `ravel`", lambda: (M.copy(), 1.3))
def written_through_the_transpose(m, x):
    m = m * 1.0
    t = m.T
    t[0] = x
    t[1:, 1] *= m[0, 0]
    return m


@supported("write through `.T`, `reshape`, `ravel`", lambda: (M.copy(), 1.3))
def written_through_a_reshape(m, x):
    m = m * 1.0
    flat = m.reshape(-1)
    flat[1::2] = x * flat[::2]
    cube = flat.reshape(1, 3, 2)
    cube[0, 1] += x
    return m


@supported("write through `.T`, `reshape`, `ravel`", lambda: (M.copy(), 1.3))
def ravel_of_a_transpose_is_a_copy(m, x):
    m = m * 1.0
    copy = m.T.ravel()
    copy[0] = x
    view = m.ravel()
    view[1] = copy[0] * copy[2]
    return np.sum(m**2) * copy[1]


@supported("write through `.T`, `reshape`, `ravel`", lambda: (np.arange(1.0, 9.0), 1.3))
def swapped_and_moved_axes(a, x):
    t = (a * 0.5).reshape(2, 2, 2)
    s = np.swapaxes(t, 0, 2)
    s[1, 0] = x
    r = np.moveaxis(t, 0, -1)
    r[0, 0] *= s[0, 1, 1]
    q = t.squeeze()[np.newaxis]
    q[0, 0] += x
    return t


@supported("write through `.flat`", lambda: (M.copy(), 1.3))
def flat_iterator(m, x):
    m = m * 1.0
    m.flat[1] = x
    m.flat[[0, 4]] = m.flat[2] * x
    m.flat[3:] = m.flat[5] * 2.0
    return m


@supported("write through `.flat`", lambda: (np.eye(3), 1.3))
def diagonal_by_a_step(m, x):
    m = m * 1.0
    m.flat[:: 4] = x * x
    m.ravel()[1] = x
    return m @ np.array([1.0, 2.0, 3.0])


@supported("write through `.real` and `.imag`", lambda: (1.3, 0.7))
def parts_are_written(x, y):
    z = np.zeros(2, dtype=complex)
    z.real[0] = x
    z.imag = y * x
    z.real[1] += z.imag[0]
    return np.sum(np.abs(z * z) ** 2)


@supported("write through `.real` and `.imag`", lambda: (Z.copy(), 1.3))
def imaginary_view_of_an_argument(z, x):
    im = z.imag
    im *= x
    re = np.real(z)
    re[0] = im[1] * x
    return z * z


@supported("view by NumPy's functions", lambda: (V.copy(), 1.3))
def maybe_copies(a, x):
    a = a * 1.0
    b = np.asarray(a)
    b[0] = x
    c = np.atleast_2d(b)
    c[0, 1] = b[0] * x
    d = a.view()
    d[2] *= x
    return a


@supported("view by NumPy's functions", lambda: (V.copy(), 1.3))
def real_copies(a, x):
    b = np.array(a)
    c = a.astype(float)
    d = +a
    b[0], c[1], d[2] = x, x * x, 0.0
    return a * b * c * d


@supported("view by NumPy's functions", lambda: (V.copy(), 1.3))
def astype_without_a_copy(a, x):
    a = a * 1.0
    b = a.astype(np.float64, copy=False)
    b[0] = x
    left, right = np.split(a, 2)
    right[0] = left[0] * x
    return a * V


@supported("view by NumPy's functions", lambda: (M.copy(), 1.3))
def diagonal_and_broadcast_are_read(m, x):
    m = m * x
    d = np.diagonal(m)
    wide = np.broadcast_to(m[0], (2, 3))
    m[0, 0] = x
    m[1, 1] *= 2.0
    return np.sum(d * d) + np.sum(wide * M)


@supported("read, then write", lambda: (V.copy(), 1.3))
def read_before_it_is_overwritten(a, x):
    s = np.sum(a * a)
    p = a[0] * a[1]
    a[:] = x
    a[0] = s * p
    return np.sum(a * a)


@supported("write after a call captured the array", lambda: (V.copy(), 1.3))
def einsum_then_write(a, x):
    a = a * 1.0
    y = np.einsum("i,i->", a, a)
    a[0] = x
    z = np.dot(a, a)
    a *= 0.0
    return y * z + np.sum(a)


@supported("write after a call captured the array", lambda: (V.copy(), 1.3))
def result_is_written_after_it_was_captured(a, x):
    e = np.exp(a)
    e[0] = x
    t = np.tanh(a)
    t *= e
    s = np.linalg.norm(t)
    t[:] = 0.0
    return s + np.sum(e)


@refused("view of another dtype", lambda: (V.copy(),), "DifferentiationError", r"dtype|view",
         "the same bytes are read as other numbers")
def bits_of_a_float(a):
    b = (a * 1.0).view(np.int64)  # here
    b[0] &= -4
    return np.sum(b.view(float) ** 2)


@refused("write through strides made by hand", lambda: (V.copy(), 1.3), "DifferentiationError",
         r"as_strided|memory|share",
         "such an array does not say whose memory it is")
def windows_that_are_written(a, x):
    a = a * 1.0
    windows = np.lib.stride_tricks.as_strided(a, (3, 2), (8, 8))  # here
    windows[:, 1] = x
    return np.sum(a * a)
