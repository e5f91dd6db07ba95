"""What `import s2sdiff` offers: the names, their documentation, their doctests."""

import inspect
from pathlib import Path

import numpy as np
import pytest

import s2sdiff as sd

OPERATORS = [
    "check_grads", "checkpoint", "derivative", "derivatives", "differentiable",
    "differentiable_function", "grad", "source", "stop_gradient", "value_and_grad", "vjp",
    "with_derivative",
]
ERRORS = [
    "AliasingError", "DifferentiationError", "MissingDerivativeError", "NestedDerivativeError",
    "RuleError", "SourceError", "UnsupportedError", "ZeroDerivativeWarning",
]


def test_the_public_names_are_those_of_all():
    assert set(OPERATORS + ERRORS) <= set(sd.__all__)
    for name in sd.__all__:
        assert getattr(sd, name) is not None


@pytest.mark.parametrize("name", OPERATORS)
def test_an_operator_has_a_docstring_with_an_example(name):
    documented = inspect.getdoc(getattr(sd, name))
    assert "Examples\n--------" in documented
    assert ">>> import" in documented


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_class_says_what_it_is_for(name):
    assert getattr(sd, name).__doc__
    assert getattr(sd, name).__module__ == "s2sdiff.errors"


@pytest.mark.parametrize(("name", "parameters"), [
    ("grad", ["f", "wrt", "has_aux"]),
    ("value_and_grad", ["f", "wrt", "has_aux"]),
    ("vjp", ["f", "args", "kwargs"]),
    ("check_grads", ["f", "args", "order", "modes"]),
    ("source", ["f", "mode", "wrt"]),
    ("with_derivative", ["x", "fn"]),
    ("stop_gradient", ["x"]),
    ("checkpoint", ["f"]),
    ("differentiable_function", ["vjp"]),
])
def test_an_operator_has_the_parameters_that_were_promised(name, parameters):
    signature = inspect.signature(getattr(sd, name))
    assert list(signature.parameters)[:len(parameters)] == parameters
    annotated = [p.annotation is not p.empty for p in signature.parameters.values()]
    assert all(annotated)


def test_the_package_is_typed():
    assert (Path(sd.__file__).parent / "py.typed").exists()


@pytest.mark.parametrize("mode", ["vjp", "grad"])
def test_source_is_deterministic_and_runs_as_printed(mode):
    def wave(x: float, w: float):
        y = x * w
        return y + x**2

    text = sd.source(wave, mode=mode, wrt=("x", "w"))
    assert text == sd.source(wave, mode=mode, wrt=("x", "w"))
    space = {}
    exec(text, space)
    made = space[f"wave_{mode}"](3.0, 5.0)
    value, gradient = (None, made) if mode == "grad" else (made[0], made[1](1.0))
    assert gradient == (11.0, 3.0)
    assert value in (None, 24.0)


def test_source_is_for_arguments_like_the_example():
    def wave(x, w):
        return np.sin(x) * w + x**2

    text = sd.source(wave, mode="grad", args=(2.0, 3.0))
    assert "rt." not in text and "# x: float, w: float" in text
    text = sd.source(lambda x, y: np.sum(x * y), "grad", args=(np.ones((2, 1)), np.ones((2, 3))))
    assert ".sum(axis=1, keepdims=True)" in text
    # An example changes nothing about what the function is.
    assert "any" in sd.source(wave, mode="grad")


@pytest.mark.parametrize("args", [[2.0, 3.0], (2.0,), (1.0, 2.0, 3.0), 5.0])
def test_source_says_what_is_wrong_with_an_example(args):
    def wave(x, w):
        return x * w

    with pytest.raises(TypeError, match=r"Instead, write args=\(x,\)|argument"):
        sd.source(wave, args=args)
