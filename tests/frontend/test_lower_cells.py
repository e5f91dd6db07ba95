"""Nested functions that travel share variables with the function that makes them."""

from __future__ import annotations

import pytest

from s2sdiff.backend.loader import load
from s2sdiff.backend.printer import print_function
from s2sdiff.frontend.lower import lower
from s2sdiff.ir import Bind, Opaque, Raw, Ref, Store, atoms, walk
from s2sdiff.runtime import cells
from tests.frontend import travelling
from tests.frontend.compare import assert_same, outcome
from tests.frontend.interpret import run


def in_a_branch(x):
    if x > 1:
        k = 1
        f = lambda v: v + k  # noqa: E731
    else:
        k = 2

        def f(v):
            return v * k
    return f(x), len([f])


def in_a_conditional_expression(x):
    f = (lambda v: v + x) if x > 1 else (lambda v: v - x)
    return f(1), len([f])


def with_a_class(x):
    k = x

    class Local:
        def value(self):
            return k

    f = [lambda: k]
    return Local().value() + f[0]()


def with_a_class_that_sees_a_written_variable(x):
    k = x

    class Local:
        def value(self):
            return k

    def put():
        nonlocal k
        k = k + 1

    f = [put]
    f[0]()
    return Local().value()


def a_generator_function(n):
    def numbers(k):
        for i in range(k):
            yield i * n

    return list(numbers(3)), len([numbers])


def written_in(x):
    total = 0

    def add(v):
        nonlocal total
        total += v
        return total

    return add(x) + total + add(2), total + add(1), total


def written_in_and_nested(xs):
    total, best = 0, None

    def look(v):
        nonlocal total, best

        def better(w):
            nonlocal best
            if best is None or w > best:
                best = w
            return best

        total = total + better(v)
        return total

    for x in xs:
        look(x)
    return [look(x) for x in xs], total, best


def written_in_before_it_is_bound(x):
    def put(v):
        nonlocal y
        y = v

    if x > 1:
        put(x)
    print(y)  # noqa: F821
    y = 3
    return y


def walrus(x):
    def put(v):
        nonlocal x
        return [(x := v + i) for i in range(3)]

    f = [put]
    return f[0](5), x


def an_outside_function(x):
    count = 1

    def use(k):
        nonlocal count
        count, rest = k, [count]
        for count in range(2):
            pass
        return rest

    return outer_of(use)(x), count


def outer_of(f):
    return lambda *args: (f(*args), f(*args))


def make(a):
    b = a * 2

    def middle(x):
        nonlocal a
        seen = [lambda: (a, b)]
        a = a + x
        a += b
        a, c = a + 1, a
        f = lambda: (a, b, c, x)  # noqa: E731
        return f(), seen[0](), (a := a + 1), a + (a := 5) + a, len([f])

    return middle


def make_empty():
    def middle(x):
        nonlocal y
        if x > 1:
            y = x
        if x > 2:
            del y
        return y

    return middle
    y = 1


CASES = [
    *travelling.CASES, (in_a_branch, 2), (in_a_branch, 0),
    (in_a_conditional_expression, 2), (in_a_conditional_expression, 0), (with_a_class, 1),
    (with_a_class_that_sees_a_written_variable, 1), (a_generator_function, 3), (written_in, 5),
    (written_in_and_nested, [1, 3, 2]), (written_in_and_nested, []),
    (written_in_before_it_is_bound, 1), (written_in_before_it_is_bound, 2), (walrus, 1),
    (an_outside_function, 3),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c[0].__name__}-{c[1:]}")
def test_a_nested_function_does_what_python_does(case):
    assert_same(*case)


def contents(function):
    return [c.cell_contents for c in function.__closure__ if c != type(c)()]


@pytest.mark.parametrize(("factory", "x"), [
    (lambda: make(1), 2), (make_empty, 1), (make_empty, 2), (make_empty, 3),
])
def test_what_a_function_binds_outside_of_it_is_bound_there(factory, x):
    plain, lowered = factory(), factory()
    expected = outcome(plain, (x,))
    assert outcome(lambda x: run(lower(lowered), x), (x,)) == expected
    assert contents(lowered) == contents(plain)
    printed = factory()
    made = load(print_function(lower(printed)), "middle", printed)
    assert outcome(made, (x,)) == expected
    assert contents(printed) == contents(plain)


@pytest.mark.parametrize("function", [
    *travelling.FOLLOWED, in_a_branch, in_a_conditional_expression, a_generator_function, walrus,
    an_outside_function, make(1), make_empty(),
])
def test_no_nested_function_is_kept_as_it_is_written(function):
    for s in walk(lower(function).body):
        assert not isinstance(s, Raw)
        assert not any(isinstance(a, Ref) and isinstance(a.object, Opaque) for a in atoms(s))


def test_a_variable_that_stays_as_it_is_has_a_cell_beside_it():
    body = lower(travelling.normalised_first).body
    assert not [s for s in walk(body) if isinstance(s, Store)]
    made = [s for s in body if isinstance(s, Bind) and s.calls(cells.cell)]
    assert [s.targets for s in made] == [("n_cell",), ("x_cell",)]


def test_a_function_with_no_writer_but_its_maker_is_read_as_a_variable():
    body = lower(travelling.recursive).body
    assert not [s for s in walk(body) if isinstance(s, Bind) and s.calls(getattr)]
