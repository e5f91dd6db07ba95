"""Forward mode of rules whose pullbacks ask a cotangent for its shape, and compute with that."""


import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text

X = np.array([[1.0, 2.0, 3.0], [0.5, -1.0, 2.0]])
V = np.array([[0.3, 1.0, -0.2], [0.4, 0.1, 0.7]])

PULLBACKS = {
    "shape": "z_bar * np.full(z_bar.shape, 2.0)",
    "shape, computed": "z_bar * np.full((z_bar.shape[0], 1), 4.0 / z_bar.shape[0])",
    "len": "z_bar * (4.0 / len(z_bar))",
    "size": "z_bar * (12.0 / z_bar.size)",
    "ndim": "z_bar * float(z_bar.ndim)",
    "like": "2 * z_bar * np.ones_like(z_bar)",
    "broadcast": "np.broadcast_to(np.full((z_bar.shape[0], 1), 2.0), z_bar.shape) * z_bar",
    "reshaped": "np.reshape(np.ravel(z_bar) * np.full(z_bar.size, 2.0), z_bar.shape)",
    "of a part": "np.concatenate([z_bar[:1] * np.full(z_bar[:1].shape, 2.0), 2 * z_bar[1:]])",
}


def rule_of(text):
    """A rule whose pullback is written in it, where it can be pasted."""
    source = f"def rule(x):\n    return doubled(x), lambda z_bar: {text}\n"
    file = f"<rule {text}>"
    names = {"np": np, "__name__": "rules", "doubled": lambda x: x * 2}
    run_text(source, file, names)
    return names["doubled"], names["rule"]


@pytest.mark.parametrize("name", PULLBACKS)
def test_the_tangent_is_that_of_the_function(name):
    doubled, rule = rule_of(PULLBACKS[name])
    sd.derivative(of=doubled)(rule)

    def f(x):
        return np.sum(doubled(x) ** 2)

    np.testing.assert_allclose(sd.jvp(f, (X,), (V,))[1], np.sum(8 * X * V))
    np.testing.assert_allclose(sd.vjp(f, X)[1](1.0), 8 * X)
    np.testing.assert_allclose(sd.jvp(sd.grad(f), (X,), (V,))[1], 8 * V)
