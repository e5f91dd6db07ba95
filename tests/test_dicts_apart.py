"""Dicts of known keys that a function keeps for itself: the state of a simulation or a filter.

Numbers: central differences of the plain function.
"""

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.4, 0.9, 1.3])
SEEN = {}


def stepped(x):
    s = {"u": x.copy(), "v": np.zeros_like(x), "t": 0.0}
    for k in range(4):
        s["v"] = s["v"] - 0.1 * s["u"] ** 2
        s["u"] += 0.1 * s["v"]
        s["t"] += 0.1 * k
    return s["u"] * s["t"] + s["v"]


def kalman(x):
    s = {"m": x[:2].copy(), "P": np.eye(2)}
    h, f = np.array([[1.0, 0.5]]), np.array([[1.0, 0.1], [0.0, 1.0]])
    for k in range(3):
        s["m"], s["P"] = f @ s["m"], f @ s["P"] @ f.T + 0.1 * np.eye(2)
        gain = s["P"] @ h.T / (h @ s["P"] @ h.T + x[2])
        s["m"] = s["m"] + gain[:, 0] * (x[k] - (h @ s["m"])[0])
        s["P"] = (np.eye(2) - gain @ h) @ s["P"]
    return np.append(s["m"], np.trace(s["P"]))


def given_back(x):
    s = {"a": x * 2.0, "b": 3.0 * x[0], "c": "name"}
    if x[0] > 0.1:
        s["b"] = s["b"] * s["a"][1]
    else:
        return s
    return s


def two_names_of_one_array(x):
    s = {"a": x.copy(), "b": x * x}
    t = s["a"]
    s["b"] = s["a"]
    s["b"][0] *= x[1]
    t[1] = s["a"][0] * 2.0
    s["a"] *= 1.5
    return s["b"] + t


def the_argument_in_it(x):
    y = x * 1.0
    s = {"a": y, "n": 2}
    s["a"] *= x
    s["n"] **= 2
    return y * s["n"] + s["a"]


def read_before_it_is_written(x):
    s = {"a": x, "b": x * x}
    s["a"], s["b"] = s["b"], s["a"]
    old = s["a"]
    s["a"] = s["b"] * old
    return old + s["a"] * s["b"]


def in_functions_inside(x):
    s = {"total": 0.0 * x, "count": 0}

    def add(v):
        s["total"] = s["total"] + v
        s["count"] += 1

    for k in range(3):
        add(x * k)
    return s["total"] * s["count"]


def captured_and_handed_on(x):
    s = {"k": x[0]}
    scale = [lambda v: v * s["k"]]
    s["k"] = x[1] * 2.0
    return np.array([scale[0](v) for v in x])


def nested_dicts(x):
    s = {"p": {"w": x, "b": x[0]}, "n": 1.0}
    s["p"]["w"] = s["p"]["w"] * 2.0
    s["n"] = s["p"]["b"] * s["n"]
    return s["p"]["w"] * s["n"]


def in_an_attempt(x):
    s = {"a": x, "b": x}
    try:
        s["a"] = s["a"] * 2.0
        s["b"] = s["c"]
    except KeyError:
        s["b"] = x * 3.0
    return s["a"] * s["b"]


def raised_between(x):
    s = {"a": x, "b": x}
    try:
        s["a"] = s["a"] * 2.0
        if x[0] > 0.0:
            raise ValueError
        s["b"] = x * 9.0
    except ValueError:
        s["b"] = x * 3.0
    return s["a"] * s["b"]


def asked_for_keys(x):
    s = {"a": x, "b": x * x}
    s["a"] = s["a"] * 2.0
    return sum(s.values()) * len(s) + (s["a"] if "a" in s else 0.0) + s.get("c", x)


def another_key(x):
    s = {"a": x}
    s["b"] = s["a"] * 2.0
    s["a"] = s["b"] * s["a"]
    return s["a"] + s["b"]


def by_a_name(x):
    s = {"a": x, "b": x * x}
    for name in ("a", "b"):
        s[name] = s[name] * 2.0
    return s["a"] * s["b"]


def under_another_name(x):
    s = {"a": x, "b": x * x}
    t = s
    t["a"] = t["a"] * 3.0
    return s["a"] * s["b"]


def handed_to_a_helper(x):
    s = {"a": x, "b": x * x}
    moved(s)
    return s["a"] * s["b"]


