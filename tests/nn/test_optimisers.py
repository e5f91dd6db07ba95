"""Optimisers by hand, schedules, clipping, initial values, models in files."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import nn

G = [np.array([0.5, -2.0]), np.array([1.0, 1.0]), np.array([-0.25, 4.0])]
X = np.array([1.0, 2.0])


def steps(optimiser, gradients=G, x=X):
    """The values after each update."""
    found = []
    for g in gradients:
        x = optimiser.update(x, along=g)
        found.append(x)
    return np.array(found)


def test_sgd_goes_against_the_gradient_with_the_rate_of_swift():
    np.testing.assert_allclose(steps(nn.SGD()), X - 0.01 * np.cumsum(G, axis=0))


def test_the_decay_acts_from_the_first_update():
    rates = [0.1 / (1 + 0.5 * n) for n in (1, 2, 3)]
    expected = X - np.cumsum([r * g for r, g in zip(rates, G)], axis=0)
    np.testing.assert_allclose(steps(nn.SGD(0.1, decay=0.5)), expected)


def test_momentum_adds_up_what_went_before():
    v1 = -0.1 * G[0]
    v2 = 0.9 * v1 - 0.1 * G[1]
    v3 = 0.9 * v2 - 0.1 * G[2]
    np.testing.assert_allclose(
        steps(nn.SGD(0.1, momentum=0.9)), [X + v1, X + v1 + v2, X + v1 + v2 + v3])
    first = X + 0.9 * v1 - 0.1 * G[0]
    np.testing.assert_allclose(
        steps(nn.SGD(0.1, momentum=0.9, nesterov=True))[:2],
        [first, first + 0.9 * v2 - 0.1 * G[1]])


def test_rmsprop_divides_by_the_root_of_the_running_mean():
    s1 = 0.1 * G[0] ** 2
    s2 = 0.9 * s1 + 0.1 * G[1] ** 2
    first = X - 0.01 * G[0] / (np.sqrt(s1) + 1e-8)
    np.testing.assert_allclose(
        steps(nn.RMSProp(0.01))[:2], [first, first - 0.01 * G[1] / (np.sqrt(s2) + 1e-8)])


def adam_by_hand(x, gradients, rate, shrink=0.0):
    m = v = np.zeros(2)
    found = []
    for t, g in enumerate(gradients, 1):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        full_m, full_v = m / (1 - 0.9**t), v / (1 - 0.999**t)
        x = x - rate * shrink * x - rate * full_m / (np.sqrt(full_v) + 1e-8)
        found.append(x)
    return found


def test_adam_and_adamw_are_the_published_algorithms():
    np.testing.assert_allclose(steps(nn.Adam(0.1)), adam_by_hand(X, G, 0.1), rtol=1e-13)
    np.testing.assert_allclose(
        steps(nn.AdamW(0.1, weight_decay=0.2)), adam_by_hand(X, G, 0.1, 0.2), rtol=1e-13)


OPTIMISERS = [nn.SGD(), nn.SGD(momentum=0.9), nn.SGD(momentum=0.9, nesterov=True), nn.RMSProp(),
              nn.Adam(), nn.AdamW()]


def fresh(optimiser):
    keys = {name: f for name, f in vars(optimiser).items()
            if optimiser.__dataclass_fields__[name].init}
    return type(optimiser)(**keys)


@dataclass(eq=False)
class Model(nn.Layer):
    dense: nn.Dense
    scale: float
    name: str
    norms: tuple

    def __call__(self, x):
        return self.norms[0](self.dense(x)) * self.scale


def model():
    dense = nn.Dense(3, 4, generator=np.random.default_rng(0))
    return Model(dense, 1.5, "model", (nn.BatchNorm(4), 7))


@pytest.mark.parametrize("optimiser", OPTIMISERS, ids=repr)
def test_a_model_keeps_its_structure_dtypes_and_constants_and_the_old_one_stays(optimiser):
    optimiser, start = fresh(optimiser), model()
    x = np.random.default_rng(1).normal(size=(5, 3)).astype(np.float32)
    weight = start.dense.weight.copy()

    def loss(model):
        return np.mean((model(x) - 1) ** 2)

    moved = start
    losses = []
    for _ in range(3):
        value, gradient = sd.value_and_grad(loss)(moved)
        losses.append(value)
        moved = optimiser.update(moved, along=gradient)
    assert losses[2] < losses[0]
    np.testing.assert_array_equal(start.dense.weight, weight)
    assert type(moved) is Model
    assert moved.dense.weight.dtype == moved.norms[0].scale.dtype == np.float32
    assert type(moved.scale) is float
    assert moved.scale != 1.5
    assert (moved.name, moved.norms[1], moved.norms[0].momentum) == ("model", 7, 0.99)
    assert optimiser.updates == 3


def test_parameters_in_single_precision_move_as_far_as_in_double():
    for optimiser in OPTIMISERS:
        single = steps(fresh(optimiser), [g.astype(np.float32) for g in G], X.astype(np.float32))
        assert single.dtype == np.float32
        np.testing.assert_allclose(single, steps(fresh(optimiser)), rtol=1e-6)


def test_a_gradient_of_another_model_is_refused_with_its_place():
    gradient = {"weight": np.ones(3)}
    with pytest.raises(TypeError, match=r"(?s)weight.*Instead, "):
        nn.SGD().update({"weight": np.ones(2)}, along=gradient)


@pytest.mark.parametrize("make", [
    lambda: nn.SGD(-0.1), lambda: nn.SGD(0.1, momentum=1.0), lambda: nn.SGD(decay=-1.0),
    lambda: nn.Adam(beta_1=1.5), lambda: nn.RMSProp(rho=-1.0), lambda: nn.AdamW(weight_decay=-1.0),
    lambda: nn.SGD("fast"),
    lambda: nn.exponential_decay(0.1, 0.5, 0), lambda: nn.piecewise_constant([2, 1], [1, 2, 3]),
    lambda: nn.piecewise_constant([1], [1.0]), lambda: nn.clip_by_value([1.0], -1.0),
])
def test_numbers_out_of_range_are_refused(make):
    with pytest.raises(ValueError, match="Instead, "):
        make()


# ---------------------------------------------------------------------- schedules and clipping


def test_schedules_are_their_formulas():
    def at(rate, *counts):
        return [rate(n) for n in counts]

    assert at(nn.exponential_decay(0.1, 0.5, 10), 0, 10, 20) == pytest.approx([0.1, 0.05, 0.025])
    assert at(nn.linear_decay(1.0, 4, 0.2), 0, 2, 4, 9) == pytest.approx([1.0, 0.6, 0.2, 0.2])
    assert at(nn.cosine_decay(1.0, 4), 0, 1, 2, 4, 9) == pytest.approx(
        [1.0, (1 + math.sqrt(0.5)) / 2, 0.5, 0.0, 0.0])
    assert at(nn.inverse_square_root(1.0, 4), 0, 4, 16) == pytest.approx([1.0, 1.0, 0.5])
    assert at(nn.piecewise_constant([2, 5], [3.0, 2.0, 1.0]), 1, 2, 4, 5) == [3, 2, 2, 1]
    assert at(nn.warmed_up(nn.linear_decay(1.0, 10), 2), 0, 1, 5) == pytest.approx([0.5, 0.9, 0.5])


def test_an_optimiser_asks_the_schedule_with_the_count_of_updates_done():
    seen = []

    def rate(n):
        seen.append(n)
        return 0.1 * (n + 1)

    expected = X - np.cumsum([0.1 * (n + 1) * g for n, g in enumerate(G)], axis=0)
    np.testing.assert_allclose(steps(nn.SGD(rate)), expected)
    assert seen == [0, 1, 2]


def test_clipping_keeps_structure_and_dtype_and_bounds_the_norm():
    gradient = {"w": np.array([3.0, 0.0], np.float32), "b": [4.0, None]}
    assert nn.global_norm(gradient) == 5.0
    clipped = nn.clip_by_global_norm(gradient, 1.0)
    assert nn.global_norm(clipped) == pytest.approx(1.0)
    assert clipped["w"].dtype == np.float32
    assert clipped["b"] == [pytest.approx(0.8), None]
    assert nn.clip_by_global_norm(gradient, 6.0) is gradient
    np.testing.assert_array_equal(nn.clip_by_value(gradient, 2.0)["w"], [2.0, 0.0])


# ------------------------------------------------------------------------------ initial values


def test_glorot_counts_the_receptive_field():
    weight = nn.glorot_uniform((5, 5, 3, 6), np.random.default_rng(0))
    limit = math.sqrt(6 / (5 * 5 * 3 + 5 * 5 * 6))
    assert np.abs(weight).max() <= limit
    assert np.abs(weight).max() > 0.99 * limit
    assert weight.dtype == np.float32


@pytest.mark.parametrize(("draw", "variance"), [
    (nn.glorot_uniform, 2 / 300), (nn.glorot_normal, 2 / 300), (nn.he_uniform, 2 / 100),
    (nn.he_normal, 2 / 100), (nn.normal(0.3), 0.09)])
def test_initial_values_have_the_variance_of_the_papers(draw, variance):
    weight = draw((100, 200), np.random.default_rng(0), np.float64)
    assert np.var(weight) == pytest.approx(variance, rel=0.05)
    assert abs(np.mean(weight)) < 3 * math.sqrt(variance / weight.size)
    again = draw((100, 200), np.random.default_rng(0), np.float64)
    np.testing.assert_array_equal(weight, again)


@pytest.mark.parametrize("shape", [(4, 4), (6, 3), (3, 6)])
def test_orthogonal_matrices_are_orthogonal(shape):
    q = nn.orthogonal(shape, np.random.default_rng(0), np.float64)
    small = q.T @ q if shape[0] >= shape[1] else q @ q.T
    np.testing.assert_allclose(small, np.eye(min(shape)), atol=1e-14)


# ------------------------------------------------------------------------------------- files


def test_a_model_comes_back_from_a_file_to_the_bit(tmp_path):
    saved, other = model(), model()
    saved(np.ones((5, 3), np.float32) * np.arange(5, dtype=np.float32)[:, None])
    other.dense.weight = np.zeros_like(other.dense.weight)
    other.scale = 0.0
    nn.save(tmp_path / "model.npz", saved)
    loaded = nn.load(tmp_path / "model.npz", like=other)
    np.testing.assert_array_equal(loaded.dense.weight, saved.dense.weight)
    np.testing.assert_array_equal(loaded.norms[0].running_mean, saved.norms[0].running_mean)
    assert loaded.norms[0].running_mean.any()
    assert (type(loaded), loaded.scale, loaded.name) == (Model, 1.5, "model")
    assert other.scale == 0.0
    with np.load(tmp_path / "model.npz") as archive:
        assert {"dense.weight", "dense.bias", "scale", "norms.0.running_mean"} <= set(archive)


def test_a_parameter_may_be_called_as_numpys_own_keyword(tmp_path):
    saved = {"file": np.ones(2), "allow_pickle": [2.0]}
    nn.save(tmp_path / "model.npz", saved)
    loaded = nn.load(tmp_path / "model.npz", like={"file": np.zeros(2), "allow_pickle": [0.0]})
    assert loaded["allow_pickle"] == [2.0]
    np.testing.assert_array_equal(loaded["file"], [1.0, 1.0])


def test_a_layer_that_is_used_twice_stays_one(tmp_path):
    shared = nn.Dense(2, 2, generator=np.random.default_rng(0))
    both = nn.Sequential((shared, shared))
    nn.save(tmp_path / "model.npz", both)
    loaded = nn.load(tmp_path / "model.npz", like=both)
    assert loaded.layers[0] is loaded.layers[1]
    used = nn.inference(both)
    assert used.layers[0] is used.layers[1]


@pytest.mark.parametrize("other", [
    {"w": np.zeros(2), "more": 1.0}, {"v": np.zeros(2)}, {"w": np.zeros(3)},
    {"w": np.zeros(2, np.float32)}])
def test_a_file_of_another_model_is_refused(tmp_path, other):
    nn.save(tmp_path / "model.npz", {"w": np.ones(2)})
    with pytest.raises(ValueError, match="load: .*Instead, "):
        nn.load(tmp_path / "model.npz", like=other)
