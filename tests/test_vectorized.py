"""`np.vectorize` of functions that are known: loops, with what the plain call gives and does.

Numbers: central differences of the plain function.
"""

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes

A, B = np.array([0.3, 0.7, 1.2]), np.array([1.0, -0.4, 0.6])
M = np.array([[0.3, 0.9], [1.2, 0.1]])


def by_branches(v):
    if v > 0.5:
        return v * v
    return np.sin(v)


def of_two(v, w=2.0):
    return v * w if v > 0.5 else v + w * w


def several(v):
    return v * v, 3.0 * v


def of_three(a, b, c):
    return a * b - c


squares = np.vectorize(by_branches)
products = np.vectorize(of_two, otypes=[float])
pairs = np.vectorize(several)


@np.vectorize
def decorated(v, w):
    return v * w + v


def of_global(x):
    return np.sum(squares(x) * B)


def at_once(x):
    k = x[1]
    return np.sum(np.vectorize(lambda v: v * k + v**2)(x) * B)


def with_a_type(x):
    return np.sum(np.vectorize(by_branches, otypes=[float])(x) * B)


def bound_to_a_name(x):
    def inside(v):
        return v * x[2] if v > 0.5 else v

    g = np.vectorize(inside)
    u = x
    for _ in range(3):
        u = g(u)
    return np.sum(u)


def decorated_inside(x):
    scale = x[0] * 2.0

    @np.vectorize
    def g(v, w):
        return v * scale + w * w

    return np.sum(g(x, x[::-1]) * B) + np.sum(g(x, 1.5))


def of_columns_and_rows(x):
    return np.sum(np.vectorize(of_two)(x[:, None], x) * np.arange(9.0).reshape(3, 3))


def by_default(x):
    return np.sum(products(x) * B) + np.sum(products(x, x * 2.0))


def two_results(x):
    a, b = pairs(x)
    return np.sum(a * b * B)


def three_arrays(x):
    return np.sum(np.vectorize(of_three)(x, x[0], [1.0, 2.0, 3.0]) ** 2)


def by_name(x):
    return np.sum(decorated(w=x, v=x * 2.0) * B) + np.sum(decorated(x, x[1]))


def handed_on(x):
    return sum(np.sum(g(x)) * k for k, g in enumerate([squares, np.vectorize(np.cos)], 1))


def one_number(x):
    return squares(x[1]) * x[0]


def of_a_list(x):
    return np.sum(squares([x[0], x[1] * x[2]]))


def of_single_precision(x):
    return np.sum(squares(x.astype(np.float32).astype(float)) * 0.0) + np.sum(squares(x) * x)


def of_ints_beside(x):
    return np.sum(np.vectorize(lambda v, n: v**n)(x, np.array([1, 2, 3])))


def whole_numbers(x):
    """The first result is an int, so that all are."""
    return np.sum(np.vectorize(lambda v: 1 if v < 0.5 else v)(x) * x)


def with_options(x):
    polynomial = np.vectorize(lambda p, v: sum(c * v**i for i, c in enumerate(p)), excluded=[0])
    rows = np.vectorize(lambda a, v: np.sum(a * v), signature="(n),()->()")
    return np.sum(polynomial([1.0, x[0]], x)) + np.sum(rows(np.outer(x, x), x))


def its_parts_are_read(x):
    g = np.vectorize(by_branches)
    return np.sum(g(x)) * g.pyfunc(x[0])


ALL = [of_global, at_once, with_a_type, bound_to_a_name, decorated_inside, of_columns_and_rows,
       by_default, two_results, three_arrays, by_name, handed_on, one_number, of_a_list,
       of_single_precision, of_ints_beside, whole_numbers, with_options, its_parts_are_read]


@pytest.mark.parametrize("f", ALL, ids=lambda f: f.__name__)
def test_it_has_its_derivative(f):
    check_both_modes(lambda t: f(A + t * B), 0.05)
    x, h = A + 0.05 * B, 1e-6
    rows = [(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(3)]
    np.testing.assert_allclose(sd.grad(f)(x), rows, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(sd.jacfwd(f)(x), rows, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("f", [of_global, at_once, bound_to_a_name, decorated_inside],
                         ids=lambda f: f.__name__)
def test_it_has_a_second_derivative(f):
    x, t, h = A + 0.05 * B, np.array([0.2, -0.5, 0.9]), 1e-5
    ends = [sd.grad(f)(x + s * h * t) for s in (1, -1)]
    np.testing.assert_allclose(sd.hvp(f, (x,), (t,)), (ends[0] - ends[1]) / (2 * h), rtol=1e-6,
                               atol=1e-7)


@pytest.mark.parametrize("f", [of_global, at_once, bound_to_a_name, by_default],
                         ids=lambda f: f.__name__)
def test_it_is_a_loop(f):
    assert "by_place" not in sd.source(f, "grad", args=(A,))


@pytest.mark.parametrize("x", [M, M.T, A[::2], np.array(0.7), 0.7, A.astype(np.float32)],
                         ids=["matrix", "transposed", "strided", "0-d", "number", "single"])
def test_value_and_slopes_are_alike(x):
    y, pullback = sd.vjp(lambda x: squares(x), x)
    plain = squares(x)
    np.testing.assert_array_equal(y, plain)
    assert type(y) is type(plain)
    assert (y.dtype, y.shape) == (plain.dtype, plain.shape)
    x_bar = pullback(np.ones_like(plain))
    slope = np.where(np.asarray(x) > 0.5, 2.0 * np.asarray(x, float), np.cos(np.asarray(x, float)))
    np.testing.assert_allclose(x_bar, slope, rtol=1e-6)
    assert np.shape(x_bar) == np.shape(x)
    assert np.result_type(x_bar) == np.result_type(x)


def test_nothing_has_no_type():
    with pytest.raises(ValueError, match="size 0 inputs"):
        sd.vjp(lambda x: squares(x), A[:0])
    y, pullback = sd.vjp(lambda x: products(x), A[:0])
    assert (y.shape, pullback(y).shape) == ((0,), (0,))


def test_calls_are_those_of_the_plain_function(capsys):
    def f(x):
        def shown(v):
            print(v)
            return v * v

        return np.sum(np.vectorize(shown)(x))

    f(A)
    plain = capsys.readouterr().out
    np.testing.assert_allclose(sd.grad(f)(A), 2 * A)
    assert capsys.readouterr().out == plain


def hidden(v):
    return tuple([v, v * v])


def test_a_tuple_that_the_code_does_not_show_is_refused():
    with pytest.raises(sd.UnsupportedError, match=r"gives a tuple.*Instead, write"):
        sd.grad(lambda x: np.sum(np.vectorize(hidden)(x)[1]))(A)


def test_another_function_in_it_is_seen():
    changed = np.vectorize(lambda v: v * v)
    def f(x):
        return np.sum(changed(x))

    np.testing.assert_allclose(sd.grad(f)(A), 2 * A)
    changed.pyfunc = lambda v: 3.0 * v
    try:
        found = sd.grad(f)(A)
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)
    else:
        np.testing.assert_allclose(found, [3.0, 3.0, 3.0])


def test_another_object_of_its_name_is_seen():
    global products
    kept = products
    try:
        np.testing.assert_allclose(sd.grad(by_default)(A), sd.grad(by_default)(A))
        products = np.vectorize(lambda v, w=1.0: 5.0 * v, otypes=[float])
        try:
            found = sd.grad(by_default)(A)
        except sd.DifferentiationError as error:
            assert "Instead, " in str(error)
        else:
            np.testing.assert_allclose(found, 5.0 * B + 5.0)
    finally:
        products = kept
