"""The methods of `scipy.stats.norm` itself, against differences and all distributions' rules."""

import numpy as np
import pytest
import scipy.stats
from scipy import stats
from scipy.stats import norm, rv_continuous

import s2sdiff as sd
from s2sdiff import registry
from s2sdiff.rules.shared import rule_of
from tests.right_or_refused import check_modes
from tests.rules.checker import check_rule

rng = np.random.default_rng(4)
X, ROW, COLUMN = rng.normal(size=(2, 3)), rng.normal(size=3), rng.uniform(0.5, 2.0, (2, 1))
METHODS = ["logpdf", "pdf", "cdf"]
by_method = pytest.mark.parametrize("name", METHODS)


@by_method
@pytest.mark.parametrize("args", [(X,), (0.7,), (X, ROW), (X, 0.3, 1.7), (X, ROW, COLUMN),
                                  (0.4, ROW, 0.8), (ROW, X, COLUMN)], ids=lambda a: str(len(a)))
def test_densities_agree_with_differences(name, args):
    check_rule(getattr(norm, name), *args)


@by_method
def test_lists_agree_with_differences(name):
    check_rule(getattr(norm, name), [0.3, -0.4], 0.1, 2.0, wrt=(0, 1, 2))


@by_method
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_scales_that_are_not_positive_leave_the_other_entries_alone(name):
    scale, bar = np.array([1.5, -2.0, 0.0]), np.array([1.0, 0.0, 0.0])
    _, ours = rule_of(getattr(norm, name))(ROW, 0.5, scale)
    _, theirs = rule_of(getattr(rv_continuous, name))(norm, ROW[:1], 0.5, 1.5)
    _, x_bar, rest, _ = theirs(np.ones(1))
    x, loc, scales = ours(bar)
    np.testing.assert_allclose(x, [x_bar[0], 0.0, 0.0], rtol=1e-12)
    np.testing.assert_allclose(loc, rest[0], rtol=1e-12)
    np.testing.assert_allclose(scales, [rest[1], 0.0, 0.0], rtol=1e-12)


@by_method
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_one_scale_of_zero_raises_nothing(name):
    for scale in (0.0, -1.0):
        found = rule_of(getattr(norm, name))(ROW, 0.5, scale)[1](np.zeros(3))
        assert all(np.all(np.asarray(g) == 0) for g in found)


@by_method
def test_far_out_and_masked_entries_stay_finite(name):
    x = np.array([40.0, -1e200, np.inf, 0.5])

    def masked(x):
        return np.sum(np.where(np.abs(x) < 1, getattr(norm, name)(x), 0.0))

    found = sd.grad(masked)(x)
    assert np.all(found[:3] == 0) and np.isfinite(found[3])


def log_likelihood(x, mean, scale):
    return np.sum(scipy.stats.norm.logpdf(x, mean, scale))


def standard(x, w):
    return np.sum(scipy.stats.norm.logpdf(x) * w) + np.sum(norm.cdf(x) ** 2 + stats.norm.pdf(x) * w)


def test_what_is_pasted_agrees_with_differences():
    check_modes(log_likelihood, (X, 0.3, 1.7))
    check_modes(log_likelihood, (X, ROW, COLUMN))
    check_modes(standard, (X, X[::-1].copy()))


def test_the_text_says_it_as_one_writes_it():
    def loss(x, w):
        return np.sum(scipy.stats.norm.logpdf(x) * w)

    text = sd.source(loss, mode="grad", args=(ROW, ROW))
    assert text.rstrip().endswith("return w * -x")


def test_a_method_that_is_put_in_its_place_is_what_runs(monkeypatch):
    def total(x):
        return np.sum(stats.norm.logpdf(x))

    np.testing.assert_allclose(sd.grad(total)(ROW), -ROW)
    monkeypatch.setitem(vars(stats.norm), "logpdf", lambda x: x * x * x)
    np.testing.assert_allclose(sd.grad(total)(ROW), 3 * ROW * ROW)
    monkeypatch.undo()
    np.testing.assert_allclose(sd.grad(total)(ROW), -ROW)


def test_a_derived_distribution_does_not_have_these_rules():
    class Shifted(type(stats.norm)):
        def _logpdf(self, x):
            return -abs(x)

    shifted = Shifted(name="shifted")
    assert not registry.has_own(shifted.logpdf)
    found = sd.grad(lambda x: np.sum(shifted.logpdf(x)))(ROW)
    np.testing.assert_allclose(found, -np.sign(ROW))


def test_single_precision_stays():
    found = sd.grad(log_likelihood, wrt=(0, 2))(X.astype("f"), 0.3, COLUMN.astype("f"))
    assert [g.dtype for g in found] == [np.float32, np.float32]
