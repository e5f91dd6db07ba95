"""Problems in which one derivative is taken inside of another, with published answers.

Particle and saddle are those of Pearlmutter and Siskind, "Using Programming Language Theory to Make
Automatic Differentiation Sound and Efficient" (2008): optimisation by gradient descent of what is
itself computed with gradients.
"""

import math

import pytest

import s2sdiff as sd


def forward(f, x, given):
    """The gradient of a function of a list, by one run of forward mode for each number."""
    found = []
    for i in range(len(x)):
        along = [1.0 if j == i else 0.0 for j in range(len(x))]
        found.append(sd.jvp(f, (x, given), (along, None))[1])
    return found


def reverse(f, x, given):
    return sd.grad(f)(x, given)


MODES = {"f": forward, "r": reverse}


def length(x):
    return math.sqrt(sum([v * v for v in x]))


def argmin(f, x, given, gradient):
    """Gradient descent whose step doubles after ten good ones, and halves after a bad one."""
    value, slope, step, good = f(x, given), gradient(f, x, given), 1e-5, 0
    while length(slope) > 1e-5:
        if good == 10:
            step, good = 2.0 * step, 0
            continue
        after = [v - step * g for v, g in zip(x, slope)]
        if length([a - v for a, v in zip(after, x)]) <= 1e-5:
            break
        found = f(after, given)
        if found < value:
            x, value, slope, good = after, found, gradient(f, after, given), good + 1
        else:
            step, good = step / 2.0, 0
    return x


def potential(place, w):
    """Of two charges, of which the control parameter moves one."""
    x, y = place
    return (1.0 / math.sqrt((x - 10.0) ** 2 + (y - 10.0 + w) ** 2)
            + 1.0 / math.sqrt((x - 10.0) ** 2 + y ** 2))


def flight(ws, gradient):
    """Where a particle comes to the ground, squared."""
    place, speed = [0.0, 8.0], [0.75, 0.0]
    while True:
        slope = gradient(potential, place, ws[0])
        after = [place[0] + 0.1 * speed[0], place[1] + 0.1 * speed[1]]
        if after[1] <= 0.0:
            break
        place, speed = after, [speed[0] - 0.1 * slope[0], speed[1] - 0.1 * slope[1]]
    left = -place[1] / speed[1]
    return (place[0] + left * speed[0]) ** 2


def height(p, q):
    return p[0] * p[0] + p[1] * p[1] - (q[0] * q[0] + q[1] * q[1])


def depth(q, p):
    return -height(p, q)


def highest(p, gradient):
    """The largest of the heights over q, found by descent inside of what is differentiated."""
    return height(p, argmin(depth, [1.0, 1.0], p, gradient))


@pytest.mark.parametrize("inner", MODES)
@pytest.mark.parametrize("outer", MODES)
def test_the_particle_hits_the_origin(outer, inner):
    (w,) = argmin(flight, [0.0], MODES[inner], MODES[outer])
    assert w == pytest.approx(0.20719187464861194, rel=1e-9)


@pytest.mark.parametrize("inner", MODES)
@pytest.mark.parametrize("outer", MODES)
def test_the_saddle_point_is_found_by_descent_inside_of_descent(outer, inner):
    p = argmin(highest, [1.0, 1.0], MODES[inner], MODES[outer])
    q = argmin(depth, [1.0, 1.0], p, MODES[outer])
    assert [*p, *q] == pytest.approx([8.246324826140356e-06] * 4, rel=1e-9)
