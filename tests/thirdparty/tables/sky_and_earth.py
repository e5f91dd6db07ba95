"""Orbits, galaxies, maps, the sun: `sgp4`, `galpy`, `astropy`, `pymap3d`, `radvel`, `geopy` …"""

from datetime import datetime

import numpy as np

from tests.thirdparty.case import case

A = np.array
DAY = datetime(2020, 6, 1, 10, 30)
LINES = ("1 00005U 58002B   00179.78495062  .00000023  00000-0  28098-4 0  4753",
         "2 00005  34.2682 348.7242 1859667 331.7664  19.3264 10.82419157413667")
STARS = A([0.7, -1.2, 1.9, 0.4, 1.1, 0.6])


def satellite(minutes):
    from sgp4.model import Satrec
    found = Satrec.twoline2rv(*LINES)
    return found.sgp4_tsince(minutes)[1:]


def satellite_of_elements(drag, eccentricity, inclination):
    from sgp4.model import WGS72, Satrec
    found = Satrec()
    found.sgp4init(WGS72, "i", 5, 18441.785, drag, 6.969196665e-13, 0.0, eccentricity,
                   5.7904160274885, inclination, 0.3373093125574321, 0.0472294454407,
                   6.0863854713832)
    return found.sgp4_tsince(30.0)[1]


def miyamoto(r, z, a):
    from galpy.potential import MiyamotoNagaiPotential, evaluatePotentials
    return evaluatePotentials(MiyamotoNagaiPotential(amp=1.2, a=a, b=0.1), r, z)


def navarro(r, a):
    from galpy.potential import NFWPotential, vcirc
    return vcirc(NFWPotential(amp=1.3, a=a), r)


def milky_way_force(r, z):
    from galpy.potential import MWPotential2014, evaluateRforces, evaluatezforces
    return evaluateRforces(MWPotential2014, r, z), evaluatezforces(MWPotential2014, r, z)


def logarithmic(r, q):
    from galpy.potential import LogarithmicHaloPotential
    return LogarithmicHaloPotential(q=q).Rforce(r, 0.2)


def hernquist_density(r, z):
    from galpy.potential import HernquistPotential
    return HernquistPotential(amp=2.0, a=1.3).dens(r, z)


def plummer_epicycle(r):
    from galpy.potential import PlummerPotential, epifreq, omegac
    found = PlummerPotential(b=0.7)
    return epifreq(found, r), omegac(found, r)


def gaussian_model(x, amplitude, mean, width):
    from astropy.modeling.models import Gaussian1D
    return Gaussian1D(amplitude, mean, width)(x)


def moffat_model(x, y, gamma):
    from astropy.modeling.models import Moffat2D
    return Moffat2D.evaluate(x, y, 1.3, 0.1, 0.2, gamma, 1.7)


def sum_of_models(x, width):
    from astropy.modeling.models import Lorentz1D, Polynomial1D
    return (Lorentz1D(1.3, 0.2, width) + Polynomial1D(2, c0=0.3, c1=0.2, c2=0.1))(x)


def sersic(x, n):
    from astropy.modeling.models import Sersic1D
    return Sersic1D.evaluate(x, 1.3, 2.0, n)


def black_body(x):
    from astropy.modeling.models import BrokenPowerLaw1D
    return BrokenPowerLaw1D(1.2, 0.9, 1.4, 2.3)(x)


def expansion(z, matter):
    from astropy.cosmology import FlatLambdaCDM
    return FlatLambdaCDM(H0=70.0, Om0=matter, Tcmb0=0.0).efunc(z)


def open_universe(z, w0, wa):
    from astropy.cosmology import w0waCDM
    return w0waCDM(H0=70.0, Om0=0.3, Ode0=0.6, w0=w0, wa=wa, Tcmb0=0.0).inv_efunc(z)


def kepler(mean, eccentricity):
    from radvel.kepler import kepler
    return kepler(mean, eccentricity * np.ones(3))


def radial_velocity(t, elements):
    from radvel.kepler import rv_drive
    return rv_drive(t, elements, use_c_kepler_solver=False)


def radvel_model(t, k1):
    import radvel
    params = radvel.Parameters(1, basis="per tp e w k")
    params["per1"] = radvel.Parameter(value=3.2)
    params["tp1"] = radvel.Parameter(value=0.3)
    params["e1"] = radvel.Parameter(value=0.2)
    params["w1"] = radvel.Parameter(value=0.7)
    params["k1"] = radvel.Parameter(value=k1)
    return radvel.RVModel(params)(t)


def ellipse_orbit(t, a, e):
    from PyAstronomy.pyasl import KeplerEllipse
    return KeplerEllipse(a, 3.2, e=e, Omega=20.0, i=30.0, w=10.0).xyzPos(t)


def great_circle(latitude, longitude):
    from geopy.distance import great_circle
    return great_circle((latitude, longitude), (52.5, 13.4)).km


def geodesic(latitude, longitude):
    from geopy.distance import geodesic
    return geodesic((latitude, longitude), (52.5, 13.4)).km


def haversine_between(latitude, longitude):
    from haversine import haversine
    return haversine((latitude, longitude), (52.5, 13.4))


def sunlight(latitude):
    from solarpy import irradiance_on_plane
    return irradiance_on_plane(A([0.0, 0.3, -1.0]), 120.0, DAY, latitude)


