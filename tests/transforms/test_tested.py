"""What a rule asks of its arguments' types is decided once for numbers of such types."""

import operator

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import ir, registry
from s2sdiff.kinds import kind_of, scalar
from s2sdiff.transforms.template import of_types, template_of

A = np.array([0.5, 1.0, 2.0])


def product(x, s):
    return x * s


def asking(x, s):
    if isinstance(x, tuple) or (isinstance(s, list) and isinstance(x, float)):
        return 0.0, lambda y_bar: (y_bar, y_bar)
    single = isinstance(s, float)
    if isinstance(x, np.ndarray) and single:
        result = np.multiply(x, s), lambda y_bar: (y_bar * s, np.sum(y_bar * x))
    else:
        result = x * s, lambda y_bar: (y_bar * s, y_bar * x if single else y_bar * x)
    return result


def remembering(x, s):
    def pullback(y_bar):
        return y_bar * s, np.sum(y_bar * x) if spread else y_bar * x

    spread = isinstance(x, np.ndarray)
    return x * s, pullback


def binding_anew(x, s):
    x = np.asarray(x)
    if isinstance(x, float):
        return x * s, lambda y_bar: (0.0 * y_bar, 0.0 * y_bar)
    return x * s, lambda y_bar: (y_bar * s, np.sum(y_bar * x))


@pytest.mark.parametrize("rule", [asking, remembering, binding_anew])
def test_a_rule_that_asks_for_types_is_right_for_each_of_them_in_turn(rule):
    def f(x, s):
        return np.sum(product(x, s) * 3.0)

    with sd.derivatives({product: rule}):
        for x in (1.5, A, 1.5, np.float64(1.5), A[:1], np.float32(1.5), A):
            x_bar, s_bar = sd.grad(f, wrt=("x", "s"))(x, 0.7)
            assert np.shape(x_bar) == np.shape(x)
            np.testing.assert_allclose(x_bar, np.full(np.shape(x), 2.1), rtol=1e-6)
            np.testing.assert_allclose(s_bar, 3.0 * np.sum(x), rtol=1e-6)


def asked_of(body):
    return [s for s in ir.walk(body) if isinstance(s, ir.If)
            or (isinstance(s, ir.Bind) and s.calls(isinstance))]


def test_the_rule_of_a_product_of_numbers_asks_nothing_and_that_of_others_all_that_it_asked():
    rule = registry.find(operator.mul)
    assert rule is not None
    template = template_of(rule.function)
    assert template is not None and template.tested == ("x", "y")
    for x in (1.5, A, np.float64(1.5), 1.5 + 2.0j):
        body = of_types(template, {"x": kind_of(x), "y": kind_of(0.7)})
        assert asked_of(template.body) and not asked_of(body)
        assert isinstance(body[-1], ir.Exit) and body[-1] is template.body[-1]


def test_what_stands_behind_a_test_that_is_open_stays_as_it_was():
    template = template_of(asking)
    assert template is not None and template.tested == ("x", "s")
    body = of_types(template, {"x": scalar(None), "s": kind_of(0.7)})
    opened = template.body.index(next(s for s in template.body if isinstance(s, ir.Bind)
                                      and s.args[1:] == (ir.Ref(np.ndarray),)))
    assert body[-len(template.body[opened:]):] == template.body[opened:]


def test_what_is_bound_to_something_else_is_not_taken_for_what_was_given():
    template = template_of(binding_anew)
    assert template is not None and template.tested == ()
