"""Classes that ask others write only where what they ask does, whatever else was met before."""

import pytest

import s2sdiff as sd
from tests.right_or_refused import right_or_refused


class Draining:
    """Each read of an item takes from what is left."""

    def __init__(self, level):
        self.level = level

    def __getitem__(self, i):
        if i == 2:
            raise IndexError(i)
        self.level = self.level * 0.5
        return self.level


def test_a_class_made_inside_may_walk_over_others_where_another_class_writes():
    def drained(x):
        tank = Draining(x)
        return tank[0] * tank[1]

    assert sd.grad(drained)(0.7) == pytest.approx(2 * 0.7 / 8, rel=1e-12)

    def walked(x):
        class Group:
            def __init__(self, *items):
                self.items = items

            def __iter__(self):
                return iter(self.items)

        total = 0.0
        for item in Group(x, x * x):
            total += 0.5 * item
        return total

    for _ in range(2):
        assert sd.grad(walked)(0.7) == pytest.approx(0.5 + 0.7, rel=1e-12)
        assert sd.jvp(walked, (0.7,), (1.0,))[1] == pytest.approx(1.2, rel=1e-12)


def test_what_a_loop_asks_of_others_writes_only_if_they_do():
    class Group:
        def __init__(self, *items):
            self.items = items

        def __iter__(self):
            return iter(self.items)

    class Emptied:
        def __init__(self, level):
            self.level = level

        def __next__(self):
            self.level = 0.5 * self.level
            if self.level < 0.1:
                raise StopIteration
            return self.level

        def __iter__(self):
            return self

    def added(items):
        total = 0.0
        for item in items:
            total = 0.7 * total + item
        return total

    def walked(x, make):
        return added(make(x, 3.0 * x))

    def emptied(x):
        it = Emptied(x)
        return next(it) + it.level

    assert sd.grad(emptied)(0.7) == pytest.approx(1.0, rel=1e-12)
    for _ in range(2):
        assert sd.grad(walked)(0.7, Group) == pytest.approx(3.7, rel=1e-12)
        right_or_refused(lambda x: walked(x, lambda a, b: Group(*Emptied(a))))
        right_or_refused(lambda x: added(Group(Emptied(x)).items[0]))


def test_a_class_made_inside_that_lets_another_write_is_right_or_refused():
    def walked(x, y):
        class Group:
            def __init__(self, *items):
                self.items = items

            def __iter__(self):
                return iter([part for item in self.items for part in item])

        tank = Draining(x)
        total = y
        for item in Group(tank):
            total += item * tank.level
        return total

    for _ in range(2):
        right_or_refused(lambda x: walked(x, 0.0))
