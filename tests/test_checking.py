"""`check_grads` passes right derivatives, and says of wrong ones where they are wrong."""

import math

import numpy as np
import pytest

import s2sdiff as sd

MATRIX = np.linspace(-1.3, 1.7, 20).reshape(4, 5)


def unpacked_product(pair):
    a, b = pair
    return a * b


RIGHT = {
    "a product of matrices": (lambda a: np.sin(a) @ a.T, (MATRIX,)),
    "a tuple with a list": (lambda a, b: (np.sum(a * b), a * 2.0, [b, 3]), (MATRIX, 2.0)),
    "single precision": (lambda a, n: np.exp(a) * n, (MATRIX.astype(np.float32), 3)),
    "a NumPy scalar": (lambda a: np.exp(a), (np.float32(1.3),)),
    "a complex array": (lambda a: np.exp(a) * a, (MATRIX + 1j * MATRIX[::-1],)),
    "a complex number": (lambda a: a * a, (2 + 1j,)),
    "a real function of complex numbers": (lambda a: np.abs(a), (MATRIX[:2] + 1j,)),
    "an array that is not contiguous": (lambda a: np.sum(a * a), (MATRIX.T[:, ::2],)),
    "an empty array": (lambda a: a * 3.0, (np.zeros((0, 3)),)),
    "a point near the edge of the domain": (math.log, (1e-3,)),
    "a tuple as argument": (unpacked_product, ((MATRIX, 2.0),)),
    "a result that does not depend on an argument": (lambda a, b: a * 2.0, (1.5, 2.5)),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_derivative_passes(name):
    f, args = RIGHT[name]
    assert sd.check_grads(f, args) is None


def square(x):
    return x * x


def complaint(rule, args):
    with sd.derivatives({square: rule}), pytest.raises(AssertionError) as caught:
        sd.check_grads(square, args)
    return str(caught.value)


def test_the_worst_entry_is_named():
    def rule(x):
        def pullback(y_bar):
            x_bar = 2 * x * y_bar
            x_bar[1, 2] += 1e-3
            x_bar[3, 4] += 1e-2
            return x_bar

        return x * x, pullback

    message = complaint(rule, (MATRIX,))
    assert message.startswith("check_grads(square): argument 0[3, 4]: the pullback gives ")
    assert "2 that disagree" in message


def test_a_conjugate_in_the_wrong_place_is_found():
    message = complaint(lambda x: (x * x, lambda b: b * 2 * np.conj(x)), (MATRIX[0] + 1j,))
    assert "argument 0[" in message


def test_an_error_in_the_second_of_two_arguments_is_found_there():
    def scale(x, y):
        return x * y

    with sd.derivatives({scale: lambda x, y: (x * y, lambda b: (b * y, b * x * 1.001))}):
        with pytest.raises(AssertionError, match=r"argument 1: the pullback gives"):
            sd.check_grads(scale, (3.0, 2.0))


def test_a_pullback_that_is_not_linear_is_found():
    # At the cotangent that is tried the slope is right; it is not in proportion to it.
    def rule(x):
        seen = []

        def pullback(y_bar):
            seen.append(y_bar)
            return 2 * x * seen[0]

        return x * x, pullback

    assert "for twice the value's" in complaint(rule, (2.0,))


def test_a_pullback_that_changes_on_the_second_call_is_found():
    def rule(x):
        calls = []

        def pullback(y_bar):
            calls.append(None)
            return 2 * x * y_bar * len(calls)

        return x * x, pullback

    assert "second call" in complaint(rule, (2.0,))


def test_a_value_that_is_not_that_of_the_function_is_found():
    assert "the value is 4.4" in complaint(lambda x: (1.1 * x * x, lambda b: b * 2 * x), (2.0,))


def test_an_argument_that_is_left_out_is_found():
    assert "the pullback gives 0," in complaint(lambda x: (x * x, lambda b: None), (2.0,))


def test_single_precision_is_judged_by_its_own_rounding():
    off = np.float32([1, 1.01])
    message = complaint(lambda x: (x * x, lambda b: b * 2 * x * off), (np.float32([0.3, 0.7]),))
    assert "argument 0[1]: " in message


def test_a_slope_where_there_is_none_is_an_error():
    assert "finite differences 0" in complaint(lambda x: (x * x, lambda b: b), (0.0,))


def test_both_modes_and_higher_orders_are_checked_where_they_are_asked_for():
    for asked in ({}, {"modes": ("rev", "fwd")}, {"modes": "fwd"}, {"order": 2},
                  {"order": 2, "modes": "rev"}, {"order": 3, "modes": "rev"}):
        sd.check_grads(lambda x, y: np.sin(x) * y**3, (np.array([0.3, 2.0]), 1.5), **asked)


def test_a_tangent_that_is_wrong_is_found_without_asking_for_it():
    def scaled(x):
        return 3.0 * x

    sd.derivative(of=scaled)(lambda x: (3.0 * x, lambda y_bar: 3.0 * y_bar))
    sd.derivative(of=scaled, mode="jvp")(lambda x: (3.0 * x, lambda x_dot: 2.0 * x_dot))
    with pytest.raises(AssertionError, match="along a random direction the tangent gives"):
        sd.check_grads(lambda x: scaled(x) + x, (1.5,))
    sd.check_grads(lambda x: scaled(x) + x, (1.5,), modes="rev")


def test_what_forward_mode_refuses_is_refused_with_the_way_to_leave_it_out():
    def total(x):
        return sd.with_derivative(2.0 * x, lambda y_bar: y_bar)

    with pytest.raises(sd.DifferentiationError) as caught:
        sd.check_grads(total, (1.5,))
    message = str(caught.value)
    assert "test_checking.py" in message and "with_derivative(2.0 * x" in message and "^" in message
    assert "reverse mode is right, forward mode is refused" in message
    assert message.endswith("or pass modes=('rev',), which checks reverse mode alone.")
    assert "Instead, " in message
    sd.check_grads(total, (1.5,), modes="rev")


def test_a_wrong_second_derivative_is_found():
    def cube(x):
        return x * x * x

    @sd.derivative(of=cube)
    def of_cube(x):
        slope = sd.stop_gradient(3.0 * x * x)  # right once, and constant to the next derivative
        return x * x * x, lambda y_bar: y_bar * slope

    sd.check_grads(lambda x: cube(x) + x, (1.5,))
    with pytest.raises(AssertionError, match="of <lambda>.*finite differences"):
        sd.check_grads(lambda x: cube(x) + x, (1.5,), order=2)


def test_nonsense_is_an_error_that_says_what_to_pass():
    with pytest.raises(TypeError, match="Instead, pass the tuple"):
        sd.check_grads(square, 2.0)
    with pytest.raises(ValueError, match="Instead, pass order=1"):
        sd.check_grads(square, (2.0,), order=0)
    with pytest.raises(ValueError, match="Instead, say"):
        sd.check_grads(square, (2.0,), modes=("backward",))
