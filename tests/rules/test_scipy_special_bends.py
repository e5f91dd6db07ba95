"""Second derivatives of special functions at ends of their domains, and of shapes near 0."""

import numpy as np
import pytest

import s2sdiff as sd

special = pytest.importorskip("scipy.special")

#: A function, its arguments, the two that move, and its second derivative in them.
BENDS = [
    # Of x**a (1 - x)**b over beta(a, b); of the powers that quantiles are at their ends.
    (special.betainc, (1.5, 2.0, 1.0), 2, 2, -3.75), (special.betainc, (2.0, 3.0, 0.0), 2, 2, 12.0),
    (special.betaincc, (1.0, 40.0, 0.0), 1, 2, -1.0), (special.bdtr, (0.0, 2.0, 1.0), 2, 2, 2.0),
    (special.betainc, (1.3, 0.3, 0.0), 2, 2, np.inf), (special.fdtr, (2.0, 4.0, 0.0), 2, 2, -1.5),
    (special.betaincinv, (3.0, 0.5, 1.0), 2, 2, -np.square(16 / 15) / 2),
    (special.betaincinv, (1.0, 3.0, 0.0), 2, 2, 2 / 9),
    (special.betaincinv, (0.3, 1.0, 0.0), 2, 2, 0.0),
    (special.betainccinv, (0.5, 3.0, 1.0), 2, 2, np.square(16 / 15) / 2),
    (special.fdtri, (1.0, 3.0, 0.0), 2, 2, 3 * (np.pi / 4) ** 2 * 2),
    (special.bdtri, (0.0, 2.0, 1.0), 2, 2, 0.25), (special.nbdtri, (1.0, 1.0, 0.0), 2, 2, 0.25),
    (special.chdtri, (1.0, 1.0), 1, 1, np.pi), (special.chdtri, (2.0, 1.0), 1, 1, 2.0),
    (special.gdtrix, (2.0, 0.5, 0.0), 2, 2, np.pi / 4),
    (special.gdtria, (0.0, 0.5, 2.0), 0, 0, np.pi / 4),
    (special.pdtri, (0.0, 1.0), 1, 1, 1.0),
    # -1/(8 x**1.5) of half a root; psi'(a) - psi'(a + b), which is 1/a**2 + 1/(a + 1)**2 for b = 2.
    (special.elliprg, (2.0, 0.0, 0.0), 0, 0, -1 / (8 * 2**1.5)),
    (special.betaln, (-3.0, 2.0), 0, 0, 13 / 36),
    (special.betaln, (-2.3, 1.0), 1, 0,
     special.polygamma(1, 2.3) - (np.pi / np.sin(1.3 * np.pi)) ** 2),
    # Of x**(l - 1), and of (1 + l y)**(1/l - 1), which is 1 + y/2 for l = 1/2.
    (special.boxcox, (0.0, 1.0), 1, 0, -np.inf), (special.boxcox, (0.0, 2.0), 1, 0, 0.0),
    (special.boxcox1p, (-1.0, 1.0), 1, 0, -np.inf),
    (special.inv_boxcox, (-2.0, 0.5), 0, 0, 0.5), (special.inv_boxcox, (-2.0, 0.5), 1, 0, -2.0),
    (special.inv_boxcox, (-1.0, 1.0), 1, 0, np.inf), (special.inv_boxcox, (-1.0, 1.0), 0, 0, 0.0),
    (special.inv_boxcox1p, (-2.0, 0.5), 0, 0, 0.5), (special.inv_boxcox1p, (-2.0, 0.5), 1, 0, -2.0),
    (special.inv_boxcox, (1.5, 0.0), 1, 0, -2.625 * np.exp(1.5)),
    (special.boxcox1p, (-1.0, 2.0), 0, 0, 1.0), (special.boxcox1p, (-1.0, 1.3), 0, 0, np.inf),
    (special.huber, (0.0, 1.3), 0, 0, -1.0),
    # Of Cauchy's density, which spreads as heat does; of psi(z), the slope at m = 0.
    (special.voigt_profile, (0.3, 0.0, 1.3), 1, 1, -np.imag(2 / (0.3 + 1.3j) ** 3) / np.pi),
    (special.poch, (0.05, 0.0), 1, 0, special.polygamma(1, 0.05)),
    # The second derivative of what is nearly (2 pi x)**-0.5, or (pi / (2 x))**0.5.
    (special.i0e, (1e8,), 0, 0, 0.75 / np.sqrt(2 * np.pi) * 1e-20),
    (special.kve, (2.0, 1e8), 1, 1, 0.75 * np.sqrt(np.pi / 2) * 1e-20),
    (special.log_ndtr, (40.0,), 0, 0, 0.0), (special.log_ndtr, (6.0,), 0, 0, -3.64552972e-8),
    # From mpmath, with 120 digits.
    (special.poch, (-3.0, 0.05), 0, 0, -848.63129161),
    (special.beta, (2.6, -2.6), 0, 1, -2.56686165), (special.beta, (-0.5, 0.5), 0, 0, -7.71205251),
    (special.voigt_profile, (0.3, 1e-3, 1.3), 0, 1, 0.000474857083),
    (special.beta, (1e-6, 0.5), 0, 1, 1.57330746931831),
    (special.beta, (1e-8, 2.0), 1, 0, 0.846990951421537),
    (special.beta, (1e-14, 0.5), 0, 1, 1.57330985826002),
    (special.beta, (2.0, 1e-20), 0, 1, 0.846990970007821),
    (special.beta, (1e-8, 1e-8), 0, 1, 2.40411375208198),
    (special.beta, (1e-20, 1e-20), 1, 0, 2.404113806319188),
    (special.beta, (1e-12, 2.0), 1, 1, 0.404113806318953),
    (special.beta, (0.04, 0.7), 0, 0, 31250.59775386947),
    (special.beta, (0.04, 0.03), 0, 1, 2.223738106182265),
    (special.betaln, (1e-12, 0.5), 1, 1, 1.68287966441862e-11),
    (special.fdtr, (3.0, 2.0, 1e9), 0, 1, 4.40772285687e-11),
    (special.fdtr, (3.0, 2.0, 1e9), 1, 1, -9.87006910261e-8),
    (special.elliprg, (1.3, 1e-30, 7.2), 1, 0, -0.0327633418),
    (special.elliprg, (1.3, 1e-300, 7.2), 1, 1, -8.17150563e148),
    (special.betainc, (1e-12, 3.0, 0.75), 0, 0, -0.0165601909),
    (special.betainc, (1e-12, 3.0, 0.75), 0, 1, 0.0109443849),
    (special.betaincc, (0.3, 1e-7, 0.2), 1, 1, 12.8906451),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("function", "args", "outer", "inner", "bend"), BENDS)
