"""Slopes in single precision, and theirs, have its digits: those of double precision say which."""

import numpy as np
import pytest

import s2sdiff as sd

special = pytest.importorskip("scipy.special")


@pytest.mark.parametrize(("function", "points"), [
    (special.i0e, [40.0, 1000.0]), (special.i1e, [40.0, 1000.0]), (special.k0e, [40.0, 1000.0]),
    (special.k1e, [40.0, 1000.0]), (lambda x: special.kve(2.0, x), [40.0, 500.0]),
    (lambda x: special.fresnel(x)[0], [10.3125, 1000.125]),
    (lambda x: special.fresnel(x)[1], [10.3125, 1000.125]),
])
def test_nothing_is_lost_far_out_in_single_precision(function, points):
    slope = sd.grad(lambda x: np.sum(function(x)))
    x, single = np.array(points), np.array(points, np.float32)
    bends = [sd.jvp(slope, (at,), (np.ones_like(at),))[1] for at in (x, single)]
    for wide, narrow in ((slope(x), slope(single)), bends):
        assert narrow.dtype == np.float32
        np.testing.assert_allclose(narrow, wide, rtol=1e-6)


def test_fresnel_integrals_have_the_slopes_of_their_integrands():
    for z in (1.5, 1.5 + 0.2j):
        square = np.pi / 2 * z * z
        for result, slope in ((0, np.sin(square)), (1, np.cos(square))):
            found = sd.grad(lambda z, result=result: np.real(special.fresnel(z)[result]))(z)
            assert found == pytest.approx(slope, rel=1e-14)
