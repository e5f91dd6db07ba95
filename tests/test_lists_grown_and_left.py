"""Lists that grow in a loop, of which the caller gets nothing but what others were made of."""

import numpy as np
import pytest

import s2sdiff as sd


def leapfrog(p):
    xs = [p[0]]
    vs = [p[1]]
    for _ in range(4):
        vs.append(vs[-1] - 0.3 * xs[-1])
        xs.append(xs[-1] + 0.1 * vs[-1])
    return xs[-1]


def positions(p):
    xs = [p[0]]
    vs = [p[1]]
    for _ in range(4):
        vs.append(0.7 * vs[-1])
        xs.append(xs[-1] + 0.1 * vs[-1])
    return np.sum(np.array(xs) ** 2)


def summed(p):
    vs = [p[0]]
    total = 0.0
    for _ in range(3):
        vs.append(2.0 * vs[-1] + p[1])
        total += vs[-1] * vs[0]
    return total


def of_floats(p):
    one = [float(p[0])]
    two = [float(p[1])]
    three = [0.5]
    for k in range(4):
        one.append(two[-1] * three[-1])
        two.append(three[-1] + 0.1 * one[-1])
        three.append(0.3 * one[-2] + k)
    return three[-1]


def in_a_while(p):
    vs = [p[0]]
    t = 0.9
    while len(vs) < 5:
        vs.append(1.3 * vs[-1] + p[1])
        t = t * vs[-1]
        if t > 50.0:
            break
    return t


def begun_again(p):
    t = 0.0
    for k in range(3):
        vs = [p[0]]
        for i in range(3):
            vs.append(1.2 * vs[-1] + k * p[1])
            t += vs[i]
    return t


def of_arrays(p):
    states = [p]
    total = 0.0
    for _ in range(3):
        states.append(np.sin(states[-1]) * p[1])
        total += states[-1][0] * states[-2][1]
    return total


PROGRAMS = [leapfrog, positions, summed, of_floats, in_a_while, begun_again, of_arrays]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda f: f.__name__)
def test_what_only_its_maker_reads_has_a_cotangent(program):
    p, moves = np.array([0.61, 0.83]), np.eye(2)
    slopes = [(program(p + 1e-6 * m) - program(p - 1e-6 * m)) / 2e-6 for m in moves]
    value, pullback = sd.vjp(program, p)
    assert value == program(p)
    for gradient in (sd.grad(program)(p), pullback(1.0), pullback(1.0),
                     [sd.jvp(program, (p,), (m,))[1] for m in moves]):
        assert np.allclose(gradient, slopes, rtol=1e-6)
    assert np.array_equal(p, [0.61, 0.83])


def items_that_all_are_one(y, z):
    parts = [y for _ in range(3)]
    return sum(part for part in parts) / z


def items_that_are_picked(y, z):
    items, total = [y, 2 * y], 0.0
    for k in range(2):
        total += items[k] * z
    return total


def items_that_are_written(y, z):
    items = []
    for k in range(3):
        items.append(y * k)
    for k in range(3):
        items[k] = items[k] * z
    return items[0] + items[1] * items[2]


@pytest.mark.parametrize("f", [items_that_all_are_one, items_that_are_picked,
                               items_that_are_written])
@pytest.mark.parametrize("at", [(1.3, np.float64(0.7)), (np.float64(1.3), 0.7), (1.3, 0.7)])
def test_a_float_has_a_float_beside_numbers_of_numpy(f, at):
    _, pullback = sd.vjp(f, *at)
    for found in (pullback(1.0), sd.grad(f, wrt=(0, 1))(*at)):
        assert [type(g) for g in found] == [type(x) for x in at]
