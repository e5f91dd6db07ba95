"""What a rule has no derivative for it refuses, and says what to write instead."""

import numpy as np
import pytest

from s2sdiff import registry
from s2sdiff.errors import UnsupportedError
from tests.rules.labels import label

V = np.array([0.3, 1.2, -0.7, 2.1])
M = np.random.default_rng(8).standard_normal((4, 4))
STACK = np.stack([M, M.T])

WITH_OUT = [
    (np.einsum, ("i->", V)), (np.stack, ([V, V],)), (np.compress, ([True, False], V)),
    (np.outer, (V, V)), (np.linalg.multi_dot, ([M, M, M],)),
    *((f, (V,)) for f in (
        np.sum, np.mean, np.var, np.std, np.prod, np.max, np.min, np.ptp, np.median,
        np.nansum, np.nanmean, np.nanprod, np.nanvar, np.nanstd, np.nanmax, np.nanmin,
        np.cumsum, np.cumprod, np.nancumsum, np.nancumprod,
        np.add.reduce, np.multiply.reduce, np.maximum.reduce, np.logaddexp.reduce,
        np.add.accumulate, np.multiply.accumulate,
        np.fft.fft, np.fft.ifft, np.fft.rfft, np.fft.irfft, np.fft.hfft, np.fft.ihfft)),
    *((f, (M,)) for f in (
        np.fft.fft2, np.fft.ifft2, np.fft.fftn, np.fft.ifftn, np.fft.rfft2, np.fft.rfftn,
        np.fft.irfft2, np.fft.irfftn)),
    *((f, (V, 0.4)) for f in (np.quantile, np.nanquantile, np.percentile, np.nanpercentile)),
    *((getattr(np, name), (V,)) for name in ("cumulative_sum", "cumulative_prod")
      if hasattr(np, name)),
]


def assert_refused(target, *args, match, **kwargs):
    with pytest.raises(UnsupportedError, match=rf"(?s){match}.*Instead, "):
        registry.find(target).function(*args, **kwargs)


@pytest.mark.parametrize(("target", "args"), WITH_OUT, ids=label)
def test_a_rule_refuses_to_write_its_result_into_an_array(target, args):
    assert_refused(target, *args, out=np.empty(4), match=r"out=\.\.\.")


@pytest.mark.parametrize(("target", "args", "kwargs", "match"), [
    (np.quantile, (V, 0.4), {"overwrite_input": True}, "overwrite_input"),
    (np.percentile, (V, 40), {"overwrite_input": True}, "overwrite_input"),
    (np.nanpercentile, (V, 40), {"overwrite_input": True}, "overwrite_input"),
    (np.maximum.reduce, (V,), {"dtype": np.float32}, "dtype="),
    (np.cross, (V[:2], V[2:]), {}, "vectors of length 2"),
], ids=label)
def test_a_rule_refuses_an_option_without_a_derivative(target, args, kwargs, match):
    assert_refused(target, *args, match=match, **kwargs)


def test_widths_that_differ_are_refused_where_they_are_no_points():
    _, pullback = registry.find(np.trapezoid).function(V, dx=np.ones(3))
    with pytest.raises(UnsupportedError, match="array of `dx`.*Instead, pass the sample points"):
        pullback(1.0)


def test_a_rule_of_scipy_refuses_an_option_without_a_derivative():
    linalg = pytest.importorskip("scipy.linalg")
    fft = pytest.importorskip("scipy.fft")
    signal = pytest.importorskip("scipy.signal")
    distances = pytest.importorskip("s2sdiff.rules.scipy_distances")
    for target, args, kwargs, match in [
        (linalg.qr, (M,), {"mode": "raw"}, "mode='raw'"),
        (linalg.qr, (STACK,), {}, r"shape \(2, 4, 4\)"),
        (linalg.lstsq, (STACK, M), {}, "several matrices"),
        (linalg.lstsq, (np.diag([2.0, 0.1]), V[:2], 0.3), {"lapack_driver": "gelsy"}, "gelsy"),
        (linalg.eig, (M,), {"homogeneous_eigvals": True}, "homogeneous_eigvals"),
        (linalg.hankel, (M,), {}, "several rows"),
        (linalg.solve_banded, ((1, 0), STACK, M), {}, "several matrices"),
        (fft.dctn, (M + 1j,), {"orthogonalize": True}, "orthogonalize"),
        (fft.dct, (M + 1j,), {"orthogonalize": True}, "orthogonalize"),
        (signal.lfilter_zi, (np.ones(2), np.array([0.0, 1.0])), {}, r"a\[0\] == 0"),
        (distances._pairs.cdist_euclidean, (M, M), {"out": np.empty((4, 4))}, "out="),
        (distances._pairs.pdist_euclidean, (M,), {"out": np.empty(6)}, "out="),
    ]:
        assert_refused(target, *args, match=match, **kwargs)
