"""What published code does with attributes, keys, elements and iterators, beside its arithmetic."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.right_or_refused import check_modes

A = np.array([0.7, -0.3])


def either(x, first):
    if first:
        return np.sin(x)
    return np.cos(x)


class Slotted:
    __slots__ = ("a",)

    def __init__(self, a):
        self.a = a


class Asked:
    """What is not there is three."""

    def __init__(self, a):
        self.a = a

    def __getattr__(self, name):
        return 3.0

    @property
    def square(self):
        return self.a * self.a


class Writing:
    """Its way of setting attributes writes, and raises then."""

    def __init__(self, a):
        object.__setattr__(self, "a", a)

    def __setattr__(self, name, value):
        object.__setattr__(self, "a", self.a * value)
        raise AttributeError(name)


# ------------------------------------------------------------------ attributes that are not there


def name_of_a_number_or_an_array(x):
    y = either(x, True)
    try:
        y.name = "angle"
    except AttributeError:
        pass
    return y * y


def no_such_slot(x):
    s = Slotted(np.sin(x))
    try:
        s.a = s.a * 3.0
        s.b = x
    except AttributeError:
        s.a = s.a * 2.0
    return s.a * s.a


def property_without_a_setter(x):
    s = Asked(np.sin(x))
    try:
        s.a = s.a * 3.0
        s.square = x
    except AttributeError:
        s.a = s.a * 2.0
    return s.a * s.a


def setter_that_writes_and_raises(x):
    s = Writing(np.sin(x))
    try:
        s.b = x
    except AttributeError:
        s.__dict__["a"] = s.a * s.a
    return s.a


@pytest.mark.parametrize("x", [0.7, A], ids=["number", "array"])
@pytest.mark.parametrize("f", [name_of_a_number_or_an_array, no_such_slot,
                               property_without_a_setter, setter_that_writes_and_raises])
def test_an_attribute_that_cannot_be_set_raises_where_it_is_caught(f, x):
    sd.check_grads(f, (x,))


def test_attributes_are_read_by_object_getattribute():
    def f(x):
        s = Asked(x)
        for name in ("a", "square"):
            s.__setattr__(name + "_1", s.__getattribute__(name) * 2.0)
        return s.a_1 * s.square_1 + object.__getattribute__(s, "a") * s.other

    sd.check_grads(f, (0.7,))


def test_object_getattribute_asks_no_getattr():
    def f(x):
        return Asked(x).__getattribute__("other")

    for way in (sd.grad(f), lambda x: sd.jvp(f, (x,), (1.0,))):
        with pytest.raises(AttributeError):
            way(0.7)


# ------------------------------------------------------------------------------- keys of dicts

EDGES = {1.0: "low", 3.0: "high"}


class Table:
    def __init__(self, edges):
        self.edges = dict(edges)

    def of(self, value):
        edges = np.asarray(list(self.edges.keys()))
        labels = np.append(np.array(list(self.edges.values()), dtype=object), np.nan)
        return labels[np.digitize(np.asarray(value), edges)]


TABLE = Table(EDGES)


def test_keys_that_are_floats_are_read_where_no_cotangent_comes_back():
    def f(x):
        y = np.sin(x)
        return {"value": y * y, "label": TABLE.of(x)}["value"]

    check_modes(f, (0.7,))


@pytest.mark.parametrize("make", [lambda x: dict([(x, 1)]), lambda x: dict.fromkeys([x]),
                                  lambda x: dict(zip([x], [1], strict=True))])
@pytest.mark.parametrize("read", [lambda d: list(d.keys())[0], lambda d: tuple(d.keys())[0],
                                  lambda d: np.array(list(d.keys()))[0]])
def test_an_active_key_that_comes_into_the_result_is_refused(make, read):
    def f(x):
        return read(make(x)) ** 2

    with pytest.raises(sd.UnsupportedError, match="key"):
        sd.grad(f)(0.7)
    with pytest.raises(sd.DifferentiationError):
        sd.jvp(f, (0.7,), (1.0,))


# --------------------------------------------------------------------------- elements of arrays


def chosen_elements(x):
    a = np.empty((2, 2), dtype=object)
    a[0, 0], a[0, 1], a[1, 0], a[1, 1] = x, x * x, x + 1.0, 2.0
    b = a[[1, 0, 0]][:, ::-1]
    b[1, 0] = b[1, 0] * x
    return b[0, 1] * b[1, 0] * b[2, 0] + a[0, 0] * b[0, 0] * b[1, 1]


def lone_element(x):
    a = np.empty((2, 2), dtype=object)
    a[0, 0], a[1, 1] = x, np.array([x, x * x])
    a[0, 0] = a.item(0) * a[::-1].item(0, 1)[1]
    return a.item(0, 0) * a[1:, 1].item()[0] + a[:1, :1].item()


@pytest.mark.parametrize("f", [chosen_elements, lone_element])
def test_elements_of_object_arrays_are_chosen(f):
    check_modes(f, (1.3,))


# ------------------------------------------------------------------------------------ np.nditer


def each_element(x, order):
    m = (x * np.arange(6.0).reshape(2, 3)[:, ::-1]).T
    total = 0.0
    for v in np.nditer(m, order=order):
        total = total * 0.5 + v * v
    return total


def test_nditer_walks_as_the_elements_lie():
    for order in "KCF":
        sd.check_grads(lambda x, order=order: each_element(x, order), (0.7,))


def test_what_is_written_by_nditer_is_seen():
    def f(x):
        m = x * np.ones((2, 3))
        for v in np.nditer(m, op_flags=["readwrite"]):
            v[...] = v * v + x
        return np.sum(m * np.arange(6.0).reshape(2, 3))

    sd.check_grads(f, (0.7,))


def test_nditer_over_objects_may_be_left():
    def f(x):
        m = np.empty((1, 2), dtype=object)
        m[0, 0], m[0, 1] = np.array([x]), np.array([x, x * x])
        for v in np.nditer(m, flags=["refs_ok"]):
            if v.item().size > 1:
                break
        return m[0, 1][1] * x

    check_modes(f, (0.7,))


def test_nditer_over_several_arrays_is_refused():
    def f(x):
        total = 0.0
        for a, b in np.nditer([x * A, A]):
            total = total + a * b
        return total

    for way in (sd.grad(f), lambda x: sd.jvp(f, (x,), (1.0,))):
        with pytest.raises(sd.DifferentiationError, match="nditer"):
            way(0.7)


# ------------------------------------------------------------------------------ zip with strict


def rounds_before_the_error(x):
    y = x
    try:
        for a, b in zip([x, x], [1, 2, 3], strict=True):
            y = y * a + b
    except ValueError:
        y = y * 10.0
    return y


def rounds_of_generators(x):
    def multiples(n):
        for i in range(n):
            yield x * i

    y = x
    try:
        for a, b in zip(multiples(3), multiples(4), strict=True):
            y = y * a + b
    except ValueError:
        y = y * 10.0
    return y


@pytest.mark.parametrize("f", [rounds_before_the_error, rounds_of_generators])
def test_a_strict_zip_of_different_lengths_is_refused(f):
    for way in (sd.grad(f), lambda x: sd.jvp(f, (x,), (1.0,))):
        with pytest.raises(sd.DifferentiationError, match="Instead, "):
            way(0.7)


def test_a_strict_zip_of_equal_lengths_is_followed():
    def f(x):
        def multiples(n):
            for i in range(n):
                yield x * i

        total = x
        for a, b in zip([x, x * x], [1, 2], strict=True):
            total = total * a + b
        return total + sum(dict(zip("abc", multiples(3), strict=True)).values())

    check_modes(f, (0.7,))


# ---------------------------------------------------------------- scalars that out= gives beside


def clipped_beside(x):
    y = np.float64(x) * 1.0
    out = np.empty(())
    z = np.clip(y, 0.0, 5.0, out=out)
    out[...] = out * out
    return z * out * 3.0


def added_beside(x):
    y = np.float64(x) * 1.0
    out = np.empty(())
    z = np.sum(y, out=out)
    w = np.mean(y * y, out=out)
    return z * out * 3.0 + w


@pytest.mark.parametrize("f", [clipped_beside, added_beside])
def test_a_scalar_beside_out_is_a_number_of_its_own(f):
    sd.check_grads(f, (2.0,))
