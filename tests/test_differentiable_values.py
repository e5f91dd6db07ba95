"""Every operator on every kind of value, against finite differences of the numbers in it."""

import copy
import pickle

import numpy as np
import pytest

import s2sdiff as sd
from tests.kinds_of_values import KINDS, of_several, of_three

DTYPES = {"float64": (np.float64, float), "float32": (np.float32, np.float32)}


def numbers(dtype="float64"):
    array, number = DTYPES[dtype]
    return (np.array([0.7, -1.2], array), number(1.3), np.array([0.4, 2.0], array))


def slopes(f, given, h=1e-6):
    """Central differences of `f(a, b, c)`, of any shape, in each entry of its arguments."""
    found = []
    for i, x in enumerate(given):
        x = np.asarray(x, np.float64)
        columns = np.zeros((*np.shape(f(*given)), *x.shape))
        for index in np.ndindex(x.shape):
            step = np.zeros(x.shape)
            step[index] = h
            sides = []
            for moved in (x + step, x - step):
                args = [*given]
                args[i] = moved if x.shape else float(moved)
                sides.append(np.asarray(f(*args)))
            columns[(..., *index)] = (sides[0] - sides[1]) / (2 * h)
        found.append(columns)
    return found


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def kind(request):
    return request.param


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_gradient_has_the_structure_the_class_and_the_dtypes_of_the_value(kind, dtype):
    given = numbers(dtype)
    value = kind.build(*given)
    gradient = sd.grad(kind.loss)(value)
    assert type(gradient) is type(value)
    for g, x, slope in zip(kind.parts(gradient), given, slopes(of_three, numbers()), strict=True):
        assert type(g) is type(x)
        assert getattr(g, "dtype", None) == getattr(x, "dtype", None)
        np.testing.assert_allclose(g, slope, rtol=1e-7 if dtype == "float64" else 1e-5)


def test_value_and_grad_hands_on_what_else_is_returned(kind):
    f, value = kind.loss, kind.build(*numbers())
    (loss, aux), gradient = sd.value_and_grad(lambda v: (f(v), "aux"), has_aux=True)(value)
    assert (loss, aux) == (f(value), "aux")
    for g, slope in zip(kind.parts(gradient), slopes(of_three, numbers()), strict=True):
        np.testing.assert_allclose(g, slope, rtol=1e-7)


def test_a_pullback_is_called_twice_and_leaves_all_as_it_was(kind):
    f, value = kind.several, kind.build(*numbers())
    before = copy.deepcopy(kind.parts(value))
    result, pullback = sd.vjp(f, value)
    cotangent = np.array([1.5, -0.5])
    first, second = pullback(cotangent), pullback(cotangent)
    for one, two, slope in zip(kind.parts(first), kind.parts(second),
                               slopes(of_several, numbers()), strict=True):
        np.testing.assert_array_equal(one, two)
        np.testing.assert_allclose(one, np.tensordot(cotangent, slope, 1), rtol=1e-7)
    for x, was in zip(kind.parts(value), before, strict=True):
        np.testing.assert_array_equal(x, was)


@pytest.mark.parametrize("operator", [sd.jacobian, sd.jacrev, sd.jacfwd],
                         ids=lambda operator: operator.__name__)
def test_a_jacobian_has_the_structure_of_the_argument(kind, operator):
    jacobian = operator(kind.several)(kind.build(*numbers()))
    for block, slope in zip(kind.parts(jacobian), slopes(of_several, numbers()), strict=True):
        np.testing.assert_allclose(block, slope, rtol=1e-7, atol=1e-9)


def test_a_product_with_the_hessian_is_the_slope_of_the_gradient(kind):
    f, given = kind.loss, numbers()
    dots = (np.array([0.3, -0.2]), 0.5, np.array([1.0, 0.0]))
    h = 1e-5
    sides = []
    for sign in (1, -1):
        moved = [x + sign * h * d for x, d in zip(given, dots, strict=True)]
        sides.append(kind.parts(sd.grad(f)(kind.build(*moved))))
    point, along = (kind.build(*given),), (cleared(kind.build(*dots)),)
    for found in (sd.hvp(f, point, along), sd.jvp(sd.grad(f), point, along)[1]):
        for g, high, low in zip(kind.parts(found), *sides, strict=True):
            np.testing.assert_allclose(g, (high - low) / (2 * h), rtol=1e-6, atol=1e-8)


def cleared(value):
    """The value as a tangent, with None where there is no floating number."""
    return sd.tangent_map(lambda t: t, value)


def test_a_hessian_has_the_structure_twice(kind):
    h, given = 1e-5, numbers()
    rows = kind.parts(sd.hessian(kind.loss)(kind.build(*given)))
    for i, slope in enumerate(slopes(of_three, given)):
        for j, x in enumerate(given):
            step = np.zeros(np.shape(x))
            step.flat[0] = h
            sides = [slopes(of_three, [x + s * step if k == j else y for k, y in
                                       enumerate(given)], 1e-5)[i] for s in (1, -1)]
            block = np.asarray(kind.parts(rows[i])[j])
            assert block.shape == (*np.shape(slope), *np.shape(x))
            np.testing.assert_allclose(block[..., 0] if np.shape(x) else block,
                                       (sides[0] - sides[1]) / (2 * h), rtol=1e-3, atol=1e-4)


