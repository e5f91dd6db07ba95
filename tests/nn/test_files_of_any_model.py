"""Models of every kind of structure in files, and in their phases."""

from collections import deque, namedtuple
from dataclasses import dataclass

import numpy as np
import pytest

from s2sdiff import nn

Pair = namedtuple("Pair", "w b")


@dataclass(slots=True)
class Slotted:
    w: np.ndarray
    parts: list


@dataclass(slots=True, frozen=True)
class Frozen:
    w: np.ndarray


class Outer(Slotted):
    """Slots of a class above, and a `__dict__` of its own."""


def made(factor):
    a = factor * np.arange(1.0, 4.0)
    outer = Outer(a + 3, [])
    outer.more = a + 4
    return {"slots": Slotted(a, [Frozen(a + 1), Pair(a + 2, factor)]), "outer": outer,
            "deque": deque([factor, a + 5], maxlen=3)}


def arrays(model):
    slots, outer = model["slots"], model["outer"]
    return [slots.w, slots.parts[0].w, *slots.parts[1], outer.w, outer.more, *model["deque"]]


def test_slots_and_deques_come_back_from_a_file(tmp_path):
    saved, other = made(2.0), made(0.0)
    nn.save(tmp_path / "model.npz", saved)
    loaded = nn.load(tmp_path / "model.npz", like=other)
    for found, expected in zip(arrays(loaded), arrays(saved), strict=True):
        np.testing.assert_array_equal(found, expected)
    assert loaded["deque"].maxlen == 3
    assert type(loaded["slots"].parts[0]) is Frozen
    np.testing.assert_array_equal(other["slots"].w, [0.0, 0.0, 0.0])


@dataclass(slots=True)
class Model:
    dropout: nn.Dropout
    name: str = "model"


def test_what_lies_in_slots_has_phases():
    model = Model(nn.Dropout(0.5, generator=np.random.default_rng(0)))
    used = nn.inference(model)
    assert (used.dropout.training, model.dropout.training) == (False, True)
    assert type(used) is Model


def test_two_parts_of_one_name_are_not_saved_as_one(tmp_path):
    with pytest.raises(ValueError, match="save: 1 is the name of two parts.*Instead, "):
        nn.save(tmp_path / "model.npz", {1: 1.0, "1": 2.0})
