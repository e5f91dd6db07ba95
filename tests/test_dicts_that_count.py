"""`collections.Counter` made of active values, of words, and of other ones."""

from collections import Counter

import numpy as np
import pytest

import s2sdiff
from tests.slopes import check_both_modes


class OwnCounter(Counter):
    pass


def made_of_a_dict(x, y):
    counts = Counter({"a": x, "b": y})
    counts["a"] += x * y
    counts["c"] += y
    return counts["a"] * counts["b"] + counts["c"] + counts["none"]


def made_of_keywords_and_joined(x, y):
    counts = Counter(a=y, c=x)
    counts.update(Counter({"a": x, "b": y}))
    return sum(counts.values()) * counts["a"]


def the_most_common(x, y):
    counts = Counter({"a": x, "b": y})
    return counts.most_common(1)[0][1] * x + counts.total()


def copied(x, y):
    counts = Counter()
    counts["a"] += x
    other = counts.copy()
    other["a"] *= y
    counts.update(a=y * x)
    return other["a"] * counts["a"]


def of_words(x, y):
    weights, words = {"p": x, "q": y}, "p p q".split()
    counts = Counter(word.upper() for word in words)
    total = sum(weights[word.lower()] * n for word, n in counts.items())
    return total * counts.most_common()[0][1] + Counter("abca")["a"] * x


def of_a_class_of_its_own(x, y):
    counts = OwnCounter({"a": x})
    counts["b"] += y
    return counts["a"] * counts["b"]


@pytest.mark.parametrize("function", [
    made_of_a_dict, made_of_keywords_and_joined, the_most_common, copied, of_words,
    of_a_class_of_its_own,
])
def test_derivatives_through_counters(function):
    at = np.array([0.6, 0.9])
    expected = [(function(*(at + h)) - function(*(at - h))) / 2e-6 for h in 1e-6 * np.eye(2)]
    value, found = s2sdiff.value_and_grad(function, wrt=(0, 1))(0.6, 0.9)
    assert value == function(0.6, 0.9)
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-9)
    value, dot = s2sdiff.jvp(function, (0.6, 0.9), (0.3, -0.7))
    assert value == function(0.6, 0.9)
    np.testing.assert_allclose(dot, np.dot(expected, [0.3, -0.7]), rtol=1e-7, atol=1e-9)


def test_an_active_number_that_is_counted_is_refused():
    def counted(x, y):
        return sum(k * n for k, n in Counter([x, y, x]).items())

    with pytest.raises(s2sdiff.DifferentiationError, match="Instead"):
        s2sdiff.grad(counted)(0.6, 0.9)


def without_what_is_not_positive(x):
    counts = Counter(a=x, b=-2.0)
    counts["c"] += 3.0 * x
    return sum((+counts).values()) * x + (-counts)["b"] * x


def units(x):
    counts = Counter(m=1, s=-1)
    return x * x * (+counts)["m"]


@pytest.mark.parametrize("f", (without_what_is_not_positive, units))
def test_a_sign_before_a_counter_keeps_what_is_positive(f):
    check_both_modes(f)