def test_a_linear_map_is_that_of_the_jacobian(kind):
    f, value = kind.several, kind.build(*numbers())
    dots = (np.array([0.3, -0.2]), 0.5, np.array([1.0, 0.0]))
    expected = sum(np.tensordot(s, d, np.ndim(d)) for s, d in zip(
        slopes(of_several, numbers()), dots, strict=True))
    result, differential = sd.linearize(f, value)
    np.testing.assert_allclose(differential(cleared(kind.build(*dots))), expected, rtol=1e-7)
    np.testing.assert_array_equal(result, f(value))


def test_a_tangent_forwards_is_the_slope_along_it(kind):
    dots = (np.array([0.3, -0.2]), 0.5, np.array([1.0, 0.0]))
    expected = sum(np.tensordot(s, d, np.ndim(d)) for s, d in zip(
        slopes(of_several, numbers()), dots, strict=True))
    result, dot = sd.jvp(kind.several, (kind.build(*numbers()),), (cleared(
        kind.build(*dots)),))
    np.testing.assert_allclose(dot, expected, rtol=1e-7)
    np.testing.assert_array_equal(result, of_several(*numbers()))


#: Of which derivatives of tangents are compared, too: some seconds for each kind of structure.
TANGENTS_TWICE = ("OrderedDict", "registered class with slots", "list with what does not move")


def test_check_grads_finds_nothing_wrong(kind):
    sd.check_grads(kind.several, (kind.build(*numbers()),), order=2, modes="rev")
    sd.check_grads(kind.several, (kind.build(*numbers()),))
    if kind.name in TANGENTS_TWICE:
        sd.check_grads(kind.several, (kind.build(*numbers()),), order=2)


def test_check_grads_finds_a_wrong_derivative(kind):
    wrong = sd.differentiable_function(
        lambda v: (kind.loss(v), lambda bar: (1.1 * sd.TangentVector(
            sd.vjp(kind.loss, v)[1](bar))).value))
    with pytest.raises(AssertionError, match="argument 0"):
        sd.check_grads(wrong, (kind.build(*numbers()),))


def test_a_value_goes_through_a_function_that_gives_it_back(kind):
    f, value = kind.loss, kind.build(*numbers())
    result, pullback = sd.vjp(lambda v: (v, f(v)), value)
    assert result[0] is value
    along = cleared(kind.build(np.array([0.3, -0.2]), 0.5, np.array([1.0, 0.0])))
    for dot in (sd.jvp(lambda v: (v, 1.0), (value,), (along,))[1][0],
                sd.linearize(lambda v: (v, 1.0), value)[1](along)[0]):
        assert type(dot) is type(value)
        for d, expected in zip(kind.parts(dot), kind.parts(along), strict=True):
            np.testing.assert_array_equal(d, expected)
    ones = sd.tangent_map(np.ones_like, value)
    for g, slope in zip(kind.parts(pullback((ones, 1.0))), slopes(of_three, numbers()),
                        strict=True):
        np.testing.assert_allclose(g, slope + 1.0, rtol=1e-7)


@pytest.mark.filterwarnings("ignore::s2sdiff.ZeroDerivativeWarning")
def test_what_is_not_reached_has_zeros(kind):
    value = kind.build(*numbers("float32"))
    gradient = sd.grad(lambda v: 2.0)(value)
    zero = sd.zero_tangent(value)
    for g in (gradient, zero):
        b, c = kind.parts(g)[1:]
        assert (type(b), b) == (np.float32, 0.0)
        np.testing.assert_array_equal(c, np.zeros(2, np.float32))
        assert c.dtype == np.float32
    np.testing.assert_array_equal(kind.parts(zero)[0], np.zeros(2, np.float32))


def test_a_step_along_the_gradient_moves_the_value(kind):
    f, given = kind.loss, numbers("float32")
    value = kind.build(*given)
    gradient = sd.grad(f)(value)
    moved = sd.move(value, along=-0.5 * sd.TangentVector(gradient))
    assert type(moved) is type(value)
    for y, x, g in zip(kind.parts(moved), given, kind.parts(gradient), strict=True):
        assert type(y) is type(x)
        np.testing.assert_allclose(y, x - np.float32(0.5) * g, rtol=1e-6)


def test_values_and_gradients_can_be_pickled_and_differentiated_again(kind):
    value = pickle.loads(pickle.dumps(kind.build(*numbers())))
    gradient = pickle.loads(pickle.dumps(sd.grad(kind.loss)(value)))
    for g, slope in zip(kind.parts(gradient), slopes(of_three, numbers()), strict=True):
        np.testing.assert_allclose(g, slope, rtol=1e-7)


@pytest.mark.parametrize("operator", ["stop_gradient", "with_derivative", "checkpoint",
                                      "differentiable_function"])
def test_markers_and_functions_made_of_pullbacks_take_any_value(kind, operator):
    f, value = kind.loss, kind.build(*numbers())

    def pulled(v):
        return f(v), lambda bar: sd.vjp(f, v)[1](bar)

    doubled = {
        "stop_gradient": lambda v: f(v) + f(v) + f(sd.stop_gradient(v)),
        "with_derivative": lambda v: f(sd.with_derivative(
            v, lambda bar: (2.0 * sd.TangentVector(bar)).value)),
        "checkpoint": lambda v: sd.checkpoint(f)(v) + sd.checkpoint(f)(v),
        "differentiable_function": lambda v: sd.differentiable_function(pulled)(v) * 2.0,
    }[operator]
    gradient = sd.grad(doubled)(value)
    for g, slope in zip(kind.parts(gradient), slopes(of_three, numbers()), strict=True):
        np.testing.assert_allclose(g, 2 * slope, rtol=1e-7)