def test_second_derivatives_at_ends_and_far_out_are_right(function, args, outer, inner, bend):
    backward = sd.grad(sd.grad(function, wrt=inner), wrt=outer)(*args)
    arrays = tuple(np.array([a]) for a in args)
    along = tuple(np.array([float(i == outer)]) for i in range(len(args)))
    slope = sd.grad(lambda *a: np.sum(function(*a)), wrt=inner)
    for found in (backward, sd.jvp(slope, arrays, along)[1][0]):
        assert found == pytest.approx(bend, rel=1e-7, abs=1e-12 * (abs(bend) > 1e-6))


def test_the_transform_of_0_bends_in_its_power():
    # It is -1 / l there.
    assert sd.grad(sd.grad(special.boxcox, wrt=1), wrt=1)(0.0, 0.5) == -16.0


def test_the_mean_of_nothing_and_something_bends_without_end():
    # agm(x, y) falls like 1 / log(1 / y).
    for x, y in ((0.7, 0.0), (0.0, 0.0)):
        assert not np.isfinite(sd.grad(sd.grad(special.agm), wrt=1)(x, y))


@pytest.mark.parametrize(("function", "x", "bend"), [
    (lambda x: special.airye(x)[2], -0.25, -0.25 * special.airy(-0.25)[2]),
    # Far out it is nearly exp(1j pi / 4) / (2 sqrt(pi) x).
    (lambda x: np.real(special.modfresnelp(x)[1]), 1e5, np.cos(np.pi / 4) / np.sqrt(np.pi) * 1e-15),
    (lambda x: special.airye(x)[2], 0.0, -np.inf), (lambda x: special.airy(x)[0], 150.0, 0.0),
])
def test_one_of_several_results_bends_on_both_sides_and_far_out(function, x, bend):
    slope = sd.grad(function)
    for found in (sd.grad(slope)(x), sd.jvp(slope, (x,), (1.0,))[1]):
        assert found == pytest.approx(bend, rel=1e-6, abs=0.0)


#: By result of `airye` the second derivative at 30 and at a million; from mpmath, with 80 digits.
AIRY_BENDS = [
    (4.14496120376029e-5, 2.78769392701678e-15), (1.35737720779966e-4, 1.67261635523437e-12),
    (8.45340152810001e-5, 5.57538787192126e-15), (-2.78801759814015e-4, -3.34523272510414e-12)]


@pytest.mark.parametrize("result", range(4))
def test_scaled_airy_functions_keep_their_digits_far_to_the_right(result):
    slope = sd.grad(lambda x: special.airye(x)[result])
    for x, bend in zip((30.0, 1e6), AIRY_BENDS[result], strict=True):
        for found in (sd.grad(slope)(x), sd.jvp(slope, (x,), (1.0,))[1]):
            assert found == pytest.approx(bend, rel=1e-12, abs=0.0)
    # Beside the point from where on the series is taken both ways have the same slope.
    below, above = slope(20.0 * (1 - 1e-15)), slope(20.0 * (1 + 1e-15))
    assert below == pytest.approx(above, rel=1e-11)
