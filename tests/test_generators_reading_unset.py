"""A generator that reads a variable before it is bound raises as Python does, wherever it is read.

Numbers: central differences of the plain function.
"""

import numpy as np
import pytest

import s2sdiff as sd

ARRAY = np.array([1.3, 0.4])


def behind_a_loop(n, x):
    for i in range(n):
        last = x * i
        yield last
    yield last * 2.0


def on_one_path(flag, x):
    if flag:
        y = x * x
    yield x
    try:
        yield y * 3.0
    except UnboundLocalError:
        yield x * 7.0


def seen_by_a_function(late, x):
    def inner():
        return z * x
    yield x
    if not late:
        z = x + 2.0
    try:
        yield inner()
    except NameError as error:
        yield x * len(str(error))
    z = x * x
    yield inner()


def written_in_place(flag, x):
    if flag:
        t = x * 1.0
    yield x
    t += x
    yield t


def by_a_round(n, x):
    k = 0
    while True:
        if k:
            before = now  # noqa: F821
        now = x ** (k + 1)
        yield now
        k += 1
        if k > n:
            break
    yield before * now


def in_a_match(kind, x):
    match kind:
        case "a":
            scale = x * 2.0
        case "b":
            scale = x * x
    yield x
    yield scale if kind != "d" else 3.0 * x


def under_a_handler(fails, x):
    try:
        w = x * (1.0 / (0.0 if fails else 2.0))
        yield w
    except ZeroDivisionError:
        yield x
    yield w


def of(generator, first):
    def f(x):
        s = 0.0
        for item in generator(first, x):
            s = s * 1.5 + item
        return np.sum(s)
    return f


RIGHT = [(behind_a_loop, 3), (on_one_path, True), (on_one_path, False), (seen_by_a_function, True),
         (seen_by_a_function, False), (written_in_place, True), (by_a_round, 2),
         (in_a_match, "a"), (in_a_match, "b"), (in_a_match, "d"), (under_a_handler, False)]
RAISING = [(behind_a_loop, 0), (written_in_place, False), (by_a_round, 0), (in_a_match, "c"),
           (under_a_handler, True)]


@pytest.mark.parametrize("x", [1.3, ARRAY], ids=["number", "array"])
@pytest.mark.parametrize("generator, first", RIGHT)
def test_what_is_bound_is_read(generator, first, x):
    f = of(generator, first)
    h = 1e-6
    one = np.ones_like(x) if isinstance(x, np.ndarray) else 1.0
    expected = (f(x + h) - f(x - h)) / (2 * h)
    y, pullback = sd.vjp(f, x)
    assert y == pytest.approx(f(x))
    for _ in range(2):
        assert np.sum(pullback(1.0)) == pytest.approx(expected, rel=1e-7)
    assert sd.jvp(f, (x,), (one,)) == pytest.approx((f(x), expected), rel=1e-7)


@pytest.mark.parametrize("take", [sd.grad, lambda f: lambda x: sd.jvp(f, (x,), (1.0,)),
                                  lambda f: sd.grad(sd.grad(f))], ids=["grad", "jvp", "second"])
@pytest.mark.parametrize("generator, first", RAISING)
def test_what_is_not_bound_raises_as_python_does(generator, first, take):
    f = of(generator, first)
    with pytest.raises(UnboundLocalError) as plain:
        f(1.3)
    with pytest.raises(UnboundLocalError) as found:
        take(f)(1.3)
    assert str(found.value) == str(plain.value)
