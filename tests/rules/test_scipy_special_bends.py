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
    # From mpmath, with 120 digits.
    (special.betainc, (1e-12, 3.0, 0.75), 0, 0, -0.0165601909),
    (special.betainc, (1e-12, 3.0, 0.75), 0, 1, 0.0109443849),
    (special.betaincc, (0.3, 1e-7, 0.2), 1, 1, 12.8906451),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("function", "args", "outer", "inner", "bend"), BENDS)
def test_second_derivatives_at_ends_are_closed_forms(function, args, outer, inner, bend):
    backward = sd.grad(sd.grad(function, wrt=inner), wrt=outer)(*args)
    arrays = tuple(np.array([a]) for a in args)
    along = tuple(np.array([float(i == outer)]) for i in range(len(args)))
    slope = sd.grad(lambda *a: np.sum(function(*a)), wrt=inner)
    for found in (backward, sd.jvp(slope, arrays, along)[1][0]):
        assert found == pytest.approx(bend, rel=1e-7, abs=1e-12)
