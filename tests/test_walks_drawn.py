"""Iterators that are drawn from step by step, wherever they go, and what makes items of theirs."""

import collections
import functools
import itertools
import math

import numpy as np
import pytest

import s2sdiff
from tests.iterated import Bag

calls = []


def sine(x):
    calls.append(float(x))
    return math.sin(x)


class Thing:
    def __init__(self, a):
        self.a = a


class Steps:
    """Its own iterator, with a state that others see."""

    def __init__(self, items):
        self.items, self.at = items, 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.at >= len(self.items):
            raise StopIteration
        self.at += 1
        return self.items[self.at - 1] * self.at


def parse(it, n):
    x = next(it)
    return x if n == 0 else x * parse(it, n - 1) + x


def added(*items):
    return items[0] * items[-1] + sum(items)


def times(x, y):
    return x * y


# -------------------------------------------------------------------- side by side, and written


def a_map_beside_its_list_that_is_written(values):
    total = 0.0
    for u, v in zip(map(math.sin, values), values):
        values[-1] = values[-1] * u
        total = total + u * v * v
    return total


def a_map_that_is_longer_than_what_is_beside_it(values):
    total = 0.0
    for u, v in zip(map(sine, values), values[:1]):
        total += u * v
    return total


def two_maps_of_which_one_is_longer(values):
    total = 0.0
    for u, v in zip(map(sine, values), map(sine, values[:1])):
        total += u * v
        values[2] = total
    return total


def two_maps_numbered_and_written(values):
    for i, (u, v) in enumerate(zip(map(sine, values), map(sine, values))):
        values[i + 1 if i < 2 else 0] *= u * v
    return sum(values)


def a_map_that_is_left(values):
    total = 1.0
    for u, (i, v) in zip(map(sine, values), enumerate(values)):
        if i == 1:
            break
        total *= v * u
    return total


def two_maps_in_a_sum(values):
    return sum(a * b for a, b in zip(map(sine, values), map(sine, values)))


def a_filter_beside_its_list(values):
    total = 0.0
    for k, (v, w) in enumerate(zip(values, filter(lambda p: sine(p) > 0.98, values))):
        total += k * v * w + v
    return total


def the_least_pair(values):
    return min(zip(values, map(math.cos, values)))[1]


def a_list_of_two_maps(values):
    pairs = list(zip(map(math.sin, values), map(math.cos, values)))
    return pairs[0][0] * pairs[1][1]


def a_dict_of_a_map(values):
    found = dict(zip("pqr", map(math.sin, values)))
    return found["p"] * found["r"]


def what_itertools_makes_of_a_map(values):
    total = 0.0
    for a, b in itertools.zip_longest(map(math.sin, values), values[1:], fillvalue=values[0]):
        total += a * b
    for a in itertools.chain(map(math.sin, values), values):
        total = a * (1 + total)
    for a in itertools.islice(map(sine, values), 0, None, 2):
        total = a * (1 + total)
    for a in itertools.accumulate(map(math.sin, values), times):
        total += a * a
    return total


def pairs_and_a_map_of_a_list_that_is_written(values):
    total = 0.0
    for x, (p, q) in zip(map(lambda p: p * 2.0, values), itertools.combinations(values, 2)):
        values[0] = x * q
        total += x * q + p
    for p, q in itertools.pairwise(values):
        values[2] = p * q
        total = total + p * q
    return total


def places_beside_a_map(values):
    a = np.array(values)
    total = 0.0
    for x, (i, y) in zip(map(lambda p: p * 2.0, a), np.ndenumerate(a)):
        a[2] = x
        total += x * y * (i[0] + 1)
    return total


def what_stars_draw(values):
    items = [values[0], *filter(lambda p: p > 1.0, values), *map(sine, values)]
    return items[1] * items[-1] + added(*map(math.cos, items))


class First:
    def extend(self, items):
        self.item = next(items)


def what_extends_a_container(values):
    d = {"w": [values[0]], "q": collections.deque(values)}
    d["w"].extend(x for x in [values[0] * values[1], math.atan(1.1)])
    d["q"].extend(math.sin(x) * values[2] for x in values[1:] if x > 0.1)
    first = First()
    first.extend(x * x for x in values)
    return d["w"][1] * d["w"][2] * d["q"][-1] * first.item


