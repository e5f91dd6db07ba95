"""Lists and dicts of arrays that get other arrays: plain text, whoever else has the arrays."""

import numpy as np
import pytest

import s2sdiff as sd

W = np.array([[0.4, -0.2, 0.3], [0.1, 0.5, -0.6], [0.7, -0.3, 0.2]])
X = np.array([[0.5, -1.0, 0.8], [1.5, 0.3, -0.4]])


def appended(w, x):
    states = [x]
    for _ in range(3):
        states.append(np.tanh(states[-1] @ w))
    return np.sum(states[1] * states[3]) + np.mean(np.array(states) ** 2)


def set_by_index(w, x):
    h, total = [np.zeros_like(x), np.ones_like(x)], 0.0
    for t in range(4):
        for k in range(2):
            h[k] = np.tanh(h[k] @ w + h[1 - k] * x)
        total += np.sum(h[t % 2] * x)
    return total


def one_array_twice(w, x):
    y = x @ w
    held = [y]
    held.append(y)
    held.append(y * x)
    held[0] = held[1] * held[2]
    return np.sum(held[0] * held[1] + y)


def views_of_one(w, x):
    rows = [w[0], w[1]]
    rows.append(rows[0] * w[2])
    rows[1] = rows[1] * rows[2]
    return np.sum(rows[0] * rows[1] * w[1] + x[0] * rows[2])


def written_in_place(w, x):
    rows = [x @ w, x * 2.0]
    first = rows[0]
    rows.append(rows[1] * first)
    rows[0] *= x
    rows[2][0] += first[1]
    rows.append(first)
    return np.sum(rows[3] * rows[2])


def taken_out(w, x):
    stack = [x]
    for _ in range(3):
        stack.append(stack[-1] @ w)
    total = 0.0
    while len(stack) > 1:
        y = stack.pop()
        stack[-1] = stack[-1] * y
        total += np.sum(y)
    return total + np.sum(stack[0] * x)


def doubled(arrays):
    for a in arrays:
        a *= 2.0


def by_a_helper(w, x):
    held = [x @ w, x * x]
    held.append(held[0] * held[1])
    doubled(held)
    held[1] = held[0] * x
    return np.sum(held[0] * held[1] + held[2])


def joined(w, x):
    parts = []
    for i in range(3):
        parts.append(x * w[i])
    parts[1] = parts[1] * parts[0]
    return np.sum(np.concatenate(parts, axis=1) ** 2) + np.sum(np.stack(parts) * 0.5)


def under_keys(w, x):
    cache = {0: x}
    for i in range(3):
        cache[i + 1] = np.tanh(cache[i] @ w)
        cache[i] = cache[i] * cache[i + 1]
    return sum(np.sum(v * v) for v in cache.values())


def other_ranks(w, x):
    held = [x, w]
    held.append(x[0])
    held[0] = held[1] @ held[2]
    return np.sum(held[0] * held[2])


def broadcast(w, x):
    held = [x, x * x]
    held.append(x[:1] * w[:1])
    held[0] = held[1] * held[2]
    held[1] = held[2] + held[0]
    return np.sum(held[1] * held[2])


TABLE = [appended, set_by_index, one_array_twice, views_of_one, written_in_place, taken_out,
         by_a_helper, joined, under_keys, other_ranks, broadcast]
PLAIN = [appended, set_by_index, one_array_twice, taken_out, broadcast]


def slopes(f, arguments, i):
    given = arguments[i]
    found = np.zeros_like(given)
    for at in np.ndindex(given.shape):
        step = np.zeros_like(given)
        step[at] = 1e-6
        up, down = list(arguments), list(arguments)
        up[i], down[i] = given + step, given - step
        found[at] = (f(*up) - f(*down)) / 2e-6
    return found


