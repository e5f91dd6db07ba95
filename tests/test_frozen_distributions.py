"""Methods of SciPy's distributions, also of frozen ones, are written as their rules."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.whole import check_both

stats = pytest.importorskip("scipy.stats", reason="its distributions are differentiated")
norm, gamma, poisson = stats.norm, stats.gamma, stats.poisson

X = np.array([0.3, 0.8, 1.7])


def by_name(x, m, s):
    return -np.sum(norm.logpdf(x, m, s))


def frozen(x, m, s):
    return -np.sum(norm(m, s).logpdf(x))


def by_keyword(x, m, s):
    d = stats.norm(loc=m, scale=s)
    return np.sum(d.logsf(x)) + np.sum(d.pdf(x))


def of_shapes(x, a, s):
    d = gamma(a, scale=s)
    return np.sum(d.cdf(x)) + np.sum(gamma.logpdf(x, a)) * np.sum(d.ppf([0.2, 0.6]))


def counts(x, m, s):
    return np.sum(poisson(m).logpmf([1, 2]) * x[:2]) + poisson.pmf(3, s)


@pytest.mark.parametrize("f", [by_name, frozen, by_keyword, of_shapes, counts])
def test_a_method_has_the_derivative_of_its_rule_and_code_around_it_is_plain(f):
    assert "rt.call" not in sd.source(f, "grad", (0, 1, 2), (X, 0.9, 1.3))
    check_both(f, X, 0.9, 1.3)


def test_a_frozen_distribution_is_not_made():
    assert sd.source(frozen, "grad", (0, 1, 2), (X, 0.9, 1.3)).replace("frozen", "by_name").split(
        "_rule(s)")[1] == sd.source(by_name, "grad", (0, 1, 2), (X, 0.9, 1.3)).split("_rule(s)")[1]


def of_the_round_before(x, ms):
    total, first = 0.0, True
    for m in ms:
        if not first:
            total = total + d.logpdf(x)  # noqa: F821 (bound in the round before)
        d = norm(m, 2.0)  # noqa: F841
        first = False
    return total


def test_a_distribution_keeps_the_parameters_that_it_was_made_with():
    check_both(of_the_round_before, 2.0, [1.0, 3.0, 5.0])


def also_asked_otherwise(x, m, s):
    d = norm(m, s)
    return d.logpdf(x).sum() + d.mean() * d.std()


def test_a_distribution_that_is_asked_for_more_stays_one():
    check_both(also_asked_otherwise, X, 0.9, 1.3)


def too_many(x, m):
    return np.sum(norm(m, 1.0, 2.0).pdf(x))


def test_parameters_that_do_not_fit_raise_what_they_raised():
    with pytest.raises(TypeError) as plain:
        too_many(X, 0.5)
    with pytest.raises(TypeError) as found:
        sd.grad(too_many)(X, 0.5)
    assert str(found.value) == str(plain.value)


def test_a_method_that_is_bound_anew_is_noticed(monkeypatch):
    before = sd.grad(by_name)(X, 0.9, 1.3)
    monkeypatch.setattr(type(norm), "logpdf", lambda self, x, m, s: x * m, raising=False)
    np.testing.assert_allclose(sd.grad(by_name)(X, 0.9, 1.3), [-0.9] * 3)
    monkeypatch.undo()
    np.testing.assert_allclose(sd.grad(by_name)(X, 0.9, 1.3), before)


def test_factors_of_a_stack_are_in_a_list_as_scipy_has_them():
    linalg = pytest.importorskip("scipy.linalg")
    stack = np.stack([np.eye(2) + 0.1, 2 * np.eye(2) - 0.1])
    value, _ = sd.vjp(linalg.lu_factor, stack)
    assert type(value) is type(linalg.lu_factor(stack))
