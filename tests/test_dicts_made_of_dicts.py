"""`{**p, "b": x}`, `p | q`, `dict(p, b=x)` and `update`: displays and writes of single items."""

import pytest

import s2sdiff as sd
from tests.slopes_of_lists import check_is_plain, check_list


def with_another_item(xs):
    p, total = {"a": xs[0], "b": xs[1]}, 0.0
    for x in xs:
        q = {**p, "b": x}
        total += q["a"] * q["b"]
    return total


def a_state(xs):
    p = dict(a=xs[0], b=xs[1])
    for x in xs:
        p = {**p, "b": p["b"] * x}
    return p["b"] * (p | {"a": xs[2]})["a"]


def in_order(xs):
    p = {"b": xs[0], "a": xs[1]}
    q = {"c": 1.0, **p, "b": xs[2]} | {"a": xs[3], "d": xs[4]}
    assert list(q) == ["c", "b", "a", "d"]
    return sum(v * v * i for i, v in enumerate(q.values()))


def by_keywords(xs):
    p = {"a": xs[0]}
    q = dict(p, b=xs[2], a=xs[3])
    return q["a"] * q["b"] + p.copy()["a"]


def updated(xs):
    p = {"a": xs[0]}
    p.update(b=xs[1], c=xs[2])
    p.update({"d": xs[3], "a": xs[4]}, e=xs[5])
    p |= {"b": p["b"] * xs[0]}
    return p["a"] * p["b"] * p["e"] + p["c"] * p["d"]


def copied_before_a_write(xs):
    p = {"a": xs[0], "b": [xs[1]]}
    q, r = dict(p), {**p, "c": 1.0}
    p["a"] = xs[2] * xs[3]
    q["b"].append(xs[4])
    r["b"][0] = xs[5] * 2
    return q["a"] * p["a"] * sum(p["b"])


def keys_that_came_later(xs):
    p, q = {"a": xs[0]}, {}
    for i, x in enumerate(xs):
        q = {**p, "b": x}
        p["c" if i % 2 else "d"] = x * x
    return sum(v * v for v in q.values()) * len(q)


def under_two_names(xs):
    p = {"a": xs[0]}
    q = p
    q |= {"c": xs[3]}
    q.update(a=xs[1])
    return p["a"] * p["c"]


def of_itself_and_of_pairs(xs):
    p = {"a": xs[0], "b": xs[1]}
    p.update(p)
    p.update({})
    p.update([("a", xs[2])])
    p.update(zip("bc", xs))
    for i, x in enumerate(xs):
        p.update({i: x})
    return p["a"] * p["b"] * p["c"] * sum(p.values())


class Doubling(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key, 2 * value)

    def __or__(self, other):
        return {"a": 5.0 * other["a"]}


def classes_of_their_own(xs):
    p = Doubling(a=xs[0])
    p.update(a=xs[1])
    q = p | {"a": xs[2]}
    return p["a"] * q["a"]


def a_key_that_is_none(xs):
    p = {"a": xs[0]}
    try:
        p.update({"b": xs[1], **{"a": xs[2]}, "c": [][0]})
    except IndexError:
        return p["a"] * xs[3] * len(p)
    return p["a"]


FAST = [with_another_item, a_state, in_order, by_keywords]
CASES = [*FAST, updated, copied_before_a_write, keys_that_came_later, under_two_names,
         of_itself_and_of_pairs, classes_of_their_own, a_key_that_is_none]


@pytest.mark.parametrize("f", CASES)
def test_dicts_made_of_dicts_have_the_slopes_of_difference_quotients(f):
    check_list(f)


@pytest.mark.parametrize("f", FAST)
def test_dicts_made_of_known_dicts_are_variables(f):
    check_is_plain(f)


def test_updates_are_writes():
    def f(xs):
        p = {"a": xs[0]}
        p.update(b=xs[1])
        p.update({"c": xs[2]})
        return p["a"] * p["b"] * p["c"]

    text = sd.source(f, "grad", args=([1.0] * 6,))
    assert "p['b'] = xs[1]\n" in text
    assert "p['c'] = xs[2]\n" in text


def test_tables_under_functions_are_asked_by_these_where_tangents_have_tangents():
    dots = [0.3 + 0.1 * i for i in range(6)]

    def along(xs):
        return sd.jvp(updated, (xs,), (dots,))[1]

    xs, h = [0.2, 0.7, 1.1, 0.4, 0.9, 1.3], 1e-5
    after, before = ([x + s * h * d for x, d in zip(xs, dots)] for s in (1, -1))
    assert sd.jvp(along, (xs,), (dots,))[1] == pytest.approx(
        (along(after) - along(before)) / (2 * h), rel=1e-6)
