"""`grad` and `value_and_grad`: which parameters, which results, and what they refuse to answer."""

import functools
import math
import warnings

import numpy as np
import pytest
import scipy.optimize

import s2sdiff as sd


def weighted(x, y=2.0, *, scale=3.0):
    return scale * x * x * y


def chain(x, y):
    return np.sin(x) * y + x * y * y


def test_the_first_parameter_is_the_default():
    assert sd.grad(weighted)(1.5, 2.0) == pytest.approx(2 * 3.0 * 1.5 * 2.0)


@pytest.mark.parametrize(
    ("wrt", "expected"),
    [
        (1, 3.0 * 1.5**2),
        (-1, 3.0 * 1.5**2),
        ("y", 3.0 * 1.5**2),
        ("x", 18.0),
        ("scale", 1.5**2 * 2.0),
        ((0,), (18.0,)),
        (("scale",), (4.5,)),
        ((0, "scale"), (18.0, 4.5)),
        (("scale", "y", "x"), (4.5, 6.75, 18.0)),
    ],
)
def test_wrt_is_an_index_a_name_or_a_tuple_of_them(wrt, expected):
    found = sd.grad(weighted, wrt=wrt)(1.5)
    assert type(found) is type(expected)
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("call", [
    lambda g: g(1.5, 4.0, scale=5.0),
    lambda g: g(1.5, y=4.0, scale=5.0),
    lambda g: g(scale=5.0, y=4.0, x=1.5),
])
def test_arguments_are_bound_as_in_a_plain_call(call):
    assert call(sd.grad(weighted, wrt=("x", "scale"))) == pytest.approx((60.0, 9.0))


def test_defaults_are_the_functions_own():
    assert sd.grad(weighted, "y")(1.0) == 3.0
    assert sd.grad(weighted, "y")(1.0, scale=7.0) == 7.0


def test_a_missing_argument_is_the_plain_calls_error():
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        sd.grad(weighted)()
    with pytest.raises(TypeError, match="unexpected keyword argument 'depth'"):
        sd.grad(weighted)(1.0, depth=2)


@pytest.mark.parametrize("wrt", [3, -3, "z", ("x", "x"), ()])
def test_a_parameter_that_does_not_exist_or_comes_twice_is_an_error(wrt):
    with pytest.raises((ValueError, TypeError), match="Instead, "):
        sd.grad(weighted, wrt=wrt)(1.0)


def test_wrt_of_another_type_is_an_error():
    with pytest.raises(TypeError, match="Instead, "):
        sd.grad(weighted, wrt=1.0)(1.0)


def test_the_value_comes_with_the_gradient_from_one_run():
    runs = []

    def noted(x):
        runs.append(None)
        return x * x

    assert sd.value_and_grad(noted)(3.0) == (9.0, 6.0)
    assert len(runs) == 1


def test_value_and_grad_gives_a_tuple_of_gradients_for_a_tuple():
    value, gradients = sd.value_and_grad(chain, wrt=(0, 1))(0.5, 2.0)
    assert value == pytest.approx(math.sin(0.5) * 2 + 2.0)
    assert gradients == pytest.approx((math.cos(0.5) * 2 + 4.0, math.sin(0.5) + 2.0))
    assert sd.value_and_grad(chain, wrt=(1,))(0.5, 2.0)[1] == pytest.approx((math.sin(0.5) + 2.0,))


def with_notes(x):
    y = x * x
    return y * x, {"square": y, "name": "cube"}


def test_has_aux_hands_on_what_comes_with_the_loss():
    assert sd.grad(with_notes, has_aux=True)(2.0) == (12.0, {"square": 4.0, "name": "cube"})
    found = sd.value_and_grad(with_notes, has_aux=True)(2.0)
    assert found == ((8.0, {"square": 4.0, "name": "cube"}), 12.0)


def test_has_aux_of_an_active_extra_value_does_not_enter_the_gradient():
    def pair(x):
        y = np.sin(x)
        return y * 2.0, y

    gradient, extra = sd.grad(pair, has_aux=True)(0.3)
    assert gradient == pytest.approx(2 * math.cos(0.3))
    assert extra == pytest.approx(math.sin(0.3))


