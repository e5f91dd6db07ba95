"""What cannot be differentiated is refused where execution reaches it, with place and way out."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.refused import (
    MISSING,
    NESTED,
    REFUSED,
    UNSUPPORTED,
    an_element_that_is_written,
    assert_well_said,
    unknown_ufunc,
)

pytestmark = pytest.mark.filterwarnings("ignore:the matrix subclass")


@pytest.mark.parametrize("f", UNSUPPORTED, ids=lambda f: f.__name__)
@pytest.mark.parametrize("x", [1.5, np.float32(1.5)], ids=["float", "float32"])
def test_an_unsupported_construct_is_refused_with_place_reason_and_way_out(f, x):
    with pytest.raises(sd.UnsupportedError) as caught:
        sd.grad(f)(x)
    assert_well_said(str(caught.value), f)


@pytest.mark.parametrize("f", MISSING, ids=lambda f: f.__name__)
def test_a_missing_derivative_is_refused_with_place_reason_and_way_out(f):
    with pytest.raises(sd.MissingDerivativeError) as caught:
        sd.grad(f)(1.5)
    assert_well_said(str(caught.value), f)


@pytest.mark.parametrize("f", NESTED, ids=lambda f: f.__name__)
def test_a_derivative_of_a_derivative_is_refused_with_place_reason_and_way_out(f):
    with pytest.raises(sd.NestedDerivativeError) as caught:
        sd.grad(f)(1.5)
    assert_well_said(str(caught.value), f)


@pytest.mark.parametrize("f", REFUSED, ids=lambda f: f.__name__)
def test_a_branch_that_is_not_taken_refuses_nothing(f):
    assert sd.grad(f)(-1.5) == 2.0
    assert sd.vjp(f, -1.5)[1](1.0) == 2.0


@pytest.mark.parametrize("f", REFUSED, ids=lambda f: f.__name__)
def test_a_refusal_comes_out_of_a_helper_with_the_helpers_place(f):
    def caller(x):
        return f(x) * 3.0

    assert sd.grad(caller)(-1.5) == 6.0
    with pytest.raises((sd.UnsupportedError, sd.MissingDerivativeError)) as caught:
        sd.grad(caller)(1.5)
    assert_well_said(str(caught.value), f)


@pytest.mark.parametrize("f", REFUSED, ids=lambda f: f.__name__)
def test_constants_may_go_where_active_values_may_not(f):
    def caller(x, y):
        return x * float(f(y))

    assert sd.grad(caller)(2.0, 1.5) == pytest.approx(float(f(1.5)))


# ----------------------------------------------------------- arrays that are changed in place


def in_place_sum(a):
    a += 1.0  # here
    return np.sum(a)


def in_place_product_of_a_view(a):
    b = a[1:]
    b *= 2.0  # here
    return np.sum(a)


def element_of_an_argument(a):
    a[0] = 5.0  # here
    return np.sum(a * a)


def element_of_a_computed_array(a):
    b = a * 2.0
    b[0] = 5.0  # here
    return np.sum(b * b)


def sorted_in_place(a):
    b = a * 2.0
    b.sort()  # here
    return b[0]


IN_PLACE = [in_place_sum, in_place_product_of_a_view, element_of_an_argument,
            element_of_a_computed_array, sorted_in_place]


@pytest.mark.parametrize("f", IN_PLACE, ids=lambda f: f.__name__)
def test_an_active_array_that_is_changed_in_place_is_refused_before_it_changes(f):
    a = np.array([3.0, 1.0, 2.0])
    with pytest.raises(sd.UnsupportedError) as caught:
        sd.grad(f)(a)
    assert_well_said(str(caught.value), f)
    np.testing.assert_array_equal(a, [3.0, 1.0, 2.0])


def test_an_augmented_assignment_of_a_number_is_an_addition():
    def f(x):
        total = x
        total += x * x
        total *= 2.0
        return total

    assert sd.grad(f)(3.0) == 2.0 * 7.0
    assert sd.grad(f)(np.float32(3.0)) == 14.0


def test_an_inactive_array_may_be_changed_in_place():
    def f(x):
        weights = np.zeros(3)
        weights[1] = 2.0
        weights += 1.0
        names = []
        names.append("a")
        return np.sum(weights * x) * len(names)

    assert sd.grad(f)(1.0) == 5.0


# ------------------------------------------------------------------ functions as a whole


def generates(x):
    yield x  # here


async def awaits(x):  # here
    return x


@pytest.mark.parametrize("f", [generates, awaits])
def test_generators_and_coroutines_are_refused_with_their_place(f):
    for g in (f, lambda x: f(x)):
        with pytest.raises(sd.UnsupportedError) as caught:
            sd.grad(g)(1.0)
        assert_well_said(str(caught.value), f)


def without_source():
    space = {}
    exec("def made(x):\n    return x * x\n", space)
    return space["made"]


def test_a_function_without_source_is_refused():
    made = without_source()
    with pytest.raises(sd.SourceError, match="made(.|\n)*Instead, "):
        sd.grad(made)(2.0)
    with pytest.raises(sd.SourceError, match="made(.|\n)*Instead, "):
        sd.grad(lambda x: made(x) * 2.0)(2.0)


def test_a_function_without_source_that_is_not_reached_refuses_nothing():
    made = without_source()
    assert sd.grad(lambda x: made(x) if x > 10.0 else x * 2.0)(1.0) == 2.0


def test_a_function_without_source_may_have_a_registered_derivative():
    made = without_source()
    sd.derivative(of=made)(lambda x: (x * x, lambda v: v * 9.0))
    assert sd.grad(lambda x: made(x))(2.0) == 9.0


def test_a_builtin_without_a_rule_is_refused_by_name():
    with pytest.raises(sd.MissingDerivativeError, match="Instead, register one"):
        sd.grad(unknown_ufunc)(1.0)


def test_the_error_classes_have_one_base_and_their_place():
    for cls in (sd.UnsupportedError, sd.MissingDerivativeError, sd.SourceError, sd.AliasingError,
                sd.RuleError, sd.NestedDerivativeError):
        assert issubclass(cls, sd.DifferentiationError)
    assert issubclass(sd.ZeroDerivativeWarning, UserWarning)


def test_a_refusal_in_the_middle_leaves_effects_up_to_there_only():
    seen = []

    def f(x):
        seen.append("before")
        items = [x]
        items.append(x)
        seen.append("after")
        return items[1]

    with pytest.raises(sd.UnsupportedError):
        sd.grad(f)(1.0)
    assert seen == ["before"]


def test_effects_on_the_way_happen_once_and_in_order(capsys):
    def f(x):
        print("one", x)
        y = x * x
        print(f"two {y}")
        return y

    value, pullback = sd.vjp(f, 3.0)
    assert capsys.readouterr().out == "one 3.0\ntwo 9.0\n"
    assert pullback(1.0) == 6.0
    assert capsys.readouterr().out == ""


def test_a_source_that_cannot_be_printed_in_this_version_is_refused():
    with pytest.raises(sd.UnsupportedError, match="Instead, "):
        sd.source(an_element_that_is_written, mode="jvp")
    with pytest.raises(ValueError, match="Instead, "):
        sd.source(an_element_that_is_written, mode="sideways")
