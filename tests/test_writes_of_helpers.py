"""What helpers of methods that run unseen write: what is made for them is nobody else's."""

import numpy as np
import pytest

from s2sdiff.runtime import suspects
from tests.right_or_refused import right_or_refused


def degrees_of(degrees=0.0, radians=0.0, minutes=()):
    if radians:
        degrees += np.degrees(radians)
    for i, m in enumerate(minutes):
        i += 1
        degrees += m / (60.0 * i)
    return degrees


class Place:
    """Its text is made by a helper that adds to what it was given."""

    def __init__(self, x):
        self.x = x

    def __str__(self):
        return str(degrees_of(degrees=abs(self.x), minutes=[1]))


class Shown(Place):
    """The helper adds to an array that the object has."""

    def __str__(self):
        return str(degrees_of(self.x, 1.0))


class Base:
    def __init__(self, x, **options):
        options["kept"] = 1
        self.x, self.kept = x, options["kept"]


class Derived(Base):
    """The constructor of its base is called by its name; sums are made by the class itself."""

    def __init__(self, x):
        Base.__init__(self, x, wanted=2)

    def copy(self):
        return self.__class__(self.x)

    def __add__(self, other):
        made = self.copy()
        made.x = made.x + other
        return made

    def __sub__(self, other):
        made = type(self)(self.x)
        made.x = made.x - other
        return made


class Scaling(Base):
    """The constructor scales what others have, too."""

    def __init__(self, x):
        Base.__init__(self, x)
        scale(self)

    def __add__(self, other):
        return Scaling(self.x)


def scale(owner):
    owner.x *= 2.0


class Tally(dict):
    """Sums are copies, made by a class method, to which is added."""

    @classmethod
    def of(cls, items):
        made = cls()
        for key, value in items:
            made[key] = value
        return made

    def __add__(self, other):
        made = Tally.of(self.items())
        fill(made, other)
        return made


def fill(table, value):
    table["more"] = value


def new_table(count):
    made = np.zeros(count)
    made[0] = 1.0
    return made


class Table:
    """What a function gives is made there."""

    def __init__(self, x):
        self.x = x

    def __getitem__(self, key):
        found = new_table(3)
        found[key] = 2.0
        return self.x * found[key]

    def __len__(self):
        return int(np.sum(increased(x=self.x)))


def increased(**options):
    options["x"] += 1.0
    return options["x"]


class Filling(Table):
    def __getitem__(self, key):
        fill(self.x, 1.0)
        return 1.0


@pytest.mark.parametrize("cls, name, found", [
    (Place, "__str__", False), (Shown, "__str__", True), (Derived, "__add__", False),
    (Derived, "__sub__", False), (Scaling, "__add__", True), (Tally, "__add__", False),
    (Table, "__getitem__", False), (Filling, "__getitem__", True), (Table, "__len__", True)],
    ids=lambda value: getattr(value, "__name__", str(value)))
def test_what_helpers_write_unseen(cls, name, found):
    assert (name in suspects.judge(cls)) is found


def test_objects_whose_helpers_write_what_is_theirs_are_right_or_refused():
    def f(x):
        held = [Place(x), Derived(x * x), Table(x)]
        known = {str(held[0]): x}
        grown = (held[1] + x) - 2.0 * x
        tally = Tally.of([("a", x)]) + x ** 3
        return held[0].x * held[2][1] * len(known) * grown.x * held[1].x + tally["more"]

    # Beside classes of other programs whose methods of these names write, it may be refused.
    right_or_refused(f)


def test_an_array_to_which_a_helper_adds_is_right_or_refused():
    def f(x):
        held = [Shown(x * np.ones(2))]
        text = f"{held[0]}"
        return np.sum(held[0].x) * x * len(text[:1])

    right_or_refused(f)
    right_or_refused(lambda x: np.sum((Scaling(x * np.ones(2)) + 1.0).x) * x)
