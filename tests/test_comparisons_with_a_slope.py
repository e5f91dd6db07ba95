"""Classes whose comparisons give something with a derivative, where nobody knows the class."""

import functools
import operator

import numpy as np
import pytest

import s2sdiff as sd
from tests.slopes import check, slope


class Soft:
    """How much less, and by how much more: comparisons that can be learnt from."""

    def __init__(self, v):
        self.v = v

    def __lt__(self, other):
        return 1 / (1 + np.exp(self.v - other.v))

    def __gt__(self, other):
        return self.v - (other.v if isinstance(other, Soft) else other)

    def __le__(self, other):
        return self.v * other

    def __ge__(self, other):
        return NotImplemented if isinstance(other, Soft) else self.v - 2 * other

    def __eq__(self, other):
        return self.v * self.v * (other.v if isinstance(other, Soft) else other)

    def __ne__(self, other):
        return self.v - 3 * other.v

    def __rrshift__(self, other):
        return self.v * other

    def __and__(self, other):
        return self.v * other

    def __rxor__(self, other):
        return self.v * other + self.v

    __hash__ = object.__hash__


def kept(*objects):
    """A list that nobody knows the kinds of."""
    out = []
    for item in (1.0, *objects):
        out.append(item if isinstance(item, float) else item)
    return out[1:]


def less(x):
    a, b = kept(Soft(x), Soft(2 * x * x))
    return a < b


def more_than_a_number(x):
    a, _ = kept(Soft(x), 1)
    return (a > 2.0) * (a >= 3.0)


def a_number_asks_the_other_side(x):
    a, _ = kept(Soft(x), 1)
    return (2.0 < a) + (3.0 == a) * x


def equal_and_not_equal(x):
    a, b = kept(Soft(x), Soft(2 * x * x))
    same = a == b
    return same * (a != b)


def the_other_side_is_asked_where_one_has_no_answer(x):
    a, b = kept(Soft(x), Below(x * x))
    return (a >= b) + (b < a)


class Below(Soft):
    def __le__(self, other):
        return self.v * 5 * other.v

    def __lt__(self, other):
        return NotImplemented


def helper(a, b):
    return a < b


def in_a_helper(x):
    a, b = kept(Soft(x), Soft(2 * x * x))
    return helper(a, b) * (lambda u, v: u == v)(a, b)


def in_a_comprehension(x):
    a, b = kept(Soft(x), Soft(2 * x * x))
    return sum([p < q for p, q in [(a, b), (b, a), (a, a)]])


def by_the_function_of_the_operator(x):
    a, b = kept(Soft(x), Soft(2 * x * x))
    return operator.lt(a, b) + functools.reduce(operator.eq, [a, b]) + \
        list(map(operator.ne, [a], [b]))[0]


def into_a_container_that_is_written(x):
    a, b = kept(Soft(x), Soft(2 * x * x))
    found = {"less": a < b}
    found["more"] = a > b
    found["less"] *= 2
    return found["less"] * found["more"]


def operators_that_round_and_mask(x):
    a, _ = kept(Soft(x), 1)
    return (2 >> a) + (a & 3.0) * (2.0 ^ a)


class Local:
    def __init__(self, held):
        self.held = held

    def best(self):
        return self.held[0] < self.held[1]


def in_a_method(x):
    return Local(kept(Soft(x), Soft(2 * x * x))).best()


def of_a_class_that_is_made_inside(x):
    class Inner:
        def __init__(self, v):
            self.v = v

        def __lt__(self, other):
            return self.v * self.v - other.v

    a, b = kept(Inner(x), Inner(3 * x))
    return a < b


PROGRAMS = [
    less, more_than_a_number, a_number_asks_the_other_side, equal_and_not_equal,
    the_other_side_is_asked_where_one_has_no_answer, in_a_helper, in_a_comprehension,
    by_the_function_of_the_operator, into_a_container_that_is_written,
    operators_that_round_and_mask, in_a_method, of_a_class_that_is_made_inside,
]


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_a_comparison_of_unknown_objects_is_differentiated(f):
    check(f)


def test_an_argument_of_unknown_class_is_compared_with_its_slope():
    def f(pair):
        return helper(*pair)

    a, b = sd.grad(f)([Soft(0.7), Soft(0.98)])
    assert a.v == pytest.approx(slope(lambda v: helper(Soft(v), Soft(0.98)), 0.7), rel=1e-6)
    assert b.v == pytest.approx(slope(lambda v: helper(Soft(0.7), Soft(v)), 0.98), rel=1e-6)


@pytest.mark.parametrize("written", [False, True])
def test_lists_that_hand_a_comparison_to_their_items_are_refused(written):
    class Never(Soft):
        def __eq__(self, other):
            return False

        __hash__ = object.__hash__

    def f(x):
        a, b = kept([Never(x)], [Never(2 * x * x)])
        if written:
            a[0].v *= 2
        return a < b

    with pytest.raises(sd.UnsupportedError, match=r"compar.*Instead, "):
        sd.grad(f)(0.7)


class Ordered:
    """Its comparisons say yes or no, in the ways in which classes do."""

    def __init__(self, v):
        self.v = v

    def __eq__(self, other):
        if not isinstance(other, Ordered):
            return NotImplemented
        return self.v == other.v and type(self) is type(other)

    def __lt__(self, other):
        return self._key() < other._key() <= (5.0,)

    def __le__(self, other):
        return not (other < self) or self == other

    def __gt__(self, other):
        return any(a > b for a, b in zip(self._key(), other._key(), strict=True))

    def _key(self):
        return (self.v, 1)

    __hash__ = object.__hash__


def test_truth_values_stay_as_they_are():
    from s2sdiff.runtime import suspects

    def f(x):
        a, b = kept(Ordered(x), Ordered(2 * x))
        return x * (a < b) + x * x * (a == b) + x * (a > b)

    check(f)
    assert not any(map(suspects.varies, suspects.judge(Ordered)))
    assert suspects.judge(Soft) >= {"__lt__ varies", "__ge__ varies", "__ne__ varies"}


CLASSES = {
    "late": type("Late", (Soft,), {"__lt__": lambda self, other: self.v * other.v}),
}


def test_a_class_that_is_met_late_is_refused_once_and_known_then():
    def f(x):
        made = [CLASSES["late"](x), CLASSES["late"](x * x)]
        return helper(*made) * x

    with pytest.raises(sd.UnsupportedError, match=r"Late: __eq__, it may .* Instead, name the"):
        sd.grad(f)(0.7)
    check(f)


@pytest.mark.parametrize("write", [False, True])
def test_where_nobody_has_an_answer_python_s_error_is_raised(write):
    def f(x):
        a, b = kept(Above(x), Above(x * x))
        if write:
            a.v *= 2
        try:
            return a < b
        except TypeError:
            return a.v * b.v

    check(f)


class Above:
    def __init__(self, v):
        self.v = v

    def __lt__(self, other):
        return NotImplemented if isinstance(other, Above) else self.v * other

    def __gt__(self, other):
        return NotImplemented if isinstance(other, Above) else self.v * other
