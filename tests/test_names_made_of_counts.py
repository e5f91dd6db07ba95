"""Names that are made of how much something holds, and what managers record: nothing is active."""

import threading
import warnings

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes

LOCK = threading.Lock()


class Node:
    def __init__(self, model, name, x):
        self.model, self.name, self.x = model, name, x


class Model:
    def __init__(self):
        self.nodes = {}
        self.solved = None

    def add(self, x, name=None):
        if name:
            if name in self.nodes:
                raise NameError(f"{name} is taken")
        else:
            name = "N" + str(len(self.nodes))
            count = 1
            while name in self.nodes:
                name = "N" + str(len(self.nodes) + count)
                count += 1
        self.nodes[name] = Node(self, name, x)
        self.solved = None
        return name


def built(x):
    model = Model()
    first, second = model.add(x * x), model.add(np.sin(x), "N2")
    third = model.add(3.0 * x)
    assert third == "N3"
    return model.nodes[first].x * model.nodes[second].x + model.nodes[third].x ** 2


class Box:
    def __init__(self, x):
        self.x = x


def recorded(x):
    box = Box(2.0 * x)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        y = box.x * x
        warnings.warn("large")
    box.x = y
    return y * box.x * (1 + any(w.category is UserWarning for w in caught)) + len(caught)


def kept_apart(x):
    box = Box(x)
    with np.errstate(all="ignore") as old, LOCK as got:
        box.x = box.x * x
    return box.x ** 2 if old is None and got else box.x


def read_back(x):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.warn(str(x * x))
    return float(str(caught[0].message)) * x


@pytest.mark.parametrize("f", [built, recorded, kept_apart])
def test_both_modes_agree_with_differences(f):
    check_both_modes(f)


def test_a_number_in_a_recorded_warning_is_refused():
    with pytest.raises(sd.DifferentiationError, match="Instead, "):
        sd.grad(read_back)(0.7)
