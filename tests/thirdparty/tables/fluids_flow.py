"""`fluids`: pipe friction, drag, compressible and two-phase flow; floats, branches, iterations."""

from tests.thirdparty.case import case

CASES = [
    case("fluids.core.Reynolds", 2.5, 0.25, nu=1.6e-6),
    case("fluids.core.Prandtl", 1637.0, 0.010, 4.6e-6),
    case("fluids.core.Archimedes", 0.002, 2.0, 3000.0, 1e-3),
    case("fluids.core.Froude", 1.83, 2.0, 1.63),
    case("fluids.core.gravity", 55.0, 1e4),
    case("fluids.core.nu_mu_converter", 998.0, 1.0e-3),
    case("fluids.friction.friction_laminar", 128.0),
    case("fluids.friction.Churchill_1977", 1e5, 1e-4),
    case("fluids.friction.Clamond", 1e5, 1e-4),
    case("fluids.friction.Colebrook", 1e5, 1e-4),
    case("fluids.friction.Serghides_1", 1e5, 1e-4),
    case("fluids.friction.friction_factor", 1e5, 1e-4),
    case("fluids.friction.friction_factor_curved", 2e4, 0.02, 0.5),
    case("fluids.friction.friction_plate_Martin_1999", 2e4, 45.0),
    case("fluids.friction.helical_turbulent_fd_Srinivasan", 1e4, 0.01, 0.02),
    case("fluids.friction.one_phase_dP", 10.0, 1000.0, 1e-5, 0.1),
    case("fluids.friction.ft_Crane", 0.11),
    case("fluids.drag.Clift", 200.0),
    case("fluids.drag.Barati", 200.0),
    case("fluids.drag.Morsi_Alexander", 200.0),
    case("fluids.drag.drag_sphere", 200.0),
    case("fluids.drag.v_terminal", 70e-6, 2600.0, 1000.0, 1e-3),
    case("fluids.compressible.T_stagnation", 286.0, 54050.0, 54050.0 * 8, 1.4),
    case("fluids.compressible.isentropic_work_compression", 300.0, 1.4, 1.0, 1e5, 1e6, eta=0.78),
    case("fluids.compressible.Panhandle_A", 0.693, 277.15, 160e3, 0.340, 90e5, 20e5),
    case("fluids.compressible.polytropic_exponent", 1.4, eta_p=0.78),
    case("fluids.two_phase.Beggs_Brill",
         0.6, 0.1, 915.0, 2.67, 180e-6, 14e-6, 0.0487, 2e5, 0.05, 12.0),
    case("fluids.two_phase.Friedel", 0.6, 0.1, 915.0, 2.67, 180e-6, 14e-6, 0.0487, 0.05),
    case("fluids.two_phase.Lockhart_Martinelli", 0.6, 0.1, 915.0, 2.67, 180e-6, 14e-6, 0.05),
    case("fluids.two_phase.two_phase_dP",
         0.6, 0.1, 915.0, 0.05, 1.0, 2.67, 180e-6, 14e-6, 0.0487),
    case("fluids.two_phase_voidage.Rouhani_1", 0.4, 800.0, 2.5, 0.2, 1.0, 0.3),
    case("fluids.fittings.bend_rounded", 4.020, 30.0, fd=0.0163, bend_diameters=5.0),
    case("fluids.fittings.contraction_conical", 0.1, 0.04, 0.0185, l=0.04),
    case("fluids.fittings.entrance_rounded", 0.1, 0.0235),
    case("fluids.fittings.K_gate_valve_Crane", 0.1, 0.146, 13.115),
    case("fluids.atmosphere.ATMOSPHERE_1976",
         5000.0, by=lambda z: height_to_density(z)),
    case("fluids.geometry.SA_ellipsoidal_head", 2.0, 1.5),
    case("fluids.geometry.V_horiz_spherical", 1.8, 4.0, 0.4, 1.2),
    case("fluids.numerics.horner", 0.7,
         by=lambda x: horner([1.0, -2.0, 0.5, x], x)),
    case("fluids.packed_bed.Ergun", 8e-4, 0.4, 1e-3, 1e3, 1e-3),
    case("fluids.control_valve.size_control_valve_l",
         965.4, 70.1e3, 22120e3, 3.1472e-4, 680e3, 220e3, 0.1, 0.2, D2=0.2, d=0.15),
    case("fluids.flow_meter.C_Reader_Harris_Gallagher",
         0.07391, 0.0222, 1.1645, 1.79e-5, 0.12, "flange"),
]


def height_to_density(z):
    from fluids.atmosphere import ATMOSPHERE_1976
    return ATMOSPHERE_1976(z).rho


def horner(coefficients, x):
    from fluids.numerics import horner
    return horner(coefficients, x)
