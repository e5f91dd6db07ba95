"""Distributions of `scipy.stats`, each with parameters that it takes, and its statistics."""

from __future__ import annotations

__all__ = ["ROWS"]

#: Points and parameters of each distribution; what is differentiated are all names in them.
GIVEN = {
    "norm": "x, s, t", "t": "x, 3.5 * t", "gamma": "x, t, 0.0, s", "beta": "x, t, 2.0 * s",
    "expon": "x, 0.1 * s, t", "uniform": "x, -s, 3.0 * t", "lognorm": "x, s",
    "laplace": "x, s, t", "cauchy": "x, s, t", "logistic": "x, s, t", "chi2": "x, 3.0 * t",
    "poisson": "[0, 2, 3], t", "binom": "[0, 2, 3], 5, s", "bernoulli": "[0, 1], s",
    "geom": "[1, 2, 4], s", "nbinom": "[0, 2, 3], 2.0 * t, s", "halfnorm": "x, 0.0, t",
    "invgamma": "x, t", "weibull_min": "x, t", "pareto": "x + 1.0, t", "gumbel_r": "x, s, t",
    "truncnorm": "x, -1.0 * t, 2.0 * s", "skewnorm": "x, t", "f": "x, 3.0 * t, 7.0 * s",
    "rayleigh": "x, 0.0, t", "triang": "x, 0.61 * s", "vonmises": "x, t",
    "multivariate_normal": "v, w, (S + S.T) / 2.0", "multivariate_t": "v, w, (S + S.T) / 2.0, 4.0",
    "dirichlet": "[0.2, 0.5, 0.3], v * v + 1.0",
    "multinomial": "[1, 2, 1], 4, x[:3] / np.sum(x[:3])",
}

#: Which methods are listed of which.
CONTINUOUS = "norm t gamma beta expon uniform lognorm laplace cauchy logistic chi2"
DENSITIES = ("halfnorm invgamma weibull_min pareto gumbel_r truncnorm skewnorm f rayleigh triang "
             "vonmises multivariate_normal")


def _lines(names: str, methods: str) -> list[str]:
    return [f"{name}.{method} : scipy.stats.{name}.{method}({GIVEN[name]})"
            for name in names.split() for method in methods.split()]


DISTRIBUTIONS = "\n".join([
    *_lines(CONTINUOUS, "logpdf pdf cdf logcdf sf"),
    *_lines("poisson binom", "logpmf pmf cdf logcdf sf"),
    *_lines("bernoulli geom nbinom", "logpmf pmf"),
    *_lines(DENSITIES, "logpdf pdf"),
    *_lines("multivariate_t dirichlet", "logpdf"),
    *_lines("multinomial", "logpmf"),
    *_lines("norm", "ppf logsf"),
    "norm.entropy : scipy.stats.norm.entropy(s, t)",
    "entropy : scipy.stats.entropy(x, y)",
])

STATISTICS = """
zscore gmean hmean sem variation iqr : scipy.stats.{}(x)
skew kurtosis : scipy.stats.{}(x, bias=False)
pearsonr : scipy.stats.pearsonr(x, y).statistic
linregress : scipy.stats.linregress(x, y).slope
ttest_ind : scipy.stats.ttest_ind(x, y).statistic
moment : scipy.stats.moment(x, 3)
trim_mean : scipy.stats.trim_mean(x, 0.2)
boxcox : scipy.stats.boxcox(x, 0.4)
wasserstein_distance : scipy.stats.wasserstein_distance(x, y)
gaussian_kde : scipy.stats.gaussian_kde(x)(y)
"""

ROWS = {"scipy.stats": DISTRIBUTIONS + STATISTICS}
