"""Nested functions that are decorated, that call themselves, or that are defined early."""

import functools

from tests.language.table import supported


def counted(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return f(*args, **kwargs)

    wrapper.calls = 0
    return wrapper


@supported("currying", lambda: (1.3, 0.7))
def curried(x, y):
    multiply = lambda a: lambda b: lambda c: a * b + c
    return multiply(x)(y)(x) * multiply(2.0)(x)(y)


@supported("decorated helper", lambda: (1.3,))
def wrapped_helper(x):
    @counted
    def f(t, power=2):
        return t**power * x

    return f(x) * f(x, power=3) + f.calls


@supported("decorated helper", lambda: (1.3, 0.7))
def decorator_with_an_active_argument(x, y):
    def scaled(k):
        def decorate(f):
            @functools.wraps(f)
            def wrapper(*args):
                return k * f(*args)
            return wrapper
        return decorate

    @scaled(x)
    @scaled(y)
    def f(t):
        return t * t

    return f(x) + f(2.0)


def checked(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        for a in args:
            if a != a:
                raise ValueError("not a number")
        return f(*args, **kwargs)

    return wrapper


@checked
def weighed(x, y=2.0, scale=1.0):
    return scale * x * y


@supported("decorated helper", lambda: (1.3, 0.7))
def wrapper_that_checks(x, y):
    return weighed(x, scale=y) * weighed(x, y) + weighed(y)


def adaptive(f, a, b, eps):
    m = 0.5 * (a + b)
    one = (b - a) * f(m)
    two = 0.5 * (b - a) * (f(0.5 * (a + m)) + f(0.5 * (m + b)))
    if abs(two - one) < eps:
        return two
    return adaptive(f, a, m, eps) + adaptive(f, m, b, eps)


@supported("recursion with a function as an argument", lambda: (1.3, 0.7))
def adaptive_quadrature(k, b):
    return adaptive(lambda t: t * t * k + b, 0.0, b, 0.01)


@supported("recursive closure", lambda: (1.3, 5))
def recursion_inside(x, n):
    def legendre(k):
        if k == 0:
            return 1.0
        if k == 1:
            return x
        return ((2 * k - 1) * x * legendre(k - 1) - (k - 1) * legendre(k - 2)) / k

    return legendre(n)


@supported("recursive closure", lambda: (1.3, 4))
def mutual_recursion_inside(x, n):
    def even(k, v):
        return v if k == 0 else odd(k - 1, v * x)

    def odd(k, v):
        return v if k == 0 else even(k - 1, v + x)

    return even(n, 1.0) + odd(n - 1, x)


@supported("unbound until later", lambda: (1.3, 0.7))
def helper_defined_before_its_variable(x, y):
    def f(t):
        return scale * t + offset

    scale = x * y
    offset = scale + x
    return f(y)


@supported("unbound until later", lambda: (1.3, True))
def variable_bound_on_one_path(x, flag):
    def f():
        return k * x

    if flag:
        k = x * x
    return f()
