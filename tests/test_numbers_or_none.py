"""Variables that are None until they are numbers: plain code, and right, in both modes."""

import inspect
import math

import numpy as np
import pytest

import s2sdiff as sd


def least(x, y):
    best = None
    for k in range(4):
        t = math.sin(x * k) + y
        if best is None or t < best:
            best = t
    return best * x


def least_or_nothing(x, y):
    best = None
    for k in range(3):
        t = x * k - y
        if t > 0.0 and (best is None or t < best):
            best = t
    if best is None:
        return x * y
    return best * y


def most_by_index(x, y):
    best, at = None, None
    xs = [x * y, math.sin(x), x + y]
    for k in range(3):
        if best is None or xs[k] > best:
            best, at = xs[k], k
    return best * xs[at]


def differences(x, y):
    before, total = None, 0.0
    for k in range(5):
        now = math.sin(k * x) * y
        total += 0.0 if before is None else (now - before) ** 2
        before = now
    return total


def differences_without_asking(x, y):
    before, total = None, 0.0
    for k in range(5):
        now = math.sin(k * x) * y
        if k > 0:
            total += (now - before) / y
        before = now
    return total


def smoothed(x, y):
    level = None
    for k in range(4):
        seen = x * k + y
        level = seen if level is None else 0.3 * seen + 0.7 * level
    return level * x


def asked_the_other_way(x, y):
    level = None
    for k in range(4):
        if level is not None and k != 2:
            level = 0.5 * level * y
        elif not level:
            level = x
    return level + x


def asked_by_truth(x, y):
    level = None
    for _ in range(3):
        if level:
            level *= y
        else:
            level = x
    return level


def asked_by_class(x, y):
    level = None
    for _ in range(3):
        if isinstance(level, float):
            level = level * y + x
        else:
            level = x
    return level


def raised_otherwise(x, y):
    level = None
    if y > 0.1:
        level = x * y
    if level is None:
        raise ValueError("nothing")
    return level * x


def bound_in_rounds(x, y):
    total = 0.0
    for k in range(3):
        first = None
        for j in range(3):
            if j >= k:
                if first is None:
                    first = x * j
                else:
                    first = first * y
        if first is not None:
            total += first
    return total


def bound_to_none_again(x, y):
    level, total = None, 0.0
    for k in range(6):
        if level is None:
            level = x * k
        else:
            total += level * y
            level = None
    return total + (0.0 if level is None else level)


def in_a_while(x, y):
    root, steps = None, 0
    while root is None or steps < 4:
        root = y if root is None else 0.5 * (root + x / root)
        steps += 1
    return root


def numbers_of_numpy(x, y):
    best = None
    v = np.array([x, y, x * y])
    for k in range(3):
        t = v[k] * v[0]
        if best is None or t < best:
            best = t
    return best * y


def both_asked(x, y):
    a, b = None, None
    for k in range(4):
        if a is not None and b is not None:
            a, b = a * b, a + b
        elif k == 1:
            b = y
        elif a is None:
            a = x
    return a * b


def found_late(x, y):
    hit = None
    for k in range(5):
        t = x * k - y
        if t > 0.4:
            hit = t
            break
    return 0.1 * x if hit is None else hit ** 2


class Controller:
    def __init__(self, gain):
        self.gain, self.before = gain, None

    def of(self, error):
        slope = 0.0 if self.before is None else error - self.before
        self.before = error
        return self.gain * error + 0.3 * slope


def controlled(x, y):
    controller, state = Controller(y), x
    for _ in range(5):
        state -= 0.1 * controller.of(state)
    return state


class Sphere:
    def __init__(self, at, radius):
        self.at, self.radius = at, radius

    def hit(self, slope):
        inside = self.radius ** 2 - (slope * self.at) ** 2
        if inside < 0.0:
            return None
        return self.at - math.sqrt(inside)


def traced(x, y):
    spheres, total = [Sphere(4.0 + x, y), Sphere(3.0, 0.5 * y)], 0.0
    for k in range(5):
        nearest = None
        for sphere in spheres:
            t = sphere.hit(0.1 * k)
            if t is not None and (nearest is None or t < nearest):
                nearest = t
        if nearest is not None:
            total += 1.0 / nearest
    return total


def shared_by_two_names(x, y):
    a = None
    for k in range(3):
        b = a
        if a is None:
            a = x * y
        else:
            a = a * y + b
    return a


def given_to_a_helper(x, y):
    best = None
    for k in range(3):
        best = lower(best, math.cos(x + k) * y)
    return best * x


def lower(best, t):
    return t if best is None or t < best else best


def handed_back_by_a_helper(x, y):
    total = 0.0
    for k in range(4):
        t = root_of(x - k * y)
        if t is not None:
            total += t * y
    return total


