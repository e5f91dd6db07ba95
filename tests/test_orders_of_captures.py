"""Products with Hessians of functions that capture their data, as a user's lambda does."""


import numpy as np
import pytest

import s2sdiff as sd
from tests.counted_calls import calls

X = np.random.default_rng(0).standard_normal((4, 3))
D = np.array([[0.5, -1.0, 0.3]] * 4) * np.arange(1.0, 5.0)[:, None]
PAIRS = [(0, 1), (1, 2), (2, 3), (3, 0)]
RESTS = [1.0, 0.5, 0.8, 1.2]


def energy(x, pairs, rests, stiffness=1.5):
    total = 0.0
    for (i, j), rest in zip(pairs, rests):
        total += stiffness * (np.linalg.norm(x[i] - x[j]) - rest) ** 2
    return total


def stepping(p, ys):
    def slope(y):
        return np.array([p[0] * y[1], -p[1] * y[0]])

    y, total = np.array([1.0, 0.5]), 0.0
    for k in range(len(ys)):
        y = y + 0.1 * slope(y + 0.05 * slope(y))
        total += np.sum((y - ys[k]) ** 2)
    return total


def of_captured(pairs, rests):
    return lambda x: energy(x, pairs, rests)


def of_constants(pairs):
    return lambda x: energy(x, pairs, rests=RESTS, stiffness=2.5)


def with_functions(data, scale):
    def model(x):
        return scale["a"] * np.sin(x)

    def loss(x):
        return np.sum((model(x) - data) ** 2)

    return loss


def by_recursion(depths):
    def fall(x, n):
        return x if n == 0 else np.sin(fall(x, n - 1)) * depths[0]

    return lambda x: np.sum(fall(x, 3) * depths[1])




def of_globals(x):
    total = 0.0
    for (i, j), rest in zip(PAIRS, RESTS):
        total += (np.linalg.norm(x[i] - x[j]) - rest) ** 2
    return total


FUNCTIONS = {
    "names of the module": of_globals,
    "lists": of_captured(PAIRS, RESTS),
    "constants and globals": of_constants(PAIRS),
    "functions that capture": with_functions(np.ones((4, 3)), {"a": 1.3}),
    "a function that calls itself": by_recursion([0.9, 1.1]),
}


