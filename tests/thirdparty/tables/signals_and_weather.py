"""Circuits, steam, comfort, geostatistics: `skrf`, `pyXSteam`, `pythermalcomfort`, `gstools` …"""

import numpy as np

from tests.thirdparty.case import case

A = np.array
S = A([[[0.2 + 0.1j, 0.7 - 0.2j], [0.6 - 0.1j, 0.3 + 0.2j]]])
DISTANCES = A([0.1, 0.4, 0.9, 1.6])
WARM, HUMID = A([300.0, 305.0, 310.0]), A([60.0, 45.0, 70.0])


def cascaded(s, other):
    import skrf
    frequency = skrf.Frequency(1, 1, 1, "ghz")
    first = skrf.Network(frequency=frequency, s=s, z0=50)
    second = skrf.Network(frequency=frequency, s=other, z0=50)
    return (first ** second).s


def steam(pressure, temperature):
    from pyXSteam.XSteam import XSteam
    table = XSteam(XSteam.UNIT_SYSTEM_MKS)
    return table.h_pt(pressure, temperature), table.s_pt(pressure, temperature)


def saturation(pressure):
    from pyXSteam.XSteam import XSteam
    table = XSteam(XSteam.UNIT_SYSTEM_MKS)
    return table.tsat_p(pressure), table.hV_p(pressure)


def viscosity(pressure, temperature):
    from pyXSteam.XSteam import XSteam
    return XSteam(XSteam.UNIT_SYSTEM_BARE).my_pt(pressure, temperature)


def gaussian_covariance(r, scale):
    import gstools
    return gstools.Gaussian(dim=2, var=1.3, len_scale=scale).covariance(r)


def exponential_variogram(r, variance, nugget):
    import gstools
    return gstools.Exponential(dim=2, var=variance, len_scale=0.8, nugget=nugget).variogram(r)


def matern_correlation(r, nu):
    import gstools
    return gstools.Matern(dim=1, len_scale=0.8, nu=nu).correlation(r)


def kriged(values):
    from pykrige.ok import OrdinaryKriging
    x, y = A([0.0, 1.0, 0.3, 0.8]), A([0.1, 0.2, 0.9, 0.7])
    found = OrdinaryKriging(x, y, values, variogram_model="linear",
                            variogram_parameters={"slope": 1.0, "nugget": 0.1})
    return found.execute("points", A([0.5]), A([0.5]))[0].data


def comfort(tdb, tr, rh):
    from pythermalcomfort.models import pmv_ppd_iso
    found = pmv_ppd_iso(tdb=tdb, tr=tr, vr=0.1, rh=rh, met=1.2, clo=0.5, round_output=False)
    return found.pmv, found.ppd


def standard_temperature(tdb, v):
    from pythermalcomfort.models import set_tmp
    return set_tmp(tdb=tdb, tr=25.0, v=v, rh=50.0, met=1.2, clo=0.5, round_output=False).set


def universal_index(tdb, v):
    from pythermalcomfort.models import utci
    return utci(tdb=tdb, tr=27.0, v=v, rh=50.0, round_output=False).utci


def hot_day(tdb, rh):
    from pythermalcomfort.models import heat_index_rothfusz
    return heat_index_rothfusz(tdb=tdb, rh=rh, round_output=False).hi


def moist_air(tdb, rh):
    from pythermalcomfort.utilities import psy_ta_rh
    found = psy_ta_rh(tdb, rh)
    return found.hr, found.wet_bulb_tmp, found.h


def dew(t, h):
    from meteocalc import Temp, dew_point
    return dew_point(Temp(t, "c"), h).c


def arrhenius(t, energy):
    from chempy.arrhenius import ArrheniusParam
    return ArrheniusParam(1e10, energy)(t)


def mass_action(concentration, k):
    from chempy import ReactionSystem, Substance
    system = ReactionSystem.from_string("A -> B; 1.3\nB -> C; 0.4", substance_factory=Substance)
    return system.rates({"A": concentration, "B": 0.2 * k, "C": 0.1})


