"""Returns, scores, test problems, generated code: `empyrical`, `pymoo`, `sympy`, `sklearn` …"""

import numpy as np

from tests.thirdparty.case import case

A = np.array
RETURNS = A([0.01, -0.02, 0.03, 0.005, -0.011, 0.017, 0.002, -0.006])
MARKET = A([0.008, -0.015, 0.02, 0.007, -0.012, 0.011, -0.001, -0.004])
X = A([0.7, -1.2, 1.9, 0.4, 1.1])
POINTS = A([[0.1, 0.2], [0.9, 0.4], [0.5, 1.3]])
WEIGHTS = A([[0.3, 0.6, 0.2, 0.8, 0.5, 0.1, 0.9, 0.4, 0.7, 0.35]])
PROBABILITIES = A([[0.7, 0.2, 0.1], [0.3, 0.4, 0.3], [0.1, 0.2, 0.7]])


def problem(name, x):
    from pymoo.problems import get_problem
    return get_problem(name).evaluate(x, return_values_of=["F"])


def zdt1(x):
    return problem("zdt1", x)


def ackley(x):
    from pymoo.problems.single import Ackley
    return Ackley(n_var=10).evaluate(x, return_values_of=["F"])


def rosenbrock(x):
    from pymoo.problems.single import Rosenbrock
    return Rosenbrock(n_var=10).evaluate(x)


def dtlz2(x):
    from pymoo.problems.many import DTLZ2
    return DTLZ2(n_var=10, n_obj=3).evaluate(x)


def welded_beam(x):
    from pymoo.problems.multi import WeldedBeam
    return WeldedBeam().evaluate(x, return_values_of=["F", "G"])


def griewank(x):
    from pymoo.problems.single import Griewank
    problem = Griewank(n_var=10)
    out = {}
    problem._evaluate(x, out)
    return out["F"]


def lambdified():
    import sympy
    x, y = sympy.symbols("x y")
    return sympy.lambdify((x, y), sympy.sin(x * y) ** 2 / (1 + sympy.exp(-x)) + sympy.Abs(y) ** 1.5)


def lambdified_matrix():
    import sympy
    x, y = sympy.symbols("x y")
    return sympy.lambdify((x, y), sympy.Matrix([[sympy.cos(x), y], [x * y, sympy.sqrt(x)]]))


def lambdified_pieces():
    import sympy
    x = sympy.symbols("x")
    found = sympy.Piecewise((x ** 2, x < 1), (sympy.log(x) + 1, True))
    return sympy.lambdify(x, found, "numpy")


def lambdified_shared():
    import sympy
    x, y = sympy.symbols("x y")
    found = (sympy.sin(x) + y) ** 3 + sympy.exp(sympy.sin(x) + y)
    return sympy.lambdify((x, y), [found, found.diff(x)], "math", cse=True)


def lambdified_bessel():
    import sympy
    x = sympy.symbols("x")
    return sympy.lambdify(x, sympy.besselj(1, x) * sympy.gamma(x), "scipy")


SINES, MATRIX, PIECES = lambdified(), lambdified_matrix(), lambdified_pieces()
SHARED, BESSEL = lambdified_shared(), lambdified_bessel()


def hidden_markov(observations, means):
    from hmmlearn.hmm import GaussianHMM
    model = GaussianHMM(n_components=2, covariance_type="diag")
    model.startprob_, model.transmat_ = A([0.6, 0.4]), A([[0.7, 0.3], [0.2, 0.8]])
    model.means_, model.covars_ = means, A([[0.5], [0.8]])
    return model._compute_log_likelihood(observations)


def crps(x, mu, sigma):
    from properscoring import crps_gaussian
    return crps_gaussian(x, mu, sigma)


def derivative(a):
    import numdifftools
    return numdifftools.Derivative(lambda x: np.exp(-a * x), method="central")(0.7)


def gradient(x):
    import numdifftools
    return numdifftools.Gradient(lambda v: np.sum(v ** 3))(x)


def change_cost(signal):
    from ruptures.costs import CostL2
    return CostL2().fit(signal).error(1, 5)


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


