"""Operators and methods that write, in objects whose class the compiler does not see: refused."""

import pytest

import s2sdiff as sd


class Doubling:
    """Its operators and its mean write, which nobody sees who does not know the class."""

    def __init__(self, x):
        self.x = x

    def __add__(self, other):
        self.x = self.x * 2
        return self.x

    def mean(self):
        self.x = self.x * 2
        return self.x

    def __lt__(self, other):
        self.x = self.x * 3
        return self.x < other.x


def operator_of_an_element(x):
    held = [Doubling(x)]
    return (held[0] + 1.0) * (held[0] + 1.0)


def operator_of_a_value_in_a_dict(x):
    held = {"a": Doubling(x)}
    return (held["a"] + 1.0) * (held["a"] + 1.0)


def mean_of_an_element(x):
    held = [Doubling(x)]
    return held[0].mean() * held[0].mean()


def order_of_elements(x):
    held = [Doubling(x), Doubling(2.0 * x)]
    held.sort()
    return min(held).x * held[0].x


@pytest.mark.parametrize("f", [mean_of_an_element, order_of_elements])
def test_what_writes_and_is_not_seen_to_is_refused(f):
    for call in (sd.grad(f), lambda x: sd.vjp(f, x)):
        with pytest.raises(sd.UnsupportedError, match=r"Doubling\.\w+ writes.*Instead, give"):
            call(0.61)


@pytest.mark.parametrize("f", [operator_of_an_element, operator_of_a_value_in_a_dict])
def test_an_operator_of_a_class_that_was_met_is_differentiated(f):
    slope = (f(0.61 + 1e-6) - f(0.61 - 1e-6)) / 2e-6
    assert sd.grad(f)(0.61) == pytest.approx(slope, rel=1e-6)


def known(d):
    return (d + 1.0) * d.mean()


def test_of_an_argument_it_is_seen():
    slope = (known(Doubling(0.61 + 1e-6)) - known(Doubling(0.61 - 1e-6))) / 2e-6
    assert sd.grad(known)(Doubling(0.61)).x == pytest.approx(slope, rel=1e-6)