def root_of(t):
    for _ in range(2):
        if t < 0.0:
            return None
    return math.sqrt(t)


def in_a_tuple(x, y):
    pair = None, x
    for _ in range(3):
        one, two = pair
        pair = (two * y if one is None else one * two), two
    return pair[0]


CASES = [f for n, f in list(vars().items()) if inspect.isfunction(f) and list(
    inspect.signature(f).parameters) == ["x", "y"]]
#: Of these the derivative is the text that was asked for, with no call by place in it.
PLAIN = [f for f in CASES if f not in (given_to_a_helper, handed_back_by_a_helper, in_a_tuple)]
POINTS = [(1.3, 0.7), (0.6, 0.9), (2.2, 0.3)]


def slopes(f, at):
    h = 1e-6
    return [(f(at[0] + h, at[1]) - f(at[0] - h, at[1])) / (2 * h),
            (f(at[0], at[1] + h) - f(at[0], at[1] - h)) / (2 * h)]


@pytest.mark.parametrize("f", CASES)
@pytest.mark.parametrize("at", POINTS)
def test_derivatives(f, at):
    expected = slopes(f, at)
    assert sd.grad(f, wrt=(0, 1))(*at) == pytest.approx(expected, rel=1e-6, abs=1e-8)
    value, pullback = sd.vjp(f, *at)
    assert value == f(*at)
    for _ in range(2):
        assert pullback(2.0) == pytest.approx([2.0 * s for s in expected], rel=1e-6, abs=1e-8)
    value, tangent = sd.jvp(f, at, (0.3, -0.5))
    assert value == f(*at)
    assert tangent == pytest.approx(0.3 * expected[0] - 0.5 * expected[1], rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("f", [least, differences, smoothed, controlled, traced])
def test_second_derivatives(f):
    at, h = POINTS[1], 1e-5
    gradient = sd.grad(f, wrt=(0, 1))
    expected = [(np.array(gradient(*np.add(at, s))) - gradient(*np.subtract(at, s))) / (2 * h)
                for s in h * np.eye(2)]
    found = sd.hessian(f, wrt=(0, 1))(*at)
    np.testing.assert_allclose(np.array(found), expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("f", PLAIN)
@pytest.mark.parametrize("mode", ["grad", "vjp", "jvp"])
def test_text_is_plain(f, mode):
    text = sd.source(f, wrt=(0, 1), mode=mode, args=POINTS[0])
    assert "by_place" not in text and "rt.call" not in text


def none_in_arithmetic(x):
    before = None
    if x > 10.0:
        before = x
    return before * x


def none_at_last(x):
    before = x
    for _ in range(2):
        before = None if before is not None and x > 0.0 else before
    return -before


def none_in_a_comparison(x):
    before = None
    for k in range(2):
        if before < x:
            before = x * k
    return before


def none_for_mathematics(x):
    before = None
    if x > 10.0:
        before = x
    return math.sqrt(before)


@pytest.mark.parametrize("f", [none_in_arithmetic, none_at_last, none_in_a_comparison,
                               none_for_mathematics])
def test_none_raises_what_python_raises(f):
    with pytest.raises(TypeError) as plain:
        f(1.5)
    calls = (lambda: sd.grad(f)(1.5), lambda: sd.vjp(f, 1.5), lambda: sd.jvp(f, (1.5,), (1.0,)))
    for call in calls:
        with pytest.raises(TypeError) as found:
            call()
        assert str(found.value) == str(plain.value)


class Either:
    """It is added to None, and says what that is."""

    def __init__(self, x):
        self.x = x

    def __add__(self, other):
        return self.x if other is None else self.x * other


def added_to_what_takes_none(x):
    seen, total = None, 0.0
    made = [Either(x), Either(0.5 * x)]
    for each in made:
        total += each + seen
        seen = x if seen is None else None
    return total


def test_what_takes_none_may_be_given_none():
    assert sd.grad(added_to_what_takes_none)(1.5) == pytest.approx(1.0 + 1.5)
    assert sd.jvp(added_to_what_takes_none, (1.5,), (1.0,))[1] == pytest.approx(1.0 + 1.5)


def weighed(x, hi):
    bound = None
    for k in range(2):
        bound = hi if k else None
        x = np.clip(x * 1.5, -0.5, bound)
    return np.sum(x * x)


def test_options_that_may_be_none_stay_so():
    x, h = np.array([0.4, -0.2, 0.9]), 1e-6
    expected = [(weighed(x + s, 1.2) - weighed(x - s, 1.2)) / (2 * h) for s in h * np.eye(3)]
    np.testing.assert_allclose(sd.grad(weighed)(x, 1.2), expected, rtol=1e-6, atol=1e-8)
