"""What cannot be differentiated is refused where execution reaches it, with place and way out."""

import re

import numpy as np
import pytest

import s2sdiff as sd
from tests.refused import (
    MISSING,
    NESTED,
    REFUSED,
    TRAVELLING,
    assert_well_said,
    unknown_ufunc,
)

pytestmark = pytest.mark.filterwarnings("ignore:the matrix subclass")


REFUSALS = (sd.UnsupportedError, sd.MissingDerivativeError)


@pytest.mark.parametrize("f", REFUSED, ids=lambda f: f.__name__)
@pytest.mark.parametrize("x", [1.5, np.float32(1.5)], ids=["float", "float32"])
def test_what_is_refused_says_its_place_the_reason_and_a_way_out(f, x):
    for call in (sd.grad(f), lambda x: sd.vjp(f, x)[1](type(x)(1.0))):
        with pytest.raises(REFUSALS) as caught:
            call(x)
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
    with pytest.raises(REFUSALS) as caught:
        sd.grad(caller)(1.5)
    assert_well_said(str(caught.value), f)


@pytest.mark.parametrize("f", REFUSED, ids=lambda f: f.__name__)
def test_constants_may_go_where_active_values_may_not(f):
    def caller(x, y):
        return x * float(f(y))

    expected = float(f(1.5))
    try:
        assert sd.grad(caller)(2.0, 1.5) == pytest.approx(expected)
    except sd.NestedDerivativeError as error:
        # What a derivative is taken of may have captured anything.
        assert f in NESTED
        assert_well_said(str(error), f)


@pytest.mark.parametrize("f", TRAVELLING, ids=lambda f: f.__name__)
def test_what_travels_is_followed_or_refused_in_full(f):
    for call in (f, lambda x: f(x) * 3.0):
        expected = (call(1.5 + 1e-6) - call(1.5 - 1e-6)) / 2e-6
        try:
            assert sd.grad(call)(1.5) == pytest.approx(expected, rel=1e-6)
        except REFUSALS as error:
            assert_well_said(str(error), f)


# --------------------------------------------------------------------------- what is not refused


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
        table = {x: 1.0}
        seen.append("after")
        return sum(table)

    with pytest.raises(sd.UnsupportedError):
        sd.grad(f)(1.0)
    assert seen == ["before"]


@pytest.mark.parametrize("catch", ["except Exception", "except BaseException", "except"])
def test_a_handler_of_all_exceptions_lets_refusals_through(catch, tmp_path):
    path = tmp_path / "swallows.py"
    path.write_text(f"""def f(x):
    y = 1.0
    try:
        table = {{x: 1.0}}
        y = sum(table)
    {catch}:
        y = 0.0
    return y * x
""")
    space = {}
    exec(compile(path.read_text(), str(path), "exec"), space)
    with pytest.raises(sd.UnsupportedError, match=r"key(.|\n)*Instead, "):
        sd.grad(space["f"])(1.0)


@pytest.mark.parametrize("take", [
    sd.grad, lambda f: lambda *args: sd.vjp(f, *args)], ids=["grad", "vjp"])
def test_a_finally_that_raises_after_a_refusal_does_not_hide_it(take):
    def f(x, other):
        try:
            y = other(x)
        finally:
            y = y * 1.0
        return y

    with pytest.raises(sd.MissingDerivativeError) as caught:
        take(f)(0.5, unknown_ufunc)
    assert "y = other(x)" in str(caught.value)
    assert f(0.5, unknown_ufunc) == unknown_ufunc(0.5)


def test_a_refusal_that_is_being_handled_is_not_that_of_the_next_derivative():
    def f(x):
        if x > 0:
            raise KeyError("mine")
        return x

    def g(x):
        return unknown_ufunc(x)

    try:
        sd.grad(g)(0.5)
    except sd.MissingDerivativeError:
        with pytest.raises(KeyError, match="^'mine'$"):
            sd.grad(f)(0.5)
        with pytest.raises(KeyError, match="^'mine'$"):
            sd.vjp(f, 0.5)


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


def square(x):
    return x * x


def test_a_source_in_an_unknown_mode_is_refused():
    with pytest.raises(ValueError, match="Instead, "):
        sd.source(square, mode="sideways")


def calls_what_globals_gives(x):
    return globals()["unknown_ufunc"](x)


def evaluates(x):
    return eval("x * x")


@pytest.mark.parametrize(("f", "reason", "instead"), [
    (calls_what_globals_gives, r"^globals\(\) cannot be .* with return", "to a name first"),
    (evaluates, r"^eval\(\) runs code whose source is not known", "into the function")])
def test_a_statement_that_looks_at_the_frame_and_returns_says_what_looks(f, reason, instead):
    with pytest.raises(sd.UnsupportedError) as caught:
        sd.grad(f)(1.5)
    said = str(caught.value).splitlines()[-1]
    assert re.search(reason, said) and re.search(f"Instead, .*{instead}\\.$", said)
