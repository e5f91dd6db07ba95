"""A checkpoint's pullback is that of the call, whatever has changed outside since, and it changes
nothing there but what counts the runs.
"""

import collections
import functools
import itertools
import random
import threading
import time

import numpy as np
import numpy.random as draws
import pytest
from scipy import stats

import s2sdiff as sd
from tests import outside_module

K, N = 2.0, 0
W = np.array([2.0, 3.0])
ITEMS, TABLE, QUEUE = [2.0], {"k": 2.0}, collections.deque([2.0, 3.0])
RNG = np.random.default_rng(3)
BOX = {"rng": np.random.default_rng(4)}
NEXT = itertools.count(2)


def helper(x):
    return 2.0 * x


class Layer:
    scale = 2.0

    def __init__(self):
        self.k, self.w, self.calls = 2.0, np.array([2.0]), 0
        self.rng = np.random.default_rng(1)

    def scaled(self, x):
        return x * self.k * self.w[0] * self.scale

    def counting(self, x):
        self.calls += 1
        return x * self.calls

    def drawing(self, x):
        return x * self.rng.normal()


LAYER = Layer()


def of_a_number(x):
    return x * K


def of_an_array(x):
    return np.sum(np.sin(x * W))


def of_containers(x):
    return x * ITEMS[0] * TABLE["k"] * QUEUE[0]


def of_a_helper(x):
    return helper(x) * outside_module.RATE


def of_an_argument(x, layer=LAYER):
    return layer.scaled(x)


def of_a_default(x, rates=[2.0]):  # noqa: B006
    return x * rates[0]


def counted(x):
    global N
    N += 1
    return x * N


def appended(x):
    ITEMS.append(0.0)
    return x * len(ITEMS)


def rotated(x):
    QUEUE.rotate(1)
    return x * QUEUE[0]


def drawn(x):
    return x * RNG.normal() * BOX["rng"].normal()


def drawn_from_modules(x):
    return x * draws.normal() * random.random() * stats.norm.rvs()


def captured():
    rates, rate = [2.0], 2.0

    def f(x):
        return x * rates[0] * rate

    def change():
        nonlocal rate
        rates[0], rate = 5.0, 7.0

    return f, change


CAPTURED, change_captured = captured()
PARTIAL = functools.partial(lambda rates, x: x * rates[0], [2.0])


def change():
    global K, N, helper
    K, N, outside_module.RATE, Layer.scale, LAYER.k, LAYER.calls = 5.0, 9, 5.0, 5.0, 5.0, 9
    W[:] = LAYER.w[:] = 5.0
    ITEMS[0] = TABLE["k"] = PARTIAL.args[0][0] = of_a_default.__defaults__[0][0] = 5.0
    QUEUE.appendleft(9.0)
    change_captured()
    for rng in (RNG, BOX["rng"], LAYER.rng, np.random, random):
        getattr(rng, "normal", random.random)()

    def helper(x):
        return 5.0 * x


@pytest.fixture(autouse=True)
def _as_it_was():
    global K, N, helper
    scope = K, N, helper, outside_module.RATE
    yield
    K, N, helper, outside_module.RATE = scope
    Layer.scale, LAYER.k, LAYER.calls = 2.0, 2.0, 0
    W[:] = 2.0, 3.0
    LAYER.w[:] = TABLE["k"] = PARTIAL.args[0][0] = of_a_default.__defaults__[0][0] = 2.0
    ITEMS[:] = [2.0]
    QUEUE.clear()
    QUEUE.extend([2.0, 3.0])


LINEAR = [of_a_number, of_containers, of_a_helper, of_a_default, counted, appended, rotated, drawn,
          drawn_from_modules, CAPTURED, PARTIAL, LAYER.scaled, LAYER.counting, LAYER.drawing]


@pytest.mark.parametrize("f", LINEAR, ids=lambda f: getattr(f, "__qualname__", "partial"))
def test_the_slope_is_that_of_the_call(f):
    value, pullback = sd.vjp(sd.checkpoint(f), 0.7)
    first = pullback(1.0)
    change()
    # Each of them is a number times x.
    np.testing.assert_allclose([first, pullback(1.0)], value / 0.7, rtol=1e-12)


