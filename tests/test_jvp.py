"""Forward mode: tangents against closed forms, differences and pullbacks; what is refused."""

import array
import math

import numpy as np
import pytest

import s2sdiff as sd
from tests.fuzz.values import same


def wave(x, w):
    y = np.sin(x) * w
    return y + x**2


def slope(f, primals, tangents, h=1e-6):
    def at(step):
        pairs = zip(primals, tangents, strict=True)
        return f(*[x if t is None else x + step * t for x, t in pairs])

    return (at(h) - at(-h)) / (2 * h)


def check(f, primals, tangents, tol=1e-7):
    """Value and tangent, the tangent against differences and the pullback; inputs unchanged."""
    kept = [np.copy(x) for x in primals]
    value, tangent = sd.jvp(f, primals, tangents)
    assert same(value, f(*primals))
    np.testing.assert_allclose(tangent, slope(f, primals, tangents), rtol=tol, atol=tol)
    assert np.shape(tangent) == np.shape(value)
    assert all(np.array_equal(a, b) for a, b in zip(primals, kept, strict=True))
    seed = np.ones_like(value) if np.shape(value) else 1.0
    _, pullback = sd.vjp(f, *primals)
    entries = pullback(seed) if len(primals) > 1 else (pullback(seed),)
    paired = sum(np.sum(g * t) for g, t in zip(entries, tangents, strict=True) if t is not None)
    np.testing.assert_allclose(np.sum(seed * tangent), paired, rtol=1e-12)


def test_floats_have_the_tangent_of_the_closed_form():
    value, tangent = sd.jvp(wave, (0.3, 2.0), (1.0, 0.5))
    assert value == pytest.approx(math.sin(0.3) * 2.0 + 0.09)
    assert tangent == pytest.approx(math.cos(0.3) * 2.0 + math.sin(0.3) * 0.5 + 0.6)


def newton(a):
    x = a
    while True:
        step = (x * x - a) / (2 * x)
        if abs(step) < 1e-13:
            break
        x = x - step
    return x


def orbit(y, k, n):
    for _ in range(n):
        y = y + k * np.sin(y)
    return y


def heat(u, rate):
    u = u.copy()
    for _ in range(4):
        u[1:-1] += rate * (u[2:] - 2 * u[1:-1] + u[:-2])
    return u


def grown(x):
    kept = []
    for k in range(3):
        kept.append(x * k)
    return np.stack(kept) @ x


def helped(x):
    return twice(x, 3) * x


def twice(x, n):
    for _ in range(n):
        x = np.sin(x) * x
    return x


A = np.array([0.3, -0.7, 1.2])
B = np.array([1.0, 0.2, -0.4])


@pytest.mark.parametrize("f, primals, tangents", [
    (wave, (A, 2.0), (B, 0.5)), (newton, (2.0,), (1.0,)), (orbit, (A, 0.3, 4), (B, 1.0, None)),
    (heat, (A, 0.1), (B, 1.0)), (grown, (A,), (B,)), (helped, (A,), (B,)),
    (lambda x: np.linalg.solve(np.diag(x) + np.ones((3, 3)), x), (A,), (B,)),
    (lambda x: np.einsum("i,j->ij", x, x).sum(axis=0), (A,), (B,)),
    (lambda x: np.sort(x)[::-1] * np.cumsum(x), (A,), (B,)),
    (lambda x: np.where(x > 0, x * x, np.exp(x)), (A,), (B,)),
    (lambda x: x.reshape(3, 1) * np.ones((1, 2)), (A,), (B,)),
    (lambda x, y: np.outer(x, y) @ y, (A, B), (B, A)),
], ids=range(12))
def test_a_tangent_agrees_with_differences_and_with_the_pullback(f, primals, tangents):
    check(f, primals, tangents)


def test_the_text_of_forward_mode_reads_as_one_would_write_it():
    assert sd.source(wave, mode="jvp", wrt=(0, 1), args=(0.3, 2.0)).splitlines()[2:] == [
        "def wave_jvp(x, w, x_dot, w_dot):",
        "    sin_x = np.sin(x)",
        "    y = sin_x * w",
        "    result_2_dot = x_dot * np.cos(x) * w + w_dot * sin_x + x_dot * (2 * x)",
        "    return y + x ** 2, result_2_dot"]


