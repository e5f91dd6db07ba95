"""Branches on containers that change afterwards: the way back takes the side that was taken."""

from __future__ import annotations

import numpy as np
import pytest

from tests.transforms.programs import agrees


class Task:
    """Adds a number to a list when it is run."""

    def __init__(self, items, k):
        self.items, self.k = items, k

    def run(self):
        self.items[0] = self.items[0] * self.k + self.k


class Tasks:
    """Runs tasks, the last one first."""

    def __init__(self, tasks):
        self.tasks = tasks

    def all(self):
        while self.tasks:
            task = self.tasks.pop()
            task()

    def one(self):
        if self.tasks:
            self.tasks.pop()()

    def each(self):
        while len(self.tasks):
            self.tasks.pop()()


@pytest.mark.parametrize("name", ["all", "one", "each"])
def test_a_list_that_is_emptied(name):
    def f(x):
        items = [x]
        tasks = Tasks([Task(items, x).run, Task(items, 2.0).run])
        getattr(tasks, name)()
        return items[0] * len(tasks.tasks + [1])

    agrees(f, 1.3)


def test_an_array_of_one_number_that_is_cleared():
    def f(x):
        flag, y = np.ones(1), np.array([x, x])
        if flag:
            flag[0] = 0.0
            y[0] = y[0] * x
        else:
            y[1] = 0.0
        return np.sum(y * y) + flag[0]

    agrees(f, 1.3)
