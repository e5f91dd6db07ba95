"""Programs of ten to twenty lines, as they stand in notebooks."""

import math
from collections import namedtuple
from dataclasses import dataclass, field

import numpy as np

from tests.language.table import supported

Particle = namedtuple("Particle", "q v m")


class Adam:
    """The optimiser, with its state in lists."""

    def __init__(self, rate=0.1, decay=0.9):
        self.rate, self.decay = rate, decay
        self.m = None

    def step(self, parameters, gradients):
        if self.m is None:
            self.m = [0.0 * p for p in parameters]
        for k, g in enumerate(gradients):
            self.m[k] = self.decay * self.m[k] + (1 - self.decay) * g
            parameters[k] = parameters[k] - self.rate * self.m[k]


class Filter:
    """A Kalman filter with matrices, as filterpy writes it."""

    def __init__(self, dim):
        self.x = np.zeros(dim)
        self.P = np.eye(dim)
        self.F = np.array([[1.0, 0.1], [0.0, 1.0]])
        self.H = np.array([[1.0, 0.0]])

    def predict(self):
        self.x = self.F @ self.x
        self.P = self.F @ self.P @ self.F.T

    def update(self, z, r):
        y = z - self.H @ self.x
        s = self.H @ self.P @ self.H.T + r
        self.K = self.P @ self.H.T @ np.linalg.inv(s)
        self.x = self.x + self.K @ y
        self.P -= self.K @ self.H @ self.P


@dataclass
class Account:
    """A balance with its entries."""

    balance: float
    entries: list = field(default_factory=list)

    def book(self, amount, label):
        self.balance += amount
        self.entries.append((label, amount))


class Dense:
    """A layer that remembers its input."""

    def __init__(self, w, act=np.tanh):
        self.w, self.act = w, act

    def __call__(self, x):
        self.inputs = x
        return self.act(x @ self.w)


@supported("optimiser with a state", lambda: ([1.3, 0.7], 0.2))
def training_loop(parameters, rate):
    optimiser = Adam(rate)
    for _ in range(3):
        a, b = parameters
        optimiser.step(parameters, [2.0 * a * b, a * a - b])
    return parameters[0] * parameters[1]


@supported("Kalman filter", lambda: (np.array([1.0, 1.4, 0.8]), 0.7))
def tracked_position(measurements, r):
    f = Filter(2)
    path = []
    for z in measurements:
        f.predict()
        f.update(z, r)
        path.append(f.x)
    return np.array(path)


@supported("n bodies", lambda: ([Particle(0.0, 0.5, 1.3), Particle(1.0, -0.2, 0.7)], 0.1))
def n_bodies(particles, h):
    for _ in range(2):
        forces = [0.0] * len(particles)
        for i, p in enumerate(particles):
            for j, other in enumerate(particles):
                if i != j:
                    d = other.q - p.q
                    forces[i] += p.m * other.m * d / (abs(d) ** 3 + 0.1)
        particles = [p._replace(v=p.v + h * f / p.m, q=p.q + h * p.v)
                     for p, f in zip(particles, forces)]
    return particles[0].q * particles[1].v


@supported("dynamic programming", lambda: (np.array([1.0, 2.0, 0.5]), np.array([0.7, 2.2])))
def soft_edit_distance(a, b):
    d = np.full((4, 3), 10.0)
    d[0, 0] = 0.0
    for i in range(1, 4):
        for j in range(1, 3):
            costs = [d[i - 1, j], d[i, j - 1], d[i - 1, j - 1]]
            soft = -math.log(sum(math.exp(-c) for c in costs))
            d[i, j] = (a[i - 1] - b[j - 1]) ** 2 + soft
    return d[-1, -1]


@supported("dynamic programming", lambda: ([1.3, 0.7, 2.0, 0.4],))
def best_sum_without_neighbours(v):
    best = {-2: 0.0, -1: 0.0}
    choice = []
    for k, t in enumerate(v):
        take, leave = best[k - 2] + t * t, best[k - 1]
        best[k] = max(take, leave)
        choice.append(take > leave)
    return best[len(v) - 1] * sum(choice)


@supported("simulation with events", lambda: (Account(100.0), 0.02))
def yearly_interest(account, rate):
    for month in range(1, 5):
        account.book(account.balance * rate / 12, "interest")
        if account.balance > 100.4:
            account.book(-0.5 * rate, "fee")
    fees = [amount for label, amount in account.entries if label == "fee"]
    return account.balance + 10.0 * sum(fees)


