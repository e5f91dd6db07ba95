"""A nested function sees one value of each variable, or it is refused before it runs."""

import linecache

import pytest

import s2sdiff
from s2sdiff.errors import UnsupportedError
from tests.transforms.programs import agrees, raises_alike, refused

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
    TOTAL = TOTAL + 1.0
    return x * TOTAL


@pytest.mark.parametrize(
    "function",
    [late_generator_in_a_list, writes_a_global],
)
def test_a_variable_with_several_values_for_a_generator_is_refused(function):
    assert "Instead" in refused(function, 2.0)


@pytest.mark.parametrize("function", [
    late_generator, late_value, late_value_in_one_branch, late_loop_variable, late_function,
    late_value_of_a_function_that_travels, rebinding,
])
def test_a_closure_sees_the_value_that_a_variable_has_when_it_is_called(function):
    agrees(function, 2.0)


def test_what_is_refused_is_refused_only_where_it_is_reached():
    def f(x, c):
        s = 1.0
        if c:
            g = [(i * s for i in range(3))]
            s = 3.0
            x = x * sum(g[0])
        return x * s

    agrees(f, 2.0, False)
    with pytest.raises(UnsupportedError, match="later values of s"):
        s2sdiff.vjp(f, 2.0, True)


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


# ------------------------------------------------- nested functions that are only called


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
    "function", [sees_the_latest_value, defined_later, returns_nothing_sometimes, late_value,
                 late_value_in_one_branch, late_function])
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


def test_what_is_printed_has_no_function_in_it():
    def f(x: float, k: float):
        def g(a):
            return a * k + 1.0

        return g(g(x))

    text = s2sdiff.source(f, mode="grad")
    assert text.count("def ") == 1


def test_two_modules_with_one_code_object_keep_their_globals():
    import types

    def f(x):
        def g(a):
            return a * TOTAL

        return g(x)

    other = types.FunctionType(f.__code__, {**globals(), "TOTAL": 5.0}, "f")
    assert s2sdiff.grad(f)(2.0) == TOTAL
    assert s2sdiff.grad(other)(2.0) == 5.0


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
    linecache.cache["<many>"] = (len(source), None, source.splitlines(True), "<many>")
    scope = {}
    exec(compile(source, "<many>", "exec"), scope)
    assert s2sdiff.grad(scope["many"])(3.0) == 2.0
