"""Writes, views and loops within each other."""

import numpy as np

from tests.language.table import supported

V = np.array([0.5, -1.2, 2.0, 0.8])
M = np.array([[1.0, 2.0, 0.5], [0.3, -1.0, 1.5]])


@supported("write in a branch in a loop", lambda: (V.copy(), 1.3))
def written_where_positive(a, x):
    a = a * 1.0
    for i in range(len(a)):
        if a[i] > 0:
            a[i] = a[i] * x + a[i - 1]
        elif i == 1:
            a[i] -= x
    return a


@supported("write in a branch in a loop", lambda: (V.copy(), 1.3))
def written_on_one_path_only(a, x):
    b = np.zeros(4)
    if x > 1.0:
        b = a * x
    for k in range(3):
        if k % 2:
            b[k] = b[k - 1] * a[k]
        else:
            continue
        b[0] += b[k]
    return b * a


@supported("loop that writes and breaks", lambda: (V.copy(), 1.3))
def written_until_large(a, x):
    total = 0.0
    for i in range(len(a)):
        a[i] *= x
        total += a[i] ** 2
        if total > 5.0:
            a[0] = total
            break
        a[-1] += a[i]
    else:
        a[0] = 0.0
    return total * a[0] + a[-1]


@supported("loop that writes and breaks", lambda: (V.copy(), 1.3))
def return_after_a_write(a, x):
    while True:
        a[0] = a[0] * x + a[1] * 0.1
        if a[0] > 0.9:
            a[1] = x
            return np.sum(a * a) * x
        a[2] += a[0]


@supported("allocation in a loop", lambda: (V.copy(), 1.3))
def buffer_made_in_each_round(a, x):
    total = np.zeros(4)
    for k in range(3):
        buffer = np.zeros(4)
        buffer[k:] = a[: 4 - k] * x
        buffer[0] += total[-1]
        total += buffer * buffer
    return total


@supported("allocation in a loop", lambda: (V.copy(), 1.3))
def buffers_are_collected(a, x):
    rows = []
    for k in range(3):
        row = a * k
        row[k] = x
        rows.append(row)
    rows[0][1] = rows[2][2]
    rows[1] += rows[0]
    return rows[0] * rows[1] + rows[2]


@supported("allocation in a loop", lambda: (V.copy(), 1.3))
def buffer_kept_from_the_last_round(a, x):
    old = a
    for _ in range(3):
        new = old * 1.0
        new[1:] += x * old[:-1]
        new[0] = old[-1]
        old = new
    return old


@supported("one buffer reused in a loop", lambda: (V.copy(), 1.3))
def buffer_is_overwritten_in_each_round(a, x):
    buffer = np.empty(4)
    total = 0.0
    for k in range(3):
        buffer[:] = a * x**k
        buffer[1] *= buffer[0]
        total += np.sum(np.sin(buffer))
    return total


@supported("one buffer reused in a loop", lambda: (V.copy(), 1.3))
def same_buffer_appended_in_each_round(a, x):
    buffer = np.zeros(4)
    kept, copies = [], []
    for k in range(3):
        buffer[k] = x * a[k]
        kept.append(buffer)
        copies.append(buffer.copy())
    return kept[0] * copies[0] + kept[1] * copies[1]


@supported("time stepping", lambda: (V.copy(), 0.2))
def two_levels_in_one_array(u, k):
    w = np.zeros((3, 4))
    w[0] = u
    for n in range(2):
        w[n + 1, 1:-1] = w[n, 1:-1] + k * (w[n, 2:] - 2 * w[n, 1:-1] + w[n, :-2])
        w[n + 1, 0], w[n + 1, -1] = w[n + 1, 1], w[n, -2]
    return w


@supported("time stepping", lambda: (M.copy(), 0.2))
def gauss_seidel(u, w):
    for _ in range(2):
        for i in range(u.shape[0]):
            for j in range(1, u.shape[1] - 1):
                u[i, j] += w * (u[i, j - 1] + u[i, j + 1] - 2.0 * u[i, j] + u[1 - i, j])
    return u


