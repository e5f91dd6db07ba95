"""Containers that a derivative's function changes in their length, forwards."""

import pytest

import s2sdiff as sd


def of_a_dict(a):
    def f(d):
        d["z"] = d["x"] * a
        return d["z"] * d["x"]

    return sd.grad(f)({"x": a})["x"]


def of_a_list(a):
    def f(xs):
        xs.append(xs[0] * a)
        return xs[0] * xs[-1]

    return sd.grad(f)([a, 0.5])[0]


@pytest.mark.parametrize("f", [of_a_dict, of_a_list], ids=lambda f: f.__name__)
def test_what_a_derivative_of_it_lets_grow_has_grown_with_its_tangents(f):
    assert sd.grad(f)(0.7) == pytest.approx(4 * 0.7)
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(4 * 0.7)
