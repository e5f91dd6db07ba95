"""Robots: `modern_robotics`, `ikpy`, `spatialmath`, `pytransform3d`, `rowan`."""

import numpy as np

from tests.thirdparty.case import case

A = np.array
R = A([[0.36, 0.48, -0.8], [-0.8, 0.6, 0.0], [0.48, 0.64, 0.6]])
T = np.block([[R, A([[0.3], [-0.2], [1.1]])], [A([[0.0, 0.0, 0.0, 1.0]])]])
V, W, Q = A([0.3, -0.5, 0.7]), A([0.2, 0.9, -0.4]), A([0.8, 0.2, -0.4, 0.4]) / 1.0
TURN = A([[0.8, -0.6, 0.0, 0.1], [0.6, 0.8, 0.0, 0.2], [0.0, 0.0, 1.0, 0.3], [0.0, 0.0, 0.0, 1.0]])
TWIST = A([0.3, -0.5, 0.7, 0.1, 0.4, -0.2])
HOME = A([[-1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 6.0], [0.0, 0.0, -1.0, 2.0], [0.0, 0.0, 0.0, 1.0]])
BODY = A([[0.0, 0.0, -1.0, 2.0, 0.0, 0.0], [0.1, 0.0, 0.2, 0.0, 1.0, 0.0],
          [0.0, 0.0, 1.0, 0.0, 0.0, 0.1]]).T
SPACE = A([[0.0, 0.0, 1.0, 4.0, 0.0, 0.0], [0.1, 0.0, 0.2, 0.0, 1.0, 0.0],
           [0.0, 0.0, -1.0, -6.0, 0.0, -0.1]]).T
JOINTS = A([1.2, 0.7, 2.6])
M01 = A([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0.089159], [0, 0, 0, 1.0]])
M12 = A([[0, 0, 1, 0.28], [0, 1, 0, 0.13585], [-1, 0, 0, 0], [0, 0, 0, 1.0]])
M23 = A([[1, 0, 0, 0], [0, 1, 0, -0.1197], [0, 0, 1, 0.395], [0, 0, 0, 1.0]])
M34 = A([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0.14225], [0, 0, 0, 1.0]])
LINKS = A([M01, M12, M23, M34])
INERTIAS = A([np.diag([0.010267, 0.010267, 0.00666, 3.7, 3.7, 3.7]),
              np.diag([0.22689, 0.22689, 0.0151074, 8.393, 8.393, 8.393]),
              np.diag([0.0494433, 0.0494433, 0.004095, 2.275, 2.275, 2.275])])
SCREWS = A([[1, 0, 1, 0, 1, 0], [0, 1, 0, -0.089, 0, 0], [0, 1, 0, -0.089, 0, 0.425]]).T
ANGLES, SPEEDS, FORCES = A([0.1, 0.2, 0.3]), A([0.1, 0.2, 0.3]), A([0.5, 0.6, 0.7])
GRAVITY, TIP = A([0.0, 0.0, -9.8]), A([1.0, 1.0, 1.0, 1.0, 1.0, 1.0])


def turned(angles):
    from spatialmath.base import rpy2r
    return rpy2r(angles)


def placed(v):
    from modern_robotics import MatrixExp6, VecTose3
    return MatrixExp6(VecTose3(v))


def logarithm(v):
    from spatialmath.base import trlog
    return trlog(placed(v))


def to_quaternion(angles):
    from pytransform3d.rotations import quaternion_from_matrix
    return quaternion_from_matrix(turned(angles))


def to_axis_angle(angles):
    from pytransform3d.rotations import axis_angle_from_matrix
    return axis_angle_from_matrix(turned(angles))


def to_coordinates(v):
    from pytransform3d.transformations import exponential_coordinates_from_transform
    return exponential_coordinates_from_transform(placed(v))


def to_dual_quaternion(v):
    from pytransform3d.transformations import dual_quaternion_from_transform
    return dual_quaternion_from_transform(placed(v))


