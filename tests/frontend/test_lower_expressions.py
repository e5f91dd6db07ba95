"""Expressions: lowered, then run as IR, they give what Python gives, in Python's order."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from s2sdiff.frontend.lower import lower
from tests.frontend.compare import assert_same

SCALE = 3.0


def say(tag, result=None):
    print(tag)
    return result if result is not None else tag


def arithmetic(a, b):
    bits = 1 << 3, 9 >> 1, 6 & 3, 6 | 3, 6 ^ 3
    return (a + b) * (a - b) / b // 1, a % b, a**b, -a, +b, ~7, bits


def matrix_product(a, b):
    return a @ b


def comparisons(a, b):
    return a < b, a <= b, a > b, a >= b, a == b, a != b, a is b, a is not b, a in (b,), a not in [b]


def chained(a, b, c):
    return say("a", a) < say("b", b) < say("c", c) != say("d", 5)


def chained_with_walrus(x):
    return x < (x := x + 1) < (x := x + 1), x


def conjunction(a, b, c):
    return say("a", a) and say("b", b) and say("c", c)


def disjunction(a, b, c):
    x = say("1", [])[:a] or say("b", b) - 1 or c
    return x


def mixed_logic(a, b):
    a = a and b or not a
    return a


def conditional(x):
    y = say("yes", x) if x > 0 else say("no", -x) if x < -1 else 7
    return y


def conditional_of_itself(y, x):
    y = y if x else y + 1
    return y


def walrus_order(x):
    return x + (x := x * 2) + x


def walrus_in_call(x):
    return max(x, (x := x - 1), x), (lambda v: v)((y := x)), y


def walrus_in_test(xs):
    while (n := len(xs)) > 2:
        xs = xs[1:]
    return n, xs


def subscripts(a):
    return a[0], a[-1], a[1:], a[::2], a[:, 1], a[..., 0], a[None, 1:2, ::-1], a[(0, 1)], a[[1, 0]]


def attributes(x):
    return x.shape, x.T.sum(), x.real.mean(axis=0)


def calls(a, b):
    return dict(x=a, **{"y": b}), max(*[a, b], a), math.hypot(a, b), np.add(a, b, dtype=float)


def starred_order(a):
    items = iter([1, 2])
    return (lambda *v: v)(*items, say("late", a), *[next(items, "gone")])


def displays(a, b):
    return (a, *b), [*b, a], {a, 1}, {"k": a, a: "v"}, (), [], {}, (1, (2, -3)), {**{"q": a}}


def constants(x):
    return -1, -0.0, 1j, True, None, ..., "s", b"b", 10**2, x


def comprehensions(n, k):
    return [i * k for i in range(n) if i % 2], {i: k for i in range(n)}, {i for i in range(k)}


def generator_in_call(xs, k):
    return sum(x * k for x in xs), list(i for i in xs)


def formatted(x):
    return f"{x:.2f} and {x!r:>{10}}"


def key_function(xs, k):
    return sorted(xs, key=lambda v: (v - k) ** 2)


def immediate_lambda(x):
    f = lambda v, *, w=x: v + w + x  # noqa: E731
    return f(1) + f(2, w=3)


def global_reads(x):
    return SCALE * x + np.float64(1) * math.pi


def nested_calls(x):
    return say("f", abs)(say("x", x)) + say("g", [1, 2])[say("i", 0)]


def method_on_result(text):
    return text.strip().upper().split(",")[0].join(["<", ">"])


def keyword_order():
    return dict(a=say("1"), **{say("2"): 3}, c=say("3"))


def missing_name():
    return undefined_anywhere  # noqa: F821


def used_before_set(x):
    if x:
        later = 1
    return later


def repeated_keyword(m):
    return dict(a=1, **m)


ARRAY = np.arange(6.0).reshape(2, 3)
CASES = [
    (arithmetic, 7, 2), (matrix_product, ARRAY, ARRAY.T), (comparisons, 1, 1.0),
    (chained, 1, 2, 3), (chained, 2, 1, 3), (chained, 1, 3, 2), (chained_with_walrus, 1),
    (conjunction, 1, 2, 3), (conjunction, 1, 0, 3), (disjunction, 1, 1, 3), (disjunction, 1, 2, 3),
    (mixed_logic, 0, 1), (mixed_logic, 2, 1), (mixed_logic, 2, 0), (conditional, 2),
    (conditional, -2), (conditional, -1), (conditional_of_itself, 3, 0),
    (conditional_of_itself, 3, 1), (walrus_order, 5), (walrus_in_call, 5),
    (walrus_in_test, [1, 2, 3, 4]), (subscripts, ARRAY), (attributes, ARRAY), (calls, 1, 2),
    (starred_order, 4), (displays, 2, [3, 4]), (constants, 0), (comprehensions, 5, 2),
    (generator_in_call, [1, 2], 3), (formatted, 2.5), (key_function, [5, 1, 3], 3),
    (immediate_lambda, 4), (global_reads, 2.0), (nested_calls, -3), (method_on_result, " a,b "),
    (keyword_order,), (missing_name,), (used_before_set, 0), (used_before_set, 1),
    (repeated_keyword, {"a": 2}), (repeated_keyword, {"b": 2}),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c[0].__name__}-{len(c)}")
def test_an_expression_means_what_python_means(case):
    assert_same(*case)


def test_tests_that_raise_do_so_in_the_same_place():
    kind, (family, _, _), printed, _ = assert_same(chained, 1, "b", 2)
    assert (kind, family, printed) == ("raised", TypeError, "a\nb\n")


def test_a_call_is_not_evaluated_again_for_a_longer_chain():
    assert assert_same(chained, 1, 2, 3)[2] == "a\nb\nc\nd\n"


def rebinds():
    global SCALE
    SCALE = SCALE + 1
    return SCALE


def read_then_rebound():
    return SCALE + rebinds()


def test_an_outside_name_is_read_before_a_later_operand_rebinds_it():
    global SCALE
    expected = []
    for call in (read_then_rebound, lambda: __import__("tests.frontend.interpret", fromlist=["run"])
                 .run(lower(read_then_rebound))):
        SCALE = 3.0
        expected.append(call())
    SCALE = 3.0
    assert expected == [7.0, 7.0]


class Parent:
    rate = 2

    def __call__(self, x):
        return x * self.rate


class Child(Parent):
    __hidden = 5

    def __call__(self, x):
        return super().__call__(x) + self.__hidden + self._Child__hidden


def test_super_and_private_names_mean_the_class_around_them():
    assert_same(Child.__call__, Child(), 3)


def test_two_reads_of_a_field_around_a_write_differ():
    def swap(o):
        before = o.x
        o.x = before + 1
        return before, o.x

    assert_same(swap, SimpleNamespace(x=1))
