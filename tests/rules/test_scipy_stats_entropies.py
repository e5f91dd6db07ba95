"""Entropies of `scipy.stats` that are integrals, also over points where the density underflows."""

import numpy as np
import pytest

import s2sdiff as sd

stats = pytest.importorskip("scipy.stats")


class Flat(stats.rv_continuous):
    """Between 0 and a number that moves."""

    def _get_support(self, k):
        return 0.0, k

    def _pdf(self, x, k):
        return np.ones_like(x) / k


class Counted(stats.rv_continuous):
    calls = 0

    def _pdf(self, x, k):
        self.calls += 1
        return k * np.exp(-k * x)


FLAT, COUNTED = Flat(shapes="k"), Counted(a=0.0, shapes="k")
ENTROPIES = {
    "of exponentials of powers": (lambda b: stats.exponpow.entropy(b), (2.7,)),
    "whose code fills arrays": (lambda c, d: stats.burr.entropy(c, d), (10.5, 4.3)),
    "of several": (lambda b, s: np.sum(stats.rice(b, scale=s).entropy()),
                   (np.array([0.2, 0.9]), 1.2)),
    "of a user's": (lambda k: FLAT.entropy(k), (1.7,)),
    "by the integral of an exponential": (
        lambda c, m: np.sum(stats.gompertz.entropy([c, 80.0 * c])) + stats.invgauss.entropy(m),
        (0.9, 0.2)),
}


@pytest.mark.filterwarnings("error:future versions will not create a writeable")
@pytest.mark.parametrize("name", ENTROPIES)
def test_an_entropy_agrees_with_differences(name):
    function, args = ENTROPIES[name]
    sd.jvp(function, args, args)  # without a warning of what `np.broadcast_arrays` gives
    assert sd.value_and_grad(function)(*args)[0] == function(*args)
    sd.check_grads(function, args)


def test_the_slope_in_a_density_that_counts_its_calls_is_refused():
    with pytest.raises(sd.UnsupportedError, match="may write what others see. Instead, "):
        sd.grad(lambda k: COUNTED.entropy(k))(1.7)
