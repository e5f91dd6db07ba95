"""Random numbers, checkpoints and hooks, with what they read written later."""

import numpy as np

import s2sdiff as sd
from tests.language.table import refused, supported

V = np.array([0.5, -1.2, 2.0])


def smoothed(u, x):
    u[1:] += x * u[:-1]
    return np.sum(np.sin(u) * u)


def noisy(u, rng):
    return np.sum(np.tanh(u) * rng.normal(size=u.shape))


@supported("random numbers", lambda: (V.copy(), 3))
def generator_made_inside(a, n):
    rng = np.random.default_rng(0)
    for _ in range(n):
        keep = rng.random(3) < 0.7
        a = np.where(keep, a * 1.2, 0.3 * a) + 0.1 * rng.normal()
    return a


@supported("random numbers", lambda: (V.copy(), np.random.default_rng(3)))
def generator_as_an_argument(a, rng):
    samples = [a * rng.normal(size=3) for _ in range(2)]
    return samples[0] * samples[1] + rng.uniform(0.5, 1.0) * a


@supported("random numbers", lambda: (1.3, 0.7))
def global_generator(x, y):
    np.random.seed(4)
    return x * np.random.rand() + y * x * np.random.normal(0.5, 0.1)


@supported("`sd.checkpoint` before a write", lambda: (V.copy(), 1.3))
def checkpointed_then_written(a, x):
    a = a * 1.0
    energy = sd.checkpoint(lambda u: np.sum(np.exp(u) * u))
    e = energy(a)
    a[0] = x
    f = energy(a)
    a[:] = 0.0
    return e * f


@refused("`sd.checkpoint` of a function that writes", lambda: (V.copy(), 0.7),
         "DifferentiationError", r"smoothed writes", "what it has changed cannot be computed again")
def checkpoint_that_writes_its_argument(a, x):
    b = a * x
    s = sd.checkpoint(smoothed)(b, x)  # here
    t = sd.checkpoint(smoothed)(b, s)
    return s * t + b


@supported("`sd.checkpoint` of random numbers", lambda: (V.copy(), np.random.default_rng(3)))
def checkpoint_that_draws(a, rng):
    first = sd.checkpoint(noisy)(a, rng)
    second = sd.checkpoint(noisy)(a * first, rng)
    return first + second * rng.normal()


RATES = {"rate": 0.5, "steps": 0}


def stepped(u):
    RATES["steps"] += 1
    return np.sum(np.sin(u) * RATES["rate"] * RATES["steps"])


@supported("`sd.checkpoint` of what is written outside meanwhile", lambda: (V.copy(), 1.3))
def checkpoint_of_a_state(a, x):
    RATES.update(rate=0.5, steps=0)
    first = sd.checkpoint(stepped)(a * x)
    RATES["rate"] = 2.0
    second = sd.checkpoint(stepped)(a * first)
    RATES.clear()
    return first * second


@supported("`sd.with_derivative` on an array that is written", lambda: (V.copy(), 1.3))
def hook_that_changes_nothing(a, x):
    b = a * x
    c = sd.with_derivative(b, lambda g: g)
    s = np.sum(c * c)
    b[0] = x
    return s * np.sum(b)


@supported("`rng.shuffle`", lambda: (V.copy(), np.random.default_rng(3)))
def shuffled(a, rng):
    a = a * 1.0
    rng.shuffle(a)
    return np.sum(a * V)
