"""Mistakes in the use of the operators: TypeError or ValueError, saying what to give."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import errors


def weighted(x, weight=2.0):
    return np.sum(x * weight)


def doubled(x):
    return x * 2.0


def pair(x):
    return x, np.ones(3) * x


def table(x):
    return {"a": x, "b": x * 2.0}


GRADIENTS = {
    "an int": (weighted, 3, ["'x' of weighted", "int", "float(...)"]),
    "a bool": (weighted, True, ["'x' of weighted", "bool"]),
    "an integer of NumPy": (weighted, np.int32(3), ["'x' of weighted", "()", "int32", "float("]),
    "an array of integers": (weighted, np.arange(3), ["'x' of weighted", "(3,)", "int64"]),
    "an array of objects": (weighted, np.array([1.0], object), ["'x' of", "(1,)", "object"]),
    "a text": (weighted, "a", ["'x' of weighted", "str"]),
    "a list of integers": (weighted, [1, 2], ["'x' of weighted", "list"]),
    "a dict of integers": (lambda d: d["a"], {"a": 1}, ["'d' of", "dict"]),
    "no argument of a ufunc": (np.sin, 2, ["sin", "int"]),
    "an array as result": (doubled, np.ones((2, 3), np.float32), ["(2, 3)", "float32", "np.sum"]),
    "a complex result": (doubled, 1j, ["()", "complex"]),
    "a pair as result": (pair, 1.0, ["tuple"]),
    "a text as result": (lambda x: str(x), 1.0, ["str"]),
    "an array as result of a ufunc": (np.sin, np.ones(2), ["(2,)", "float64"]),
}


@pytest.mark.filterwarnings("ignore::s2sdiff.ZeroDerivativeWarning")
@pytest.mark.parametrize("name", GRADIENTS)
def test_grad_names_argument_shape_and_dtype(name):
    f, x, words = GRADIENTS[name]
    for operator in (sd.grad, sd.value_and_grad):
        with pytest.raises(TypeError, match=r"Instead, .+\.$") as caught:
            operator(f)(x)
        for word in words:
            assert word in str(caught.value)


@pytest.mark.parametrize("f", [doubled, lambda x: (x, 1, 2), np.sin])
def test_grad_with_aux_needs_a_pair(f):
    with pytest.raises(TypeError, match=r"\(loss, anything\).+Instead, return a pair\.$"):
        sd.grad(f, has_aux=True)(1.0)


COTANGENTS = {
    "another shape": (doubled, np.ones(3), np.ones(2), ["(3,)", "(2,)"]),
    "a number for an array": (doubled, np.ones(3), 1.0, ["(3,)", "()"]),
    "a list for an array": (doubled, np.ones(3), [1.0] * 3, ["(3,)", "list"]),
    "a text": (doubled, np.ones(3), "abc", ["(3,)", "str"]),
    "an object": (doubled, 1.0, object(), ["()", "object"]),
    "complex for real": (doubled, np.ones(3), np.ones(3) * 1j, ["float64", "complex128"]),
    "a number for a tuple": (pair, 1.0, 1.0, ["tuple of 2"]),
    "a shorter tuple": (pair, 1.0, (1.0,), ["tuple of 2"]),
    "another shape inside": (pair, 1.0, (1.0, np.ones(2)), ["(3,)", "(2,)"]),
    "a number for a dict": (table, 1.0, 1.0, ["dict", "'a'", "'b'"]),
    "other keys": (table, 1.0, {"a": 1.0}, ["dict", "'a'", "'b'"]),
}


@pytest.mark.parametrize("name", COTANGENTS)
def test_a_pullback_names_shapes_and_dtypes(name):
    f, x, cotangent, words = COTANGENTS[name]
    _, pullback = sd.vjp(f, x)
    with pytest.raises(TypeError, match=r"Instead, .+\.$") as caught:
        pullback(cotangent)
    for word in words:
        assert word in str(caught.value)


def test_a_pullback_takes_a_cotangent_for_each_key_of_a_dict():
    assert sd.vjp(table, 3.0)[1]({"a": 1.0, "b": 10.0}) == 21.0


SETTINGS = {
    "no such index": lambda: sd.grad(weighted, wrt=5),
    "no such name": lambda: sd.grad(weighted, wrt="z"),
    "no index at all": lambda: sd.grad(weighted, wrt=1.0),
    "twice": lambda: sd.grad(weighted, wrt=(0, "x")),
    "nothing": lambda: sd.grad(weighted, wrt=()),
    "no function": lambda: sd.grad(3.0),
    "no function in vjp": lambda: sd.vjp(3.0, 1.0),
    "an array of objects": lambda: sd.vjp(weighted, np.array([1.0], object)),
    "no such index of a ufunc": lambda: sd.grad(np.hypot, wrt=5)(1.0, 2.0),
    "no such name of a ufunc": lambda: sd.grad(np.hypot, wrt="z")(1.0, 2.0),
    "no index of a ufunc": lambda: sd.grad(np.hypot, wrt=1.5)(1.0, 2.0),
    "no argument": lambda: sd.grad(np.sin)(),
    "no such mode": lambda: sd.source(weighted, mode="sideways"),
    "a number without source": lambda: sd.source(3),
    "no function to mark": lambda: sd.differentiable(3),
    "no such name to mark": lambda: sd.differentiable(weighted, wrt="z"),
    "no derivatives": lambda: sd.derivatives(3).__enter__(),
    "no tuple of arguments": lambda: sd.check_grads(weighted, 3.0),
    "no function to check again": lambda: sd.checkpoint(3),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_that_makes_no_sense_says_what_does(name):
    with pytest.raises((TypeError, ValueError, sd.RuleError), match=r"Instead, .+\.$"):
        SETTINGS[name]()


def test_a_call_that_python_refuses_is_refused_as_python_does():
    for call in (lambda: sd.grad(weighted)(), lambda: sd.grad(weighted)(1.0, 2.0, 3.0),
                 lambda: sd.vjp(weighted, 1.0, colour="red")):
        with pytest.raises(TypeError, match=r"^weighted\(\) (missing|takes|got)"):
            call()


# -------------------------------------------------------------- what a rule of one's own returns


WRONG = {
    "several": lambda v: (v, v, v), "a tuple": lambda v: (v,), "a text": lambda v: "a",
    "a dict": lambda v: {},
    "another shape": lambda v: np.ones(7), "an object": lambda v: object(),
    "no parameter": lambda: 1.0, "two parameters": lambda v, w: v,
}


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("x", [1.5, np.ones(3)], ids=["float", "array"])
def test_a_pullback_that_returns_something_else_is_named(name, x):
    def triple(x):
        return x * 3.0

    sd.derivative(of=triple)(lambda x: (x * 3.0, WRONG[name]))
    with pytest.raises(sd.RuleError, match=r"Instead, .+\.$") as caught:
        sd.grad(lambda x: np.sum(triple(x * x)))(x)
    assert isinstance(caught.value.loc, errors.Loc)


# ------------------------------------------------------------------------------------- text


def test_text_of_active_values_may_be_returned_and_looked_at():
    def f(x):
        text = f"{x}"
        name, number = str(x), x * 2.0
        if text.startswith("1"):
            number = number * len(name)
        return number * {name: 3.0}[name], [text + "!", "%g" % x, ", ".join([name])]

    value, gradient = sd.value_and_grad(f, has_aux=True)(1.5)
    assert value == (1.5 * 2.0 * 3 * 3.0, ["1.5!", "1.5", "1.5"])
    assert gradient == 2.0 * 3 * 3.0


READ_BACK = {
    "str": lambda x: float(str(x)), "repr": lambda x: float(repr(x)),
    "format": lambda x: float(format(x, ".17g")), "%": lambda x: float("%.17g" % x),
    "f-string": lambda x: float(f"{x}"), "str.format": lambda x: float("{}".format(x)),  # noqa: UP032
    "join": lambda x: float("".join([str(x)])), "+": lambda x: float("1" + str(x)),
    "bytes": lambda x: float(bytes(str(x), "ascii")), "strip": lambda x: float(f" {x}".strip()),
    "complex": lambda x: complex(str(x)).real, "given text": lambda x, t="%g": float(t % x),
}


@pytest.mark.parametrize("name", READ_BACK)
def test_a_number_that_is_read_back_from_text_is_refused(name):
    with pytest.raises(sd.UnsupportedError, match=r"text .+ active value.+Instead, "):
        sd.grad(READ_BACK[name])(1.5)


class Foreign:
    """What an array of another library looks like from outside."""

    dtype = "float32"

    def __dlpack__(self):
        raise AssertionError("nobody asks for the numbers")

    def __mul__(self, other):
        return self


def test_an_array_of_another_library_is_not_taken_for_something_without_a_derivative():
    def f(x):
        return x * 2.0

    for call in (lambda: sd.vjp(f, Foreign()), lambda: sd.grad(f)(Foreign())):
        with pytest.raises(TypeError, match=r"an array of tests, .* Instead, pass a NumPy array"):
            call()
