"""Functions that write into arrays, with the gradients that a person writes."""

import numpy as np


def heat_in_place(u, k, steps):
    u = u.copy()
    for _ in range(steps):
        u[1:-1] += k * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return np.sum(u * u)


def heat_in_place_hand(u, k, steps):
    u = u.copy()
    saved = []
    for _ in range(steps):
        bend = u[2:] - 2.0 * u[1:-1] + u[:-2]
        saved.append(bend)
        u[1:-1] += k * bend
    u_bar = 2.0 * u
    k_bar = 0.0
    for bend in reversed(saved):
        g = u_bar[1:-1].copy()
        k_bar += float(np.dot(g, bend))
        g *= k
        u_bar[2:] += g
        u_bar[1:-1] -= 2.0 * g
        u_bar[:-2] += g
    return u_bar, k_bar


def thomas(lower, diagonal, upper, right):
    n = len(diagonal)
    d = diagonal.copy()
    x = right.copy()
    for i in range(1, n):
        w = lower[i - 1] / d[i - 1]
        d[i] -= w * upper[i - 1]
        x[i] -= w * x[i - 1]
    x[n - 1] /= d[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = (x[i] - upper[i] * x[i + 1]) / d[i]
    return np.sum(x * x)


def thomas_hand(lower, diagonal, upper, right):
    n = len(diagonal)
    d = diagonal.copy()
    x = right.copy()
    saved = []
    for i in range(1, n):
        w = lower[i - 1] / d[i - 1]
        saved.append((i, w, x[i - 1]))
        d[i] -= w * upper[i - 1]
        x[i] -= w * x[i - 1]
    x[n - 1] /= d[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = (x[i] - upper[i] * x[i + 1]) / d[i]
    x_bar = 2.0 * x
    d_bar = np.zeros(n)
    lower_bar = np.zeros(n - 1)
    upper_bar = np.zeros(n - 1)
    for i in range(n - 1):
        g = x_bar[i] / d[i]
        d_bar[i] -= g * x[i]
        upper_bar[i] -= g * x[i + 1]
        x_bar[i + 1] -= g * upper[i]
        x_bar[i] = g
    x_bar[n - 1] /= d[n - 1]
    d_bar[n - 1] -= x_bar[n - 1] * x[n - 1]
    for i, w, before in reversed(saved):
        w_bar = -x_bar[i] * before - d_bar[i] * upper[i - 1]
        x_bar[i - 1] -= x_bar[i] * w
        upper_bar[i - 1] -= d_bar[i] * w
        lower_bar[i - 1] = w_bar / d[i - 1]
        d_bar[i - 1] -= w_bar * w / d[i - 1]
    return lower_bar, d_bar, upper_bar, x_bar


def horner_in_place(c, x):
    b = np.zeros(len(c))
    b[-1] = c[-1]
    for i in range(len(c) - 2, -1, -1):
        b[i] = c[i] + x * b[i + 1]
    return b[0]


def horner_in_place_hand(c, x):
    n = len(c)
    b = np.zeros(n)
    b[-1] = c[-1]
    for i in range(n - 2, -1, -1):
        b[i] = c[i] + x * b[i + 1]
    c_bar = np.zeros(n)
    c_bar[0] = 1.0
    x_bar = 0.0
    for i in range(n - 1):
        x_bar += c_bar[i] * b[i + 1]
        c_bar[i + 1] = c_bar[i] * x
    return c_bar, float(x_bar)


def cumulative(rates, first):
    table = np.empty(len(rates) + 1)
    table[0] = first
    for i in range(len(rates)):
        table[i + 1] = table[i] * (1.0 + rates[i])
    return np.sum(table)


def cumulative_hand(rates, first):
    n = len(rates)
    table = np.empty(n + 1)
    table[0] = first
    for i in range(n):
        table[i + 1] = table[i] * (1.0 + rates[i])
    table_bar = np.ones(n + 1)
    rates_bar = np.zeros(n)
    for i in range(n - 1, -1, -1):
        rates_bar[i] = table_bar[i + 1] * table[i]
        table_bar[i] += table_bar[i + 1] * (1.0 + rates[i])
    return rates_bar, float(table_bar[0])


def double_buffer(u, k, steps):
    old = u.copy()
    new = np.zeros(len(u))
    for _ in range(steps):
        new[1:-1] = old[1:-1] + k * (old[2:] - old[:-2])
        old, new = new, old
    return np.sum(old * old)


def double_buffer_hand(u, k, steps):
    old = u.copy()
    new = np.zeros(len(u))
    saved = []
    for _ in range(steps):
        slope = old[2:] - old[:-2]
        saved.append(slope)
        new[1:-1] = old[1:-1] + k * slope
        old, new = new, old
    old_bar = 2.0 * old
    new_bar = np.zeros(len(u))
    k_bar = 0.0
    for slope in reversed(saved):
        old_bar, new_bar = new_bar, old_bar
        g = new_bar[1:-1].copy()
        new_bar[1:-1] = 0.0
        old_bar[1:-1] += g
        k_bar += float(np.dot(g, slope))
        g *= k
        old_bar[2:] += g
        old_bar[:-2] -= g
    return old_bar, k_bar


def orthonormal(a):
    q = a.copy()
    for j in range(q.shape[1]):
        for i in range(j):
            q[:, j] -= (q[:, i] @ q[:, j]) * q[:, i]
        q[:, j] /= np.sqrt(q[:, j] @ q[:, j])
    return np.sum(q[0] * q[-1])


def orthonormal_hand(a):
    q = a.copy()
    saved = []
    for j in range(q.shape[1]):
        for i in range(j):
            column = q[:, j].copy()
            share = q[:, i] @ column
            saved.append((i, j, column, share))
            q[:, j] -= share * q[:, i]
        size = np.sqrt(q[:, j] @ q[:, j])
        saved.append((None, j, None, size))
        q[:, j] /= size
    q_bar = np.zeros(q.shape)
    q_bar[0] = q[-1]
    q_bar[-1] += q[0]
    for i, j, column, number in reversed(saved):
        g = q_bar[:, j].copy()
        if i is None:
            q_bar[:, j] = (g - (g @ q[:, j]) * q[:, j]) / number
        else:
            number_bar = -(g @ q[:, i])
            q_bar[:, i] += number_bar * column - number * g
            q_bar[:, j] += number_bar * q[:, i]
    return q_bar


def weighted_histogram(bins, weights, n):
    counts = np.zeros(n)
    np.add.at(counts, bins, weights)
    return np.sum(counts * counts)


def weighted_histogram_hand(bins, weights, n):
    counts = np.zeros(n)
    np.add.at(counts, bins, weights)
    return 2.0 * counts[bins]
