"""Iterators that are drawn from step by step, wherever they go, and what makes items of theirs."""

import collections
import functools
import itertools

import numpy as np
import pytest

import s2sdiff
from tests.drawn_side_by_side import ASIDE, Steps, Thing, added, calls, parse, sine, times
from tests.iterated import Bag

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
    box = {}
    box["p"] = iter(values)
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


CASES = [*ASIDE, *(f for f in list(globals().values()) if getattr(
    f, "__module__", "") == __name__ and not isinstance(f, type))]


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
    box = {}
    box["p"] = iter(values)
    for x in box["p"]:
        if x > 1.0:
            break
    return next(box["p"])


def loop_that_writes(values):
    box = {}
    box["p"] = iter(values)
    total = 0.0
    for x in box["p"]:
        values[2] = x * x
        total = total + x
    return total


def one_that_another_ends_before(values):
    box = {}
    box["p"] = iter(values)
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
    a_list_that_grows_while_it_is_walked_over, a_list_whose_last_item_is_read_while_it_grows,
])
def test_a_list_grows_item_by_item_while_a_generator_reads_it(function):
    def moved(i, h):
        values = [0.9, 1.7, 1.3]
        values[i] += h
        return function(values)

    expected = [(moved(i, 1e-6) - moved(i, -1e-6)) / 2e-6 for i in range(3)]
    value, pullback = s2sdiff.vjp(function, [0.9, 1.7, 1.3])
    assert value == function([0.9, 1.7, 1.3])
    np.testing.assert_allclose(pullback(1.0), expected, rtol=1e-6, atol=1e-8)
    dot = s2sdiff.jvp(function, ([0.9, 1.7, 1.3],), ([0.3, -0.2, 0.5],))[1]
    np.testing.assert_allclose(dot, np.dot(expected, [0.3, -0.2, 0.5]), rtol=1e-6)


@pytest.mark.parametrize("function", [
    loop_that_is_left, loop_that_writes, one_that_another_ends_before,
])
def test_what_cannot_be_made_surely_right_is_refused(function):
    with pytest.raises(s2sdiff.DifferentiationError, match="Instead"):
        s2sdiff.vjp(function, [0.9, 1.7, 1.3])
