"""What lowering has no case for stays as it is, does what it did, and says what it is."""

from __future__ import annotations

import operator

import numpy as np
import pytest

from s2sdiff.frontend.lower import lower
from s2sdiff.ir import Bind, Opaque, Raw, Ref, walk
from tests.frontend.compare import assert_same

COUNT = 0


def matching(x):
    match x:
        case {"a": value, **rest}:
            return value, rest
        case [first, *others] if first:
            result = others
        case complex(real=part) | (_, part):
            result = part
        case _ as result:
            pass
    return result


def importing(x):
    import math as m
    from os import path
    return m.sqrt(x), path.basename("a/b")


def nested(x):
    scale = 2

    def inner(v, w=x):
        return v * scale + w

    return inner(x) + inner(1, 2)


def recursive(n):
    def factorial(k):
        return k * factorial(k - 1) if k else 1

    return factorial(n)


def late(x):
    f = lambda: x + 1  # noqa: E731
    g = f
    x = x * 10
    return g()


def late_in_loop(n):
    made = []
    for i in range(n):
        made.append(lambda: i)
    return [f() for f in made]


def counting(x):
    count = 0

    def step():
        nonlocal count
        count += x
        return count

    step()
    return step(), count


def local_class(x):
    class Pair:
        size = 2
        first = x

        def total(self):
            return self.first + x + self.size

    return Pair().total()


def counts_globally(x):
    global COUNT
    COUNT = COUNT + x
    return COUNT


def forgets_globally(x):
    global COUNT
    del COUNT
    return x


def restoring(x):
    before = counts_globally(x)
    counts_globally(-x)
    return before


def walrus_in_comprehension(xs):
    doubled = [y := x * 2 for x in xs]
    return doubled, y


def looking_at_locals(x):
    y = 2
    return sorted(locals().items())


CASES = [
    (matching, {"a": 1, "b": 2}), (matching, [1, 2, 3]),
    (matching, (0, 4)), (matching, 1j), (matching, None), (importing, 4.0), (nested, 3),
    (recursive, 5), (late, 1), (late_in_loop, 3), (counting, 2), (local_class, 1),
    (restoring, 5), (walrus_in_comprehension, [1, 2]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c[0].__name__}-{c[1]}")
def test_what_is_kept_does_what_python_does(case):
    assert_same(*case)


def whats(function):
    return [s.what for s in walk(lower(function).body) if isinstance(s, Raw)]


@pytest.mark.parametrize(("function", "what"), [
    (importing, "import"), (local_class, "class"),
    (forgets_globally, "assignment to the outside name COUNT"),
    (looking_at_locals, "expression with locals() with return"),
])
def test_a_kept_statement_says_what_it_is(function, what):
    assert whats(function)[0] == what


def test_an_import_writes_no_memory():
    assert [s.memory for s in lower(importing).body if isinstance(s, Raw)][0] is False


@pytest.mark.parametrize(("function", "what"), [
    (nested, "nested function"), (late, "nested function that sees later values of x"),
])
def test_a_nested_function_is_kept_where_that_is_asked_for(function, what):
    kept = [s for s in lower(function, verbatim=True).body if isinstance(s, Raw)]
    assert kept[0].what == what


def test_a_kept_statement_lists_what_it_reads_and_writes():
    (kept,) = [s for s in lower(local_class).body if isinstance(s, Raw)]
    assert {name for name, _ in kept.reads} == {"x"}
    assert kept.writes == (("Pair", "Pair"),)


def test_a_kept_expression_lists_what_it_reads_from_the_function():
    def f(xs, k, i):
        return f"{xs} {k:.{i}f}"

    bind = lower(f).body[0]
    assert isinstance(bind, Bind) and isinstance(bind.fn, Ref)
    assert isinstance(bind.fn.object, Opaque) and bind.fn.object.params == ("xs", "k", "i")


def test_an_update_stays_in_place_unless_its_value_may_write_the_place():
    def quiet(a, x):
        a[0] += np.sin(x) + x.sum()

    def loud(a, x, f):
        a[0] += f(a)

    assert [s.fn for s in lower(quiet).body if hasattr(s, "place")] == [operator.iadd]
    assert [s.fn for s in lower(loud).body if hasattr(s, "place")] == [operator.setitem]
