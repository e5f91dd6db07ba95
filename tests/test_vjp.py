"""What a pullback takes, gives and promises."""

import threading
import warnings

import numpy as np
import pytest

import s2sdiff as sd


def product(x, y):
    return x * y


def test_one_positional_argument_gives_a_bare_cotangent():
    value, pullback = sd.vjp(lambda x: x * x, 3.0)
    assert (value, pullback(1.0), pullback(10.0)) == (9.0, 6.0, 60.0)


def test_several_positional_arguments_give_a_tuple():
    value, pullback = sd.vjp(product, 3.0, 4.0)
    assert (value, pullback(2.0)) == (12.0, (8.0, 6.0))


def test_keyword_arguments_are_passed_on_and_have_no_cotangent():
    def scaled(x, *, by):
        return x * by

    value, pullback = sd.vjp(scaled, 3.0, by=5.0)
    assert (value, pullback(1.0)) == (15.0, 5.0)


def test_a_function_may_have_a_keyword_of_any_name():
    def wave(x, *, f):
        return x * f

    value, pullback = sd.vjp(wave, 3.0, f=5.0)
    assert (value, pullback(1.0)) == (15.0, 5.0)


def test_integer_and_other_arguments_give_none():
    def power(x, n, name, flag):
        return x**n

    _, pullback = sd.vjp(power, 2.0, 3, "cubic", True)
    assert pullback(1.0) == (12.0, None, None, None)
    assert sd.vjp(lambda n: n * 2, 3)[1](1) is None
    assert sd.vjp(lambda a, n: a * n, np.ones(2), np.arange(2))[1](np.ones(2))[1] is None


MISSHAPEN = [1.0, np.ones(2), np.ones((1, 3)), np.ones((3, 1)), [1.0, 1.0, 1.0]]


@pytest.mark.parametrize("cotangent", MISSHAPEN, ids=range(len(MISSHAPEN)))
def test_a_cotangent_of_another_shape_is_an_error(cotangent):
    _, pullback = sd.vjp(lambda x: x * x, np.ones(3))
    with pytest.raises(TypeError, match="Instead, pass a cotangent"):
        pullback(cotangent)


@pytest.mark.parametrize("cotangent", [1j, "one", np.complex64(1)])
def test_a_cotangent_of_another_field_is_an_error(cotangent):
    _, pullback = sd.vjp(lambda x: x * x, 2.0)
    with pytest.raises(TypeError, match="Instead, "):
        pullback(cotangent)


def test_an_array_for_a_float_is_an_error():
    _, pullback = sd.vjp(lambda x: x * x, 2.0)
    with pytest.raises(TypeError, match="Instead, "):
        pullback(np.ones(2))


@pytest.mark.parametrize("value, cotangents", [
    (3, ["text", (1.0,), {"a": 1.0}, np.ones(2)]), (None, [1.0, (None,), np.ones(2)]),
    ("text", [1.0, "text"]), (np.arange(3), [1.0, np.ones(2), [1.0, 2.0, 3.0]]),
    (np.array([True]), [1.0, np.ones(2), (None,)]), (2.0, [(1.0,), "text", np.ones(1)])],
    ids=["int", "None", "text", "ints", "bools", "a constant"])
def test_what_has_no_derivative_has_cotangents_of_its_own_structure_alone(value, cotangents):
    for f, at in ((lambda x: value, lambda c: c), (lambda x: (x * x, value), lambda c: (1.0, c)),
                  (lambda x: {"a": x, "b": [value]}, lambda c: {"a": 1.0, "b": [c]})):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", sd.ZeroDerivativeWarning)
            _, pullback = sd.vjp(f, 2.0)
        assert pullback(at(None)) in (0.0, 1.0, 4.0)
        if isinstance(value, (int, float, np.ndarray)):
            assert pullback(at(np.ones(np.shape(value))[()])) == pullback(at(None))
        for c in cotangents:
            with pytest.raises(TypeError, match=r"pullback: .*Instead, pass"):
                pullback(at(c))