def the_greatest_of_a_list_that_shrinks(values):
    greatest = max(values[::-1] * 1) + min(values)
    items = [values[0], values[2], values[1]]
    greatest *= max(items)
    items.pop()
    return greatest + items.pop() * items[0]


# ---------------------------------------------------------------------------- drawn by hand


def what_comes_next_in_a_key(values):
    return max(values, key=lambda p: p * next(iter(values), 0.5))


def what_comes_next_in_a_map(values):
    return sum(map(lambda p: p * next(iter(values)), iter(values)))


def what_comes_next_in_an_argument(values):
    total = 0.0
    for p in (0.5, values[0]):
        for k in {"p": p, "q": 0.3}.values():
            total += times(k, next(iter(values[1:]), p))
    return total


def what_comes_next_in_one_of_two_functions(values):
    total = 1.0
    for f in [lambda: next(iter(values)), lambda: values[1]]:
        total *= f()
    return total


def pairs_by_hand(values):
    pairs = zip(values, map(sine, values))
    a, b = next(pairs)
    c, d = next(pairs)
    return a * b + c * c * d


def pairs_by_two_loops(values):
    total = 0.0
    pairs = zip(values, map(sine, values))
    for a, b in pairs:
        total += a * b
        for c, d in pairs:
            total += total * c * d
            break
    return total


def the_first_is_skipped(values):
    numbered = enumerate(values)
    next(numbered)
    total = 0.0
    for i, x in numbered:
        total += i * x * x
    return total


def from_the_end_by_hand(values):
    back = reversed(values)
    return next(back) * values[0] * next(back)


def a_map_by_hand(values):
    m = iter(map(sine, values))
    return next(m) * next(m)


def one_iterator_beside_itself(values):
    it = iter([*values, 0.4])
    return sum(a * b for a, b in zip(it, it))


def one_iterator_beside_itself_in_a_loop(values):
    return max(sum(p * q for p, q in zip(it, it)) for it in [iter([*values, 0.4])])


def one_iterator_twice_in_a_list(values):
    its = [iter([*values, 0.4])] * 2
    return sum(a * b for a, b in zip(*its))


def one_of_two_iterators(values):
    it = iter(values) if values[0] > 0.0 else iter(values[1:])
    return next(it) * next(it)


# -------------------------------------------------------------------- that go somewhere else


def an_iterator_that_goes_down(values):
    return parse(iter(values), 2) + parse(map(lambda p: p * values[0], values), 1)


def an_iterator_of_an_object(values):
    thing = Thing(iter(values))
    return next(thing.a) * next(thing.a)


def an_iterator_that_a_function_captures(values):
    it = iter(values)

    def pull():
        return next(it, 0.5)

    return pull() * pull() + sum(pull() for _ in range(3))


def iterators_that_functions_give(values):
    def squares(v):
        return map(lambda p: p * p, v)

    def pairs(v):
        return zip(v, squares(v))

    total = 0.0
    for x in squares(values):
        total += x
    return total + sum(a * b for a, b in pairs(values)) + list(pairs(values))[1][1]


def drawn_at_once(values):
    box = {"p": iter(values)}
    a, b, c = box["p"]
    box["p"] = iter([a, b, c])
    largest = max(box["p"], key=lambda p: -p)
    box["p"] = iter(values)
    product = np.array(list(box["p"])).prod()
    box["p"] = iter(values)
    items = [1.0]
    items.extend(box["p"])
    box["p"] = iter(values)
    next(box["p"])
    rest = collections.deque(box["p"])
    box["p"] = iter(values)
    folded = functools.reduce(lambda p, q: p * q + q, box["p"])
    return a * b + c * largest + product + items[1] * items[2] + rest[0] * rest[-1] + folded


def drawn_by_stars(values):
    box = {"p": iter(values), "q": iter(()), "r": iter(values)}
    it = iter(values)
    return added(*box["p"], values[1]) + added(*box["q"], values[1], values[0]) + [
        values[0], *box["r"], values[1]][2] + added(*it)