@pytest.mark.parametrize("f", [of_a_number, of_containers, CAPTURED, counted, drawn])
def test_where_the_value_does_not_tell(f):
    state = RNG.bit_generator.state, BOX["rng"].bit_generator.state
    slope = f(1.0)
    RNG.bit_generator.state, BOX["rng"].bit_generator.state = state
    global N
    N = 0
    value, pullback = sd.vjp(sd.checkpoint(f), 0.0)
    change()
    assert (value, pullback(1.0)) == (0.0, slope)


def test_arrays_and_objects_of_the_arguments():
    expected = np.sum(W * np.cos(0.7 * W))
    _, pullback = sd.vjp(sd.checkpoint(of_an_array), 0.7)
    _, of_objects = sd.vjp(sd.checkpoint(of_an_argument), 0.7, LAYER)
    change()
    np.testing.assert_allclose(pullback(1.0), expected, rtol=1e-12)
    assert of_objects(1.0)[0] == 8.0


def test_all_is_left_as_it_has_become():
    _, pullback = sd.vjp(sd.checkpoint(lambda x: appended(x) + rotated(x) + counted(x)), 0.7)
    change()
    pullback(1.0)
    assert (K, N, Layer.scale) == (5.0, 10, 5.0)  # N counts the runs
    assert ITEMS == [5.0, 0.0, 0.0]
    assert list(QUEUE) == [9.0, 3.0, 2.0]
    states = RNG.bit_generator.state, np.random.get_state()[2], random.getstate()
    pullbacks = [sd.vjp(sd.checkpoint(f), 0.7)[1] for f in (drawn, drawn_from_modules)]
    assert states != (RNG.bit_generator.state, np.random.get_state()[2], random.getstate())
    states = RNG.bit_generator.state, np.random.get_state()[2], random.getstate()
    for pullback in pullbacks:
        pullback(1.0)
    assert states == (RNG.bit_generator.state, np.random.get_state()[2], random.getstate())


@pytest.mark.parametrize("f, words", [
    (lambda x: x * time.perf_counter(), "gives something else then"),
    (lambda x: x * next(NEXT), "draw from a count outside"),
])
def test_what_cannot_be_run_again_is_refused(f, words):
    with pytest.raises(sd.UnsupportedError, match=words):
        sd.vjp(sd.checkpoint(f), 0.7)[1](1.0)


def test_pullbacks_in_several_threads_draw_the_same():
    _, pullback = sd.vjp(sd.checkpoint(lambda x: np.sum(x * RNG.normal(size=3))), np.ones(3))
    expected, found = pullback(1.0), []
    threads = [threading.Thread(target=lambda: found.extend(
        np.array_equal(pullback(1.0), expected) for _ in range(50))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 200


def cubed_and_drawn(x):
    return x**3 * random.random()


def cubed_and_counted(x):
    ITEMS.append(0.0)
    return x**3 * len(ITEMS)


@pytest.mark.parametrize("operator", [
    lambda f, x: sd.grad(sd.grad(f))(x), lambda f, x: sd.hessian(f)(x),
    lambda f, x: sd.hvp(f, (x,), (1.0,)), lambda f, x: sd.jacfwd(sd.jacrev(f))(x),
    lambda f, x: sd.jvp(sd.grad(f), (x,), (1.0,))[1],
], ids=["grad grad", "hessian", "hvp", "jacfwd jacrev", "jvp grad"])
def test_second_derivatives_are_those_of_one_run(operator):
    random.seed(5)
    factor = random.random()
    random.seed(5)
    assert operator(sd.checkpoint(cubed_and_drawn), 0.7) == pytest.approx(6 * 0.7 * factor)
    with pytest.raises(sd.DifferentiationError):
        operator(sd.checkpoint(cubed_and_counted), 0.7)
