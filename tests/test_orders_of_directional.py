"""Derivatives of directional ones whose function captures values, where its text is not enough."""

import functools
import math

import numpy as np
import pytest

import s2sdiff as sd


class Pair(tuple):
    @property
    def first(self):
        return self[0]


def by_place(number):
    def weighed(x):
        return 3.0 * x if number < 0.5 else 0.0

    def loss(x, rows):
        own = {"rows": list(rows)}
        for key in list(own):
            own[key].append([x * number, x])
        pair = Pair((weighed(x), number))
        return sum(own["rows"][-1]) * x * pair.first

    return loss


def of_an_array(number, array):
    def loss(x, rows):
        total = x
        for row in rows:
            total = total + row[0] * sum([x * number, x]) * x * np.sum(array * x)
        return total - x

    return loss


LOSSES = [by_place(0.25), of_an_array(0.25, np.array([2.0, 1.0]))]
loss = LOSSES[0]


def along(x, rows):
    return sd.jvp(loss, (x, rows), (1.0, None))[1]


def slope(x):
    # loss(x) = 1.25 x * x * 3 x
    return 3.75 * 3 * x**2


@pytest.mark.parametrize("x", [0.5, -1.2])
@pytest.mark.parametrize("which", [0, 1])
def test_what_a_global_function_captures_does_not_move(x, which, monkeypatch):
    monkeypatch.setitem(globals(), "loss", LOSSES[which])
    value, pullback = sd.vjp(along, x, [[1.0]])
    assert value == pytest.approx(slope(x), rel=1e-12)
    for _ in range(2):
        assert pullback(1.0)[0] == pytest.approx(7.5 * 3 * x, rel=1e-7)
    value, dot = sd.jvp(along, (x, [[1.0]]), (1.0, [[0.0]]))
    assert (value, dot) == pytest.approx((slope(x), 7.5 * 3 * x), rel=1e-7)


def inside(k, x):
    own = by_place(k)
    return sd.jvp(own, (x, [[1.0]]), (1.0, None))[1]


def test_what_a_function_made_on_the_way_captures_moves():
    # 3 (1 + k) 3 x^2 moves with k, too: the product that leaves out k is not taken for it
    k, x, h = 0.25, 0.5, 1e-6
    assert (inside(k + h, x) - inside(k - h, x)) / (2 * h) == pytest.approx(9 * x**2)
    assert sd.grad(inside, (0, 1))(k, x) == pytest.approx((9 * x**2, 18 * (1 + k) * x))
    assert sd.jvp(inside, (k, x), (1.0, 0.0))[1] == pytest.approx(9 * x**2)


class Counter:
    """Counts in a variable that its function captures."""

    def __init__(self):
        count = 0

        def loss(x, rows):
            nonlocal count
            count += 1
            rows.append([x * count, x])
            return sum(rows[-1]) * Pair((x, 1.0)).first

        self.loss, self.count = loss, lambda: count


counter = Counter()
counting = counter.loss


def along_counting(x):
    return sd.jvp(counting, (x, [[1.0]]), (1.0, None))[1]


def test_a_function_that_rebinds_what_it_captures_is_not_run_again_to_look():
    before = counter.count()
    with pytest.raises(sd.DifferentiationError, match="Instead, "):
        sd.grad(along_counting)(0.5)
    assert counter.count() - before <= 1


def binding_its_own(x, rows):
    k = 0.25

    def grown(y):
        nonlocal k
        k = k * y
        return k

    rows.append([grown(x), x])
    return sum(rows[-1]) * Pair((x, 1.0)).first


def along_binding_its_own(x):
    return sd.jvp(binding_its_own, (x, [[1.0]]), (1.0, None))[1]


def test_a_function_may_rebind_what_is_its_own():
    # 0.25 x^2 + x^2 twice differentiated
    assert sd.grad(along_binding_its_own)(0.5) == pytest.approx(2.5)


def of_arrays(b, a, rows):
    rows[0][-1] = 0.5 * Pair((b.dot(a), 0.7)).first * float(b[0])
    return rows[0].sum() * b[1]


def test_the_method_dot_of_arrays_that_carry_tangents():
    b, a, v = np.array([1.0, 2.0]), np.array([0.5, 0.3]), np.array([1.5, 1.0])
    found = sd.hvp(of_arrays, (b, a, [v]), (np.ones(2), np.ones(2), [np.ones(2)]))

    # (v[0] + 0.5 (b . a) b[0]) b[1], in closed form
    def gradient(b, a, v):
        p, q = b @ a, v[0] + 0.5 * (b @ a) * b[0]
        return (np.array([0.5 * (a[0] * b[0] + p) * b[1], 0.5 * a[1] * b[0] * b[1] + q]),
                0.5 * b * b[0] * b[1], np.array([b[1], 0.0]))

    h = 1e-5
    up, down = gradient(b + h, a + h, v + h), gradient(b - h, a - h, v - h)
    for got, p, m in zip((found[0], found[1], found[2][0]), up, down, strict=True):
        np.testing.assert_allclose(got, (p - m) / (2 * h), rtol=1e-7, atol=1e-9)


