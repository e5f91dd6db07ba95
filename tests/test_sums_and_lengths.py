"""`math.fsum`, `prod`, `hypot` and `dist` of lists, pairs and coordinates, in both modes."""

import math

import pytest

import s2sdiff as sd
from tests.slopes_of_lists import check_is_plain, check_list


def steps(xs):
    return sum(math.hypot(a, b) for a, b in zip(xs, xs[1:])) + math.hypot(xs[0], 2.0)


def path(xs):
    points = [(x, x * x) for x in xs]
    total = sum(math.dist(p, q) for p, q in zip(points, points[1:]))
    return total + sum(math.dist(p, (0, 0.5)) for p in points)


def in_space(xs):
    return math.dist((xs[0], xs[1], 1), [0.0, xs[2], xs[3]])


def exact(xs):
    return math.fsum(x * x for x in xs) * math.fsum(xs)


def products(xs):
    return math.prod(x + 1.0 for x in xs) + math.prod(xs[:2], start=xs[3]) + \
        math.prod([x for x in xs if x > 100.0])


def of_any_length(xs):
    return math.hypot(*xs) + math.hypot(*[x * x for x in xs]) + math.dist(xs[:3], xs[3:])


FAST = [steps, in_space, exact]


@pytest.mark.parametrize("f", [*FAST, path, products, of_any_length])
def test_sums_and_lengths_have_the_slopes_of_difference_quotients(f):
    check_list(f)


@pytest.mark.parametrize("f", FAST)
def test_sums_and_lengths_are_written_out(f):
    check_is_plain(f)


def test_distances_of_whole_numbers_are_those_that_c_computes():
    far = 2**60 + 1

    def f(x):
        return math.dist((far, x), (2**60, 0.0))

    for run in (lambda: sd.value_and_grad(f)(0.5), lambda: sd.jvp(f, (0.5,), (1.0,))):
        value, slope = run()
        assert value == f(0.5) == 0.5
        assert slope == 1.0


@pytest.mark.parametrize("points", [((0.5,), (1.0, 2.0)), ((1.0, 2.0, 0.5), (1.0, 2.0))])
def test_points_of_other_dimensions_raise_what_they_raise(points):
    def f(x):
        p, q = points
        return math.dist((x, *p), q) + math.dist((x, 1.0), (x, 1.0, 2.0))

    for run in (f, sd.grad(f), lambda x: sd.jvp(f, (x,), (1.0,))):
        with pytest.raises(ValueError, match="same number of dimensions"):
            run(0.5)


def test_nothing_has_no_direction():
    assert sd.grad(lambda x: math.hypot(x, 0.0 * x))(0.0) == 0.0
    assert sd.jvp(lambda x: math.dist((x, 1.0), (0.0, 1.0)), (0.0,), (1.0,))[1] == 0.0
    assert sd.jvp(lambda x: math.dist([x] * 4, [0.0] * 4), (0.0,), (1.0,))[1] == 0.0


def test_second_derivatives_of_lengths_and_products():
    def twice(f, x):
        return sd.jvp(lambda t: sd.jvp(f, (t,), (1.0,))[1], (x,), (1.0,))[1]

    def r(x):
        return math.hypot(x, 2.0)

    for second in (sd.grad(sd.grad(r))(0.7), sd.jvp(sd.grad(r), (0.7,), (1.0,))[1], twice(r, 0.7)):
        assert second == pytest.approx(4.0 / math.hypot(0.7, 2.0) ** 3, rel=1e-12)
    assert twice(lambda x: math.prod([x, x, 3.0]), 0.7) == pytest.approx(6.0, rel=1e-12)
