"""What cannot be differentiated is refused where execution reaches it, with place and way out."""

import inspect
import math
import re

import numpy as np
import pytest

import s2sdiff as sd


def call_counts(values):
    yield from values  # here


class Recorder:
    """An object that remembers what it was given."""

    def __init__(self):
        self.last = None


unknown_ufunc = np.frompyfunc(lambda x: x * 2.0, 1, 1)

# Each function raises at the line that ends in "# here", if x > 0, on an active path.


def a_list_that_grows(x):
    items = []
    if x > 0:
        items.append(x)  # here
        return items[0] * 2.0
    return x * 2.0


def an_element_that_is_written(x):
    a = np.zeros(3)
    if x > 0:
        a[1] = x  # here
        return np.sum(a)
    return x * 2.0


def a_list_element_that_is_written(x):
    a = [0.0, 1.0]
    if x > 0:
        a[0] = x  # here
        return a[0] * 2.0
    return x * 2.0


def an_attribute_that_is_written(x):
    box = Recorder()
    if x > 0:
        box.last = x  # here
        return box.last * 2.0
    return x * 2.0


def a_dict_that_is_written(x):
    table = {}
    if x > 0:
        table["x"] = x  # here
        return table["x"] * 2.0
    return x * 2.0


def a_list_comprehension(x):
    if x > 0:
        return sum([x * k for k in range(3)])  # here
    return x * 2.0


def a_generator_expression(x):
    if x > 0:
        return sum(x * k for k in range(3))  # here
    return x * 2.0


def a_dict_comprehension(x):
    if x > 0:
        table = {k: x * k for k in range(3)}  # here
        return table[2]
    return x * 2.0


def a_nested_function_that_captures(x):
    if x > 0:
        def inner(y):  # here
            return y * x
        return inner(2.0)
    return x * 2.0


def an_iterator_that_is_not_known(x):
    total = x * 2.0
    if x > 0:
        for item in map(math.sin, [x, x]):  # here
            total = total + item
    return total


def a_generator_that_is_run_over(x):
    total = x * 2.0
    if x > 0:
        for item in call_counts((x, x)):
            total = total + item
    return total


def a_ufunc_without_a_rule(x):
    if x > 0:
        return unknown_ufunc(x)  # here
    return x * 2.0


def a_keyword_that_the_rule_does_not_know(x):
    if x > 0:
        return np.sum(np.sin(np.ones(2) * x, casting="same_kind", subok=False))  # here
    return x * 2.0


def an_output_argument(x):
    a = np.zeros(2)
    if x > 0:
        np.multiply(np.ones(2), x, out=a)  # here
        return np.sum(a)
    return x * 2.0


def a_constructor(x):
    if x > 0:
        return complex(np.poly1d([x, 1.0])(2.0)).real  # here
    return x * 2.0


UNSUPPORTED = [
    a_list_that_grows, an_element_that_is_written, a_list_element_that_is_written,
    an_attribute_that_is_written, a_dict_that_is_written, a_list_comprehension,
    a_generator_expression, a_dict_comprehension, a_nested_function_that_captures,
    an_iterator_that_is_not_known, a_generator_that_is_run_over, an_output_argument, a_constructor,
]
MISSING = [a_ufunc_without_a_rule, a_keyword_that_the_rule_does_not_know]


def place_of(function):
    """Line number and text of the line that says "here"."""
    function = call_counts if function is a_generator_that_is_run_over else function
    lines, first = inspect.getsourcelines(function)
    (at,) = [k for k, line in enumerate(lines) if line.rstrip().endswith("# here")]
    return first + at, lines[at].strip()


def assert_well_said(message, function):
    """`file:line:column`, the source line, a caret under it, and "Instead, …" at the end."""
    line, text = place_of(function)
    assert message.count("\n") >= 3, message
    head, shown, caret, *rest = message.splitlines()
    found = re.match(r"(.+):(\d+):(\d+)( in \S+)?$", head)
    assert found, message
    assert found[1] == inspect.getsourcefile(function)
    assert int(found[2]) == line
    assert shown == f"    {text}"
    assert re.fullmatch(r" {4} *\^", caret), message
    assert len(caret) <= len(shown)
    assert re.search(r"\bInstead, [^\n]+\.$", "\n".join(rest)), message


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


@pytest.mark.parametrize("f", UNSUPPORTED + MISSING, ids=lambda f: f.__name__)
def test_a_branch_that_is_not_taken_refuses_nothing(f):
    assert sd.grad(f)(-1.5) == 2.0
    assert sd.vjp(f, -1.5)[1](1.0) == 2.0


@pytest.mark.parametrize("f", UNSUPPORTED + MISSING, ids=lambda f: f.__name__)
def test_a_refusal_comes_out_of_a_helper_with_the_helpers_place(f):
    def caller(x):
        return f(x) * 3.0

    assert sd.grad(caller)(-1.5) == 6.0
    with pytest.raises((sd.UnsupportedError, sd.MissingDerivativeError)) as caught:
        sd.grad(caller)(1.5)
    assert_well_said(str(caught.value), f)


@pytest.mark.parametrize("f", UNSUPPORTED + MISSING, ids=lambda f: f.__name__)
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
