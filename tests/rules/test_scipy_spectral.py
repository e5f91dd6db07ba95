"""SciPy's spectra against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import UnsupportedError
from tests.rules.checker import check_rule, draw

signal = pytest.importorskip("scipy.signal")

X = draw((40,), -1.0, 1.0, 1)
MANY = draw((2, 37), -1.0, 1.0, 2)
OPTIONS = [
    {}, {"noverlap": 3}, {"nfft": 20}, {"nfft": 21}, {"detrend": "linear"}, {"detrend": False},
    {"return_onesided": False}, {"scaling": "spectrum"}, {"fs": 10.0}, {"window": "boxcar"},
    {"window": np.arange(12.0) + 1, "nperseg": None}, {"nperseg": 11},
]
OPTION = pytest.mark.parametrize("options", OPTIONS)
pytestmark = pytest.mark.filterwarnings("ignore:Input data is complex")


def of(function, index, **options):
    """One part of what a function returns."""
    return lambda *args: function(*args, **options)[index]


def check(function, index, *args, **options):
    sd.check_grads(of(function, index, **options), args)


@OPTION
@pytest.mark.parametrize("kind", [float, complex])
def test_averaged_spectra_agree_with_differences(options, kind):
    options = {"nperseg": 12, **options}
    wrt = ("x", *[name for name in ("fs", "window") if not isinstance(options.get(name, ""), str)])
    check_rule(signal.welch, draw((40,), -1.0, 1.0, 1, kind), wrt=wrt, kwargs=options, exact=False)
    check_rule(signal.welch, MANY.T, wrt="x", kwargs={**options, "axis": 0}, exact=False)
    x, y = draw((40,), -1.0, 1.0, 3, kind), draw((40,), -1.0, 1.0, 4, kind)
    check_rule(signal.csd, x, y, wrt=("y", *wrt), kwargs=options, exact=False)


@pytest.mark.parametrize("nperseg", [12, 8])
def test_medians_of_spectra_agree_with_differences(nperseg):
    options = {"nperseg": nperseg, "average": "median"}
    check_rule(signal.welch, X, wrt="x", kwargs=options, exact=False)
    check_rule(signal.csd, X, X[::-1] ** 2, wrt=("x", "y"), kwargs=options, exact=False)


def test_cross_spectra_of_other_lengths_and_several_rows_agree_with_differences():
    for x, y in ((X, X[5:] ** 2), (X[:30], X**2), (MANY, X[:37])):
        check_rule(signal.csd, x, y, wrt=("x", "y"), kwargs={"nperseg": 12}, exact=False)
    check_rule(signal.csd, MANY.T, MANY.T[:, :1] ** 2, wrt=("x", "y"), exact=False,
               kwargs={"nperseg": 12, "axis": 0})
    check(signal.csd, 1, X, X**2, nperseg=12)
    sd.check_grads(lambda x: signal.csd(x, x, nperseg=12)[1], (X,))


@pytest.mark.parametrize("options", [
    {}, {"nfft": 30}, {"nfft": 50}, {"nfft": 40}, {"window": "hann"}, {"window": None},
    {"scaling": "spectrum"}, {"return_onesided": False}, {"detrend": "linear"}, {"fs": 3.0}])
def test_periodograms_agree_with_differences(options):
    check_rule(signal.periodogram, X, wrt="x", kwargs=options, exact=False)
    check_rule(signal.periodogram, X.reshape(20, 2), wrt="x", exact=False,
               kwargs={**options, "axis": 0, "nfft": options.get("nfft", 40) // 2})


@OPTION
@pytest.mark.parametrize("mode", ["psd", "complex", "magnitude", "angle", "phase"])
def test_spectrograms_agree_with_differences(options, mode):
    options = {"nperseg": 12, "mode": mode, **options}
    if mode in ("angle", "phase"):
        if options.get("detrend", True):
            # Where the mean is taken away the phase of frequency 0 is noise.
            options["detrend"] = False
        check(signal.spectrogram, 2, X, **options)
        return
    check_rule(signal.spectrogram, X, wrt="x", kwargs=options, exact=False)
    check_rule(signal.spectrogram, MANY.T, wrt="x", kwargs={**options, "axis": 0}, exact=False)


@OPTION
@pytest.mark.parametrize("boundary", ["zeros", "even", "odd", "constant", None])
@pytest.mark.parametrize("padded", [True, False])
def test_short_time_transforms_agree_with_differences(options, boundary, padded):
    options = {"nperseg": 12, "boundary": boundary, "padded": padded, **options}
    if options.get("scaling") is None:
        options["scaling"] = "psd"
    check_rule(signal.stft, X, wrt="x", kwargs=options, exact=False)
    check_rule(signal.stft, MANY, wrt="x", kwargs=options, exact=False)


def test_the_coherence_agrees_with_differences():
    sd.check_grads(lambda x, y: signal.coherence(x, y, nperseg=12)[1], (X, X**2 + X[::-1]))


@pytest.mark.parametrize("scaling", ["density", "spectrum"])
def test_sampling_rates_and_windows_have_derivatives(scaling):
    options = {"fs": 2.5, "window": np.arange(12.0) + 1}
    for function in (signal.welch, signal.spectrogram, signal.stft):
        name = "psd" if scaling == "density" and function is signal.stft else scaling
        check_rule(function, X, wrt=("fs", "window"), exact=False,
                   kwargs={**options, "nperseg": 12, "scaling": name})
    check_rule(signal.periodogram, X, wrt=("fs", "window"), exact=False, kwargs={
        "scaling": scaling, "fs": 2.5, "window": np.arange(40.0) + 1})
    check_rule(signal.csd, X, X**2, wrt=("fs", "window"), kwargs={**options, "scaling": scaling},
               exact=False)


def test_the_power_of_a_signal_has_the_gradient_of_parseval():
    x = X - np.mean(X)
    found = sd.grad(lambda x: np.sum(signal.periodogram(x, detrend=False)[1]))(x)
    assert np.allclose(found, 2 * x)


def test_a_function_that_detrends_is_refused():
    with pytest.raises(UnsupportedError, match=r"detrend.*Instead"):
        sd.grad(lambda x: np.sum(signal.welch(x, nperseg=12, detrend=lambda d: d)[1]))(X)


def test_frequency_responses_agree_with_differences():
    b, a = signal.butter(2, 0.3)
    for options in ({"worN": 8}, {"worN": [0.1, 0.7]}, {"worN": 9, "whole": True}):
        sd.check_grads(lambda b, a: signal.freqz(b, a, **options)[1], (b, a))
