"""Gradients of plain containers and objects, which one walk makes, beside those of others."""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from typing import Any, Generic, TypeVar

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.runtime import quick_structures

T = TypeVar("T")


class Plain(Generic[T]):
    def __init__(self, w: Any) -> None:
        self.w = w
        self.name = "plain"


class Slotted(Plain[float]):
    __slots__ = ("b",)

    def __init__(self, w: Any, b: float) -> None:
        super().__init__(w)
        self.b = b


@dataclasses.dataclass(frozen=True)
class Spring:
    stiffness: float
    length: float = sd.field(differentiable=False, default=1.0)
    names: tuple[str, ...] = ("a", "b")


def squares(x: Any) -> Any:
    """The sum of w², whatever w lies in."""
    return x.w * x.w


def test_plain_objects_in_dicts_and_lists() -> None:
    """d(w²) = 2w, None for what is no number."""
    model = {"layers": [Plain(2.0), Plain(np.float32(3.0))], "step": 1, "on": True}
    made = sd.grad(lambda m: sum(squares(p) for p in m["layers"]))(model)
    assert made.keys() == model.keys() and made["step"] is None and made["on"] is None
    first, second = made["layers"]
    assert type(first) is Plain and (first.w, first.name) == (4.0, None)
    assert second.w == 6.0 and type(second.w) is np.float32


def test_fields_that_are_no_variables() -> None:
    made = sd.grad(lambda s, x: s.stiffness * (x - s.length) ** 2)(Spring(2.0), 4.0)
    assert type(made) is Spring
    assert dataclasses.astuple(made) == (9.0, None, (None, None))


def test_slots_are_no_fields_of_the_dict() -> None:
    made = sd.grad(lambda s: s.w * s.b)(Slotted(2.0, 3.0))
    assert type(made) is Slotted and (made.w, made.b) == (3.0, 2.0)


def test_others_are_made_as_before() -> None:
    value = OrderedDict(w=3.0)
    assert quick_structures.quick_gradient(None, value, {}) is quick_structures.OTHER
    assert sd.grad(lambda v: v["w"] * v["w"])(value) == OrderedDict(w=6.0)


def test_what_is_there_twice_has_one_gradient() -> None:
    """d(w²·w) = 3w², all of it in both places."""
    w = [2.0]
    made = sd.grad(lambda v: v["a"][0] * v["a"][0] * v["b"][0])({"a": w, "b": w})
    assert made["a"] == [12.0] and made["a"] is made["b"]


def test_no_two_arrays_share_memory() -> None:
    """A sum hands one cotangent, stretched from a number, to both of its terms."""
    made = sd.grad(lambda v: np.sum(v["a"] + v["b"]))({"a": np.ones(3), "b": np.ones(3)})
    made["a"][0] = 5.0
    assert made["b"].tolist() == [1.0, 1.0, 1.0]


KEPT = np.array([1.0, 2.0, 3.0])


@pytest.mark.parametrize("loss", [
    lambda v, x: np.dot(v["a"][0].w, x),
    lambda v, x: np.dot(v["a"][0].w, KEPT),
    lambda v, x: v["a"][0].w[::-1] @ x,
    lambda v, x: sum(np.dot(p.w, x) for p in v["a"]),
    lambda v, x: np.dot(v["a"][0].w, x) if len(v["a"]) else 0.0,
    lambda v, x: np.dot(v["a"][0].w, v["b"]),
])
def test_gradients_in_structures_are_nobody_elses(loss: Any) -> None:
    """d(w·x)/dw = x, but it is not x itself: whoever steps along it in place would change x."""
    value = {"a": [Plain(np.ones(3))], "b": KEPT.copy()}
    x = KEPT.copy()
    for made in (sd.grad(loss)(value, x), sd.value_and_grad(loss)(value, x)[1]):
        made["a"][0].w *= 0.5
        assert sorted(made["a"][0].w) == [0.5, 1.0, 1.5]
    assert x.tolist() == value["b"].tolist() == KEPT.tolist() == [1.0, 2.0, 3.0]


def test_the_structure_is_that_of_the_beginning() -> None:
    """Where the list grows; where nothing is written, the text has no notes of it."""
    def grown(v: list) -> Any:
        v.append(v[0] * v[1])
        return v[2] * v[0]

    assert sd.grad(grown)([2.0, 3.0]) == [12.0, 4.0]
    text = sd.source(lambda v: v[0] * v[1], "grad", args=([2.0, 3.0],))
    assert "parts" not in text


def test_tangents_of_floats_in_structures() -> None:
    """d(w²·k) along dw = 1, in both modes."""
    model = {"layers": [Plain(2.0), Plain(5.0)], "k": 3.0}

    def loss(m: Any) -> Any:
        return squares(m["layers"][0]) * m["k"]

    dot = {"layers": [{"w": 1.0}, None], "k": 0.5}
    assert sd.jvp(loss, (model,), (dot,)) == (12.0, 14.0)
    with pytest.raises(TypeError, match=r"argument 0\['layers'\]\[0\]\.w"):
        sd.jvp(loss, (model,), ({"layers": [{"w": "a"}, None], "k": 0.5},))
