"""Built-in functions over sequences, and the standard library's tools for functions."""

import functools
import itertools
import math
import operator

import numpy as np

from tests.language.table import supported

V = np.array([0.5, -1.2, 2.0, 0.8])


@functools.lru_cache(maxsize=None)
def chebyshev(n, x):
    if n < 2:
        return x if n else 1.0
    return 2.0 * x * chebyshev(n - 1, x) - chebyshev(n - 2, x)


@functools.singledispatch
def size_of(value):
    return value * 2.0


@size_of.register(list)
def _(value):
    return sum(value)


def scaled(x, k, shift=0.0):
    return k * x + shift


@supported("`map` and `filter`", lambda: (1.3, [0.7, 2.0, -0.5]))
def mapped(x, v):
    squares = list(map(lambda t: t * t * x, v))
    return sum(squares) * squares[1]


@supported("`map` and `filter`", lambda: ([0.7, 2.0, -0.5], [1.3, 0.4, 1.0]))
def map_over_two_lists(v, w):
    products = map(operator.mul, v, w)
    return sum(products) * max(map(abs, v))


@supported("`map` and `filter`", lambda: (V.copy(),))
def filtered(a):
    positive = list(filter(lambda t: t > 0, a))
    return math.prod(positive) * len(positive)


@supported("`map` and `filter`", lambda: (1.3, 0.7))
def unpacked_from_a_map(x, y):
    a, b = map(math.sin, (x, y))
    first, *rest = filter(None, [0.0, x, y])
    return a * b * first + rest[0]


@supported("`map` for its effects", lambda: (np.arange(6.0).reshape(2, 3) + 0.5, 1.3))
def map_for_its_effects(m, x):
    m = m * 1.0
    list(map(lambda row: row.fill(x), m[:1]))
    log = []
    any(map(log.append, m[1]))
    return m * log[2]


@supported("`zip` and `enumerate`", lambda: ([0.7, 2.0, -0.5], V[:3].copy()))
def zipped(v, a):
    total = 0.0
    for k, (p, q) in enumerate(zip(v, a), start=1):
        total += k * p * q**2
    return total


@supported("`zip` and `enumerate`", lambda: ([(0.7, 2.0), (-0.5, 1.3)],))
def transposed_by_zip(points):
    xs, ys = zip(*points)
    pairs = dict(zip("ab", xs))
    return sum(xs) * ys[0] + pairs["b"] * ys[1]


@supported("`zip` and `enumerate`", lambda: (np.arange(6.0).reshape(2, 3) + 0.5, 1.3))
def zip_of_rows_that_are_written(m, x):
    m = m * 1.0
    for top, bottom in zip(m[:1], m[1:]):
        bottom += top * x
        top[:] = bottom[::-1]
    return m


@supported("`reversed`, `sorted`, `min`, `max`", lambda: ([0.7, 2.0, -0.5],))
def backward_recurrence(v):
    value = 0.0
    for c in reversed(v):
        value = value * 0.9 + c * c
    return value


@supported("`reversed`, `sorted`, `min`, `max`", lambda: ([0.7, 2.0, -1.5], 1.3))
def extremes_by_a_key(v, x):
    far = max(v, key=lambda t: abs(t - x))
    near = min(v, key=lambda t: (t - x) ** 2)
    return far * near + max(x, v[0]) + min([], default=x)


class Offer:
    def __init__(self, price, amount):
        self.price, self.amount = price, amount


@supported("`reversed`, `sorted`, `min`, `max`", lambda: ([0.7, 2.0, -1.5], 1.3))
def objects_by_a_key(v, x):
    offers = [Offer(t * x, t * t) for t in v]
    best = min(offers, key=lambda o: o.price)
    best.amount *= x
    by_price = {o.price > 0: o.amount for o in sorted(offers, key=operator.attrgetter("price"))}
    return best.price * best.amount + sum(by_price.values())


@supported("`reversed`, `sorted`, `min`, `max`", lambda: ([0.7, 2.0, -0.5], [3, 1, 2]))
def sorted_by_another_list(v, order):
    ranked = [t for _, t in sorted(zip(order, v))]
    largest = sorted(v, reverse=True)[:2]
    return ranked[0] * ranked[1] + largest[0] * largest[1] ** 2


@supported("`any` and `all`", lambda: ([0.7, 2.0, -0.5],))
def tests_over_lists(v):
    if all(t < 3.0 for t in v) and any([t < 0 for t in v]) and not all(map(np.isnan, v)):
        return v[0] * v[1]
    return v[2]


@supported("`next` of a generator expression", lambda: ([0.7, 2.0, -0.5], 1.3))
def the_first_that_fits(v, x):
    large = next((t * x for t in v if t > 1.0), x)
    return large * next(t for t in v if t < 0.0)


@supported("generator expressions that are unpacked", lambda: (np.array([0.7, 2.0]), 1.3))
def both_as_arrays(v, x):
    v, x = (np.asarray(t) for t in (v, x))
    first, second = (t * t for t in v)
    return first * second * float(x)


@supported("`sum` with a start", lambda: (1.3, [[0.7], [2.0, -0.5]]))
def sums_with_a_start(x, lists):
    flat = sum(lists, [])
    return sum(flat, x) * flat[2]


@supported("`functools.reduce`", lambda: ([0.7, 2.0, -0.5], 1.3))
def horner_by_reduce(c, x):
    return functools.reduce(lambda value, k: value * x + k, c, x)


