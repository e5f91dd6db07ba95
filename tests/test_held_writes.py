"""Writes into an argument that something outside holds, too: refused, whoever handles ValueError.

Generated code writes into a copy that is read-only; what NumPy raises there, no plain run raises.
"""

import contextlib

import numpy as np
import pytest

import s2sdiff as sd


class Model:
    w = np.ones(3)

    def put(self, w):
        w[0] = w[0] * w[0]
        return self.w[0]


model = Model()


def put(a, v):
    a[0] = v
    return a


def in_a_call(w):
    put(w, 5.0)
    return np.sum(w * model.w)


def in_a_call_that_is_tried(w):
    try:
        put(w, 5.0)
    except ValueError:
        return np.sum(w) * 2.0
    return np.sum(w * model.w)


def tried_here(w):
    try:
        w[0] = 5.0
    except ValueError:
        return np.sum(w) * 2.0
    return np.sum(w * model.w)


def tried_by_all(w):
    try:
        w.sort()
    except:  # noqa: E722 (a handler as people write them)
        return np.sum(w) * 2.0
    return np.sum(w * model.w)


def one_of_two_handlers(w):
    try:
        np.add(w, 1.0, out=w)
    except KeyError:
        return np.sum(w) * 3.0
    except (TypeError, ValueError) as error:
        return np.sum(w) * len(str(error))
    return np.sum(w * model.w)


def walk(a, n):
    if n:
        a[n] = a[n - 1] * 2.0
        walk(a, n - 1)


def in_recursion(w):
    try:
        walk(w, 2)
    except ValueError:
        return np.sum(w) * 2.0
    return np.sum(w * model.w)


def tries(w):
    try:
        w[0] = 5.0
    except ValueError:
        return np.sum(w) * 2.0
    return np.sum(w)


def in_a_call_that_tries(w):
    return tries(w) * model.w[0]


def suppressed(w):
    v = 1.0
    with contextlib.suppress(ValueError):
        w[0] = 5.0
        v = np.sum(w)
    return v * w[1] * model.w[0]


def suppressed_in_a_call(w):
    v = 1.0
    with contextlib.suppress(ValueError):
        put(w, 5.0)
        v = np.sum(w)
    return v * w[1] * model.w[0]


def left_by_a_finally(w):
    for _ in range(1):
        try:
            w[0] = 5.0
        finally:
            break
    return np.sum(w * model.w)


def read_where_it_is_held(w):
    w[0] = w[0] * w[0]
    return model.w[0]


def read_where_it_is_held_after_a_call(w):
    put(w, w[0] * w[0])
    return model.w[0]


FUNCTIONS = [
    in_a_call, in_a_call_that_is_tried, tried_here, tried_by_all, one_of_two_handlers, in_recursion,
    in_a_call_that_tries, suppressed, suppressed_in_a_call, left_by_a_finally,
    read_where_it_is_held, read_where_it_is_held_after_a_call,
]
OPERATORS = {
    "grad": lambda f, w: sd.grad(f)(w),
    "vjp": lambda f, w: sd.vjp(f, w),
    "jvp": lambda f, w: sd.jvp(f, (w,), (np.ones(3),)),
    "linearize": lambda f, w: sd.linearize(f, w),
    "jacobian": lambda f, w: sd.jacobian(f)(w),
}


@pytest.fixture(autouse=True)
def held():
    model.w = np.array([1.0, 2.0, 3.0])


@pytest.mark.filterwarnings("ignore::s2sdiff.errors.ZeroDerivativeWarning")
# A Jacobian by columns, as that of a single item, runs on copies that nothing outside holds.
@pytest.mark.parametrize(("f", "operator"), [
    (f, operator) for f in FUNCTIONS for operator in OPERATORS
    if operator != "jacobian" or not f.__name__.startswith("read_where")])
def test_a_write_into_what_is_held_is_refused(f, operator):
    with pytest.raises(sd.AliasingError, match="Instead, pass a copy"):
        OPERATORS[operator](f, model.w)
    assert model.w.tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_method_writes_what_its_object_holds(operator):
    with pytest.raises(sd.AliasingError, match="Instead, pass a copy"):
        OPERATORS[operator](model.put, model.w)


