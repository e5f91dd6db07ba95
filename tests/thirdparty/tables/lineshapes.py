"""`lmfit` and `numpy_financial`: one-line shapes of arrays, NumPy vectorised, choices by name."""

import numpy as np

from tests.thirdparty.case import case

X = np.linspace(-2.3, 3.1, 7)
Y = np.linspace(0.3, 4.1, 6)


def model_evaluation(amplitude, center, sigma):
    from lmfit.models import GaussianModel
    return GaussianModel().eval(x=X, amplitude=amplitude, center=center, sigma=sigma)


CASES = [
    case("lmfit.lineshapes.gaussian", X, 1.3, 0.2, 0.9),
    case("lmfit.lineshapes.lorentzian", X, 1.3, 0.2, 0.9),
    case("lmfit.lineshapes.split_lorentzian", X, 1.3, 0.2, 0.9, 1.4),
    case("lmfit.lineshapes.voigt", X, 1.3, 0.2, 0.9, 0.7),
    case("lmfit.lineshapes.pvoigt", X, 1.3, 0.2, 0.9, 0.4),
    case("lmfit.lineshapes.moffat", X, 1.3, 0.2, 0.9, 1.7),
    case("lmfit.lineshapes.pearson4", X, 1.3, 0.2, 0.9, 1.5, 0.3),
    case("lmfit.lineshapes.pearson7", X, 1.3, 0.2, 0.9, 1.5),
    case("lmfit.lineshapes.breit_wigner", X, 1.3, 0.2, 0.9, 0.6),
    case("lmfit.lineshapes.damped_oscillator", Y, 1.3, 1.2, 0.3),
    case("lmfit.lineshapes.dho", Y, 1.3, 1.2, 0.9, 0.8),
    case("lmfit.lineshapes.logistic", X, 1.3, 0.2, 0.9),
    case("lmfit.lineshapes.lognormal", Y, 1.3, 0.2, 0.9),
    case("lmfit.lineshapes.students_t", X, 1.3, 0.2, 0.9),
    case("lmfit.lineshapes.expgaussian", X, 1.3, 0.2, 0.9, 0.8),
    case("lmfit.lineshapes.doniach", X, 1.3, 0.2, 0.9, 0.3),
    case("lmfit.lineshapes.skewed_gaussian", X, 1.3, 0.2, 0.9, 0.8),
    case("lmfit.lineshapes.skewed_voigt", X, 1.3, 0.2, 0.9, 0.7, 0.3),
    case("lmfit.lineshapes.thermal_distribution", Y, 1.3, 0.1, 0.9, form="maxwell"),
    case("lmfit.lineshapes.step", X, 1.3, 0.2, 0.9, form="logistic"),
    case("lmfit.lineshapes.rectangle", X, 1.3, -0.8, 0.9, 1.2, 0.7, form="arctan"),
    case("lmfit.lineshapes.exponential", X, 1.3, 0.7),
    case("lmfit.lineshapes.powerlaw", Y, 1.3, 0.7),
    case("lmfit.lineshapes.expsine", Y, 1.3, 0.7, 0.1, 0.2),
    case("lmfit.lineshapes.gaussian2d", X, X[::-1].copy(), 1.3, 0.2, 0.1, 0.9, 0.8),
    case("lmfit.models.GaussianModel", 1.3, 0.2, 0.9, by=model_evaluation),
    case("numpy_financial.fv", 0.004, 120.0, -100.0, -120.0),
    case("numpy_financial.pmt", 0.006, 180.0, 2e5),
    case("numpy_financial.nper", 0.0058, -150.0, 8000.0),
    case("numpy_financial.pv", 0.004, 120.0, -100.0, 15692.93),
    case("numpy_financial.npv", 0.281, np.array([-100.0, 39.0, 59.0, 55.0, 20.0])),
    case("numpy_financial.mirr", np.array([-4500.0, -800.0, 800.0, 600.0, 5000.0]), 0.08, 0.055),
    case("numpy_financial.rate", 10.0, -40.0, 500.0, 20.0),
    case("numpy_financial.ipmt", 0.0082, 5.0, 24.0, 2000.0),
]
