"""Generators that write, recur, stop and go on, of an array of four floats."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.generators_handed import Model, Source, squares

CASES = []


def case(function):
    CASES.append(function)
    return function


@dataclass
class Node:
    value: Any
    left: Any = None
    right: Any = None
    def __iter__(self):
        if self.left is not None:
            yield from self.left
        yield self.value
        if self.right is not None:
            yield from self.right


def walk(node):
    if node is None:
        return
    yield from walk(node.left)
    yield node.value
    yield from walk(node.right)


def tree(v):
    return Node(v[0], Node(v[1]), Node(v[2], Node(v[3])))


@case
def tree_walk(v):
    total = 0.0
    for k, x in enumerate(walk(tree(v))):
        total = total + (k + 1) * x ** 2
    return total


@case
def tree_iter(v):
    return sum((k + 1) * x for k, x in enumerate(tree(v)))


@case
def tree_list(v):
    a = list(tree(v))
    return a[0] * a[1] + a[2] * a[3]


def averager(xs):
    total = 0.0
    for x in xs:
        total = total + x
        yield x
    return total / len(xs)


def report(xs, out):
    mean = yield from averager(xs)
    out.append(mean)


@case
def yield_from_value(v):
    out = []
    total = 0.0
    for x in report(v, out):
        total = total + x * x
    return total * out[0]


def logger(log, v):
    for x in v:
        log.append(x * 2)
        yield x
        log.append(x * 3)


class Logged:
    def __init__(self, v):
        self.v, self.log = v, []
    def items(self):
        for x in self.v:
            self.log.append(x * 2)
            yield x
            self.log.append(x * 3)


@case
def effects_of_method(v):
    obj = Logged(v)
    total = 0.0
    for x in obj.items():
        total = total + x * obj.log[-1]
        obj.log.append(total)
    return total + sum(obj.log)


@case
def writes_while_drawing(v):
    m = Model(v)
    total = 0.0
    for p in m.parameters():
        m.layers[1].w = m.layers[1].w * 1.5
        total = total + p ** 2
    return total


@case
def partly(v):
    obj = Logged(v)
    total = 0.0
    for x in obj.items():
        total = total + x * x
        if len(obj.log) > 2:
            break
    return total + sum(obj.log)


@case
def in_container(v):
    its = [squares(v), squares(2 * v)]
    total = 0.0
    for it in its:
        for x in it:
            total = total + x
    return total


@case
def round_robin(v):
    its = [squares(v[:2]), squares(v[2:])]
    total = 1.0
    while its:
        for it in list(its):
            try:
                total = total * 1.1 + next(it)
            except StopIteration:
                its.remove(it)
    return total


class Trajectory:
    def __init__(self, y0, k):
        self.y0, self.k = y0, k
    def steps(self, n, h=0.1):
        y = self.y0
        for i in range(n):
            y = y + h * (-self.k * y)
            yield i * h, y


@case
def ode_steps(v):
    total = 0.0
    for t, y in Trajectory(v[0], v[1]).steps(5):
        total = total + (y - np.exp(-t)) ** 2
    return total


def with_try(v, log):
    try:
        for x in v:
            yield x * x
    finally:
        log.append(v[0] * 7)


@case
def finally_full(v):
    log = []
    s = sum(with_try(v, log))
    return s + sum(log)


@case
def finally_left(v):
    log = []
    total = 0.0
    for x in with_try(v, log):
        total = total + x
        break
    return total + sum(log)


@case
def sent(v):
    def acc():
        total = 0.0
        while True:
            x = yield total
            if x is None:
                break
            total = total + x * x
    it = acc()
    next(it)
    it.send(v[0])
    return it.send(v[1]) * v[2]


@case
def fibonacci(v):
    class Fib:
        def __init__(self, a, b):
            self.a, self.b = a, b

        def __iter__(self):
            a, b = self.a, self.b
            while True:
                yield a
                a, b = b, a + b
    total = 0.0
    for i, x in enumerate(Fib(v[0], v[1])):
        if i >= 5:
            break
        total = total + x * x
    return total


@case
def enumerate_infinite_zip(v):
    return sum(a * b for a, b in zip(v, Source(v[0]).powers()))


@case
def pipeline(v):
    def source(xs):
        for x in xs:
            yield x
    def scaled(it, k):
        for x in it:
            yield k * x
    def positive(it):
        for x in it:
            if x > 0:
                yield x
    stages = [lambda it: scaled(it, v[0]), positive]
    it = source(v)
    for s in stages:
        it = s(it)
    return sum(it)


@case
def class_pipeline(v):
    class Stage:
        def __init__(self, k):
            self.k = k

        def __call__(self, it):
            for x in it:
                yield self.k * x + 1.0
    it = iter(v)
    for k in (v[0], v[1]):
        it = Stage(k)(it)
    return sum(x ** 2 for x in it)


@case
def ifelse_yield(v):
    class A:
        def __init__(self, v):
            self.v = v

        def go(self):
            for i, x in enumerate(self.v):
                if i % 2:
                    continue
                if x > 10:
                    return
                yield x * i
            else:
                yield x * 5
    return sum(A(v).go())
