"""Names that mean something else after code was made of what they meant while it was written."""

import math

import pytest

from tests.transforms.programs import agrees_now as agrees

HELD = []


def item_and_call(x):
    a = [x, 2.0]
    HELD.append(a)
    # Python reads the item before the call, which may write it.
    a[0] += called(x)
    HELD.pop()
    return a[0] * a[1]


def around(x):
    return item_and_call(x) * x


def call_of_a_generator(x):
    return decides(v > 1.0 for v in (x, x * 2.0)) * x


called = math.sin
decides = any


def writes(x):
    HELD[-1][0] = x * x
    return x


@pytest.mark.parametrize("f", [item_and_call, around])
def test_a_function_that_writes_from_now_on_is_called_after_the_item_is_read(f, monkeypatch):
    agrees(f, 0.7)
    for meaning in (writes, math.cos, writes):
        monkeypatch.setitem(globals(), "called", meaning)
        agrees(f, 0.7)


def test_what_uses_a_generator_up_is_what_the_name_means_now(monkeypatch):
    agrees(call_of_a_generator, 0.7)
    for meaning in (all, sum, any):
        monkeypatch.setitem(globals(), "decides", meaning)
        agrees(call_of_a_generator, 0.7)
