"""Functions of every sort, with arguments: what the law of kinds is tested on."""

import math

import numpy as np

GAIN = 1.7
TABLE = np.linspace(0.5, 1.5, 3)


def softplus(x):
    return np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0.0)


def huber(r, d):
    if abs(r) < d:
        return r * r
    return d * abs(r)


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


def early(x, y):
    if np.sum(x) > 2.0:
        return x * y
    z = x + y
    return z * z


def one_sided(x, n):
    if n > 2:
        scale = x * 2.0
    total = x
    for k in range(n):
        if k > 2:
            total = total + scale * x
    return total


def nested_loops(x, n):
    total = 0.0
    for i in range(n):
        for j in range(i):
            if (i + j) % 3 == 0:
                continue
            total = total + x * i - j * total * 0.1
            if j > 2:
                break
    return total + x


def over_rows(a, w):
    h = w
    for row in a:
        h = np.tanh(row * h + GAIN)
    return h


def over_items(items, x):
    total = x
    for k, item in enumerate(items):
        total = total * item + k
    return total


def layered(x, w, b):
    h = np.tanh(x @ w + b)
    return np.sum(h * h)


def swap(x, y, n):
    for _ in range(n):
        x, y = y, x * y
    return x + y


def recursive(x, n):
    return x if n == 0 else recursive(x, n - 1) * x + 1.0


def keywords(x, *, power=2, scale=GAIN):
    return scale * x**power


def starred(*values):
    total = 1.0
    for v in values:
        total = total * v
    return total


def logsumexp(x):
    m = np.max(x)
    return m + np.log(np.sum(np.exp(x - m)))


def standardised(x):
    return (x - np.mean(x, axis=0)) / np.std(x, axis=0)


def ternaries(x, y):
    z = x if np.sum(x) > np.sum(y) else y
    return z * (1.0 if np.all(x > 0) and np.any(y > 0) else 2.0) + x


def tuples(x, y):
    def pair(a, b):
        return a * b, a + b

    p, q = pair(x, y)
    return p * q, (q, p)


def normal(*shape, field=float, seed=3):
    rng = np.random.default_rng(seed)
    made = rng.normal(size=shape)
    return made + 1j * rng.normal(size=shape) if field is complex else made.astype(field)


