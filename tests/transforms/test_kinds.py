"""What is known of values is true of them: types, dtypes and shapes at run time."""

import math
import warnings

import numpy as np
import pytest

from s2sdiff.kinds import ANY
from s2sdiff.transforms import activity, kinds
from tests.transforms.programs import agrees, stages

A = np.array([1.0, 2.0, 3.0])
SINGLE = np.arange(1, 4, dtype=np.float32)
INTS = np.arange(3)


def believed(function, *args):
    made = stages(function, *args)
    return kinds.kind_of_atom(activity.result_of(made["propagate"]), made["context"])


FUNCTIONS = [
    (lambda x: x * 2, 2.0),
    (lambda x: x + True, 2.0),
    (lambda x: True + 1 + 0 * int(x), 2.0),
    (lambda x, n: n // 2, 2.0, 7),
    (lambda x, n: n / 2, 2.0, 7),
    (lambda x, n: 2**n, 2.0, 3),
    (lambda x, n: 2**n, 2.0, -3),
    (lambda x, n: x**n, 2.0, -3),
    (lambda x: (-x) ** 0.5, 2.0),
    (lambda x: (x > 1) * x, 2.0),
    (lambda x, n: n & 1, 2.0, 3),
    (lambda x: x // 1, 2.5),
    (lambda x: divmod(x, 2.0)[1], 2.5),
    (lambda x: round(x), 2.5),
    (lambda x: round(x, 1), 2.5),
    (lambda x, s: x * s, 3.0, np.float32(2.0)),
    (lambda x, s: x * s, 3.0, np.float64(2.0)),
    (lambda x, s: s**2, 3.0, np.float32(2.0)),
    (lambda a: a * np.float32(2), A),
    (lambda a: a * 2.0, SINGLE),
    (lambda a: a * np.float64(2.0), SINGLE),
    (lambda a, x: a * x, INTS, 2.0),
    (lambda a, x: a / 2, INTS, 2.0),
    (lambda a, x: a[0] * x, INTS, 2.0),
    (lambda a: a > 1, A),
    (lambda a: a[1:] * a[:-1], A),
    (lambda a: a[None] + a[:, None], A),
    (lambda a: a @ a, A),
    (lambda a: np.outer(a, a) @ a, A),
    (lambda a: a.sum(), A),
    (lambda a: a.sum(keepdims=True), A),
    (lambda a: a.mean(), SINGLE),
    (lambda a: np.mean(a, axis=0), INTS * 1.0),
    (lambda a: a.T, A),
    (lambda a: np.where(a > 1, a, 0), A),
    (lambda a: np.where(a > 1, a, 0), SINGLE),
    (lambda a: np.concatenate([a, a]), A),
    (lambda a: np.stack([a, a], axis=1), A),
    (lambda a: a.reshape(3, 1), A),
    (lambda a: a.reshape(-1), A),
    (lambda a: a.astype(np.float32), A),
    (lambda a: np.zeros(3), A),
    (lambda a: len(a), A),
    (lambda a: a.shape[0], A),
    (lambda a: a.size, A),
    (lambda a: a.max(), A),
    (lambda a: np.argmax(a), A),
    (lambda a: a * 1j, A),
    (lambda a: (a * 1j).real, A),
    (lambda a: np.linalg.norm(a), A),
    (lambda a: np.einsum("i,i->", a, a), A),
    (lambda a: a[INTS], A),
    (lambda a: a[a > 1], A),
    (lambda a: a[::2], A),
    (lambda a: a[-1], A),
    (lambda a: a[..., None], A),
    (lambda x: math.sin(x), 2.0),
    (lambda x: np.sin(x), 2.0),
    (lambda x: math.floor(x), 2.5),
    (lambda x: float(x), np.float64(2.0)),
    (lambda x: complex(x), 2.0),
    (lambda x: abs(x * 1j), 2.0),
    (lambda x: (x, x), 2.0),
    (lambda x: [x, 1][1], 2.0),
    (lambda x: max(x, 1), 0.5),
    (lambda x: min(x, 1), 2.0),
    (lambda x: x if x > 3 else 1, 2.0),
    (lambda x: x and 1, 2.0),
    (lambda x: np.float32(x), 2.0),
    (lambda a: np.array([a[0], 1.0]), A),
    (lambda a: a.dot(a), A),
    (lambda a: np.cumsum(a), A),
    (lambda a: np.clip(a, 0, 1), A),
    (lambda a: a.ravel(), A),
    (lambda a: np.squeeze(a[None]), A),
    (lambda x: math.log10(x**0.9), 2.0),
    (lambda x: math.sqrt(x), np.float32(2.0)),
    (lambda x: math.hypot(x, 1), 2),
    (lambda x: math.isfinite(x), 2.0),
    (lambda x: float(x["a"]), {"a": np.float32(2.0)}),
    (lambda x: "a" == "b", 2.0),
    (lambda x: x == "b", 2.0),
    (lambda x: x != None, 2.0),  # noqa: E711
    (lambda x: x == "b", np.float64(2.0)),
    (lambda x: x == 2.0, np.float64(2.0)),
    (lambda a: a == None, A),  # noqa: E711
    (lambda x: by_keyword(w=x, v=2.0), 3.0),
]


def by_keyword(v, w):
    return v * w * math.log(w**0.5)


@pytest.mark.parametrize("case", FUNCTIONS, ids=lambda c: str(FUNCTIONS.index(c)))
def test_a_value_is_of_the_kind_that_is_believed(case):
    function, *args = case
    kind = believed(function, *args)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        value = function(*args)
    assert fits(kind, value), (kind, value)


def fits(kind, value):
    """Whether a value is one of those that a kind stands for."""
    if kind == ANY:
        return True
    if kind.type is not None and kind.type is not type(value):
        return False
    dtype = getattr(value, "dtype", None)
    if kind.dtype is not None and kind.dtype != dtype:
        return False
    if kind.field is not None:
        code = np.asarray(value).dtype.kind
        if code not in {"real": "fiub", "int": "iub", "complex": "cfiub"}[kind.field]:
            return False
    if kind.items is not None:
        return len(kind.items) == len(value) and all(map(fits, kind.items, value))
    if kind.shape is None:
        return True
    shape = np.shape(value)
    sure = [(d, n) for d, n in zip(kind.shape, shape, strict=False) if d == 1 or d[0] != "?"]
    return len(shape) == len(kind.shape) and all((d == 1) == (n == 1) for d, n in sure)


def test_most_of_it_is_known():
    known = [believed(f, *args) != ANY for f, *args in FUNCTIONS]
    assert sum(known) > 0.7 * len(known)


def test_functions_of_math_give_floats_whatever_they_are_given():
    class Number:
        def __float__(self):
            return 2.0

    for f, x in ((lambda x: math.log10(x**0.9), 2.0), (lambda x: math.sqrt(x[0]), [2.0, "a"]),
                 (lambda x: math.exp(x), Number()), (lambda x: float(x), "2.0")):
        assert believed(f, x).type is float
    assert believed(lambda x: by_keyword(w=x, v=2.0), 3.0).type is float


def test_a_loop_that_turns_an_int_into_a_float_has_a_derivative():
    def f(x, n):
        y = 1
        for _ in range(n):
            y = y * x
        return y * x

    for n in (1, 3):
        agrees(f, 1.5, n)


def test_an_int_joined_with_a_float_is_differentiated_where_it_is_a_float():
    def f(x, c):
        y = 0
        if c:
            y = x
        return (y + x) * x

    agrees(f, 1.5, True)
    agrees(f, 1.5, False)


def test_negative_and_zero_powers_of_floats_and_ints():
    def f(x, n):
        return x**n + x**-n + 2**-n * x + x**0

    for n in (-2, 0, 1, 3):
        agrees(f, 1.5, n)


def test_a_float_power_that_leaves_the_real_numbers():
    def f(x):
        z = (-x) ** 0.5
        return z.real + z.imag

    agrees(f, 2.0)


def test_integer_arrays_times_floats():
    def f(n, x):
        return np.sum(n * x + n / 2 * x)

    assert np.isclose(agrees(f, INTS, 2.0)[0], 4.5)


def test_integer_division_and_booleans_carry_no_derivative():
    def f(x):
        return x * (7 // 2) + (x > 1.0) * x + True * x + x // 1

    assert agrees(f, 2.3) == [5.0]


def test_a_shape_that_differs_from_round_to_round_is_not_taken_for_known():
    def f(a):
        while len(a) > 1:
            a = a[1:] * a[:-1]
        return np.sum(a)

    agrees(f, A)
    agrees(f, A[:2])


def test_an_attribute_of_an_array_with_a_default():
    def f(a):
        scale = getattr(a, "ndim", 0) + len(getattr(a, "shape", ()))
        return np.sum(np.ascontiguousarray(a) * scale) + getattr(a, "size", None) * a[0]

    agrees(f, np.array([1.0, 2.0]))
