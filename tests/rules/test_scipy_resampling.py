"""SciPy's changes of the sampling rate against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError
from s2sdiff.rules.scipy_resampling import WRITES
from tests.right_or_refused import check_modes
from tests.rules.checker import check_rule, draw

signal = pytest.importorskip("scipy.signal")

KINDS = pytest.mark.parametrize("kind", [float, complex])
RATES = pytest.mark.parametrize(("up", "down"), [(1, 1), (3, 2), (2, 3), (4, 6), (1, 5), (5, 1)])


@KINDS
@RATES
@pytest.mark.parametrize("taps", [1, 2, 5, 8])
def test_filters_between_rates_agree_with_differences(up, down, taps, kind):
    h = draw((taps,), -1.0, 1.0, 1, kind)
    check_rule(signal.upfirdn, h, draw((9,), -1.0, 1.0, 2, kind), up, down)
    check_rule(signal.upfirdn, h, draw((3, 2), -1.0, 1.0, 3, kind), up, down, 0)


@RATES
@pytest.mark.parametrize("mode", ["wrap", "edge", "symmetric", "reflect", "smooth", "line"])
def test_filters_that_read_beyond_the_ends_agree_with_differences(up, down, mode):
    for taps in (2, 5, 14):
        h = draw((taps,), -1.0, 1.0, 1)
        check_rule(signal.upfirdn, h, draw((5,), -1.0, 1.0, 2), up, down, -1, mode)


@KINDS
@RATES
def test_filters_that_read_a_value_beyond_the_ends_move_with_it(up, down, kind):
    value = kind(0.7)
    for taps in (2, 5, 14):
        h, x = draw((taps,), -1.0, 1.0, 1, kind), draw((2, 5), -1.0, 1.0, 2, kind)
        for cval in (value, 0.0 * value):
            check_rule(signal.upfirdn, h, x, up, down, -1, "constant", cval, single=False)


def test_other_ways_to_go_on_beyond_the_ends_are_refused():
    h, x = np.ones(3), np.ones(5)
    with pytest.raises(UnsupportedError, match=r"antireflect.*Instead"):
        sd.grad(lambda x: np.sum(signal.upfirdn(h, x, mode="antireflect")))(x)


@KINDS
@pytest.mark.parametrize("n", [7, 8])
@pytest.mark.parametrize("num", [1, 2, 5, 6, 7, 8, 11, 12])
@pytest.mark.parametrize("domain", ["time", "freq"])
def test_resampling_by_transforms_agrees_with_differences(n, num, domain, kind):
    x = draw((n, 2), -1.0, 1.0, 1, kind)
    if kind is float and domain == "freq":
        x = x + 0j
    if WRITES and (domain == "freq" or (kind is complex and num == 2)):
        pytest.skip("SciPy's resample writes into spectra, and leaves a bin out of two")
    for window in (None, "hann", np.arange(n) + 1.0, lambda f: np.exp(-f)):
        check_rule(signal.resample, x, num, None, 0, window, domain, wrt="x", exact=False)
    check_rule(signal.resample, x.T, num, np.arange(float(n)), 1, None, domain, wrt="x",
               exact=False)


@pytest.mark.parametrize("padtype", ["constant", "mean", "median", "maximum", "edge", "line"])
def test_resampling_by_filters_agrees_with_differences(padtype):
    x = draw((9,), -1.0, 1.0, 1)
    sd.check_grads(lambda x: signal.resample_poly(x, 3, 2, padtype=padtype), (x,))
    sd.check_grads(lambda x, w: signal.resample_poly(x, 2, 3, window=w), (x, np.arange(5.0) + 1))


@pytest.mark.parametrize("zero_phase", [True, False])
@pytest.mark.parametrize("ftype", [
    "iir", "fir", signal.dlti([0.5, 0.3], [1.0, -0.2]), signal.dlti([0.5, 0.3, 0.1], [1.0, 0.0]),
    signal.dlti([0.5, 0.3], [1.0, -0.2, 0.5]), signal.dlti([0.2, 0.5], [2.0])],
    ids=["iir", "fir", "sections", "pole 0", "complex", "no poles"])
def test_decimation_agrees_with_differences(ftype, zero_phase):
    for shape, axis in (((40,), -1), ((41, 2), 0)):
        check_rule(signal.decimate, draw(shape, -1.0, 1.0, 1), 2, wrt="x", kwargs={
            "ftype": ftype, "axis": axis, "zero_phase": zero_phase})


@pytest.mark.parametrize("x", [
    draw((40,), -1.0, 1.0, 1), draw((80,), -1.0, 1.0, 1)[::-2], draw((40,), -1.0, 1.0, 1, complex)],
    ids=["real", "strided", "complex"])
@pytest.mark.parametrize("ftype", ["iir", "fir"])
def test_decimation_agrees_with_differences_in_a_function(x, ftype):
    check_modes(lambda x: signal.decimate(x, 2, 3, ftype), (x,))


def test_decimation_keeps_single_precision():
    x = draw((40,), -1.0, 1.0, 1).astype(np.float32)
    assert sd.jvp(lambda x: signal.decimate(x, 2), (x,), (x,))[1].dtype == np.float32
    assert sd.grad(lambda x: np.sum(signal.decimate(x, 2)))(x).dtype == np.float32


def test_second_derivatives_through_decimation_agree_with_differences():
    def cubes(x):
        return np.sum(signal.decimate(x, 2) ** 3)

    sd.check_grads(sd.grad(cubes), (draw((30,), -1.0, 1.0, 1),), modes=("fwd",))