@supported("network with layers that remember", lambda: (np.eye(2) * 0.7, np.array([0.4, -1.1])))
def residual_network(w, x):
    layers = [Dense(w), Dense(w * 2.0, act=lambda z: z * z), Dense(w.T)]
    skip = []
    for layer in layers:
        skip.append(x)
        x = layer(x) + (skip[-2] if len(skip) > 1 else 0.0)
    penalty = sum(np.sum(layer.inputs**2) for layer in layers)
    return np.sum(x) + 0.1 * penalty


@supported("finite volumes", lambda: (np.array([1.0, 2.0, 0.5, 0.3, 0.8]), 0.2))
def upwind_fluxes(u, c):
    flux = np.zeros(6)
    for _ in range(2):
        flux[1:-1] = np.where(u[1:] > u[:-1], c * u[:-1], c * u[:-1] ** 2)
        flux[0], flux[-1] = flux[-2], flux[1]
        u -= np.diff(flux)
    return u


@supported("fixed point with Anderson's mixing", lambda: (np.array([0.5, 1.2]), 0.4))
def mixed_iteration(x, beta):
    history = {"x": [], "r": []}
    for k in range(3):
        r = np.cos(x) - x
        history["x"].append(x.copy())
        history["r"].append(r)
        if k:
            dr = history["r"][-1] - history["r"][-2]
            theta = (r @ dr) / (dr @ dr)
            x = x + beta * (r - 0.1 * theta * dr)
        else:
            x = x + beta * r
        if len(history["r"]) > 2:
            history["r"].pop(0)
    return np.sum(x * x) + np.sum(history["r"][0])


@supported("interpreter", lambda: (1.3, 0.7))
def stack_interpreter(x, y):
    stack, memory = [], {"x": x, "y": y}
    for token in "x y * dup + y - !x x sin":
        if token == " ":
            continue
        if token in memory:
            stack.append(memory[token])
        elif token in "*+-" and len(stack) > 1:
            b, a = stack.pop(), stack.pop()
            stack.append({"*": a * b, "+": a + b, "-": a - b}[token])
        elif token == "!":
            memory["x"] = stack[-1] * 0.5
        elif token == "u":
            stack.append(stack[-1])
    return sum(stack) * memory["x"]


@supported("adaptive steps", lambda: (1.3, 0.4))
def adaptive_step_size(y, k):
    t, h, steps = 0.0, 0.4, 0
    while t < 1.0 and steps < 20:
        h = min(h, 1.0 - t)
        full = y - h * k * y * y
        middle = y - 0.5 * h * k * y * y
        half = middle - 0.5 * h * k * middle * middle
        if abs(full - half) > 0.01:
            h = h * 0.5
            continue
        y, t, steps = half, t + h, steps + 1
        h = h * 1.2
    return y


@supported("text of a model is parsed", lambda: (1.3, {"a": 0.7, "b": 2.0}))
def formula(x, parameters):
    terms = [t.strip().split("*") for t in "a*x + b*x*x + a*b".split("+")]
    total = 0.0
    for factors in terms:
        product = 1.0
        for name in factors:
            product *= x if name == "x" else parameters[name]
        total += product
    return total


@supported("splines", lambda: (np.array([0.0, 1.0, 0.5, 2.0]), 1.3))
def natural_spline(y, x):
    n = len(y) - 1
    c, d = [0.0] * n, [0.0] * (n + 1)
    for i in range(1, n):
        z = 3.0 * (y[i + 1] - 2 * y[i] + y[i - 1])
        p = 4.0 - c[i - 1]
        c[i] = 1.0 / p
        d[i] = (z - d[i - 1]) / p
    for i in reversed(range(n)):
        d[i] -= c[i] * d[i + 1]
    k = min(int(x), n - 1)
    t = x - k
    b = (y[k + 1] - y[k]) - (2 * d[k] + d[k + 1]) / 3.0
    return y[k] + b * t + d[k] * t**2 + (d[k + 1] - d[k]) / 3.0 * t**3


@supported("sorting network of records", lambda: ([(1.3, "a"), (0.7, "b"), (2.0, "c")],))
def merge_sort(records):
    def merged(left, right):
        out = []
        while left and right:
            out.append(left.pop(0) if left[0][0] < right[0][0] else right.pop(0))
        return out + left + right

    def ordered(v):
        if len(v) < 2:
            return list(v)
        half = len(v) // 2
        return merged(ordered(v[:half]), ordered(v[half:]))

    return sum((k + 1) * value**2 for k, (value, _) in enumerate(ordered(records)))