@supported("view in a loop", lambda: (M.copy(), 1.3))
def views_of_columns(m, x):
    m = m * 1.0
    for j in range(3):
        column = m[:, j]
        if j:
            column -= (column @ m[:, j - 1]) * m[:, j - 1]
        column *= x
    return m


@supported("view in a loop", lambda: (V.copy(), 1.3))
def view_that_moves(a, x):
    a = a * 1.0
    window = a[:2]
    for k in range(1, 4):
        window[1] = window[0] * x
        window = a[k: k + 2] if k < 3 else a[:2]
    window[0] += a[3]
    return a


@supported("view in a loop", lambda: (M.copy(), 1.3))
def view_in_a_list_of_views(m, x):
    m = m * 1.0
    columns = [m[:, j] for j in range(3)]
    rows = list(m)
    for column in columns:
        column[0] *= x
        rows[1] += column[0]
    return m * columns[2][1]


@supported("view chosen by a branch", lambda: (V.copy(), 1.3))
def view_or_copy(a, x):
    a = a * 1.0
    part = a[1:] if x > 0 else a[1:].copy()
    other = a[1:] if x < 0 else a[1:].copy()
    part[0] = x
    other[1] = x * x
    return a[:3] * part + other


@supported("view chosen by a branch", lambda: (V.copy(), M.copy(), 1.3))
def array_or_part_of_another(a, m, x):
    m = m * 1.0
    target = a if np.sum(a) < 0 else m[0]
    target[0] = x
    m[0, 1] *= 2.0
    return np.sum(target**2) + m[1] * target[1]


@supported("views and `op=` and rebinding", lambda: (V.copy(), 1.3))
def rebound_view(a, x):
    a = a * 1.0
    b = a[1:3]
    b = b * x
    b += 1.0
    c = a[1:3]
    c += b
    c = c + a[0]
    c *= 2.0
    return np.sum(a * a) + c


@supported("write, read, write, read", lambda: (V.copy(), 1.3))
def old_and_new_contents(a, x):
    s = np.sum(a * a)
    a[0] = s
    t = np.sum(a * a)
    a[1:] = x
    u = np.sin(a)
    a[:] = u * t
    return s * t + a


@supported("masks in loops", lambda: (V.copy(), 1.3))
def converged_elements_are_frozen(a, x):
    active = np.ones(4, dtype=bool)
    u = a * 1.0
    for _ in range(3):
        u[active] = u[active] * 0.5 + x * 0.3
        active &= np.abs(u) > 0.62
    return u


@supported("index computed from what is written", lambda: (V.copy(), 1.3))
def index_depends_on_the_contents(a, x):
    a = a * 1.0
    for _ in range(2):
        k = int(np.argmax(a))
        a[k] *= 0.3
        a[k - 1] += x
    return a * V


@supported("index computed from what is written", lambda: (V.copy(), np.array([0, 2, 1])))
def index_array_is_changed_afterwards(a, index):
    b = a * 1.0
    b[index] *= 2.0
    index[0] = 3
    b[index] += b[0]
    index[:] = 0
    return b * a


@supported("slices that depend on a loop", lambda: (M.copy(),))
def elimination(m):
    m = m.copy()
    for k in range(2):
        m[k] /= m[k, k]
        for i in range(2):
            if i != k:
                m[i, k:] -= m[i, k] * m[k, k:]
    return m


@supported("slices that depend on a loop", lambda: (np.array([[4.0, 1.2], [0.7, 3.0]]),))
def cholesky_in_place(a):
    s = a @ a.T
    for j in range(2):
        s[j, j] = np.sqrt(s[j, j] - np.sum(s[j, :j] ** 2))
        for i in range(j + 1, 2):
            s[i, j] = (s[i, j] - np.sum(s[i, :j] * s[j, :j])) / s[j, j]
        s[j, j + 1:] = 0.0
    return s