def test_a_tuple_of_results_takes_a_tuple_of_cotangents():
    value, pullback = sd.vjp(lambda x, y: (x * y, x + y), 3.0, 4.0)
    assert value == (12.0, 7.0)
    assert pullback((1.0, 0.0)) == (4.0, 3.0)
    assert pullback((0.0, 2.0)) == (2.0, 2.0)
    assert pullback((None, 2.0)) == (2.0, 2.0)
    for wrong in (1.0, (1.0,), (1.0, 1.0, 1.0)):
        with pytest.raises(TypeError, match="Instead, "):
            pullback(wrong)


def test_a_tuple_argument_gets_a_tuple_back():
    def inner(pair):
        return pair[0] * pair[1]

    value, pullback = sd.vjp(inner, (3.0, np.array([1.0, 2.0])))
    x_bar, y_bar = pullback(np.array([1.0, 1.0]))
    assert x_bar == 3.0
    np.testing.assert_array_equal(y_bar, [3.0, 3.0])


FUNCTIONS = {
    "elementwise": lambda a, b: np.sin(a) * b / (1.0 + a * a),
    "a view of the argument": lambda a, b: (a.T[0] * 2.0, b),
    "the argument itself": lambda a, b: a,
    "matrix product": lambda a, b: a @ b.T,
    "indexing": lambda a, b: a[1] * b[0, 1],
    "reduction": lambda a, b: np.sum(a * b, axis=0),
    "einsum": lambda a, b: np.einsum("ij,kj->ik", a, b),
    "reshape": lambda a, b: np.reshape(a, (-1,)) + np.ravel(b),
    "maximum": lambda a, b: np.maximum(a, b),
}


def arguments():
    a = np.linspace(0.1, 1.2, 6).reshape(2, 3)
    return a, np.cos(3 * a)


def ones_like(value):
    return tuple(map(ones_like, value)) if isinstance(value, tuple) else np.full_like(value, 1.5)


def frozen(value):
    """What is in memory now, to compare with later."""
    return tuple(map(frozen, value)) if isinstance(value, tuple) else np.array(value)


def assert_same(a, b):
    if isinstance(a, tuple):
        for p, q in zip(a, b, strict=True):
            assert_same(p, q)
    else:
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_pullback_changes_nothing_and_gives_the_same_each_time(name):
    args = arguments()
    value, pullback = sd.vjp(FUNCTIONS[name], *args)
    cotangent = ones_like(value)
    before = frozen((*args, value, cotangent))
    first = pullback(cotangent)
    kept = frozen(first)
    assert_same(pullback(cotangent), kept)
    assert_same(first, kept)
    assert_same((*args, value, cotangent), before)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_later_writes_of_the_caller_to_the_inputs_do_not_matter(name):
    args = arguments()
    value, pullback = sd.vjp(FUNCTIONS[name], *args)
    cotangent = ones_like(value)
    expected = frozen(pullback(cotangent))
    for array in args:
        array[...] = -7.0
    assert_same(pullback(cotangent), expected)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_later_writes_of_the_caller_to_the_value_do_not_matter(name):
    value, pullback = sd.vjp(FUNCTIONS[name], *arguments())
    cotangent = ones_like(value)
    expected = frozen(pullback(cotangent))
    for array in value if isinstance(value, tuple) else (value,):
        if isinstance(array, np.ndarray):
            array[...] = 100.0
    assert_same(pullback(cotangent), expected)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_later_writes_of_the_caller_to_cotangents_do_not_matter(name):
    value, pullback = sd.vjp(FUNCTIONS[name], *arguments())
    cotangent = ones_like(value)
    expected = frozen(pullback(cotangent))
    found = pullback(cotangent)
    for array in cotangent if isinstance(cotangent, tuple) else (cotangent,):
        if isinstance(array, np.ndarray):
            array[...] = 100.0
    assert_same(found, expected)
    for array in found:
        array[...] = -3.0
    assert_same(pullback(ones_like(value)), expected)


def test_two_gradients_do_not_share_memory():
    _, pullback = sd.vjp(lambda a, b: a + b, np.ones(3), np.ones(3))
    cotangent = np.ones(3)
    a_bar, b_bar = pullback(cotangent)
    a_bar += 1.0
    np.testing.assert_array_equal(b_bar, np.ones(3))
    np.testing.assert_array_equal(cotangent, np.ones(3))


