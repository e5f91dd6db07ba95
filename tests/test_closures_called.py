"""Callbacks that nobody gives anything, and functions that read what others wrote outside."""

import numpy as np
import pytest

import s2sdiff as sd

STORE: list = []


class Shared:
    items: list = []

    @classmethod
    def last(cls):
        return cls.items[-1]


def slope(f, x, h=1e-6):
    return (f(x + h) - f(x - h)) / (2 * h)


def repeat(callback, n):
    for _ in range(n):
        callback()


def stored():
    return STORE[-1] * 2


def store(value):
    STORE.append(value)


class Events:
    def __init__(self):
        self.handlers, self.total = [], 1.0

    def fire(self):
        for handler in self.handlers:
            handler()


def callback_that_writes_a_list(x):
    state = [1.0]

    def callback():
        state[0] = state[0] * x

    repeat(callback, 3)
    return state[0]


def callback_that_calls_a_method(x):
    state = {"v": x}
    repeat(lambda: state.__setitem__("v", state["v"] * x), 2)
    return state["v"]


def callback_whose_result_is_a_test(x):
    state = [x]

    def more():
        state[0] = state[0] * x
        return state[0] < 20

    while more():
        pass
    return state[0]


def handlers_of_events(x):
    events = Events()
    events.handlers.append(lambda: setattr(events, "total", events.total * x))
    events.handlers.append(lambda: setattr(events, "total", events.total + x))
    events.fire()
    events.fire()
    return events.total


def global_list_that_a_helper_reads(x):
    STORE.append(x * x)
    result = stored()
    STORE.clear()
    return result * x


def global_list_that_helpers_write_and_read(x):
    store(x)
    result = stored() * stored()
    STORE.clear()
    return result


def global_list_read_by_what_a_list_holds(x):
    STORE.append(x * x)
    result = [stored][0]()
    STORE.clear()
    return result


def list_of_a_class(x):
    Shared.items.append(x * x)
    result = Shared.last()
    Shared.items.clear()
    return result


PROGRAMS = [
    callback_that_writes_a_list, callback_that_calls_a_method, callback_whose_result_is_a_test,
    handlers_of_events, global_list_that_a_helper_reads, global_list_that_helpers_write_and_read,
    global_list_read_by_what_a_list_holds, list_of_a_class,
]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_what_calls_without_arguments_write_and_read_has_derivatives(f):
    value, pullback = sd.vjp(f, 1.3)
    assert value == f(1.3)
    for _ in range(2):
        assert pullback(1.0) == pytest.approx(slope(f, 1.3), rel=1e-6)
    assert sd.grad(f)(1.3) == pytest.approx(slope(f, 1.3), rel=1e-6)


def callback_that_writes_an_array(a, x):
    b = a.copy()

    def callback():
        b[0] *= x

    repeat(callback, 2)
    return b.sum()


def test_a_callback_that_writes_an_array_is_differentiated():
    a = np.array([0.7, 1.1])
    a_bar, x_bar = sd.vjp(callback_that_writes_an_array, a, 1.3)[1](1.0)
    np.testing.assert_allclose(a_bar, [1.3 * 1.3, 1.0])
    assert x_bar == pytest.approx(2 * 0.7 * 1.3)


def test_a_captured_function_that_is_called_twice_gives_what_it_captured_a_cotangent():
    def f(x):
        scaled = (lambda s: lambda p: s * p)(x)

        def twice(p):
            total = sum(map(scaled, [p]))
            return scaled(p) if total < 9.0 else 0.0

        return sum(map(twice, [x, 2.0]))

    for x in (1.5, -0.4):
        assert np.isclose(sd.grad(f)(x), slope(f, x))


def test_a_branch_on_a_captured_name_is_the_one_that_was_taken():
    def f(x, y):
        total, k = 0.0, 0

        def inner(p):
            return y * p if k else 0.5 * p

        functions = [inner]
        for k in range(3):  # noqa: B007
            total += functions[0](x)
        k = 0
        return total

    x_bar = (f(0.3 + 1e-6, 0.7) - f(0.3 - 1e-6, 0.7)) / 2e-6
    y_bar = (f(0.3, 0.7 + 1e-6) - f(0.3, 0.7 - 1e-6)) / 2e-6
    assert np.allclose(sd.grad(f, wrt=("x", "y"))(0.3, 0.7), (x_bar, y_bar))


FLAG = True


def switched(x):
    return x * x if FLAG else 3.0 * x


def test_a_branch_on_a_global_is_the_one_that_was_taken(monkeypatch):
    _, pullback = sd.vjp(switched, 5.0)
    monkeypatch.setitem(globals(), "FLAG", False)
    assert pullback(1.0) == 10.0
    assert sd.grad(switched)(5.0) == 3.0


@pytest.mark.parametrize("given", [[], [0.4], [0.4, 1.5]], ids=len)
def test_what_a_nested_function_adds_outside_counts_also_where_others_map_it(given):
    def f(t, s):
        def add(p):
            nonlocal t
            t += p * s

        add(s)
        assert all(found is None for found in map(add, given))
        return t

    assert np.allclose(sd.grad(f, wrt=(0, 1))(0.7, 1.1), (1.0, 2.2 + sum(given)))
    assert np.isclose(sd.jvp(f, (0.7, 1.1), (0.0, 1.0))[1], 2.2 + sum(given))


def test_comprehensions_whose_variables_have_one_name_of_which_one_is_captured():
    def f(x0):
        xs = [x0, x0 * x0]
        ys = [x * 2.0 for x in xs]
        fs = [(lambda k: x * k) for x in xs]  # noqa: B023
        return fs[0](1.0) * fs[1](2.0) * ys[0]

    slope = (f(1.3 + 1e-6) - f(1.3 - 1e-6)) / 2e-6
    assert abs(sd.grad(f)(1.3) - slope) < 1e-5
    assert abs(sd.jvp(f, (1.3,), (1.0,))[1] - slope) < 1e-5