@pytest.mark.parametrize("f", TABLE, ids=lambda f: f.__name__)
def test_gradients_are_those_of_differences(f):
    w, x = W.copy(), X.copy()
    gradients = sd.grad(f, wrt=(0, 1))(w, x)
    for i, g in enumerate(gradients):
        np.testing.assert_allclose(g, slopes(f, (W, X), i), rtol=1e-6, atol=1e-7)
    np.testing.assert_array_equal(w, W)
    np.testing.assert_array_equal(x, X)
    tangents = np.cos(W), np.sin(X)
    _, dot = sd.jvp(f, (w, x), tangents)
    along = sum(np.sum(g * t) for g, t in zip(gradients, tangents, strict=True))
    assert dot == pytest.approx(along)
    value, pullback = sd.vjp(f, w, x)
    assert value == f(W, X)
    for _ in range(2):
        for g, again in zip(gradients, pullback(1.0), strict=True):
            np.testing.assert_allclose(g, again)


@pytest.mark.parametrize("f", PLAIN, ids=lambda f: f.__name__)
def test_items_are_read_and_written_as_they_are(f):
    text = sd.source(f, "grad", args=(W, X))
    assert "rt.call_kept" not in text
    assert text.count("by_place") <= 1  # `np.array(states)`


# ----------------------------------------------------------- what all that a long list holds is


class Layer:
    def __init__(self, w, b):
        self.w, self.b = w, b


def of_tuples(pairs):
    total = 0.0
    for w, x in pairs:
        total += np.sin(w) * x
    return total


def of_dicts(layers):
    x = np.ones(2)
    for layer in layers:
        x = np.tanh(layer["w"] @ x + layer["b"])
    return np.sum(x)


def of_objects(layers):
    x = np.ones(2)
    for layer in layers:
        x = np.tanh(layer.w @ x + layer.b)
    return np.sum(x)


def of_a_dict(nodes):
    total = 0.0
    for i in range(len(nodes) - 1):
        total += np.sum((nodes[i + 1] - nodes[i]) ** 2) * nodes[0][0]
    return total


def made(n):
    rng = np.random.default_rng(3)
    ws, bs = rng.normal(size=(n, 2, 2)), rng.normal(size=(n, 2))
    return [(of_tuples, list(zip(ws[:, 0, 0].tolist(), bs[:, 0].tolist(), strict=True))),
            (of_dicts, [{"w": w, "b": b} for w, b in zip(ws, bs, strict=True)]),
            (of_objects, [Layer(w, b) for w, b in zip(ws, bs, strict=True)]),
            (of_a_dict, dict(enumerate(bs)))]


@pytest.mark.parametrize(("f", "given"), made(40), ids=lambda p: getattr(p, "__name__", ""))
def test_what_is_in_long_lists_is_known(f, given):
    text = sd.source(f, "grad", args=(given,))
    assert "rt.call" not in text
    assert "by_place" not in text
    g = sd.grad(f)(given)
    short = dict(made(3))[f]
    h = sd.grad(f)(short)  # of few, each is known by itself
    assert type(g) is type(given)
    assert len(g) == 40
    assert len(h) == 3
    if f is of_tuples:
        assert g[7] == pytest.approx((np.cos(given[7][0]) * given[7][1], np.sin(given[7][0])))
    if f is of_a_dict:
        inner = 2 * (2 * given[7] - given[6] - given[8]) * given[0][0]
        np.testing.assert_allclose(g[7], inner)
    if f is of_dicts or f is of_objects:
        layer, step = (given[7], 1e-6)
        b = layer["b"] if f is of_dicts else layer.b
        mine = g[7]["b"] if f is of_dicts else g[7].b
        was = b[1]
        b[1] = was + step
        up = f(given)
        b[1] = was - step
        slope = (up - f(given)) / (2 * step)
        b[1] = was
        assert mine[1] == pytest.approx(slope, rel=1e-5, abs=1e-9)


def test_a_list_of_other_items_is_compiled_anew():
    def f(pairs):
        total = 0.0
        for a, b in pairs:
            total = total + np.sum(a * b)
        return total

    floats = [(float(i), 2.0) for i in range(40)]
    arrays = [(np.arange(2.0) + i, 2.0) for i in range(40)]
    assert sd.grad(f)(floats)[3] == (2.0, 3.0)
    np.testing.assert_array_equal(sd.grad(f)(arrays)[3][0], [2.0, 2.0])
    mixed = [*floats[:39], arrays[0]]
    np.testing.assert_array_equal(sd.grad(f)(mixed)[39][0], [2.0, 2.0])
    assert sd.grad(f)(floats)[3] == (2.0, 3.0)
