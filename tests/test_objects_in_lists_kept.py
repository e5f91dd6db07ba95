"""Objects in lists whose classes have a say, and None among them: what Python gives, or raises."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass

import numpy as np
import pytest

import s2sdiff as sd


class Node:
    def __init__(self, x):
        self.x, self.next = x, None

    def three(self):
        return 3.0

    def __lt__(self, other):
        return self.x < other.x

    def __neg__(self):
        return 2.0


class Scaled:
    def __init__(self, x):
        self.x = x

    def __imul__(self, k):
        self.x = self.x * k
        return self


class Product:
    def __init__(self, x):
        self.x = x

    def __mul__(self, k):
        return Product(self.x * k)


class Holder:
    def __init__(self, held):
        self.held = held

    def __contains__(self, other):
        return self.held < other.held

    def __iter__(self):
        return iter((self.held, 2.0))


class Summand:
    def __init__(self, x):
        self.x = x

    def __add__(self, other):
        return self.x + other.x

    def __lt__(self, other):
        return self.x < other.x

    def __le__(self, other):
        return NotImplemented

    def __ge__(self, other):
        return self.x > 2.0 * other.x


class Special(Summand):
    def __radd__(self, other):
        return 5.0 * self.x * other.x

    def __gt__(self, other):
        return True


class Slotted:
    __slots__ = ("x",)

    def __init__(self, x):
        self.x = x
        self.y = x


@dataclass
class Later:
    a: float
    b = 1.0

    def __post_init__(self):
        if self.a > 0.5:
            self.b = self.a * 2.0


@dataclass
class Never:
    a: float

    def __post_init__(self):
        if self.a > 0.5:
            self.b = self.a * 2.0


@dataclass(frozen=True)
class Frozen:
    a: float


def items_changed_in_place(p):
    held = [Scaled(p[0]), Scaled(p[1]), Scaled(p[2])]
    for i in range(2):
        held[i] *= 2
    return held[0].x + 3.0 * held[1].x + 5.0 * held[2].x


def items_made_anew_in_place(p):
    held = [Product(p[0]), Product(p[1]), Product(p[2])]
    for i in range(2):
        held[i] *= 2
    return held[0].x + 3.0 * held[1].x + 5.0 * held[2].x


def attributes_changed_in_place(p):
    held = [Holder(Product(p[0])), Holder(Product(p[1])), Holder(Product(p[2]))]
    for h in held[:2]:
        h.held *= 2
    return held[0].held.x + 3.0 * held[1].held.x + 5.0 * held[2].held.x


def asked_what_is_in_it(p):
    held, total = [Holder(a) for a in p], 0.0
    for h in held:
        if h in held[1]:
            total = total + h.held ** 2
    return total


def objects_unpacked(p):
    total = 0.0
    for h in [Holder(a) for a in p]:
        first, second = h
        total = total + first * second * h.held
    return total


def lists_unpacked(p):
    held = [Node(a) for a in p]
    a, b, c = held
    a, b = b, a
    a.x *= 2.0
    held[0].x += b.x * c.x
    for first, second in [[a, c], [c, b]]:
        second.x = second.x + first.x
    return held[0].x * held[1].x + held[2].x ** 2


def subclasses_first(p):
    held, others, total = [Summand(p[0]), Summand(p[2])], [Special(p[1]), Special(p[2])], 0.0
    for i in range(2):
        total = total + (held[i] + others[i])
    return total


def subclass_first(p):
    a, b = Summand(p[0]), Special(p[1])
    return (p[0] * p[1] if a < b else p[0]) + (a + b)


def other_operand_asked(p):
    a, b = Summand(p[0]), Summand(p[1])
    return p[0] * p[1] if a <= b else p[2] ** 2


def set_on_one_way(p):
    total = 0.0
    for a in p:
        later = Later(a)
        total = total + later.b * later.a
    return total


def set_on_one_way_in_lists(p):
    return sum(later.b * later.a for later in [Later(a) for a in p])




def none_is_caught(p):
    nodes, total = [Node(a) for a in p], 0.0
    nodes[0].next = nodes[1]
    for n in nodes:
        try:
            total = total + n.next.x ** 2
        except AttributeError:
            total = total * 2.0 + n.x
        try:
            total = total + n.next.three() * n.x
        except AttributeError:
            total = total * 3.0
        try:
            total = total * -n.next
        except TypeError:
            total = total + 4.0 * n.x
        try:
            n.next.x = total
        except AttributeError:
            total = total * n.x
    return total + sum(n.x for n in nodes)


def known_before_the_loop(p):
    nodes, total = [Node(a) for a in p], 0.0
    nodes[0].next, nodes[1].next = nodes[1], nodes[2]
    n = nodes[0]
    there = n is not None
    try:
        while True:
            if there:
                total = total + n.x ** 2
            n = n.next
    except AttributeError:
        total = total * 2.0
    return total


def known_on_one_way(p):
    nodes, total = [Node(a) for a in p], 0.0
    nodes[0].next = nodes[1]
    n = nodes[0]
    for _ in range(4):
        m = n.next if n is not None else n
        try:
            total = total + m.x * n.x
        except AttributeError:
            total = total * 2.0 + 1.0
        n = m
    return total


def frozen_write_caught(p):
    held = [Frozen(a) for a in p]
    try:
        held[0].a = 3.0
    except AttributeError:
        pass
    return sum(f.a ** 2 for f in held)


class Chained:
    def __init__(self, a, other):
        self.other = other
        self.y = a if other is None else a * other.y


def made_of_each_other(p):
    held = [Chained(a, None) for a in p]
    held.append(Chained(p[0], held[1]))
    return sum(h.y ** 2 for h in held)


class Place:
    def __init__(self, i):
        self.i = i


PLACE = Place(1)


def read_before_it_grows(p):
    values, i = [], PLACE.i
    for a in p:
        values.append(a)
    product = p[0] * values[i]
    values.append(product)
    return sum(v ** 2 for v in values)


def read_on_one_way_before_it_grows(p):
    values, i = [p[0], p[1], p[2]], PLACE.i
    product = p[0] if i is None else p[0] * values[i]
    values.append(product)
    return sum(v ** 2 for v in values) + values[i]


def slice_read_before_it_grows(p):
    values, i = [p[0], p[1], p[2]], PLACE.i
    some = values[:i + 1]
    values.append(some[0] * some[1])
    return sum(v * v for v in values) + sum(some)


def unknown_slice(p):
    values = [p[0], p[1], p[2]]
    some = PLACE.some
    read = values[some]
    values.append(read[0] * read[1])
    return sum(v * v for v in values) + sum(read)


@pytest.mark.parametrize("some", [slice(0, 2), slice(1, 3), slice(-2, None), slice(0, 3, 2)])
def test_a_slice_of_which_nothing_is_known_beforehand(some):
    PLACE.some = some
    p = np.array([0.7, 0.4, 1.3])
    steps = np.eye(3) * 1e-6
    slope = [(unknown_slice(p + s) - unknown_slice(p - s)) / 2e-6 for s in steps]
    np.testing.assert_allclose(sd.grad(unknown_slice)(p), slope, rtol=1e-6)


def arrays_read_while_it_grows(p):
    values, i = [p * 1.0], PLACE.i
    for a in p:
        values.append(values[i - 1] * a)
    for k in range(3):
        values.append(values[i + k] * values[PLACE.i])
    return sum(np.sum(v) for v in values)


PROGRAMS = [
    made_of_each_other, read_before_it_grows, read_on_one_way_before_it_grows,
    arrays_read_while_it_grows, slice_read_before_it_grows,
    items_changed_in_place, items_made_anew_in_place, attributes_changed_in_place,
    asked_what_is_in_it, objects_unpacked, lists_unpacked, subclasses_first, subclass_first,
    other_operand_asked, set_on_one_way, set_on_one_way_in_lists, none_is_caught,
    known_before_the_loop, known_on_one_way, frozen_write_caught,
]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_what_python_gives(f):
    x, u, h = np.array([0.7, 0.4, 1.3]), np.array([0.9, -0.3, 0.5]), 1e-5
    kept = x.copy()
    slope = (f(x - 2 * h * u) - 8 * f(x - h * u) + 8 * f(x + h * u) - f(x + 2 * h * u)) / (12 * h)
    value, pullback = sd.vjp(f, x)
    assert value == pytest.approx(f(x), rel=1e-13)
    for _ in range(2):
        assert np.vdot(pullback(1.0), u) == pytest.approx(slope, rel=1e-7)
    value, dot = sd.jvp(f, (x,), (u,))
    assert value == pytest.approx(f(x), rel=1e-13)
    assert dot == pytest.approx(slope, rel=1e-7)
    assert np.array_equal(x, kept)


def end_of_a_chain(p):
    nodes, total = [Node(a) for a in p], 0.0
    nodes[0].next, nodes[1].next = nodes[1], nodes[2]
    n = nodes[0]
    while n is not None:
        total, n = total + n.x ** 2, n.next
    return total + nodes[2].next.x


def written_beyond_the_end(p):
    nodes = [Node(a) for a in p]
    nodes[0].next = nodes[1]
    for n in nodes:
        n.next.x = 5.0
    return nodes[0].x


def called_beyond_the_end(p):
    nodes = [Node(a) for a in p]
    nodes[0].next = nodes[1]
    return sum(n.next.three() * n.x for n in nodes)


def no_such_slot(p):
    return sum(s.x for s in [Slotted(a) for a in p])


def no_such_slot_of_one(p):
    s = Slotted(p[0])
    return s.x * s.y


def set_on_no_way(p):
    total = 0.0
    for a in p:
        never = Never(a)
        total = total + never.b
    return total


def frozen_write(p):
    held = [Frozen(a) for a in p]
    held[0].a = 3.0
    return held[0].a * held[1].a


RAISING = [end_of_a_chain, written_beyond_the_end, called_beyond_the_end, no_such_slot,
           no_such_slot_of_one, set_on_no_way, frozen_write]


@pytest.mark.parametrize("f", RAISING, ids=lambda f: f.__name__)
def test_what_python_raises(f):
    x = np.array([0.7, 0.4, 1.3])
    with pytest.raises(AttributeError) as plain:
        f(x)
    assert (plain.type is FrozenInstanceError) == (f is frozen_write)
    for derivative in (lambda: sd.grad(f)(x), lambda: sd.jvp(f, (x,), (x,))):
        with pytest.raises(AttributeError) as found:
            derivative()
        assert found.type is plain.type
        # From Python 3.13 on, a write says more than a read.
        assert str(plain.value).startswith(str(found.value))


def best_of(p):
    nodes, best = [Node(a) for a in p], None
    for n in nodes:
        if best is None or n < best:
            best = n
    return best.x ** 2 + best.three()


def test_none_is_looked_at_once():
    text = sd.source(best_of, mode="grad")
    assert text.count("None.x") == 1
    assert "None.three" not in text