def differences(f, x, d):
    """The product of the Hessian of `f` with `d`, from gradients beside `x`."""
    slope, step = sd.grad(f), 1e-5
    return (slope(x + step * d) - slope(x - step * d)) / (2 * step)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_products_agree_with_differences_of_gradients(name):
    f = FUNCTIONS[name]
    wanted = differences(f, X, D)
    for found in (sd.hvp(f, (X,), (D,)), sd.hvp(f, (X,), (D,)),
                  sd.jvp(sd.grad(f), (X,), (D,))[1]):
        np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-8)
    whole = np.reshape(sd.hessian(f)(X), (X.size, X.size))
    np.testing.assert_allclose(whole @ np.ravel(D), np.ravel(wanted), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("f, x", [
    (of_captured(PAIRS, RESTS), X), (of_globals, X),
    (lambda p: stepping(p, np.ones((3, 2))), np.array([0.7, 1.1]))],
    ids=["a loop over pairs", "names of the module", "a function with a closure"])
def test_a_product_takes_few_calls_more_than_a_gradient(f, x):
    slope, d = sd.grad(f), np.ones_like(x)
    for _ in range(8):  # after a few, code is made that gives no gradient
        sd.hvp(f, (x,), (d,))
        slope(x)
    assert calls(lambda: sd.hvp(f, (x,), (d,))) < 5 * calls(lambda: slope(x)) + 200


def test_what_is_captured_is_read_at_each_call():
    scale = [1.0]

    def loss(x):
        return scale[0] * np.sum(np.sin(x)) + len(scale)

    one = sd.hvp(loss, (X,), (D,))
    scale[0] = 3.0
    np.testing.assert_allclose(sd.hvp(loss, (X,), (D,)), 3.0 * one)
    scale = [np.float32(2.0), 1]
    np.testing.assert_allclose(sd.hvp(loss, (X,), (D,)), 2.0 * one, rtol=1e-6)
    scale = np.array([5.0])
    np.testing.assert_allclose(sd.hvp(loss, (X,), (D,)), 5.0 * one)


def test_names_of_the_module_are_read_at_each_call(monkeypatch):
    pairs = [(0, 2), (1, 3)]
    sd.hvp(of_globals, (X,), (D,))
    monkeypatch.setitem(globals(), "PAIRS", pairs)
    found = sd.hvp(of_globals, (X,), (D,))
    np.testing.assert_allclose(found, differences(of_globals, X, D), rtol=1e-6, atol=1e-8)
    monkeypatch.setitem(globals(), "PAIRS", np.array(pairs))
    np.testing.assert_allclose(sd.hvp(of_globals, (X,), (D,)), found)


def test_a_captured_function_may_be_another_one_later():
    def power(n):
        def inner(x):
            return factor["k"] * x ** n
        return inner

    factor = {"k": 2.0}
    inner = power(2)

    def loss(x):
        return np.sum(inner(x))

    np.testing.assert_allclose(sd.hvp(loss, (X,), (D,)), 4.0 * D)
    inner = power(3)
    np.testing.assert_allclose(sd.hvp(loss, (X,), (D,)), 12.0 * X * D)


def test_a_name_that_a_called_function_binds_anew_is_followed_or_refused():
    weights = [7.0]

    def set_to(w):
        nonlocal weights
        weights = [w]
        return 0.0

    def loss(x):
        first = set_to(1.0) + weights[0] * np.sum(x ** 2)
        return first + set_to(2.0) + weights[0] * np.sum(x ** 3)

    try:
        found = sd.hvp(loss, (X,), (D,))
    except sd.DifferentiationError:
        return
    np.testing.assert_allclose(found, 2.0 * D + 2.0 * 6.0 * X * D)


def test_a_captured_list_that_grows_has_grown_once():
    seen = []

    def loss(x):
        seen.append(float(x[0, 0]))
        return np.sum(np.sin(x)) * len([1])

    np.testing.assert_allclose(sd.hvp(loss, (X,), (D,)), -np.sin(X) * D)
    before = len(seen)
    sd.hvp(loss, (X,), (D,))
    assert len(seen) == before + 1


@pytest.mark.parametrize("x", [2.0, np.float32(2.0), np.zeros(0), np.array(2.0)],
                         ids=["a float", "float32", "no numbers", "no dimensions"])
def test_products_have_the_type_of_the_point(x):
    powers = [(3, 1.0), (2, 0.5)]

    def loss(p):
        total = 0.0
        for n, k in powers:
            total = total + k * np.sum(p ** n)
        return total

    found = sd.hvp(loss, (x,), (np.ones_like(x)[()] if np.ndim(x) == 0 else np.ones_like(x),))
    np.testing.assert_allclose(found, 6.0 * np.asarray(x) + 1.0, rtol=1e-6)
    assert np.shape(found) == np.shape(x)


def test_the_point_itself_may_be_captured():
    held = [X, 2.0]
    found = sd.hvp(lambda x: np.sum((x - held[0]) ** 4 + x ** 3) * held[1], (X,), (D,))
    np.testing.assert_allclose(found, 12.0 * X * D)


def test_a_refusal_names_the_line_of_a_captured_function():
    data = [1.0, 2.0]

    def inner(x):
        return float(repr(float(x[0, 0]))) * data[0]

    def loss(x):
        return inner(x) * np.sum(x)

    with pytest.raises(sd.DifferentiationError, match=r"in inner\n\s*return float\(repr") as found:
        sd.hvp(loss, (X,), (D,))
    assert "Instead, " in str(found.value)


def test_what_is_written_into_a_captured_array_is_followed():
    kept, options = np.zeros(X.shape), {"n": 2.0}

    def loss(x):
        kept[:] = 2.0 * x
        return np.sum(kept ** 3) * options["n"]

    np.testing.assert_allclose(sd.hvp(loss, (X,), (D,)), 96.0 * X * D)
    np.testing.assert_array_equal(kept, 2.0 * X)


def test_arguments_come_in_the_order_of_the_function_that_is_called():
    def swapped(a, b, *, n=2):
        return np.sum(a ** (n + 1)) * b[0]

    def loss(b, a):
        return swapped(a, b, n=3)

    found = sd.hvp(loss, (np.array([2.0]), X), (None, D))
    np.testing.assert_allclose(found[1], 24.0 * X ** 2 * D)
    np.testing.assert_allclose(found[0], np.sum(4.0 * X ** 3 * D))


def test_defaults_that_are_set_anew_count(monkeypatch):
    data = [2.0]

    def loss(x, scale=2.0, *, k=3.0):
        return np.sum(x ** 3) * data[0] * scale * k

    def product():
        return sd.hvp(loss, (X,), (D,)) / (12.0 * X * D)

    np.testing.assert_allclose(product(), 6.0)
    monkeypatch.setattr(loss, "__defaults__", (5.0,))
    np.testing.assert_allclose(product(), 15.0)
    loss.__kwdefaults__["k"] = 1.0
    np.testing.assert_allclose(product(), 5.0)


class Model:
    def __init__(self, w):
        self.w = w


def shifted(model, x):
    return np.sum((x @ model.w) ** 3)


def test_a_structure_whose_name_stands_for_its_part_later():
    rest = (np.eye(4),)
    found = sd.hvp(lambda model: shifted(model, *rest), (Model(X),), (Model(D),))
    np.testing.assert_allclose(found.w, 6.0 * X * D)
