"""Finance, statistics, learning, control, atoms: `vollib`, `statsmodels`, `sklearn`, `ase` …"""

import mibian
import numpy as np
import sklearn.gaussian_process.kernels as kernels
import statsmodels.robust.norms as norms

from tests.thirdparty.case import case

A = np.array
X, Y = A([0.7, -1.2, 1.9, 0.4, 1.1]), A([0.2, 1.1, -0.6, 1.5, 0.9])
CURVE = A([[0.0, 0.1], [0.7, 0.6], [1.3, 0.2], [2.1, 0.9]])
CURVE2 = A([[0.1, 0.3], [0.8, 0.5], [1.5, 0.5], [1.9, 1.25]])
SPD = A([[2.0, 0.3], [0.3, 1.7]])
SPD2 = A([[1.1, -0.2], [-0.2, 0.9]])
POINTS = A([[0.1, 0.2], [0.9, 0.4], [0.5, 1.3]])

POINTS3 = A([[0.1, 0.2, 0.7], [0.9, 0.4, -0.3]])


def mibian_call(price, strike, volatility):
    found = mibian.BS([price, strike, 1.2, 30], volatility=volatility)
    return found.callPrice, found.putDelta, found.vega


def garman_kohlhagen(price, volatility):
    return mibian.GK([price, 1.45, 1.0, 2.0, 30], volatility=volatility).callPrice


def huber(z, t):
    return norms.HuberT(t).rho(z)


def hampel(z):
    return norms.Hampel().psi(z)


def tukey(z):
    return norms.TukeyBiweight().rho(z)


def squared_exponential(x, scale):
    return kernels.RBF(scale)(x)


def rational_quadratic(x, scale, alpha):
    return kernels.RationalQuadratic(scale, alpha)(x)


def symmetric_distance(a, b):
    from pyriemann.utils.distance import distance_riemann
    return distance_riemann(a, b)


def transfer_function(a, b):
    from control import TransferFunction
    return TransferFunction([a, 1.0], [1.0, b, 2.0])(1.3j)


def series(a, b):
    from control import TransferFunction, series
    joined = series(TransferFunction([a], [1.0, b]), TransferFunction([1.0], [1.0, 2.0]))
    return joined(0.7j)


def lennard_jones(positions):
    from ase import Atoms
    from ase.calculators.lj import LennardJones
    atoms = Atoms("Ar3", positions)
    atoms.calc = LennardJones(rc=5.0)
    return atoms.get_potential_energy()


CASES = [
    case("vollib.ref_python.black_scholes.black_scholes", "c", 100.0, 90.0, 0.5, 0.01, 0.2),
    case("vollib.ref_python.black_scholes.greeks.analytical.theta",
         "c", 49.0, 50.0, 0.3846, 0.05, 0.2),
    case("vollib.ref_python.black_scholes.greeks.analytical.vega",
         "c", 49.0, 50.0, 0.3846, 0.05, 0.2),
    case("vollib.ref_python.black.black", "p", 100.0, 90.0, 0.5, 0.01, 0.2),
    case("vollib.black_scholes.black_scholes", "c", 100.0, 90.0, 0.5, 0.01, 0.2),
    case("mibian.BS", 1.4565, 1.45, 20.0, by=mibian_call),
    case("mibian.GK", 1.4565, 20.0, by=garman_kohlhagen),
    case("similaritymeasures.frechet_dist", CURVE, CURVE2),
    case("similaritymeasures.dtw", CURVE, CURVE2),
    case("similaritymeasures.area_between_two_curves", CURVE, CURVE2),
    case("similaritymeasures.curve_length_measure", CURVE, CURVE2),
    case("similaritymeasures.mse", CURVE, CURVE2),
    case("statsmodels.robust.norms.HuberT", X, 1.345, by=huber),
    case("statsmodels.robust.norms.Hampel", X, by=hampel),
    case("statsmodels.robust.norms.TukeyBiweight", X, by=tukey),
    case("statsmodels.tools.eval_measures.rmse", X, Y),
    case("statsmodels.tools.eval_measures.vare", X, Y),
    case("statsmodels.tsa.stattools.acovf", X, fft=False),
    case("statsmodels.tsa.stattools.levinson_durbin", X, nlags=3),
    case("statsmodels.stats.moment_helpers.mc2mnc", A([0.3, 1.2, 0.4, 3.3])),
    case("statsmodels.stats.stattools.durbin_watson", X),
    case("statsmodels.stats.stattools.jarque_bera", X),
    case("sklearn.metrics.pairwise.rbf_kernel", POINTS, POINTS + 0.3, gamma=0.7),
    case("sklearn.metrics.mean_squared_error", X, Y),
    case("sklearn.metrics.r2_score", X, Y),
    case("sklearn.gaussian_process.kernels.RBF", POINTS, 0.9, by=squared_exponential),
    case("sklearn.gaussian_process.kernels.RationalQuadratic", POINTS, 0.9, 1.4,
         by=rational_quadratic),
    case("pyriemann.utils.distance.distance_riemann", SPD, SPD2, by=symmetric_distance),
    case("pyriemann.utils.distance.distance_euclid", SPD, SPD2),
    case("pyriemann.utils.distance.distance_kullback", SPD, SPD2),
    case("pyriemann.utils.distance.distance_logdet", SPD, SPD2),
    case("pyriemann.utils.base.logm", SPD),
    case("pyriemann.utils.mean.mean_euclid", A([SPD, SPD2])),
    case("control.TransferFunction", 0.7, 1.2, by=transfer_function),
    case("control.series", 0.7, 1.2, by=series),
    case("ase.calculators.lj.LennardJones",
         A([[0.0, 0.0, 0.0], [1.2, 0.1, 0.0], [0.3, 1.1, 0.4]]), by=lennard_jones),
    case("ase.calculators.morse.fcut", A([1.2, 1.4, 1.6]), 1.1, 1.9),
    case("ase.geometry.get_angles_derivatives", POINTS3, POINTS3[::-1].copy()),
    case("peakutils.gaussian", X, 1.3, 0.2, 0.9),
]
