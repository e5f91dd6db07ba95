"""The checker itself: derivatives that break a promise are found, right ones pass."""

from collections import namedtuple

import numpy as np
import pytest

import s2sdiff as sd
from tests.language.check import Missing, NotRefused, check, gradient_size, verdict
from tests.language.promises import Wrong
from tests.language.slopes import Unusable
from tests.language.structures import difference, leaves, like, overwrite, rebuilt
from tests.language.table import Case

Pair = namedtuple("Pair", "x y")
ARRAY = np.array([0.5, -1.2, 2.0])


def squares(a):
    return a * a


def total(a):
    return float(np.sum(a * a))


def doubled(a):
    a *= 2.0
    return float(np.sum(a))


def halved(x):
    return abs(x) * 0.5


def case(function, arguments=lambda: (ARRAY.copy(),), **refusal):
    return Case(function, "tried", arguments, **refusal)


def late(a):
    return a * a, lambda g: 2.0 * g * a


def wrong_number(a):
    kept = a.copy()
    return a * a, lambda g: 3.0 * g * kept


def wrong_value(a):
    kept = a.copy()
    return a * (a + 1e-9), lambda g: 2.0 * g * kept


def changes_its_cotangent(a):
    kept = a.copy()

    def pullback(g):
        g *= 2.0 * kept
        return g

    return a * a, pullback


def used_up(a):
    kept = [2.0 * a, 0.0 * a]
    return a * a, lambda g: g * kept.pop(0)


def wrong_dtype(a):
    kept = a.copy()
    return a * a, lambda g: (2.0 * g * kept).astype(np.float32)


def test_a_right_derivative_passes():
    check(case(squares))
    check(case(total))
    with sd.derivatives({squares: lambda a: (a * a, lambda g, k=2.0 * a: g * k)}):
        check(case(squares))


@pytest.mark.parametrize("rule", [wrong_number, wrong_value, used_up], ids=lambda r: r.__name__)
def test_a_wrong_rule_is_found(rule):
    with sd.derivatives({squares: rule}), pytest.raises((Wrong, IndexError)):
        check(case(squares))


def test_a_gradient_that_is_wrong_in_grad_alone_is_found():
    with sd.derivatives({total: lambda a: (total(a), lambda g, k=a.copy(): 2.001 * g * k)}), \
            pytest.raises(Wrong, match="expected"):
        check(case(total))


def test_an_argument_that_is_left_otherwise_than_by_the_plain_call_is_found():
    rule = lambda a: (float(np.sum(a * 2.0)), lambda g, n=len(a): np.full(n, 2.0 * g))
    with sd.derivatives({doubled: rule}), pytest.raises(Wrong, match="arguments afterwards"):
        check(case(doubled))


def fake_vjp(rule):
    def vjp(function, *args, **keywords):
        value, pullback = rule(*args)
        return value, pullback

    return vjp


@pytest.mark.parametrize(("rule", "message"), [
    (late, "writes of the caller"), (changes_its_cotangent, "cotangent, value, arguments"),
    (wrong_dtype, "dtype"), (wrong_number, "expected"),
], ids=lambda r: getattr(r, "__name__", ""))
def test_a_pullback_that_breaks_a_promise_is_found(monkeypatch, rule, message):
    monkeypatch.setattr(sd, "vjp", fake_vjp(rule))
    with pytest.raises(Wrong, match=message):
        check(case(squares))


def test_none_is_missing_and_a_number_for_what_is_no_number_is_wrong(monkeypatch):
    scaled = lambda a, n: a * n
    monkeypatch.setattr(sd, "vjp", fake_vjp(lambda a, n: (a * n, lambda g: (None, None))))
    with pytest.raises(Missing, match=r"argument \[0\]"):
        check(case(scaled, lambda: (ARRAY.copy(), 2)))
    monkeypatch.setattr(sd, "vjp", fake_vjp(lambda a, n: (a * n, lambda g: (g * n, 1.0))))
    with pytest.raises(Wrong, match=r"argument \[1\]"):
        check(case(scaled, lambda: (ARRAY.copy(), 2)))


def test_a_wrong_number_is_not_excused_by_a_missing_one(monkeypatch):
    scaled = lambda a, b: a * b
    monkeypatch.setattr(sd, "vjp", fake_vjp(lambda a, b: (a * b, lambda g: (None, 2.0 * g))))
    with pytest.raises(Wrong, match=r"argument \[1\]"):
        check(case(scaled, lambda: (ARRAY.copy(), ARRAY.copy())))


def test_what_is_refused_by_the_table_must_be_refused():
    with pytest.raises(NotRefused):
        check(case(squares, error="UnsupportedError", message="square"))


def test_a_refusal_in_other_words_than_the_table_says_is_none_of_the_tables():
    def text(x):
        return float(str(x))

    with pytest.raises(sd.UnsupportedError, match="not as the table says"):
        check(case(text, lambda: (1.3,), error="UnsupportedError", message="squares"))
    assert verdict(case(text, lambda: (1.3,))).startswith("pending")


def test_a_kink_cannot_be_judged():
    with pytest.raises(Unusable):
        gradient_size(case(halved, lambda: (0.0,)))
    # The cotangent is between 0.5 and 1.5.
    assert 0.25 < gradient_size(case(halved, lambda: (3.0,))) < 0.75


def test_structures_are_compared_bit_for_bit():
    value = {"a": [1.0, ARRAY.copy()], "b": (2, "text", None)}
    same = rebuilt(value, lambda _, x: x.copy() if isinstance(x, np.ndarray) else x)
    assert difference(value, same) == ""
    same["a"][1][2] = np.nextafter(2.0, 3.0)
    assert "['a'][1]" in difference(value, same)
    assert difference(0.0, -0.0) and difference(1, 1.0) and difference([1], [1, 2])
    assert [path for path, _ in leaves(value)] == ["['a'][0]", "['a'][1]", "['b'][0]", "['b'][1]",
                                                   "['b'][2]"]
    cotangent = like(value, np.random.default_rng(1))
    assert cotangent["b"] == (None, None, None)
    overwrite(value)
    assert value["a"][0] == 7.25
    overwrite([Pair(1.0, ARRAY.copy())])
    assert np.all(value["a"][1] == 7.25)
