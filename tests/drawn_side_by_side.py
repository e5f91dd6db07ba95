"""Maps, zips and filters side by side, and beside lists that are written."""

import collections
import itertools
import math

import numpy as np

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


ASIDE = [f for name, f in list(globals().items()) if callable(f) and getattr(
    f, "__module__", "") == __name__ and not isinstance(f, type) and name not in (
        "sine", "parse", "added", "times")]
