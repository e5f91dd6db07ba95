"""Methods that run without being called by name, and write: seen wherever their class was met."""

import math

import pytest

import s2sdiff as sd
from tests.right_or_refused import picked, right_or_refused


class Sized:
    """Each of its special methods doubles x."""

    def __init__(self, x):
        self.x = x

    def __len__(self):
        self.x = self.x * 2
        return 3

    def __eq__(self, other):
        self.x = self.x * 2
        return True

    def __hash__(self):
        self.x = self.x * 2
        return 3

    def __repr__(self):
        self.x = self.x * 2
        return "sized"

    def __float__(self):
        self.x = self.x * 2
        return 2.0

    def __index__(self):
        self.x = self.x * 2
        return 1

    def __lt__(self, other):
        self.x = self.x * 2
        return True

    def __floor__(self):
        self.x = self.x * 2
        return 3

    def __delattr__(self, name):
        self.x = self.x * 2

    @property
    def size(self):
        self.x = self.x * 2
        return 3


class Deleted:
    """A descriptor that writes when it is deleted."""

    def __get__(self, owner, cls=None):
        return 3

    def __delete__(self, owner):
        owner.x = owner.x * 2


class Holder:
    size = Deleted()

    def __init__(self, x):
        self.x = x


class Iterated:
    def __init__(self, x):
        self.x = x

    def __iter__(self):
        self.x = self.x * 2
        return iter([1.0, 2.0])


def length(o):
    return len(o)


def equal(o):
    return o == 1


def equal_from_the_right(o):
    return 1 == o


def key_of_a_dict(o):
    return {o: 1}


def item_of_a_set(o):
    return {o}


def key_that_is_put(o):
    table = {}
    table[o] = 1


def text(o):
    return f"{o}"


def text_of_a_list(o):
    return str([o])


def text_by_percent(o):
    return "%s" % o


def sine(o):
    return math.sin(o)


def item(o):
    return [1, 2][o]


def member(o):
    return o in [1, 2]


def member_of_a_list(o):
    return 1 in [o, 2]


def counted(o):
    return [o, 2].count(1)


def compared_in_a_list(o):
    return [o] == [1]


def truth(o):
    return 1 if o else 2


def order(o):
    return sorted([o, Sized(1.0)])


def floor(o):
    return math.floor(o)


def attribute_that_is_deleted(o):
    del o.size


def attribute_that_is_asked_for(o):
    return hasattr(o, "size")


def text_of_an_attribute(o):
    return f"{o.size}"


TRIGGERS = [
    length, equal, equal_from_the_right, key_of_a_dict, item_of_a_set, key_that_is_put, text,
    text_of_a_list, text_by_percent, sine, item, member, member_of_a_list, counted,
    compared_in_a_list, truth, order, floor, attribute_that_is_deleted,
    attribute_that_is_asked_for, text_of_an_attribute,
]


GETTERS = {
    "made": lambda x: Sized(x), "element": lambda x: [Sized(x)][0],
    "item": lambda x: {"a": Sized(x)}["a"], "returned": lambda x: picked(Sized(x)),
}


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("getter", GETTERS)
def test_what_runs_unseen_is_followed_or_refused(trigger, getter):
    get = GETTERS[getter]

    def f(x):
        o = get(x)
        trigger(o)
        return o.x * x

    right_or_refused(f)


@pytest.mark.parametrize("trigger", TRIGGERS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("make", [lambda x: [Sized(x), 1.0], lambda x: {0: Sized(x)}])
def test_of_an_argument_it_is_followed_or_refused(trigger, make):
    def f(held, y):
        o = held[0]
        trigger(o)
        return o.x * y

    slope = (f(make(0.61 + 1e-6), 0.9) - f(make(0.61 - 1e-6), 0.9)) / 2e-6
    try:
        found = sd.vjp(f, make(0.61), 0.9)[1](1.0)[0][0].x
    except sd.UnsupportedError as error:
        assert "Instead, " in str(error)
    else:
        assert found == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize("trigger", [length, equal, attribute_that_is_deleted])
def test_of_a_class_that_is_known_it_is_right(trigger):
    def f(x):
        o = Sized(x)
        trigger(o)
        return o.x * x

    slope = (f(0.61 + 1e-6) - f(0.61 - 1e-6)) / 2e-6
    assert sd.grad(f)(0.61) == pytest.approx(slope, rel=1e-6)


def test_a_descriptor_may_write_when_it_is_deleted():
    def f(x):
        o = Holder(x)
        del o.size
        return o.x * x

    assert sd.grad(f)(0.61) == pytest.approx(4 * 0.61, rel=1e-9)


def drained(o):
    for _ in o:
        pass


def test_a_helper_that_walks_for_nothing():
    def f(x):
        o = [Iterated(x)][0]
        drained(o)
        return o.x * x

    right_or_refused(f)


def test_a_class_that_is_made_in_the_call():
    def f(x):
        class Local:
            def __init__(self, x):
                self.x = x

            def __len__(self):
                self.x = self.x * 2
                return 3

        o = [Local(x)][0]
        length(o)
        return o.x * x

    right_or_refused(f)


class Counting:
    """An iterator, and a hash that is kept: nothing that a derivative sees is written."""

    def __init__(self, x):
        self.x = x
        self.at = self.asked = 0
        self.kept = None

    def __len__(self):
        self.asked += 1
        return 2

    def __hash__(self):
        if self.kept is None:
            self.kept = hash("counting")
        return self.kept

    def __eq__(self, other):
        lines = []
        lines.append(self.at)
        return self is other

    def __repr__(self):
        parts = {}
        parts["x"] = 1
        return f"Counting({len(parts)})"


def test_counts_and_what_a_method_makes_itself_are_no_reason_to_refuse():
    def f(x):
        o = picked(Counting(x))
        table = {o: 2.0}
        return o.x * x * table[o] * len(o) * len(str([o])) * (o in [o])

    slope = (f(0.61 + 1e-6) - f(0.61 - 1e-6)) / 2e-6
    assert sd.grad(f)(0.61) == pytest.approx(slope, rel=1e-6)
