"""What holds an argument's memory from outside does not move, however it is reached and asked."""

import functools
from dataclasses import dataclass, field

import numpy as np
import pytest

import s2sdiff as sd

X, V = np.array([1.0, 2.0, -0.5]), np.array([0.3, -1.0, 0.7])
#: Of `sum(w**2 * x + w**3)` where `w` and `x` are one array, and `x` stays.
SLOPE, CURVES = 2 * X * X + 3 * X**2, 2 * X + 6 * X

SETTINGS: dict = {"x": X}
ARRAYS: list = [X]
DATA = X
CALLS: list = []


def known(x):
    """Put an array where functions read it."""
    global DATA
    DATA = SETTINGS["x"] = ARRAYS[0] = Shared.x = x


class Shared:
    x = X

    def __init__(self):
        self.count = 0

    @property
    def setting(self):
        return SETTINGS["x"]

    def of_class(self, w):
        self.count += 1
        return np.sum(w**2 * Shared.x + w**3)

    def of_property(self, w):
        self.count += 1
        return np.sum(w**2 * self.setting + w**3)

    @classmethod
    def by_class(cls, w):
        CALLS.append(1)
        return np.sum(w**2 * cls.x + w**3)


SHARED = Shared()


@dataclass
class Called:
    x: np.ndarray
    calls: list = field(default_factory=list)

    def __call__(self, w):
        self.calls.append(1)
        return np.sum(w**2 * self.x + w**3)

    def loss(self, w):
        return self(w)


class Slotted:
    __slots__ = ("count", "x")

    def __init__(self, x):
        self.x, self.count = x, 0

    def loss(self, w):
        self.count += 1
        return np.sum(w**2 * self.x + w**3)


def of_dict(w):
    CALLS.append(1)
    return np.sum(w**2 * SETTINGS["x"] + w**3)


def of_list(w):
    CALLS.append(1)
    return np.sum(w**2 * ARRAYS[0] + w**3)


def of_global(w):
    CALLS.append(1)
    return np.sum(w**2 * DATA + w**3)


def of_helper(w):
    return of_dict(w)


def current():
    CALLS.append(1)
    return DATA


def of_getter(w):
    return np.sum(w**2 * current() + w**3)


def boxed(x):
    box, seen = [x], []

    def f(w):
        seen.append(1)
        return np.sum(w**2 * box[0] + w**3)

    return f


def counted(x):
    count = 0

    def f(w):
        nonlocal count
        count += 1
        return np.sum(w**2 * x + w**3)

    return f


def in_a_table(x):
    functions = {"a": counted(x)}
    return lambda w: functions["a"](w)


def cached(x):
    @functools.lru_cache
    def given():
        return x

    def f(w):
        CALLS.append(1)
        return np.sum(w**2 * given() + w**3)

    return f


def of_views(x):
    views = [x[:2], x[2:]]

    def f(w):
        CALLS.append(1)
        return np.sum(w[:2]**2 * views[0]) + np.sum(w[2:]**2 * views[1]) + np.sum(w**3)

    return f


def of_objects(x):
    held = np.empty(1, object)
    held[0] = x

    def f(w):
        CALLS.append(1)
        return np.sum(w**2 * held[0] + w**3)

    return f


def through(f):
    return lambda w: f(w)


HOLDERS = {
    "a method": lambda x: Called(x).loss,
    "an object": Called,
    "an object behind a function": lambda x: through(Called(x)),
    "a method behind a function": lambda x: through(Called(x).loss),
    "slots": lambda x: Slotted(x).loss,
    "a partial": lambda x: functools.partial(Called.loss, Called(x)),
    "a class": lambda x: SHARED.of_class,
    "a class behind a function": lambda x: through(SHARED.of_class),
    "a class method": lambda x: Shared.by_class,
    "a property": lambda x: SHARED.of_property,
    "a dict": lambda x: of_dict,
    "a list": lambda x: of_list,
    "a global": lambda x: of_global,
    "a helper": lambda x: of_helper,
    "what a getter reads": lambda x: of_getter,
    "a captured list": boxed,
    "a captured array": counted,
    "a function in a table": in_a_table,
    "a cache": cached,
    "views": of_views,
    "an array of objects": of_objects,
}


