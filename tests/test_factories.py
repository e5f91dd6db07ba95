"""Functions and objects that functions give: what they do is written where they are called."""

import math

import numpy as np
import pytest

import s2sdiff as sd
from tests.from_text import run_text
from tests.slopes import check


def scaled(k):
    def f(x):
        return k * x

    return f


def composed(f, g):
    return lambda x: f(g(x))


def curried(a):
    def of_b(b):
        def of_c(c):
            return a * b * c + math.sin(b)

        return of_c

    return of_b


def shifted(k, by=1.0):
    k = k * k
    offset = by + k

    def f(x, up=0.0):
        return math.sin(k * x) + offset + up

    return f


def of_another(k):
    return shifted(k, 2.0)


class Line:
    def __init__(self, slope, start=0.5):
        self.slope, self.start = slope, start

    def __call__(self, x):
        return self.slope * x + self.start

    def moved(self, by):
        return Line(self.slope, self.start + by)


def line(slope):
    made = Line(slope * 2.0)
    made.start = slope
    return made


def counter():
    total = 0.0

    def add(x):
        nonlocal total
        total += x * x
        return total

    return add


def chosen(k):
    if k > 0.5:
        return scaled(k)
    return scaled(2.0 * k)


def model(k, rates):
    def f(t):
        total = 0.0
        for rate in rates:
            total += math.exp(-rate * t) * k
        return total

    return f


def called_at_once(x):
    return scaled(x)(2.0)


def called_in_a_loop(x):
    f, total = scaled(x), 0.0
    for i in range(4):
        total += f(i * 0.5) * f(x)
    return total


def made_in_a_loop(x):
    total, k = 0.0, x
    for i in range(3):
        f = shifted(k)
        k = k * 1.5 + i
        total += f(x) + f(k, up=k)
    return total


def called_after_the_loop(x):
    k, f = x, scaled(x)
    for i in range(3):
        f = scaled(k)
        k = k * k + i
    return f(k)


def of_two(x):
    return composed(scaled(x), composed(math.sin, shifted(x)))(0.3)


def one_by_one(x):
    part = curried(x)(2.0 * x)
    return part(3.0) * part(x)


def through_another(x):
    return of_another(x)(0.7) + of_another(0.3)(x, x)


def of_an_object(x):
    made = line(x)
    return made(x) * made.moved(x)(2.0)


def of_a_counter(x):
    add = counter()
    add(x)
    add(2.0 * x)
    return add(x)


def of_a_choice(x):
    return chosen(x)(x) + chosen(0.2)(x)


def of_a_model(x):
    f = model(x, [0.1, x, 2.0])
    return sum([(f(t) - 1.0) ** 2 for t in [0.0, 0.5, 1.0]])


def of_a_variable_bound_anew(x):
    k = x
    f = scaled(k)
    k = 5.0 * x
    return f(k) + scaled(k)(x)


def of_an_array_that_is_written(x):
    a = np.array([x, 2.0])
    f = summed(a)
    first = f(x)
    a[1] = x * x
    return first * f(2.0)


def summed(a):
    def f(x):
        return np.sum(a) * x

    return f


CASES = [called_at_once, called_in_a_loop, made_in_a_loop, called_after_the_loop, of_two,
         one_by_one, through_another, of_an_object, of_a_counter, of_a_choice, of_a_model,
         of_a_variable_bound_anew, of_an_array_that_is_written]


