"""The law of kinds: they may only remove code, never change a number.

Every function here is compiled with what is known of its arguments and without; value and
gradients agree, and the value is the function's own.
"""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.arguments import arguments_of, signature_names
from s2sdiff.compiler import compile_for
from s2sdiff.dispatch import dispatcher
from s2sdiff.runtime.arrays import match
from s2sdiff.runtime.values import is_differentiable
from s2sdiff.transforms.context import Request
from tests.kinds_cases import CASES, X, Y


def wrt_of(f, args):
    positional, star, _, _ = signature_names(f)
    names = [n for n, a in zip(positional, args) if is_differentiable(a)]
    rest = args[len(positional):]
    return tuple(names + ([star] if star and any(map(is_differentiable, rest)) else []))


def cotangent_of(value, rng):
    if isinstance(value, (tuple, list)):
        return type(value)(cotangent_of(v, rng) for v in value)
    made = rng.normal(size=np.shape(value))
    if np.iscomplexobj(value):
        made = made + 1j * rng.normal(size=np.shape(value))
    return match(np.asarray(made) if np.shape(value) else np.asarray(made)[()], value)


def assert_equal_numbers(a, b, rtol):
    assert isinstance(a, (tuple, list)) == isinstance(b, (tuple, list))
    if isinstance(a, (tuple, list)):
        assert len(a) == len(b)
        for p, q in zip(a, b):
            assert_equal_numbers(p, q, rtol)
    else:
        assert np.shape(a) == np.shape(b)
        np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol)


def tolerance(values):
    leaves = [v for a in values for v in (a if isinstance(a, (tuple, list)) else [a])]
    single = any(getattr(v, "dtype", None) == np.float32 for v in leaves)
    return 1e-6 if single else 1e-12


@pytest.mark.parametrize(("f", "args"), CASES, ids=range(len(CASES)))
def test_kinds_change_no_number(f, args):
    wrt = wrt_of(f, args)
    # Nothing here writes its arguments, so one copy serves both.
    known, known_pullback = dispatcher(f, Request("vjp", wrt))(*args)
    blind, blind_pullback = dispatcher(f, Request("vjp", wrt, kinds=False))(*args)
    rtol = tolerance(args)
    plain = f(*args)
    for value in (known, blind):
        assert_equal_numbers(value, plain, 0.0)
    cotangent = cotangent_of(plain, np.random.default_rng(7))
    positional, star, _, _ = signature_names(f)
    # The public edge casts cotangents to the arguments' types; here that is done for both.
    given = [x for x, n in zip(args, positional) if n in wrt] + ([args] if star in wrt else [])
    one, other = known_pullback(cotangent), blind_pullback(cotangent)
    if len(wrt) == 1:
        one, other = (one,), (other,)
    for a, b, x in zip(one, other, given, strict=True):
        assert_equal_numbers(match(a, x), match(b, x), rtol)


@pytest.mark.parametrize(("f", "args"), CASES, ids=range(len(CASES)))
def test_the_gradients_of_the_cases_agree_with_finite_differences(f, args):
    sd.check_grads(f, args)


def test_kinds_remove_code():
    def f(x, y):
        return np.sin(x) * y + x

    texts = []
    for kinds in (True, False):
        made = compile_for(f, Request("vjp", ("x", "y"), kinds=kinds), arguments_of(f, (X, Y), {}))
        texts.append(made.printed.text)
    assert "unbroadcast" not in texts[0]
    assert len(texts[0]) < len(texts[1])


def test_float_code_has_no_broadcasting_in_it():
    def f(x: float, y: float):
        return x * y + x / y

    assert "unbroadcast" not in sd.source(f, wrt=(0, 1))
    assert "shape" not in sd.source(f, wrt=(0, 1))
