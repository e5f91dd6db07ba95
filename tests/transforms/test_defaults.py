"""`defaultdict` and `Counter` become plain dicts where nobody can tell."""

import collections
from collections import Counter, defaultdict

import numpy as np
import pytest

import s2sdiff
from s2sdiff import ops, runtime
from tests.transforms.programs import agrees, body


def sums_by_key(x, y):
    sums = defaultdict(float)
    for key in ("a", "b", "a"):
        sums[key] += x * y
    total = sums["c"] + sums["a"]
    for key in sums:
        total += sums[key] * sums[key]
    return total + len(sums) * x


def counted(x, y):
    counts = Counter()
    for key in ("a", "b", "a"):
        counts[key] += x * y
    total = counts["none"] + counts["a"] * len(counts)
    for key, value in counts.items():
        total += value * value * counts[key]
    return total * y


def ints_and_floats(x, y):
    found = collections.defaultdict(int)
    found["n"] += 1
    found["v"] += x
    found["v"] *= y
    if "q" not in found:
        found["q"] += x * x
    del found["n"]
    return sum(found.values()) + found["n"] + len(found)


def a_key_that_moves(x, y):
    found = defaultdict(float)
    k = 1
    found[k] += x
    for t in range(3):
        found[0] += found[k] * y
        k = k + t
    while k < 6:
        found[k] = found[k - 1] * y + x
        k += 1
    return found[0] + found[k] + found[5] + len(found)


def made_anew_in_a_loop(x, y):
    total = 0.0
    for r in range(3):
        found = defaultdict(lambda: 0.5)
        for i in range(4):
            found[i % 2] += x * (i + r)
        total += found[0] * found[1] + found[5]
        for k in list(found):
            if found[k] > 2:
                found.pop(k)
        total += len(found) * y + found[0]
    return total


def arrays(x, y):
    a = np.array([x, y])
    found = defaultdict(float)
    found["s"] += a
    found["s"] += a * x
    found["t"] -= a[0]
    found.update(u=y)
    return found["s"].sum() * found["t"] * found["u"]


def in_an_attempt(x, y):
    found = defaultdict(float)
    for i in range(3):
        found[i] += x * i
    try:
        found["z"] += 1.0
        if found[2] > 0.1:
            raise ValueError
    except ValueError:
        found["z"] += y
    return found["z"] * found[1] + found["w"]


def lists_by_key(x, y):
    groups = defaultdict(list)
    for i, value in enumerate([x, y, x * y, 2.0]):
        groups[i % 2].append(value)
    total = 0.0
    for key, group in groups.items():
        total += sum(group) * (key + 1) * group[-1]
    return total + len(groups[7]) + len(groups) * x


def lists_that_are_shared(x, y):
    found = defaultdict(list)
    first = found["k"]
    first.append(x)
    found["k"].append(y)
    second = found["m"]
    found["m"] = first
    second.append(3 * x)
    found["n"] += found["k"]
    found["n"][0] *= y
    return sum(found["m"]) * len(second) * second[0] + sum(found["n"]) + len(found)


def paths_in_a_graph(x, y):
    near = defaultdict(list)
    for u, v, length in [(0, 1, x), (1, 2, y), (0, 2, x * y)]:
        near[u].append((v, length))
        near[v].append((u, length))
    reached, todo = {0: 0.0}, [0]
    while todo:
        u = todo.pop(0)
        for v, length in near[u]:
            if v not in reached or reached[u] + length < reached[v]:
                reached[v] = reached[u] + length
                todo.append(v)
    return reached[2] * reached[1]


def handed_to_others(x, y):
    def filled(found):
        found["b"] += found["a"] * 2
        return found["b"] + found["c"]

    found = defaultdict(float)
    found["a"] = x
    return filled(found) * y + found.copy()["d"]


@pytest.mark.parametrize("function", [
    sums_by_key, counted, ints_and_floats, a_key_that_moves, made_anew_in_a_loop, arrays,
    in_an_attempt, lists_by_key, lists_that_are_shared, paths_in_a_graph, handed_to_others,
])
def test_derivatives_through_dicts_with_defaults(function):
    agrees(function, 0.3, 0.7)
    slopes = [(function(0.3 + h, 0.7 + k) - function(0.3 - h, 0.7 - k)) / 2e-6
              for h, k in ((1e-6, 0.0), (0.0, 1e-6))]
    value, dot = s2sdiff.jvp(function, (0.3, 0.7), (0.4, -0.9))
    assert (type(value), value) == (type(function(0.3, 0.7)), function(0.3, 0.7))
    assert dot == pytest.approx(0.4 * slopes[0] - 0.9 * slopes[1], rel=1e-6)


@pytest.mark.parametrize("function", [
    sums_by_key, counted, ints_and_floats, a_key_that_moves, made_anew_in_a_loop, lists_by_key,
    lists_that_are_shared, paths_in_a_graph,
])
def test_they_are_written_as_plain_dicts(function):
    text = "\n".join(body(function, 0.3, 0.7, stage="propagate"))
    assert "defaultdict" not in text and "Counter" not in text and "lambda" not in text
    namespace = {**vars(ops), "rt": runtime, "runtime": runtime}
    exec("def again(x, y):\n" + "\n".join(f"    {line}" for line in text.splitlines()), namespace)
    assert namespace["again"](0.3, 0.7) == function(0.3, 0.7)


def test_a_key_that_is_surely_there_is_not_asked_for():
    text = body(sums_by_key, 0.3, 0.7, stage="propagate")
    # The first time in the loop, and "c" and "a" behind it; not in the loop over the keys.
    assert sum(" not in " in line for line in text) == 3


def test_what_shows_its_class_keeps_it():
    def shown(x):
        found = defaultdict(float)
        found["a"] += x
        return x * len(type(found).__name__) + found["b"]

    def returned(x):
        found = defaultdict(float)
        found["a"] += x
        return found

    agrees(shown, 0.3)
    value, pullback = s2sdiff.vjp(returned, 0.3)
    assert type(value) is defaultdict and value["b"] == 0.0
    assert pullback({"a": 2.0}) == 2.0