def test_a_printed_text_runs_by_itself():
    space = {"np": np}
    exec(sd.source(orbit, mode="jvp", wrt=(0, 1), args=(0.5, 0.3, 3)), space)
    assert space["orbit_jvp"](0.5, 0.3, 3, 1.0, 2.0) == sd.jvp(
        orbit, (0.5, 0.3, 3), (1.0, 2.0, None))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
def test_a_tangent_has_the_dtype_of_its_value(dtype):
    x = A.astype(dtype)
    value, tangent = sd.jvp(lambda x: np.exp(x) * 2, (x,), (B.astype(dtype),))
    assert tangent.dtype == value.dtype == dtype
    np.testing.assert_allclose(tangent, np.exp(x) * 2 * B, rtol=1e-5)


def test_a_python_float_stays_one_and_a_zero_d_array_keeps_its_shape():
    assert type(sd.jvp(lambda x: x * 2.0, (1.0,), (1.0,))[1]) is float
    value, tangent = sd.jvp(lambda x: x * 2.0, (np.array(1.0),), (np.array(3.0),))
    assert np.shape(value) == np.shape(tangent) == () and tangent == 6.0


def test_empty_and_strided_arrays():
    assert sd.jvp(lambda x: x * x, (np.ones((0, 3)),), (np.ones((0, 3)),))[1].shape == (0, 3)
    check(lambda x: np.sin(x).ravel() * 2, (np.arange(12.0).reshape(3, 4)[:, ::2],),
          (np.ones((3, 2)),))


def test_structures_go_in_and_come_out():
    def f(p):
        return {"y": p["w"] * p["b"][0], "n": 3}

    value, tangent = sd.jvp(f, ({"w": A, "b": (2.0, 1)},), ({"w": B, "b": (0.5, None)},))
    np.testing.assert_allclose(tangent["y"], B * 2.0 + A * 0.5)
    assert tangent["n"] is None and value["n"] == 3


def test_an_argument_without_a_tangent_does_not_move():
    assert sd.jvp(wave, (0.3, 2.0), (None, 1.0))[1] == math.sin(0.3)
    assert sd.jvp(lambda x, n: x * n, (3.0, 2), (1.0, None)) == (6.0, 2.0)
    assert sd.jvp(wave, (0.3, 2.0), (None, None))[1] == 0.0


def test_the_callers_tangents_are_neither_written_nor_given_back():
    x, t = A.copy(), B.copy()
    _, tangent = sd.jvp(lambda x: x + 1.0, (x,), (t,))
    tangent[:] = 7.0
    assert np.array_equal(t, B)

    def written(x):
        x[0] = 2.0 * x[1]
        return np.sum(x * x)

    value, tangent = sd.jvp(written, (x,), (t,))
    assert np.array_equal(t, B) and x[0] == 2.0 * A[1]
    np.testing.assert_allclose(tangent, 2 * (2 * A[1] * 2 * B[1] + A[1] * B[1] + A[2] * B[2]))


def test_what_is_printed_is_printed_once(capsys):
    def talks(x):
        print("x is", x)
        return x * x

    sd.jvp(talks, (2.0,), (1.0,))
    assert capsys.readouterr().out == "x is 2.0\n"


def test_a_copy_has_a_tangent_of_its_own():
    def f(a, x):
        a = a.copy()
        old = a.copy()
        a += x * old
        a[0] = old[0] ** 2
        return a * old

    check(f, (A, 0.7), (B, 1.0))


def test_views_of_what_is_written_are_views_of_its_tangent():
    def f(x):
        a = x * 1.0
        rows = a.reshape(1, 3)
        a[0] *= 3.0
        rows[0, 1] = a[0] * a[2]
        return a * rows[0, ::-1]

    check(f, (A,), (B,))


def test_a_ravel_that_copies_is_apart_from_the_tangent_as_well():
    def f(x):
        m = np.outer(x, x).T
        flat = m.ravel()
        flat[0] = 0.0
        return m * 2.0 + flat.sum()

    check(f, (A,), (B,))


def test_arrays_that_are_broadcast_together_keep_their_own_tangents():
    def f(x, y):
        a, b = np.broadcast_arrays(x, y)
        return a * b

    check(f, (A, np.array([2.0])), (B, None))
    check(f, (A, np.array([2.0])), (None, np.array([3.0])))


