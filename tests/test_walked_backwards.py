"""`reversed` of objects whose class says in Python what it gives."""

import numpy as np
import pytest

import s2sdiff


class Doubling:
    def __init__(self, *items):
        self.items = list(items)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]

    def __reversed__(self):
        for item in self.items[::-1]:
            yield item * 2


class Tripling(Doubling):
    def __reversed__(self):
        return iter([item * 3 for item in self.items])


class Sequence:
    def __init__(self, *items):
        self.items = list(items)

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]


class OwnList(list):
    def __reversed__(self):
        return iter([self[0] * 2, self[1]])


class Reading(list):
    """`reversed` does not ask it."""

    def __getitem__(self, i):
        return list.__getitem__(self, i) * 2


def a_generator_in_a_loop(x, y):
    total = 0.0
    for item in reversed(Doubling(x, y, 2.0)):
        total = total * x + item
    return total


def an_iterator_that_is_unpacked(x, y):
    a, b, c = reversed(Tripling(x, y, 2.0))
    return a * b * c + sum(reversed(Tripling(x, x)))


def an_iterator_drawn_by_hand(x, y):
    it = reversed(Tripling(x, y, x))
    return next(it) * next(it) * y


def a_list_of_it(x, y):
    items = list(reversed(Doubling(x, y)))
    return items[0] * items[1] + x


def a_sequence_by_its_indices(x, y):
    total = 0.0
    for i, item in enumerate(reversed(Sequence(x, y, 2.0))):
        total += i * item * y
    return total


def a_sequence_that_is_written_meanwhile(x, y):
    sequence = Sequence(x, y, 2.0)
    total = 0.0
    for item in reversed(sequence):
        sequence.items[0] = item * y
        total = total * x + item
    return total


def a_list_of_a_class_of_its_own(x, y):
    items = OwnList([x, y])
    total = 0.0
    for item in reversed(items):
        total = total * x + item
    a, b = reversed(items)
    return total * a * b + sum(k * item for k, item in enumerate(reversed(items)))


def a_list_that_reads_otherwise(x, y):
    return sum(a * b for a, b in zip(reversed(Reading([x, y])), (1.0, x)))


@pytest.mark.parametrize("function", [
    a_generator_in_a_loop, an_iterator_that_is_unpacked, an_iterator_drawn_by_hand, a_list_of_it,
    a_sequence_by_its_indices, a_sequence_that_is_written_meanwhile, a_list_of_a_class_of_its_own,
    a_list_that_reads_otherwise,
])
def test_reversed_gives_what_the_class_says(function):
    at, dots = np.array([0.6, 0.9]), np.array([0.3, -0.7])
    expected = [(function(*(at + h)) - function(*(at - h))) / 2e-6 for h in 1e-6 * np.eye(2)]
    value, found = s2sdiff.value_and_grad(function, wrt=(0, 1))(0.6, 0.9)
    assert value == function(0.6, 0.9)
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-9)
    value, dot = s2sdiff.jvp(function, (0.6, 0.9), (0.3, -0.7))
    assert value == function(0.6, 0.9)
    np.testing.assert_allclose(dot, np.dot(expected, dots), rtol=1e-7, atol=1e-9)
