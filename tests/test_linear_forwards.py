"""Linear functions in forward mode: called again with the tangents, and right by differences."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import arguments, compiler
from s2sdiff.transforms.context import Request

X = np.array([0.7, -0.4, 1.3])
Y = np.array([0.3, 0.1, -0.2, 0.9])

CALLS = {
    "concatenate": lambda x: np.concatenate(([0.0], x, x * x, [1.0, 2.0])),
    "concatenate along": lambda x: np.concatenate((np.outer(x, x), np.ones((3, 1))), axis=1),
    "stack": lambda x: np.stack([x, X, x * x], axis=-1),
    "vstack": lambda x: np.vstack((x, [1.0, 2.0, 3.0])),
    "hstack": lambda x: np.hstack((x, 1.0, x[0], [2.0])),
    "column_stack": lambda x: np.column_stack((x, X)),
    "dstack": lambda x: np.dstack((x, x * X)),
    "append": lambda x: np.append(x, x[0] * 2.0),
    "append a number": lambda x: np.append(x, 5.0),
    "insert": lambda x: np.insert(x, 1, x[0] * x[1]),
    "insert a number": lambda x: np.insert(x, [0, 2], 4.0),
    "insert into a constant": lambda x: np.insert(X, 0, x[2]),
    "delete": lambda x: np.delete(x, 1),
    "tile": lambda x: np.tile(x, (2, 2)),
    "repeat": lambda x: np.repeat(x, [1, 2, 0]),
    "pad": lambda x: np.pad(x, 1),
    "pad otherwise": lambda x: np.pad(x, (2, 1), mode="reflect"),
    "pad with a number": lambda x: np.pad(x, 1, constant_values=3.0),
    "pad with what there is": lambda x: np.pad(x, 1, mode="maximum"),
    "diff": lambda x: np.diff(x, prepend=0.5),
    "diff of both": lambda x: np.diff(x, append=x[0]),
    "ediff1d": lambda x: np.ediff1d(x, to_end=9.0),
    "trapezoid": lambda x: np.trapezoid(x, dx=0.1),
    "trapezoid over constants": lambda x: np.trapezoid(x * x, Y[:3]),
    "trapezoid over what moves": lambda x: np.trapezoid(x * x, x),
    "gradient": lambda x: np.gradient(x, 0.5),
    "meshgrid": lambda x: np.meshgrid(x, Y)[0],
    "linspace": lambda x: np.linspace(0.0, x[0], 5),
    "linspace of both": lambda x: np.linspace(x[1], x[0], 4, endpoint=False),
    "average": lambda x: np.average(x, weights=[1.0, 2.0, 3.0]),
    "average by what moves": lambda x: np.average(X, weights=x * x),
    "take": lambda x: np.take(x, [2, 0, 2]),
    "take_along_axis": lambda x: np.take_along_axis(x, np.array([2, 1, 1]), 0),
    "tril": lambda x: np.tril(np.outer(x, x), 1),
    "trace": lambda x: np.trace(np.outer(x, x)),
    "interp": lambda x: np.interp(0.5, [0.0, 1.0, 2.0], x),
    "interp beyond": lambda x: np.interp(9.0, [0.0, 1.0, 2.0], x, right=7.0),
    "interp between what moves": lambda x: np.interp(0.5, [0.0, 1.0, 2.0] * x * x, X),
    "polyval": lambda x: np.polyval(x, 2.0),
    "select": lambda x: np.select([X < 0, X > 1], [x * x, 2.0 * x], default=5.0),
    "full": lambda x: np.full((2, 2), x[0] * x[1]),
    "rfft": lambda x: np.abs(np.fft.rfft(x)),
    "convolve": lambda x: np.convolve(x, [1.0, 2.0], mode="same"),
    "convolve of both": lambda x: np.convolve(x, x * x),
    "cross": lambda x: np.cross(x, x * x),
    "polymul": lambda x: np.polymul(x, x * X),
    "reduceat": lambda x: np.add.reduceat(x, [0, 1]),
    "of lists": lambda x: np.dot([1.0, 2.0, 3.0], x) + np.sum(np.outer([1.0, 2.0], x)),
    "operators with lists": lambda x: (x * [1.0, 2.0, 3.0] + (0.5, 1, 2)) / [2.0, 4, 8] - [1, 2, 3],
    "ufuncs with lists": lambda x: np.maximum(x, [0.0, 0.0, 9.0]) + np.add([1, 2, 3], x),
    "rows of lists": lambda x: np.matmul([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], x),
}
#: Those of which text cannot tell, or not of what they give.
UNTOLD = {"pad with a number", "pad with what there is",
          "trapezoid over what moves",
          "interp beyond", "interp between what moves", "average by what moves",
          "polymul"}  # which drops a tangent's zeros in front


@pytest.mark.parametrize("name", CALLS)
def test_both_modes_are_right(name):
    call = CALLS[name]

    def f(x):
        z = call(x)
        return np.sum(z * z * z)

    at, step = X.copy(), 1e-6
    slopes = np.array([(f(X + step * e) - f(X - step * e)) / (2 * step) for e in np.eye(3)])
    direction = np.array([0.3, -1.1, 0.8])
    value, dot = sd.jvp(f, (at,), (direction,))
    assert value == pytest.approx(f(X), rel=1e-13)
    assert dot == pytest.approx(slopes @ direction, rel=1e-6, abs=1e-6)
    value, pullback = sd.vjp(f, at)
    assert value == pytest.approx(f(X), rel=1e-13)
    for _ in range(2):
        np.testing.assert_allclose(pullback(1.0), slopes, rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(at, X)
    known = arguments.arguments_of(call, (X,), {})
    text = compiler.compile_for(call, Request("jvp", ("x",), outer=True), known).printed.text
    assert ("rt.push" in text) == (name in UNTOLD), text


@pytest.mark.parametrize("name", ["concatenate", "hstack", "pad", "diff", "convolve of both"])
def test_single_precision_and_many_tangents(name):
    def doubled(x):
        return {"concatenate": lambda: np.concatenate((x, 2 * x)), "hstack": lambda: np.hstack(
            (x, x[:1])), "pad": lambda: np.pad(x, 1), "diff": lambda: np.diff(x),
            "convolve of both": lambda: np.convolve(x, x)}[name]()

    x = X.astype(np.float32)
    value, dot = sd.jvp(doubled, (x,), (np.ones(3, np.float32),))
    assert value.dtype == dot.dtype == np.float32
    whole = sd.jacfwd(doubled)(X)
    step = 1e-6
    for k, e in enumerate(np.eye(3)):
        along = (doubled(X + step * e) - doubled(X - step * e)) / (2 * step)
        np.testing.assert_allclose(whole[:, k], along, atol=1e-7)
    np.testing.assert_allclose(sd.jacrev(doubled)(X), whole, atol=1e-12)


def test_nothing_empty_goes_wrong():
    empty = np.zeros(0)
    value, dot = sd.jvp(lambda x: np.concatenate((x, [1.0], x)).sum(), (empty,), (empty,))
    assert (value, dot) == (1.0, 0.0)
    z = X + 0.5j
    value, dot = sd.jvp(lambda x: np.concatenate((x, [1.0])), (z,), (1j * z,))
    np.testing.assert_allclose(dot, [*(1j * z), 0.0])
