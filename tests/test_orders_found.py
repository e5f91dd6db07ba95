"""Second derivatives that random programs showed to be wrong, or to end in an error of Python's."""

import contextlib
import io
import math

import numpy as np
import pytest

import s2sdiff as sd


def differences(gradient, x, direction):
    h = 1e-6
    return (gradient(x + h * direction) - gradient(x - h * direction)) / (2 * h)


def through_a_closure(x, b):
    second_of = lambda p: max(b.mean(), x * x, 0.4)  # noqa: E731
    return math.tanh(x - second_of(0.25))


def test_a_pullback_that_is_called_with_constants_has_a_derivative():
    # What varies is in the pullback's cells, and not among what it is given.
    b = np.array([[0.87, -0.37], [0.45, -1.5]])
    gradient = sd.grad(through_a_closure)
    found = sd.grad(gradient)(-0.9, b)
    assert found == pytest.approx(differences(lambda x: gradient(x, b), -0.9, 1.0), rel=1e-6)
    forward = sd.jvp(sd.grad(lambda x, n: x**n), (2.0, 3.0), (1.0, 0.0))[1]
    assert forward == pytest.approx(12.0, rel=1e-12)


def scaled_in_place(a):
    a *= 0.25
    a[1] = a[0] * a[2]
    return np.sum(a * a)


X, D = np.array([0.8, 0.6, 1.5]), np.array([1.0, -2.0, 0.5])


def test_a_direction_stays_as_it_is_where_forward_mode_is_differentiated():
    direction = D.copy()

    def along(a):
        return sd.jvp(scaled_in_place, (a,), (direction,))[1]

    gradient = sd.grad(scaled_in_place)
    expected = differences(lambda x: gradient(x.copy()), X, D)
    for _ in range(2):
        np.testing.assert_allclose(sd.grad(along)(X.copy()), expected, rtol=1e-6)
        np.testing.assert_array_equal(direction, D)


def test_what_inner_helpers_write_is_not_forgotten():
    # Shadows of arrays are added to in a function of the helper that generated code calls.
    value, differential = sd.linearize(scaled_in_place, X.copy())
    slope = (scaled_in_place(X + 1e-6 * D) - scaled_in_place(X - 1e-6 * D)) / 2e-6
    assert value == scaled_in_place(X.copy())
    assert differential(D) == pytest.approx(slope, rel=1e-7)
    assert differential(2 * D) == pytest.approx(2 * slope, rel=1e-7)

    gradient = sd.grad(scaled_in_place)
    _, pullback = sd.vjp(gradient, X.copy())
    expected = differences(lambda x: gradient(x.copy()), X, D)
    np.testing.assert_allclose(pullback(D), expected, rtol=1e-6)
    np.testing.assert_allclose(pullback(D), expected, rtol=1e-6)


def written_after_it_is_read(a):
    a[2] *= a.dot(a)
    b = np.exp(0.1 * a).dot(np.eye(3)) * a
    c = np.tanh(a)
    c[1] *= b[0]
    b[2] = c[1]
    a[0] = np.sum(a * b)
    return np.sum(a * a)


def test_what_a_rule_was_given_may_be_written_before_its_pullback_is_differentiated():
    gradient = sd.grad(written_after_it_is_read)
    _, pullback = sd.vjp(gradient, X.copy())
    expected = differences(lambda x: gradient(x.copy()), X, D)
    np.testing.assert_allclose(pullback(D), expected, rtol=1e-6)


def product_of(*values):
    total = 1.0
    for v in values:
        total = total * v * v
    return total


def of_stars(x, y):
    return math.sin(product_of(x, y, x))


def by_name(x, y):
    return [lambda a, power: a**power * y, None][0](x, power=3.0)


def of_text(x, mode):
    given = (x * x, mode)
    return given[0] * x if given[1] == "cube" else given[0]


def of_choices(x, y):
    items = [x * x * x, y]
    for _ in range(2):
        items[0] = items[0] * pow(x, 3) * 0.1
    return sum(items) * min(x, y) + max(x * x, y, 0.4)


@pytest.mark.parametrize("function, rest", [
    (of_stars, (0.7,)), (by_name, (0.7,)), (of_text, ("cube",)), (of_choices, (0.9,))])
def test_second_derivatives_where_callees_are_found_when_the_code_runs(function, rest):
    gradient = sd.grad(function)
    expected = differences(lambda x: gradient(x, *rest), 1.1, 1.0)
    still = (None,) * len(rest)
    ways = {
        "rr": lambda: sd.grad(gradient)(1.1, *rest),
        "fr": lambda: sd.jvp(gradient, (1.1, *rest), (1.0, *still))[1],
        "rf": lambda: sd.grad(lambda x: sd.jvp(function, (x, *rest), (1.0, *still))[1])(1.1),
        "ff": lambda: sd.jvp(lambda x: sd.jvp(function, (x, *rest), (1.0, *still))[1],
                             (1.1,), (1.0,))[1],
    }
    if function is by_name:
        del ways["rf"]  # it goes through all that calls by place may run, for half a minute
    right = set()
    for name, way in ways.items():
        try:
            assert way() == pytest.approx(expected, rel=1e-6), name
            right.add(name)
        except sd.DifferentiationError as error:
            assert "Instead, " in str(error)
    assert "rr" in right


class Gate:
    def __init__(self):
        self.k = 0.5


def of_nothing(x, y):
    with contextlib.redirect_stdout(io.StringIO()):
        gate = Gate()
        gate.k = gate.k * x
        print(x)
    return gate.k * x * y


def test_the_second_derivative_through_calls_without_arguments_is_right_or_refused():
    gradient = sd.grad(of_nothing)
    assert gradient(1.1, 0.7) == pytest.approx(0.5 * 0.7 * 2 * 1.1)
    try:
        assert sd.grad(gradient)(1.1, 0.7) == pytest.approx(0.7)
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)


def remembered(p):
    h = np.zeros(2)
    for x in (0.5, -1.0):
        first, second = np.split(p.reshape(4, 3) @ np.concatenate([h, [x]]), 2)
        h = np.tanh(first) * second
    return h.sum()


def test_a_list_of_constants_beside_an_active_array_may_have_no_cotangent():
    p = np.sin(np.arange(12.0))
    along, step = np.cos(np.arange(12.0)), 1e-5
    gradient = sd.grad(remembered)
    slope = (gradient(p + step * along) - gradient(p - step * along)) / (2 * step)
    again = sd.grad(lambda q: np.sum(gradient(q) * along))(p)
    np.testing.assert_allclose(again, slope, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(sd.hvp(remembered, (p,), (along,)), slope, rtol=1e-6, atol=1e-8)
