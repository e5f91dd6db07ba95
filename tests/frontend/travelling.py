"""Functions whose nested functions travel, for `test_lower_cells`: they share variables."""

from __future__ import annotations

import functools
import inspect

import numpy as np


def shown(x):
    print(x)
    return x


def twice(function):
    @functools.wraps(function)
    def wrapper(*args):
        return 2 * function(*args)
    return wrapper


def named(name):
    def decorate(function):
        function.label = name
        print("decorates", function.__name__, name)
        return function
    return decorate


def returned(x):
    def inner(y, *rest, by=3, **more):
        """Adds."""
        return x + y * by + len(rest) + len(more)

    return inner(1), inner.__doc__, inner.__name__, inner.__qualname__, inner(1, 2, by=1, z=0), \
        inspect.signature(inner), inner.__module__, len([inner])


def stored(x):
    k = x * 2
    table = {"a": lambda v: v * k, "b": lambda v, by=x: v + by}
    return table["a"](3), table["b"](3), table["b"](3, by=1), table["a"].__qualname__


def called_back(xs, y):
    return sorted(xs, key=lambda v: abs(v - y)), list(map(lambda v: v * y, xs)), \
        max(xs, key=lambda v: -v)


def recursive(n):
    def factorial(k):
        return k * factorial(k - 1) if k else 1

    return factorial(n), [factorial][0](3)


def mutually(n):
    def even(k):
        return k == 0 or odd(k - 1)

    def odd(k):
        return k != 0 and even(k - 1)

    return even(n), len([odd])


def counting(n):
    count = 0

    def step(by=1):
        nonlocal count
        count += by
        return count

    steps = [step, step]
    found = [s() for s in steps]
    return found, count, count + step(5) + count, (count, step(), count), count


def in_all_positions(n):
    total = 1

    def bump(*_):
        nonlocal total
        total = total * 2
        return total

    kept = [bump]
    a = [total, bump(), total]
    b = total < bump() < total
    c = total and bump() or total
    d = {total: bump(), bump(): total}
    a[bump() - bump()] = total
    e = f"{total}"
    total += bump()
    total = total + bump()
    while total < bump(total) - 3000:
        total += 1
    for total in range(2):
        bump()
    return a, b, c, d, e, total, kept[0]() if total else total


def two_share(x):
    def put(v):
        nonlocal x
        x = v

    def get():
        return x

    pair = put, get
    pair[0](5)
    x = x + 1
    return pair[1](), x


def late(x):
    f = lambda: x + 1  # noqa: E731
    g = [f]
    x = x * 10
    return g[0]()


def late_in_a_loop(n):
    made = []
    for i in range(n):
        made.append(lambda: i)
    other = [lambda: j for j in range(n)]
    third = [lambda j=j: j for j in range(n)]
    return [f() for f in made], [f() for f in other], [f() for f in third]


def one_each(n):
    def made(i):
        def inner():
            nonlocal i
            i = i + 1
            return i
        return [inner, inner]

    pairs = [made(i * 10) for i in range(n)]
    return [[f() for f in pair] for pair in pairs]


def normalised_first(x, n=None):
    x = np.asarray(x) * 1.0
    if n is None:
        n = 2
    functions = [lambda v: v * n + x.sum()]
    return functions[0](3)


def empty(x):
    f = [lambda: y]
    if x:
        y = 1
    return f[0]()


def empty_of_a_writer(x):
    def put():
        nonlocal y
        y = 2

    f = [put]
    if x > 1:
        f[0]()
    print(y)  # noqa: F821
    if x > 5:
        y = 3
    return y


def deleted(x):
    f = [lambda: x]  # noqa: F821
    print(f[0]())
    del x
    return f[0]()


def deleted_inside(x):
    def gone():
        nonlocal x
        del x

    f = [gone]
    f[0]()
    return x


def decorated(x):
    @twice
    @named(shown("inner"))
    def inner(y, k=shown(3)):
        return x + y + k

    return inner(1), inner.label, inner.__wrapped__(1)


def defaults_in_order(x):
    def inner(a=shown(1), *, b=shown(x), c, d=shown(3)):
        return a, b, c, d

    return inner(c=0), inner.__defaults__, inner.__kwdefaults__, len([inner])


def annotated(x):
    def inner(a: float, b: "int" = 2) -> float:
        return a + b

    return inner.__annotations__, inner(x)


def in_one_line(x):
    f, g = (lambda: x), (lambda: -x); h = [lambda: 2 * x, lambda: 2 * x]  # noqa: E702
    return len([f, g]), f(), g(), h[0](), h[1]()


def deeper(x):
    def outer(y):
        def inner(z):
            nonlocal x
            x = x + y * z
            return lambda: (x, y, z)
        return inner

    made = outer(2)
    last = made(3)
    return last(), x, made(1)(), x, len([outer])


CASES = [
    (returned, 2), (stored, 3), (called_back, [3, 1, 2], 2), (recursive, 4), (mutually, 5),
    (counting, 2), (in_all_positions, 2), (two_share, 1), (late, 1), (late_in_a_loop, 3),
    (one_each, 2), (normalised_first, [1, 2]), (normalised_first, [1, 2], 5), (empty, 0),
    (empty, 1), (empty_of_a_writer, 1), (empty_of_a_writer, 2), (empty_of_a_writer, 9),
    (deleted, 1), (deleted_inside, 1), (decorated, 1), (defaults_in_order, 7), (annotated, 1.5),
    (in_one_line, 3), (deeper, 1),
]
#: Those without a definition that is kept as it is written.
FOLLOWED = [
    returned, stored, called_back, recursive, mutually, counting, two_share, late, late_in_a_loop,
    one_each, normalised_first, empty, empty_of_a_writer, deleted, decorated, defaults_in_order,
    annotated, in_one_line, deeper,
]
