"""Global names that functions bind anew while they are differentiated: counts, switches, modes."""

import numpy as np
import pytest

import s2sdiff as sd

calls = 0
weight = 2
on = False
generator = None
single = None
size = 1.0


def linear(t):
    return 2.0 * t


def squared(t):
    return t * t


kernel = linear


class Settings:
    def __init__(self):
        self.rate = 0.5


def start():
    globals().update(calls=0, weight=2, on=False, generator=None, single=None, size=1.0,
                     kernel=linear)


def tick():
    global calls
    calls += 1


def heavier():
    global weight
    weight = 5


def switch():
    global on
    on = not on


def drawing():
    global generator
    if generator is None:
        generator = np.random.default_rng(3)
    return generator


def settings():
    global single
    if single is None:
        single = Settings()
    return single


def other_kernel():
    global kernel
    kernel = squared


def larger():
    global size
    size = np.array([size, 2.0]) if calls == 0 else 3.0


def counted(x):
    global calls
    calls += 1
    return x * x


def counts_itself(x):
    global calls, on
    calls += 1
    y = x * calls
    calls, on = calls + 2, True
    for _ in range(2):
        calls += 1
        y = y * calls * x
    return y if on else x


def helpers_that_count(x):
    y = counted(x) * calls
    z = counted(y) * calls
    return z * weight


def by_a_call_for_effect(x):
    tick()
    y = x * calls
    tick()
    heavier()
    return y * x * calls * weight


def in_a_loop(x):
    y = x
    for _ in range(3):
        tick()
        y = y * x * calls
    return y / calls


def switched(x):
    y = x
    for _ in range(3):
        y = y * x if on else y + x
        switch()
    return y * (x if on else x * x)


def by_another_function(x):
    y = kernel(x)
    other_kernel()
    return y * kernel(x) * kernel(y)


def by_an_item_of_globals(x):
    y = kernel(x)
    globals()["kernel"] = squared
    return y * kernel(x) * kernel(y)


def drawn(x):
    return x * drawing().random() + x * x * drawing().normal()


PROGRAMS = [counts_itself, helpers_that_count, by_a_call_for_effect, in_a_loop, switched,
            by_another_function, by_an_item_of_globals, drawn]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_a_global_name_is_read_as_it_is_then(f):
    def plain(x):
        start()
        return f(x), calls, weight, on

    slope = (plain(1.3 + 1e-6)[0] - plain(1.3 - 1e-6)[0]) / 2e-6
    expected = plain(1.3)
    start()
    assert sd.grad(f)(1.3) == pytest.approx(slope, rel=1e-6)
    assert (calls, weight, on) == expected[1:]
    start()
    value, pullback = sd.vjp(f, 1.3)
    assert (value, calls, weight, on) == expected
    start()
    assert pullback(1.0) == pullback(1.0) == pytest.approx(slope, rel=1e-6)
    start()
    assert sd.jvp(f, (1.3,), (1.0,))[1] == pytest.approx(slope, rel=1e-6)


def test_an_object_that_is_made_at_first_is_no_constant():
    def f(x, y):
        settings().rate = x
        return settings().rate * y + settings().rate

    start()
    for gradient in (sd.grad(f, wrt=(0, 1)), lambda x, y: sd.vjp(f, x, y)[1](1.0)):
        with pytest.raises(sd.UnsupportedError, match=r"global name single.*Instead, "):
            gradient(1.3, 0.7)
    settings()
    assert sd.grad(f, wrt=(0, 1))(1.3, 0.7) == pytest.approx((1.7, 1.3))


def test_a_number_that_becomes_an_array_has_no_kind():
    def f(x):
        y = x * size
        larger()
        return np.sum(y * size * x)

    for gradient in (sd.grad(f), lambda x: sd.vjp(f, x)[1](1.0)):
        start()
        try:
            assert gradient(1.3) == pytest.approx(6.0 * 1.3)
        except sd.UnsupportedError as error:
            assert "Instead, " in str(error)


def test_a_captured_number_that_becomes_an_array_has_no_kind():
    size = 1.0

    def larger():
        nonlocal size
        size = np.array([1.0, 2.0]) if np.ndim(size) == 0 else 1.0

    def f(x, y):
        a = x * size
        larger()
        b = np.sum(a * y * size)
        larger()
        return b * size

    assert sd.grad(f, wrt=(0, 1))(1.3, 0.7) == pytest.approx((3 * 0.7, 3 * 1.3))
    assert sd.vjp(f, 1.3, 0.7)[1](1.0) == pytest.approx((3 * 0.7, 3 * 1.3))
    assert sd.jvp(f, (1.3, 0.7), (1.0, 0.0))[1] == pytest.approx(3 * 0.7)


def test_an_active_value_in_a_global_name_is_refused():
    def last(x):
        global weight
        weight = x * x
        return weight * x

    with pytest.raises(sd.UnsupportedError, match=r"global name weight.*Instead, "):
        sd.grad(last)(1.3)