def between(v, t):
    from pytransform3d.transformations import transform_sclerp
    return transform_sclerp(placed(v), np.eye(4), t)


def computed_torque(angles, speeds, wanted):
    from modern_robotics import ComputedTorque
    return ComputedTorque(angles, speeds, A([0.2, 0.2, 0.2]), GRAVITY, LINKS, INERTIAS, SCREWS,
                          wanted, A([2.0, 1.2, 2.0]), A([0.1, 0.1, 0.1]), 1.3, 1.2, 1.1)


def forward_dynamics(angles, speeds, torques):
    from modern_robotics import ForwardDynamics
    return ForwardDynamics(angles, speeds, torques, GRAVITY, TIP, LINKS, INERTIAS, SCREWS)


def inverse_dynamics(angles, speeds, accelerations):
    from modern_robotics import InverseDynamics
    return InverseDynamics(angles, speeds, accelerations, GRAVITY, TIP, LINKS, INERTIAS, SCREWS)


def mass_matrix(angles):
    from modern_robotics import MassMatrix
    return MassMatrix(angles, LINKS, INERTIAS, SCREWS)


def simulated(angles, speeds, torques):
    from modern_robotics import ForwardDynamicsTrajectory
    forces = np.ones((3, 6))
    return ForwardDynamicsTrajectory(
        angles, speeds, torques, GRAVITY, forces, LINKS, INERTIAS, SCREWS, 0.1, 2)


def inverse_kinematics(x, y, z):
    from modern_robotics import IKinBody, RpToTrans
    target = RpToTrans(A([[0, 1, 0], [1, 0, 0], [0, 0, -1.0]]), A([x, y, z]))
    return IKinBody(BODY, HOME, target, A([1.5, 2.5, 3.0]), 10.0, 1e-9)[0]


def arm(angles):
    from ikpy.chain import Chain
    from ikpy.link import OriginLink, URDFLink
    links = [OriginLink()]
    for k in range(3):
        links.append(URDFLink(f"joint{k}", [0.1, 0.2 * k, 0.5], [0.1, 0.0, 0.3],
                              rotation=[0.0, 1.0, 0.0] if k % 2 else [0.0, 0.0, 1.0]))
    chain = Chain(links, active_links_mask=[False, True, True, True])
    return chain.forward_kinematics([0.0, *angles])


def rotation_object(roll, pitch, yaw):
    from spatialmath import SO3
    return (SO3.RPY(roll, pitch, yaw) * SO3.Rx(0.3)).inv().A


def pose_object(x, angle):
    from spatialmath import SE3
    pose = SE3(x, 0.2, 0.3) * SE3.Rz(angle) * SE3.Ry(2 * angle)
    return pose * A([1.0, 2.0, 3.0])


def twist_object(v):
    from spatialmath import Twist3
    return Twist3(v).SE3(0.7).A


def to_euler(v):
    import rowan
    return rowan.to_euler(rowan.normalize(np.append(0.7, v)))


def quaternion_object(angle):
    from spatialmath import UnitQuaternion
    return (UnitQuaternion.Rx(angle) * UnitQuaternion.Ry(0.4)).R


