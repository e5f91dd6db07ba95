"""Nested functions that read and write the variables around them."""


import numpy as np

from tests.language.table import supported

V = np.array([0.5, -1.2, 2.0])


def adder(k):
    def add(v):
        return v + k

    return add


def accumulator(start):
    total = start

    def add(v):
        nonlocal total
        total = total + v
        return total

    return add


@supported("captured variable", lambda: (1.3, 0.7))
def helper_inside(x, y):
    def f(t):
        return x * t + y

    return f(f(2.0)) * f(x)


@supported("captured variable", lambda: (V.copy(), 1.3))
def captured_array(a, x):
    def dot(v):
        return np.sum(a * v)

    return dot(a) * x + dot(x * V)


@supported("captured variable", lambda: (1.3, 0.7))
def three_levels(x, y):
    def outer(a):
        def middle(b):
            def inner(c):
                return a * b * c * x
            return inner(a + y)
        return middle(a * y)

    return outer(x)


@supported("closures see later values", lambda: (1.3, 0.7))
def late_binding(x, y):
    k = x

    def f(t):
        return k * t

    before = f(y)
    k = y * y
    return before * f(x)


@supported("closures see later values", lambda: (1.3,))
def closures_in_a_list(x):
    functions = []
    for k in (1.0, 2.0, 3.0):
        functions.append(lambda t: t * k + x)
    return functions[0](x) * functions[2](2.0)


@supported("closures see later values", lambda: (1.3,))
def default_argument_binds_early(x):
    functions = []
    scale = x
    for k in range(3):
        functions.append(lambda t, k=k, s=scale: t * k + s)
        scale = scale * x
    return sum(f(x) for f in functions)


@supported("`nonlocal`", lambda: (1.3, 4))
def nonlocal_sum(x, n):
    total = 0.0

    def add(v):
        nonlocal total
        total += v * total + v

    for k in range(n):
        add(x * (k + 1) * 0.3)
    return total


@supported("`nonlocal`", lambda: (1.3, 0.7))
def read_between_nonlocal_writes(x, y):
    state = x

    def step():
        nonlocal state
        old, state = state, state * y
        return old

    a = step()
    b = state
    state = state + a
    return a * b * step() + state


@supported("`nonlocal`", lambda: (1.3, 0.7))
def two_functions_share_a_variable(x, y):
    value = x

    def put(v):
        nonlocal value
        value = v * value

    def get():
        return value + y

    put(get())
    put(y)
    return get() * value


@supported("`nonlocal`", lambda: (V.copy(), 1.3))
def captured_array_is_augmented(a, x):
    total = np.zeros(3)

    def add(v):
        nonlocal total
        total += v

    other = total
    add(a * x)
    total = total * 2.0
    add(a)
    return total * other


@supported("captured things are written", lambda: (V.copy(), 1.3))
def view_of_a_captured_array(a, x):
    u = a * 1.0
    inner = u[1:]

    def step():
        inner[0] = u[0] * x
        u[2] += inner[0]

    step()
    u = u * 1.0
    step()
    return u * inner[0]


@supported("captured things are written", lambda: (1.3, 3))
def captured_list(x, n):
    log = []

    def record(v):
        log.append(v)
        return v * x

    v = x
    for _ in range(n):
        v = record(v)
    return sum(log) * v


@supported("captured things are written", lambda: (1.3, 0.7))
def captured_dict_as_a_cache(x, y):
    cache = {}

    def power(n):
        if n not in cache:
            cache[n] = x if n == 1 else power(n - 1) * y
        return cache[n]

    return power(3) * power(2) + len(cache)


@supported("returned closure", lambda: (1.3, 0.7))
def closures_from_a_factory(x, y):
    f, g = adder(x), adder(x * y)
    return f(g(y)) * g(2.0)


@supported("returned closure", lambda: (1.3, 0.7))
def independent_accumulators(x, y):
    a, b = accumulator(x), accumulator(y)
    a(y)
    b(x * x)
    a(2.0 * x)
    return a(0.0) * b(1.0)


@supported("returned closure", lambda: (1.3, 0.7))
def getter_and_setter(x, y):
    def cell(value):
        def get():
            return value

        def put(v):
            nonlocal value
            value = v

        return get, put

    get, put = cell(x)
    old = get()
    put(old * y)
    return get() * old