CASES = [
    case("skrf.network.s2z", S),
    case("skrf.network.s2y", S),
    case("skrf.network.s2a", S),
    case("skrf.network.s2t", S),
    case("skrf.network.connect_s", S, 1, S[:, ::-1].copy(), 0),
    case("skrf.network.renormalize_s", S, 50.0, 75.0),
    case("skrf.network.passivity", S),
    case("skrf.network.cascade", S, S[:, ::-1].copy(), by=cascaded),
    case("skrf.tlineFunctions.zl_2_zin", 50.0, 75.0 + 10j, 0.3 + 0.4j),
    case("skrf.tlineFunctions.skin_depth", 1e9, 1.7e-8, 1.1),
    case("skrf.mathFunctions.complex_2_db", S),
    case("skrf.mathFunctions.unwrap_rad", A([0.3, 3.0, -2.9, -1.0])),
    case("skrf.mathFunctions.rsolve", S, S[:, ::-1].copy()),
    case("pyXSteam.XSteam.XSteam.h_pt", 5.0, 200.0, by=steam),
    case("pyXSteam.XSteam.XSteam.tsat_p", 5.0, by=saturation),
    case("pyXSteam.XSteam.XSteam.my_pt", 0.5, 500.0, by=viscosity),
    case("pykrige.variogram_models.spherical_variogram_model", [1.3, 2.0, 0.2], DISTANCES),
    case("pykrige.variogram_models.hole_effect_variogram_model", [1.3, 2.0, 0.2], DISTANCES),
    case("pykrige.ok.OrdinaryKriging", A([0.3, 1.2, 0.7, 0.5]), by=kriged),
    case("gstools.Gaussian.covariance", DISTANCES, 0.8, by=gaussian_covariance),
    case("gstools.Exponential.variogram", DISTANCES, 1.2, 0.1, by=exponential_variogram),
    case("gstools.Matern.correlation", DISTANCES, 1.7, by=matern_correlation),
    case("thermofeel.calculate_utci_polynomial", WARM - 273.15, WARM - 271.0, A([2.0, 3.0, 1.5]),
         A([1.2, 1.5, 2.0])),
    case("thermofeel.calculate_heat_index_adjusted", WARM + 5.0, WARM),
    case("thermofeel.calculate_wbt", WARM, HUMID),
    case("thermofeel.calculate_humidex", WARM, WARM - 5.0),
    case("thermofeel.calculate_mrt_from_bgt", WARM, WARM + 4.0, A([2.0, 3.0, 1.5])),
    case("thermofeel.calculate_wind_chill", WARM - 30.0, A([2.0, 3.0, 4.5])),
    case("pythermalcomfort.models.pmv_ppd_iso", 25.0, 26.0, 50.0, by=comfort),
    case("pythermalcomfort.models.set_tmp", 25.0, 0.2, by=standard_temperature),
    case("pythermalcomfort.models.utci", 27.0, 1.5, by=universal_index),
    case("pythermalcomfort.models.heat_index_rothfusz", 32.0, 60.0, by=hot_day),
    case("pythermalcomfort.utilities.psy_ta_rh", 25.0, 50.0, by=moist_air),
    case("pythermalcomfort.utilities.wet_bulb_tmp", 25.0, 50.0),
    case("meteocalc.dew_point", 25.0, 50.0, by=dew),
    case("chempy.electrolytes.davies_log_gamma", 0.1, 2, 0.509),
    case("chempy.properties.water_density_tanaka_2001.water_density", 295.0),
    case("chempy.properties.sulfuric_acid_density_myhre_1998.sulfuric_acid_density", 0.2, 295.0),
    case("chempy.properties.water_permittivity_bradley_pitzer_1979.water_permittivity", 300.0, 1.0),
    case("chempy.arrhenius.ArrheniusParam", 300.0, 4e4, by=arrhenius),
    case("chempy.ReactionSystem.rates", 0.7, 1.1, by=mass_action),
    case("chempy.kinetics.integrated.dimerization_irrev", 1.3, 0.4, 2.0),
    case("chempy.kinetics.integrated.binary_rev", 1.3, 0.4, 0.2, 2.0, 0.1, 0.1),
]
