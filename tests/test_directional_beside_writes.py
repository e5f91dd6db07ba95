"""`jvp` inside of what is differentiated, of functions that write outside what they have read.

Where its text is not taken, its derivative comes from further runs, which find what the first one
has left.
"""

from __future__ import annotations

import types

import pytest

import s2sdiff as sd


class Model:
    rate = 3.0


SPACE = types.SimpleNamespace(rate=3.0)
HELD = [3.0]


def of_a_class(x):
    y = x * Model.rate * x
    setattr(Model, "rate", 2.0)  # noqa: B010  by its name
    return y


def of_an_object(x):
    y = x * SPACE.rate * x
    setattr(SPACE, "rate", 2)  # noqa: B010  by its name
    return y


def of_an_item(x):
    y = x * HELD[0] * x
    HELD[0] = 2
    return y


def of_what_is_taken_out(x):
    y = x * HELD.pop() * x
    HELD.append(2.0)
    return y


def noted(x):
    HELD.append("seen")
    return 3.0 * x * x


@pytest.mark.parametrize("f", [of_a_class, of_an_object, of_an_item, of_what_is_taken_out, noted],
                         ids=lambda f: f.__name__)
@pytest.mark.parametrize("way", [
    lambda f: sd.grad(lambda x: sd.jvp(f, (x,), (1.0,))[1])(0.7),
    lambda f: sd.vjp(lambda x: sd.jvp(f, (x,), (1.0,))[1], 0.7)[1](1.0),
    lambda f: sd.jvp(lambda x: sd.jvp(f, (x,), (1.0,))[1], (0.7,), (1.0,))[1],
], ids=["backwards", "by a pullback", "forwards"])
def test_a_second_derivative_is_of_the_first_run_or_refused(f, way):
    Model.rate = SPACE.rate = 3.0
    HELD[:] = [3.0]
    try:
        found = way(f)
    except sd.DifferentiationError as error:
        assert f is not noted and "Instead, " in str(error)
    else:
        assert found == pytest.approx(6.0)
