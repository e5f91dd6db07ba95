"""More of them: with the library's functions, closures, exceptions, and in a state of their own."""

import functools
import heapq
import itertools

import numpy as np

from tests.generators_handed import Layer, Model, squares, total_of

CASES = []


def case(function):
    CASES.append(function)
    return function


@case
def combos(v):
    pairs = itertools.combinations(Model(v).parameters(), 2)
    return sum(a * b for a, b in pairs) + sum(
        a * b * b for a, b in itertools.permutations(squares(v), 2))


@case
def dropwhile(v):
    return sum(p * p for p in itertools.dropwhile(lambda p: p > 0.5, Model(v).parameters()))


@case
def merged(v):
    return sum(k * x for k, x in enumerate(heapq.merge(sorted(squares(v)), sorted(v))))


@case
def extend(v):
    xs = [v[0]]
    xs.extend(Model(v).parameters())
    xs += squares(v)
    return sum(x ** 2 for x in xs)


@case
def slice_assign(v):
    xs = [0.0, v[0], 0.0]
    xs[1:2] = Model(v).parameters()
    return sum(x ** 2 for x in xs)


@case
def max_empty(v):
    return max((p for p in Model(v).parameters() if p > 100), default=v[0])


@case
def genexp_var(v):
    g = (p * 2 for p in Model(v).parameters())
    a = next(g)
    return a * sum(g)


@case
def genexp_helper(v):
    return total_of(p * 2 for p in Model(v).parameters())


@case
def genexp_cond(v):
    k = v[1]
    return total_of(p * k for p in v if p > 0)


@case
def genexp_returned(v):
    def f(xs, k):
        return (k * x for x in xs)
    return sum(x * x for x in f(v, v[0]))


class Seq:
    def __init__(self, *fs):
        self.fs = fs

    def parameters(self):
        for f in self.fs:
            if hasattr(f, "parameters"):
                yield from f.parameters()


@case
def deep_modules(v):
    net = Seq(Layer(v[0], v[1]), Seq(Layer(v[2], v[3]), Layer(v[0], v[2])))
    return sum(p ** 2 for p in net.parameters())


@case
def lambda_captures(v):
    def gens():
        for k in range(3):
            yield lambda x: x ** k * v[0]
    return sum(f(v[1]) for f in gens())


@case
def lambda_captures_late(v):
    def gens():
        for k in range(3):
            yield lambda x: x ** (k + 1) * v[0]
    fs = list(gens())
    return sum(f(v[1]) for f in fs)


@case
def converge(v):
    class Solver:
        def __init__(self, a):
            self.a = a

        def iterates(self):
            x = self.a
            while True:
                y = 0.5 * (x + self.a / x)
                yield y
                if abs(y - x) < 1e-12:
                    return
                x = y
    x = None
    for x in Solver(v[3]).iterates():
        pass
    return x * v[1]


@case
def multi_pass(v):
    class Data:
        def __init__(self, xs):
            self.xs = xs

        def __iter__(self):
            for x in self.xs:
                yield x * 2
    d = Data(v)
    mean = sum(d) / 4
    return sum((x - mean) ** 2 for x in d)


@case
def gen_attr(v):
    class S:
        def __init__(self, xs):
            self.it = self.go(xs)

        def go(self, xs):
            for x in xs:
                yield x ** 2
        def take(self):
            return next(self.it)
    s = S(v)
    return s.take() * s.take() + s.take()


@case
def coroutine_pipeline(v):
    def sink(out):
        while True:
            x = yield
            out.append(x ** 2)
    def scale(k, target):
        while True:
            x = yield
            target.send(k * x)
    out = []
    s = sink(out)
    next(s)
    c = scale(v[0], s)
    next(c)
    for x in v:
        c.send(x)
    return sum(out)


@case
def stop_in_gen(v):
    def first_two(it):
        it = iter(it)
        try:
            yield next(it)
            yield next(it)
            yield next(it)
        except StopIteration:
            return
    return sum(x * x for x in first_two(v[:2]))


@case
def exc_out_of_gen(v):
    def bad(xs):
        for x in xs:
            if x < 0:
                raise ValueError("neg")
            yield x * x
    t = 0.0
    try:
        for x in bad(v):
            t = t + x
    except ValueError:
        t = t * v[2]
    return t


@case
def errstate(v):
    def logs(xs):
        with np.errstate(all="ignore"):
            for x in xs:
                yield np.log(np.abs(x))
    return sum(logs(v))


@case
def match_gen(v):
    def tokens(ops):
        for op in ops:
            match op:
                case ("push", x):
                    yield x
                case ("dup", x):
                    yield x
                    yield x * 2
                case _:
                    return
    return sum(t ** 2 for t in tokens([("push", v[0]), ("dup", v[1]), ("end",), ("push", v[2])]))


@case
def write_array_gen(v):
    def sweep(a):
        for i in range(1, len(a)):
            a[i] = a[i] + 0.5 * a[i - 1]
            yield a[i]
    a = v * 1.0
    s = 0.0
    for y in sweep(a):
        s = s + y * a[0]
        a[0] = a[0] * 1.1
    return s + a.sum()


@case
def views_gen(v):
    def rows(m):
        for i in range(len(m)):
            yield m[i]
    m = np.outer(v, v)
    for r in rows(m):
        r *= v
        r[0] = 0.5
    return m.sum()


@case
def default_arg(v):
    def g(xs, k=v[0]):
        for x in xs:
            yield k * x
    h = g
    return sum(h(v)) + sum(h(v, k=2.0))


@case
def partial_gen(v):
    def g(k, xs):
        for x in xs:
            yield k * x
    return sum(functools.partial(g, v[0])(v))
