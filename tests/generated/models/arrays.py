"""Losses over arrays, each with the gradient that one would write by hand."""

import numpy as np


def logsumexp(x):
    top = np.max(x)
    return top + np.log(np.sum(np.exp(x - top)))


def cross_entropy(z, y):
    shifted = z - np.max(z, axis=1, keepdims=True)
    total = np.sum(np.exp(shifted), axis=1, keepdims=True)
    return -np.sum(y * (shifted - np.log(total)))


def layer(x, w, b):
    return np.tanh(x @ w + b)


def mlp(w1, b1, w2, b2, x, y):
    h = layer(x, w1, b1)
    error = h @ w2 + b2 - y
    return np.mean(error ** 2)


def logistic(w, b, x, y):
    p = 1.0 / (1.0 + np.exp(-(x @ w + b)))
    loss = -np.mean(y * np.log(p) + (1.0 - y) * np.log(1.0 - p))
    return loss + 0.01 * np.sum(w ** 2)


def valley(x):
    rise = x[1:] - x[:-1] ** 2
    return np.sum(100.0 * rise ** 2 + (1.0 - x[:-1]) ** 2)


# ------------------------------------------------------------------------- by hand


def logsumexp_hand(x):
    top = np.max(x)
    e = np.exp(x - top)
    share = 1.0 / np.sum(e)
    x_bar = share * e
    top_bar = 1.0 - np.sum(x_bar)
    ties = x == top
    return x_bar + top_bar * ties / np.sum(ties)


def cross_entropy_hand(z, y):
    top = np.max(z, axis=1, keepdims=True)
    shifted = z - top
    e = np.exp(shifted)
    total = np.sum(e, axis=1, keepdims=True)
    total_bar = np.sum(y, axis=1, keepdims=True) / total
    shifted_bar = total_bar * e - y
    top_bar = -np.sum(shifted_bar, axis=1, keepdims=True)
    ties = z == top
    return shifted_bar + top_bar * ties / np.sum(ties, axis=1, keepdims=True)


def mlp_hand(w1, b1, w2, b2, x, y):
    h = layer(x, w1, b1)
    error = h @ w2 + b2 - y
    error_bar = 2 * error / error.size
    b2_bar = np.sum(error_bar, axis=0)
    w2_bar = h.T @ error_bar
    h_bar = error_bar @ w2.T
    z_bar = h_bar * (1 - h * h)
    return x.T @ z_bar, np.sum(z_bar, axis=0), w2_bar, b2_bar


def logistic_hand(w, b, x, y):
    e = np.exp(-(x @ w + b))
    below = 1.0 + e
    p = 1.0 / below
    w_bar = 0.02 * w
    loss_bar = -1.0 / p.size
    p_bar = loss_bar * y / p
    p_bar -= loss_bar * (1.0 - y) / (1.0 - p)
    z_bar = p_bar * p / below * e
    b_bar = np.sum(z_bar)
    w_bar += x.T @ z_bar
    return w_bar, b_bar


def valley_hand(x):
    low = x[:-1]
    rise = x[1:] - low ** 2
    x_bar = np.zeros(x.shape)
    x_bar[:-1] = -2 * (1.0 - low)
    rise_bar = 200.0 * rise
    x_bar[:-1] -= rise_bar * 2 * low
    x_bar[1:] += rise_bar
    return x_bar
