"""A nested function sees one value of each variable, or it is refused before it runs."""


import pytest

import s2sdiff
from tests.transforms.programs import agrees, refused

TOTAL = 1.0


def late_value(x):
    s = 1.0
    f = lambda: s  # noqa: E731
    s = 2.0
    return x * f()


def late_value_in_one_branch(x):
    s = 1.0
    f = lambda: s  # noqa: E731
    if x > 1.0:
        s = 2.0
    return x * f()


def late_loop_variable(x):
    made = []
    for i in range(3):
        made.append(lambda: i)  # noqa: B023
    return x * made[0]()


def late_generator(x):
    n = 2
    g = (i * n for i in range(3))
    n = 10
    return x * sum(g)


def late_generator_in_a_list(x):
    n = 2
    g = [(i * n for i in range(3))]
    n = 10
    return x * sum(g[0])


def late_function(x):
    def f():
        return g()

    def g():
        return 3.0

    return x * f()


def late_value_of_a_function_that_travels(x):
    s = 1.0
    f = [lambda: s]
    s = 2.0
    return x * f[0]()


def rebinding(x):
    k = 1.0
    j = k

    def step():
        nonlocal k
        k = k + 1.0

    step()
    step()
    return k * x + j


def writes_a_global(x):
    global TOTAL
    TOTAL = TOTAL + x
    return x * TOTAL


def test_a_global_that_is_bound_anew_is_refused():
    assert "Instead" in refused(writes_a_global, 2.0)


@pytest.mark.parametrize("function", [
    late_generator, late_generator_in_a_list,
    late_value, late_value_in_one_branch, late_loop_variable, late_function,
    late_value_of_a_function_that_travels, rebinding,
])
def test_a_closure_sees_the_value_that_a_variable_has_when_it_is_called(function):
    agrees(function, 2.0)
    agrees(function, 1.3)


def test_a_generator_expression_that_is_kept_sees_later_values():
    def f(x, c):
        s = 1.0
        if c:
            g = [(i * s for i in range(3))]
            s = 3.0
            x = x * sum(g[0])
        return x * s

    agrees(f, 2.0, False)
    agrees(f, 2.0, True)


def writes_around(x, k):
    total, count = 0.0, 0

    def add(v):
        nonlocal total, count
        count += 1
        if v > 2.0:
            total = total * v + k
            return total
        total += v * x
        return v

    for i in range(4):
        add(x * i)
    return add(k) * total + add(x) * count


def reads_before_it_writes(x):
    y = x

    def put(v):
        nonlocal y
        y = y * v
        return y

    return y * put(x) + y * (y + put(y) * y)


def writes_through_two(x):
    best = x

    def outer(v):
        scale = v

        def inner(w):
            nonlocal best, scale
            scale = scale * w
            best = best + scale * x

        inner(v)
        inner(scale)
        return scale

    return outer(x) * best + outer(best)


@pytest.mark.parametrize(("function", "args"), [
    (writes_around, (1.3, 0.7)), (writes_around, (-1.3, 2.7)), (reads_before_it_writes, (1.2,)),
    (writes_through_two, (0.8,)),
])
def test_what_an_inner_function_writes_is_a_variable_around_it(function, args):
    agrees(function, *args)
    assert s2sdiff.source(function).count("cell") == 0


def test_a_generator_that_is_used_up_at_once_may_see_a_loop_variable():
    def f(x):
        n = 0
        for i in range(3):
            n = n + sum(i * j for j in range(4)) + max([1, 2], key=lambda v: v * i)  # noqa: B023
        return n * x

    agrees(f, 2.0)


def test_a_closure_that_sees_one_value_runs():
    def f(x):
        scale = 2.0

        def inner(v, w=3):
            return v * scale + w

        return x * inner(2.0)

    agrees(f, 2.0)


def test_a_recursive_nested_function_runs():
    def f(x):
        def factorial(k):
            return 1.0 if k < 2 else k * factorial(k - 1)

        return x * factorial(4)

    agrees(f, 2.0)


@pytest.mark.parametrize("how", ["returned", "stored", "handed on", "recursive", "decorated"])
def test_a_function_that_travels_is_kept_as_it_is(how):
    def returned(x):
        def g(a):
            return a * 2.0

        return (g, x * x)[1]

    def stored(x):
        g = lambda a: a + 1.0  # noqa: E731
        table = [g]
        return x * table[0](1.0)

    def handed(x):
        g = lambda v: -v  # noqa: E731
        return x * min([1.0, 2.0], key=g)

    def recursive(x):
        def g(n):
            return 1.0 if n < 1 else 2.0 * g(n - 1)

        return x * g(3)

    def decorated(x):
        @(lambda f: f)
        def g(a):
            return a * 3.0

        return x * g(1.0)

    cases = {"returned": returned, "stored": stored, "handed on": handed, "recursive": recursive,
             "decorated": decorated}
    agrees(cases[how], 1.5)


def test_two_modules_with_one_code_object_keep_their_globals():
    import types

    def f(x):
        def g(a):
            return a * TOTAL

        return g(x)

    other = types.FunctionType(f.__code__, {**globals(), "TOTAL": 5.0}, "f")
    assert s2sdiff.grad(f)(2.0) == TOTAL
    assert s2sdiff.grad(other)(2.0) == 5.0
