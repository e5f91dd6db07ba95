"""Functions that use containers, objects and closures, with the gradients that a person writes."""

from dataclasses import dataclass

import numpy as np


def horner_list(c, x):
    values = [c[-1]]
    for a in c[-2::-1]:
        values.append(a + x * values[-1])
    return values[-1]


def horner_list_hand(c, x):
    values = [c[-1]]
    for a in c[-2::-1]:
        values.append(a + x * values[-1])
    c_bar = [1.0]
    x_bar = 0.0
    for value in values[-2::-1]:
        x_bar += c_bar[-1] * value
        c_bar.append(c_bar[-1] * x)
    return c_bar, x_bar


class Filter:
    """A Kalman filter of one number and its variance."""

    def __init__(self, mean, variance):
        self.mean = mean
        self.variance = variance

    def predict(self, drift, noise):
        self.mean = self.mean + drift
        self.variance = self.variance + noise

    def update(self, measured, noise):
        gain = self.variance / (self.variance + noise)
        self.mean = self.mean + gain * (measured - self.mean)
        self.variance = (1.0 - gain) * self.variance


def kalman(start, drift, noise, measured):
    tracked = Filter(start, 1.0)
    for z in measured:
        tracked.predict(drift, 0.1)
        tracked.update(z, noise)
    return tracked.mean * tracked.mean


def kalman_hand(start, drift, noise, measured):
    mean, variance = start, 1.0
    saved = []
    for z in measured:
        mean = mean + drift
        variance = variance + 0.1
        total = variance + noise
        gain = variance / total
        saved.append((z - mean, variance, total, gain))
        mean = mean + gain * (z - mean)
        variance = (1.0 - gain) * variance
    mean_bar, variance_bar, drift_bar, noise_bar = 2.0 * mean, 0.0, 0.0, 0.0
    for error, variance, total, gain in reversed(saved):
        gain_bar = mean_bar * error - variance_bar * variance
        mean_bar *= 1.0 - gain
        variance_bar = variance_bar * (1.0 - gain) + gain_bar * (1.0 - gain) / total
        noise_bar -= gain_bar * gain / total
        drift_bar += mean_bar
    return mean_bar, drift_bar, noise_bar


def collected(w, u, x):
    h = np.zeros(w.shape[0])
    outputs = []
    for row in x:
        h = np.tanh(w @ h + u @ row)
        outputs.append(h)
    return np.sum(np.stack(outputs) ** 2)


def collected_hand(w, u, x):
    h = np.zeros(w.shape[0])
    outputs = [h]
    for row in x:
        h = np.tanh(w @ h + u @ row)
        outputs.append(h)
    w_bar = np.zeros(w.shape)
    u_bar = np.zeros(u.shape)
    h_bar = np.zeros(w.shape[0])
    for t in range(len(x), 0, -1):
        h = outputs[t]
        h_bar = (h_bar + 2.0 * h) * (1.0 - h * h)
        w_bar += np.outer(h_bar, outputs[t - 1])
        u_bar += np.outer(h_bar, x[t - 1])
        h_bar = w.T @ h_bar
    return w_bar, u_bar


def network(parameters, x, y):
    h = np.tanh(x @ parameters["w1"] + parameters["b1"])
    error = h @ parameters["w2"] + parameters["b2"] - y
    return np.mean(error * error)


def network_hand(parameters, x, y):
    h = np.tanh(x @ parameters["w1"] + parameters["b1"])
    error = h @ parameters["w2"] + parameters["b2"] - y
    error_bar = error * (2.0 / error.size)
    h_bar = (error_bar @ parameters["w2"].T) * (1.0 - h * h)
    return {"w1": x.T @ h_bar, "b1": h_bar.sum(axis=0),
            "w2": h.T @ error_bar, "b2": error_bar.sum(axis=0)}


@dataclass
class Oscillator:
    """A mass on a spring."""

    x: float
    v: float
    k: float

    def step(self, dt):
        self.v -= dt * self.k * self.x
        self.x += dt * self.v


def oscillation(x, k, dt, n):
    mass = Oscillator(x, 0.0, k)
    for _ in range(n):
        mass.step(dt)
    return mass.x * mass.x + mass.v * mass.v


def oscillation_hand(x, k, dt, n):
    v = 0.0
    saved = []
    for _ in range(n):
        saved.append(x)
        v -= dt * k * x
        x += dt * v
    x_bar, v_bar, k_bar = 2.0 * x, 2.0 * v, 0.0
    for x in reversed(saved):
        v_bar += dt * x_bar
        k_bar -= v_bar * dt * x
        x_bar -= v_bar * dt * k
    return x_bar, k_bar


def root_of(function, guess, steps):
    x = guess
    for _ in range(steps):
        x = x - function(x)
    return x


def fixed_point(a, b):
    def residual(x):
        return 0.5 * (x - a * np.cos(b * x))

    return root_of(residual, 0.5, 4)


def fixed_point_hand(a, b):
    x = 0.5
    saved = []
    for _ in range(4):
        saved.append((x, np.cos(b * x), np.sin(b * x)))
        x = x - 0.5 * (x - a * saved[-1][1])
    x_bar, a_bar, b_bar = 1.0, 0.0, 0.0
    for x, c, s in reversed(saved):
        r_bar = -0.5 * x_bar
        a_bar -= r_bar * c
        b_bar += r_bar * a * s * x
        x_bar += r_bar * (1.0 + a * b * s)
    return float(a_bar), float(b_bar)
