"""Attitude from sensors, meshes, pictures, beats: `ahrs`, `trimesh`, `skimage`, `mir_eval`."""

import numpy as np

from tests.thirdparty.case import case

A = np.array
R = A([[0.36, 0.48, -0.8], [-0.8, 0.6, 0.0], [0.48, 0.64, 0.6]])
Q, P = A([0.8, 0.2, -0.4, 0.4]), A([0.6, 0.0, 0.8, 0.0])
PULL, FIELD, TURN = A([0.3, -0.5, 9.7]), A([22.0, -3.0, 41.0]), A([0.02, -0.04, 0.03])
CORNERS = A([[0.0, 0.0, 0.0], [1.0, 0.1, 0.0], [0.2, 1.1, 0.1], [0.1, 0.2, 1.3]])
FACES = A([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]])
TRIANGLES = CORNERS[FACES]
PICTURE = np.random.default_rng(3).uniform(0.1, 0.9, (6, 5))
COLOURS = np.random.default_rng(4).uniform(0.1, 0.9, (2, 3, 3))


def madgwick(gyr, acc):
    from ahrs.filters import Madgwick
    found = Madgwick(frequency=50.0)
    q = A([1.0, 0.0, 0.0, 0.0])
    for _ in range(3):
        q = found.updateIMU(q, gyr=gyr, acc=acc)
    return q


def madgwick_with_magnetometer(gyr, acc, mag):
    from ahrs.filters import Madgwick
    return Madgwick(frequency=50.0).updateMARG(Q, gyr=gyr, acc=acc, mag=mag)


def mahony(gyr, acc):
    from ahrs.filters import Mahony
    return Mahony(frequency=50.0).updateIMU(Q, gyr=gyr, acc=acc)


def extended_kalman(gyr, acc, mag):
    from ahrs.filters import EKF
    return EKF(frequency=50.0, frame="NED", mag=FIELD[None], acc=PULL[None],
               gyr=TURN[None]).update(Q, gyr, acc, mag)


def tilt(acc):
    from ahrs.filters import Tilt
    return Tilt().estimate(acc)


def triad(acc, mag):
    from ahrs.filters import TRIAD
    found = TRIAD(v1=A([0.0, 0.0, 1.0]), v2=A([0.5, 0.1, 0.8]))
    return found.estimate(acc, mag)


def davenport(acc, mag):
    from ahrs.filters import Davenport
    return Davenport().estimate(acc, mag)


def complementary(gyr, acc):
    from ahrs.filters import Complementary
    return Complementary(gyr=gyr, acc=acc, frequency=50.0, representation="angles").W


def integrated(gyr):
    from ahrs.filters import AngularRate
    return AngularRate(frequency=50.0).update(Q, gyr, method="series", order=3)


def quaternion_object(q):
    from ahrs import Quaternion
    return Quaternion(q).to_DCM()


def mesh_volume(corners):
    import trimesh
    return trimesh.Trimesh(vertices=corners, faces=FACES, process=False).volume


def mesh_area(corners):
    import trimesh
    return trimesh.Trimesh(vertices=corners, faces=FACES, process=False).area


def masses(triangles):
    from trimesh.triangles import mass_properties
    found = mass_properties(triangles)
    return found.center_mass, found.inertia


def warped(picture, shift):
    from skimage.transform import AffineTransform
    return AffineTransform(scale=(1.1, 0.9), rotation=shift, translation=(0.3, 0.1))(picture)


def gray_matrix(picture):
    from skimage.feature import structure_tensor
    return structure_tensor(picture, sigma=0.8)


