"""Programs whose generators are methods, or go through other hands, of an array of four floats."""

import functools
import itertools
import math

import numpy as np

CASES = []


def case(function):
    CASES.append(function)
    return function


class Layer:
    def __init__(self, w, b):
        self.w, self.b = w, b
    def __call__(self, x):
        return np.tanh(x * self.w + self.b)
    def parameters(self):
        yield self.w
        yield self.b
    def named(self):
        yield "w", self.w
        yield "b", self.b


class Model:
    def __init__(self, v):
        self.layers = [Layer(v[0], v[1]), Layer(v[2], v[3])]
    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
    def parameters(self):
        for layer in self.layers:
            yield layer.w
            yield layer.b
    def deep(self):
        for layer in self.layers:
            yield from layer.parameters()
    def named_parameters(self):
        for i, layer in enumerate(self.layers):
            for name, p in layer.named():
                yield f"{i}.{name}", p
    def __iter__(self):
        for layer in self.layers:
            yield from layer.parameters()


@case
def penalty(v):
    model = Model(v)
    return sum(np.sum(p ** 2) for p in model.parameters()) + model(v[0])


@case
def named_loop(v):
    model = Model(v)
    total = 0.0
    for name, p in model.named_parameters():
        if name.endswith("w"):
            total = total + p ** 2
    return total


@case
def as_dict(v):
    d = dict(Model(v).named_parameters())
    return d["0.w"] * d["1.b"]


@case
def iter_class(v):
    total = 1.0
    for p in Model(v):
        total = total * p
    return total


class Sub(Model):
    def __init__(self, v):
        super().__init__(v)
        self.scale = v[1] * 2
    def parameters(self):
        yield from super().parameters()
        yield self.scale


@case
def hierarchy(v):
    m = Sub(v)
    return sum(p ** 2 for p in m.parameters())


def total_of(items):
    total = 0.0
    for p in items:
        total = total + p * p
    return total


@case
def passed_to_helper(v):
    return total_of(Model(v).parameters())


def squares(v):
    for x in v:
        yield x * x


@case
def nexts(v):
    it = Model(v).parameters()
    a = next(it)
    b = next(it)
    return a * b + next(it)


@case
def enumerated(v):
    total = 0.0
    for i, p in enumerate(Model(v).parameters()):
        total = total + (i + 1) * p
    return total


@case
def chained(v):
    m = Model(v)
    return sum(itertools.chain(m.parameters(), squares(v)))


@case
def islice(v):
    return sum(p * p for p in itertools.islice(Model(v).parameters(), 3))


class Source:
    def __init__(self, x):
        self.x = x
    def powers(self):
        n = 0
        while True:
            yield self.x ** n
            n += 1


@case
def infinite_break(v):
    total = 0.0
    for p in Source(v[0]).powers():
        total = total + p
        if p < 0.1 or total > 10:
            break
    return total


@case
def accumulate(v):
    return sum(itertools.accumulate(Model(v).parameters()))


@case
def product(v):
    m = Model(v)
    return sum(a * b for a, b in itertools.product(m.parameters(), squares(v)))


@case
def pairwise(v):
    return sum((a - b) ** 2 for a, b in itertools.pairwise(Model(v).parameters()))


@case
def reduced(v):
    return functools.reduce(lambda a, b: a * b, Model(v).parameters())


@case
def starred(v):
    def f(a, b, c, d):
        return a * b + c * d
    return f(*Model(v).parameters())


@case
def unpacked(v):
    a, b, *c = Model(v).parameters()
    return a * b + c[0]


@case
def twice(v):
    it = Model(v).parameters()
    a = sum(p ** 2 for p in it)
    b = sum(p ** 2 for p in it)
    return a + b


@case
def resumed(v):
    it = Model(v).parameters()
    a = 0.0
    for p in it:
        a = a + p ** 2
        if a > 0.1:
            break
    for p in it:
        a = a + p ** 3
    return a


class Batches:
    def __init__(self, xs, size):
        self.xs, self.size = xs, size
    def __iter__(self):
        for i in range(0, len(self.xs), self.size):
            yield self.xs[i:i + self.size]
    def __len__(self):
        return math.ceil(len(self.xs) / self.size)


@case
def batches(v):
    total = 0.0
    data = Batches(v, 2)
    for b in data:
        total = total + np.sum(b ** 2) / len(data)
    return total


@case
def genexp_over_method_to_helper(v):
    return total_of(p * 2 for p in Model(v).parameters())


@case
def static_gen(v):
    class P:
        @staticmethod
        def rows(v):
            for x in v:
                yield x ** 2
        @classmethod
        def more(cls, v):
            yield from cls.rows(v)
    return sum(P.rows(v)) + sum(P.more(v))


@case
def closure_gen(v):
    def gen(k):
        for x in v:
            yield k * x
    def run(g):
        return sum(a * a for a in g(v[0]))
    return run(gen)


@case
def polymorphic(v):
    class A:
        def ps(self):
            yield v[0] * 2
    class B:
        def ps(self):
            return [v[1], v[2]]
    total = 0.0
    for obj in (A(), B(), A()):
        for p in obj.ps():
            total = total + p * p
    return total
