"""Jacobians of functions of tuples, lists and dicts, inside of differentiated functions."""

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.3, 0.5])
P = {"a": X, "b": 0.7}


def of_a_tuple(x):
    a, b = sd.jacrev(lambda z: (np.sin(z) * x[0], np.sum(z**2)))(x)
    return np.sum(a**2) + np.sum(b)


def of_a_dict_of_a_dict(p):
    j = sd.jacobian(lambda z: {"u": z["a"] * z["b"], "v": z["b"] ** 2})(p)
    return np.sum(j["u"]["a"] ** 2) + j["v"]["b"] * j["u"]["b"][0]


def of_a_gradient(p):
    h = sd.hessian(lambda z: np.sum(z["a"] ** 3) * z["b"])(p)
    return np.sum(h["a"]["a"] ** 2) + np.sum(h["a"]["b"] * p["a"])


def of_two_arguments(p):
    by_list, by_number = sd.jacfwd(lambda z, k: [z[0] * k, k * k], (0, 1))(
        [p["a"], 2.0], p["b"])[0]
    return np.sum(by_list[0] ** 2) + np.sum(by_list[1]) + np.sum(by_number**2)


@pytest.mark.parametrize("f, args, expected", [
    (of_a_tuple, (X,), [2 * 0.3 * (np.cos(0.3) ** 2 + np.cos(0.5) ** 2)
                        - 0.09 * np.sin(0.6) + 2, -0.09 * np.sin(1.0) + 2]),
    (of_a_dict_of_a_dict, (P,), {"a": [1.4, 0.0], "b": 4 * 0.7 + 0.6}),
    (of_a_gradient, (P,), {"a": 72 * X * 0.49 + 9 * X**2, "b": 72 * 0.7 * np.sum(X**2)}),
    (of_two_arguments, (P,), {"a": 2 * X, "b": 4 * 0.7})], ids=lambda f: getattr(f, "__name__", ""))
def test_a_jacobian_of_structures_is_differentiated(f, args, expected):
    found = sd.grad(f)(*args)
    value, dot = sd.jvp(f, args, args)
    assert value == f(*args)
    if isinstance(expected, dict):
        np.testing.assert_allclose(found["a"], expected["a"], rtol=1e-12)
        assert found["b"] == pytest.approx(expected["b"])
        assert dot == pytest.approx(np.sum(expected["a"] * X) + expected["b"] * 0.7)
    else:
        np.testing.assert_allclose(found, expected, rtol=1e-12)
        assert dot == pytest.approx(np.sum(expected * X))


def test_a_tangent_in_which_one_number_does_not_move():
    def f(p):
        along = {"a": p["a"], "b": None, "times": None, "name": None}
        return np.sum(sd.jvp(lambda z: z["a"] * z["b"] * z["times"], (p,), (along,))[1])

    p = {**P, "times": 2, "name": "text"}
    found = sd.grad(f)(p)
    np.testing.assert_allclose(found["a"], [1.4, 1.4], rtol=1e-12)
    assert found["b"] == pytest.approx(1.6)
    assert sd.jvp(f, (p,), ({**P, "times": None, "name": None},))[1] == pytest.approx(2.24)