X, Y = 0.7, 1.9
V, W = normal(4), normal(4, seed=4) + 3.0
A, B = normal(3, 4), normal(4, 3, seed=5)
CASES = [
    (lambda x: x, (X,)),
    (lambda x: x * x, (X,)),
    (lambda x, y: x * y + x / y - y**x, (X, Y)),
    (lambda x: x**2 + x**3 - x**-1 + 2.0**x, (X,)),
    (lambda x: x**0 + x**0.5, (X,)),
    (lambda x: -x + abs(-x) + (+x), (X,)),
    (lambda x, y: x // 1.0 + x % 1.0 * y, (2.6, Y)),
    (lambda x: math.sin(x) * math.exp(x) + math.atan2(x, 2.0), (X,)),
    (lambda x: np.sin(x) * np.exp(x) + np.arctan2(x, 2.0), (X,)),
    (lambda x: np.sin(x) * np.exp(x), (np.float32(X),)),
    (lambda x, n: x * n + n, (X, 3)),
    (lambda x, y: x * y, (np.float32(X), Y)),
    (lambda x, y: max(x, y) + min(x, 1.0), (X, Y)),
    (lambda z: z * z + 1j * z, (1.5 - 2j,)),
    (lambda z, x: np.exp(z * x) / z, (1.5 - 2j, X)),
    (lambda x: np.exp(1j * x), (X,)),
    (lambda z: np.abs(z) + np.real(z * z) + np.imag(z) + np.conj(z), (1.5 - 2j,)),
    (lambda x: softplus(x), (X,)),
    (softplus, (V,)),
    (lambda v: v * v, (V,)),
    (lambda v, x: v * x + x, (V, X)),
    (lambda v, w: v * w - v / w, (V, W)),
    (lambda v, a: a * v, (V, A)),
    (lambda a, b: a[:, :1] * b[:1, :2] * a[:, 1:2], (A, B)),
    (lambda a, x: np.sum(a * x), (A, X)),
    (lambda a: np.sum(a * a, axis=0) + np.mean(a, axis=1, keepdims=True), (A,)),
    (lambda a: np.max(a, axis=1) - np.min(a), (A,)),
    (lambda a, b: a @ b, (A, B)),
    (lambda v, w: v @ w, (V, W)),
    (lambda a, v: a @ v, (A, V)),
    (lambda a, b: np.einsum("ij,jk->ki", a, b), (A, B)),
    (lambda a, b: np.dot(a, b) + np.tensordot(a, b, 1), (A, B)),
    (lambda v, w: np.outer(v, w) * v, (V, W)),
    (lambda a: a.T.reshape(2, 6).sum(axis=1), (A,)),
    (lambda a: a[1, 2] * a[0] + a[-1, ::-1], (A,)),
    (lambda a, i: a[i] + a[[0, 0, 2]][1], (A, 1)),
    (lambda v: v[v > 0.0] * 2.0, (V,)),
    (lambda v, w: np.where(v > 0, v * w, w), (V, W)),
    (lambda v: np.clip(v, -0.5, 0.5) + np.maximum(v, 0.1), (V,)),
    (lambda v, w: np.concatenate([v, w * 2.0]), (V, W)),
    (lambda v, w: np.stack([v, w], axis=1) * v[0], (V, W)),
    (lambda v: np.cumsum(v) * v, (V,)),
    (lambda v, n: v * n, (V, np.arange(4))),
    (lambda v: v + 1, (normal(4, field=np.float32),)),
    (lambda v, w: v * w, (normal(4, field=np.float32), W)),
    (lambda v, w: v * w, (normal(4, field=complex), W)),
    (lambda v: np.sum(np.abs(v) ** 2), (normal(4, field=complex),)),
    (lambda a: np.exp(a * 1j), (A,)),
    (lambda v: v * TABLE[0] + GAIN, (V,)),
    (lambda v: v * TABLE, (normal(1),)),
    (lambda v, w: v * w, (normal(1), normal(4))),
    (lambda v, w: v + w, (np.array(0.5), W)),
    (lambda v, w: v * w, (np.array(0.5), 2.0)),
    (lambda v: np.sum(v * 2.0), (np.zeros(0),)),
    (lambda v, w: v * w, (np.zeros((0, 1)), np.ones(3))),
    (lambda a: a * a[:1], (A,)),
    (lambda v: np.sin(v[::2]) * 2.0, (V,)),
    (huber, (0.5, 1.0)),
    (huber, (2.5, 1.0)),
    (huber, (np.float32(2.5), 1.0)),
    (orbit, (X, 0.3, 5)),
    (orbit, (V, 0.3, 5)),
    (orbit, (V, W, 5)),
    (newton, (2.0,)),
    (newton, (np.float64(2.0),)),
    (early, (X, Y)),
    (early, (V, W)),
    (early, (np.full(4, 3.0), X)),
    (one_sided, (X, 5)),
    (one_sided, (X, 1)),
    (one_sided, (V, 5)),
    (nested_loops, (X, 6)),
    (nested_loops, (V, 6)),
    (over_rows, (A, X)),
    (over_rows, (A, V)),
    (over_rows, (V, X)),
    (over_items, ([1.0, 2.0, X], X)),
    (over_items, ((1.0, V, X), X)),
    (over_items, (V, X)),
    (layered, (normal(5, 3), A, V)),
    (layered, (normal(5, 3), A, X)),
    (swap, (X, Y, 3)),
    (swap, (V, X, 3)),
    (recursive, (X, 4)),
    (recursive, (V, 4)),
    (keywords, (X,)),
    (keywords, (V,)),
    (starred, (X, Y, 2.0)),
    (starred, (V, Y, A)),
    (logsumexp, (V,)),
    (logsumexp, (A,)),
    (standardised, (normal(6, 2),)),
    (ternaries, (X, Y)),
    (ternaries, (V, W)),
    (ternaries, (V, X)),
]
