"""What is registered with `derivative` is what counts, from the next call on."""

import math
import operator
import statistics
import types

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import registry


def fresh(body=lambda x: x * x):
    """A new function for each test, so that registrations do not meet."""
    def function(x):
        return body(x)

    return function


def test_a_registered_derivative_wins_over_the_body():
    f = fresh()
    assert sd.grad(f)(3.0) == 6.0

    @sd.derivative(of=f)
    def rule(x):
        return x * x, lambda y_bar: y_bar * 100.0

    assert sd.grad(f)(3.0) == 100.0
    assert sd.vjp(f, 3.0)[1](2.0) == 200.0


def test_the_decorator_gives_the_rule_back():
    f = fresh()

    @sd.derivative(of=f)
    def rule(x):
        return x, lambda v: v

    assert rule(3.0)[0] == 3.0


def test_a_late_registration_takes_effect_in_what_was_compiled_before():
    inner = fresh()

    def outer(x):
        return inner(x) * 2.0

    def outermost(x):
        return outer(x) + 1.0

    gradient, value_and_pullback = sd.grad(outermost), sd.vjp(outer, 3.0)
    assert gradient(3.0) == 12.0
    sd.derivative(of=inner)(lambda x: (x * x, lambda v: v * 50.0))
    assert gradient(3.0) == 100.0
    assert sd.vjp(outer, 3.0)[1](1.0) == 100.0
    # The pullback of an earlier call stands at that call.
    assert value_and_pullback[1](1.0) == 12.0


def test_a_second_registration_is_an_error_unless_it_says_override():
    f = fresh()
    sd.derivative(of=f)(lambda x: (x, lambda v: v))
    with pytest.raises(sd.RuleError, match=r"Instead, pass override=True"):
        sd.derivative(of=f)(lambda x: (x, lambda v: v * 2.0))
    assert sd.grad(f)(3.0) == 1.0
    sd.derivative(of=f, override=True)(lambda x: (x, lambda v: v * 2.0))
    assert sd.grad(f)(3.0) == 2.0


def test_an_own_rule_of_the_library_is_not_replaced_by_accident():
    with pytest.raises(sd.RuleError, match="Instead, "):
        sd.derivative(of=np.sin)(lambda x: (np.sin(x), lambda v: v))
    with pytest.raises(sd.RuleError, match="Instead, "):
        sd.derivative(of=operator.mul)(lambda x, y: (x * y, lambda v: (v, v)))


def test_of_may_be_a_c_function_without_source():
    inverse = statistics._normal_dist_inv_cdf
    assert not isinstance(inverse, types.FunctionType)

    def quantile(p):
        return inverse(p, 0.0, 1.0) * 2.0

    gradient = sd.grad(quantile)
    with pytest.raises(sd.MissingDerivativeError, match="_normal_dist_inv_cdf(.|\n)*Instead, "):
        gradient(0.5)

    @sd.derivative(of=inverse)
    def rule(p, mean, deviation):
        x = inverse(p, mean, deviation)
        density = math.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)
        return x, lambda v: (v / density, NotImplemented, NotImplemented)

    assert gradient(0.5) == pytest.approx(2 * math.sqrt(2 * math.pi))


def test_of_may_be_a_ufunc_of_ones_own():
    halved = np.frompyfunc(lambda x: x / 2.0, 1, 1)

    @sd.derivative(of=halved)
    def rule(x):
        return np.asarray(halved(x), float), lambda v: v * 0.5

    np.testing.assert_array_equal(sd.grad(lambda x: np.sum(halved(x) * x))(np.array([2.0, 4.0])),
                                  [2.0, 4.0])


def test_of_may_be_a_function_of_another_module():
    grouped = statistics.median_grouped

    @sd.derivative(of=grouped)
    def rule(data):
        return grouped(data), lambda v: [v / len(data)] * len(data)

    value = grouped([1.0, 3.0])
    assert sd.grad(lambda a, b: grouped([a, b]) ** 2, (0, 1))(1.0, 3.0) == (value, value)


class Celsius:
    def __init__(self, offset):
        self.offset = offset

    def kelvin(self, x):
        return x + self.offset

    @property
    def doubled(self):
        return 2.0 * self.offset


class Fahrenheit(Celsius):
    pass


def test_of_may_be_a_method_of_a_class_with_self_first():
    @sd.derivative(of=Celsius.kelvin)
    def rule(self, x):
        return x + self.offset, lambda v: (None, v * 5.0)

    thermometer = Celsius(273.15)
    assert sd.grad(lambda x: thermometer.kelvin(x))(1.0) == 5.0
    assert sd.grad(thermometer.kelvin)(1.0) == 5.0
    heir = Fahrenheit(1.0)
    assert sd.grad(lambda x: heir.kelvin(x))(1.0) == 5.0


