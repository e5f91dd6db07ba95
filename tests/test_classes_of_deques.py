"""Classes of users below `deque` and `defaultdict`, whose objects are made inside."""

from collections import defaultdict, deque

import pytest

import s2sdiff as sd


class Table(defaultdict):
    pass


class Sums(defaultdict):
    def __init__(self, *given, **more):
        super().__init__(float, *given, **more)
        self.factor = 3.0

    def total(self):
        return self.factor * sum(self.values())


class Asking(defaultdict):
    def __init__(self, rate):
        super().__init__(None)
        self.rate = rate

    def __missing__(self, key):
        self[key] = 2.0 * self.rate
        return self[key]


class Recent(deque):
    pass


class Powers(deque):
    def __init__(self, x):
        super().__init__([x, x * x, x**3], maxlen=3)


class Rolling(deque):
    def __init__(self, items, length):
        deque.__init__(self, items, length)
        self.seen = 0.0

    def push(self, x):
        self.append(x)
        self.seen = self.seen + x

    @property
    def mean(self):
        return sum(self) / len(self)


def of_a_factory(x):
    table = Table(float)
    table["a"] += x * x
    return table["a"] * (table["b"] + x)


def of_a_factory_that_varies(x):
    table = Table(lambda: x)
    return table["a"] * table["b"] * x


def of_pairs_and_names(x):
    table = Table(float, [("a", x * x)], b=x)
    return table["a"] * table["b"]


def of_lists(x):
    table = Table(list)
    table["a"].append(x)
    table["a"].append(x * x)
    return table["a"][0] * table["a"][1]


def of_tables(x):
    table = Table(Table)
    table["a"]["b"] = x
    return table["a"]["b"] ** 2


def of_sums(x):
    sums = Sums({"a": x}, b=x * x)
    sums["c"] += x**3
    return sums.total()


def of_what_is_missing(x):
    asking = Asking(x)
    return asking["a"] * x + asking.get("b", x) * asking["a"]


def of_what_is_recent(x):
    recent = Recent([x, x * x], maxlen=2)
    recent.append(x**3)
    return recent[0] * recent[1]


def of_powers(x):
    powers = Powers(x)
    powers.appendleft(x**4)
    powers.append(1.0)
    return powers[0] * powers[1]


def of_means(x):
    rolling = Rolling([x, x * x, x**3], 2)
    first = rolling.mean
    rolling.push(first * x)
    return first * rolling.mean * rolling.seen


MADE = [of_a_factory, of_a_factory_that_varies, of_pairs_and_names, of_lists, of_tables, of_sums,
        of_what_is_missing, of_what_is_recent, of_powers, of_means]


@pytest.mark.parametrize("f", MADE)
def test_objects_of_classes_of_containers_are_filled_in_both_modes(f):
    sd.check_grads(f, (1.3,))


@pytest.mark.parametrize("f", [of_sums, of_means])
def test_and_at_order_2(f):
    expected = (f(1.3 + 1e-4) - 2 * f(1.3) + f(1.3 - 1e-4)) / 1e-8
    assert sd.hessian(f)(1.3) == pytest.approx(expected, rel=1e-5)


def test_they_come_out_as_what_they_are():
    value, pullback = sd.vjp(Powers, 1.3)
    assert (type(value), list(value), value.maxlen) == (Powers, [1.3, 1.3**2, 1.3**3], 3)
    assert pullback(Powers(1.0)) == pytest.approx(1.0 + 2 * 1.3 + 3 * 1.3**2)
    _, tangent = sd.jvp(lambda x: Sums(a=x, b=2.0), (1.3,), (1.0,))
    assert (type(tangent), dict(tangent), tangent["c"]) == (Sums, {"a": 1.0, "b": 0.0}, 0.0)


def test_one_that_is_not_empty_is_not_initialised_again():
    def again(x):
        recent = Recent([x])
        recent.__init__([x, x])
        return recent[0]

    with pytest.raises(sd.UnsupportedError, match="a Recent that is not empty.*Instead, make a"):
        sd.grad(again)(1.3)
