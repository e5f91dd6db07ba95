"""Rotations, curves and orbits: `transforms3d`, `pyquaternion`, `geomdl`, `bezier`, `skyfield` …"""

import numpy as np
from geomdl import BSpline
from pyquaternion import Quaternion
from squaternion import Quaternion as SmallQuaternion

from tests.thirdparty.case import case

A = np.array
V, U = A([0.3, -0.5, 0.9]), A([0.7, 0.2, -0.4])
Q = A([0.8, 0.3, -0.4, 0.33])
NODES = A([[0.0, 0.5, 1.1, 1.9], [0.2, 1.3, 0.7, 1.0]])
TRIANGLE = A([[0.0, 0.5, 1.0, 0.1, 0.6, 0.2], [0.0, 0.1, 0.0, 0.5, 0.6, 1.0]])
KNOTS = [0.0, 0.0, 0.0, 0.5, 1.0, 1.0, 1.0]
CONTROL = A([[0.0, 0.0], [0.4, 1.0], [1.1, 0.8], [1.7, -0.2]])


def quaternion_rotate(angle, vector):
    return Quaternion(axis=[0.0, 0.6, 0.8], angle=angle).rotate(vector)


def quaternion_product(a, b):
    return (Quaternion(a) * Quaternion(b)).elements


def quaternion_slerp(a, b, amount):
    return Quaternion.slerp(Quaternion(a), Quaternion(b), amount).elements


def quaternion_log(a):
    return Quaternion.log(Quaternion(a)).elements


def small_quaternion(roll, pitch, yaw):
    return SmallQuaternion.from_euler(roll, pitch, yaw).to_euler()


def small_product(w, x):
    product = SmallQuaternion(w, x, 0.2, 0.4) * SmallQuaternion(0.5, x, w, 0.1)
    return product.w, product.x, product.y, product.z


def b_spline_curve(points, u):
    curve = BSpline.Curve()
    curve.degree = 2
    curve.ctrlpts = points.tolist()
    curve.knotvector = KNOTS
    return curve.evaluate_single(u)


def basis(u):
    from geomdl.helpers import basis_function
    return basis_function(2, KNOTS, 3, u)


def basis_derivatives(u):
    from geomdl.helpers import basis_function_ders
    return basis_function_ders(2, KNOTS, 3, u, 1)


def lu_solution(matrix, vector):
    from geomdl.linalg import lu_solve
    return lu_solve(matrix.tolist(), [[x] for x in vector.tolist()])


def normalised(vector):
    from geomdl.linalg import vector_normalize
    return vector_normalize(vector.tolist())


def cross(a, b):
    from geomdl.linalg import vector_cross
    return vector_cross(a.tolist(), b.tolist())


def geodesic(lat1, lon1, lat2, lon2):
    from geographiclib.geodesic import Geodesic
    return Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2)["s12"]


def geodesic_direct(lat1, azimuth, distance):
    from geographiclib.geodesic import Geodesic
    end = Geodesic.WGS84.Direct(lat1, 20.0, azimuth, distance)
    return end["lat2"], end["lon2"]


def satellite(mean_motion, eccentricity):
    from sgp4.model import WGS72, Satrec
    made = Satrec()
    made.sgp4init(WGS72, "i", 25544, 18441.785, 3.8e-5, 0.0, 0.0, eccentricity, 2.03, 0.9, 1.2,
                  mean_motion, 3.6)
    return made.no_kozai


def barycentric_time(fraction):
    from skyfield.timelib import tdb_minus_tt
    return tdb_minus_tt(2460000.5, fraction)


def aberration(position, velocity, light_time):
    from skyfield.relativity import add_aberration
    position = position.copy()
    add_aberration(position, velocity, light_time)
    return position


M33 = A([[2.0, 0.3, 0.1], [0.4, 1.7, 0.2], [0.1, 0.5, 1.4]])

