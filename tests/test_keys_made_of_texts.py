"""Parameters in a dict that are read under keys which the code makes: `params[f"W{i}"]`."""

import numpy as np
import pytest

import s2sdiff as sd


def parameters(t):
    return {"W1": np.array([[0.1, 0.2], [0.3, 0.4]]) * t,
            "W2": np.array([[1.0, 0.2], [0.3, -0.4]]) + t,
            "b1": np.array([0.5, t]), "b2": np.array([t * t, 0.3])}


def network(p):
    h = np.ones((3, 2))
    for i in range(1, len(p) // 2 + 1):
        z = h @ p[f"W{i}"] + p["b" + str(i)]
        h = np.tanh(z) if i == 1 else 1.0 / (1.0 + np.exp(-z))
    return np.sum(h) + sum(np.sum(v**2) for k, v in p.items() if k.startswith("W"))


def one_is_a_number_now(p):
    p["W1"] = np.sum(p["b1"])
    return sum([np.sum(p[f"W{i}"] * p["b1"]) for i in (1, 2)])


def written_under_such_keys(p):
    total = 0.0
    for i in (1, 2):
        total = total + np.sum(p[f"W{i}"] ** 2)
        p[f"W{i}"] = np.sum(p[f"W{i}"]) * p["b1"]
    return total + np.sum(p["W1"] * p["W2"])


def others_beside_them(p):
    q = dict(p)
    for i in (1, 2):
        q[f"V{i}"] = p[f"W{i}"].sum()
    q["W3"] = q["V1"] * 2.0
    return sum([np.sum(q[f"W{i}"] * q["V1"]) for i in (1, 2, 3)])


def put(p):
    p["W2"] = p["b1"] * 1.0


def written_by_a_helper(p):
    put(p)
    return sum([np.sum(p[f"W{i}"] ** 2) for i in (1, 2)])


@pytest.mark.parametrize("f", (
    network, one_is_a_number_now, written_under_such_keys, others_beside_them,
    written_by_a_helper))
def test_what_lies_under_such_a_key_has_its_derivative(f):
    t, h = 0.7, 1e-6
    up, down = parameters(t + h), parameters(t - h)
    moved = {k: (up[k] - down[k]) / (2 * h) for k in up}
    slope = (f(parameters(t + h)) - f(parameters(t - h))) / (2 * h)
    value, pullback = sd.vjp(f, parameters(t))
    assert value == f(parameters(t))
    for found in (sd.grad(f)(parameters(t)), pullback(1.0), pullback(1.0)):
        assert sum(np.sum(found[k] * d) for k, d in moved.items()) == pytest.approx(slope)
    assert sd.jvp(f, (parameters(t),), (moved,))[1] == pytest.approx(slope)


def test_layers_of_known_shapes_are_written_out():
    text = sd.source(network, "grad", args=(parameters(0.7),))
    assert "rt.call" not in text
    assert ".T @ z" in text


def test_the_indices_of_a_shape_are_known_behind_a_star():
    def f(a):
        out = np.zeros_like(a)
        for i, j in np.ndindex(*a.shape):
            out[i, j] = a[i, j] ** 2 * a[j, i]
        return np.sum(out)

    a = np.array([[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_allclose(sd.grad(f)(a), 2 * a * a.T + a.T**2)
    np.testing.assert_allclose(sd.jvp(f, (a,), (np.eye(2),))[1], 3.0 * (1.0 + 16.0))
    assert "by_place" not in sd.source(f, "grad", args=(a,))
