"""Options of a rule's function that a dict holds, spread by `**`, in forward mode."""

import numpy as np
import pytest

import s2sdiff as sd

OPTIONS = {"zeros": {"mode": "constant", "constant_values": (0, 0)},
           "ramp": {"mode": "linear_ramp", "end_values": (1.5, 2)}, "edge": {"mode": "edge"}}


@pytest.mark.parametrize("name", OPTIONS)
def test_what_has_no_derivative_beside_what_moves_is_nothing_unknown(name):
    def padded(x, options):
        return np.pad(x, [(1, 2)], **options[name])

    x, t = np.array([0.5, 2.0, -1.0]), np.array([1.0, 0.25, 3.0])
    value, tangent = sd.jvp(lambda x: padded(x, OPTIONS), (x,), (t,))
    np.testing.assert_array_equal(value, padded(x, OPTIONS))
    # It is linear in x, but for what the ramp leads to.
    np.testing.assert_allclose(tangent, padded(x + t, OPTIONS) - value, atol=1e-15)
    _, tangent = sd.jvp(padded, (x, OPTIONS), (t, None))
    np.testing.assert_allclose(tangent, padded(x + t, OPTIONS) - value, atol=1e-15)
