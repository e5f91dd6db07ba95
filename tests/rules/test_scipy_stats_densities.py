"""Parts of the densities' slopes that have forms of their own."""

import numpy as np
import pytest

pytest.importorskip("scipy.stats")
from scipy.special import digamma  # noqa: E402

from s2sdiff.rules.scipy_stats_slopes import digamma_step  # noqa: E402


def test_the_step_of_digamma_keeps_its_digits_on_both_sides_of_the_change_of_forms():
    x = np.array([0.3, 7.0, 49.9, 50.1, 60.0, 100.0])
    found = digamma(x + 0.5) - digamma(x) - 0.5 / x
    np.testing.assert_allclose(digamma_step(x), found, rtol=3e-9)
    # Of large numbers the first terms of DLMF 5.11.2 are all that is left.
    np.testing.assert_allclose(digamma_step(np.array([1e6])), [1 / 8e12], rtol=1e-11)
