"""Generators that are methods, and generators that go through other hands."""

import numpy as np

from tests.language.table import refused, supported


class Pair:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def parameters(self):
        yield self.w
        yield self.b


class Stack:
    def __init__(self, *layers):
        self.layers = layers

    def named_parameters(self):
        for i, layer in enumerate(self.layers):
            for p in layer.parameters():
                yield i, p

    def __iter__(self):
        for layer in self.layers:
            yield from layer.parameters()


@supported("generator method", lambda: (np.array([0.5, -1.2, 2.0]), 0.7))
def penalty_of_a_model(a, x):
    model = Stack(Pair(a[0], x), Pair(a[1], a[2]))
    largest = max(p for i, p in model.named_parameters() if i > 0)
    return sum(p**2 for p in model) * x + largest


@supported("generator method", lambda: (np.array([0.5, -1.2, 2.0]), 0.7))
def generator_that_reads_what_the_loop_writes(a, x):
    layer = Pair(a[0], a[1])
    total = 0.0
    for p in layer.parameters():
        layer.b = layer.b * p + x
        total = total + p * p
    return total


@supported("generator that is handed on", lambda: (1.3, 3))
def generator_in_a_container(x, n):
    def terms(v):
        for k in range(n):
            yield v**k

    kept = [terms(x)]
    return sum(kept[0])


def decayed(items, rate):
    total = 0.0
    for v in items:
        total = rate * total + v
    return total


@supported("generator that is handed on", lambda: ([1.3, 0.7, 2.0], 0.9))
def generators_for_another_function(values, x):
    def running(items):
        total = 0.0
        for v in items:
            total = total + v
            yield total

    return decayed(running(values), x) + decayed((v * x for v in values), x)


def in_order(tree):
    if tree is not None:
        left, value, right = tree
        yield from in_order(left)
        yield value
        yield from in_order(right)


@supported("generator that reads what it fills", lambda: (1.3, 0.7))
def running_products(x, y):
    table = {"a": x, "b": y}
    table.update((key, table["a"] * table[key]) for key in "ba")
    return table["a"] * table["b"]


@supported("generator that calls itself", lambda: (1.3, 0.7))
def walk_over_a_tree(x, y):
    tree = ((None, x, None), x * y, (None, y, (None, x + y, None)))
    return sum(k * v for k, v in enumerate(in_order(tree)))


@supported("`send`, and what `yield from` gives", lambda: (1.3,))
def generator_that_is_answered(x):
    def squares():
        y = yield x
        yield y * y

    def through(make):
        last = yield from make()
        yield last or x

    def plain():
        yield x
        return x * x

    it = squares()
    return next(it) * it.send(x) + sum(through(plain))


@supported("generator that never ends", lambda: (1.3, 0.7))
def iterates_until_they_settle(a, x):
    def newton():
        guess = a
        while True:
            yield guess
            guess = 0.5 * (guess + a / guess)

    for k, guess in enumerate(newton()):
        if k == 4:
            break
    return guess * x


@supported("generator with a `finally`, drawn to its end or left by its loop", lambda: (1.3, 0.7))
def generator_that_tidies_up(x, y):
    log = []

    def guarded(v):
        try:
            yield v
            yield v * y
        finally:
            log.append(v * v)

    for v in guarded(x):
        break
    return sum(guarded(y)) * v + sum(log)


@refused("generator left in a `finally`", lambda: (1.3,), "UnsupportedError", r"left in a try",
         "Python ends it when nobody has it any more, which generated code cannot tell")
def generator_that_is_dropped(x):
    log = []

    def guarded():
        try:  # here
            yield x
        finally:
            log.append(x * x)

    first = next(guarded())
    return first + sum(log)
