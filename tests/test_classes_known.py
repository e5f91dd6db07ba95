"""Objects of known classes: methods, properties and operators are compiled with the caller."""

import dataclasses
import types

import numpy as np
import pytest

import s2sdiff as sd


def relu(x):
    return np.maximum(x, 0.0)


@dataclasses.dataclass
class Dense:
    w: object
    b: object
    act: object = np.tanh

    def __call__(self, x):
        return self.act(x @ self.w + self.b)

    @property
    def weight(self):
        return np.sum(self.w * self.w)


@dataclasses.dataclass
class Model:
    one: Dense
    two: Dense
    scale: float

    def __call__(self, x):
        return self.two(self.one(x)) * self.scale

    def penalty(self, k):
        return k * (self.one.weight + self.two.weight)


class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __getitem__(self, i):
        return self.x if i == 0 else self.y

    def dot(self, other):
        return self.x * other.x + self.y * other.y


class Doubled(Vector):
    def dot(self, other):
        return 2.0 * super().dot(other)


def network():
    r = np.random.default_rng(3)
    return Model(Dense(r.normal(size=(3, 4)), r.normal(size=4)),
                 Dense(r.normal(size=(4, 2)), r.normal(size=2), relu), 1.5)


def loss(model, x, y):
    e = model(x) - y
    return np.mean(e * e) + model.penalty(0.1)


def read(o, path):
    for name in path:
        o = getattr(o, name)
    return o


def difference(f, make, path, step=1e-6):
    """Of the first argument's attribute at `path`, in the first element of an array."""
    def at(d):
        args = make()
        owner = read(args[0], path[:-1])
        value = getattr(owner, path[-1])
        if isinstance(value, np.ndarray):
            value.flat[0] += d
        else:
            setattr(owner, path[-1], value + d)
        return f(*args)
    return (at(step) - at(-step)) / (2 * step)


def check(f, make, *paths):
    args = make()
    gradient = sd.grad(f)(*args)
    for path in paths:
        found = np.ravel(read(gradient, path))[0]
        assert found == pytest.approx(difference(f, make, path), rel=1e-6, abs=1e-8), path


def data():
    r = np.random.default_rng(4)
    return r.normal(size=(5, 3)), r.normal(size=(5, 2))


def test_a_model_of_layers_has_the_gradient_of_its_formula():
    check(loss, lambda: (network(), *data()), ("one", "w"), ("one", "b"), ("two", "w"),
          ("two", "b"), ("scale",))


def test_its_methods_are_written_into_the_text():
    text = sd.source(loss, args=(network(), *data()), mode="grad")
    assert "by_place" not in text and "np.tanh" in text


def dots(v, u):
    return v.dot(u) + v[0] * u[1] + (v + u).y * v.x


@pytest.mark.parametrize("kind", [Vector, Doubled])
def test_methods_and_operators_are_those_of_the_class(kind):
    check(dots, lambda: (kind(1.3, 0.7), Vector(0.4, 0.9)), ("x",), ("y",))


def test_a_method_that_the_object_holds_itself_goes_before_that_of_the_class():
    def make():
        v = Vector(1.3, 0.7)
        v.dot = lambda u: 7.0 * u.x
        return v, Vector(0.4, 0.9)

    check(dots, make, ("x",), ("y",))


def test_another_function_in_a_field_is_seen_in_the_next_call():
    layer, x = Dense(np.ones((2, 2)), np.ones(2)), np.array([0.3, -2.0])

    def total(layer, x):
        return np.sum(layer(x))

    for act in (np.tanh, relu, np.tanh, lambda x: 3.0 * x):
        layer.act = act
        check(total, lambda: (Dense(layer.w.copy(), layer.b.copy(), act), x), ("w",), ("b",))
        again = sd.grad(total)(dataclasses.replace(layer), x)
        assert np.allclose(sd.grad(total)(layer, x).w, again.w)


