"""Straight lines and branches, each with the gradient that one would write by hand."""

import math

import numpy as np


def wave(x, w):
    y = np.sin(x) * w
    return y + x ** 2


def dense(x, w, b):
    h = np.tanh(x @ w + b)
    return np.sum(h * h)


def huber(r, d):
    if abs(r) < d:
        loss = r * r
    else:
        loss = d * abs(r)
    return loss


def g(x):
    if x > 1.0:
        return np.exp(x)
    return x * x


def outer(x, s):
    y = g(x)
    return y * s


def rosenbrock(x, y):
    return (1.0 - x) ** 2 + 100.0 * (y - x ** 2) ** 2


def normal(x):
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


def black_scholes(s, k, r, sigma, t):
    root = sigma * math.sqrt(t)
    d1 = (math.log(s / k) + (r + 0.5 * sigma ** 2) * t) / root
    d2 = d1 - root
    return s * normal(d1) - k * math.exp(-r * t) * normal(d2)


def drag(v, area):
    if v <= 0.0:
        return 0.0
    re = v * area / 1.5e-5
    if re < 1.0:
        return 24.0 / re * v * v
    return 0.44 * area * v * v


def slope(state):
    x, y, z = state
    return 10.0 * (y - x), x * (28.0 - z) - y, x * y - 2.5 * z


def lorenz(x, y, z, h):
    a, b, c = slope((x, y, z))
    d, e, f = slope((x + 0.5 * h * a, y + 0.5 * h * b, z + 0.5 * h * c))
    return (x + h * d) + (y + h * e) + (z + h * f)


# ------------------------------------------------------------------------- by hand


def wave_hand(x, w):
    return 2 * x + w * np.cos(x), np.sin(x)


def dense_hand(x, w, b):
    h = np.tanh(x @ w + b)
    h_bar = 2 * h
    z_bar = h_bar * (1 - h * h)
    return x.T @ z_bar, np.sum(z_bar, axis=0)


def huber_hand(r, d):
    abs_r = abs(r)
    if abs_r < d:
        return 2 * r, 0.0
    return d * np.sign(r), abs_r


def g_hand(x):
    return np.exp(x) if x > 1.0 else 2 * x


def outer_hand(x, s):
    y = g(x)
    return s * g_hand(x), y


def rosenbrock_hand(x, y):
    rise = y - x ** 2
    rise_bar = 200.0 * rise
    return -2 * (1.0 - x) - rise_bar * 2 * x, rise_bar


def density(x):
    return math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)


def black_scholes_hand(s, k, r, sigma, t):
    # With the bells of both erfs multiplied in, as the compiler cannot know that they cancel.
    root_t = math.sqrt(t)
    root = sigma * root_t
    ratio = s / k
    drift = r + 0.5 * sigma ** 2
    above = math.log(ratio) + drift * t
    d1 = above / root
    d2 = d1 - root
    discount = math.exp(-r * t)
    n1 = normal(d1)
    n2 = normal(d2)
    d2_bar = -k * discount * density(d2)
    d1_bar = s * density(d1) + d2_bar
    discount_bar = -k * n2
    root_bar = -d2_bar - d1_bar * d1 / root
    above_bar = d1_bar / root
    s_bar = n1 + above_bar / s
    sigma_bar = above_bar * t * sigma + root_bar * root_t
    r_bar = above_bar * t - discount_bar * discount * t
    return s_bar, r_bar, sigma_bar


def drag_hand(v, area):
    if v <= 0.0:
        return 0.0, 0.0
    re = v * area / 1.5e-5
    if re < 1.0:
        re_bar = -24.0 / re / re * v * v
        return 48.0 / re * v + re_bar * area / 1.5e-5, re_bar * v / 1.5e-5
    return 0.88 * area * v, 0.44 * v * v


def slope_hand(state, a_bar, b_bar, c_bar):
    x, y, z = state
    x_bar = -10.0 * a_bar + (28.0 - z) * b_bar + y * c_bar
    y_bar = 10.0 * a_bar - b_bar + x * c_bar
    return x_bar, y_bar, -x * b_bar - 2.5 * c_bar


def lorenz_hand(x, y, z, h):
    a, b, c = slope((x, y, z))
    x1 = x + 0.5 * h * a
    y1 = y + 0.5 * h * b
    z1 = z + 0.5 * h * c
    x1_bar = -10.0 * h + (28.0 - z1) * h + y1 * h
    y1_bar = 10.0 * h - h + x1 * h
    z1_bar = -x1 * h - 2.5 * h
    half = 0.5 * h
    a_bar = half * x1_bar
    b_bar = half * y1_bar
    c_bar = half * z1_bar
    x_bar = 1.0 + x1_bar - 10.0 * a_bar + (28.0 - z) * b_bar + y * c_bar
    y_bar = 1.0 + y1_bar + 10.0 * a_bar - b_bar + x * c_bar
    z_bar = 1.0 + z1_bar - x * b_bar - 2.5 * c_bar
    return x_bar, y_bar, z_bar
