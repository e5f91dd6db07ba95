"""Calls: how arguments are passed, what helpers do with them, recursion."""

import inspect
import math

import numpy as np

from tests.language.table import supported

V = np.array([0.5, -1.2, 2.0, 0.8])


def weighted(a, b=2.0, *rest, k=1.0, **options):
    total = k * a * b
    for r in rest:
        total = total + r * a
    return total + sum(options[name] * b for name in sorted(options))


def collect(x, into=[]):
    into.append(x)
    return sum(into) if len(into) < 3 else x


def normalised(u):
    u /= np.sum(u * u)


def relax(u, w):
    for i in range(1, len(u) - 1):
        u[i] = (1.0 - w) * u[i] + 0.5 * w * (u[i - 1] + u[i + 1])
    return np.max(np.abs(u))


def bump(table, key, amount):
    table[key] = table.get(key, 0.0) + amount
    return table


def extend(items, x, n):
    if n == 0:
        return items
    items.append(x * len(items))
    return extend(items, x, n - 1)


def divide_and_conquer(v):
    if len(v) == 1:
        return v[0]
    half = len(v) // 2
    return divide_and_conquer(v[:half]) * 0.9 + divide_and_conquer(v[half:]) ** 2


def quicksort(v, low, high):
    if low < high:
        pivot, i = v[high], low
        for j in range(low, high):
            if v[j] < pivot:
                v[i], v[j] = v[j], v[i]
                i += 1
        v[i], v[high] = v[high], v[i]
        quicksort(v, low, i - 1)
        quicksort(v, i + 1, high)


def prefix_sums(v, out, k=0):
    if k < len(v):
        out[k] = v[k] + (out[k - 1] if k else 0.0)
        prefix_sums(v, out, k + 1)


def split(x, y):
    return x * y, {"sum": x + y, "parts": [x, y]}


def no_result(items, x):
    items[0] = x


def is_even(n, x):
    return x if n == 0 else is_odd(n - 1, x * x)


def is_odd(n, x):
    return 2.0 * x if n == 0 else is_even(n - 1, x + 0.1)


@supported("keywords and defaults", lambda: (1.3, 0.7))
def arguments_in_any_order(x, y):
    return weighted(b=x, a=y) + weighted(x, k=y) + weighted(x, y, k=x * y)


@supported("star arguments", lambda: (1.3, [0.7, 2.0], {"k": 0.4, "z": 1.1}))
def stars_in_a_call(x, v, options):
    return weighted(x, *v, **options) + weighted(*v, *v, x, **{"w": x}, k=2.0)


@supported("star arguments", lambda: (1.3, 0.7))
def forwarded_arguments(x, y):
    def forward(f, *args, **kwargs):
        return f(*args, **kwargs) * len(args)

    return forward(weighted, x, y, 2.0, q=x) + forward(max, x, y)


@supported("star arguments of the whole", lambda: (1.3, 0.7, 2.0))
def many_arguments(*values):
    first, *others = values
    return first * sum(others) + values[-1] ** 2


@supported("star arguments of the whole", lambda: (1.3,), lambda: {"k": 2.0, "shift": 0.5})
def many_keywords(x, **options):
    options.setdefault("power", 2)
    return options["k"] * x ** options["power"] + options["shift"] * x


@supported("keyword-only and positional-only parameters", lambda: (1.3, 0.7), lambda: {"k": 2.0})
def separated_parameters(x, /, y, *, k, power=2):
    return (x * k) ** power + y * x


@supported("default that is a mutable object", lambda: (1.3,))
def default_list_remembers(x):
    def remember(v, seen=[]):
        seen.append(v)
        return sum(seen)

    return remember(x) * remember(x * x) + remember(2.0)


@supported("default that is a mutable object", lambda: (1.3,))
def default_of_a_module_function_is_not_shared_when_given(x):
    own = []
    return collect(x, own) + collect(x * x, into=own) * len(own)


@supported("helper that writes its argument", lambda: (V.copy(), 1.3))
def helper_writes_an_array(a, x):
    u = a * x
    normalised(u)
    u[0] += x
    normalised(u[1:])
    return u


@supported("helper that writes its argument", lambda: (V.copy(), 1.2))
def sweeps_of_a_solver(u, w):
    residual = 0.0
    for _ in range(3):
        residual = relax(u, w)
    return residual * u[1] + u[2]


