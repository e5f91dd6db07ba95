"""Calls that wrote and then raised: what they had done counts, whatever they are called by."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.cache import record_of
from tests.from_text import run_text
from tests.transforms.programs import agrees


class Partly:
    """An object whose methods write, and then raise."""

    def __init__(self, x, items=None):
        self.x, self.items = x, [] if items is None else items
        if items is not None:
            items.append(x * x)
            raise ValueError

    def __add__(self, other):
        self.items.append(other * other)
        raise ValueError

    @property
    def half(self):
        self.items.append(self.x * self.x)
        raise ValueError

    @half.setter
    def half(self, value):
        self.items.append(value * self.x)
        raise ValueError

    def __getitem__(self, k):
        self.items.append(self.x * k)
        raise ValueError

    def __setitem__(self, k, v):
        self.items.append(v * k)
        raise ValueError

    def __call__(self, x, *more, by=2.0):
        self.items.append(x * by + sum(more))
        raise ValueError


@dataclass
class Checked:
    """Its fields are looked at when they have been set."""

    a: float
    items: list

    def __post_init__(self):
        self.items.append(self.a * self.a)
        raise ValueError


def reduced(total, x):
    total.append(x * x)
    if len(total) > 2:
        raise ValueError
    return total


def poured(items, x, k=1, *more, by=0.5):
    items[0] = items[0] * x
    for i in range(3):
        items.append(x * i * by + sum(more))
        if i == k:
            raise ValueError
    return items[-1]


def deeper(items, x):
    items.append(x)
    poured(items, x * x)
    items.append(x)


WAYS = {
    "constructor": lambda p, items, x: Partly(x, items),
    "dataclass": lambda p, items, x: Checked(x, items),
    "property": lambda p, items, x: p.half,
    "method of a property": lambda p, items, x: p.half(x),
    "called": lambda p, items, x: p(x, x, by=x),
    "function": lambda p, items, x: poured(items, x),
    "default": lambda p, items, x: poured(items, x, by=x),
    "stars": lambda p, items, x: poured(*(items, x, 2), *[x], **{"by": x}),
    "partial": lambda p, items, x: functools.partial(poured, items, by=x)(x),
    "reduce": lambda p, items, x: functools.reduce(reduced, [x, 2 * x, 3 * x], items),
    "key": lambda p, items, x: sorted([x, 2 * x], key=lambda t: poured(items, t)),
    "comprehension": lambda p, items, x: [poured(items, t) for t in (x, 2 * x)],
    "deeper": lambda p, items, x: deeper(items, x),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_was_done_before_the_exception_counts(way):
    def f(x):
        items = [x]
        p = Partly(x)
        try:
            way(p, items, x)
        except ValueError:
            items.append(x * len(items))
        return sum(items) * x + sum(p.items)

    agrees(f, 1.3)


def test_operators_that_raise():
    def f(x):
        p = Partly(x)
        try:
            p + x
        except ValueError:
            p.x = p.x * x
        try:
            p[2.0]
        except ValueError:
            p.x = p.x * x
        return sum(p.items) * p.x

    agrees(f, 1.3)


def test_writes_of_attributes_and_items_that_raise():
    def f(x):
        p = Partly(x)
        for k in range(3):
            try:
                if k == 0:
                    p.half = x * x
                elif k == 1:
                    p[x] = x * 3.0
                p.x = p.x * x
            except ValueError:
                p.x = p.x + 0.5
        return sum(p.items) * p.x

    agrees(f, 1.3)


def test_many_calls_in_one_body():
    lines = "\n".join(f"        poured(items, x, {9 if k < 30 else 1})" for k in range(40))
    head, tail = "def f(x):\n    items = [x]\n    try:\n", "    return sum(items)\n"
    text = f"{head}{lines}\n    except ValueError:\n        items[0] = items[0] * 2\n{tail}"
    space = {"poured": poured}
    run_text(text, "<many calls>", space)
    agrees(space["f"], 0.9)


def test_an_exception_that_only_goes_to_a_log():
    log = []

    def f(x):
        y = x
        try:
            y = poured([x], x) * y
        except ValueError as error:
            log.append((type(error).__name__, str(error)))
            y = y * x * len(type(error).__name__)
        return y

    agrees(f, 1.3)
    assert log[0] == ("ValueError", "")


def halved_while_large(x, bound):
    y = x * x
    for _ in range(3):
        y = y / 2.0
        if y < bound:
            raise ValueError
    return y * x


def test_how_far_a_call_came_that_wrote_nothing_is_not_kept():
    def f(x):
        total, log = 0.0, [x]
        for bound in (0.0, 0.3, 9.0):
            for function in (halved_while_large, poured):
                try:
                    given = (x, bound) if function is halved_while_large else (log, x)
                    total = total + function(*given) * x
                except ValueError:
                    total = total * x + len(log)
        return total + sum(log)

    agrees(f, 1.3)
    assert any(r.told for r in record_of(poured).states)
    assert not any(r.told for r in record_of(halved_while_large).states)


def updated(x):
    values = {"a": x}
    try:
        values.update([("b", x * x), ("c",)])
    except ValueError:
        pass
    return sum(values.values()) * len(values)


def joined(x):
    values = {"a": x}
    try:
        values |= [("b", x * x), ("c",)]
    except ValueError:
        pass
    return sum(values.values()) * len(values)


def put(x):
    a = np.array([x, 2 * x, 3.0])
    try:
        a.put([0, 9], [a[1] * a[1], 1.0])
    except IndexError:
        pass
    return np.sum(a * a)


def of_fields(x):
    thing = Thing(x)
    try:
        thing.__dict__.update([("total", x * x), ("b",)])
    except ValueError:
        pass
    return thing.total * x


class Thing:
    def __init__(self, total):
        self.total = total


@pytest.mark.parametrize("f", [updated, joined, put, of_fields], ids=lambda f: f.__name__)
def test_what_stopped_in_the_middle_is_refused_if_it_is_not_followed(f):
    x, h = 1.5, 1e-6
    want = (f(x + h) - f(x - h)) / (2 * h)
    try:
        assert sd.grad(f)(x) == pytest.approx(want, rel=1e-6)
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)
