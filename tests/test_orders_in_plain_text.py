"""Products with Hessians of programs with containers: their text finds nothing out when it runs."""

import linecache
import math

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.second import random_tangent
from s2sdiff.together import flat

RNG = np.random.default_rng(7)
X, Y = RNG.normal(size=(6, 3)), RNG.normal(size=(6, 1))


def pairs_in_a_list(params, x, y):
    for w, b in params:
        x = np.tanh(x @ w + b)
    return np.mean((x - y) ** 2)


def recurrent_over_a_list(params, xs):
    h, total = np.zeros(3), 0.0
    for x in xs:
        h = np.tanh(params["w"] @ h + params["u"] @ x)
        total += np.sum(h * h)
    return total


def dicts_in_a_list(layers, x, y):
    for layer in layers:
        x = np.tanh(x @ layer["w"] + layer["b"])
    return np.mean((x - y) ** 2)


def attraction(q, m):
    energy = 0.0
    for i in range(len(m)):
        for j in range(i):
            r = q[i] - q[j]
            energy -= m[i] * m[j] / math.sqrt(r @ r + 0.01)
    return energy


def cross_entropy(w, x, labels):
    z = x @ w
    z = z - np.max(z, axis=1, keepdims=True)
    return np.mean(np.log(np.sum(np.exp(z), axis=1)) - z[np.arange(len(labels)), labels])


def of_norms(q):
    return np.linalg.norm(q) * np.max(q**2) + np.std(q) ** 3 * np.min(q) + np.max(
        q * q[::-1], axis=0)[0]


def joined(q):
    both = np.concatenate([q, q**2], axis=0)
    return np.sum(np.stack([both, both**2], axis=-1)[:, 0] ** 2)


WEIGHTS = [(RNG.normal(size=(3, 3)), RNG.normal(size=3)), (RNG.normal(size=(3, 1)), np.ones(1))]
WIDE, ROWS = RNG.normal(size=(3, 2)), [*RNG.normal(size=(4, 2))]
PROGRAMS = {
    "pairs": (pairs_in_a_list, WEIGHTS, X, Y),
    "recurrent": (recurrent_over_a_list, {"w": RNG.normal(size=(3, 3)) / 2, "u": WIDE}, ROWS),
    "dicts": (dicts_in_a_list, [{"w": w, "b": b} for w, b in WEIGHTS], X, Y),
    "attraction": (attraction, RNG.normal(size=(4, 2)), np.array([1.0, 2.0, 0.5, 1.5])),
    "cross entropy": (cross_entropy, RNG.normal(size=(3, 4)), X, np.array([0, 3, 1, 1, 2, 3])),
    "norms": (of_norms, RNG.normal(size=(4, 2))),
    "joined": (joined, RNG.normal(size=(4, 2))),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_product_is_plain_text(name):
    f, *args = PROGRAMS[name]
    along = random_tangent(args[0])
    dots = (along, *[None] * (len(args) - 1))
    found = sd.hvp(f, tuple(args), dots)
    first = flat(found[0] if len(args) > 1 else found)
    gradient = sd.grad(f)
    ends = [flat(gradient(sd.move(args[0], along=h * sd.TangentVector(along)), *args[1:]))
            for h in (1e-5, -1e-5)]
    np.testing.assert_allclose(first, (ends[0] - ends[1]) / 2e-5, rtol=1e-6, atol=1e-7)
    texts = ["".join(known[2]) for file, known in linecache.cache.items()
             if file.startswith(f"<s2sdiff {f.__name__}_grad_jvp ")]
    assert texts
    assert not any("push" in text for text in texts)


CUBED = {
    "norm": lambda x: np.linalg.norm(x**2) * np.sum(x), "max": lambda x: np.max(x**2) * np.sum(x),
    "min": lambda x: np.min(x**2) * np.sum(x), "std": lambda x: np.std(x**2) * np.sum(x),
    "along an axis": lambda x: np.sum(np.max(x**2, axis=1) ** 3),
    "with its axis": lambda x: np.sum((x**2 - np.min(x, axis=0, keepdims=True)) ** 3),
}


@pytest.mark.parametrize("name", CUBED)
def test_norms_and_extremes_have_third_derivatives(name):
    x, v, cubed = RNG.normal(size=(3, 2)), RNG.normal(size=(3, 2)), CUBED[name]

    def product(x):
        return sd.hvp(cubed, (x,), (v,))

    expected = (product(x + 1e-5 * v) - product(x - 1e-5 * v)) / 2e-5
    found = sd.jvp(product, (x,), (v,))[1]
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)
    twice = sd.grad(lambda x: np.sum(sd.grad(cubed)(x) * v))(x)
    np.testing.assert_allclose(twice, product(x), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("f", [np.linalg.norm, np.std], ids=["norm", "std"])
@pytest.mark.parametrize("x", [np.zeros(3), np.full(3, 0.5), np.ones((2, 1))])
def test_second_derivatives_at_kinks_are_finite(f, x):
    along = sd.hvp(lambda x: f(x) * np.sum(x), (x,), (np.ones_like(x),))
    assert np.all(np.isfinite(along))


def cell(params, xs):
    h, c = np.zeros(2), np.zeros(2)
    for x in xs:
        i, f, o, g = np.split(params["w"] @ np.concatenate([h, x]) + params["b"], 4)
        c = 1 / (1 + np.exp(-f)) * c + 1 / (1 + np.exp(-i)) * np.tanh(g)
        h = 1 / (1 + np.exp(-o)) * np.tanh(c)
    return np.sum(h**2)


def written_after(x):
    items = [v**2 for v in x]
    total = sum(items)
    items.append(total)
    items[0] = x[1]
    return total * sum(items) + sum((x[0], x[1] ** 2, 2))


def test_sums_of_numbers_call_no_rule():
    def summed(x):
        return sum(v * v * x[0] for v in x) ** 2

    x = np.array([0.5, -1.2, 0.7])
    assert "pullback" not in sd.source(summed, "grad", args=(x,))
    sd.check_grads(summed, (x,), order=2)


def test_sums_of_lists_that_are_written_afterwards():
    sd.check_grads(written_after, (np.array([0.5, -1.2, 0.7]),), order=2)
