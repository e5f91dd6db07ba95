"""NumPy's functions without a rule of their own, and keywords that say how things are computed."""

import inspect
import random
import re

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import errors
from tests.right_or_refused import check_modes

V, U = np.array([0.3, -1.2, 0.7, 2.1, -0.4]), np.array([0.2, 0.5, 0.9, 1.6, 2.2])
M = np.array([[0.4, -0.3, 1.1], [0.9, 0.2, -0.7], [1.3, 0.8, 0.5], [-0.6, 1.7, 0.1]])

CODE_BEHIND = {
    "polyval": (lambda c, x: np.polyval(c, x), (V, U)),
    "polyval of a list": (lambda x: np.polyval([1.0, x, 2.0 * x], x), (0.7,)),
    "polyfit": (lambda x, y: np.polyfit(x, y, 2), (U, V)),
    "polyder": (lambda c: np.polyder(c), (V,)),
    "polyint": (lambda c: np.polyint(c), (V,)),
    "polydiv": (lambda c, d: np.polydiv(c, d)[1], (V, U[:3])),
    "poly": (lambda r: np.poly(r), (V,)),
    "roots": (lambda c: np.sort(np.roots(c).real), (np.array([1.0, -6.2, 11.1, -6.0]),)),
    "vander": (lambda x: np.vander(x, 3), (V,)),
    "gradient": (lambda y, x: np.gradient(y, x), (V, U)),
    "gradient of rows": (lambda y: np.gradient(y, 2.0, axis=0), (M,)),
    "geomspace": (lambda a, b: np.geomspace(a, b, 5), (1.3, 2.9)),
    "logspace": (lambda a, b: np.logspace(a, b, 5), (1.3, 2.9)),
    "corrcoef": (lambda x: np.corrcoef(x), (M,)),
    "nanmedian": (lambda x: np.nanmedian(x), (V,)),
    "nanpercentile": (lambda x: np.nanpercentile(x, 30), (V,)),
    "nanquantile": (lambda x: np.nanquantile(x, 0.3, axis=0), (M,)),
    "histogram": (lambda x: np.histogram(x * V, bins=2, density=True)[0], (1.3,)),
    "cond": (lambda x: np.linalg.cond(x), (M[:3],)),
    "apply_over_axes": (lambda x: np.apply_over_axes(np.sum, x**2, [0, 1]), (M,)),
}


@pytest.mark.parametrize("name", CODE_BEHIND)
def test_a_function_without_a_rule_is_the_code_behind_it(name):
    function, args = CODE_BEHIND[name]
    sd.check_grads(function, args)


def test_a_result_that_may_be_a_view_is_followed_when_it_is_written():
    def trimmed(x):
        a = np.concatenate([[0.0], x])
        b = np.trim_zeros(a)
        b[0] = x[1] * x[2]
        return np.sum(a * a) * b[0]

    sd.check_grads(trimmed, (V,))


@pytest.mark.parametrize("function", [
    lambda y: np.nanquantile(y, 0.3, overwrite_input=True),
    lambda y: np.nanmedian(y, None, None, True),
    lambda y: np.nanpercentile(y, 30, **{"overwrite_input": True}),
])
def test_an_argument_that_is_used_as_memory_is_refused(function):
    def f(x):
        y = x * 1.0
        return function(y) * np.sum(y * U)

    with pytest.raises(errors.UnsupportedError, match="overwrite_input"):
        sd.grad(f)(V)


def test_code_behind_a_function_sees_what_is_written_and_writes_into_out():
    def changed_after(x):
        y = x * 1.0
        slope, p = np.gradient(y), np.polyval(y, 0.5)
        y[0] = 3.0 * x[1] * x[2]
        return np.sum(slope * y) * np.polyval(y, p)

    def into_an_array(x):
        out = np.zeros(3)
        y = np.nanpercentile(x, 30, axis=0, out=out)
        out[0] = x[0, 0]
        return np.sum(out * y)

    sd.check_grads(changed_after, (V,))
    sd.check_grads(into_an_array, (M,))