def test_arrays_in_dicts_are_told_apart_too():
    def tried(d):
        try:
            d["w"][0] = 5.0
        except Exception:
            return np.sum(d["w"]) * 2.0
        return np.sum(d["w"] * model.w)

    with pytest.raises(sd.AliasingError, match="Instead, pass a copy"):
        sd.grad(tried)({"w": model.w})
    with pytest.raises(sd.AliasingError, match="Instead, pass a copy"):
        sd.jvp(tried, ({"w": model.w},), ({"w": np.ones(3)},))


@pytest.mark.parametrize("f", [in_a_call_that_is_tried, tried_here, suppressed, in_recursion])
def test_copies_are_written_as_ever(f):
    w, v = np.array([1.0, 2.0, 3.0]), np.array([0.3, -0.2, 0.5])
    step = 1e-6
    expected = (f(w + step * v) - f(w - step * v)) / (2 * step)
    assert np.isclose(sd.grad(f)(w.copy()) @ v, expected, rtol=1e-7)
    assert np.isclose(sd.jvp(f, (w.copy(),), (v,))[1], expected, rtol=1e-7)


def test_arrays_that_nobody_may_write_raise_what_python_raises():
    frozen = np.ones(3)
    frozen.flags.writeable = False

    def f(w):
        try:
            frozen[0] = 2.0
        except ValueError:
            return np.sum(w * w) * 3.0
        return np.sum(w)

    assert sd.grad(f)(np.array([1.0, 2.0])).tolist() == [6.0, 12.0]
    frozen_too = np.array([1.0, 2.0, 3.0])
    frozen_too.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        sd.grad(in_a_call)(frozen_too)


def itself(w):
    return w if np.sum(walked(w, 1) * model.w) > 0.0 else None


def walked(a, n):
    return walked(a * 1.0, n - 1) if n else a


def parts_of_it(w):
    k = np.sum(walked(w, 1) * model.w)
    return {"all": [w, k], "some": (w[1:], w[::-2]), "none": 2.0 * w}


class Own:
    def itself(self, w):
        return w if np.sum(walked(w, 1) * model.w) > 0.0 else None


@pytest.mark.parametrize("run", [
    lambda f, w: sd.vjp(f, w)[0], lambda f, w: sd.jvp(f, (w,), (np.ones(3),))[0],
    lambda f, w: sd.linearize(f, w)[0]])
def test_a_value_shares_what_the_plain_one_shares(run):
    for f in (itself, Own().itself):
        assert run(f, model.w) is model.w
    value = run(parts_of_it, model.w)
    assert value["all"][0] is model.w and value["all"][1] == 14.0
    first, other = value["some"]
    assert np.shares_memory(first, model.w) and first.tolist() == [2.0, 3.0]
    assert np.shares_memory(other, model.w) and other.tolist() == [3.0, 1.0]
    assert first.flags.writeable and not np.shares_memory(value["none"], model.w)


def test_a_strided_value_may_be_written_where_it_cannot_be_shared():
    whole = np.arange(6.0)
    model.w = whole[::2]
    value, pullback = sd.vjp(parts_of_it, model.w)
    assert value["all"][0] is model.w
    value["some"][0][:] = 7.0
    bar = {"all": [np.ones(3), 1.0], "some": (np.ones(2), np.zeros(2)), "none": np.zeros(3)}
    assert pullback(bar).tolist() == [1.0, 4.0, 6.0]


class Keeper:
    """Keeps what it is given."""


keeper = Keeper()
SHELF: list = [None]


def kept():
    """A function that somebody gives an attribute."""


def with_an_attribute(couple, a):
    return np.sum(keeper.slot[1] + kept.array + a)


def loaned(at):
    return SHELF[at]


def with_an_inner_function(b, named):
    def inside(p):
        def deeper(p, *, by=2.0):
            return b

        p = (same := p)  # noqa: F841 (it keeps the function from being written in)
        return loaned(0)["p"].sum()

    return inside(b)


def test_what_a_function_has_as_an_attribute_is_held():
    couple, a = ([0.5, 0.25], 2.0), np.array([1.0, 2.0])
    keeper.slot, kept.array = couple, a
    value, pullback = sd.vjp(with_an_attribute, couple, a)
    assert value == 10.0
    assert pullback(1.0)[1].tolist() == [1.0, 1.0]


def test_what_an_inner_function_reads_is_held():
    named = {"p": np.array([1.0, 2.0])}
    SHELF[0] = named
    value, pullback = sd.vjp(with_an_inner_function, np.ones((2, 2)), named)
    assert value == 3.0
    assert pullback(np.float64(1.0))[1]["p"].tolist() == [0.0, 0.0]
