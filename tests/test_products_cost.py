"""Products with Hessians of what people minimise: right, and in few calls more than a gradient."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

import s2sdiff as sd
from tests.counted_calls import calls

fft = pytest.importorskip("scipy.fft")
linalg = pytest.importorskip("scipy.linalg")
special = pytest.importorskip("scipy.special")

RNG = np.random.default_rng(11)
SQUARE = RNG.normal(size=(4, 4))
DEFINITE = SQUARE @ SQUARE.T + 4.0 * np.eye(4)
ROWS, TARGETS = RNG.normal(size=(8, 3)), RNG.normal(size=8)


def of_growing_list(x):
    xs = [x[0]]
    for i in range(6):
        xs.append(math.sin(xs[-1]) * 0.5 + x[i % 3])
    return sum([v * v for v in xs])


def of_list_of_arrays(x):
    found, h = [], x
    for _ in range(4):
        h = np.tanh(h * x + 0.1)
        found.append(h)
    total = 0.0
    for h in found:
        total = total + np.sum(h * h)
    return total


def of_stacked_list(x):
    rows, h = [], x
    for _ in range(4):
        h = np.sin(h) + 0.1 * x
        rows.append(h)
    table = np.stack(rows)
    return np.sum((table[1:] - table[:-1]) ** 2) + np.mean(table)


def of_vectors(a):
    w, v = np.linalg.eigh(0.5 * (a + a.T))
    return np.sum((v * np.exp(-0.1 * w)) @ v.T * a) + np.sum(w ** 3)


def of_factors(a):
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return np.sum((u * np.log1p(s)) @ vh * SQUARE[:, :3])


def gaussian_process(theta):
    apart = TARGETS[:, None] - TARGETS[None]
    cov = np.exp(theta[0] - 0.5 * apart ** 2 * np.exp(-2 * theta[1]))
    cov = cov + np.exp(theta[2]) * np.eye(8)
    factor = linalg.cho_factor(cov, lower=True)
    return 0.5 * ROWS[:, 0] @ linalg.cho_solve(factor, ROWS[:, 0]) + 0.5 * np.linalg.slogdet(cov)[1]


def mahalanobis(mu, factor):
    z = linalg.solve_triangular(factor, (ROWS - mu).T, lower=True)
    return 0.5 * np.sum(z * z) + len(ROWS) * np.sum(np.log(np.abs(np.diag(factor))))


def attention(q, k):
    s = q @ k.T
    e = np.exp(s - s.max(axis=1, keepdims=True))
    return np.sum((e / e.sum(axis=1, keepdims=True) @ ROWS[:4]) ** 2)


def of_three(t, a, b):
    return np.einsum("ijk,j,k->i", t, a, b) @ a


def student(theta):
    nu, z = np.exp(theta[2]), (TARGETS - theta[0]) * np.exp(-theta[1])
    return np.sum((nu + 1) / 2 * np.log1p(z * z / nu) + theta[1])


@dataclass
class Pendulum:
    length: float
    damping: float

    def slope(self, y):
        return np.array([y[1], -np.sin(y[0]) / self.length - self.damping * y[1]])


def of_runge_kutta(p):
    pendulum, y, total = Pendulum(p[0], p[1]), np.array([1.0, 0.0]), 0.0
    for target in TARGETS:
        k1 = pendulum.slope(y)
        k2 = pendulum.slope(y + 0.05 * k1)
        k3 = pendulum.slope(y + 0.05 * k2)
        k4 = pendulum.slope(y + 0.1 * k3)
        y = y + 0.1 / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
        total = total + (y[0] - target) ** 2
    return total


LOSSES = {
    "a quadratic form": (lambda x: 0.5 * x @ DEFINITE @ x, RNG.normal(size=4)),
    "logistic regression": (lambda w: np.mean(np.log1p(np.exp(-np.sign(TARGETS) * (ROWS @ w))))
                            + 0.01 * np.sum(w * w), RNG.normal(size=3)),
    "robust regression": (lambda w: np.sum(np.where(
        np.abs(ROWS @ w - TARGETS) <= 1.0, 0.5 * (ROWS @ w - TARGETS) ** 2,
        np.abs(ROWS @ w - TARGETS) - 0.5)), RNG.normal(size=3)),
    "a growing list": (of_growing_list, RNG.normal(size=3)),
    "a list of arrays": (of_list_of_arrays, RNG.normal(size=3)),
    "a stacked list": (of_stacked_list, RNG.normal(size=3)),
    "eigenvectors": (of_vectors, DEFINITE), "singular vectors": (of_factors, SQUARE[:, :3].copy()),
    "eigenvalues": (lambda a: np.sum(np.exp(-np.linalg.eigvalsh(a @ a.T))), SQUARE),
    "singular values": (lambda a: np.sum(np.log1p(np.linalg.svd(a, compute_uv=False))), SQUARE),
    "a logarithm of a determinant": (
        lambda a: np.linalg.slogdet(a)[1] + np.trace(np.linalg.inv(a)), DEFINITE),
    "a Gaussian process": (gaussian_process, np.array([0.1, 0.2, -1.0])),
    "triangular systems": (mahalanobis, RNG.normal(size=3), np.linalg.cholesky(DEFINITE[:3, :3])),
    "attention": (attention, RNG.normal(size=(4, 2)), RNG.normal(size=(4, 2))),
    "a product of three": (of_three, RNG.normal(size=(3, 3, 3)), RNG.normal(size=3), ROWS[0]),
    "a polynomial": (lambda c: np.sum((np.polyval(c, TARGETS) - 1.0) ** 2), RNG.normal(size=4)),
    "heavy tails": (student, np.array([0.1, 0.2, 1.0])),
    "differences": (lambda x: np.sum(np.diff(x) ** 3), TARGETS),
    "differences of rows": (lambda x: np.sum(np.diff(x, 2, axis=0) ** 3), ROWS),
    "sums of exponentials": (
        lambda x, y: np.sum(np.logaddexp(x, y) ** 2), TARGETS, TARGETS[::-1].copy()),
    "a cosine transform": (lambda x: np.sum(fft.dct(x, norm="ortho") ** 3), TARGETS),
    "a sine transform of rows": (lambda x: np.sum(fft.idstn(x) ** 3), ROWS),
    "a differential equation": (of_runge_kutta, np.array([1.0, 0.1])),
}


#: What settles equal and vanishing values is transposed when the code runs: two helpers.
COSTLIER = {"singular values": 16}


@pytest.mark.parametrize("name", LOSSES)
def test_a_product_agrees_with_differences_of_gradients_and_takes_few_calls(name):
    loss, *point = LOSSES[name]
    along = [np.cos(np.arange(x.size) + i).reshape(x.shape) for i, x in enumerate(point)]
    slots = tuple(range(len(point)))
    gradient = sd.grad(loss, slots)

    def at(t):
        moved = [x + t * d for x, d in zip(point, along, strict=True)]
        return np.concatenate([g.ravel() for g in gradient(*moved)])

    h = 1e-3
    expected = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
    for _ in range(6):  # as it is first, as it is known, and without the gradient
        made = sd.hvp(loss, tuple(point), tuple(along))
        made = (made,) if len(point) == 1 else made
        found = np.concatenate([d.ravel() for d in made])
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-7 * np.max(np.abs(expected)))
    once = calls(lambda: gradient(*point))
    twice = calls(lambda: sd.hvp(loss, tuple(point), tuple(along)))
    # What finds out by place what it runs makes fifty times as many.
    assert twice <= COSTLIER.get(name, 8) * once + 60


def test_of_a_product_of_three_one_is_taken_back():
    text = sd.source(of_three, "grad", wrt="b", args=LOSSES["a product of three"][1:])
    assert text.count("np.einsum") == 1


def test_what_a_product_rests_on_is_asked_each_time():
    factor = 2.0
    weights = np.array([1.0, 2.0])

    def loss(x):
        return factor * np.sum(weights * x ** 3)

    x, d = np.array([0.5, -1.0]), np.array([1.0, 2.0])

    def product():
        return sd.hvp(loss, (x,), (d,))

    for _ in range(6):
        np.testing.assert_allclose(product(), 12.0 * weights * x * d)
    factor, weights = 3.0, np.array([1.5, -1.0])
    np.testing.assert_allclose(product(), 18.0 * weights * x * d)
    weights = 2.0
    np.testing.assert_allclose(product(), 36.0 * x * d)
    x, d = x.astype(np.float32), d.astype(np.float32)
    assert product().dtype == np.float32
    x, d = np.ones((2, 3)), np.ones((3, 2)).T
    np.testing.assert_allclose(product(), 36.0 * x * d)
    with pytest.raises((TypeError, ValueError)):
        sd.hvp(loss, (x,), (np.ones(3),))


def weighted(x, weights):
    return np.sum(weights * x ** 3)


def test_what_a_function_hands_on_is_what_it_is_now():
    weights = np.array([1.0, 2.0])
    x, d = np.array([0.5, -1.0]), np.array([1.0, 2.0])
    loss = lambda x: weighted(x, weights)  # noqa: E731 (as people write it)
    for _ in range(6):
        np.testing.assert_allclose(sd.hvp(loss, (x,), (d,)), 6.0 * weights * x * d)
    weights = np.array([3.0, -1.0])
    np.testing.assert_allclose(sd.hvp(loss, (x,), (d,)), 6.0 * weights * x * d)
    weights = 2.0
    np.testing.assert_allclose(sd.hvp(loss, (x,), (d,)), 12.0 * x * d)


def test_a_rule_that_is_registered_later_takes_effect_in_the_next_product():
    def cube(x):
        return x ** 3

    def loss(x):
        return cube(x)

    for _ in range(6):
        assert sd.hvp(loss, (2.0,), (1.0,)) == pytest.approx(12.0)
    with sd.derivatives({cube: lambda x: (x ** 3, lambda g: g * 5.0 * x)}):
        assert sd.hvp(loss, (2.0,), (1.0,)) == pytest.approx(5.0)
    assert sd.hvp(loss, (2.0,), (1.0,)) == pytest.approx(12.0)


def test_a_product_leaves_what_it_is_given_and_gives_arrays_of_its_own():
    def loss(x, y):
        return np.sum(x * x) * 0.5 + np.sum(y * y) * 0.5

    x, y, d, e = np.ones(2), np.full(2, 2.0), np.array([1.0, 3.0]), np.array([2.0, -1.0])
    for _ in range(6):
        made = sd.hvp(loss, (x, y), (d, e))
        np.testing.assert_allclose(made, [d, e])
        assert not any(np.shares_memory(m, given) for m in made for given in (x, y, d, e))
        assert not np.shares_memory(*made)
        made[0][...] = made[1][...] = 0.0
    np.testing.assert_array_equal([x, y, d, e], [[1.0, 1.0], [2.0, 2.0], [1.0, 3.0], [2.0, -1.0]])


def test_what_writes_its_argument_does_so_each_time_and_leaves_the_direction():
    def loss(x):
        x *= 2.0
        return np.sum(x ** 3)

    for _ in range(6):
        x, along = np.array([0.5, 1.0]), np.ones(2)
        np.testing.assert_allclose(sd.hvp(loss, (x,), (along,)), [24.0, 48.0])
        np.testing.assert_array_equal([x, along], [[1.0, 2.0], [1.0, 1.0]])


def of_floats(x):
    total = 0.0
    for v in x:
        total = total + v * v * v
    return total


def test_a_product_with_a_list_of_floats_asks_nothing_of_each_of_them():
    x, d = [0.1 * i for i in range(40)], [1.0 - 0.1 * i for i in range(40)]
    for _ in range(3):
        np.testing.assert_allclose(sd.hvp(of_floats, (x,), (d,)),
                                   [6.0 * v * w for v, w in zip(x, d, strict=True)])
    # Some four calls for each of the floats in the text itself.
    assert calls(lambda: sd.hvp(of_floats, (x,), (d,))) <= 900


@dataclass
class Affine:
    w: np.ndarray
    b: np.ndarray


def of_affine(m, x):
    # The gradient is longer than a line, and what it gives for `m` has a name.
    return np.sum(np.tanh(x @ m.w + m.b) ** 2)


def test_a_model_and_an_array_beside_it_have_a_product_of_arrays_alone():
    w, b, x = point = [RNG.normal(size=n) for n in ((3, 2), 2, (5, 3))]
    dw, db, dx = along = [RNG.normal(size=a.shape) for a in point]

    def at(t):
        *parts, x = [a + t * d for a, d in zip(point, along, strict=True)]
        model, x_bar = sd.grad(of_affine, (0, 1))(Affine(*parts), x)
        return model.w, model.b, x_bar

    h = 1e-3
    ahead, behind, far, back = at(h), at(-h), at(2 * h), at(-2 * h)
    given = (Affine(w, b), x), (Affine(dw, db), dx)
    for _ in range(3):
        made, x_bar = sd.hvp(of_affine, *given)
        for i, found in enumerate((made.w, made.b, x_bar)):
            np.testing.assert_allclose(
                found, (8 * (ahead[i] - behind[i]) - (far[i] - back[i])) / (12 * h), rtol=1e-7,
                atol=1e-8)
    assert calls(lambda: sd.hvp(of_affine, *given)) <= 1500


def test_what_stays_as_a_whole_has_a_product_that_is_of_the_others_motion():
    w, b, x = RNG.normal(size=(3, 2)), RNG.normal(size=2), RNG.normal(size=(5, 3))
    still = sd.hvp(of_affine, (Affine(w, b), x), (Affine(w, b), None))
    zeros = sd.hvp(of_affine, (Affine(w, b), x), (Affine(w, b), np.zeros((5, 3))))
    for found, expected in zip((still[0].w, still[0].b, still[1]),
                               (zeros[0].w, zeros[0].b, zeros[1]), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)