@pytest.fixture(params=HOLDERS)
def held(request):
    x = X.copy()
    known(x)
    yield HOLDERS[request.param](x), x
    np.testing.assert_array_equal(x, X)


def test_first_derivatives(held):
    f, x = held
    np.testing.assert_allclose(sd.grad(f)(x), SLOPE)
    np.testing.assert_allclose(sd.grad(f)(x[:]), SLOPE)
    _, pullback = sd.vjp(f, x)
    for _ in range(2):
        np.testing.assert_allclose(pullback(2.0), 2 * SLOPE)
    np.testing.assert_allclose(sd.jvp(f, (x,), (V,))[1], SLOPE @ V)
    np.testing.assert_allclose(sd.jacobian(f)(x), SLOPE)
    np.testing.assert_allclose(sd.jacrev(f)(x), SLOPE)
    np.testing.assert_allclose(sd.linearize(f, x)[1](V), SLOPE @ V)
    # Of an array that nothing holds.
    np.testing.assert_allclose(sd.grad(f)(2 * X), 4 * X * X + 12 * X**2)


def test_second_derivatives(held):
    f, x = held
    np.testing.assert_allclose(sd.hvp(f, (x,), (V,)), CURVES * V)
    np.testing.assert_allclose(sd.hessian(f)(x), np.diag(CURVES))


def test_in_containers(held):
    f, x = held

    def of_key(d):
        return f(d["w"])

    def of_item(ws):
        return f(ws[0])

    np.testing.assert_allclose(sd.grad(of_key)({"w": x})["w"], SLOPE)
    np.testing.assert_allclose(sd.grad(of_item)([x])[0], SLOPE)
    np.testing.assert_allclose(sd.vjp(of_item, (x,))[1](1.0)[0], SLOPE)
    np.testing.assert_allclose(sd.jvp(of_key, ({"w": x},), ({"w": V},))[1], SLOPE @ V)
    np.testing.assert_allclose(sd.hvp(of_key, ({"w": x},), ({"w": V},))["w"], CURVES * V)


@pytest.mark.parametrize("name", [n for n in HOLDERS if n[:2] == "a " and "function" in n])
def test_functions_given_as_arguments(name):
    x = X.copy()

    def called(w, f):
        CALLS.append(1)
        return f(w)

    known(x)
    np.testing.assert_allclose(sd.grad(called)(x, HOLDERS[name](x)), SLOPE)


@pytest.mark.parametrize("made", [of_dict, of_global, of_getter, of_helper])
def test_what_is_put_there_after_the_first_call(made):
    def of_key(d):
        CALLS.append(1)
        return made(d["w"])

    x = X.copy()
    known(np.ones(3))
    np.testing.assert_allclose(sd.grad(of_key)({"w": x})["w"], 2 * X + 3 * X**2)
    known(x)
    np.testing.assert_allclose(sd.grad(of_key)({"w": x})["w"], SLOPE)


def test_a_gradient_that_another_gradient_calls():
    x = X.copy()
    slope = sd.grad(Called(x))

    def along(w):
        return slope(w) @ V

    np.testing.assert_allclose(sd.grad(along)(x), CURVES * V)


class Net:
    def __init__(self, w):
        self.w, self.seen, self.hook = w, 0, None


class Trainer:
    def __init__(self, net):
        self.net, self.log = net, []

    def loss(self, net):
        self.log.append(1)
        return np.sum(net.w**2 * self.net.w)

    def counting(self, net):
        net.seen += 1
        return self.loss(net)

    def writing_outside(self, net):
        self.net.w *= 2.0
        return self.loss(net)

    def writing(self, net):
        net.w *= 2.0
        return self.loss(net)


