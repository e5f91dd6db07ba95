"""Returns, test problems, generated code, scores: `empyrical`, `pymoo`, `sympy`, `hmmlearn` …"""

import numpy as np

from tests.thirdparty.case import case

A = np.array
RETURNS = A([0.01, -0.02, 0.03, 0.005, -0.011, 0.017, 0.002, -0.006])
MARKET = A([0.008, -0.015, 0.02, 0.007, -0.012, 0.011, -0.001, -0.004])
X = A([0.7, -1.2, 1.9, 0.4, 1.1])
POINTS = A([[0.1, 0.2], [0.9, 0.4], [0.5, 1.3]])
WEIGHTS = A([[0.3, 0.6, 0.2, 0.8, 0.5, 0.1, 0.9, 0.4, 0.7, 0.35]])


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
]