def test_another_method_of_the_class_is_seen_in_the_next_call(monkeypatch):
    check(dots, lambda: (Vector(1.3, 0.7), Vector(0.4, 0.9)), ("x",))
    monkeypatch.setattr(Vector, "dot", lambda self, other: 5.0 * self.x * other.x)
    check(dots, lambda: (Vector(1.3, 0.7), Vector(0.4, 0.9)), ("x",))


def switched(v, n):
    total, now = 0.0, v
    for i in range(n):
        total = total + now.x * v.x
        if i == 1:
            now = v.inner
    return total


def test_what_is_read_once_is_read_again_of_another_object():
    def make():
        v = Vector(1.3, 0.7)
        v.inner = Vector(0.2, 0.3)
        return v, 4

    check(switched, make, ("x",), ("inner", "x"))


def written(v, k):
    before = v.x
    v.x = before * k
    return before * v.x + v.dot(v)


def test_a_field_that_is_written_is_read_again():
    check(written, lambda: (Vector(1.3, 0.7), 1.5), ("x",), ("y",))


def gathered(a, b):
    rows = [a]
    rows.insert(1, b)
    return np.sum(rows[0] * rows[1])


def fields(u, v):
    both = [u]
    both.insert(1, v)
    return both[0].x * both[1].x


def test_two_arguments_that_are_one_array_or_object_are_refused_by_place():
    a = np.array([1.0, 2.0])
    with pytest.raises(sd.AliasingError, match="a and b hold the same memory"):
        sd.grad(gathered)(a, a)
    with pytest.raises(sd.AliasingError, match="Instead, pass a copy"):
        sd.vjp(gathered, a, a[::-1])
    v = types.SimpleNamespace(x=3.0)
    with pytest.raises(sd.AliasingError, match="u and v hold the same SimpleNamespace"):
        sd.grad(fields, wrt=(0, 1))(v, v)
    assert np.array_equal(sd.grad(gathered)(a, a.copy()), a)


def test_arguments_that_nobody_asks_for_may_be_one_array():
    def weighted(x, p, q):
        rows = [x]
        rows.insert(1, p * q)
        return np.sum(rows[0] * rows[1])

    a = np.array([1.0, 2.0])
    assert np.array_equal(sd.grad(weighted)(np.ones(2), a, a), a * a)


def paired(rows):
    rows.append(rows[0] * rows[1])
    return np.sum(rows[2])


def test_views_that_do_not_overlap_are_apart():
    theta = np.arange(1.0, 7.0)
    assert np.array_equal(sd.grad(gathered, wrt=(0, 1))(theta[:3], theta[3:])[0], theta[3:])
    assert np.array_equal(sd.grad(gathered)(theta[::2], theta[1::2]), theta[1::2])
    first, second = sd.grad(paired)([theta[:3], theta[3:]])
    assert np.array_equal(first, theta[3:])
    assert np.array_equal(second, theta[:3])


def test_an_array_that_one_argument_holds_twice_is_refused_by_place():
    a = np.array([1.0, 2.0])
    with pytest.raises(sd.AliasingError, match="rows holds the same array twice"):
        sd.grad(paired)([a, a])
    with pytest.raises(sd.AliasingError, match="rows holds the same array twice"):
        sd.grad(paired)([a, a[::-1]])


def through_a_helper(a, b):
    return gathered_by(a, b)


def gathered_by(a, b):
    rows = [a]
    for x in (b,):
        rows.insert(1, x)
    return np.sum(rows[0] * rows[1])


def twice(a):
    return gathered_by(a, a)


def test_a_helper_may_be_given_one_array_twice_but_not_two_arguments_that_are_one():
    a = np.array([1.0, 2.0])
    assert np.array_equal(sd.grad(twice)(a), 2.0 * a)
    assert np.array_equal(sd.vjp(twice, a)[1](1.0), 2.0 * a)
    with pytest.raises(sd.AliasingError, match="a and b hold the same memory"):
        sd.grad(through_a_helper)(a, a)
