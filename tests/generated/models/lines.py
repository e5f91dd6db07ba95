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
    if abs(r) < d:
        r_bar = 2 * r
        d_bar = 0.0
    else:
        r_bar = d * np.sign(r)
        d_bar = abs(r)
    return r_bar, d_bar


def g_hand(x):
    return np.exp(x) if x > 1.0 else 2 * x


def outer_hand(x, s):
    y = g(x)
    g_bar = g_hand(x)
    return s * g_bar, y


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
        v_bar, area_bar = 0.0, 0.0
    else:
        re = v * area / 1.5e-5
        if re < 1.0:
            factor = 24.0 / re
            v_bar = 2 * factor * v
            re_bar = -factor / re * v * v
            area_bar = re_bar * v / 1.5e-5
            v_bar += re_bar * area / 1.5e-5
        else:
            v_bar = 0.88 * area * v
            area_bar = 0.44 * v * v
    return v_bar, area_bar


def lorenz_hand(x, y, z, h):
    rest = 28.0 - z
    a = 10.0 * (y - x)
    b = x * rest - y
    c = x * y - 2.5 * z
    half = 0.5 * h
    x1 = x + half * a
    y1 = y + half * b
    z1 = z + half * c
    d_bar, e_bar, f_bar = h, h, h
    x1_bar = -10.0 * d_bar + (28.0 - z1) * e_bar + y1 * f_bar
    y1_bar = 10.0 * d_bar - e_bar + x1 * f_bar
    z1_bar = -x1 * e_bar - 2.5 * f_bar
    a_bar = half * x1_bar
    b_bar = half * y1_bar
    c_bar = half * z1_bar
    x_bar = 1.0 + x1_bar - 10.0 * a_bar + rest * b_bar + y * c_bar
    y_bar = 1.0 + y1_bar + 10.0 * a_bar - b_bar + x * c_bar
    z_bar = 1.0 + z1_bar - x * b_bar - 2.5 * c_bar
    return x_bar, y_bar, z_bar


# ------------------------------------------------------- by hand, as (value, pullback)


def wave_hand_vjp(x, w):
    sin_x = np.sin(x)
    y = sin_x * w

    def pullback(result_bar):
        x_bar = result_bar * (2 * x)
        w_bar = result_bar * sin_x
        x_bar = x_bar + result_bar * w * np.cos(x)
        return x_bar, w_bar

    return y + x ** 2, pullback


def dense_hand_vjp(x, w, b):
    h = np.tanh(x @ w + b)

    def pullback(result_bar):
        h_bar = 2 * result_bar * h
        z_bar = h_bar * (1 - h * h)
        return x.T @ z_bar, np.sum(z_bar, axis=0)

    return np.sum(h * h), pullback


def huber_hand_vjp(r, d):
    abs_r = abs(r)
    small = abs_r < d
    if small:
        loss = r * r
    else:
        loss = d * abs_r

    def pullback(loss_bar):
        d_bar = 0.0
        if small:
            r_bar = loss_bar * (2 * r)
        else:
            d_bar = loss_bar * abs_r
            r_bar = loss_bar * d * np.sign(r)
        return r_bar, d_bar

    return loss, pullback


def outer_hand_vjp(x, s):
    y = g(x)
    g_bar = g_hand(x)

    def pullback(result_bar):
        s_bar = result_bar * y
        x_bar = g_bar * (result_bar * s)
        return x_bar, s_bar

    return y * s, pullback
