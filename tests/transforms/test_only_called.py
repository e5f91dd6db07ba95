"""Nested functions that are only called are written into the calls and see the values of then."""


import pytest

import s2sdiff
from tests.from_text import run_text
from tests.transforms.programs import agrees, raises_alike


def captured(x, k):
    def scaled(v):
        return v * k

    return scaled(x) * scaled(scaled(2.0))


def with_branches_and_loops(x, k):
    def g(a):
        if a > k:
            return a * k
        for i in range(3):
            a = a * 1.1
            if a > 2.0:
                break
        return a + k * i

    return g(x) + g(2 * x) * g(0.1 * k)


def sees_the_latest_value(x):
    s = 1.0
    f = lambda: s * x  # noqa: E731
    s = x * x
    y = f()
    s = x
    return y * f()


def calls_another(x, k):
    def inner(a):
        return a * k

    def outer(a, b=1.0):
        t = inner(a) + b
        return t * inner(t)

    return outer(x) + outer(b=x, a=2.0)


def defined_on_one_path_of_another(x, k):
    def outer(p):
        if p > 2.0:
            return p
        elif p:
            first, second = (lambda q: q * k, lambda q: q + k)
            v = first(p) * second(p)
        return v

    return outer(x) + outer(k)


def defined_later(x):
    def f(a):
        return g(a) + a

    def g(a):
        return a * x

    return f(x)


def in_a_loop(x, k):
    total = 0.0
    for i in range(3):
        def step(v):
            return v * k + i

        total = total + step(x)
    more = lambda v, w=0.5: v * w + k  # noqa: E731
    while (lambda a: a < 5.0)(total):
        total = total + more(total)
    return total


def same_names(x, y):
    def f(y, t=2.0):
        z = y * t
        t = z + x
        return t * z

    t = f(x)
    z = f(y, 3.0)
    return t * z * y


def called_on_the_spot(x, y):
    first, second = (lambda p: p * y, lambda p, q=2.0: p + q * x)
    return (lambda a, b: a * b + x)(first(x), b=second(y)) * (lambda: x)()


def nested_twice(x, k):
    def f(a):
        def g(b):
            return b * a * k

        return g(x) + g(a)

    return f(k) * f(2.0)


def in_conditions(x, k):
    small = lambda v: v < k  # noqa: E731
    twice = lambda v: v + v  # noqa: E731
    if small(x) and not small(twice(x)):
        return twice(x) if small(k) else k * x
    return -x


def returns_nothing_sometimes(x):
    def g(a):
        if a > 100.0:
            return a

    y = g(x)
    return x * x if y is None else y


@pytest.mark.parametrize("function", [
    captured, with_branches_and_loops, calls_another, in_a_loop, same_names, called_on_the_spot,
    nested_twice, in_conditions, defined_on_one_path_of_another,
])
def test_a_nested_function_that_is_only_called_sees_active_values(function):
    agrees(function, 1.2, 1.5)
    agrees(function, 0.4, 0.3)


@pytest.mark.parametrize(
    "function", [sees_the_latest_value, defined_later, returns_nothing_sometimes])
def test_it_sees_the_values_of_the_moment(function):
    agrees(function, 1.3)


def test_its_own_variables_have_no_value_when_it_is_called_again():
    def f(x):
        def g(a):
            if a > 0:
                z = a * x
            return z

        total = 0.0
        for i in (1, -1):
            total = total + g(i)
        return total

    raises_alike(f, 2.0)


def test_a_wrong_call_raises_as_python_does():
    def f(x):
        def g(a):
            return a * 2.0

        return x + g(1.0, 2.0)

    with pytest.raises(TypeError, match="takes 1 positional argument but 2 were given"):
        s2sdiff.vjp(f, 2.0)


def test_effects_come_in_order_and_once():
    seen = []

    def f(x):
        def log(v):
            seen.append("called")
            return v * x

        return log(log(x))

    value, pullback = s2sdiff.vjp(f, 3.0)
    assert (value, seen) == (27.0, ["called", "called"])
    assert pullback(1.0) == pullback(1.0) == 27.0
    assert len(seen) == 2


def test_what_is_printed_has_no_function_in_it():
    def f(x: float, k: float):
        def g(a):
            return a * k + 1.0

        return g(g(x))

    text = s2sdiff.source(f, mode="grad")
    assert text.count("def ") == 1


def called_in_a_try(x):
    def g(a):
        return a * 2.0

    try:
        y = g(1.0)
    except ValueError:
        y = 0.0
    return x * y


def called_in_a_with(x):
    import contextlib

    g = lambda a: a + 1.0  # noqa: E731
    with contextlib.suppress(ValueError):
        y = g(2.0)
    return x * y + g(x)


def called_in_a_comprehension(x):
    def g(a):
        return a * 2

    return x * sum([g(i) for i in range(3)]) + g(x)


def annotated(x):
    def g(a: float, *, k: "float" = 2.0) -> float:
        return a * k * x

    return g(x) + g(x, k=3.0)


def each_calls_the_next_twice(x):
    def f1(a): return f2(a) + f2(0.5 * a)  # noqa: E704
    def f2(a): return f3(a) + f3(0.5 * a)  # noqa: E704
    def f3(a): return f4(a) * f4(0.5 * a)  # noqa: E704
    def f4(a): return a * x  # noqa: E704

    return f1(x) + f1(2.0 * x)


@pytest.mark.parametrize("function", [
    called_in_a_try, called_in_a_comprehension, annotated, each_calls_the_next_twice])
def test_what_calls_them_may_be_kept_as_it_is(function):
    agrees(function, 1.3)


def test_a_call_inside_of_a_with_statement_finds_the_function():
    agrees(called_in_a_with, 1.3)


def test_calls_that_would_multiply_are_left_to_the_functions():
    text = ["def many(x):", "    def f24(a): return a * 2.0"]
    for i in reversed(range(24)):
        text.append(f"    def f{i}(a): return f{i + 1}(a) + f{i + 1}(0.5 * a)")
    text += ["    return x * f0(1.0) if x < 0 else x * f24(1.0)"]
    source = "\n".join(text) + "\n"
    scope = {}
    run_text(source, "<many>", scope)
    assert s2sdiff.grad(scope["many"])(3.0) == 2.0
