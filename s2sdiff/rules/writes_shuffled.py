"""Shuffling in place; loaded when a function of `numpy.random` is met, which takes long to load."""

from __future__ import annotations

from typing import Any

import numpy as np

from s2sdiff.registry import derivative
from s2sdiff.rules.shared import unsupported
from s2sdiff.rules.writes_arrays import check_written
from s2sdiff.runtime.slots import sorted_back

__all__: list[str] = []


def shuffled(x: Any, axis: int, draw: Any) -> Any:
    """Shuffle numbers, which tell where the entries go: NumPy draws as many for anything as long.

    What is returned takes a shadow back.
    """
    if isinstance(x, list):
        order = np.arange(len(x))
        draw(order)
        origins = order.tolist()
        x[:] = [x[i] for i in origins]
        return lambda x_bar: sorted_back(x_bar, origins, len(origins))
    if not isinstance(x, np.ndarray):
        raise unsupported(f"shuffling a {type(x).__name__}", "make a list or an array of it first")
    active = check_written(x)
    rows = np.moveaxis(x, axis, 0)
    order = np.arange(len(rows))
    draw(order)
    rows[...] = rows[order]

    def pull(x_bar):
        if active:
            rows_bar = np.moveaxis(x_bar, axis, 0)
            after = rows_bar.copy()
            rows_bar[order] = after

    return pull


@derivative(of=np.random.shuffle, writes="x")
def shuffle(x):
    pull = shuffled(x, 0, np.random.shuffle)
    return None, lambda _, x_bar: (pull(x_bar), None)[1]


@derivative(of=np.random.RandomState.shuffle, writes="x")
def random_state_shuffle(self, x):
    pull = shuffled(x, 0, self.shuffle)
    return None, lambda _, x_bar: (None, (pull(x_bar), None)[1])


@derivative(of=np.random.Generator.shuffle, writes="x")
def generator_shuffle(self, x, axis=0):
    pull = shuffled(x, axis, self.shuffle)
    return None, lambda _, x_bar: (None, (pull(x_bar), None)[1], None)