@supported("helper that writes its argument", lambda: (1.3, {"a": 0.7}))
def helper_writes_a_dict(x, table):
    bump(table, "b", x)
    bump(bump(table, "a", x * x), "b", table["a"])
    return table["a"] * table["b"]


@supported("helper that writes its argument", lambda: (1.3, [0.7, 2.0]))
def helper_without_a_result(x, v):
    assert no_result(v, x * v[1]) is None
    w = v
    no_result(w, v[0] ** 2)
    return v[0] * v[1]


@supported("helper that writes its argument", lambda: (V.copy(), 1.3))
def helper_that_rebinds_its_parameter(a, x):
    def double(u):
        u = u * 2.0
        u[0] = x
        return u

    b = double(a)
    a[1] = x
    return b * a


@supported("helper that returns a tuple or dict", lambda: (1.3, 0.7))
def parts_of_a_result(x, y):
    p, info = split(x, y)
    q, _ = split(p, info["sum"])
    return q * info["parts"][0]


@supported("recursion", lambda: ([0.7, 2.0, -0.5, 1.3],))
def recursion_over_halves(v):
    return divide_and_conquer(v)


@supported("recursion", lambda: (V.copy(),))
def recursion_over_views(a):
    return divide_and_conquer(a * 1.1)


@supported("recursion", lambda: (1.3, 5))
def mutual_recursion(x, n):
    return is_even(n, x * 0.5) + is_odd(3, x * 0.1)


@supported("recursion that writes", lambda: (1.3, 3))
def list_filled_by_recursion(x, n):
    items = extend([x], x, n)
    return items[-1] * items[1] + len(items)


@supported("recursion that writes", lambda: (V.copy(),))
def sorted_by_recursion(a):
    a = a * 1.0
    quicksort(a, 0, len(a) - 1)
    return a * np.arange(1.0, 5.0)


@supported("recursion that writes", lambda: (V.copy(), 1.3))
def output_argument_of_a_recursion(a, x):
    out = np.zeros(4)
    prefix_sums(a * x, out)
    return out * a


@supported("nested calls", lambda: (1.3, 0.7))
def calls_within_calls(x, y):
    return weighted(weighted(x, y), weighted(y, k=math.sin(x)), weighted(x), k=math.exp(-y))


@supported("order of evaluation", lambda: (1.3, 0.7))
def arguments_with_effects(x, y):
    v = [x, y]

    def take(k):
        v.append(v[k] * v[-1])
        return v.pop(k)

    return take(0) - 2.0 * take(1) * take(0) + sum(v)


@supported("calls of one function with several types", lambda: (1.3, V.copy()))
def scalars_and_arrays(x, a):
    def f(t):
        return t * t + t

    return f(x) + np.sum(f(a)) + f(2) * x + np.sum(f(a.reshape(2, 2)) @ f(a[:2]))


@supported("builtin functions of numbers", lambda: (1.3, -0.7))
def builtin_functions(x, y):
    z = pow(abs(y), x) + divmod(x, 0.5)[1] + sum((x, y), 1.0)
    return z * float(max(x, y)) + complex(x, y).imag ** 2 + round(x, 1)


@supported("functions of NumPy that are Python code", lambda: (V.copy(), 1.3))
def functions_written_in_python(a, x):
    fitted = np.polyfit(np.arange(4.0), a * x, 2)
    return np.polyval(fitted, x) + np.sum(np.gradient(a * a, 0.5)) * np.nanmedian(a)


@supported("keywords that say how to compute", lambda: (V.copy(), 1.3))
def loops_chosen_by_keywords(a, x):
    product = np.multiply(a, x, dtype=np.float64, casting="same_kind", order="C")
    np.clip(product, -1.0, 1.0, out=product, casting="no")
    return np.sum(product**2 * np.divide(a, x, signature="dd->d"))


@supported("arguments bound to a signature", lambda: (1.3, 0.7))
def bound_by_inspect(x, y):
    bound = inspect.signature(weighted).bind(x, y, x * y, k=2.0)
    bound.arguments["a"] = bound.arguments["a"] * y
    return weighted(*bound.args, **bound.kwargs) + bound.arguments["rest"][0]
