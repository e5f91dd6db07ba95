"""`filterpy`, `pykalman`: Kalman filters, whose methods write attributes, and their functions."""

import numpy as np
from filterpy.gh import GHFilter
from filterpy.kalman import (
    FixedLagSmoother,
    InformationFilter,
    KalmanFilter,
    MerweScaledSigmaPoints,
    SquareRootKalmanFilter,
    UnscentedKalmanFilter,
)
from filterpy.leastsq import LeastSquaresFilter
from filterpy.memory import FadingMemoryFilter
from pykalman import KalmanFilter as PyKalman

from tests.thirdparty.case import case

X, Z = np.array([0.4, -0.7]), np.array([0.9])
P = np.array([[1.1, 0.2], [0.2, 0.8]])
F = np.array([[1.0, 0.3], [0.05, 0.9]])
H = np.array([[1.0, 0.4]])
Q, R = 0.1 * np.eye(2), np.array([[0.5]])
OBSERVATIONS = np.array([[0.9], [0.4], [-0.3], [0.1]])


def set_up(x, p, f, q):
    kalman = KalmanFilter(dim_x=2, dim_z=1)
    kalman.x, kalman.P, kalman.F, kalman.H, kalman.Q, kalman.R = x, p, f, H, q, R
    return kalman


def kalman_predict(x, p, f, q):
    kalman = set_up(x, p, f, q)
    kalman.predict()
    return kalman.x, kalman.P


def kalman_update(x, p, z):
    kalman = set_up(x, p, F, Q)
    kalman.update(z)
    return kalman.x, kalman.P


def kalman_steps(x, p, f, q):
    kalman = set_up(x, p, f, q)
    for z in OBSERVATIONS:
        kalman.predict()
        kalman.update(z)
    return kalman.x


def kalman_batch(x, p, f):
    means, _, _, _ = set_up(x, p, f, Q).batch_filter(list(OBSERVATIONS))
    return means


def kalman_log_likelihood(x, p, z):
    kalman = set_up(x, p, F, Q)
    kalman.predict()
    kalman.update(z)
    return kalman.log_likelihood


def information_predict(x, p, f):
    kalman = InformationFilter(dim_x=2, dim_z=1)
    kalman.x, kalman.P_inv, kalman.F, kalman.H, kalman.Q = x, p, f, H, Q
    kalman.R_inv = np.linalg.inv(R)
    kalman.predict()
    kalman.update(Z)
    return kalman.x


def fading_memory(z, w):
    kept = FadingMemoryFilter([0.1, 0.2], 0.5, 1, 0.7)
    for k in range(3):
        kept.update(z * (k + w))
    return kept.x


def square_root_step(x, p, f):
    kalman = SquareRootKalmanFilter(dim_x=2, dim_z=1)
    kalman.x, kalman.P, kalman.F, kalman.H, kalman.Q, kalman.R = x, p, f, H, Q, R
    kalman.predict()
    kalman.update(Z)
    return kalman.x


def fixed_lag(x, p):
    smoother = FixedLagSmoother(dim_x=2, dim_z=1, N=3)
    smoother.x, smoother.P, smoother.F, smoother.H = x, p, F, H
    smoother.Q, smoother.R = Q, R
    for z in OBSERVATIONS:
        smoother.smooth(z)
    return smoother.x


def unscented_step(x, p, z):
    points = MerweScaledSigmaPoints(2, alpha=0.3, beta=2.0, kappa=0.1)
    kalman = UnscentedKalmanFilter(2, 1, dt=0.1, hx=lambda s: np.array([s[0] * s[0]]),
                                   fx=lambda s, dt: F @ s, points=points)
    kalman.x, kalman.P, kalman.Q, kalman.R = x, p, Q, R
    kalman.predict()
    kalman.update(z)
    return kalman.x


def gh_filter(x, dx, z):
    kept = GHFilter(x=x, dx=dx, dt=1.0, g=0.6, h=0.02)
    for _ in range(3):
        kept.update(z)
    return kept.x, kept.dx


def least_squares(z):
    kept = LeastSquaresFilter(dt=1.0, order=1)
    for k in range(4):
        kept.update(z * (k + 1) * k)
    return kept.x


def pykalman_filter(observations):
    return PyKalman(transition_matrices=F, observation_matrices=H, transition_covariance=Q,
                    observation_covariance=R).filter(observations)[0]


def pykalman_smooth(observations):
    return PyKalman(transition_matrices=F, observation_matrices=H, transition_covariance=Q,
                    observation_covariance=R).smooth(observations)[0]


CASES = [
    case("filterpy.kalman.predict", X, P, F, Q),
    case("filterpy.kalman.update", X, P, Z, R, H),
    case("filterpy.kalman.KalmanFilter.predict", X, P, F, Q, by=kalman_predict),
    case("filterpy.kalman.KalmanFilter.update", X, P, Z, by=kalman_update),
    case("filterpy.kalman.KalmanFilter", X, P, F, Q, by=kalman_steps),
    case("filterpy.kalman.KalmanFilter.batch_filter", X, P, F, by=kalman_batch),
    case("filterpy.kalman.KalmanFilter.log_likelihood", X, P, Z, by=kalman_log_likelihood),
    case("filterpy.kalman.InformationFilter", X, P, F, by=information_predict),
    case("filterpy.kalman.SquareRootKalmanFilter", X, P, F, by=square_root_step),
    case("filterpy.kalman.FixedLagSmoother.smooth", X, P, by=fixed_lag),
    case("filterpy.kalman.UnscentedKalmanFilter", X, P, Z, by=unscented_step),
    case("filterpy.memory.FadingMemoryFilter.update", 0.9, 0.4, by=fading_memory),
    case("filterpy.gh.GHFilter.update", 0.3, 0.2, 0.9, by=gh_filter),
    case("filterpy.leastsq.LeastSquaresFilter.update", 0.9, by=least_squares),
    case("filterpy.stats.gaussian", 0.7, 0.2, 1.3),
    case("filterpy.stats.mul", 0.7, 0.2, 1.3, 0.9),
    case("filterpy.stats.mahalanobis", X, Q[0] + X[::-1], P),
    case("filterpy.stats.multivariate_multiply", X, P, X[::-1].copy(), P + Q),
    case("filterpy.common.Q_discrete_white_noise", 0.4, dim=3,
         by=lambda dt, dim: white_noise(dt, dim)),
    case("pykalman.KalmanFilter.filter", OBSERVATIONS, by=pykalman_filter),
    case("pykalman.KalmanFilter.smooth", OBSERVATIONS, by=pykalman_smooth),
]


def white_noise(dt, dim):
    from filterpy.common import Q_discrete_white_noise
    return Q_discrete_white_noise(dim, dt=dt, var=2.0)
