"""SciPy's own Python sources: special functions, windows, distances, matrices, optimisers."""

import numpy as np
from scipy import integrate, interpolate, optimize

from tests.thirdparty.case import case

X = np.array([0.7, -1.2, 1.9, 0.4])
Y = np.array([0.2, 1.1, -0.6, 1.5])
W = np.array([0.5, 1.0, 2.0, 1.5])
P = np.array([0.2, 0.5, 0.3])
K = np.array([0.3, 0.4, 0.3])
M = np.array([[2.0, 0.3, 0.1], [0.4, 1.7, 0.2], [0.1, 0.5, 1.4]])
S = np.array([[2.0, 0.3, 0.1], [0.3, 1.7, 0.2], [0.1, 0.2, 1.4]])


def polynomial_spline(c, x):
    return interpolate.BSpline(np.array([0.0, 0, 0, 1, 2, 3, 3, 3]), c, 2)(x)


def barycentric(y, x):
    return interpolate.BarycentricInterpolator([0.0, 1.0, 2.0, 3.0], y)(x)


def krogh(y, x):
    return interpolate.KroghInterpolator([0.0, 1.0, 2.0, 3.0], y)(x)


def linear_interpolation(y, x):
    return interpolate.interp1d(np.arange(4.0), y)(x)


def newton_root(a):
    return optimize.newton(lambda x: x * x * x - a * x - 1.0, 1.2, maxiter=60)


def bisected(a):
    return optimize.fixed_point(lambda x: np.cos(a * x), 0.7, method="iteration", xtol=1e-14)


def romberg(a):
    return integrate.fixed_quad(lambda x: np.exp(-a * x * x), 0.0, 1.3, n=5)[0]


def runge_kutta_step(y):
    from scipy.integrate._ivp.rk import RK45
    solver = RK45(lambda t, s: np.array([s[1], -s[0] * s[0]]), 0.0, y, 1.0, first_step=0.1)
    solver.step()
    return solver.y


def tridiagonal_window(width):
    from scipy.signal.windows import gaussian
    return gaussian(7, width)


def kaiser_window(beta):
    from scipy.signal.windows import kaiser
    return kaiser(7, beta)


def tukey_window(alpha):
    from scipy.signal.windows import tukey
    return tukey(9, alpha)


def exponential_window(tau):
    from scipy.signal.windows import exponential
    return exponential(7, tau=tau)


def rotation(angles):
    from scipy.spatial.transform import Rotation
    return Rotation.from_euler("xyz", angles).as_matrix()


def zeros_to_coefficients(z, k):
    from scipy.signal import zpk2tf
    return zpk2tf(z, np.array([0.5, 0.3]), k)[0]


CASES = [
    case("scipy.optimize.rosen", X),
    case("scipy.optimize.rosen_der", X),
    case("scipy.optimize.rosen_hess", X),
    case("scipy.optimize.rosen_hess_prod", X, Y),
    case("scipy.optimize.newton", 0.7, by=newton_root),
    case("scipy.optimize.fixed_point", 0.7, by=bisected),
    case("scipy.special.logsumexp", X),
    case("scipy.special.logsumexp", X, b=W),
    case("scipy.special.softmax", X),
    case("scipy.special.log_softmax", X),
    case("scipy.special.sinc", X),
    case("scipy.special.multigammaln", 4.2, 3),
    case("scipy.special.polygamma", 1, np.abs(X)),
    case("scipy.signal.windows.gaussian", 1.7, by=tridiagonal_window),
    case("scipy.signal.windows.kaiser", 2.3, by=kaiser_window),
    case("scipy.signal.windows.tukey", 0.41, by=tukey_window),
    case("scipy.signal.windows.exponential", 2.3, by=exponential_window),
    case("scipy.signal.windows.general_cosine", 6, np.array([0.5, 0.4, 0.1])),
    case("scipy.signal.chirp", np.abs(X), 1.1, 2.0, 3.0),
    case("scipy.signal.chirp", np.abs(X), 1.1, 2.0, 3.0, method="logarithmic"),
    case("scipy.signal.gausspulse", X, 1.2, 0.5),
    case("scipy.signal.zpk2tf", X[:2].copy(), 1.3, by=zeros_to_coefficients),
    case("scipy.signal.detrend", X),
    case("scipy.signal.freqs", X[:2].copy(), W[:3].copy(), np.array([0.5, 1.5])),
    case("scipy.spatial.distance.euclidean", X, Y),
    case("scipy.spatial.distance.minkowski", X, Y, 3, W),
    case("scipy.spatial.distance.correlation", X, Y),
    case("scipy.spatial.distance.cosine", X, Y, W),
    case("scipy.spatial.distance.canberra", X, Y),
    case("scipy.spatial.distance.braycurtis", X, Y),
    case("scipy.spatial.distance.seuclidean", X, Y, W),
    case("scipy.spatial.distance.mahalanobis", X[:3].copy(), Y[:3].copy(), S),
    case("scipy.spatial.distance.jensenshannon", P, K),
    case("scipy.spatial.distance.squareform", np.array([0.3, 0.5, 0.9])),
    case("scipy.linalg.toeplitz", X, np.array([0.7, 0.5, 0.3])),
    case("scipy.linalg.hankel", X, np.array([0.4, 0.5, 0.3])),
    case("scipy.linalg.circulant", X),
    case("scipy.linalg.companion", np.array([1.3, -0.4, 0.7, 0.2])),
    case("scipy.linalg.leslie", np.array([0.1, 2.0, 1.0]), np.array([0.2, 0.8])),
    case("scipy.linalg.block_diag", M, S),
    case("scipy.linalg.khatri_rao", M, S),
    case("scipy.linalg.norm", M),
    case("scipy.linalg.solve", M, X[:3].copy()),
    case("scipy.linalg.inv", M),
    case("scipy.linalg.det", M),
    case("scipy.linalg.expm", M),
    case("scipy.linalg.cholesky", S),
    case("scipy.integrate.trapezoid", X, np.array([0.0, 0.4, 1.1, 1.3])),
    case("scipy.integrate.simpson", X, x=np.array([0.0, 0.4, 1.1, 1.3])),
    case("scipy.integrate.cumulative_trapezoid", X, np.array([0.0, 0.4, 1.1, 1.3])),
    case("scipy.integrate.fixed_quad", 0.8, by=romberg),
    case("scipy.integrate.RK45.step", X[:2].copy(), by=runge_kutta_step),
    case("scipy.interpolate.KroghInterpolator", X, 1.4, by=krogh),
    case("scipy.interpolate.BarycentricInterpolator", X, 1.4, by=barycentric),
    case("scipy.interpolate.interp1d", X, 1.4, by=linear_interpolation),
    case("scipy.linalg.convolution_matrix", X, 3, "same"),
]
