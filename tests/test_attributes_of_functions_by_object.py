"""Attributes of functions: `object.__setattr__` of them, and reads."""

import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes


def test_an_active_attribute_of_a_function_is_refused():
    def f(x, y):
        def scaled(t):
            return scaled.scale * t

        object.__setattr__(scaled, "scale", x * y)
        return scaled(2.0) * x

    with pytest.raises(sd.UnsupportedError, match="of a function.*Instead, "):
        sd.grad(f)(1.3, 0.7)
    # Forward mode keeps its tangent by place, and whoever reads it there finds it.
    assert sd.jvp(f, (1.3, 0.7), (1.0, 0.0))[1] == pytest.approx(4.0 * 1.3 * 0.7)


def registered(**meta):
    def noted(fn):
        fn.meta, fn.scale, fn.log = meta, 2.0, []
        return fn

    return noted


@registered(order=2, k=1.5)
def rate(x, a):
    return a * x * x


RATES = {"rate": rate}


def described(x):
    return rate(x, 3.0) * rate.meta["order"] + rate.meta["k"] * x


def found_in_a_table(x):
    total = 0.0
    for fn in RATES.values():
        fn.log.append(x * x)
        total += fn(x, x) * fn.meta["k"] * fn.scale + fn.log[-1]
    return total


@pytest.mark.parametrize("f", (described, found_in_a_table))
def test_what_a_function_has_as_attributes_is_read_in_both_modes(f):
    check_both_modes(f)