def drawn_side_by_side(values):
    box = {"p": iter(values), "q": [iter(values), iter(values)]}
    found = dict(zip("pqr", box["p"]))
    total = sum(a * b for a, b in zip(*box["q"]))
    box["p"] = iter(values)
    for x in itertools.chain(box["p"], [values[0]]):
        total = total * x
    box["p"] = iter(values)
    for i, x in enumerate(box["p"]):
        if i == 2:
            break
        total = total + x * i
    return total + found["p"] * found["r"]


# -------------------------------------------------------------------- that classes give


def of_a_class(values):
    total = 0.0
    for x in Bag(values):
        total += x * x
        values[2] = total
    return total + next(iter(Bag(values)))


def of_a_class_with_a_state(values):
    total = 0.0
    for i, x in enumerate(Steps(values)):
        total += i * x * x + x
    steps = Steps(values)
    for x in steps:
        total = total * x + steps.at
        values[2] = total
        if steps.at == 2:
            break
    total += sum(steps) + max(Steps(values)) * next(steps, values[0]) * next(Steps(values))
    return total


# -------------------------------------------------------------------- of what is written


def rows_of_an_iterator(values):
    rows = [[values[0], 1.5], [values[1]], [values[2] * values[0]]]
    total = 0.0
    for row in iter(rows):
        total += row[0]
        rows[-1] = [total]
    return total


def from_the_end_of_what_is_written(values):
    things = {"p": Thing(np.array(values).reshape(1, 3)), "q": Thing(list(values))}
    for row in reversed(things["p"].a):
        row *= 0.6
    for x in reversed(things["q"].a):
        things["q"].a[0] = x * 2
        if len(things["q"].a) > 2:
            things["q"].a.pop()
    total = 0.0
    for i, (x, y) in enumerate(zip(reversed(things["p"].a[0]), things["p"].a[0])):
        things["p"].a[0, 1] *= 0.5
        total += x * y * i
    return total + things["p"].a.sum() * things["q"].a[0] + len(things["q"].a)


CASES = [f for name, f in list(globals().items()) if callable(f) and getattr(
    f, "__module__", "") == __name__ and not isinstance(f, type) and name not in (
        "sine", "parse", "added", "times")]


def differences(function, values, step=1e-6):
    found = []
    for i in range(len(values)):
        up, down = list(values), list(values)
        up[i] += step
        down[i] -= step
        found.append((function(up) - function(down)) / (2 * step))
    return found


@pytest.mark.parametrize("function", CASES)
def test_value_calls_and_derivative_are_those_of_python(function):
    values = [0.9, 1.7, 1.3]
    expected = differences(function, values)
    calls.clear()
    plain, called = function(list(values)), list(calls)
    calls.clear()
    value, pullback = s2sdiff.vjp(function, list(values))
    assert value == plain
    assert calls == called
    for factor in (1.0, 2.0):
        entries = [0.0 if e is None else float(e) for e in pullback(factor)]
        np.testing.assert_allclose(entries, np.multiply(factor, expected), rtol=1e-5, atol=1e-6)


def loop_that_is_left(values):
    box = {"p": iter(values)}
    for x in box["p"]:
        if x > 1.0:
            break
    return next(box["p"])


def loop_that_writes(values):
    box = {"p": iter(values)}
    total = 0.0
    for x in box["p"]:
        values[2] = x * x
        total = total + x
    return total


def one_that_another_ends_before(values):
    box = {"p": iter(values)}
    total = 0.0
    for x, y in zip(box["p"], values[:1]):
        total = total + x * y
    return total * next(box["p"])


def a_list_that_grows_while_it_is_walked_over(values):
    values.extend(v * w for v, w in zip(values, range(5)))
    return values[-1] * values[2]


def a_list_whose_last_item_is_read_while_it_grows(values):
    values.extend(values[-1] * w for w in range(1, 3))
    return values[-1] * values[2]


@pytest.mark.parametrize("function", [
    loop_that_is_left, loop_that_writes, one_that_another_ends_before,
    a_list_that_grows_while_it_is_walked_over, a_list_whose_last_item_is_read_while_it_grows,
])
def test_what_cannot_be_made_surely_right_is_refused(function):
    with pytest.raises(s2sdiff.DifferentiationError, match="Instead"):
        s2sdiff.vjp(function, [0.9, 1.7, 1.3])
