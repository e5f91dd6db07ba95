"""Problems in which one derivative is taken inside of another, with published answers.

Particle and saddle are those of Pearlmutter and Siskind, "Using Programming Language Theory to Make
Automatic Differentiation Sound and Efficient" (2008): optimisation by gradient descent of what is
itself computed with gradients.
"""

import math

import pytest

import s2sdiff as sd


def potential(x, y, w):
    """Of two charges, of which the control parameter moves one."""
    return (1.0 / math.sqrt((x - 10.0) ** 2 + (y - 10.0 + w) ** 2)
            + 1.0 / math.sqrt((x - 10.0) ** 2 + y**2))


def force_forward(x, y, w):
    return (sd.jvp(potential, (x, y, w), (1.0, 0.0, None))[1],
            sd.jvp(potential, (x, y, w), (0.0, 1.0, None))[1])


def force_reverse(x, y, w):
    return sd.grad(potential, (0, 1))(x, y, w)


def flight(force):
    """Where a particle comes to the ground, squared, as a function of the control parameter."""
    def landing(w):
        x, y, u, v = 0.0, 8.0, 0.75, 0.0
        while y + 0.1 * v > 0.0:
            down_x, down_y = force(x, y, w)
            x, y, u, v = x + 0.1 * u, y + 0.1 * v, u - 0.1 * down_x, v - 0.1 * down_y
        return (x - y / v * u) ** 2

    return landing


def height(a, b, c, d):
    return a * a + b * b - (c * c + d * d)


def depth(c, d, a, b):
    return -height(a, b, c, d)


def slope_forward(c, d, a, b):
    return (sd.jvp(depth, (c, d, a, b), (1.0, 0.0, None, None))[1],
            sd.jvp(depth, (c, d, a, b), (0.0, 1.0, None, None))[1])


def slope_reverse(c, d, a, b):
    return sd.grad(depth, (0, 1))(c, d, a, b)


def descended(f, slope, x, y, a=0.0, b=0.0):
    """Gradient descent whose step doubles after ten good ones, and halves after a bad one."""
    value, (down_x, down_y), step, good = f(x, y, a, b), slope(x, y, a, b), 1e-5, 0
    while math.sqrt(down_x**2 + down_y**2) > 1e-5:
        if good == 10:
            step, good = 2.0 * step, 0
            continue
        next_x, next_y = x - step * down_x, y - step * down_y
        if math.sqrt((next_x - x) ** 2 + (next_y - y) ** 2) <= 1e-5:
            break
        found = f(next_x, next_y, a, b)
        if found < value:
            x, y, value, good = next_x, next_y, found, good + 1
            down_x, down_y = slope(x, y, a, b)
        else:
            step, good = step / 2.0, 0
    return x, y


def highest(slope):
    """The largest of the heights over c and d, found by descent."""
    def found(a, b):
        c, d = descended(depth, slope, 1.0, 1.0, a, b)
        return height(a, b, c, d)

    return found


FORCES = {"f": force_forward, "r": force_reverse}
SLOPES = {"f": slope_forward, "r": slope_reverse}


def slope_of(f, mode, x, *rest):
    """The derivative with respect to the first argument."""
    if mode == "f":
        return sd.jvp(f, (x, *rest), (1.0, *[None] * len(rest)))[1]
    return sd.grad(f)(x, *rest)


def test_the_particle_hits_the_origin():
    landing = flight(force_reverse)
    w, _ = descended(lambda w, *unused: landing(w), lambda w, *unused: (sd.grad(landing)(w), 0.0),
                     0.0, 0.0)
    assert w == pytest.approx(0.20719187464861194, rel=1e-9)


@pytest.mark.parametrize("inner", FORCES)
@pytest.mark.parametrize("outer", FORCES)
def test_the_slope_of_the_flight_in_any_two_modes(outer, inner):
    landing = flight(FORCES[inner])
    expected = (landing(0.1 + 1e-6) - landing(0.1 - 1e-6)) / 2e-6
    assert slope_of(landing, outer, 0.1) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("inner", SLOPES)
@pytest.mark.parametrize("outer", SLOPES)
def test_the_slope_of_the_saddle_in_any_two_modes(outer, inner):
    # The largest value over c and d is a^2 + b^2, up to where the descent ends.
    assert slope_of(highest(SLOPES[inner]), outer, 0.7, 1.0) == pytest.approx(1.4, rel=1e-8)
