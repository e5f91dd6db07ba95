"""Operators and methods that write, in objects whose class the compiler does not see: refused."""

import numpy as np
import pytest

import s2sdiff as sd


class Doubling:
    """Its operators and its mean write, which nobody sees who does not know the class."""

    def __init__(self, x):
        self.x = x

    def __add__(self, other):
        self.x = self.x * 2
        return self.x

    def mean(self):
        self.x = self.x * 2
        return self.x

    def __lt__(self, other):
        self.x = self.x * 3
        return self.x < other.x


def operator_of_an_element(x):
    held = [Doubling(x)]
    return (held[0] + 1.0) * (held[0] + 1.0)


def operator_of_a_value_in_a_dict(x):
    held = {"a": Doubling(x)}
    return (held["a"] + 1.0) * (held["a"] + 1.0)


def mean_of_an_element(x):
    held = [Doubling(x)]
    return held[0].mean() * held[0].mean()


def order_of_elements(x):
    held = [Doubling(x), Doubling(2.0 * x)]
    held.sort()
    return min(held).x * held[0].x


class Growing:
    """Its methods write in ways that no store shows."""

    def __init__(self, v):
        self.v = v

    def __add__(self, other):
        v = self.v
        v += other
        return v.sum()

    def __sub__(self, other):
        held = [self.v]
        held[0] *= other
        return self.v.sum()

    def __mul__(self, other):
        np.multiply(self.v, other, out=self.v)
        return self.v.sum()

    def __neg__(self):
        Doubler(self)
        return self.v.sum()

    def __getitem__(self, i):
        doubled(self.v)
        return self.v[i]

    def mean(self):
        np.copyto(self.v, self.v * 2)
        return self.v.sum()


class Doubler:
    def __init__(self, other):
        other.v = other.v * 2


def doubled(v):
    v *= 2


def added_in_place(x):
    held = [Growing(x * np.ones(2))]
    return (held[0] + x) * (held[0] + x)


def scaled_in_a_list(x):
    held = [Growing(x * np.ones(2))]
    return (held[0] - x) * (held[0] - x)


def written_by_out(x):
    held = [Growing(x * np.ones(2))]
    return (held[0] * x) * (held[0] * x)


def written_by_a_constructor(x):
    held = [Growing(x * np.ones(2))]
    return (-held[0]) * (-held[0])


def written_by_a_helper(x):
    held = [Growing(x * np.ones(2))]
    return held[0][0] * held[0][1]


def written_by_a_function_of_numpy(x):
    held = [Growing(x * np.ones(2))]
    return held[0].mean() * held[0].mean()


@pytest.mark.parametrize("f", [order_of_elements])
def test_what_writes_and_is_not_seen_to_is_refused(f):
    for call in (sd.grad(f), lambda x: sd.vjp(f, x)):
        with pytest.raises(sd.UnsupportedError, match=r"\w+\.\w+ writes.*Instead, give"):
            call(0.61)


@pytest.mark.parametrize("f", [
    operator_of_an_element, operator_of_a_value_in_a_dict, added_in_place, scaled_in_a_list,
    written_by_out, written_by_a_constructor, written_by_a_helper, written_by_a_function_of_numpy,
    mean_of_an_element])
def test_an_operator_of_a_class_that_was_met_is_differentiated(f):
    slope = (f(0.61 + 1e-6) - f(0.61 - 1e-6)) / 2e-6
    assert sd.grad(f)(0.61) == pytest.approx(slope, rel=1e-6)


def known(d):
    return (d + 1.0) * d.mean()


def test_of_an_argument_it_is_seen():
    slope = (known(Doubling(0.61 + 1e-6)) - known(Doubling(0.61 - 1e-6))) / 2e-6
    assert sd.grad(known)(Doubling(0.61)).x == pytest.approx(slope, rel=1e-6)


class Quantity:
    """It writes into nothing but what it makes."""

    def __init__(self, v, **units):
        self.v = v
        self.units = {k: n for k, n in units.items() if n}

    def __mul__(self, other):
        units = {k: self.units.get(k, 0) + other.units.get(k, 0)
                 for k in {*self.units, *other.units}}
        made = Quantity(0.0, **units)
        made.v = self.v * other.v
        made.v += other.v
        return made


def test_what_a_method_makes_itself_it_may_write_into():
    def f(x):
        held = [Quantity(x, m=1), Quantity(2 * x, s=-1)]
        return (held[0] * held[1] * held[0]).v

    slope = (f(0.61 + 1e-6) - f(0.61 - 1e-6)) / 2e-6
    assert sd.grad(f)(0.61) == pytest.approx(slope, rel=1e-6)


class Asked:
    """Each question that is put to it changes what it says next."""

    def __init__(self, v):
        self.v = self.n = v

    def __lt__(self, other):
        self.n = self.n * other.v
        return self.v < other.v

    def __bool__(self):
        self.n = self.n * self.v
        return True

    def __len__(self):
        self.n = self.n * self.n
        return 1

    def __contains__(self, item):
        self.n = self.n * item
        return False

    def __repr__(self):
        self.n = self.n * 3.0
        return "asked"


@pytest.mark.parametrize("first", [
    lambda a, b: sorted([b, a])[0], lambda a, b: sorted([(b, 1), (a, 2)])[0][0],
    lambda a, b: sorted([(1, b), (2, a)], key=lambda pair: pair[1])[0][1],
    lambda a, b: sorted({1: b, 2: a}.values())[0], lambda a, b: max(b, a),
    lambda a, b: min([b, a]), lambda a, b: max(zip([a, b], [1, 2], strict=True))[0],
    lambda a, b: min(iter([a, b])),
])
def test_an_order_that_writes_is_refused(first):
    def f(x):
        a, b = Asked(x), Asked(2.0 * x)
        return first(a, b).v * a.n * b.n

    for derivative in (lambda: sd.grad(f)(0.7), lambda: sd.jvp(f, (0.7,), (1.0,))):
        with pytest.raises(sd.DifferentiationError, match=r"Asked.__\w+__ writes.*Instead, "):
            derivative()


@pytest.mark.parametrize("order", [
    lambda held: sorted(held), lambda held: max(held), lambda held: held.sort()])
def test_an_order_that_writes_and_of_which_nothing_is_used_is_refused(order):
    def f(x):
        a, b = Asked(x), Asked(2.0 * x)
        order([b, a])
        return a.n * b.n

    for derivative in (lambda: sd.grad(f)(0.7), lambda: sd.jvp(f, (0.7,), (1.0,))):
        with pytest.raises(sd.DifferentiationError, match=r"Asked.__\w+__ writes.*Instead, "):
            derivative()


@pytest.mark.parametrize("ask", [
    bool, len, repr, lambda a: not a, lambda a: 2.0 in a, lambda a: 2.0 not in a])
def test_what_a_question_writes_is_followed_in_both_modes(ask):
    def f(x):
        a = Asked(x)
        answer = ask(a)
        return a.n * a.v if answer is not None else 0.0

    sd.check_grads(f, (0.7,))
