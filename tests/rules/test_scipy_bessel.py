"""Bessel functions and their kin against finite differences, in their orders, too."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.rules.shared import rule_of
from tests.right_or_refused import check_modes
from tests.rules.checker import check_binary, check_rule, check_unary
from tests.rules.labels import label

special = pytest.importorskip("scipy.special")

BOTH = (float, complex)
UNARY = [
    (special.j0, -3.0, 3.0, (float,)), (special.j1, -3.0, 3.0, (float,)),
    (special.y0, 0.4, 3.0, (float,)), (special.y1, 0.4, 3.0, (float,)),
    (special.i0, -3.0, 3.0, (float,)), (special.i1, -3.0, 3.0, (float,)),
    (special.i0e, 0.2, 3.0, (float,)), (special.i1e, -3.0, -0.2, (float,)),
    (special.k0, 0.4, 3.0, (float,)), (special.k1, 0.4, 3.0, (float,)),
    (special.k0e, 0.4, 3.0, (float,)), (special.k1e, 0.4, 3.0, (float,)),
    (special.airy, -2.0, 2.0, BOTH), (special.airye, 0.3, 2.0, BOTH),
    (special.ber, -2.0, 2.0, (float,)), (special.bei, -2.0, 2.0, (float,)),
    (special.ker, 0.3, 2.0, (float,)), (special.kei, 0.3, 2.0, (float,)),
    (special.berp, -2.0, 2.0, (float,)), (special.beip, -2.0, 2.0, (float,)),
    (special.kerp, 0.4, 2.0, (float,)), (special.keip, 0.4, 2.0, (float,)),
    (special.kelvin, 0.4, 2.0, (float,)),
]


@pytest.mark.parametrize(("target", "low", "high", "kinds"), UNARY, ids=label)
def test_a_function_of_one_array_agrees_with_differences(target, low, high, kinds):
    check_unary(target, low, high, kinds=kinds, step=1e-3, tol=1e-6)


ORDERS = [special.jv, special.yv, special.iv, special.kv, special.jve, special.yve, special.ive,
          special.kve]


@pytest.mark.parametrize("target", ORDERS, ids=label)
def test_functions_of_order_and_argument_agree_with_differences_in_both(target):
    check_binary(target, -1.8, 2.7, second=(0.4, 3.0), step=1e-3)


@pytest.mark.parametrize("target", [special.hankel1, special.hankel2, special.hankel1e,
                                    special.hankel2e], ids=label)
def test_hankels_functions_agree_with_differences_in_order_and_argument(target):
    for order in (0.0, -1.0, 0.5, 3.3):
        sd.check_grads(target, (order, np.array([0.6, 1.7, 30.1])))


@pytest.mark.parametrize(
    "target", [*ORDERS, special.hankel1, special.hankel2, special.hankel1e, special.hankel2e],
    ids=label)
def test_functions_of_an_order_agree_with_differences_at_complex_arguments(target):
    z = np.array([0.7 + 0.4j, -1.2 + 1.5j, 0.3 - 2.1j, -1.4 - 0.3j])
    for order in (0, 1.5, np.array([[2], [3]])):
        check_rule(target, order, z, wrt="z", step=1e-3)


@pytest.mark.parametrize(("target", "low"), [
    (special.yn, 0.4), (special.kn, 0.4), (special._ufuncs._spherical_jn, 0.3),
    (special._ufuncs._spherical_yn, 0.4), (special._ufuncs._spherical_in, 0.3),
    (special._ufuncs._spherical_kn, 0.4), (special._ufuncs._spherical_jn_d, 0.3),
    (special._ufuncs._spherical_yn_d, 0.4), (special._ufuncs._spherical_in_d, 0.3),
    (special._ufuncs._spherical_kn_d, 0.4),
], ids=label)
def test_a_function_of_a_whole_order_agrees_with_differences(target, low):
    x = np.random.default_rng(0).uniform(low, 3.0, 3)
    wrt = "x" if target in (special.yn, special.kn) else "z"
    for order in (0, 1, 2, np.array([[0], [4]])):
        check_rule(target, order, x, wrt=wrt, step=1e-3)
        if wrt == "z":
            check_rule(target, order, x + 0.3j, wrt="z", step=1e-3)


#: Derivatives in the order, by mpmath with 40 digits: of J, Y, exp(-x) I and exp(x) K.
SLOPES = [
    (0.5, 1e-06, (-0.0116053487944011, -10009.5821794198,
                   -0.0116053371890621, 15723.0449354764)),
    (-2.3, 0.7, (-14.2010841745573, -7.45260357724291,
                   -6.06193471011386, -20.5448020446451)),
    (0.0, 0.01, (-4.72095867507601, -1.57075705713216,
                   None, 0.0)),
    (2.7, 3.0, (-0.2081535792697, -0.342071887248256,
                   -0.0570900695345299, 1.43295710121315)),
    (20.0, 0.7, (-1.26562265266183e-27, -2.05878590081423e+26,
                   -6.35951721812462e-28, 6.42999150324e+26)),
    (1.5, 15.0, (-0.181150098680772, -0.243748906160556,
                   -0.00994057637956072, 0.0333947501814904)),
    (20.0, 80.0, (0.00548730422118817, -0.119371243208267,
                   -0.000910576215998855, 0.40783560117931)),
    (60.0, 15.0, (-3.13643800100001e-30, -7.43771393188676e+27,
                   -6.15720556502439e-36, 5.7611000962481e+33)),
    (-0.5, 400.0, (-0.0533658637447819, 0.0329443146994145,
                   2.49651381028243e-5, -7.8234462289765e-5)),
    (3.0, 2.0, (-0.153289580379817, -0.778828713587074,
                   -0.037848853390086, 5.20435107888299)),
    (1.0, 1000.0, (-0.0389063498699416, -0.00742249905761917,
                   -1.26172404558913e-5, 3.96283216007542e-5)),
]


@pytest.mark.parametrize(("v", "x", "slopes"), SLOPES)
def test_derivatives_in_the_order_are_right_for_all_sizes(v, x, slopes):
    for target, expected in zip((special.jv, special.yv, special.ive, special.kve), slopes,
                                strict=True):
        if expected is not None:
            _, pullback = rule_of(target)(v, x)
            assert pullback(1.0)[0] == pytest.approx(expected, rel=2e-11)


def test_at_zero_an_order_changes_nothing_where_the_value_stays_zero():
    for target in (special.jv, special.iv, special.ive):
        assert rule_of(target)(1.5, 0.0)[1](1.0)[0] == 0.0
    assert np.isnan(rule_of(special.jv)(1.5, -1.0)[1](1.0)[0])


def test_spherical_functions_are_smooth_at_zero():
    # sin(x) / x is 1 - x**2 / 6, and the second one x**2 / 15.
    for order, expected in ((0, -1 / 3), (1, 0.0), (2, 2 / 15)):
        _, pullback = rule_of(special._ufuncs._spherical_jn_d)(order, 0.0)
        assert pullback(1.0) == pytest.approx(expected, abs=1e-15)


def test_kelvins_functions_are_smooth_at_zero():
    assert rule_of(special.berp)(0.0)[1](1.0) == 0.0
    assert rule_of(special.beip)(0.0)[1](1.0) == 0.5
    with np.errstate(all="ignore"):
        bars = (0.0, 0.0, 1.0, 0.0)
        assert rule_of(special.kelvin)(0.0)[1](bars) == 0.5j


def test_scaled_airy_functions_of_negative_numbers_agree_with_differences():
    # There is no scaled Ai on this side, and no scale of Bi.
    _, pullback = rule_of(special.airye)(-1.3)
    step = 1e-4
    slope = (special.airye(-1.3 + step)[3] - special.airye(-1.3 - step)[3]) / (2 * step)
    assert pullback((0.0, 0.0, 0.0, 1.0)) == pytest.approx(slope, rel=1e-7)


@pytest.mark.parametrize("target", [special.struve, special.modstruve], ids=label)
@pytest.mark.parametrize("order", [0, 1, 2.5])
def test_struves_functions_agree_with_differences(target, order):
    check_rule(target, order, np.array([0.7, 2.9]), wrt="x", step=1e-3)
    check_rule(target, np.array([[0.0], [1.5]]), np.array([0.7, 2.9]), wrt="x", step=1e-3)


@pytest.mark.parametrize(("target", "order"), [
    (special.pbdv, 1.4), (special.pbvv, 1.4), (special.pbwa, 0.7)], ids=label)
def test_parabolic_cylinder_functions_agree_with_differences(target, order):
    for x in (0.7, np.array([[0.4], [1.9]])):
        check_rule(target, order, x, wrt="x", step=1e-3)


@pytest.mark.parametrize("target", [special.mathieu_a, special.mathieu_b], ids=label)
def test_mathieus_values_agree_with_differences_in_q(target):
    for q in (0.7, -3.0, np.array([0.4, 30.0])):
        check_rule(target, 1, q, wrt="q", step=1e-3)
        check_rule(target, np.array([[2], [5]]), q, wrt="q", step=1e-3)
    # Symmetric about 0, but for a_1 = 1 + q and b_1 = 1 - q (DLMF 28.6).
    slopes = rule_of(target)(np.array([1, 2]), 0.0)[1](np.ones(2))
    assert slopes == pytest.approx(1.0 if target is special.mathieu_a else -1.0, abs=1e-14)


@pytest.mark.parametrize(("target", "x"), [
    (special.mathieu_cem, 40.0), (special.mathieu_sem, 40.0), (special.mathieu_modcem1, 0.6),
    (special.mathieu_modcem2, 0.6), (special.mathieu_modsem1, 0.6), (special.mathieu_modsem2, 0.6),
], ids=label)
def test_mathieus_functions_agree_with_differences_in_their_argument(target, x):
    wide = x > 1
    for at in (x, x * np.array([[0.6], [1.3]])):
        check_rule(target, 2, np.array([1.3, 4.0]), at, wrt="x", step=1e-1 if wide else 1e-3)


def test_wrights_function_agrees_with_differences():
    for a in (0.7, np.array([[0.4], [1.9]])):
        check_rule(special.wright_bessel, a, 1.3, np.array([0.4, 2.2]))
        if hasattr(special, "log_wright_bessel"):
            check_rule(special.log_wright_bessel, a, 1.3, np.array([0.4, 2.2]))
    # With a = 0 it is exp(x) / gamma(b), and 1 / gamma has the slope 1 at 0.
    _, pullback = rule_of(special.wright_bessel)(0.0, 1.0, 0.7)
    assert pullback(1.0)[1] == pytest.approx(np.exp(0.7) * np.euler_gamma, rel=1e-13)
    _, pullback = rule_of(special.wright_bessel)(0.5, 0.0, 0.0)
    assert pullback(1.0)[1] == 1.0


COMPILED = {
    "jn": lambda x: np.sum(special.jn(2, x) ** 2),
    "Matern": lambda x: np.sum(special.kv(x, x + 0.5) * (x + 0.5) ** x / special.gamma(x)),
    "airy": lambda x: np.sum(special.airy(x)[0] * special.airy(x)[3]),
    "hankel": lambda x: np.sum(abs(special.hankel1(1.5, x)) ** 2),
    "ive": lambda x: np.sum(np.log(special.ive(1.5, x)) + x),
    "complex": lambda x: np.sum(abs(special.ive(1.5, x + 1j * x**2)) ** 2),
    "spherical_jn": lambda x: np.sum(special.spherical_jn(2, x)),
    "spherical_yn": lambda x: np.sum(special.spherical_yn(2, x, derivative=True)),
    "spherical_jn of negative numbers": lambda x: np.sum(special.spherical_jn(2, -x)),
    "spherical_in": lambda x: np.sum(special.spherical_in(1, x)),
    "spherical_kn": lambda x: np.sum(special.spherical_kn(1, x)),
    "jvp": lambda x: np.sum(special.jvp(1, x, 2)),
    "kvp": lambda x: np.sum(special.kvp(1, x, 2)),
    "h1vp": lambda x: np.sum(special.h1vp(1, x).real),
    "Mathieu": lambda x: np.sum(special.mathieu_a(2, x) ** 2),
    "struve": lambda x: np.sum(special.struve(1, x) * x),
}


@pytest.mark.parametrize("name", COMPILED)
def test_compiled_functions_agree_with_differences(name):
    check_modes(COMPILED[name], (np.array([0.6, 1.7, 1.2]),))


def test_orders_are_refused_where_they_are_not_known():
    for f in (lambda v: special.hankel1(v, 1.3 + 1j).real, lambda v: special.struve(v, 1.3),
              lambda v: special.pbdv(v, 1.3)[0],
              *[lambda v, of=of: abs(of(v, 1.3 + 1j)) for of in ORDERS]):
        with pytest.raises(sd.MissingDerivativeError, match="not known"):
            sd.grad(f)(1.5)


def test_a_constant_order_costs_no_derivative_in_it():
    text = sd.source(lambda x: np.sum(special.kv(1.5, x)), args=(np.array([0.4, 1.2]),))
    assert "kv(" in text and "kv_order" not in text


@pytest.mark.parametrize("of", [special.jv, special.yv, special.iv, special.kv, special.ive,
                                special.kve], ids=label)
def test_orders_may_be_narrow_integers(of):
    # The order below that of 0 is -1, and not 255; differences of gradients are for whole numbers.
    x, along = np.array([0.7, 1.3, 2.4]), np.array([1.0, -0.5, 0.3])
    for dtype in (np.uint8, np.int8):
        orders = np.array([0, 1, 2], dtype)
        gradient = sd.grad(lambda x, orders=orders: np.sum(of(orders, x)))
        wide = lambda x, step: np.sum(of(np.array([0.0, 1.0, 2.0]), x + step * along))
        np.testing.assert_allclose(
            gradient(x) @ along, (wide(x, 1e-6) - wide(x, -1e-6)) / 2e-6, rtol=1e-7, atol=1e-8)
        np.testing.assert_allclose(
            sd.hvp(lambda x, orders=orders: np.sum(of(orders, x)), (x,), (along,)),
            (gradient(x + 1e-5 * along) - gradient(x - 1e-5 * along)) / 2e-5, rtol=1e-6, atol=1e-7)
