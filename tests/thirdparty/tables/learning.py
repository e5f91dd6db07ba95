"""Learning, statistics and SciPy once more: `sklearn`, `statsmodels`, `scipy`."""

import numpy as np

from tests.thirdparty.case import case

A = np.array
RETURNS = A([0.01, -0.02, 0.03, 0.005, -0.011, 0.017, 0.002, -0.006])
MARKET = A([0.008, -0.015, 0.02, 0.007, -0.012, 0.011, -0.001, -0.004])
X = A([0.7, -1.2, 1.9, 0.4, 1.1])
POINTS = A([[0.1, 0.2], [0.9, 0.4], [0.5, 1.3]])
PROBABILITIES = A([[0.7, 0.2, 0.1], [0.3, 0.4, 0.3], [0.1, 0.2, 0.7]])


def kernel_sum(x, scale):
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
    return (ConstantKernel(1.3) * RBF(scale) + WhiteKernel(0.1))(x)


def matern(x, scale):
    from sklearn.gaussian_process.kernels import Matern
    return Matern(scale, nu=1.5)(x, x + 0.3)


def exp_sine(x, period):
    from sklearn.gaussian_process.kernels import ExpSineSquared
    return ExpSineSquared(0.9, period)(x)


def gaussian_process(y):
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF
    model = GaussianProcessRegressor(RBF(0.8), optimizer=None, alpha=0.1).fit(POINTS, y)
    return model.predict(POINTS + 0.2)


def ridge(y):
    from sklearn.linear_model import Ridge
    return Ridge(0.3).fit(POINTS, y).predict(POINTS + 0.2)


def components(x):
    from sklearn.decomposition import PCA
    return PCA(1, svd_solver="full").fit(x).explained_variance_


def standardised(x):
    from sklearn.preprocessing import StandardScaler
    return StandardScaler().fit_transform(x)


def linear_regression(y, x):
    import statsmodels.api as sm
    return sm.OLS(y, sm.add_constant(x)).fit().params


def spread_of_coefficients(y, x):
    import statsmodels.api as sm
    return sm.OLS(y, sm.add_constant(x)).fit(cov_type="HC1").bse


def weighted_regression(y, x, weights):
    import statsmodels.api as sm
    return sm.WLS(y, sm.add_constant(x), weights=weights).fit().tvalues


def generalised_regression(y, x):
    import statsmodels.api as sm
    family = sm.families.Gamma(sm.families.links.Log())
    return sm.GLM(y, sm.add_constant(x), family=family).fit().params


def robust_regression(y, x):
    import statsmodels.api as sm
    return sm.RLM(y, sm.add_constant(x)).fit().params


def weighted_likelihood(params):
    import statsmodels.api as sm
    return sm.Logit(A([0.0, 1.0, 1.0, 0.0, 1.0]), sm.add_constant(X)).loglike(params)


def poisson_score(params):
    import statsmodels.api as sm
    return sm.GLM(A([0.0, 1.0, 3.0, 0.0, 2.0]), sm.add_constant(X),
                  family=sm.families.Poisson()).score(params)


def autoregression(params):
    from statsmodels.tsa.arima_process import ArmaProcess
    return ArmaProcess(np.r_[1.0, -params], A([1.0, 0.4])).acovf(4)


def descriptive(x):
    from statsmodels.stats.weightstats import DescrStatsW
    found = DescrStatsW(x, weights=A([0.2, 0.5, 0.3, 0.7, 0.1]))
    return found.mean, found.var, found.std


def approximate(x):
    from scipy.optimize import approx_fprime
    return approx_fprime(x, lambda v: np.sum(v ** 2), 0.01)


def solved(y):
    from scipy.integrate import solve_ivp
    return solve_ivp(lambda t, s: [s[1], -s[0]], (0.0, 1.0), y, max_step=0.2, rtol=1e-2).y[:, -1]


def radial(y):
    from scipy.interpolate import RBFInterpolator
    return RBFInterpolator(POINTS, y)(POINTS + 0.1)


def least(a, b):
    from scipy.linalg import lstsq
    return lstsq(a, b)[0]


def turned(t):
    from scipy.spatial.transform import Rotation, Slerp
    turns = Rotation.from_euler("xyz", [[0.1, 0.2, 0.3], [0.9, 0.4, 0.1]])
    return Slerp([0.0, 1.0], turns)(t).as_matrix()


def line(x, y):
    from scipy.stats import linregress
    found = linregress(x, y)
    return found.slope, found.intercept, found.stderr


def pearson(x, y):
    from scipy.stats import pearsonr
    return pearsonr(x, y).statistic


def welch(x, y):
    from scipy.stats import ttest_ind
    return ttest_ind(x, y, equal_var=False).statistic


def student(x, n):
    from scipy.stats import t
    return t.logpdf(x, n)


def dirichlet(alpha):
    from scipy.stats import dirichlet
    return dirichlet.logpdf(A([0.2, 0.5, 0.3]), alpha)


def wishart(x, n):
    from scipy import stats
    return stats.wishart.logpdf(x, n, A([[1.0, 0.2], [0.2, 1.1]]))