@pytest.mark.parametrize("argument", [3, True, np.int64(3), np.arange(3), np.array([True])])
def test_an_integer_argument_is_an_error_that_says_to_pass_floats(argument):
    with pytest.raises(TypeError, match=r"Instead, pass .*float"):
        sd.grad(lambda x: np.sum(x * 2.0))(argument)


@pytest.mark.parametrize("argument", ["three", None, [1, 2]])
def test_an_argument_without_numbers_is_an_error(argument):
    with pytest.raises(TypeError, match="Instead, "):
        sd.grad(lambda x: 1.0)(argument)


def test_an_integer_argument_of_a_registered_function_is_the_same_error():
    with pytest.raises(TypeError, match=r"Instead, pass .*float"):
        sd.grad(math.sin)(3)


def test_an_integer_argument_after_a_float_one_is_an_error_too():
    gradient = sd.grad(lambda x: x * x)
    assert gradient(3.0) == 6.0
    with pytest.raises(TypeError, match="Instead, "):
        gradient(3)


def test_a_result_that_is_not_a_scalar_is_an_error_with_its_shape_and_dtype():
    with pytest.raises(TypeError, match=r"\(3,\).*float32"):
        sd.grad(lambda x: x * x)(np.ones(3, np.float32))
    with pytest.raises(TypeError, match=r"\(1, 1\).*float64"):
        sd.value_and_grad(lambda x: x * x)(np.ones((1, 1)))


@pytest.mark.parametrize("make", [lambda x: x * 1j, lambda x: np.exp(1j * x), lambda x: complex(x)])
def test_a_complex_result_is_an_error_that_says_so(make):
    with pytest.raises(TypeError, match="complex.*Instead, "):
        sd.grad(make)(2.0)


@pytest.mark.parametrize("make", [lambda x: (x, x), lambda x: [x], lambda x: None, lambda x: "a"])
def test_a_result_that_is_no_number_is_an_error(make):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(TypeError, match="Instead, "):
            sd.grad(make)(2.0)


@pytest.mark.parametrize("loss", [lambda x: np.sum(x * x), lambda x: np.asarray(np.sum(x * x)),
                                  lambda x: (x * x).sum(), lambda x: float(np.sum(x * x))])
def test_scalars_of_any_sort_and_arrays_without_dimensions_count_as_one_result(loss):
    np.testing.assert_array_equal(sd.grad(loss)(np.array([1.0, 2.0])), [2.0, 4.0])


def test_what_is_not_callable_is_an_error():
    with pytest.raises(TypeError, match="Instead, pass the function itself"):
        sd.grad(3.0)


def test_builtins_ufuncs_partials_and_bound_methods_have_gradients():
    import functools

    class Model:
        scale = 3.0

        def loss(self, x):
            return self.scale * x * x

        def __call__(self, x):
            return self.scale * x

    assert sd.grad(math.sin)(0.5) == pytest.approx(math.cos(0.5))
    assert sd.grad(np.tanh)(0.5) == pytest.approx(1 - math.tanh(0.5) ** 2)
    assert sd.grad(functools.partial(chain, 0.5))(2.0) == pytest.approx(math.sin(0.5) + 2.0)
    assert sd.grad(Model().loss)(2.0) == 12.0
    assert sd.grad(Model())(2.0) == 3.0


def test_a_lambda_among_others_on_its_line_is_the_right_one():
    first, second, third = (lambda x: x * 2.0), (lambda x: x * x), (lambda x: x * x * x)
    assert [sd.grad(f)(3.0) for f in (first, second, third)] == [2.0, 6.0, 27.0]


def test_the_gradient_function_says_what_it_is_of():
    assert sd.grad(weighted).__name__ == "weighted_grad"
    assert sd.value_and_grad(weighted).__name__ == "weighted_value_and_grad"


def test_rosenbrocks_function_of_scipy_has_scipys_gradient():
    for x in (np.array([1.3, 0.7, 0.8, 1.9, 1.2]), np.array([-1.0, 2.0]), np.ones(7)):
        gradient = sd.grad(scipy.optimize.rosen)(x)
        np.testing.assert_allclose(gradient, scipy.optimize.rosen_der(x), rtol=1e-12, atol=1e-12)


