"""Air, sea, sun and steam: `psychrolib`, `seawater`, `pvlib`, `windpowerlib`, `pyet`, `iapws`."""

import numpy as np
import psychrolib

from tests.thirdparty.case import case

psychrolib.SetUnitSystem(psychrolib.SI)

A = np.array
S, T, D = A([34.5, 35.1]), A([12.0, 4.5]), A([500.0, 2000.0])


def steam_region(t, p):
    from iapws.iapws97 import _Region1
    region = _Region1(t, p)
    return region["v"], region["h"], region["s"]


def steam_region3(rho, t):
    from iapws.iapws97 import _Region3
    region = _Region3(rho, t)
    return region["P"], region["h"]


def wind_profile(speed, roughness):
    from windpowerlib.wind_speed import logarithmic_profile
    return logarithmic_profile(speed, 10, 78.0, roughness)


def wind_power(speed):
    from windpowerlib.power_output import power_curve
    return power_curve(speed, A([3.0, 5.0, 10.0, 15.0]), A([0.0, 400.0, 1800.0, 3000.0]))


CASES = [
    case("psychrolib.GetSatVapPres", 25.0),
    case("psychrolib.GetHumRatioFromRelHum", 25.0, 0.6, 101325.0),
    case("psychrolib.GetHumRatioFromTWetBulb", 30.0, 20.0, 95461.0),
    case("psychrolib.GetVapPresFromTDewPoint", 18.0),
    case("psychrolib.GetMoistAirEnthalpy", 30.0, 0.02),
    case("psychrolib.GetMoistAirVolume", 30.0, 0.02, 95461.0),
    case("psychrolib.GetSeaLevelPressure", 101226.5, 105.0, 17.0),
    case("psychrolib.GetDegreeOfSaturation", 30.0, 0.011, 95461.0),
    case("psychrolib.GetTDryBulbFromMoistAirVolumeAndHumRatio", 0.94, 0.02, 95461.0),
    case("psychrolib.GetStandardAtmPressure", 1200.0),
    case("seawater.eos80.dens", S, T, D),
    case("seawater.eos80.svel", S, T, D),
    case("seawater.eos80.cp", S, T, D),
    case("seawater.eos80.ptmp", S, T, D),
    case("seawater.eos80.adtg", S, T, D),
    case("seawater.eos80.fp", S, D),
    case("seawater.eos80.dpth", D, A([30.0, 41.0])),
    case("seawater.eos80.beta", S, T, D),
    case("pvlib.irradiance.aoi_projection", 30.0, 180.0, 42.0, 160.0),
    case("pvlib.irradiance.aoi", A([30.0, 20.0]), 180.0, A([42.0, 50.0]), 160.0),
    case("pvlib.irradiance.haydavies", 30.0, 180.0, 120.0, 700.0, 1360.0, 42.0, 160.0),
    case("pvlib.irradiance.klucher", 30.0, 180.0, 120.0, 600.0, 42.0, 160.0),
    case("pvlib.irradiance.reindl", 30.0, 180.0, 120.0, 700.0, 600.0, 1360.0, 42.0, 160.0),
    case("pvlib.irradiance.perez_driesse", 30.0, 180.0, 120.0, 700.0, 1360.0, 42.0, 160.0, 1.5),
    case("pvlib.irradiance.perez", 30.0, 180.0, 120.0, 700.0, 1360.0, 42.0, 160.0, 1.5),
    case("pvlib.irradiance.clearness_index", A([600.0, 300.0]), 42.0, 1360.0),
    case("pvlib.irradiance.campbell_norman", A([42.0, 50.0]), 0.7),
    case("pvlib.atmosphere.get_relative_airmass", A([42.0, 50.0])),
    case("pvlib.atmosphere.gueymard94_pw", A([20.0, 25.0]), A([50.0, 80.0])),
    case("pvlib.atmosphere.kasten96_lt", 1.4, 1.7, 0.1),
    case("pvlib.temperature.faiman_rad", 800.0, 20.0, 2.0, 350.0),
    case("pvlib.temperature.noct_sam", 800.0, 20.0, 2.0, 45.0, 0.18),
    case("pvlib.temperature.pvsyst_cell", A([800.0, 500.0]), 20.0, 2.0),
    case("pvlib.iam.physical", A([42.0, 30.0]), 1.526, 4.0, 0.002),
    case("pvlib.iam.martin_ruiz", A([42.0, 30.0]), 0.16),
    case("pvlib.iam.ashrae", A([42.0, 30.0]), 0.05),
    case("pvlib.clearsky.simplified_solis", A([42.0, 30.0]), 0.1, 1.2),
    case("pvlib.clearsky.bird", 42.0, 1.4, 0.15, 0.1, 1.2),
    case("pvlib.pvsystem.calcparams_desoto",
         A([800.0, 500.0]), 40.0, 0.003, 1.8, 7.5, 2e-10, 280.0, 0.4),
    case("pvlib.pvsystem.pvwatts_dc", 800.0, 40.0, 200.0, -0.003),
    case("windpowerlib.wind_speed.logarithmic_profile", A([5.0, 6.5]), 0.15, by=wind_profile),
    case("windpowerlib.power_output.power_curve", A([6.3, 11.2]), by=wind_power),
    case("windpowerlib.density.barometric", A([101125.0, 101000.0]), 0.0, 78.0, A([267.0, 268.0])),
    case("pyet.meteo_utils.calc_psy", 101.3, 21.0),
    case("pyet.meteo_utils.calc_rho", 101.3, 21.0, 1.2),
    case("pyet.meteo_utils.calc_lambda", 21.0),
    case("iapws.iapws97._Region1", 300.0, 3.0, by=steam_region),
    case("iapws.iapws97._Region3", 500.0, 650.0, by=steam_region3),
    case("iapws.iapws97._PSat_T", 500.0),
    case("iapws.iapws97._Backward1_T_Ph", 3.0, 500.0),
    case("iapws._iapws._Viscosity", 998.0, 298.15),
    case("iapws._iapws._Dielectric", 999.242866, 298.15),
]