@pytest.mark.parametrize("f", CASES, ids=lambda f: f.__name__)
def test_they_agree_with_differences(f):
    check(f)
    slope = (f(0.7 + 1e-6) - f(0.7 - 1e-6)) / 2e-6
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(slope, rel=1e-6)
    second = (sd.grad(f)(0.7 + 1e-5) - sd.grad(f)(0.7 - 1e-5)) / 2e-5
    assert sd.grad(sd.grad(f))(0.7) == pytest.approx(second, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("f", [
    called_at_once, called_in_a_loop, made_in_a_loop, one_by_one, through_another, of_an_object,
    of_a_model, of_a_variable_bound_anew], ids=lambda f: f.__name__)
def test_what_they_do_is_plain_code(f):
    text = sd.source(f, mode="grad", args=(0.7,))
    for word in ("place", "rt.call", "cell", "bars"):
        assert word not in text


def test_another_factory_is_noticed():
    def first(k):
        return lambda x: k * x

    def second(k):
        return lambda x: k * k * x

    scope = {}
    text = "def loss(k):\n    return make(k)(3.0)\n"
    run_text(text, "factory.py", scope)
    scope["make"] = first
    assert sd.grad(scope["loss"])(2.0) == 3.0
    scope["make"] = second
    assert sd.grad(scope["loss"])(2.0) == 12.0
    first.__code__ = second.__code__
    scope["make"] = first
    assert sd.grad(scope["loss"])(2.0) == 12.0


def bound_anew_later(x):
    k = x

    def f(y):
        return k * y

    first = f(2.0)
    k = x * x
    return first * f(3.0)


def bound_anew_in_a_loop(x):
    k, total = x, 0.0

    def f(y):
        return k * y

    for i in range(3):
        total += f(x)
        k = k * total + i
    return total + f(1.0)


def bound_anew_on_one_way(x):
    k = x

    def f(y):
        return k + y * k

    if f(x) > 0.5:
        k = 2.0 * x
    return f(x)


def bound_later(x):
    def f(y):
        return k * y

    k = x * x
    return f(x)


def bound_anew_in_a_factory(x):
    return given_before_it_is_bound(x)(1.5) * captured_twice(x)(1.5)


def given_before_it_is_bound(k):
    def f(y):
        return k * y

    f(2.0)
    k = k * k
    return f


def captured_twice(k):
    def of_y(y):
        def of_z(z):
            return k * z * y

        return of_z

    made = of_y(2.0)
    k = k * k
    return made


def named_alike_inside(x):
    def f(p, q=0.5):
        p = sum(map(lambda p, s=1.1: p * s, [0.4, p]))
        return p * q

    return f(x) * f(x, x)


def recursive_inside(x):
    def f(y, n):
        return y if n == 0 else x * f(y * y, n - 1)

    return f(x, 3)


@pytest.mark.parametrize("f", [bound_anew_later, bound_anew_in_a_loop, bound_anew_on_one_way,
                               bound_later, bound_anew_in_a_factory, recursive_inside,
                               named_alike_inside], ids=lambda f: f.__name__)
def test_functions_see_what_their_variables_are_bound_to_then(f):
    check(f)
    slope = (f(0.7 + 1e-6) - f(0.7 - 1e-6)) / 2e-6
    assert sd.jvp(f, (0.7,), (1.0,))[1] == pytest.approx(slope, rel=1e-6)


def an_attribute_named_like_what_is_captured(x):
    f = scaled(x)
    try:
        factor = f.k
    except AttributeError:
        factor = 2.0
    return f(x) * factor


def test_what_a_function_captures_is_no_attribute_of_it():
    check(an_attribute_named_like_what_is_captured)

    def written(x):
        f = scaled(x)
        f.k = 5.0
        return f(x) + f.k * x

    with pytest.raises(sd.UnsupportedError, match=r"\.k of a function"):
        sd.grad(written)(0.7)


LINES: list[str] = []


def telling(scale):
    shift = 0.25 * 4

    def told(x):
        LINES.append(f"{shift:.2f} {scale}")
        f"{shift}"  # noqa: B018
        while x > 0.2:
            x = 0.5 * x
        return x * shift

    return told


def tells_what_it_has_captured(x):
    told = telling("a")
    return told(x) + telling("b")(x * x)


def test_texts_name_what_a_function_has_captured():
    f = tells_what_it_has_captured
    f(0.7)
    lines = [*LINES]
    LINES.clear()
    value, pullback = sd.vjp(f, 0.7)
    assert lines == LINES == ["1.00 a", "1.00 b"]
    slope = (f(0.7 + 1e-6) - f(0.7 - 1e-6)) / 2e-6
    LINES.clear()
    assert (value, pullback(1.0)) == pytest.approx((f(0.7), slope), rel=1e-6)
    LINES.clear()
    assert sd.jvp(f, (0.7,), (1.0,)) == pytest.approx((value, slope), rel=1e-6)
    assert lines == LINES
    LINES.clear()
