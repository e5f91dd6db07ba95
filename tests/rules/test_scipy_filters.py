"""SciPy's linear filters against finite differences."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.checker import check_rule, draw

signal = pytest.importorskip("scipy.signal")

KINDS = pytest.mark.parametrize("kind", [float, complex])
B, A = np.array([0.2, 0.5, 0.3]), np.array([1.5, -0.4, 0.2])
FILTERS = pytest.mark.parametrize(("b", "a"), [
    (B, A), (B, A[:2]), (B[:1], A), (B, A[:1]), (B[:2], np.array([2.0])), (B[:1], A[:1])])


@KINDS
@FILTERS
@pytest.mark.parametrize(("shape", "axis"), [((6,), -1), ((2, 5), 1), ((4, 2), 0), ((1,), 0),
                                             ((2,), -1), ((3, 0), 0)])
def test_filters_agree_with_differences(b, a, shape, axis, kind):
    x = draw(shape, -1.0, 1.0, 1, kind)
    if not x.size and len(a) == 1:
        # Here SciPy calls a function that takes no empty arrays.
        return
    check_rule(signal.lfilter, b, a, x, axis)
    if kind is complex and x.size:
        check_rule(signal.lfilter, b + 0.3j, a - 0.1j, x, axis)


@KINDS
@FILTERS
@pytest.mark.parametrize(("shape", "axis"), [((6,), -1), ((2, 5), 1), ((4, 2), 0), ((1,), 0),
                                             ((2,), -1)])
def test_filters_with_a_first_state_agree_with_differences(b, a, shape, axis, kind):
    x = draw(shape, -1.0, 1.0, 1, kind)
    order = max(len(b), len(a)) - 1
    for size in (shape, (1,) * len(shape)):
        state = list(size)
        state[axis] = order
        zi = draw(tuple(state), -1.0, 1.0, 2, kind)
        if order:
            check_rule(signal.lfilter, b, a, x, axis, zi)


@FILTERS
def test_states_at_rest_agree_with_differences(b, a):
    if max(len(b), len(a)) > 1:
        check_rule(signal.lfilter_zi, b, a)
        check_rule(signal.lfilter_zi, b, a / a[0])


@KINDS
@FILTERS
@pytest.mark.parametrize("lengths", [(2, 2), (1, 4), (4, 1)])
def test_states_of_a_past_agree_with_differences(b, a, lengths, kind):
    y, x = (draw((n,), -1.0, 1.0, n, kind) for n in lengths)
    for last in (a, a / a[0]):
        check_rule(signal.lfiltic, b, last, y, x)
        check_rule(signal.lfiltic, b, last, y)


@pytest.mark.parametrize("axis", [0, 1])
def test_filters_in_sections_agree_with_differences(axis):
    sos = signal.butter(4, 0.3, output="sos")
    x = draw((5, 6), -1.0, 1.0, 1)
    check_rule(signal.sosfilt, sos, x, axis, wrt="x")
    state = [2, 5, 6]
    state[axis + 1] = 2
    check_rule(signal.sosfilt, sos, x, axis, draw(tuple(state), -1.0, 1.0, 2), wrt=("x", "zi"))

    def gains(inner):
        return signal.sosfilt(np.concatenate([inner[:, :3], np.ones((2, 1)), inner[:, 3:]], 1), x)

    sd.check_grads(gains, (np.delete(sos, 3, axis=1),))


@pytest.mark.parametrize(("n", "axis"), [(None, -1), (8, 0), (3, 0), (7, 0), (None, 1)])
def test_analytic_signals_agree_with_differences(n, axis):
    check_rule(signal.hilbert, draw((5, 4), -1.0, 1.0, 1), n, axis, exact=False)


@pytest.mark.parametrize("options", [{}, {"padtype": "even"}, {"padtype": None}, {"padlen": 4},
                                     {"method": "gust"}])
def test_filters_without_delay_agree_with_differences(options):
    b, a = signal.butter(2, 0.3)
    sd.check_grads(lambda b, a, x: signal.filtfilt(b, a, x, **options),
                   (b, a, draw((20,), -1.0, 1.0, 1)))


def test_sections_without_delay_agree_with_differences():
    sos = signal.butter(4, 0.3, output="sos")
    sd.check_grads(lambda x: signal.sosfiltfilt(sos, x), (draw((2, 25), -1.0, 1.0, 1),))


def test_a_quotient_of_polynomials_agrees_with_differences():
    x, d = draw((7,), 0.2, 1.0, 1), draw((3,), 0.5, 1.0, 2)
    sd.check_grads(lambda x, d: signal.deconvolve(x, d)[0], (x, d))
    sd.check_grads(lambda x, d: signal.deconvolve(x, d)[1], (x, d))


def test_the_adjoint_of_a_long_filter_is_a_filter():
    x, g = draw((2000,), -1.0, 1.0, 1), draw((2000,), -1.0, 1.0, 2)
    b, a = signal.butter(3, 0.2)
    _, pullback = sd.vjp(lambda x: signal.lfilter(b, a, x), x)
    assert np.allclose(pullback(g), signal.lfilter(b, a, g[::-1])[::-1])