def test_what_the_code_behind_cannot_do_is_refused_in_the_name_of_the_function():
    with pytest.raises(errors.MissingDerivativeError,
                       match=r"(?s)test_numpy.*numpy\.array_str has no registered derivative, and "
                       r"the code behind it .*of=numpy\.array_str"):
        sd.vjp(lambda x: float(np.array_str(x * V)[1:5]), 1.3)


def test_arrays_of_other_libraries_are_refused_where_they_have_their_own_functions():
    class Other:
        def __init__(self, x):
            self.x = x

        def __array_function__(self, func, types, args, kwargs):
            return self.x * 3.0

    with pytest.raises(errors.DifferentiationError, match="polyval"):
        sd.vjp(lambda x: np.polyval(Other(x), 2.0), 1.5)


def test_a_function_is_applied_along_an_axis():
    def scaled_rows(x, w):
        return np.apply_along_axis(lambda row: row * np.sum(row**2) * w, 1, x)

    def norms(x):
        return np.apply_along_axis(np.linalg.norm, 0, x)

    def stacked(x):
        return np.apply_along_axis(np.outer, -1, x, V[:2])

    def with_memory(x):
        seen = []

        def first_and_last(row):
            seen.append(row[0] * row[-1])
            row = row.copy()
            row[0] = 2.0 * row[1] * len(seen)
            return row

        return np.apply_along_axis(first_and_last, 1, x) * seen[1]

    sd.check_grads(scaled_rows, (M, 0.7))
    for function in (norms, stacked, with_memory):
        sd.check_grads(function, (M,))
        assert np.array_equal(sd.vjp(function, M)[0], function(M))
    with pytest.raises(ValueError, match="iteration dimensions are 0"):
        sd.vjp(norms, np.zeros((3, 0)))


# ----------------------------------------------------------------------------- keywords of ufuncs


def into(x, y):
    out = np.zeros_like(x)
    np.multiply(x, y, out=out, casting="no", signature="dd->d")
    return out * x


def clipped_into(x):
    out = np.zeros_like(x)
    np.clip(x, -0.5, 0.5, out=out, casting="no")
    return out * x


KEYWORDS = {
    "dtype": (lambda x, y: np.subtract(x, y, dtype=float), (V, U)),
    "signature": (lambda x, y: np.multiply(x, y, signature="dd->d", casting="no"), (V, U)),
    "order": (lambda x: np.exp(x, order="F", subok=False), (M,)),
    "found by name": (lambda x: getattr(np, "sin")(x, dtype=np.float64), (V,)),  # noqa: B009
    "of a list": (lambda x: np.add([x, 2.0 * x], x, dtype=float), (2.0,)),
    "of a matrix product": (lambda x: np.matmul(x, x.T, casting="same_kind"), (M,)),
    "several results": (lambda x: np.modf(x, casting="no")[0], (V,)),
    "clip": (lambda x: np.clip(x, -0.5, 0.5, casting="no"), (V,)),
    "method": (lambda x: x.clip(-0.5, 0.5, dtype=float), (V,)),
    "with out": (into, (V, U)),
    "clip with out": (clipped_into, (V,)),
}


@pytest.mark.parametrize("name", KEYWORDS)
def test_keywords_that_say_how_to_compute_change_no_derivative(name):
    function, args = KEYWORDS[name]
    sd.check_grads(function, args)


def test_a_result_of_another_precision_has_a_cotangent_of_that():
    value, pullback = sd.vjp(
        lambda x, y: np.multiply(x, y, dtype=np.float32, casting="same_kind"), V, U)
    assert value.dtype == np.float32
    x_bar, y_bar = pullback(np.ones(5, np.float32))
    assert x_bar.dtype == np.float64
    np.testing.assert_array_equal(x_bar, U)
    np.testing.assert_array_equal(y_bar, V)


