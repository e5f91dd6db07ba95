"""Functions as values: passed, kept in containers, chosen at run time."""

import functools
import math
import operator

import numpy as np

from tests.language.table import refused, supported

V = np.array([0.5, -1.2, 2.0])


def newton(f, df, x, steps=4):
    for _ in range(steps):
        x = x - f(x) / df(x)
    return x


def runge_kutta(rhs, y, t, h, *args):
    k1 = rhs(t, y, *args)
    k2 = rhs(t + 0.5 * h, y + 0.5 * h * k1, *args)
    return y + h * k2


def bisect(f, low, high, n=3):
    for _ in range(n):
        middle = 0.5 * (low + high)
        if f(middle) * f(low) <= 0:
            high = middle
        else:
            low = middle
    return low - f(low) * (high - low) / (f(high) - f(low))


def simpson(f, a, b):
    return (b - a) / 6.0 * (f(a) + 4.0 * f(0.5 * (a + b)) + f(b))


def softplus(x):
    return np.log1p(np.exp(x))


def compose(*functions):
    return functools.reduce(lambda f, g: lambda x: g(f(x)), functions)


ACTIVATIONS = {"tanh": np.tanh, "softplus": softplus, "none": lambda x: x}


@supported("callback that captures", lambda: (1.3, 0.7))
def root_of_a_captured_equation(a, x):
    return newton(lambda t: t * t - a, lambda t: 2.0 * t + 0.01 * a, x)


@supported("callback that captures", lambda: (0.7, 1.3))
def integral_of_a_captured_function(a, b):
    def f(t):
        return np.exp(-a * t) * t

    return simpson(f, 0.0, b) + simpson(lambda t: f(t) * a, a, b)


@supported("callback that captures", lambda: (1.3, 0.7))
def root_by_bisection(a, b):
    return bisect(lambda t: t**3 - a * t - b, 1.0, 2.0)


@supported("callback with further arguments", lambda: (V.copy(), 1.3, 0.7))
def right_hand_side(y, k, d):
    def rhs(t, y, k, d):
        return -k * y + d * np.sin(t)

    t = 0.0
    for _ in range(3):
        y = runge_kutta(rhs, y, t, 0.1, k, d)
        t += 0.1
    return y


@supported("callback that writes", lambda: (1.3, 3))
def callback_with_a_log(x, n):
    log = []

    def observe(v):
        log.append(v * x)

    def run(f, v):
        for _ in range(n):
            v = v * x + 0.1
            f(v)
        return v

    last = run(observe, x)
    return last * sum(log)


@supported("callback that writes", lambda: (V.copy(), 1.3))
def callback_that_writes_an_argument(a, x):
    def damp(u, k):
        u[k] *= x

    def sweep(f, u):
        for k in range(len(u)):
            f(u, k)
            u[0] += u[k]

    a = a * 1.0
    sweep(damp, a)
    return a


@supported("function as an argument of the whole", lambda: (np.tanh, V.copy()))
def ufunc_is_given(f, a):
    return np.sum(f(a) * a)


@supported("function as an argument of the whole", lambda: (lambda t: t**3, 1.3))
def lambda_is_given(f, x):
    return f(x) * f(f(0.5 * x))


@supported("function as an argument of the whole", lambda: ([math.sin, softplus], 1.3))
def list_of_functions_is_given(functions, x):
    total = 0.0
    for f in functions:
        total = total + f(x) * x
    return total


@supported("functions in a table", lambda: (V.copy(), "softplus"))
def activation_by_name(a, name):
    return np.sum(ACTIVATIONS[name](a) * ACTIVATIONS["tanh"](a))


@supported("functions in a table", lambda: (1.3, 0.7))
def operators_by_sign(x, y):
    table = {"+": operator.add, "*": operator.mul, "^": lambda a, b: a**b}
    result = x
    for sign in "*+^":
        result = table[sign](result, y)
    return result


OPERATIONS = {"+": operator.add, "*": operator.mul, "-": lambda a, b: a - b}
LAYERS = [math.sin, math.exp, lambda v: v * v]


@supported("functions in a table", lambda: (1.3, "x 2 * x + x -".split()))
def calculator(x, tokens):
    stack = []
    for token in tokens:
        if token in OPERATIONS:
            b = stack.pop()
            a = stack.pop()
            stack.append(OPERATIONS[token](a, b))
        else:
            stack.append(x if token == "x" else float(token))
    return stack[0] * x


@supported("functions in a table", lambda: (1.3,))
def layers_of_the_module(x):
    for layer in LAYERS:
        x = layer(x) * 0.5
    return x + LAYERS[-1](x)


@supported("functions in a table", lambda: (1.3, 0.7))
def dispatch_with_get(x, y):
    table = {"grow": lambda t: t * x}
    f = table.get("shrink", lambda t: t / y)
    g = table.get("grow", None)
    return f(x) * g(y)


@supported("function chosen at run time", lambda: (1.3, True))
def conditional_function(x, smooth):
    f = softplus if smooth else abs
    g = f or abs
    return f(x) * g(2.0 * x)


@supported("function chosen at run time", lambda: (1.3, np))
def namespace_found_at_run_time(x, xp):
    f = getattr(xp, "sin")
    return f(x) * xp.exp(-x) + xp.linalg.norm(xp.stack([x, 2.0]))


@supported("composed functions", lambda: (1.3, 0.7))
def composition(x, y):
    f = compose(np.sin, lambda t: t * y, softplus)
    return f(x) * compose(lambda t: t + x)(y)


@supported("composed functions", lambda: (1.3,))
def repeated_application(x):
    def times(f, n):
        return (lambda t: t) if n == 0 else lambda t: f(times(f, n - 1)(t))

    return times(lambda t: t * x + 0.1, 3)(0.5)


@refused("function with attributes", lambda: (1.3, 0.7), "DifferentiationError",
         r"scale is written|of a function", "a function is shared by the whole program")
def attribute_of_a_function(x, y):
    def f(t):
        return f.scale * t

    f.scale = x  # here
    before = f(y)
    f.scale = x * y
    return before * f(2.0)


@supported("method of an argument as a callback", lambda: (V.copy(), 1.3))
def method_of_an_array_as_a_callback(a, x):
    def apply(f, *args, **kwargs):
        return f(*args, **kwargs)

    return apply(a.dot, a) * x + apply(np.sum, a * x, axis=0)


@supported("function that returns functions by name", lambda: (1.3, "square"))
def factory_by_name(x, kind):
    def make(kind, k):
        def square(t):
            return k * t * t

        def cube(t):
            return k * t**3

        return {"square": square, "cube": cube}[kind]

    return make(kind, x)(x) + make("cube", 2.0)(x)
