"""Functions of the standard library that stand-ins in the language serve."""

import dataclasses
import functools
from dataclasses import dataclass, field

import numpy as np
import pytest

import s2sdiff as sd


def slope(f, x):
    return (f(x + 1e-6) - f(x - 1e-6)) / 2e-6


def check(f, x=0.7):
    value, pullback = sd.vjp(f, x)
    assert value == f(x)
    for _ in range(2):
        assert pullback(1.0) == pytest.approx(slope(f, x), rel=1e-6)
    assert sd.grad(f)(x) == pytest.approx(slope(f, x), rel=1e-6)


# ---------------------------------------------------------------------------- dataclasses


@dataclass
class Part:
    weight: float
    items: list
    inner: "Part | None" = None
    table: dict = field(default_factory=dict)
    name: str = "part"


def test_a_dataclass_as_a_dict_has_copies_of_what_lists_and_dicts_hold():
    def f(x):
        part = Part(x, [x, 2 * x], Part(x * x, []), {"k": (x, x**3)})
        made = dataclasses.asdict(part)
        made["items"][0] *= 5
        part.items[1] = 7 * x
        return (made["items"][0] + made["inner"]["weight"] * part.items[1] * part.items[0]
                + made["table"]["k"][1] * made["items"][1])

    check(f)


def test_a_dataclass_as_a_tuple_is_made_by_the_factory():
    def f(x):
        part = Part(x, [x, 2 * x], Part(x * x, []))
        plain, listed = dataclasses.astuple(part), dataclasses.astuple(part, tuple_factory=list)
        listed[0] *= 4
        return plain[1][1] * plain[2][0] + listed[0]

    check(f)


def test_what_is_no_dataclass_raises_as_in_python():
    with pytest.raises(TypeError, match="dataclass instances"):
        sd.grad(lambda x: dataclasses.asdict([x])["a"])(0.7)


# ---------------------------------------------------------------------------- comparisons


def larger_first(a, b):
    return (a < b) - (a > b)


KEY = functools.cmp_to_key(larger_first)


@pytest.mark.parametrize("key", [
    KEY, pytest.param(None, id="made inside")])
def test_a_comparison_tells_the_order(key):
    def f(x):
        values = [x, 0.2 * x, x * x, 3 * x]
        by = functools.cmp_to_key(larger_first) if key is None else key
        values.sort(key=by)
        return sum((k + 1) * v for k, v in enumerate(values)) * max(values, key=by)

    check(f)


def test_a_comparison_that_reads_an_active_value_tells_the_order():
    def f(x):
        scale = 2 * x
        key = functools.cmp_to_key(lambda a, b: a * scale - b * scale)
        return sorted([x, 0.3, x * x], key=key, reverse=True)[1] * scale

    check(f)


def test_a_comparison_that_writes_is_refused():
    def f(x):
        total = 0.0

        def compare(a, b):
            nonlocal total
            total += a
            return a - b

        return sorted([x, 2 * x], key=functools.cmp_to_key(compare))[0] * total

    with pytest.raises(sd.UnsupportedError, match=r"compares, and writes[\s\S]*Instead"):
        sd.grad(f)(0.7)


# ------------------------------------------------------------------------------- others


def test_a_vectorized_function_is_given_integers_beside():
    power = np.vectorize(lambda v, k: v**k)
    check(lambda x: float(np.sum(power(np.array([x, 2 * x]), np.array([2, 3])))))


def test_a_frozen_set_made_of_others_has_a_derivative():
    def f(x):
        kept = {x, 0.2, 3 * x}
        kept -= {0.2}
        both = frozenset([x, 0.2, 5.0]) & kept
        return sum(kept) * sum(both)

    check(f)
