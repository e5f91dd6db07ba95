"""`dict(zip(keys, values))`: the dict, its order and its errors are Python's, and it has kinds."""

from __future__ import annotations

import pytest

import s2sdiff as sd


def by_name(xs):
    names = [f"k{i}" for i in range(len(xs))]
    d = dict(zip(names, xs))
    total = 0.0
    for n in names:
        total += d[n] ** 2
    return total


def the_last_of_a_key(xs):
    d = dict(zip("abab", xs))
    return d["a"] * d["b"] + len(d)


def the_shorter_one(xs):
    d = dict(zip("abc", xs[:2]))
    return sum(d.values()) * xs[0]


def by_numbers_that_move(xs):
    return sum(dict(zip(xs, [1.0, 2.0])).values()) * xs[0]


def in_an_expression(xs):
    return dict(zip("xy", [x * x for x in xs]))["y"] + sum(dict(zip("pq", xs)).values())


def own_names(xs):
    key, value = 3.0, xs[0]
    d = dict(zip("ab", xs))
    return key * value * d["b"]


def with_a_variable_named_zip(xs):
    def zip(a, b):
        return [("a", 2 * b[0])]

    return dict(zip("ab", xs))["a"] ** 2


XS = [0.5, 0.7, 1.1, 0.3]


@pytest.mark.parametrize(("f", "slopes"), [
    (by_name, [1.0, 1.4, 2.2, 0.6]), (the_last_of_a_key, [0.0, 0.0, 0.3, 1.1]),
    (the_shorter_one, [1.7, 0.5, 0.0, 0.0]), (in_an_expression, [1.0, 2.4, 0.0, 0.0]),
    (by_numbers_that_move, [3.0, 0.0, 0.0, 0.0]),
    (own_names, [2.1, 1.5, 0.0, 0.0]), (with_a_variable_named_zip, [4.0, 0.0, 0.0, 0.0]),
], ids=lambda p: getattr(p, "__name__", None))
def test_a_dict_of_pairs_has_the_derivatives_of_its_items(f, slopes):
    value, pullback = sd.vjp(f, XS)
    assert value == f(XS)
    assert pullback(1.0) == pytest.approx(slopes) and pullback(2.0) == pytest.approx(
        [2 * s for s in slopes])
    assert sd.grad(f)(XS) == pytest.approx(slopes)
    assert sd.jvp(f, (XS,), ([1.0, 0.0, 2.0, 0.5],))[1] == pytest.approx(
        slopes[0] + 2 * slopes[2] + 0.5 * slopes[3])


def test_reads_of_items_do_not_copy_the_dict():
    text = sd.source(by_name, "grad", args=(XS,))
    assert "rt.call" not in text and "rt.add_number" in text


def test_a_key_that_cannot_be_one_raises_as_in_python():
    def f(x):
        return dict(zip([[1]], [x]))[0]

    with pytest.raises(TypeError, match="unhashable type: 'list'"):
        f(1.0)
    with pytest.raises(TypeError, match="unhashable type: 'list'"):
        sd.grad(f)(1.0)