CASES = [
    case("empyrical.cum_returns", RETURNS),
    case("empyrical.cum_returns_final", RETURNS),
    case("empyrical.max_drawdown", RETURNS),
    case("empyrical.annual_return", RETURNS),
    case("empyrical.annual_volatility", RETURNS),
    case("empyrical.sharpe_ratio", RETURNS, 0.001),
    case("empyrical.sortino_ratio", RETURNS, 0.001),
    case("empyrical.downside_risk", RETURNS, 0.001),
    case("empyrical.beta", RETURNS, MARKET),
    case("empyrical.alpha", RETURNS, MARKET),
    case("empyrical.omega_ratio", RETURNS),
    case("empyrical.calmar_ratio", RETURNS),
    case("empyrical.tail_ratio", RETURNS),
    case("empyrical.value_at_risk", RETURNS, 0.3),
    case("empyrical.conditional_value_at_risk", RETURNS, 0.3),
    case("empyrical.stability_of_timeseries", RETURNS),
    case("empyrical.roll_max_drawdown", RETURNS, 4),
    case("pymoo.problems.get_problem", WEIGHTS.repeat(3, 1), by=zdt1),
    case("pymoo.problems.single.Ackley.evaluate", WEIGHTS, by=ackley),
    case("pymoo.problems.single.Rosenbrock.evaluate", WEIGHTS, by=rosenbrock),
    case("pymoo.problems.many.DTLZ2.evaluate", WEIGHTS, by=dtlz2),
    case("pymoo.problems.multi.WeldedBeam.evaluate", A([[0.3, 2.0, 6.0, 0.4]]), by=welded_beam),
    case("pymoo.problems.single.Griewank", WEIGHTS, by=griewank),
    case("sympy.lambdify", 0.7, 1.3, by=SINES),
    case("sympy.lambdify", 0.7, 1.3, by=MATRIX),
    case("sympy.lambdify", A([0.3, 0.7, 1.3]), by=PIECES),
    case("sympy.lambdify", 0.7, 1.3, by=SHARED),
    case("sympy.lambdify", 0.7, by=BESSEL),
    case("hmmlearn.hmm.GaussianHMM", X[:, None].copy(), A([[0.1], [1.2]]), by=hidden_markov),
    case("properscoring.crps_gaussian", 0.7, 0.2, 1.3, by=crps),
    case("properscoring.crps_ensemble", A([0.7, 0.2]), A([[0.1, 0.5, 1.2], [0.3, 0.9, -0.4]])),
    case("numdifftools.Derivative", 0.7, by=derivative),
    case("numdifftools.Gradient", A([0.7, 1.2]), by=gradient),
    case("numdifftools.fornberg.fd_weights", A([0.0, 0.7, 1.3, 2.1]), 0.9, 2),
    case("numdifftools.extrapolation.dea3", A([1.3, 0.9]), A([1.15, 0.8]), A([1.1, 0.76])),
    case("dynesty.utils.mean_and_cov", POINTS, A([0.2, 0.5, 0.3])),
    case("dynesty.utils.quantile", X, [0.3], A([0.2, 0.1, 0.3, 0.15, 0.25])),
    case("dynesty.utils.get_neff_from_logwt", X),
    case("ruptures.costs.CostL2", np.outer(RETURNS, A([1.0, 2.0])), by=change_cost),
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
    case("statsmodels.api.Logit.loglike", A([0.3, 0.7]), by=weighted_likelihood),
    case("statsmodels.api.GLM.score", A([0.3, 0.7]), by=poisson_score),
    case("statsmodels.tsa.arima_process.ArmaProcess.acovf", A([0.5, -0.2]), by=autoregression),
    case("statsmodels.tsa.filters.hp_filter.hpfilter", X, 100),
    case("statsmodels.stats.weightstats.DescrStatsW", X,
         by=lambda x: descriptive(x)),
    case("statsmodels.nonparametric.kernels.gaussian", 0.5, X, 0.3),
    case("statsmodels.stats.correlation_tools.cov_nearest",
         A([[1.0, 0.8, 0.1], [0.8, 1.0, 0.9], [0.1, 0.9, 1.2]])),
    case("scipy.optimize.approx_fprime", X, by=lambda x: approximate(x)),
    case("scipy.integrate.solve_ivp", A([1.0, 0.3]), by=lambda y: solved(y)),
    case("scipy.signal.savgol_filter", RETURNS, 5, 2),
    case("scipy.signal.hilbert", X),
    case("scipy.signal.resample", X, 8),
    case("scipy.signal.welch", RETURNS, nperseg=4),
    case("scipy.signal.filtfilt", A([0.2, 0.3]), A([1.0, -0.4]), A([*RETURNS, *MARKET])),
    case("scipy.signal.minimum_phase", A([0.2, 0.5, 0.9, 0.5, 0.2])),
    case("scipy.interpolate.pchip_interpolate",
         A([0.0, 0.5, 1.2, 2.0]), A([0.3, 0.9, 0.7, 1.4]), A([0.7, 1.5])),
    case("scipy.interpolate.RBFInterpolator", A([0.3, 1.2, 0.7]), by=lambda y: radial(y)),
    case("scipy.linalg.polar", A([[2.0, 0.3], [0.4, 1.7]])),
    case("scipy.linalg.sqrtm", A([[2.0, 0.3], [0.3, 1.7]])),
    case("scipy.linalg.solve_continuous_lyapunov", A([[-2.0, 0.3], [0.4, -1.7]]),
         A([[1.0, 0.2], [0.2, 0.7]])),
    case("scipy.linalg.lstsq", POINTS, A([0.3, 1.2, 0.7]), by=lambda a, b: least(a, b)),
    case("scipy.linalg.subspace_angles", POINTS[:, :1].copy(), POINTS[:, 1:].copy()),
    case("scipy.spatial.procrustes", POINTS, POINTS[::-1].copy() + 0.1 * POINTS ** 2),
    case("scipy.spatial.transform.Slerp", 0.4, by=lambda t: turned(t)),
    case("scipy.stats.linregress", X, X[::-1].copy() + 0.3, by=lambda x, y: line(x, y)),
    case("scipy.stats.pearsonr", X, X[::-1].copy() + 0.3 * X ** 2, by=lambda x, y: pearson(x, y)),
    case("scipy.stats.ttest_ind", X, X[::-1].copy() + 0.3 * X ** 2, by=lambda x, y: welch(x, y)),
    case("scipy.stats.wasserstein_distance", X, X[::-1].copy() + 0.3 * X ** 2),
    case("scipy.stats.dirichlet.logpdf", A([1.2, 2.0, 0.8]), by=lambda a: dirichlet(a)),
    case("scipy.stats.t.logpdf", X, 4.2, by=lambda x, n: student(x, n)),
    case("scipy.stats.wishart.logpdf", A([[2.0, 0.3], [0.3, 1.7]]), 4.0,
         by=lambda x, n: wishart(x, n)),
]


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
    return Slerp([0.0, 1.0], Rotation.from_euler("xyz", [[0.1, 0.2, 0.3], [0.9, 0.4, 0.1]]))(t).as_matrix()


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
