"""Forward mode through sequences of anything that are joined and repeated: `2 * rows`, `a + b`."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text

FORMS = ["2 * x", "x * 2", "k * x", "x * k", "True * x", "0 * x", "x + x * k", "2 * x + x",
         "3 * x[:1]", "k * (x,)", "(x,) * k", "2 * [x[0], x]"]
VALUES = {
    "rows": [[0.4, 0.8], [0.1, 2.0]], "numbers": [0.3, 0.4], "tuples": ((0.3,), (0.5, 0.6)),
    "arrays": [np.array([0.3, 0.4]), 0.5], "dicts": ({"a": 0.5}, {"a": 0.3})}


def leaves(value):
    if isinstance(value, dict):
        value = list(value.values())
    return [n for v in value for n in leaves(v)] if isinstance(value, (list, tuple)) else [value]


def scaled(value):
    """A tangent that is linear in the value: so is that of each sequence."""
    if isinstance(value, dict):
        return {k: scaled(v) for k, v in value.items()}
    return type(value)(map(scaled, value)) if isinstance(value, (list, tuple)) else 3.0 * value


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", VALUES)
def test_tangents_of_sequences_are_joined_and_repeated_as_they_are(form, name):
    x = VALUES[name]
    f = run_text(f"def f(x):\n    k = np.int64(2)\n    return {form}\n", f"<joined: {form}>",
                 {"np": np})["f"]
    value, dot = sd.jvp(f, (x,), (scaled(x),))
    assert len(leaves(value)) == len(leaves(f(x)))
    for found, expected in zip(leaves(dot), leaves(scaled(f(x))), strict=True):
        np.testing.assert_allclose(found, expected)