def moved(s):
    s["a"] = s["a"] * s["b"]


def made_in_a_loop(x):
    total = 0.0 * x
    for k in range(3):
        s = {"a": x * k, "b": x}
        s["a"] = s["a"] * s["b"]
        total = total + s["a"]
    return total


def bound_anew(x):
    s = {"a": x, "b": x * 2.0}
    for _ in range(2):
        s = {"a": s["b"] * x, "b": s["a"]}
    return s["a"] + s["b"]


def looked_at_as_a_local(x):
    s = {"a": x * 2.0}
    s["a"] = s["a"] * x
    return locals()["s"]["a"]


def deleted(x):
    s = {"a": x, "b": x * x}
    s["b"] = s["b"] * s["a"]
    y = s["b"]
    del s["a"]
    return y * len(s)


def odd_keys(x):
    s = {"a b": x, "": x * x, "for": 2.0}
    s["a b"] = s[""] * s["for"]
    s["for"] *= 1.5
    return s["a b"] * s["for"]


ALL = [stepped, kalman, two_names_of_one_array, the_argument_in_it, read_before_it_is_written,
       in_functions_inside, captured_and_handed_on, nested_dicts, in_an_attempt, raised_between,
       asked_for_keys, another_key, by_a_name, under_another_name, handed_to_a_helper,
       made_in_a_loop, bound_anew, looked_at_as_a_local, deleted, odd_keys]
PLAIN = [stepped, kalman, in_functions_inside, odd_keys]


def along(f, x, t, h):
    ends = [f(x + s * h * t) for s in (1.0, -1.0)]
    return (ends[0] - ends[1]) / (2 * h)


@pytest.mark.parametrize("f", ALL, ids=lambda f: f.__name__)
def test_both_modes_agree_with_differences(f):
    try:
        y, pullback = sd.vjp(f, X.copy())
    except sd.UnsupportedError as error:
        assert f is looked_at_as_a_local
        assert "Instead, " in str(error)
        return
    np.testing.assert_allclose(y, f(X.copy()))
    y_bar = np.array([1.0, -0.5, 2.0])
    rows = [np.sum(y_bar * along(f, X, e, 1e-6)) for e in np.eye(3)]
    for _ in range(2):
        np.testing.assert_allclose(pullback(y_bar), rows, rtol=1e-6, atol=1e-8)
    t = np.array([0.3, -0.8, 0.5])
    np.testing.assert_allclose(sd.jvp(f, (X.copy(),), (t,))[1], along(f, X, t, 1e-6), rtol=1e-6,
                               atol=1e-8)


@pytest.mark.parametrize("f", [stepped, kalman, in_functions_inside, bound_anew, nested_dicts],
                         ids=lambda f: f.__name__)
def test_second_derivatives_agree_with_differences(f):
    def total(x):
        return np.sum(f(x) * np.array([1.0, -0.5, 2.0]))

    t = np.array([0.3, -0.8, 0.5])
    np.testing.assert_allclose(sd.hvp(total, (X,), (t,)), along(sd.grad(total), X, t, 1e-5),
                               rtol=1e-6, atol=1e-7)


def test_what_is_given_back_is_a_dict():
    y, pullback = sd.vjp(given_back, X)
    plain = given_back(X)
    assert type(y) is dict
    assert list(y) == list(plain)
    np.testing.assert_array_equal(y["a"], plain["a"])
    assert (y["b"], y["c"]) == (plain["b"], "name")
    x_bar = pullback({"a": np.ones(3), "b": 1.0, "c": None})
    np.testing.assert_allclose(x_bar, [2.0 + 6.0 * X[1], 2.0 + 6.0 * X[0], 2.0])


@pytest.mark.parametrize("f", PLAIN, ids=lambda f: f.__name__)
def test_nothing_is_kept_by_place(f):
    found = sd.source(f, "vjp", args=(X,))
    assert "by_place" not in found and "getitem_pullback" not in found
    assert not [line for line in found.splitlines() if "{" in line and "#" not in line]


def test_a_key_that_is_not_there_raises():
    def f(x):
        s = {"a": x}
        s["a"] = s["a"] * 2.0
        return s["b"]

    with pytest.raises(KeyError, match="b"):
        sd.grad(f)(1.0)
