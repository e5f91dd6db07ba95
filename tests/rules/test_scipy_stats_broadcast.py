"""Rules of functions of distributions: each where all of its arguments broadcast."""

import inspect

import numpy as np
import pytest

from s2sdiff import registry
from tests.rules.checker import check_rule

stats = pytest.importorskip("scipy.stats")

registry.find(stats.norm.cdf)  # which loads them
OWN = {f"{of.__self__.name}.{of.__name__}": of for of, modes in list(registry._rules.values())
       if inspect.ismethod(of) and isinstance(of.__self__, stats.rv_continuous) and "vjp" in modes}
POINTS, SHARES = np.array([[0.4, 0.9, 1.7]]), np.array([[0.2, 0.55, 0.9]])
SHAPES = [np.array([[1.3], [2.6]]), np.array([[0.8], [1.9]])]
LOC, SCALE = np.array([[0.1], [0.05]]), np.array([[1.2], [1.4]])


def test_there_are_such_rules():
    assert len(OWN) > 50


@pytest.mark.parametrize("name", sorted(OWN))
def test_a_distribution_agrees_with_differences_in_all_arguments(name):
    target = OWN[name]
    points = SHARES if name.startswith(("beta.", "uniform.")) else POINTS
    points = points + 1.5 if name.startswith("pareto.") else points
    args = (points, *SHAPES[:target.__self__.numargs], LOC, SCALE)
    assert np.all(np.isfinite(target(*args)))
    check_rule(target, *args, forward=False, single=False)


#: By the function in C: the parameters, within what it has moments for.
MOMENTS = {
    **dict.fromkeys(("_nbinom_mean", "_nbinom_variance", "_nbinom_skewness",
                     "_nbinom_kurtosis_excess"), (4.0, 0.3)),
    **dict.fromkeys(("_nct_mean", "_nct_variance"), (9.0, 0.7)),
    **dict.fromkeys(("_ncf_mean", "_ncf_variance"), (3.0, 9.5, 1.2)),
}


@pytest.mark.parametrize("name", MOMENTS)
def test_moments_in_closed_form_agree_with_differences(name):
    target = getattr(pytest.importorskip("scipy.special._ufuncs"), name, None)
    if target is None:
        pytest.skip("this SciPy has no such function")
    check_rule(target, *MOMENTS[name], forward=False, single=False)
