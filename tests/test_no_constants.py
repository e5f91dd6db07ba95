"""What looks like a constant and may hold something active: methods, fields, functions, members."""

import enum
import math

import numpy as np
import pytest

import s2sdiff as sd


def set_field(owner, value):
    owner.w = value


class Count(int):
    pass


class Word(str):
    pass


def of_field(owner):
    total = 0.0
    for _ in range(2):
        total += owner.w
    return total


@pytest.mark.parametrize("cls, plain", [(Count, 3), (Word, "a")])
def test_a_field_of_a_number_or_a_text_of_a_class_of_the_users_has_a_derivative(cls, plain):
    def f(x):
        made = cls(plain)
        made.w = x * x
        return of_field(made) * x

    assert sd.grad(f)(1.5) == pytest.approx(6 * 1.5 ** 2)


def item(x):
    get = np.array([x, x * x]).item

    def inner(k):
        return get(1) * k

    return sum(map(inner, [2.0]))


def value(x):
    values = {0: x, 1: x * x}
    get = values.get

    def inner(k):
        return get(1) * k

    return sum(map(inner, [2.0]))


def popped(x):
    values = [x, x * x]
    pop = values.pop

    def inner(k):
        return pop() * k

    return sum(map(inner, [2.0, 3.0]))


@pytest.mark.parametrize("f", [item, value, popped], ids=lambda f: f.__name__)
def test_a_captured_method_of_a_container_has_what_is_in_there(f):
    x, h = 1.5, 1e-6
    want = (f(x + h) - f(x - h)) / (2 * h)
    assert sd.grad(f)(x) == pytest.approx(want, rel=1e-6)


def test_a_function_of_numpy_that_was_made_of_a_closure_is_never_taken_for_a_constant():
    def f(x):
        function = np.frompyfunc(lambda t: t * x, 1, 1)

        def inner(k):
            return function(k)

        return sum(map(inner, [1.0, 2.0]))

    try:
        assert sd.grad(f)(1.5) == pytest.approx(3.0)
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)


class Doubling:
    """Walking over it changes it."""

    def __init__(self, w):
        self.w = w

    def __iter__(self):
        self.w = self.w * 2
        return iter([self.w, 1.0])


def walked(o, x):
    y = o.w * x
    for v in o:
        y = y + v * o.w
    return y


def test_a_field_is_read_again_after_a_loop_over_its_object_has_written_it():
    def f(w, x):
        return walked(Doubling(w), x)

    value, pullback = sd.vjp(lambda x: walked(Doubling(2.0), x), 1.5)
    assert value == f(2.0, 1.5)
    assert pullback(1.0) == pytest.approx(2.0)
    assert sd.vjp(walked, Doubling(2.0), 1.5)[0] == f(2.0, 1.5)
    h = 1e-6
    want = (f(2.0 + h, 1.5) - f(2.0 - h, 1.5)) / (2 * h)
    assert sd.grad(walked)(Doubling(2.0), 1.5).w == pytest.approx(want, rel=1e-6)


def test_a_method_of_a_number_has_the_number_when_it_is_called_later():
    def f(x):
        z = complex(x, 2 * x)
        conjugate = z.conjugate
        return (conjugate() * z).real

    assert sd.grad(f)(1.5) == pytest.approx(10 * 1.5)


def called_twice(function):
    return function() * function()


@pytest.mark.parametrize("items", [lambda x: [x, x * x], lambda x: np.array([x, x * x]),
                                   lambda x: {0: x, 1: x * x}.values()])
def test_the_next_of_an_iterator_that_is_handed_on_is_never_without_a_derivative(items):
    def f(x):
        return called_twice(iter(items(x)).__next__)

    try:
        assert sd.grad(f)(1.5) == pytest.approx(3 * 1.5 ** 2)
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)


def by_attribute(k):
    return by_attribute.w * k


def test_an_active_value_in_an_attribute_of_a_function_is_refused():
    def f(x):
        set_field(by_attribute, x * x)
        return by_attribute(2) * x

    with pytest.raises(sd.DifferentiationError, match="attribute of a function.*Instead, "):
        sd.grad(f)(1.5)


class Kept:
    w = 1.0


def keep_in_a_class(value):
    Kept.w = value


def keep_in_a_function(value):
    by_attribute.w = value


def keep_in_a_module(value):
    math.w = value


@pytest.mark.parametrize(("keep", "owner"), [
    (keep_in_a_class, Kept), (keep_in_a_function, by_attribute), (keep_in_a_module, math),
], ids=["class", "function", "module"])
def test_what_a_helper_writes_to_an_attribute_of_all_is_no_constant(keep, owner, monkeypatch):
    monkeypatch.setattr(owner, "w", 1.0, raising=False)

    def f(x):
        keep(x * x)
        return owner.w * x

    with pytest.raises(sd.DifferentiationError, match="Instead, "):
        sd.grad(f)(1.5)
    with pytest.raises(sd.DifferentiationError, match="Instead, "):
        sd.jvp(f, (1.5,), (1.0,))


class Color(enum.Enum):
    RED = 1


def test_an_active_value_in_an_enumerations_member_is_refused():
    def f(x):
        Color.RED.w = x * x
        return of_field(Color.RED) * x

    with pytest.raises(sd.DifferentiationError, match="an enumeration's member.*Instead, "):
        sd.grad(f)(1.5)