def test_a_list_among_the_arguments_is_copied_at_the_call():
    weights = [1.0, 2.0]

    def line(x, w):
        return x * x * w[0] + w[1]

    _, pullback = sd.vjp(line, 3.0, weights)
    weights[0] = 100.0
    assert pullback(1.0)[0] == 6.0


def test_the_pullback_runs_in_several_threads_at_once():
    def recurrence(x, w):
        for _ in range(30):
            x = np.tanh(w * x) + 0.1
        return x

    _, pullback = sd.vjp(recurrence, np.linspace(0.1, 1.0, 50), 1.1)
    expected = [pullback(np.full(50, float(k))) for k in range(8)]
    found = [None] * 8

    def work(k):
        for _ in range(20):
            found[k] = pullback(np.full(50, float(k)))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert_same(tuple(found), tuple(expected))


def test_functions_are_compiled_by_several_threads_at_once():
    fresh = [lambda x, k=float(k): x * x * k for k in range(4)]
    found = []

    def work():
        found.append([sd.grad(f)(3.0) for f in fresh])

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[0.0, 6.0, 12.0, 18.0]] * 6


def test_the_functions_own_exception_comes_out_as_it_is():
    def failing(x):
        if x > 1.0:
            raise KeyError("too large")
        return x

    with pytest.raises(KeyError, match="too large"):
        sd.vjp(failing, 2.0)
    assert sd.vjp(failing, 0.5)[1](1.0) == 1.0


WITH_INTEGERS = {
    "a factor": lambda x, m: x * m,
    "an index": lambda x, m: np.sum(x[m] ** 2) * x,
    "a mask": lambda x, m: x[m > 0].sum() * np.where(m > 0, x, 2.0 * x),
    "a condition": lambda x, m: np.where(m, x, 2.0 * x),
    "in a tuple": lambda x, m: x * (m, 1)[0],
}


@pytest.mark.parametrize("name", WITH_INTEGERS)
@pytest.mark.parametrize("kind", [int, bool])
def test_later_writes_of_the_caller_to_integers_do_not_matter(name, kind):
    x, m = np.array([1.0, 2.0, 3.0]), np.array([0, 1, 1]).astype(kind)
    value, pullback = sd.vjp(WITH_INTEGERS[name], x, m)
    before = pullback(np.ones_like(value))[0]
    m[:] = m[::-1].copy()
    np.testing.assert_array_equal(pullback(np.ones_like(value))[0], before)


def test_later_writes_to_a_global_array_of_integers_do_not_matter():
    weights = np.array([0, 1, 1])
    _, pullback = sd.vjp(lambda x: x * weights, np.ones(3))
    weights[:] = 7
    np.testing.assert_array_equal(pullback(np.ones(3)), [0.0, 1.0, 1.0])


@pytest.mark.parametrize("f", [
    np.atleast_1d, np.asarray, np.ravel, lambda a: np.atleast_2d(a)[0], lambda a: np.real(a)[::-1],
    lambda a: np.squeeze(a),  # noqa: PLW0108
])
def test_the_value_shows_the_argument_as_that_of_the_plain_call(f):
    def given(a):
        return f(a)

    a = np.array([1.0, 2.0, 3.0])
    value, pullback = sd.vjp(given, a)
    assert np.shares_memory(value, a) == np.shares_memory(given(a), a)
    assert (value is a) == (given(a) is a)
    a[:] = 9.0
    assert np.sort(pullback(np.array([1.0, 2.0, 3.0]))).tolist() == [1.0, 2.0, 3.0]


def test_a_cotangent_keeps_its_order_of_memory_so_that_sums_round_as_without_a_boundary():
    def biased(x, b):
        return x + b

    generator = np.random.default_rng(0)
    x, b = generator.normal(size=(40, 30, 7)).astype(np.float32), np.zeros(7, np.float32)
    for order in ((0, 1, 2), (2, 0, 1), (1, 0, 2)):
        laid = np.ascontiguousarray(x.transpose(order)).transpose(np.argsort(order))
        _, b_bar = sd.vjp(biased, x, b)[1](laid)
        np.testing.assert_array_equal(b_bar, laid.sum(axis=(0, 1)))
