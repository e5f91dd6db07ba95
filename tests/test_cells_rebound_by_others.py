"""Numbers in cells of closures that were made outside, which one function binds anew and another
reads, each by way of helpers.
"""

import functools

import numpy as np
import pytest

import s2sdiff as sd

X, S = np.array([2.0, 3.0]), 1.1


def pair(k=1.5):
    def get():
        return k

    def put(v):
        nonlocal k
        k = v

    return get, put


def with_a_lambda(k=1.5):
    def put(v):
        nonlocal k
        k = v

    return (lambda: k), put


def adding(k=0.0):
    def get():
        return k

    def put(v):
        nonlocal k
        k -= k
        k += v

    return get, put


def in_one(k=1.5):
    def both(v=None):
        nonlocal k
        if v is None:
            return k
        k = v
        return None

    return both, both


def deeper(k=1.5):
    def put(v):
        def inner():
            nonlocal k
            k = v

        inner()

    return (lambda: k), put


def remembering(function):
    last = 1.5

    @functools.wraps(function)
    def asked(v=None):
        nonlocal last
        if v is None:
            return function(last)
        last = v
        return None

    return asked


@remembering
def itself(v):
    return v


def nothing_at_first():
    last = None

    def get():
        return 1.5 if last is None else last[0]

    def put(v):
        nonlocal last
        last = v, 1

    return get, put


class Made:
    def make(self, k=1.5):
        def put(v):
            nonlocal k
            k = v

        return (lambda: k), put


PAIRS = {
    "two functions": pair(), "a lambda": with_a_lambda(), "added to": adding(), "one": in_one(),
    "deeper": deeper(), "nothing at first": nothing_at_first(), "a decorator": (itself, itself),
    "a method": Made().make(),
}
GET, PUT = PAIRS["two functions"]


def read():
    return GET()


def write(v):
    PUT(v)


def read_and_written(x, s):
    write(s * s)
    return np.sum(read() * x)


def put_back(x, s):
    old = read()
    try:
        write(s * x[0])
        return read() * x[1]
    finally:
        write(old)


def in_a_loop(x, s):
    total = 0.0
    for v in x:
        write(v * s)
        total = total + read() * v
    return total


def set_there(s):
    setattr(read, "k", s * s)  # noqa: B010 - that is what is tested


def differences(f):
    h = 1e-6
    return (np.array([(f(X + e, S) - f(X - e, S)) / (2 * h) for e in h * np.eye(2)]),
            (f(X, S + h) - f(X, S - h)) / (2 * h))


@pytest.mark.parametrize("f", [read_and_written, put_back, in_a_loop], ids=lambda f: f.__name__)
@pytest.mark.parametrize("made", PAIRS)
def test_what_is_put_into_a_cell_is_read_by_helpers(made, f, monkeypatch):
    monkeypatch.setitem(globals(), "GET", PAIRS[made][0])
    monkeypatch.setitem(globals(), "PUT", PAIRS[made][1])
    of_x, of_s = differences(f)
    try:
        _, pullback = sd.vjp(f, X, S)
        for _ in range(2):
            x_bar, s_bar = pullback(1.0)
            np.testing.assert_allclose(x_bar, of_x, rtol=1e-6)
            assert s_bar == pytest.approx(of_s, rel=1e-6)
        dot = sd.jvp(f, (X, S), (np.array([0.3, -0.7]), 0.4))[1]
        assert dot == pytest.approx(of_x @ [0.3, -0.7] + 0.4 * of_s, rel=1e-6)
    except sd.UnsupportedError as error:
        assert made != "two functions" and "Instead, " in str(error)


def test_attribute_of_a_function_that_setattr_writes():
    def f(s):
        setattr(read, "k", s * s)  # noqa: B010 - that is what is tested
        return read.k * s

    def by_a_helper(s):
        set_there(s)
        return read.k * s

    def by_its_method(s):
        read.__setattr__("k", s * s)
        return read.k * s

    for run in [r for g in (f, by_a_helper, by_its_method)
                for r in (lambda g=g: sd.grad(g)(S), lambda g=g: sd.jvp(g, (S,), (1.0,)))]:
        with pytest.raises(sd.UnsupportedError, match="(?s)an attribute of a function.*Instead, "):
            run()
    assert not hasattr(read, "k")