CASES = [
    case("sklearn.gaussian_process.kernels.Sum", POINTS, 0.9, by=kernel_sum),
    case("sklearn.gaussian_process.kernels.Matern", POINTS, 0.9, by=matern),
    case("sklearn.gaussian_process.kernels.ExpSineSquared", POINTS, 1.7, by=exp_sine),
    case("sklearn.gaussian_process.GaussianProcessRegressor", A([0.3, 1.2, 0.7]),
         by=gaussian_process),
    case("sklearn.linear_model.Ridge", A([0.3, 1.2, 0.7]), by=ridge),
    case("sklearn.decomposition.PCA", POINTS, by=components),
    case("sklearn.preprocessing.StandardScaler", POINTS, by=standardised),
    case("sklearn.preprocessing.normalize", POINTS),
    case("sklearn.metrics.log_loss", A([0, 1, 2]), PROBABILITIES),
    case("sklearn.metrics.mean_poisson_deviance", np.abs(X), np.abs(X[::-1]) + 0.1),
    case("sklearn.metrics.explained_variance_score", X, X[::-1].copy()),
    case("sklearn.metrics.pairwise.cosine_similarity", POINTS, POINTS + 0.3),
    case("sklearn.metrics.pairwise.laplacian_kernel", POINTS, POINTS + 0.3),
    case("sklearn.metrics.pairwise.polynomial_kernel", POINTS, POINTS + 0.3),
    case("sklearn.metrics.pairwise.euclidean_distances", POINTS, POINTS + 0.3),
    case("sklearn.covariance.empirical_covariance", POINTS),
    case("sklearn.covariance.ledoit_wolf", POINTS),
    case("sklearn.covariance.shrunk_covariance", A([[2.0, 0.3], [0.3, 1.7]]), 0.2),
    case("statsmodels.api.OLS", X[::-1].copy(), X, by=linear_regression),
    case("statsmodels.regression.linear_model.RegressionResults", X ** 2 + 1.0, X,
         by=spread_of_coefficients),
    case("statsmodels.api.WLS", X[::-1].copy(), X, A([1.0, 2.0, 0.5, 1.5, 0.7]),
         by=weighted_regression),
    case("statsmodels.api.GLM", X ** 2 + 1.0, X, by=generalised_regression),
    case("statsmodels.api.RLM", X ** 2 + 1.0, X, by=robust_regression),
    case("statsmodels.api.Logit.loglike", A([0.3, 0.7]), by=weighted_likelihood),
    case("statsmodels.api.GLM.score", A([0.3, 0.7]), by=poisson_score),
    case("statsmodels.tsa.arima_process.ArmaProcess.acovf", A([0.5, -0.2]), by=autoregression),
    case("statsmodels.tsa.filters.hp_filter.hpfilter", X, 100),
    case("statsmodels.stats.weightstats.DescrStatsW", X,
         by=descriptive),
    case("statsmodels.nonparametric.kernels.gaussian", 0.5, X, 0.3),
    case("statsmodels.stats.correlation_tools.cov_nearest",
         A([[1.0, 0.8, 0.1], [0.8, 1.0, 0.9], [0.1, 0.9, 1.2]])),
    case("scipy.optimize.approx_fprime", X, by=approximate),
    case("scipy.integrate.solve_ivp", A([1.0, 0.3]), by=solved),
    case("scipy.signal.savgol_filter", RETURNS, 5, 2),
    case("scipy.signal.hilbert", X),
    case("scipy.signal.resample", X, 8),
    case("scipy.signal.welch", RETURNS, nperseg=4),
    case("scipy.signal.filtfilt", A([0.2, 0.3]), A([1.0, -0.4]), A([*RETURNS, *MARKET])),
    case("scipy.signal.minimum_phase", A([0.2, 0.5, 0.9, 0.5, 0.2])),
    case("scipy.interpolate.pchip_interpolate",
         A([0.0, 0.5, 1.2, 2.0]), A([0.3, 0.9, 0.7, 1.4]), A([0.7, 1.5])),
    case("scipy.interpolate.RBFInterpolator", A([0.3, 1.2, 0.7]), by=radial),
    case("scipy.linalg.polar", A([[2.0, 0.3], [0.4, 1.7]])),
    case("scipy.linalg.sqrtm", A([[2.0, 0.3], [0.3, 1.7]])),
    case("scipy.linalg.solve_continuous_lyapunov", A([[-2.0, 0.3], [0.4, -1.7]]),
         A([[1.0, 0.2], [0.2, 0.7]])),
    case("scipy.linalg.lstsq", POINTS, A([0.3, 1.2, 0.7]), by=least),
    case("scipy.linalg.subspace_angles", POINTS[:, :1].copy(), POINTS[:, 1:].copy()),
    case("scipy.spatial.procrustes", POINTS, POINTS[::-1].copy() + 0.1 * POINTS ** 2),
    case("scipy.spatial.transform.Slerp", 0.4, by=turned),
    case("scipy.stats.linregress", X, X[::-1].copy() + 0.3, by=line),
    case("scipy.stats.pearsonr", X, X[::-1].copy() + 0.3 * X ** 2, by=pearson),
    case("scipy.stats.ttest_ind", X, X[::-1].copy() + 0.3 * X ** 2, by=welch),
    case("scipy.stats.wasserstein_distance", X, X[::-1].copy() + 0.3 * X ** 2),
    case("scipy.stats.dirichlet.logpdf", A([1.2, 2.0, 0.8]), by=dirichlet),
    case("scipy.stats.t.logpdf", X, 4.2, by=student),
    case("scipy.stats.wishart.logpdf", A([[2.0, 0.3], [0.3, 1.7]]), 4.0,
         by=wishart),
]
