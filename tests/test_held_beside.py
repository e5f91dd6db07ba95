"""Containers that are arguments and have another name, by which other functions write or read."""

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.3, 0.7, 1.1])
#: Of `sum((2 * x)**2)`.
SLOPE, BENDS = 8 * X, np.full(3, 8.0)
KEPT: list = []
STATE: dict = {"u": None}


class Keeper:
    def __init__(self):
        self.kept = []

    def put(self, v):
        self.kept.append(v)


KEEPER = Keeper()


def put(v):
    KEPT.append(v)


def last():
    return np.sum(KEPT[-1] ** 2)


def buffer():
    held = np.zeros(3)

    def fill(v):
        held[:] = v

    return held, fill


BUFFER, fill = buffer()


def written_by_a_helper(x, kept):
    put(x * 2.0)
    return np.sum(kept[-1] ** 2)


def written_by_a_method(x, kept):
    KEEPER.put(x * 2.0)
    return np.sum(kept[-1] ** 2)


def written_by_an_argument(x, kept, keep):
    keep(x * 2.0)
    return np.sum(kept[-1] ** 2)


def written_in_place(x, held):
    fill(x * 2.0)
    return np.sum(held**2)


def read_by_a_helper(x, kept):
    kept.append(x * 2.0)
    return last()


def read_from_a_dict(x, state):
    state["u"] = x * 2.0
    return np.sum(STATE["u"] ** 2)


GIVEN = [
    (written_by_a_helper, (KEPT,)), (written_by_a_method, (KEEPER.kept,)),
    (written_by_an_argument, (KEPT, put)), (written_by_an_argument, (KEPT, KEPT.append)),
    (written_in_place, (BUFFER,)), (read_by_a_helper, (KEPT,)), (read_from_a_dict, (STATE,)),
]
OPERATORS = {
    "grad": lambda f, *args: sd.grad(f)(*args),
    "vjp": lambda f, *args: sd.vjp(f, *args),
    "jvp": lambda f, *args: sd.jvp(f, args, (X, *[None] * (len(args) - 1))),
    "hvp": lambda f, *args: sd.hvp(f, args, (X, *[None] * (len(args) - 1))),
    "hessian": lambda f, *args: sd.hessian(f)(*args),
}


def begin():
    KEPT.clear()
    KEEPER.kept.clear()
    BUFFER[:] = 0.0
    STATE["u"] = None


@pytest.mark.filterwarnings("ignore::s2sdiff.ZeroDerivativeWarning")
@pytest.mark.parametrize("name", OPERATORS)
@pytest.mark.parametrize(("f", "held"), GIVEN, ids=lambda f: getattr(f, "__name__", ""))
def test_what_has_two_names_is_not_taken_for_two_things(name, f, held):
    begin()
    with pytest.raises(sd.AliasingError, match="is written that something outside holds.* Instead"):
        OPERATORS[name](f, X.copy(), *held)


def kept_outside(x):
    put(x * 2.0)
    return np.sum(KEPT[-1] ** 2)


def read_outside(x):
    KEPT.append(x * 2.0)
    return last()


@pytest.mark.parametrize("f", [kept_outside, read_outside])
def test_a_name_from_outside_is_that_of_what_helpers_write(f):
    begin()
    value, tangent = sd.jvp(sd.grad(f), (X,), (np.ones(3),))
    np.testing.assert_allclose(value, SLOPE, rtol=1e-12)
    np.testing.assert_allclose(tangent, BENDS, rtol=1e-12)
    begin()
    np.testing.assert_allclose(sd.hvp(f, (X,), (np.ones(3),)), BENDS, rtol=1e-12)
    np.testing.assert_allclose(sd.grad(f)(X), SLOPE, rtol=1e-12)


def only_read(x, kept):
    put(1.0)
    return np.sum(kept[0] * x**2)


def test_what_is_read_alone_may_have_two_names():
    kept = [np.ones(3)]
    np.testing.assert_allclose(sd.grad(only_read)(X, kept), 2 * X, rtol=1e-12)
