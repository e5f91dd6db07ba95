"""`chemicals` and `thermo`: correlations, lists of mixtures, polynomials, flash calculations."""

import numpy as np

from tests.thirdparty.case import case

A = np.array


def flash_residual(fraction, zs, ks):
    from chemicals.rachford_rice import Rachford_Rice_flash_error
    return Rachford_Rice_flash_error(fraction, zs.tolist(), ks.tolist())


def wilke(ys, mus):
    from chemicals.viscosity import Wilke
    return Wilke(ys.tolist(), mus.tolist(), [30.070, 44.097, 58.12])


def costald_mixture(xs, t):
    from chemicals.volume import COSTALD_mixture
    return COSTALD_mixture(list(xs), t, [512.58, 647.29], [0.000117, 5.6e-05], [0.559, 0.344])


def weinaug_katz(parachors, xs):
    from chemicals.interface import Weinaug_Katz
    return Weinaug_Katz(list(parachors), 0.0001, 0.023, list(xs), [0.5, 0.5])


def wilson_gammas(xs):
    from thermo.wilson import Wilson_gammas
    return Wilson_gammas(list(xs), [[1.0, 0.154], [0.888, 1.0]])


def peng_robinson(t, p):
    from thermo.eos import PR
    return PR(Tc=507.6, Pc=3025000.0, omega=0.2975, T=t, P=p).Z_l


def nrtl_gammas(t):
    from thermo.nrtl import NRTL_gammas
    return NRTL_gammas([0.4, 0.6], [[0.0, t], [0.3 * t, 0.0]], [[0.0, 0.2], [0.2, 0.0]])


CASES = [
    case("chemicals.vapor_pressure.Antoine", 100.0, 8.95894, 510.595, -15.95),
    case("chemicals.vapor_pressure.Wagner",
         100.0, 190.53, 4596420.0, -6.00435, 1.1885, -0.834082, -1.22833),
    case("chemicals.vapor_pressure.Lee_Kesler", 347.2, 617.1, 36e5, 0.299),
    case("chemicals.vapor_pressure.Sanjari", 347.2, 617.1, 36e5, 0.299),
    case("chemicals.vapor_pressure.TRC_Antoine_extended",
         180.0, 227.51, -120.0, 8.95894, 510.595, -15.95, 2.41377, -93.74, 7425.9),
    case("chemicals.vapor_pressure.Psat_IAPWS", 300.0),
    case("chemicals.vapor_pressure.Antoine_coeffs_from_point",
         178.01, 24324.8, 1006.0, 37.26),
    case("chemicals.viscosity.Letsou_Stiel", 400.0, 46.07, 516.25, 6.383e6, 0.6371),
    case("chemicals.viscosity.Lucas", 300.0, 500e5, 572.2, 34.7e5, 0.236, 0.0, 0.00068),
    case("chemicals.viscosity.mu_IAPWS", 298.15, 998.0),
    case("chemicals.viscosity.Twu_1985", 338.7055, 672.3166, 895.5189),
    case("chemicals.viscosity.Lucas_gas", 550.0, 512.6, 80.9e5, 0.224, 32.042, 1.7),
    case("chemicals.viscosity.Wilke", A([0.1, 0.4, 0.5]), A([1.1e-5, 0.9e-5, 0.8e-5]), by=wilke),
    case("chemicals.volume.COSTALD", 298.0, 369.83, 0.00020008161, 0.1532),
    case("chemicals.volume.Rackett", 272.03889, 369.83, 4248000.0, 0.2763),
    case("chemicals.volume.COSTALD_mixture", A([0.4576, 0.5424]), 298.0, by=costald_mixture),
    case("chemicals.volume.Yen_Woods_saturation", 300.0, 647.14, 55.45e-6, 0.245),
    case("chemicals.dippr.EQ101", 300.0, 73.649, -7258.2, -7.3037, 4.1653e-6, 2.0),
    case("chemicals.dippr.EQ105", 300.0, 0.70824, 0.26411, 507.6, 0.27537),
    case("chemicals.dippr.EQ107", 300.0, 33363.0, 26790.0, 2610.5, 8896.0, 1169.0),
    case("chemicals.dippr.EQ106", 300.0, 647.096, 5.2053e7, 0.3199, -0.212, 0.25795),
    case("chemicals.dippr.EQ127",
         20.0, 3.3258e4, 3.6199e4, 1.2057e3, 1.5373e7, 3.2122e3, -1.5318e7, 3.2122e3),
    case("chemicals.interface.Brock_Bird", 293.15, 404.75, 633.0, 4530000.0),
    case("chemicals.interface.Somayajulu", 300.0, 647.126, 232.713514, -140.18645, -4.890098),
    case("chemicals.interface.Weinaug_Katz", A([5.1e-5, 7.2e-5]), A([0.4, 0.6]), by=weinaug_katz),
    case("chemicals.flash_basic.K_value", 101325.0, 3000.0),
    case("chemicals.flash_basic.Wilson_K_value", 270.0, 7600000.0, 305.4, 4880000.0, 0.098),
    case("chemicals.rachford_rice.Rachford_Rice_flash_error",
         0.5, A([0.5, 0.3, 0.2]), A([1.685, 0.742, 0.532]), by=flash_residual),
    case("chemicals.air.lemmon2000_air_Ar", 0.36, 0.5),
    case("chemicals.air.iapws04_Henry_air", 320.0),
    case("chemicals.iapws.iapws95_Ar", 1.1, 0.9),
    case("chemicals.iapws.iapws97_A_region3", 1.05, 0.8),
    case("chemicals.iapws.iapws95_P", 647.0, 358.0),
    case("chemicals.iapws.iapws92_rhol_sat", 400.0),
    case("chemicals.virial.BVirial_Pitzer_Curl", 510.0, 425.2, 38e5, 0.193),
    case("chemicals.heat_capacity.Lastovka_Shaw", 1000.0, 0.1333),
    case("chemicals.heat_capacity.TRCCp",
         300.0, 4.0, 7.65e5, 720.0, 3.565, -0.052, -1.55e6, 52.0, 201.0),
    case("chemicals.thermal_conductivity.Eli_Hanley",
         373.0, 72.151, 460.4, 3.04e-4, 0.267, 0.227, 135.9),
    case("chemicals.acentric.LK_omega", 425.6, 631.1, 32.1e5),
    case("thermo.wilson.Wilson_gammas", A([0.252, 0.748]), by=wilson_gammas),
    case("thermo.nrtl.NRTL_gammas", 0.4, by=nrtl_gammas),
    case("thermo.eos.PR", 299.0, 1e6, by=peng_robinson),
]