def test_an_object_that_its_method_is_given():
    net = Net(X.copy())
    np.testing.assert_allclose(sd.grad(Trainer(net).loss)(net).w, 2 * X * X)
    assert net.seen == 0


@pytest.mark.parametrize("name", ["counting", "writing_outside"])
def test_what_is_written_of_both_is_refused(name):
    net = Net(X.copy())
    with pytest.raises(sd.AliasingError, match="is written.*Instead, pass a copy"):
        sd.grad(getattr(Trainer(net), name))(net)
    assert net.seen == 0


def test_a_write_into_what_both_hold_does_not_happen():
    net = Net(X.copy())
    with pytest.raises(sd.AliasingError, match="is written.*Instead, pass a copy"):
        sd.grad(Trainer(net).writing)(net)
    np.testing.assert_array_equal(net.w, X)


def test_what_cannot_be_made_anew_is_refused():
    net = Net(X.copy())
    trainer = Trainer(net)
    net.hook = Trainer(net).loss
    with pytest.raises(sd.AliasingError, match="cannot be made anew.*Instead, pass"):
        sd.grad(trainer.loss)(net)


class Counting:
    def __init__(self, x):
        self.x, self.count = x, 0

    def loss(self, w):
        self.count += 1
        return np.sum(w**2 * self.x + w**3)


def test_a_pullback_inside_of_what_is_differentiated():
    def bound(w):
        value, pullback = sd.vjp(Counting(w).loss, w)
        return value + np.sum(pullback(1.0))

    # Of 2 * w**3, and of the slope 5 * w**2.
    np.testing.assert_allclose(sd.grad(bound)(X), 6 * X**2 + 10 * X)
    np.testing.assert_allclose(sd.jvp(bound, (X,), (V,))[1], (6 * X**2 + 10 * X) @ V)


class Body:
    def __init__(self, x):
        self.x, self.trail = x, []


class Simulation:
    def __init__(self, body):
        self.body, self.log = body, []

    def run(self, body):
        self.log.append(1)
        return body.x**2 * self.body.x

    def leaving(self, body):
        self.log.append(1)
        body.trail.append(1)
        return body.x**2 * self.body.x


def of_numbers(held):
    seen = []

    def f(q):
        seen.append(1)
        return q[0]**2 * held[0]

    return f


@pytest.mark.parametrize("make", [lambda: [2.0], lambda: {0: 2.0}], ids=["list", "dict"])
def test_numbers_in_what_both_hold(make):
    given = make()
    f = of_numbers(given)
    direction = type(given)([1.0]) if isinstance(given, list) else {0: 1.0}
    assert sd.grad(f)(given)[0] == pytest.approx(8.0)
    assert sd.vjp(f, given)[1](1.0)[0] == pytest.approx(8.0)
    assert sd.jvp(f, (given,), (direction,))[1] == pytest.approx(8.0)
    assert sd.hvp(f, (given,), (direction,))[0] == pytest.approx(4.0)
    assert given == make()


def test_numbers_of_an_object_that_both_hold():
    body = Body(2.0)
    simulation = Simulation(body)
    for f in (simulation.run, through(simulation.run)):
        assert sd.grad(f)(body).x == pytest.approx(8.0)
        assert sd.jvp(f, (body,), (Body(1.0),))[1] == pytest.approx(8.0)
        assert sd.hvp(f, (body,), (Body(1.0),)).x == pytest.approx(4.0)
    with pytest.raises(sd.AliasingError, match="is written.*Instead, pass a copy"):
        sd.grad(through(simulation.leaving))(body)
    assert (body.x, body.trail) == (2.0, [])
    assert sd.grad(through(simulation.leaving))(Body(3.0)).x == pytest.approx(12.0)


def test_an_argument_with_slots_that_holds_another_is_refused():
    x = X.copy()

    def called(w, model):
        return model.loss(w)

    with pytest.raises(sd.AliasingError, match="Instead, pass a copy"):
        sd.grad(called)(x, Slotted(x))
    np.testing.assert_allclose(sd.grad(called)(x, Slotted(X.copy())), SLOPE)
