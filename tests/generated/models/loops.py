"""Loops, each with the gradient that one would write by hand."""

import math

import numpy as np


def orbit(y, k, n):
    for _ in range(n):
        y = y + k * np.sin(y)
    return y


def newton(a):
    x = a
    while True:
        step = (x * x - a) / (2 * x)
        if abs(step) < 1e-10:
            break
        x = x - step
    return x


def kepler(m, e):
    u = m
    count = 0
    while count < 50:
        count += 1
        error = u - e * math.sin(u) - m
        if abs(error) < 1e-12:
            break
        u = u - error / (1.0 - e * math.cos(u))
    return u


def horner(c, x):
    total = 0.0
    for a in c:
        total = total * x + a
    return total


def heat(u, k, n):
    for _ in range(n):
        u = u[1:-1] + k * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return np.sum(u * u)


def rnn(x, w, u, b, n):
    h = np.zeros(3)
    for i in range(n):
        h = np.tanh(w @ h + u @ x[i] + b)
    return np.sum(h * h)


def search(x, n):
    total = 0.0
    for i in range(n):
        term = x ** i / (i + 1.0)
        if term < 1e-3:
            return total
        total = total + term
    return total + 1.0 / x


def mesh(a, b, n):
    total = 0.0
    for i in range(n):
        row = a * i
        for j in range(n):
            total = total + math.exp(-row * b * j)
    return total


# ------------------------------------------------------------------------- by hand


def orbit_hand(y, k, n):
    saved = []
    for _ in range(n):
        sin_y = np.sin(y)
        saved.append((y, sin_y))
        y = y + k * sin_y
    y_bar, k_bar = 1.0, 0.0
    for y, sin_y in reversed(saved):
        k_bar = k_bar + y_bar * sin_y
        y_bar = y_bar + y_bar * k * np.cos(y)
    return y_bar, k_bar


def newton_hand(a):
    x = a
    saved = []
    while True:
        x2 = 2 * x
        step = (x * x - a) / x2
        if abs(step) < 1e-10:
            break
        saved.append((x, x2, step))
        x = x - step
    x_bar, a_bar = 1.0, 0.0
    for x, x2, step in reversed(saved):
        step_bar = -x_bar / x2
        a_bar = a_bar - step_bar
        x_bar = x_bar + 2 * x * step_bar - 2 * step_bar * step
    return a_bar + x_bar


def kepler_hand(m, e):
    u = m
    count = 0
    saved = []
    while count < 50:
        count += 1
        sin_u = math.sin(u)
        error = u - e * sin_u - m
        if abs(error) < 1e-12:
            break
        cos_u = math.cos(u)
        below = 1.0 - e * cos_u
        saved.append((sin_u, cos_u, error, below))
        u = u - error / below
    u_bar, m_bar, e_bar = 1.0, 0.0, 0.0
    for sin_u, cos_u, error, below in reversed(saved):
        error_bar = -u_bar / below
        below_bar = -error_bar * error / below
        e_bar = e_bar - below_bar * cos_u - error_bar * sin_u
        m_bar = m_bar - error_bar
        u_bar = u_bar + below_bar * e * sin_u + error_bar * (1.0 - e * cos_u)
    return m_bar + u_bar, e_bar


def horner_hand(c, x):
    total = 0.0
    saved = []
    for a in c:
        saved.append(total)
        total = total * x + a
    total_bar, x_bar = 1.0, 0.0
    c_bar = []
    for total in reversed(saved):
        c_bar.append(total_bar)
        x_bar = x_bar + total_bar * total
        total_bar = total_bar * x
    c_bar.reverse()
    return c_bar, x_bar


def heat_hand(u, k, n):
    saved = []
    for _ in range(n):
        bend = u[2:] - 2.0 * u[1:-1] + u[:-2]
        saved.append((bend, u.shape))
        u = u[1:-1] + k * bend
    u_bar, k_bar = 2.0 * u, 0.0
    for bend, shape in reversed(saved):
        k_bar = k_bar + np.sum(u_bar * bend)
        bend_bar = u_bar * k
        grown = np.zeros(shape)
        grown[2:] += bend_bar
        grown[1:-1] += u_bar - 2.0 * bend_bar
        grown[:-2] += bend_bar
        u_bar = grown
    return u_bar, k_bar


def rnn_hand(x, w, u, b, n):
    h = np.zeros(3)
    saved = []
    for i in range(n):
        before = h
        h = np.tanh(w @ h + u @ x[i] + b)
        saved.append((i, before, h))
    h_bar = 2 * h
    w_bar, u_bar, b_bar = np.zeros(w.shape), np.zeros(u.shape), np.zeros(b.shape)
    for i, before, h in reversed(saved):
        z_bar = h_bar * (1 - h * h)
        b_bar = b_bar + z_bar
        u_bar = u_bar + np.outer(z_bar, x[i])
        w_bar = w_bar + np.outer(z_bar, before)
        h_bar = w.T @ z_bar
    return w_bar, u_bar, b_bar


def search_hand(x, n):
    returned = False
    saved = []
    for i in range(n):
        below = i + 1.0
        term = x ** i / below
        if term < 1e-3:
            returned = True
            break
        saved.append((i, below))
    if returned:
        x_bar = 0.0
    else:
        x_bar = -1.0 / x / x
    for i, below in reversed(saved):
        term_bar = 1.0 / below
        x_bar += term_bar * i * x ** (i - 1)
    return x_bar


def mesh_hand(a, b, n):
    saved = []
    for i in range(n):
        inner = []
        row = a * i
        for j in range(n):
            inner.append((j, math.exp(-row * b * j)))
        saved.append((i, row, inner))
    a_bar, b_bar = 0.0, 0.0
    for i, row, inner in reversed(saved):
        row_bar = 0.0
        for j, e in reversed(inner):
            row_bar = row_bar - e * b * j
            b_bar = b_bar - e * row * j
        a_bar = a_bar + row_bar * i
    return a_bar, b_bar


# ------------------------------------------------------- by hand, as (value, pullback)


def orbit_hand_vjp(y, k, n):
    saved = []
    for _ in range(n):
        sin_y = np.sin(y)
        saved.append((y, sin_y))
        y = y + k * sin_y

    def pullback(y_bar):
        k_bar = 0.0
        for y, sin_y in reversed(saved):
            k_bar += y_bar * sin_y
            y_bar = y_bar + y_bar * k * np.cos(y)
        return y_bar, k_bar

    return y, pullback


def newton_hand_vjp(a):
    x = a
    saved = []
    while True:
        x2 = 2 * x
        step = (x * x - a) / x2
        if abs(step) < 1e-10:
            break
        saved.append((x, x2, step))
        x = x - step

    def pullback(x_bar):
        a_bar = 0.0
        for x, x2, step in reversed(saved):
            step_1_bar = -x_bar / x2
            a_bar -= step_1_bar
            x_bar = x_bar + 2 * x * step_1_bar - 2 * step_1_bar * step
        return a_bar + x_bar

    return x, pullback