def test_starred_items_beside_active_ones_are_drawn_once():
    def f(x):
        items = [*range(2), x, *(k * 2.0 for k in range(2))]
        return np.array(items) * x[0] if np.ndim(x) else items[2] * items[4] + items[1]

    check(f, (0.7,), (1.5,))


def test_what_a_helper_overwrites_has_no_tangent_any_more():
    check(overwritten, (A,), (B,))


def put(a, x, n):
    a[n] = x


def overwritten(a):
    a = a * 1.0
    put(a, 0.25, 1)
    return a * 2.0


def test_a_registered_derivative_serves_forward_mode_too():
    def cube(x):
        return x * x * x

    @sd.derivative(of=cube)
    def of_cube(x):
        return x**3, lambda y_bar: y_bar * 30.0 * x**2  # not the cube's own, to be told apart

    assert sd.jvp(lambda x: cube(x) + x, (2.0,), (1.0,))[1] == 121.0


def test_a_pullback_that_is_not_linear_is_named():
    with sd.derivatives({np.sinh: lambda x: (np.sinh(x), lambda b: np.sin(b))}), \
            pytest.raises(sd.RuleError, match="not linear in its cotangent. Instead, "):
        sd.jvp(lambda x: np.sinh(x) * 2, (1.0,), (1.0,))


def test_a_refusal_is_not_swallowed_by_the_users_handler():
    def f(x):
        try:
            return array.array("d", [x])[0]
        except Exception:
            return x * 0.0

    with pytest.raises(sd.UnsupportedError, match="Instead, "):
        sd.jvp(f, (2.0,), (1.0,))


@pytest.mark.parametrize("f", [
    lambda s: np.array(s).reshape(1, 1), lambda s: np.array(s)[None] * 2.0,
    lambda s: np.asarray(s * s)[()] ** 2,
])
def test_a_number_that_is_made_an_array_has_views_with_tangents(f):
    sd.check_grads(f, (2.0,))
    sd.check_grads(f, (np.float64(2.0),))


@pytest.mark.parametrize("primals, tangents, text", [
    (1.0, (1.0,), "pass the tuple"), ((1.0,), (1.0, 2.0), "one tangent for each"),
    ((np.ones(2),), (np.ones(3),), "tangent of that shape"),
    ((np.ones(2),), (1.0,), "tangent of that shape"),
    ((1.0,), (1j,), "tangent of that dtype"), ((1.0,), ("a",), "of that shape"),
    ((3,), (1.0,), "pass None for its tangent"), (([1.0],), ([1.0, 2.0],), "same structure"),
], ids=range(8))
def test_what_does_not_fit_is_an_error_that_says_what_to_pass(primals, tangents, text):
    with pytest.raises(TypeError, match=f"Instead, .*{text}"):
        sd.jvp(lambda x: x, primals, tangents)


def keys_of(x):
    items = {"a": x, "b": x * x}
    first, second = items
    total = 0.0
    for k in items:
        total += items[k]
    for k in reversed(items):
        total *= items[k]
    return total + items[list(items)[0]] * items[first] + items[second]


def list_and_array(x):
    return np.sum([x, 2.0] * np.array([x, x * x])) + np.sum([x, 1.0] + np.array([x, 3.0]))


def repeated(items, by):
    return sum(items * by)


def a_list_times_whatever(x):
    return repeated([x, x * x], 3) + np.sum(repeated([x, x * x], np.array([1.0, x])))


def update(items, x):
    first = items[0]
    items[0] *= x
    items[1] -= x * first
    return np.sum(first) + np.sum(items[0]) * np.sum(items[1])


def items_written_in_place(x):
    made = np.array([1.0, 2.0]) * x
    return update([made, x * made], x) + update({0: x, 1: x * x}, x) + update(made * x, x) \
        + np.sum(made)


def spread(x, several):
    items = [x, x * 2] if several else (1.0, 2.0)
    return sum([*items, x])


def stars(x):
    return spread(x, True) * spread(x, False)


def star_of_none(x, c):
    items = x if c else "12"
    return [*items][0]


@pytest.mark.parametrize("function", [
    keys_of, list_and_array, a_list_times_whatever, items_written_in_place, stars])
