"""Functions in displays, in defaults and in `partial` objects are called by what they are."""

import functools
import math

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check


def scale(k, x, by=1.0, *, up=0.0):
    return k * x * by + up


class Layer:
    def __init__(self, w, act=math.tanh):
        self.w = w
        self.act = act

    def __call__(self, x):
        return self.act(self.w * x)


def of_a_list(x):
    functions = [math.sin, math.cos]
    return functions[0](x) * functions[1](x * x)


def of_a_tuple_in_turn(x):
    for function in (math.sin, scale_by_two, math.exp):
        x = function(x)
    return x


def scale_by_two(x):
    return 2.0 * x


def of_a_dict(x):
    table = {"s": math.sin, "c": scale_by_two}
    return table["s"](x) * table["c"](x)


def with_names(x):
    total = 0.0
    for name, function in {"s": math.sin, "t": math.tan}.items():
        total += function(x) * len(name)
    return total


def put_anew(x):
    functions = [math.sin, math.cos]
    functions[0] = math.exp
    return functions[0](x) * functions[1](x)


def of_a_default(x):
    layer = Layer(x)
    return sum(layer(v) for v in [0.1, 0.2, 0.3])


def of_another(x):
    return Layer(x, math.sin)(0.3) + Layer(w=x, act=scale_by_two)(0.7)


def partly(x):
    scaled = functools.partial(scale, x)
    return scaled(2.0) * scaled(x, by=x)


def partly_by_keyword(x):
    scaled = functools.partial(scale, by=x, up=1.0)
    return scaled(2.0, x) * scaled(x, 3.0, up=x) + scaled(x, x, by=2.0)


def part_of_a_part(x):
    scaled = functools.partial(functools.partial(scale, x), 3.0)
    return scaled() * scaled(up=x)


def made_in_each_round(x):
    total, k = 0.0, x
    for i in range(3):
        scaled = functools.partial(scale, k)
        k = k * 1.5 + i
        total += scaled(x)
    return total + scaled(2.0) * k


def made_on_one_way(x):
    scaled = functools.partial(scale, x)
    if x > 0.5:
        scaled = functools.partial(scale, x * x)
    return scaled(3.0)


def handed_on(x):
    scaled = functools.partial(scale, x)
    return sum(map(scaled, [1.0, x])) + scaled(2.0)


def of_an_array_that_is_written(x):
    a = np.array([x, 2.0])
    product = functools.partial(np.dot, a)
    first = product(np.array([1.0, x]))
    a[1] = x * x
    return first + product(np.array([x, 1.0]))


CASES = [of_a_list, of_a_tuple_in_turn, of_a_dict, with_names, put_anew, of_a_default, of_another,
         partly, partly_by_keyword, part_of_a_part, made_in_each_round, made_on_one_way, handed_on,
         of_an_array_that_is_written]


@pytest.mark.parametrize("f", CASES, ids=lambda f: f.__name__)
def test_they_agree_with_differences(f):
    check(f)
    slope = (f(0.7 + 1e-6) - f(0.7 - 1e-6)) / 2e-6
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(slope, rel=1e-6)


@pytest.mark.parametrize("f", [of_a_list, of_a_tuple_in_turn, of_a_dict, with_names, of_a_default,
                               partly, partly_by_keyword], ids=lambda f: f.__name__)
def test_what_is_called_is_known(f):
    assert "rt." not in sd.source(f, mode="grad", args=(0.7,))


def test_another_default_is_noticed():
    def loss(w):
        return Layer(w)(0.5)

    before = Layer.__init__.__defaults__
    assert sd.grad(loss)(0.7) == pytest.approx(0.5 / math.cosh(0.35) ** 2)
    Layer.__init__.__defaults__ = (math.sin,)
    try:
        assert sd.grad(loss)(0.7) == pytest.approx(0.5 * math.cos(0.35))
    finally:
        Layer.__init__.__defaults__ = before


def test_a_partial_of_too_many_arguments_raises_as_it_does():
    def f(x):
        scaled = functools.partial(scale, x)
        return scaled(1.0, 2.0, 3.0)

    with pytest.raises(TypeError, match="takes from 2 to 3 positional arguments"):
        sd.grad(f)(0.7)


def test_a_method_or_helper_that_is_given_other_code_is_noticed():
    class Scaled:
        def __init__(self, w):
            self.w = w

        def of(self, x):
            return self.w * x

    def helper(x):
        return [x for _ in range(1)][0]

    def doubled(x):
        total = 0.0
        for _ in range(2):
            total = total + helper(x)
        return total

    def loss(w):
        return np.sum(Scaled(w).of(3.0) * doubled(w))

    def squared(self, x):
        return self.w * self.w * x

    def array(x):
        return [np.array([x, x * x]) for _ in range(1)][0]

    assert sd.grad(loss)(2.0) == pytest.approx(24.0)
    Scaled.of.__code__ = squared.__code__
    # 6 w^3
    assert sd.grad(loss)(2.0) == pytest.approx(72.0)
    helper.__code__ = array.__code__
    # 6 (w^3 + w^4)
    assert sd.grad(loss)(2.0) == pytest.approx(6.0 * (3 * 4.0 + 4 * 8.0))