def test_a_zero_derivative_warns_once_with_the_place_of_the_function():
    def unrelated(x, y):
        return y * y

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        gradient = sd.grad(unrelated)
        assert [gradient(1.0, 2.0), gradient(3.0, 4.0)] == [0.0, 0.0]
    (warning,) = caught
    assert warning.category is sd.ZeroDerivativeWarning
    assert warning.filename == __file__
    assert warning.lineno == unrelated.__code__.co_firstlineno
    assert "stop_gradient" in str(warning.message)


def test_a_stopped_gradient_does_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sd.grad(lambda x: sd.stop_gradient(x) * 2.0)(3.0) == 0.0
        assert sd.grad(lambda x, y: y + sd.stop_gradient(np.cos(x)), (0, 1))(3.0, 1.0) == (0.0, 1.0)


def test_a_branch_that_does_not_depend_on_the_argument_does_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sd.grad(lambda x: x * x if x > 0 else 1.0)(-3.0) == 0.0


def test_an_index_may_lie_in_the_arguments_that_a_star_takes():
    assert sd.grad(lambda *xs: xs[0] * xs[1])(2.0, 3.0) == 3.0
    assert sd.grad(lambda y, *xs: xs[0] * xs[1] * y, wrt=("y", 1))(2.0, 3.0, 4.0) == (12.0, 8.0)


def test_a_wrapped_function_has_a_gradient():
    @functools.wraps(chain)
    def wrapper(*args, **kwargs):
        return 2.0 * chain(*args, **kwargs)

    assert sd.grad(wrapper)(0.5, 2.0) == 2.0 * sd.grad(chain)(0.5, 2.0)
    with pytest.raises(ValueError, match=r"no parameter 'x'. Instead, give its index\.$"):
        sd.grad(wrapper, wrt="x")


def test_a_gradient_of_a_gradient_is_the_second_derivative():
    assert sd.grad(sd.grad(lambda x: x**3))(2.0) == 12.0


MATRIX = np.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize("f", [
    lambda x: 0.5 * np.sum(x * x), lambda x: np.sum(x.T), lambda x: np.sum(x.ravel() * 2.0),
    lambda x: np.sum(0.25 * np.expand_dims(x, 0)), lambda x: np.sum(np.swapaxes(x, 0, 1)),
    lambda x: np.sum(x[::-1] * MATRIX), lambda x: np.mean(np.reshape(x, (3, 2))),
    lambda x: x[0] @ x[1], lambda x: np.sum(x * MATRIX)])
def test_a_gradient_is_an_array_of_its_own_that_may_be_added_to(f):
    x, kept = MATRIX.copy(), MATRIX.copy()
    found = sd.grad(f)(x)
    assert not np.shares_memory(found, x)
    found += 1.0
    np.testing.assert_array_equal(x, kept)
    np.testing.assert_array_equal(MATRIX, kept)
    np.testing.assert_allclose(sd.grad(f)(x), found - 1.0, atol=1e-12)


def test_gradients_with_respect_to_two_factors_share_memory_with_neither():
    x, w = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    for g in (*sd.grad(lambda x, w: x @ w, wrt=(0, 1))(x, w),
              *sd.value_and_grad(lambda x, w: np.sum(x * w), wrt=(0, 1))(x, w)[1]):
        assert not np.shares_memory(g, x)
        assert not np.shares_memory(g, w)


@pytest.mark.parametrize("f", [
    lambda x, w: x @ w, lambda x, w: np.dot(x, w), lambda x, w: np.matmul(x, w),
    lambda x, w: np.sum(x * w), lambda x, w: np.sum(np.multiply(x, w)), lambda x, w: float(x) * 2.0,
    lambda x, w: np.inner(x, w), lambda x, w: np.einsum("i,i->", x, w),
    lambda x, w: np.sum(np.sum(x * 2.0) * (x[0] * np.ones(3)) * w)])
def test_shapes_that_do_not_fit_are_the_plain_calls_error(f):
    x, w = np.ones(3), np.ones(4)
    with pytest.raises((ValueError, TypeError)) as plain:
        f(x, w)
    with pytest.raises(plain.type):
        sd.grad(f)(x, w)