def test_a_rule_for_some_parameters_returns_entries_for_those_only():
    def mix(x, y, n):
        return x * y**n

    @sd.derivative(of=mix, wrt=("y", "x"))
    def rule(x, y, n):
        return x * y**n, lambda v: (v * 10.0, v * 20.0)

    assert sd.vjp(mix, 1.0, 1.0, 2)[1](1.0) == (20.0, 10.0, None)
    assert sd.grad(mix, "y")(1.0, 1.0, 2) == 10.0

    def half(x, y):
        return x * y

    @sd.derivative(of=half, wrt="x")
    def bare(x, y):
        return x * y, lambda v: v * 3.0

    assert sd.grad(half)(1.0, 2.0) == 3.0
    with pytest.raises(sd.MissingDerivativeError, match="Instead, "):
        sd.grad(half, "y")(1.0, 2.0)


def test_a_rule_for_more_parameters_serves_a_smaller_request():
    def f(x, y):
        return x * y

    sd.derivative(of=f)(lambda x, y: (x * y, lambda v: (v * 2.0, v * 3.0)))
    assert sd.grad(f)(1.0, 1.0) == 2.0
    assert sd.grad(f, 1)(1.0, 1.0) == 3.0
    assert sd.grad(f, (1, 0))(1.0, 1.0) == (3.0, 2.0)
    assert sd.grad(lambda x: f(x, 5.0))(1.0) == 2.0


def test_keywords_reach_a_rule_by_name():
    def scaled(x, by=1.0, *, shift=0.0):
        return x * by + shift

    @sd.derivative(of=scaled)
    def rule(x, by=1.0, *, shift=0.0):
        return x * by + shift, lambda v: (v * by, v * x, v * 100.0)

    assert sd.grad(lambda x: scaled(x, by=4.0))(2.0) == 4.0
    assert sd.grad(lambda x: scaled(by=4.0, x=x))(2.0) == 4.0
    assert sd.grad(lambda s: scaled(2.0, shift=s))(3.0) == 100.0
    assert sd.grad(scaled, "by")(2.0, by=4.0) == 2.0


def test_none_is_a_zero_entry():
    def f(x, y):
        return x * y

    sd.derivative(of=f)(lambda x, y: (x * y, lambda v: (v * y, None)))
    assert sd.vjp(f, 2.0, 3.0)[1](1.0) == (3.0, 0.0)
    np.testing.assert_array_equal(sd.grad(lambda y: f(2.0, np.sum(y)))(np.ones(2)), [0.0, 0.0])


def test_not_implemented_is_refused_only_where_it_is_asked_for():
    def bessel(order, x):
        return order * x

    sd.derivative(of=bessel)(lambda order, x: (order * x, lambda v: (NotImplemented, v * order)))
    assert sd.grad(bessel, "x")(2.0, 3.0) == 2.0
    assert sd.grad(lambda x: bessel(2.0, x))(3.0) == 2.0
    with pytest.raises(sd.MissingDerivativeError, match="Instead, "):
        sd.grad(bessel, "order")(2.0, 3.0)
    with pytest.raises(sd.MissingDerivativeError, match="Instead, "):
        sd.grad(lambda n: bessel(n, 3.0))(2.0)


@pytest.mark.parametrize("entries", [1.0, (1.0,), (1.0, 1.0, 1.0), [1.0, 1.0]])
def test_a_wrong_number_of_entries_is_an_error_that_names_the_parameters(entries):
    def f(x, y):
        return x * y

    sd.derivative(of=f)(lambda x, y: (x * y, lambda v: entries))
    for call in (lambda: sd.vjp(f, 2.0, 3.0)[1](1.0), lambda: sd.grad(lambda x: f(x, x))(2.0)):
        with pytest.raises(sd.RuleError, match="Instead, "):
            call()


@pytest.mark.parametrize("made", [3.0, (1.0, 2.0), None, (1.0, 2.0, 3.0)])
def test_a_rule_that_returns_something_else_is_an_error(made):
    f = fresh()
    sd.derivative(of=f)(lambda x: made)
    for g in (f, lambda x: f(x) * 2.0):
        with pytest.raises(sd.RuleError, match="Instead, "):
            sd.grad(g)(2.0)


def test_a_cotangent_of_another_shape_out_of_a_rule_is_not_taken_silently():
    f = fresh()
    sd.derivative(of=f)(lambda x: (x * x, lambda v: np.ones(7)))
    with pytest.raises((sd.RuleError, TypeError, ValueError)):
        sd.grad(lambda x: np.sum(f(x)))(np.ones(3))


def test_a_nonsensical_registration_is_an_error():
    wrong = {"of": 3.0}, {"of": math.sin, "mode": "sideways"}, {"of": math.sin, "wrt": "z"}
    for arguments in wrong:
        with pytest.raises(sd.RuleError, match="Instead, "):
            sd.derivative(**arguments, override=True)(lambda x: (x, lambda v: v))
    with pytest.raises(sd.RuleError, match="Instead, "):
        sd.derivative(of=fresh())(3.0)


def test_a_rule_sees_numbers_of_the_callers_dtype_and_its_entries_are_cast_to_it():
    f = fresh(lambda x: x)
    seen = []

    @sd.derivative(of=f)
    def rule(x):
        def pullback(v):
            seen.append(v.dtype)
            return np.asarray(v, np.float64) * 2.0

        return x * np.float32(1.0), pullback

    gradient = sd.grad(lambda x: np.sum(f(x)))(np.ones(2, np.float32))
    assert (gradient.dtype, seen) == (np.float32, [np.float32])