def atmosphere(h):
    from ambiance import Atmosphere
    found = Atmosphere(h)
    return found.pressure, found.density, found.dynamic_viscosity


CASES = [
    case("sgp4.model.Satrec.sgp4_tsince", 360.0, by=satellite),
    case("sgp4.model.Satrec.sgp4init", 2.8098e-3, 0.1859667, 0.5980929187319,
         by=satellite_of_elements),
    case("galpy.potential.MiyamotoNagaiPotential", 1.1, 0.2, 0.6, by=miyamoto),
    case("galpy.potential.NFWPotential", 1.1, 1.6, by=navarro),
    case("galpy.potential.MWPotential2014", 1.1, 0.2, by=milky_way_force),
    case("galpy.potential.LogarithmicHaloPotential", 1.1, 0.8, by=logarithmic),
    case("galpy.potential.HernquistPotential", 1.1, 0.2, by=hernquist_density),
    case("galpy.potential.PlummerPotential", 1.1, by=plummer_epicycle),
    case("galpy.util.coords.radec_to_lb", 1.2, 0.4),
    case("galpy.util.coords.lbd_to_XYZ", 1.2, 0.4, 2.0),
    case("galpy.util.coords.rect_to_cyl_vec", 0.3, 0.5, 0.2, 1.1, 0.7, 0.1),
    case("galpy.util.coords.XYZ_to_galcencyl", 0.3, 0.5, 0.2),
    case("galpy.util.coords.Rz_to_uv", 1.1, 0.3, 0.8),
    case("galpy.util.coords.pmrapmdec_to_pmllpmbb", 0.3, 0.5, 1.2, 0.4),
    case("astropy.modeling.models.Gaussian1D", STARS, 1.3, 0.2, 0.9, by=gaussian_model),
    case("astropy.modeling.models.Moffat2D", STARS, STARS[::-1].copy(), 0.9, by=moffat_model),
    case("astropy.modeling.models.Lorentz1D", STARS, 0.9, by=sum_of_models),
    case("astropy.modeling.models.Sersic1D", np.abs(STARS), 2.4, by=sersic),
    case("astropy.modeling.models.BrokenPowerLaw1D", np.abs(STARS), by=black_body),
    case("astropy.cosmology.FlatLambdaCDM", 0.7, 0.3, by=expansion),
    case("astropy.cosmology.w0waCDM", 0.7, -0.9, 0.2, by=open_universe),
    case("astropy.stats.biweight_location", STARS),
    case("astropy.stats.circmean", STARS),
    case("astropy.stats.mad_std", STARS),
    case("astropy.coordinates.matrix_utilities.rotation_matrix", 30.0, "x"),
    case("radvel.kepler.kepler", A([0.3, 1.2, 2.9]), 0.3, by=kepler),
    case("radvel.kepler.rv_drive", A([0.3, 1.2, 2.9]), A([3.2, 0.1, 0.2, 0.7, 10.0]),
         by=radial_velocity),
    case("radvel.orbit.timetrans_to_timeperi", 0.3, 3.2, 0.2, 0.7),
    case("radvel.RVModel", A([0.3, 1.2, 2.9]), 10.0, by=radvel_model),
    case("radvel.semi_amplitude", 1.1, 3.2, 0.9, 0.2),
    case("PyAstronomy.pyasl.KeplerEllipse", 0.7, 1.2, 0.3, by=ellipse_orbit),
    case("PyAstronomy.pyasl.airmassPP", 40.0),
    case("PyAstronomy.pyasl.airtovac2", A([5000.0, 6000.0])),
    case("pymap3d.geodetic2ecef", 42.0, -82.0, 200.0),
    case("pymap3d.ecef2geodetic", 660675.2, -4700948.7, 4245737.7),
    case("pymap3d.aer2geodetic", 33.0, 70.0, 1000.0, 42.0, -82.0, 200.0),
    case("pymap3d.geodetic2aer", 42.1, -81.9, 900.0, 42.0, -82.0, 200.0),
    case("pymap3d.geodetic2rectifying", 42.0),
    case("pymap3d.rectifying2geodetic", 42.0),
    case("pymap3d.geodetic2isometric", A([42.0, 10.0])),
    case("pymap3d.vincenty.vdist", 10.0, 20.0, 10.02, 20.01),
    case("pymap3d.vincenty.vreckon", 10.0, 20.0, 3000.0, 38.0),
    case("pymap3d.lox.loxodrome_inverse", 40.0, -80.0, 65.0, -148.0),
    case("pymap3d.haversine.anglesep", 35.0, 23.0, 84.0, 20.0),
    case("pymap3d.spherical2geodetic", 42.0, -82.0, 6371000.0),
    case("geopy.distance.great_circle", 48.1, 11.6, by=great_circle),
    case("geopy.distance.geodesic", 48.1, 11.6, by=geodesic),
    case("haversine.haversine", 48.1, 11.6, by=haversine_between),
    case("haversine.haversine_vector",
         A([[48.1, 11.6], [50.0, 8.0]]), A([[52.5, 13.4], [40.0, 3.0]])),
    case("solarpy.irradiance_on_plane", 48.1, by=sunlight),
    case("solarpy.lla2ecef", 0.7, 0.3, 200.0),
    case("ambiance.Atmosphere", A([1000.0, 12000.0]), by=atmosphere),
]
