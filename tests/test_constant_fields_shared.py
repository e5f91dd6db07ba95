"""Objects in a constant field that are in a field that is none, too."""

from dataclasses import dataclass, field

import numpy as np
import pytest

import s2sdiff as sd


@dataclass
class Part:
    value: float


@dataclass
class Model:
    part: Part
    fixed: object = sd.field(differentiable=False, default=None)
    others: list = field(default_factory=list)

    def constant(self):
        for _ in range(1):
            found = self.fixed
        return found

    def returned(self):
        return self.constant().value ** 2 + self.part.value

    def listed(self):
        return self.constant()[0].value ** 2 + self.part.value

    def handed_on(self):
        return squared(self.fixed) + self.part.value


def squared(part):
    total = 0.0
    for _ in range(1):
        total += part.value ** 2
    return total


def shared(way):
    part = Part(2.0)
    return Model(part, [part] if way is Model.listed else part)


@pytest.mark.parametrize("way", [Model.returned, Model.listed])
def test_what_a_method_returns_of_both_is_refused(way):
    zero = sd.zero_tangent(shared(way))
    for derivative in (lambda: sd.grad(way)(shared(way)), lambda: sd.vjp(way, shared(way)),
                       lambda: sd.jvp(way, (shared(way),), (zero,))):
        with pytest.raises(sd.AliasingError, match="in another field, too.*Instead, "):
            derivative()


@pytest.mark.parametrize("way", [Model.returned, Model.listed, Model.handed_on])
def test_another_object_in_a_constant_field_is_a_constant(way):
    fixed = [Part(2.0)] if way is Model.listed else Part(2.0)
    for _ in range(2):
        model = Model(Part(2.0), fixed, [np.ones(2), "a"])
        assert sd.grad(way)(model).part.value == 1.0
        _, pullback = sd.vjp(way, model)
        assert [pullback(s).part.value for s in (1.0, 2.0)] == [1.0, 2.0]
        tangent = Model(Part(1.0), None, [np.zeros(2), None])
        assert sd.jvp(way, (model,), (tangent,)) == pytest.approx((6.0, 1.0))