def test_a_recursive_function_may_have_a_rule_that_calls_it():
    def factorial(x):
        return x if x < 2.0 else x * factorial(x - 1.0)

    @sd.derivative(of=factorial)
    def rule(x):
        y = factorial(x)
        return y, lambda v: v * y * 2.0

    assert sd.grad(factorial)(4.0) == 48.0


def test_a_differential_alone_serves_gradients_by_its_transpose():
    def g(x):
        return x * x

    @sd.derivative(of=g, mode="jvp")
    def g_differential(x):
        return x * x, lambda x_dot: 2 * x * x_dot

    def f(x):
        return g(x) * 3.0 if x > 0 else x

    assert sd.grad(f)(-1.0) == 1.0
    assert sd.grad(f)(2.0) == 12.0
    value, pullback = sd.vjp(g, np.array([1.0, 2.0]))
    np.testing.assert_array_equal(pullback(np.array([1.0, 3.0])), [2.0, 12.0])
    np.testing.assert_array_equal(pullback(np.array([1.0, 0.0])), [2.0, 0.0])
    sd.derivative(of=g)(lambda x: (x * x, lambda v: 20 * x * v))
    assert sd.grad(f)(2.0) == 120.0 and sd.jvp(f, (2.0,), (1.0,))[1] == 12.0


def test_a_differential_wins_over_the_derivative_in_forward_mode_from_the_next_call_on():
    def g(x, y):
        return x * y

    def f(x):
        return g(x, 3.0)

    assert sd.jvp(f, (2.0,), (1.0,)) == (6.0, 3.0)

    @sd.derivative(of=g, mode="jvp")
    def g_differential(x, y):
        def differential(x_dot, y_dot):
            assert y_dot is None
            return 100.0 * x_dot

        return x * y, differential

    assert sd.jvp(f, (2.0,), (1.0,)) == (6.0, 100.0)


def test_a_users_rule_counts_in_forward_mode_and_with_out_though_the_library_has_one():
    def total(a, b):
        return np.einsum("i,i->", a, b)

    def squares(a):
        out = np.zeros(2)
        np.multiply(a, a, out=out)
        return np.sum(out)

    a = np.array([1.0, 2.0])
    with sd.derivatives({
        np.einsum: lambda spec, a, b: (np.einsum(spec, a, b), lambda y: (None, 7 * y * b, None)),
        np.multiply: lambda a, b: (a * b, lambda y: (9 * y * b, None)),
    }):
        assert sd.jvp(total, (a, a), (a, a)) == (5.0, 35.0)
        assert list(sd.grad(squares)(a)) == [9.0, 18.0]
    assert sd.jvp(total, (a, a), (a, a)) == (5.0, 10.0)
    assert list(sd.grad(squares)(a)) == [2.0, 4.0]


def scaled_sum(x, by=1.0):
    return float(np.sum(x)) * by


def test_options_that_a_rule_hands_on_by_stars_are_kept():
    def rule(x, by=None):
        options = {} if by is None else {"by": by}
        y = scaled_sum(x, **options)
        return y, lambda y_bar: (np.full(np.shape(x), y_bar * (1.0 if by is None else by)), None)

    with sd.derivatives({scaled_sum: rule}):
        value, pullback = sd.vjp(lambda x: scaled_sum(x, by=3.0), np.ones(2))
    assert value == 6.0
    assert pullback(1.0).tolist() == [3.0, 3.0]


def first_of(items):
    return items[0] * 2.0


def test_an_unknown_derivative_by_a_list_is_refused():
    def rule(items):
        def pullback(y_bar):
            # A test, so that the rule is called.
            return NotImplemented if y_bar else None

        return items[0] * 2.0, pullback

    with sd.derivatives({first_of: rule}):
        _, pullback = sd.vjp(lambda x: first_of([x, 1.0]), 3.0)
        with pytest.raises(sd.MissingDerivativeError, match="Instead, keep that argument"):
            pullback(1.0)


def test_numbers_that_numpy_gives_without_dimensions_have_cotangents_where_calls_are_found_late():
    low, high = np.float64(1.0), np.float64(2.0)
    rules = {"lower": registry.find(np.fmin).function}

    def late(bar):
        _, pull = rules["lower"](low, high)
        return pull(bar)

    value, pullback = sd.vjp(late, 3.0)
    assert [float(v) for v in value] == [3.0, 0.0]
    assert pullback(tuple(map(np.ones_like, value))) == 1.0


@pytest.mark.parametrize("f", [np.conj, lambda x: np.broadcast_to(x, ())])
def test_what_numpy_makes_of_a_float_is_of_numpys_type(f):
    value, pullback = sd.vjp(lambda x: f(x), 2.0)
    assert type(value) is type(f(2.0))
    assert pullback(np.ones_like(value)) == 1.0
