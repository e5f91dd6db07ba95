"""Loops over objects that only the run tells, and that generators walk over."""

import pytest

import s2sdiff as sd
from tests.slopes import slope


class Writing:
    """What walks over it is given by a method, goes on after each round, and writes."""

    def __init__(self, a, b):
        self.items = [a, b]

    def scaled(self, k):
        for item in self.items:
            yield item * k
        self.items[1] = 0.5 * self.items[0]

    def __iter__(self):
        return self.scaled(0.5)


class Reading:
    def __init__(self, a, b):
        self.items = [a, b]

    def __iter__(self):
        yield self.items[0] * 3.0
        yield self.items[1] * self.items[0]


def walked(x, cls):
    made, total = cls(x, 2.0 * x), 0.0
    for item in made:
        total += item * item
    return total + made.items[1]


def written_meanwhile(x, cls):
    made, total = cls(x, 2.0 * x), 0.0
    for item in made:
        total += item * item
        made.items[1] = made.items[1] * x
    return total + made.items[1]


def left_early(x, cls):
    made, total = cls(x, 2.0 * x), 0.0
    for item in made:
        total += item * item
        if total > x:
            break
    return total + made.items[1]


def a_set_meanwhile(x, cls):
    total = 0.0
    for each in [{x, 2.0 * x}, cls(x, x)]:
        for item in each:
            total = total * 0.5 + item * item
    return total


def of_a_class_inside(x, _):
    class Inside:
        def __init__(self, a, b):
            self.items = [a, b]

        def scaled(self, k):
            for item in self.items:
                yield item * k
            self.items[1] = 0.5 * self.items[0]

        def __iter__(self):
            return self.scaled(0.5)

    return walked(x, Inside)


@pytest.mark.parametrize("cls", (Writing, Reading))
@pytest.mark.parametrize("f", (walked, written_meanwhile, left_early, a_set_meanwhile,
                               of_a_class_inside))
def test_a_loop_over_an_unknown_object_goes_along_with_its_generator(f, cls):
    expected = slope(lambda x: f(x, cls), 1.3)
    value, pullback = sd.vjp(f, 1.3, cls)
    assert value == f(1.3, cls)
    assert pullback(1.0)[0] == pullback(1.0)[0] == pytest.approx(expected, rel=1e-7)
    assert sd.jvp(f, (1.3, cls), (1.0, None))[1] == pytest.approx(expected, rel=1e-7)