def test_a_mask_without_out_is_refused():
    with pytest.raises(errors.MissingDerivativeError, match="where"):
        sd.vjp(lambda x: np.multiply(x, x, where=x > 0), V)


def test_an_ellipsis_for_out_gives_an_array_where_numpy_knows_it():
    def divided(x, y):
        return np.true_divide(x, y, out=...) * x

    if np.lib.NumpyVersion(np.__version__) < "2.3.0":
        with pytest.raises(TypeError):
            divided(2.0, 3.0)
        with pytest.raises(TypeError):
            sd.vjp(divided, 2.0, 3.0)
        return
    assert isinstance(sd.vjp(divided, 2.0, 3.0)[0], type(divided(2.0, 3.0)))
    sd.check_grads(divided, (2.0, 3.0))
    sd.check_grads(divided, (V, U))


# ---------------------------------------------------------------- ufuncs that np.linalg is made of


def test_the_ufuncs_behind_linear_algebra_have_derivatives():
    ufuncs = pytest.importorskip("numpy.linalg._umath_linalg")
    a, stack = M[:3], np.stack([M[:3], M[1:]])

    def solved(a, b):
        return ufuncs.solve(a, b, signature="dd->d")

    def solved_vectors(a, b):
        return ufuncs.solve1(a, b, signature="dd->d")

    for matrices in (a, stack):
        sd.check_grads(solved, (matrices, M[:3, :2]))
        sd.check_grads(solved_vectors, (matrices, V[:3]))
        sd.check_grads(lambda a: ufuncs.inv(a, signature="d->d"), (matrices,))
        sd.check_grads(lambda a: ufuncs.det(a, signature="d->d"), (matrices,))


def test_an_array_that_wraps_a_result_hands_it_on():
    def wrapped(x, y):
        z = x.__array_wrap__(y * y)
        z[0] = x[0] * y[1]
        return z * x

    check_modes(wrapped, (V, U))


def test_the_methods_behind_operators_of_arrays_have_their_derivatives():
    def by_methods(x, y):
        z = x.__add__(y).__mul__(x).__sub__(y.__truediv__(x)).__neg__().__pow__(2)
        return z.__matmul__(x)

    sd.check_grads(by_methods, (V, U))
    assert sd.vjp(by_methods, V, U)[0] == by_methods(V, U)


def test_the_distance_to_the_next_number_does_not_depend_on_the_direction():
    def stepped(x, direction):
        return np.nextafter(x, direction * np.inf) * x

    assert sd.vjp(stepped, 2.0, 1.0)[1](1.0) == (pytest.approx(4.0), 0.0)


# ------------------------------------------------------------------------------ looking at calls


def function_with(a, b=2.0, *rest, c=3.0, **others):
    return a


def test_arguments_are_bound_to_a_signature():
    signature = inspect.signature(function_with)

    def by_name(x, y):
        bound = signature.bind(x, x * y, y, c=x + y, d=y * y)
        found = bound.arguments
        return found["a"] * found["b"] + found["rest"][0] * found["c"] * found["others"]["d"]

    sd.check_grads(by_name, (0.7, 1.3))
    with pytest.raises(TypeError, match="missing a required argument"):
        sd.vjp(lambda x: signature.bind(c=x).arguments["c"], 0.7)


def test_a_match_and_a_generator_of_random_numbers_hold_no_derivatives():
    pattern = re.compile(r"(\d+)x(\d+)")

    def sized(x, text):
        match = pattern.match(text)
        order = np.random.RandomState(3).permutation(int(match.group(2)))
        return x[order] * int(match[1])

    sd.check_grads(lambda x: sized(x, "2x5"), (V,))


def test_generators_of_random_numbers_are_run_again_by_checkpoints():
    def drawn(x, numpy_state, state):
        return x * numpy_state.normal(size=5) * x * state.random()

    def f(x):
        states = np.random.RandomState(3), random.Random(7)
        return np.sum(sd.checkpoint(drawn)(x, *states) ** 2) * drawn(x, *states)[0]

    sd.check_grads(f, (V,))