CASES = [
    case("modern_robotics.MatrixExp3", A([[0.0, -0.7, 0.4], [0.7, 0.0, -0.2], [-0.4, 0.2, 0.0]])),
    case("modern_robotics.MatrixLog3", R),
    case("modern_robotics.MatrixExp6",
         A([[0.0, -0.7, 0.4, 1.0], [0.7, 0.0, -0.2, 2.0], [-0.4, 0.2, 0.0, 3.0], [0.0] * 4])),
    case("modern_robotics.MatrixLog6", T),
    case("modern_robotics.Adjoint", T),
    case("modern_robotics.AxisAng6", TWIST),
    case("modern_robotics.ScrewToAxis", V, W, 2.0),
    case("modern_robotics.FKinBody", HOME, BODY, JOINTS),
    case("modern_robotics.FKinSpace", HOME, SPACE, JOINTS),
    case("modern_robotics.JacobianBody", BODY, JOINTS),
    case("modern_robotics.JacobianSpace", SPACE, JOINTS),
    case("modern_robotics.IKinBody", -5.0, 4.0, 1.6858, by=inverse_kinematics),
    case("modern_robotics.InverseDynamics", ANGLES, SPEEDS, A([2.0, 1.5, 1.0]),
         by=inverse_dynamics),
    case("modern_robotics.ForwardDynamics", ANGLES, SPEEDS, FORCES, by=forward_dynamics),
    case("modern_robotics.MassMatrix", ANGLES, by=mass_matrix),
    case("modern_robotics.ForwardDynamicsTrajectory", ANGLES, SPEEDS,
         A([[3.63, -6.58, -5.57], [3.74, -5.55, -5.5], [4.31, -0.68, -5.19]]), by=simulated),
    case("modern_robotics.ComputedTorque", ANGLES, SPEEDS, A([1.0, 1.0, 1.0]), by=computed_torque),
    case("modern_robotics.JointTrajectory", JOINTS, ANGLES, Tf=2.0, N=5, method=5),
    case("modern_robotics.CartesianTrajectory", T, HOME, 5.0, 4, 5),
    case("modern_robotics.ProjectToSO3", R + 0.01),
    case("ikpy.chain.Chain.forward_kinematics", A([0.3, -0.4, 0.8]), by=arm),
    case("spatialmath.base.rpy2r", 0.1, 0.2, 0.3),
    case("spatialmath.base.tr2rpy", T),
    case("spatialmath.base.angvec2r", 0.4, V),
    case("spatialmath.base.trexp", TWIST),
    case("spatialmath.base.trlog", TWIST, by=logarithm),
    case("spatialmath.base.tr2jac", T),
    case("spatialmath.base.trinterp", T, T @ TURN, 0.3),
    case("spatialmath.base.trnorm", T),
    case("spatialmath.base.qslerp", Q, A([0.6, 0.0, 0.8, 0.0]), 0.3),
    case("spatialmath.base.r2q", R),
    case("spatialmath.base.rodrigues", V, 0.3),
    case("spatialmath.base.rotvelxform", A([0.1, 0.2, 0.3])),
    case("spatialmath.SO3", 0.1, 0.2, 0.3, by=rotation_object),
    case("spatialmath.SE3", 0.7, 0.4, by=pose_object),
    case("spatialmath.Twist3", TWIST, by=twist_object),
    case("spatialmath.UnitQuaternion", 0.3, by=quaternion_object),
    case("pytransform3d.rotations.matrix_from_euler", V, 0, 1, 2, True),
    case("pytransform3d.rotations.quaternion_from_matrix", V, by=to_quaternion),
    case("pytransform3d.rotations.quaternion_slerp", Q, A([0.6, 0.0, 0.8, 0.0]), 0.3),
    case("pytransform3d.rotations.axis_angle_from_matrix", V, by=to_axis_angle),
    case("pytransform3d.rotations.rotor_slerp", Q, A([0.6, 0.0, 0.8, 0.0]), 0.3),
    case("pytransform3d.rotations.quaternion_integrate", A([V, W, V + W])),
    case("pytransform3d.rotations.matrix_from_two_vectors", V, W),
    case("pytransform3d.transformations.transform_from_exponential_coordinates", TWIST),
    case("pytransform3d.transformations.exponential_coordinates_from_transform", TWIST,
         by=to_coordinates),
    case("pytransform3d.transformations.dual_quaternion_from_transform", TWIST,
         by=to_dual_quaternion),
    case("pytransform3d.transformations.transform_sclerp", TWIST, 0.3, by=between),
    case("pytransform3d.transformations.left_jacobian_SE3", TWIST),
    case("rowan.from_euler", 0.3, 0.5, -0.4),
    case("rowan.to_euler", V, by=to_euler),
    case("rowan.power", Q, 1.7),
    case("rowan.rotate", Q, V),
    case("rowan.vector_vector_rotation", V, W),
]
