"""SciPy's statistics: densities of distributions, means and moments, in SciPy's own Python."""

import numpy as np
from scipy import stats

from tests.thirdparty.case import case

X = np.array([0.7, 0.3, 1.9, 0.4])
Y = np.array([0.2, 1.1, 0.6, 1.5])
S = np.array([[2.0, 0.3], [0.3, 1.7]])


def normal_logpdf(x, location, scale):
    return stats.norm.logpdf(x, location, scale)


def gamma_logpdf(x, shape, scale):
    return stats.gamma.logpdf(x, shape, scale=scale)


def multivariate_normal(x, mean, covariance):
    return stats.multivariate_normal.logpdf(x, mean, covariance)


def density_estimate(data, points):
    return stats.gaussian_kde(data)(points)


CASES = [
    case("scipy.stats._continuous_distns._norm_pdf", X),
    case("scipy.stats.norm._logpdf", X),
    case("scipy.stats.gumbel_r._logpdf", X),
    case("scipy.stats.beta._pdf", np.array([0.2, 0.6]), 2.3, 1.4),
    case("scipy.stats.cauchy._cdf", X),
    case("scipy.stats.burr12._logpdf", X, 2.3, 1.4),
    case("scipy.stats.exponweib._logpdf", X, 2.3, 1.4),
    case("scipy.stats.genlogistic._logpdf", X, 2.3),
    case("scipy.stats.kappa3._pdf", X, 2.3),
    case("scipy.stats.lognorm._pdf", X, 0.9),
    case("scipy.stats.pareto._pdf", X + 1.0, 2.3),
    case("scipy.stats.powerlaw._logpdf", np.array([0.2, 0.6]), 2.3),
    case("scipy.stats.rayleigh._logpdf", X),
    case("scipy.stats.triang._ppf", np.array([0.21, 0.63]), 0.4),
    case("scipy.stats.weibull_min._logpdf", X, 2.3),
    case("scipy.stats.johnsonsu._pdf", X, 0.4, 1.4),
    case("scipy.stats.norm.logpdf", X, 0.3, 1.2, by=normal_logpdf),
    case("scipy.stats.gamma.logpdf", X, 2.3, 1.2, by=gamma_logpdf),
    case("scipy.stats.multivariate_normal.logpdf", X[:2].copy(), Y[:2].copy(), S,
         by=multivariate_normal),
    case("scipy.stats.gaussian_kde", X, np.array([0.5]), by=density_estimate),
    case("scipy.stats.gmean", X),
    case("scipy.stats.hmean", X),
    case("scipy.stats.pmean", X, 2.5),
    case("scipy.stats.moment", X, 3),
    case("scipy.stats.skew", X),
    case("scipy.stats.kurtosis", X),
    case("scipy.stats.variation", X),
    case("scipy.stats.sem", X),
    case("scipy.stats.zscore", X),
    case("scipy.stats.gstd", X),
    case("scipy.stats.entropy", X, Y),
    case("scipy.stats.boxcox_llf", 0.4, X),
    case("scipy.stats.circmean", X),
    case("scipy.stats.trim_mean", np.array([0.3, 1.2, 0.5, 2.0, 0.9, 0.1]), proportiontocut=0.2),
    case("scipy.stats.iqr", X),
    case("scipy.stats.kstat", X, 3),
]
