"""Shapes that make an error in the plain call make the same one in the gradient's."""

import numpy as np
import pytest

import s2sdiff as sd


def linear(x, w):
    return np.sum(x * w)


def by_name(x, *, v):
    return np.sum(x * v)


def parts(p, w):
    return np.sum(p["a"] * w)


THREE, FOUR = np.ones(3), np.ones(4)


@pytest.mark.parametrize(("function", "wrt", "args", "kwargs"), [
    (linear, "x", (THREE, FOUR), {}),
    (linear, "x", (THREE,), {"w": FOUR}),
    (linear, "x", (), {"x": THREE, "w": FOUR}),
    (linear, "w", (THREE, FOUR), {}),
    (linear, ("x", "w"), (THREE, FOUR), {}),
    (linear, ("x", "w"), (THREE,), {"w": FOUR}),
    (linear, ("w", "x"), (), {"x": THREE, "w": FOUR}),
    (by_name, "v", (THREE,), {"v": FOUR}),
    (by_name, ("v", "x"), (THREE,), {"v": FOUR}),
], ids=lambda v: getattr(v, "__name__", str(v)))
def test_shapes_that_do_not_go_together_are_an_error(function, wrt, args, kwargs):
    with pytest.raises(ValueError, match="could not be broadcast"):
        function(*args, **kwargs)
    with pytest.raises(ValueError, match="could not be broadcast"):
        sd.grad(function, wrt=wrt)(*args, **kwargs)


@pytest.mark.parametrize(("function", "wrt", "args", "kwargs"), [
    (linear, "x", (THREE, 2 * THREE), {}),
    (linear, "x", (), {"x": THREE, "w": 2 * THREE}),
    (linear, ("x", "w"), (2 * THREE,), {"w": 2 * THREE}),
    (by_name, ("v", "x"), (2 * THREE,), {"v": 2 * THREE}),
], ids=lambda v: getattr(v, "__name__", str(v)))
def test_shapes_that_go_together_give_gradients_of_theirs(function, wrt, args, kwargs):
    found = sd.grad(function, wrt=wrt)(*args, **kwargs)
    for g in found if isinstance(wrt, tuple) else (found,):
        np.testing.assert_array_equal(g, np.full(3, 2.0))


def test_what_is_no_array_has_no_shape_to_compare():
    np.testing.assert_array_equal(sd.grad(parts)({"a": THREE}, 2 * THREE)["a"], np.full(3, 2.0))
    assert sd.grad(linear)(1.0, THREE) == 3.0
    assert sd.grad(linear)(np.float32(1.0), THREE) == 3.0