def test_what_holds_numbers_and_is_not_quite_a_list_of_them(function):
    check(function, (1.3,), (0.7,))


def test_starred_text_beside_arrays_has_no_tangent():
    value, tangent = sd.jvp(star_of_none, (np.array([3.0, 4.0]), True), (np.ones(2), None))
    assert (value, tangent) == (3.0, 1.0)
    assert sd.jvp(star_of_none, (np.array([3.0, 4.0]), False), (np.ones(2), None)) == ("1", None)


@pytest.mark.parametrize("read", [list, tuple, lambda d: [*d], lambda d: list(reversed(d)),
                                  lambda d: [k for k in d]])
def test_keys_that_are_floats_have_no_tangent(read):
    def total(x):
        return sum(read({1.0 * x: x, 2.0: x * x})) * x

    with pytest.raises(sd.errors.UnsupportedError, match="keys"):
        sd.jvp(total, (1.3,), (1.0,))


def test_np_add_at_adds_to_the_tangent():
    def total(x):
        y = x * x
        np.add.at(y, [0, 0, 1], x[0])
        return np.sum(y**2)

    check(total, (np.array([2.0, 3.0]),), (np.array([1.0, -0.5]),))


class Square:
    """A function that is not pasted but called."""

    def __call__(self, x):
        return x * x


def test_a_called_pullback_that_is_not_linear_is_refused():
    square = Square()

    @sd.derivative(of=square)
    def rule(x):
        return x * x, lambda y_bar: y_bar * abs(y_bar) * 2 * x

    with pytest.raises(sd.errors.RuleError, match="not linear"):
        sd.jvp(lambda x: square(x), (3.0,), (1.0,))

    @sd.derivative(of=square, override=True)
    def linear(x):
        return x * x, lambda y_bar: y_bar * 2 * x

    assert sd.jvp(lambda x: square(x), (3.0,), (0.5,)) == (9.0, 3.0)
    x = np.array([1e8, 1e-8, 3.0], np.float32)
    np.testing.assert_allclose(sd.jvp(lambda x: square(x), (x,), (x,))[1], 2 * x * x)


def several_by_name(x, how):
    one, other = how(x, np.array([5.0, 6.0, 7.0]))
    return np.sum(one * one) * np.sum(other)


@pytest.mark.parametrize("how", [np.atleast_1d, np.atleast_2d, np.atleast_3d])
def test_a_view_of_one_of_several_arrays_moves_the_others_along_nothing(how):
    x, dot = np.array([1.0, 2.0]), np.array([1.0, -0.5])
    for f in (lambda x: several_by_name(x, how), lambda x: np.sum(how(x, 3.0)[0] * x)):
        slope = (f(x + 1e-6 * dot) - f(x - 1e-6 * dot)) / 2e-6
        assert sd.jvp(f, (x,), (dot,))[1] == pytest.approx(slope, rel=1e-7)


@pytest.mark.parametrize("how", [
    lambda a: a.astype(int), lambda a: np.asarray(a, int), lambda a: a.astype(np.float32) * 0 + 1])
def test_what_becomes_integer_does_not_move(how):
    x, dot = np.array([1.3, 2.6]), np.array([1.0, 0.5])
    expected = np.sum(how(x) * dot)
    assert sd.jvp(lambda x: np.sum(how(x) * x), (x,), (dot,))[1] == pytest.approx(expected)


def with_or_without_axes(a, keep):
    return np.sum(np.linalg.norm(a, axis=0, keepdims=keep) * a) + np.sum(a, keepdims=keep).sum()


@pytest.mark.parametrize("keep", [False, True, 0, 1])
@pytest.mark.parametrize("a", [np.array([0.3, -0.7]), np.array([[0.3, -0.7], [1.1, 0.4]])])
def test_whether_axes_are_kept_may_be_known_when_the_code_runs(a, keep):
    along, step = np.cos(a), 1e-6
    slope = (with_or_without_axes(a + step * along, keep)
             - with_or_without_axes(a - step * along, keep)) / (2 * step)
    assert sd.jvp(with_or_without_axes, (a, keep), (along, None))[1] == pytest.approx(slope)
    gradient = sd.grad(with_or_without_axes)(a, keep)
    assert np.sum(gradient * along) == pytest.approx(slope)
