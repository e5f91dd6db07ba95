"""Objects with arrays, containers, callbacks and exceptions in them."""

import numpy as np

from tests.language.table import supported

V = np.array([0.5, -1.2, 2.0])


class Layer:
    """Weights that are changed in place."""

    def __init__(self, w):
        self.w = w
        self.grads = []

    def step(self, x):
        self.w[0] *= x
        self.grads.append(self.w[1] * x)
        return self.w


class Tree:
    """Nodes with children in a dict."""

    def __init__(self, value, **children):
        self.value = value
        self.children = children

    def total(self):
        self.value = self.value + sum(c.total() for c in self.children.values())
        return self.value

    def map(self, f):
        return Tree(f(self.value), **{k: c.map(f) for k, c in self.children.items()})


class Bank:
    """Balances that are checked before they are changed."""

    def __init__(self, **balances):
        self.balances = balances
        self.log = []

    def check(self, source, amount):
        if self.balances[source] < amount:
            raise ValueError("no funds")

    def move(self, source, target, amount):
        self.balances[source] -= amount
        self.balances[target] += amount * 0.99
        self.log.append(amount)


@supported("object whose method writes its array", lambda: (V.copy(), 1.3))
def array_shared_with_an_object(a, x):
    a = a * 1.0
    layer = Layer(a)
    w = layer.step(x)
    a[2] = w[0]
    layer.step(a[2])
    return w * layer.grads[0] + layer.grads[1]


@supported("objects in a list in a loop", lambda: ([0.7, 2.0], 1.3))
def layers_of_views(v, x):
    a = np.array(v + [x])
    layers = [Layer(a[:2]), Layer(a[1:])]
    for _ in range(2):
        for layer in layers:
            layer.step(x)
    return a * sum(layers[0].grads)


@supported("objects that hold objects in a dict", lambda: (1.3, 0.7))
def tree_of_objects(x, y):
    tree = Tree(x, left=Tree(y), right=Tree(x * y, leaf=Tree(2.0)))
    squared = tree.map(lambda v: v * v * y)
    return tree.total() * squared.total() + tree.children["right"].value


@supported("exception between writes", lambda: (Bank(a=1.3, b=0.7), 1.0))
def failed_transfers_are_halved(bank, amount):
    for source, target in [("a", "b"), ("a", "b"), ("b", "a")]:
        try:
            bank.log.append(amount * bank.balances[source])
            bank.check(source, amount)
            bank.move(source, target, amount)
        except ValueError:
            amount = amount * 0.5
    return bank.balances["a"] * bank.balances["b"] + sum(bank.log)


@supported("closure over an object", lambda: (V.copy(), 1.3))
def closure_changes_an_object(a, x):
    layer = Layer(a * x)

    def update(k):
        layer.w[k] += x
        layer.w = layer.w * 1.1

    old = layer.w
    update(0)
    update(1)
    return old * layer.w


@supported("callback in an object in a container", lambda: (1.3, 0.7))
def registered_callbacks(x, y):
    class Signal:
        def __init__(self):
            self.slots = []
            self.value = x

        def fire(self, v):
            for slot in self.slots:
                self.value = slot(self, v) * self.value

    s = Signal()
    s.slots += [lambda me, v: v * y, lambda me, v: me.value + v]
    s.fire(2.0)
    s.fire(s.value)
    return s.value