WEIGHTS = np.array([0.4, -1.2, 0.9])


def writes(a, x):
    a[0] = x * a[1]
    if x > 0.4:
        raise ZeroDivisionError
    a[1] = np.sin(x)


def tries(a, x):
    part = a[1:]
    try:
        writes(a, x)
        return a[0]
    except ZeroDivisionError:
        part[1] *= 0.5 * x
    return a[0] * 0.4 * x + a[2]


def of_a_new_array(rows, x):
    rows.append(tries(2.0 * WEIGHTS, x))
    return Pair((rows[-1], x)).first


@pytest.mark.parametrize(("x", "second"), [(0.5, 2 * 0.4 * -2.4), (0.3, 0.0)])
def test_arrays_made_of_what_does_not_move_are_written(x, second):
    # -0.96 x^2 + 0.9 x, or -2.4 x
    found = sd.hvp(of_a_new_array, ([0.7], x), ([0.3], 1.0))
    assert found[1] == pytest.approx(second) and found[0] == [0.0]
    assert sd.jvp(sd.grad(of_a_new_array, 1), ([0.7], x), (None, 1.0))[1] == pytest.approx(second)


class Spot:
    def __init__(self, x):
        self.x = x


def growing(spot, values):
    values[0] = 0.3 * spot.x * values[1]
    values.append(spot.x)
    spot.x = None
    return values[0] ** 2


def growing_of_nothing(spot, values):
    values.extend([0.17])
    return 0.5


def test_products_have_the_structure_that_arguments_had_before_the_call():
    spot, values = Spot(0.5), [0.3, 1.4]
    found = sd.hvp(growing, (spot, values), (Spot(1.0), [1.0, 2.0]))
    # of 0.09 x^2 v^2, along (1, 2)
    assert found[1] == pytest.approx([0.0, 0.18 * (2 * 0.5 * 1.4 + 0.25 * 2)])
    assert found[0].x == pytest.approx(0.18 * (1.4**2 + 2 * 0.5 * 1.4 * 2))
    assert values == pytest.approx([0.21, 1.4, 0.5])


@pytest.mark.filterwarnings("ignore::s2sdiff.ZeroDerivativeWarning")
def test_products_of_a_constant_that_grows_a_list():
    found = sd.hvp(growing_of_nothing, (Spot(0.5), [0.3, 1.4]), (Spot(1.0), [1.0, 2.0]))
    assert found[0].x == 0.0 and found[1] == [0.0, 0.0]


HELD = {"a": np.ones(2)}


def of_held(s, a):
    return s**3 * np.sum(a * a) * np.max(HELD["a"])


def along_held(s, a):
    return sd.jvp(of_held, (s, a), (1.0, np.array([0.5, -1.0])))[1]


def along_one_of(s, a):
    total = 0.0
    for f in [of_held, of_held]:
        total += 0.5 * sd.jvp(f, (s, a), (1.0, np.array([0.5, -1.0])))[1]
    return total


@pytest.mark.parametrize("f", [along_held, along_one_of])
def test_what_a_directional_derivative_reads_outside_stays(f, monkeypatch):
    a = np.array([1.2, 0.7])
    monkeypatch.setitem(HELD, "a", a[...])  # a view of the argument
    s, m, d = 0.5, 1.2, np.array([0.5, -1.0])
    s_bar, a_bar = sd.grad(f, (0, 1))(s, a)
    # 3 s^2 m a.a + 2 s^3 m a.d, where m does not move
    assert s_bar == pytest.approx(6 * s * m * (a @ a) + 6 * s**2 * m * (a @ d))
    np.testing.assert_allclose(a_bar, 6 * s**2 * m * a + 2 * s**3 * m * d)


weighed = functools.partial(lambda a, x: a * math.tanh(x), 0.7)


def turned(items, x):
    items.reverse()
    return items[0]


def finally_scaled(pair, spot):
    x = pair[0][-1]
    try:
        t = weighed(x)
        x = 0.94 * x
        if x > 0.25:
            1 // 0
        pair[0][0] = math.sin(spot.x)
    except ZeroDivisionError:
        t = math.sin(t) + 0.3 * turned([x, x], x)
    finally:
        t = 0.8 * t
    return 0.7 * t + pair[0][0] * spot.x


def test_a_refusal_is_not_hidden_by_what_a_finally_raises_that_comes_after_it():
    def first(x, y):
        return np.array([0.56 * (math.cos(0.7 * math.tanh(x)) * 0.7 / math.cosh(x) ** 2 + 0.282)
                         + y, x])

    found = sd.hvp(finally_scaled, (([0.7], 0.3), Spot(0.4)), (([1.0], 0.5), Spot(-1.0)))
    h = 1e-5
    slope = (first(0.7 + h, 0.4 - h) - first(0.7 - h, 0.4 + h)) / (2 * h)
    assert [found[0][0][0], found[1].x] == pytest.approx(list(slope), rel=1e-7)
