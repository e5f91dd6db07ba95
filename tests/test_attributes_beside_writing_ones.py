"""Attributes of classes beside others whose properties of the same names write."""

from s2sdiff.runtime import suspects
from tests.slopes import check_both_modes


class Counted:
    """What libraries have: properties that count how often they are asked."""

    def __init__(self, x):
        self.x, self.asked = x, []

    @property
    def _label(self):
        self.asked.append(1)
        return "counted"

    @property
    def label(self):
        return self._label


def counts(x):
    one = Counted(x)
    return one.x ** 2 if one.label else one.x


class Named:
    def __init__(self, x):
        if not hasattr(self, "label"):
            self._label = type(self).__name__
        self.x = x

    @property
    def label(self):
        return self._label


class Part(Named):
    def __init__(self, x):
        self.factor = 3.0
        Named.__init__(self, x)

    def value(self):
        return self.factor * self.x ** 3


def parts(x):
    one = Part(x)
    assert hasattr(one, "label")
    return one.value() + len(one.label)


def test_what_only_reads_is_right_behind_what_writes():
    check_both_modes(counts)
    suspects.note(Counted)
    assert {"label", "_label"} <= suspects.of(Counted)
    for _ in range(2):
        check_both_modes(parts)