CASES = [
    case("transforms3d.quaternions.quat2mat", Q),
    case("transforms3d.quaternions.qmult", Q, Q[::-1].copy()),
    case("transforms3d.quaternions.qinverse", Q),
    case("transforms3d.quaternions.qlog", Q),
    case("transforms3d.quaternions.qexp", Q),
    case("transforms3d.quaternions.axangle2quat", V, 0.7),
    case("transforms3d.quaternions.quat2axangle", Q),
    case("transforms3d.quaternions.rotate_vector", V, Q),
    case("transforms3d.euler.euler2mat", 0.3, 0.5, -0.7),
    case("transforms3d.euler.euler2quat", 0.3, 0.5, -0.7),
    case("transforms3d.euler.quat2euler", Q),
    case("transforms3d.euler.mat2euler", M33),
    case("transforms3d.axangles.axangle2mat", V, 0.7),
    case("transforms3d.affines.compose", V, M33, A([1.1, 0.9, 1.3]), A([0.1, 0.2, 0.05])),
    case("transforms3d.affines.decompose44", A([[2.0, 0.3, 0.1, 0.5], [0.4, 1.7, 0.2, 0.1],
                                                [0.1, 0.5, 1.4, 0.2], [0.0, 0.0, 0.0, 1.0]])),
    case("pyquaternion.Quaternion.rotate", 0.7, V, by=quaternion_rotate),
    case("pyquaternion.Quaternion", Q, Q[::-1].copy(), by=quaternion_product),
    case("pyquaternion.Quaternion.slerp", Q, Q[::-1].copy(), 0.4, by=quaternion_slerp),
    case("pyquaternion.Quaternion.log", Q, by=quaternion_log),
    case("squaternion.Quaternion.from_euler", 0.3, 0.5, -0.7, by=small_quaternion),
    case("squaternion.Quaternion", 0.3, 0.5, by=small_product),
    case("geomdl.BSpline.Curve.evaluate_single", CONTROL, 0.3, by=b_spline_curve),
    case("geomdl.helpers.basis_function", 0.6, by=basis),
    case("geomdl.helpers.basis_function_ders", 0.6, by=basis_derivatives),
    case("geomdl.linalg.lu_solve", M33, V, by=lu_solution),
    case("geomdl.linalg.vector_normalize", V, by=normalised),
    case("geomdl.linalg.vector_cross", V, U, by=cross),
    case("bezier.hazmat.curve_helpers.evaluate_multi", NODES, A([0.2, 0.7])),
    case("bezier.hazmat.curve_helpers.evaluate_multi_vs", NODES, A([0.2, 0.7]), A([0.8, 0.3])),
    case("bezier.hazmat.curve_helpers.evaluate_multi_de_casteljau",
         NODES, A([0.2, 0.7]), A([0.8, 0.3])),
    case("bezier.hazmat.curve_helpers.evaluate_hodograph", 0.3, NODES),
    case("bezier.hazmat.curve_helpers.elevate_nodes", NODES),
    case("bezier.hazmat.curve_helpers.specialize_curve", NODES, 0.2, 0.7),
    case("bezier.hazmat.curve_helpers.get_curvature", NODES, A([[1.0], [0.4]]), 0.3),
    case("bezier.hazmat.curve_helpers.newton_refine", NODES, A([[0.6], [0.8]]), 0.4),
    case("bezier.hazmat.triangle_helpers.evaluate_barycentric", TRIANGLE, 2, 0.3, 0.5, 0.2),
    case("bezier.hazmat.triangle_helpers.jacobian_both", TRIANGLE, 2, 2),
    case("bezier.hazmat.triangle_helpers.subdivide_nodes", TRIANGLE, 2),
    case("bezier.hazmat.helpers.solve2x2", M33[:2, :2].copy(), V[:2].copy()),
    case("geographiclib.geodesic.Geodesic.Inverse", 40.6, -73.8, 51.6, -0.5, by=geodesic),
    case("geographiclib.geodesic.Geodesic.Direct", 40.6, 53.5, 5e6, by=geodesic_direct),
    case("skyfield.functions.to_spherical", V),
    case("skyfield.functions.angle_between", V, U),
    case("skyfield.functions.from_spherical", 1.3, 0.4, 0.9),
    case("skyfield.functions.rot_x", 0.4),
    case("skyfield.keplerlib.stumpff", A([0.3])),
    case("skyfield.keplerlib.eccentric_anomaly", 0.1, 0.7),
    case("skyfield.keplerlib.ele_to_vec", 1.2, 0.1, 0.3, 0.4, 0.5, 0.6, 1.1),
    case("skyfield.timelib.compute_precession", 2460000.5),
    case("skyfield.timelib.tdb_minus_tt", 0.25, by=barycentric_time),
    case("skyfield.relativity.add_aberration", V, 1e-2 * U, 0.005, by=aberration),
    case("skyfield.earthlib.refraction", 12.0, 15.0, 1010.0),
    case("skyfield.nutationlib.mean_obliquity", 2460000.5),
]
