"""Arithmetic with tangents, and values moved along them."""

import dataclasses
import typing

import numpy as np
import pytest

import s2sdiff as sd


@dataclasses.dataclass
class Point:
    x: float
    y: np.ndarray
    tag: str = ""


class Model(typing.NamedTuple):
    w: np.ndarray
    rest: typing.Any


def model(scale=1.0):
    return Model(np.float32(scale) * np.array([1.0, 2.0], np.float32),
                 {"z": np.array([scale * (3 + 4j)]), "n": 7, "p": Point(5.0 * scale, None)})


def vector(scale=1.0):
    return sd.TangentVector(sd.tangent_map(lambda t: t, model(scale)))


def test_tangents_are_vectors_and_keep_structure_and_dtypes():
    one, two = vector(), vector(2.0)
    for found, factor in ((one + two, 3.0), (two - one, 1.0), (-one, -1.0), (one * 3, 3.0),
                          (np.float64(0.5) * one, 0.5), (one / np.float32(2), 0.5),
                          (one + two.value, 3.0), (two.value + one, 3.0), (two.value - one, 1.0),
                          (sum([one, two], sd.TangentVector(None)), 3.0)):
        assert type(found.value) is Model
        assert found.value.w.dtype == np.float32
        np.testing.assert_array_equal(found.value.w, factor * model().w)
        np.testing.assert_array_equal(found.value.rest["z"], factor * model().rest["z"])
        p = found.value.rest["p"]
        assert (type(p), p.x, p.y, found.value.rest["n"]) == (Point, 5.0 * factor, None, None)


def test_the_inner_product_is_the_pairing_and_the_norm_is_euclidean():
    # (3 + 4i)^2 = -7 + 24i, of which the real part counts.
    assert vector() @ vector(2.0) == pytest.approx(2.0 * (1 + 4 - 7 + 25))
    assert vector().norm() == pytest.approx(np.sqrt(1 + 4 + 25 + 25))
    assert vector().map(np.abs).value.rest["z"][0] == 5.0
    assert sd.TangentVector([None, 2.0]) @ [5.0, None] == 0.0


def test_none_in_a_tangent_is_zero():
    found = sd.TangentVector({"a": None, "b": 2.0}) + {"a": [1.0, Point(3.0, None)], "b": None}
    assert found.value == {"a": [1.0, Point(3.0, None, None)], "b": 2.0}


@pytest.mark.parametrize(("wrong", "text"), [
    (lambda v: v * v, "only numbers are factors.*Instead"),
    (lambda v: v * np.ones(2), "only numbers are factors.*Instead"),
    (lambda v: v + [1.0], r"x is a Model of 2, and its tangent is a list of 1.*Instead"),
    (lambda v: v @ Model(np.ones(3), None), r"x\[0\] has shape \(2,\).*Instead"),
    (lambda v: 1j * v, r"has dtype float32, its tangent complex64.*Instead"),
    (lambda v: sd.tangent_map(np.sum, v), r"has shape \(2,\), its tangent \(\).*Instead"),
    (lambda v: sd.tangent_map(3, v), "fn is a int.*Instead")], ids=range(7))
def test_what_is_no_operation_of_vectors_is_said(wrong, text):
    with pytest.raises(TypeError, match=text):
        wrong(vector())


def test_moving_is_differentiated_in_the_value_and_in_the_tangent():
    def f(p, t, rate):
        q = sd.move(p, along={"x": rate * t.x, "y": rate * t.y})
        return q.x**2 * np.sum(q.y**3)

    p, t = Point(1.5, np.array([1.0, -0.5])), Point(0.3, np.array([0.2, 0.7]))
    sd.check_grads(f, (p, t, 0.1))

    # Of the attributes of an object, some may be named.
    def g(p, y):
        q = sd.move(p, along={"y": y})
        return q.x**2 * np.sum(q.y**3)

    sd.check_grads(g, (p, t.y))
    g = sd.grad(lambda t: np.sum(sd.move(p, along=t).y ** 2))(t)
    np.testing.assert_allclose(g.y, 2.0 * (p.y + t.y))
    assert g.x == 0.0
