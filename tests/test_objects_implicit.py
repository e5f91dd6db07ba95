"""Methods that run without being called by name, and write: operators, protocols, properties."""

import enum
import functools

import pytest

import s2sdiff as sd


def slope(f, x, h=1e-6):
    return (f(x + h) - f(x - h)) / (2 * h)


class Bag:
    def __init__(self):
        self.items, self.reads, self.total = [], 0, 1.0

    def __lshift__(self, value):
        self.items.append(value)
        return self

    def __contains__(self, value):
        self.total = self.total + value
        return True

    def __len__(self):
        self.total = self.total * 2.0
        return len(self.items)

    def __getitem__(self, i):
        self.reads += 1
        return self.items[i] * self.reads

    def __float__(self):
        return self.items[0] * 2

    def get(self, value):
        self.items.append(value * value)
        return len(self.items)

    def mean(self):
        self.total = sum(self.items) / len(self.items)
        return self.total

    @property
    def first(self):
        if not hasattr(self, "_first"):
            self._first = self.items[0] * 2
        return self._first

    @property
    def doubled(self):
        self.total = self.total * 2
        return self.total


class Square:
    def __init__(self, side):
        self.side = side

    @functools.cached_property
    def area(self):
        return self.side * self.side


class Holder:
    def __init__(self, held):
        self.held = held


def operator_for_what_it_does(x):
    bag = Bag()
    bag << x
    bag << x * x << 3.0
    return bag.items[0] * bag.items[1]


def operator_on_elements_of_a_list(x):
    bags = [Bag(), Bag()]
    for bag in bags:
        bag << x
        bag << x * x
    return bags[0].items[0] * bags[1].items[1]


def membership_that_is_asked_for(x):
    bag = Bag()
    known = x in bag
    return bag.total * x * known


def length_that_is_asked_for(x):
    bag = Bag()
    bag << x
    bag.total = x
    return len(bag) * bag.total


def item_that_counts(x):
    bag = Bag()
    bag << x
    return bag[0] + bag[0] * x


def conversion_to_a_float(x):
    bag = Bag()
    bag << x
    return float(bag) * x


def method_with_the_name_of_one_that_reads(x):
    bag = Bag()
    n = bag.get(x)
    bag << x
    bag.mean()
    return bag.items[0] * n + bag.total


def property_that_keeps_what_it_gives(x):
    bag = Bag()
    bag << x
    before = bag.first
    bag.items[0] = 7.0
    return bag.first * before


def property_that_writes(x):
    bag = Bag()
    bag.total = x
    return bag.doubled * bag.total


def property_of_what_an_object_holds(x):
    holder = Holder(Bag())
    holder.held.total = x
    return holder.held.doubled * holder.held.total


def cached_property_that_is_read_for_nothing(x):
    square = Square(x)
    square.area
    square.side = 5.0
    return square.area * square.side


def cached_property_of_what_an_object_holds(x):
    holder = Holder(Square(x))
    return holder.held.area * holder.held.area


def cached_properties_of_elements(x):
    total = 0.0
    for square in [Square(x), Square(2 * x)]:
        total += square.area * square.area
    return total


class Amount:
    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return Amount(self.value + other.value)

    def __radd__(self, other):
        return self if isinstance(other, int) else Amount(other + self.value)


def sum_of_objects_that_were_written(x):
    amounts = [Amount(x)]
    amounts.append(Amount(x * x))
    amounts[0].value *= 2
    return sum(amounts).value


def sum_of_the_objects_in_a_dict(x):
    return sum({"a": Amount(x), "b": Amount(x * x)}.values(), Amount(x)).value


class Unit(enum.Enum):
    METRE = 1.0
    FOOT = 0.3048


def values_of_an_enumeration(x):
    table = {}
    for unit in Unit:
        table[unit] = x * unit.value
    return table[Unit.METRE] * table[Unit.FOOT] + Unit["FOOT"].value


PROGRAMS = [
    operator_for_what_it_does, operator_on_elements_of_a_list, membership_that_is_asked_for,
    length_that_is_asked_for, item_that_counts, conversion_to_a_float,
    method_with_the_name_of_one_that_reads, property_that_keeps_what_it_gives,
    property_that_writes, property_of_what_an_object_holds,
    cached_property_that_is_read_for_nothing, cached_property_of_what_an_object_holds,
    cached_properties_of_elements, sum_of_objects_that_were_written, sum_of_the_objects_in_a_dict,
    values_of_an_enumeration,
]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_what_runs_without_being_called_is_differentiated(f):
    value, pullback = sd.vjp(f, 1.3)
    assert value == f(1.3)
    for _ in range(2):
        assert pullback(1.0) == pytest.approx(slope(f, 1.3), rel=1e-6)
    assert sd.grad(f)(1.3) == pytest.approx(slope(f, 1.3), rel=1e-6)


class Touchy:
    def __init__(self, value):
        self.value = value

    def __bool__(self):
        self.value = self.value * 5.0
        return True

    def __format__(self, how):
        self.value = self.value * 2.0
        return how


def truth_that_writes(x):
    touchy = Touchy(x)
    if touchy:
        return touchy.value
    return 0.0


def text_that_writes(x):
    touchy = Touchy(x)
    text = f"{touchy}"
    return touchy.value * (1 + len(text))


@pytest.mark.parametrize("f", [truth_that_writes, text_that_writes], ids=lambda f: f.__name__)
def test_what_nobody_can_follow_is_refused(f):
    with pytest.raises(sd.UnsupportedError, match=r"runs here without .* Instead, call a method"):
        sd.grad(f)(1.3)


def test_a_text_of_an_attribute_does_not_run_the_method_that_writes():
    class Model:
        def __init__(self, x):
            self.x, self.prefix, self.names = x, "", ["a", "b"]

        def __repr__(self):
            self.x = 3.0
            return "Model"

        def run(self, y):
            names = [f"{self.prefix}{name}" for name in self.names]
            return len(names) * self.x * y

    sd.check_grads(lambda x, y: Model(x).run(y), (1.5, 2.0))
