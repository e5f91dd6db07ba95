"""Colours: `colour-science`, `colorspacious`, `colormath`; validation, and choices by name."""

import numpy as np

from tests.thirdparty.case import case

A = np.array
XYZ, LAB, LAB2 = A([0.206, 0.122, 0.051]), A([48.2, 43.1, 26.4]), A([51.1, 38.3, 21.9])


def ciecam(xyz):
    from colorspacious import CIECAM02Space
    found = CIECAM02Space.sRGB.XYZ100_to_CIECAM02(xyz)
    return found.J, found.C, found.h


CASES = [
    case("colour.models.XYZ_to_Lab", XYZ),
    case("colour.models.Lab_to_XYZ", LAB),
    case("colour.models.XYZ_to_Luv", XYZ),
    case("colour.models.XYZ_to_xyY", XYZ),
    case("colour.models.XYZ_to_Oklab", XYZ),
    case("colour.models.XYZ_to_IPT", XYZ),
    case("colour.models.eotf_sRGB", A([0.3, 0.02, 0.9])),
    case("colour.models.eotf_inverse_sRGB", A([0.3, 0.002, 0.9])),
    case("colour.difference.delta_E_CIE1994", LAB, LAB2),
    case("colour.difference.delta_E_CIE2000", LAB, LAB2),
    case("colour.difference.delta_E_CMC", LAB, LAB2),
    case("colour.temperature.CCT_to_xy_CIE_D", 6500.0),
    case("colour.temperature.xy_to_CCT_McCamy1992", A([0.31, 0.33])),
    case("colour.temperature.CCT_to_uv_Krystek1985", 5300.0),
    case("colour.adaptation.chromatic_adaptation_VonKries",
         XYZ, A([0.95, 1.0, 1.09]), A([0.96, 1.0, 0.83])),
    case("colour.colorimetry.planck_law", 500e-9, 5500.0),
    case("colour.phenomena.rayleigh.scattering_cross_section", 555e-7),
    case("colour.contrast.contrast_sensitivity_function_Barten1999",
         4.0, sigma=0.01, E=65.0, X_0=60.0, X_max=12.0),
    case("colorspacious.cspace_convert", A([0.3, 0.5, 0.2]), start="sRGB1", end="CAM02-UCS"),
    case("colorspacious.cspace_convert", A([30.0, 50.0, 20.0]), start="XYZ100", end="CIELab"),
    case("colorspacious.deltaE", LAB, LAB2, input_space="CIELab", uniform_space="CIELab"),
    case("colorspacious.basics.C_linear", A([0.3, 0.02, 0.9])),
    case("colorspacious.basics.XYZ_to_xyY", 100 * XYZ),
    case("colorspacious.CIECAM02Space.XYZ100_to_CIECAM02", 100 * XYZ, by=ciecam),
    case("colormath.color_diff_matrix.delta_e_cie1976", LAB, A([LAB2, LAB2 + 2.0])),
    case("colormath.color_diff_matrix.delta_e_cie1994", LAB, A([LAB2, LAB2 + 2.0])),
    case("colormath.color_diff_matrix.delta_e_cie2000", LAB, A([LAB2, LAB2 + 2.0])),
    case("colormath.color_diff_matrix.delta_e_cmc", LAB, A([LAB2, LAB2 + 2.0])),
]