@supported("`functools.reduce`", lambda: ([V[:2].copy(), V[2:].copy(), V[1:3].copy()],))
def reduced_arrays(arrays):
    return functools.reduce(np.multiply, arrays) + functools.reduce(operator.add, arrays)


@supported("`functools.partial`", lambda: (1.3, 0.7))
def partial_with_active_arguments(x, y):
    f = functools.partial(scaled, k=x, shift=y)
    g = functools.partial(f, 2.0)
    return f(y) * g() + f(x, shift=0.5)


@supported("`functools.partial`", lambda: (functools.partial(scaled, k=2.0), 1.3))
def partial_is_given(f, x):
    return f(x) * f(x, shift=x)


@supported("`functools.partial`", lambda: (1.3, 0.7))
def what_a_partial_holds_is_read(x, y):
    f = functools.partial(scaled, x, shift=y * y)
    again = functools.partial(f.func, *f.args, **f.keywords)
    return f.args[0] * f.keywords["shift"] * again(y)


@supported("`functools.partial`", lambda: (1.3, 0.7))
def keywords_of_a_partial_are_written(x, y):
    f = functools.partial(scaled, x, k=y)
    f.keywords["k"] *= x
    return f() * f.keywords["k"]


@supported("`functools.lru_cache`", lambda: (0.7, 5))
def cached_helper(x, n):
    return chebyshev(n, x) + chebyshev(2, x) * x


@supported("`functools.lru_cache`", lambda: (0.7, 1.3))
def cached_closure(x, y):
    @functools.cache
    def power(n):
        return 1.0 if n == 0 else power(n - 1) * x

    return power(4) * y + power(2)


@supported("`functools.singledispatch`", lambda: (1.3, [0.7, 2.0]))
def dispatched_by_type(x, v):
    return size_of(x) * size_of(v)


@supported("`itertools.accumulate`", lambda: ([0.7, 2.0, -0.5], 1.3))
def running_products(v, x):
    sums = list(itertools.accumulate(v))
    products = list(itertools.accumulate(v, lambda a, b: a * b * x, initial=x))
    return sum(sums) * products[2] + products[-1]


@supported("`itertools.chain`, `islice`, `repeat`", lambda: ([0.7, 2.0], (1.3, -0.4)))
def chained(v, w):
    total = 0.0
    for k, t in enumerate(itertools.chain(v, w)):
        total += k * t * t
    for t in itertools.islice(itertools.chain.from_iterable([v, w]), 1, 3):
        total *= t
    return total + sum(itertools.repeat(v[0], 3))


@supported("`itertools.product`, `combinations`", lambda: ([0.7, 2.0, -0.5],))
def pairwise_energy(v):
    energy = 0.0
    for a, b in itertools.combinations(v, 2):
        energy += 1.0 / (a - b) ** 2
    for i, j in itertools.product(range(2), repeat=2):
        energy += v[i] * v[j + 1]
    return energy


@supported("`itertools.product`, `combinations`", lambda: ([0.7, 2.0], [1.3, -0.4]))
def product_of_active_lists(v, w):
    return sum(a * b**2 for a, b in itertools.product(v, w))


@supported("`itertools.zip_longest`, `pairwise`", lambda: ([0.7, 2.0, -0.5, 1.3],))
def neighbours(v):
    slopes = [(b - a) ** 2 for a, b in itertools.pairwise(v)]
    longest = [a * b for a, b in itertools.zip_longest(v, v[1:], fillvalue=2.0)]
    return sum(slopes) * longest[-1] + longest[0]


@supported("`itertools.groupby`", lambda: ([0.7, 2.0, -0.5, 1.3],))
def groups(v):
    sums = [sum(g) for _, g in itertools.groupby(v, key=lambda t: t > 1.0)]
    return sums[0] * sums[-1]


@supported("`itertools.count`, `cycle`, `takewhile`", lambda: (1.3, 0.7))
def endless_iterators(x, y):
    total = 0.0
    for k, w in zip(itertools.count(1), itertools.cycle((1.0, -2.0))):
        total += w * x**k
        if k > 4:
            break
    small = list(itertools.takewhile(lambda t: t < 1.0, [y * y, y, x]))
    return total * sum(small)


@supported("`np.vectorize` and `np.frompyfunc`", lambda: (V.copy(), 1.3))
def vectorized_branch(a, x):
    def f(t, k):
        return t * k if t > 0 else np.exp(t) * k

    return np.vectorize(f)(a, x)


@supported("`np.vectorize` and `np.frompyfunc`", lambda: (V.copy(), 1.3))
def function_made_a_ufunc(a, x):
    f = np.frompyfunc(lambda t, k: t * t * k, 2, 1)
    return np.sum(f(a, x).astype(float) * a)


@supported("`np.apply_along_axis`, `np.piecewise`", lambda: (V.reshape(2, 2).copy(), 1.3))
def applied_to_rows(m, x):
    r = np.apply_along_axis(lambda row: row[0] * row[1] * x, 1, m)
    p = np.piecewise(m, [m < 0, m >= 0], [lambda t: t * t, lambda t: x * t])
    return r @ p


@supported("`operator.itemgetter` and others", lambda: ({"a": 0.7, "b": [2.0, -0.5]}, 1.3))
def getters(p, x):
    a, b = operator.itemgetter("a", "b")(p)
    second = operator.itemgetter(1)
    upper = operator.methodcaller("pop")
    return a * second(b) * x + upper(b)
