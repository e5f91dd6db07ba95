"""Annotations that nobody evaluates: names that only a type checker knows."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

import s2sdiff as sd

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray


@contextlib.contextmanager
def pool(x: Any):
    class Held:
        kept: NDArray = 1.0

        def __init__(self, v: Any) -> None:
            self.v: Any = v

        def of(self, w: NDArray) -> Any:
            return self.v * w * self.kept

    yield Held(x)


def managed(x: Any) -> Any:
    with pool(x) as held:
        return held.of(x) * x


def steps(x: Any):
    def inner(v: NDArray) -> Any:
        return v * x

    yield inner(x)
    yield inner(2.0)


def drawn(x: Any) -> Any:
    it = steps(x)
    return next(it) * x + 0.0 * sum(it)


def nested(x: Any) -> Any:
    class Cubed:
        power: NDArray = 3.0

        def of(self, v: Any) -> Any:
            return v ** self.power

    return Cubed().of(x)


@pytest.mark.parametrize("f", [managed, drawn, nested])
def test_code_is_compiled_as_its_module_asks(f):
    # All of them are x^3.
    assert f(2.0) == 8.0
    assert sd.grad(f)(2.0) == pytest.approx(12.0)
    assert sd.jvp(f, (2.0,), (1.0,))[1] == pytest.approx(12.0)
    assert sd.grad(sd.grad(f))(2.0) == pytest.approx(12.0)