CASES = [
    case("ahrs.common.orientation.q2R", Q),
    case("ahrs.common.orientation.chiaverini", R),
    case("ahrs.common.orientation.ecompass", PULL, FIELD),
    case("ahrs.common.orientation.acc2q", PULL),
    case("ahrs.common.orientation.rpy2q", A([0.1, 0.2, 0.3])),
    case("ahrs.common.orientation.q2euler", Q),
    case("ahrs.common.orientation.slerp", Q, P, A([0.2, 0.5])),
    case("ahrs.common.orientation.hughes", R),
    case("ahrs.common.orientation.sarabandi", R),
    case("ahrs.utils.metrics.chordal", R, R.T.copy()),
    case("ahrs.utils.metrics.qad", Q, P),
    case("ahrs.filters.Madgwick.updateIMU", TURN, PULL, by=madgwick),
    case("ahrs.filters.Madgwick.updateMARG", TURN, PULL, FIELD, by=madgwick_with_magnetometer),
    case("ahrs.filters.Mahony.updateIMU", TURN, PULL, by=mahony),
    case("ahrs.filters.EKF.update", TURN, PULL, FIELD, by=extended_kalman),
    case("ahrs.filters.Tilt.estimate", PULL, by=tilt),
    case("ahrs.filters.TRIAD.estimate", PULL, FIELD, by=triad),
    case("ahrs.filters.Davenport.estimate", PULL, FIELD, by=davenport),
    case("ahrs.filters.Complementary", A([TURN, 2 * TURN]), A([PULL, PULL + 0.1]),
         by=complementary),
    case("ahrs.filters.AngularRate.update", TURN, by=integrated),
    case("ahrs.Quaternion", Q, by=quaternion_object),
    case("trimesh.triangles.normals", TRIANGLES),
    case("trimesh.triangles.angles", TRIANGLES),
    case("trimesh.triangles.closest_point", TRIANGLES, CORNERS + 0.3),
    case("trimesh.triangles.points_to_barycentric", TRIANGLES, CORNERS + 0.3),
    case("trimesh.triangles.mass_properties", TRIANGLES, by=masses),
    case("trimesh.transformations.decompose_matrix",
         A([[0.9, 0.2, 0.1, 1.0], [-0.1, 1.2, 0.3, 0.5], [0.2, 0.1, 0.8, 0.2],
            [0.01, 0.02, 0.03, 1.0]])),
    case("trimesh.transformations.quaternion_from_matrix",
         np.block([[R, np.zeros((3, 1))], [np.zeros((1, 3)), 1.0]])),
    case("trimesh.transformations.superimposition_matrix", CORNERS.T.copy(),
         (CORNERS @ R + 0.1 * CORNERS ** 2).T.copy()),
    case("trimesh.geometry.plane_transform", CORNERS[1], CORNERS[2]),
    case("trimesh.curvature.line_ball_intersection",
         CORNERS[:2].copy(), CORNERS[2:].copy(), A([0.3, 0.3, 0.3]), 0.6),
    case("trimesh.Trimesh.volume", CORNERS, by=mesh_volume),
    case("trimesh.Trimesh.area", CORNERS, by=mesh_area),
    case("skimage.color.rgb2hsv", COLOURS),
    case("skimage.color.rgb2lab", COLOURS),
    case("skimage.color.lab2rgb", 50 * COLOURS),
    case("skimage.color.rgb2gray", COLOURS),
    case("skimage.color.deltaE_ciede2000", 60 * COLOURS, 50 * COLOURS[::-1].copy()),
    case("skimage.metrics.structural_similarity", PICTURE, PICTURE[::-1].copy(),
         win_size=3, data_range=1.0),
    case("skimage.metrics.peak_signal_noise_ratio", PICTURE, PICTURE[::-1].copy(), data_range=1.0),
    case("skimage.exposure.adjust_sigmoid", PICTURE, 0.5, 8.0),
    case("skimage.exposure.rescale_intensity", PICTURE),
    case("skimage.filters.gaussian", PICTURE, 0.8),
    case("skimage.filters.sobel", PICTURE),
    case("skimage.feature.structure_tensor", PICTURE, by=gray_matrix),
    case("skimage.transform.AffineTransform", PICTURE[:, :2].copy(), 0.3, by=warped),
    case("skimage.restoration.denoise_tv_chambolle", PICTURE, weight=0.1, max_num_iter=5),
    case("mir_eval.util.hz_to_midi", A([220.0, 440.0, 523.0])),
    case("mir_eval.melody.hz2cents", A([220.0, 440.0, 523.0])),
    case("mir_eval.beat.cemgil", A([0.5, 1.0, 1.5, 2.0]), A([0.52, 0.99, 1.53, 2.02])),
]
