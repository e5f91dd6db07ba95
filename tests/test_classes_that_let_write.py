"""Which classes are held to write unseen, themselves or by way of others, and which are not."""

import dataclasses
import re

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.runtime import suspects
from tests.right_or_refused import right_or_refused


class Keeping:
    """Its hash is kept when it was asked for, whatever way it was made."""

    def __init__(self, x):
        self.x = x

    def _kept(self):
        try:
            return self._hash
        except AttributeError:
            pass
        kept = hash("Keeping")
        for name in ("a", "b"):
            kept = hash((kept, name))
        self._hash = kept
        return kept

    def __hash__(self):
        return self._kept()


class Adding:
    """What it keeps is a number that goes up by another one."""

    def __init__(self, x):
        self.x, self.total = x, 0

    def __len__(self):
        total = 0
        total += self.x
        self.total = total
        return 3


class Named:
    """What is not there is looked for by its name."""

    def __init__(self, x):
        self.x = x

    def __getattr__(self, name):
        if re.match(r"x(\d)$", name) is None:
            raise AttributeError(name)
        return self.x * int(re.sub("x", "", name))


class Renaming(Named):
    """A function that makes text may write."""

    def __getattr__(self, name):
        def noted(found):
            self.__dict__["x"] = self.x * 2.0
            return ""

        re.sub("x", noted, name)
        return 1.0


class Copied:
    """Sums are copies that are written."""

    def __init__(self, x, values):
        self.x, self.values = x, values

    def copy(self):
        return Copied(self.x, self.values)

    def __add__(self, other):
        made = self.copy()
        made.x = made.x + other
        return made


class Sharing(Copied):
    """The copy shares what is changed in place."""

    def grown(self):
        self.values *= 2.0

    def __add__(self, other):
        made = self.copy()
        made.grown()
        return made

    def copy(self):
        return Sharing(self.x, self.values)


@pytest.mark.parametrize("cls, name, found", [
    (Keeping, "__hash__", False), (Adding, "__len__", True), (Named, "__getattr__", False),
    (Renaming, "__getattr__", True), (Copied, "__add__", False), (Sharing, "__add__", True)])
def test_what_a_class_writes_unseen(cls, name, found):
    assert (name in suspects.judge(cls)) is found


def test_such_classes_are_followed():
    def f(x):
        held = [Keeping(x), Named(x), Copied(x, x * np.ones(2))]
        known = {held[0]: 1}
        grown = held[2] + x
        return held[0].x * held[1].x3 * known[held[0]] + grown.x * held[2].x

    sd.check_grads(f, (0.7,))


def test_what_is_shared_by_a_copy_is_right_or_refused():
    def f(x):
        held = [Sharing(x, x * np.ones(2))]
        held[0] + 1.0
        return np.sum(held[0].values) * x

    right_or_refused(f)


# ------------------------------------------------------------------ by way of others, met late


class Touched:
    """It writes when somebody asks it, by a name that numbers do not have."""

    def __init__(self, x):
        self.x = x

    def touch(self):
        self.x = self.x * 2.0
        return True


class Asking:
    """It lets others write when it is compared."""

    def __init__(self, x):
        self.x = x

    def __eq__(self, other):
        return other.touch()

    __hash__ = None


def touched(x):
    return Touched(x)


def never(x):
    return Touched(x) if x > 1e9 else x * 3.0


def asked_when_it_is_there(x, make):
    p = Asking(x)
    y = p.x
    t = make(x)
    found = [p] == [t]
    return y * t.x if found else y


def compared_when_it_is_there(x, make):
    p = Asking(x)
    y = p.x
    t = make(x)
    found = p == t
    return y * t.x if found else y


def asked_before_it_is_there(x, make):
    t = make(x)
    p = Asking(t.x)
    y = p.x
    found = [p] == [t]
    return y * t.x if found else y


@pytest.mark.parametrize("f", [asked_when_it_is_there, compared_when_it_is_there,
                               asked_before_it_is_there])
def test_what_lets_others_write_is_right_or_refused(f):
    for _ in range(2):
        right_or_refused(lambda x: f(x, touched))


def test_a_class_without_objects_writes_nothing():
    def f(x, make):
        p = Asking(x)
        y = make(x)
        return p.x * y

    value, pullback = sd.vjp(f, 0.7, never)
    assert value == f(0.7, never)
    for _ in range(2):
        assert pullback(1.0)[0] == pytest.approx(6.0 * 0.7, rel=1e-12)
    assert sd.jvp(lambda x: f(x, never), (0.7,), (1.0,))[1] == pytest.approx(4.2, rel=1e-12)


@dataclasses.dataclass
class Pair:
    first: float
    second: float


def test_the_text_that_dataclass_writes_writes_nothing():
    def f(x):
        pair = Pair(x, x * x)
        text = f"{pair}"
        return pair.first * pair.second if text else 0.0

    sd.check_grads(f, (0.7,))
    from s2sdiff.transforms import handing_over
    assert handing_over._function(Pair.__repr__) is None
