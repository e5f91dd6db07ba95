"""A module with a state, which functions of other modules read through it."""

import types

ITEMS = [1.0]
RATE = 2.0
SPACE = types.SimpleNamespace(items=[1.0])


def read(k):
    return ITEMS[0] * k
