"""Whole Jacobians and second derivatives run on copies of the arguments.

What a plain run writes is seen where something else holds it, too: that a copy was written, and
not that, is refused.
"""

import numpy as np
import pytest
from scipy import sparse

import s2sdiff as sd

held = {"p": np.ones(3)}
X = np.array([1.0, 2.0, 3.0])
V = np.array([0.5, -1.0, 2.0])


class Model:
    def __init__(self, w):
        self.w = w

    def scaled(self, x):
        x *= 2.0
        return x * x * self.w

    def __call__(self, x):
        return self.scaled(x)


def of_a_global(x):
    held["p"] = x

    def scaled(x):
        x *= 2.0
        return x * x * held["p"]

    return scaled, (x,)


def of_a_closure(x):
    def scaled(y):
        y *= 2.0
        return y * y * x

    return scaled, (x,)


def of_a_method(x):
    return Model(x).scaled, (x,)


def of_an_object(x):
    return Model(x), (x,)


def of_two_arguments(x):
    return two, (x, x)


def of_a_view(x):
    return two, (x, x[:])


def of_a_list(x):
    return lambda y, xs: two(y, xs[0]), (x, [x])


def two(x, y):
    x *= 2.0
    return x * x * y


def total(f):
    return lambda *args: np.sum(f(*args))


def along(args):
    return (V, *[None] * (len(args) - 1))


OPERATORS = {
    "jacfwd": lambda f, args: sd.jacfwd(f)(*args),
    "jacrev": lambda f, args: sd.jacrev(f)(*args),
    "jacobian": lambda f, args: sd.jacobian(f)(*args),
    "sparse_jacobian": lambda f, args: sd.sparse_jacobian(f)(*args),
    "jvp": lambda f, args: np.diag(sd.jvp(f, args, along(args))[1] / V),
}
TWICE = {
    "hessian": lambda f, args: sd.hessian(total(f))(*args),
    "sparse_hessian": lambda f, args: sd.sparse_hessian(total(f))(*args),
    "hvp": lambda f, args: np.diag(sd.jvp(sd.grad(total(f)), args, along(args))[1] / V),
    "jacfwd of grad": lambda f, args: sd.jacfwd(sd.grad(total(f)))(*args),
    "jacrev of grad": lambda f, args: sd.jacrev(sd.grad(total(f)))(*args),
}
MAKERS = [of_a_global, of_a_closure, of_a_method, of_an_object, of_two_arguments, of_a_view,
          of_a_list]


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("name", [*OPERATORS, *TWICE])
def test_a_write_into_what_is_held_is_refused(name, maker):
    x = X.copy()
    f, args = maker(x)
    with pytest.raises(sd.AliasingError, match="Instead, "):
        (OPERATORS | TWICE)[name](f, args)
    np.testing.assert_array_equal(x, X)


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("name", [*OPERATORS, *TWICE])
def test_of_a_copy_it_is_right(name, maker):
    f, args = maker(X.copy())
    found = (OPERATORS | TWICE)[name](f, (X.copy(), *args[1:]))
    found = found.toarray() if sparse.issparse(found) else found
    # (2 x)**2 p, with p as far as the copy goes the same.
    np.testing.assert_allclose(found, np.diag(8 * X * X if name in OPERATORS else 8 * X))


@pytest.mark.parametrize("name", TWICE)
def test_what_is_held_and_read_alone_is_not_refused(name):
    x = X.copy()
    model = Model(x)
    found = TWICE[name](lambda y: y * y * model.w, (x,))
    found = found.toarray() if sparse.issparse(found) else found
    np.testing.assert_allclose(found, np.diag(2 * X))


@pytest.mark.parametrize("name", TWICE)
def test_a_default_that_is_held_is_right_or_refused_in_a_call_with_stars(name):
    x = X.copy()
    try:
        found = TWICE[name](lambda y, f=Model(x): y * y * f.w, (x,))
    except sd.UnsupportedError as error:
        assert "its defaults may depend" in str(error)
    else:
        found = found.toarray() if sparse.issparse(found) else found
        np.testing.assert_allclose(found, np.diag(2 * X))


class Meter:
    def __init__(self, kept):
        self.kept, self.limit = kept, 1.0

    def count(self, meter):
        meter.value = 2.0 * meter.value
        raise KeyError("limit")


class Count:
    def __init__(self):
        self.value = 0.5

    def step(self):
        self.value = 2.0 * self.value


def stops(count):
    count.step()
    if count.value > 0.0:
        raise KeyError(held["count"])
    return count.value


@pytest.mark.parametrize("name", ["a method", "a function"])
def test_what_is_written_before_an_exception_is_refused_too(name):
    for operator in (sd.vjp, lambda f, x: sd.jvp(f, (x,), (Count(),)),
                     lambda f, x: sd.value_and_grad(f)(x)):
        count = Count()
        held["count"] = count
        asked = Meter(count).count if name == "a method" else stops
        with pytest.raises(sd.AliasingError, match="Instead, pass a copy"):
            operator(asked, count)
        assert count.value == 0.5
        held["count"] = None
        other = Count()
        with pytest.raises(KeyError):
            operator(Meter(count).count if name == "a method" else stops, other)
        assert other.value == 1.0
