"""Nested functions with `*args` and `**kwargs` that are only called: written into their calls."""

import pytest

import s2sdiff as sd
from tests.slopes_of_lists import check_is_plain, check_list


def as_many_as_there_are(xs):
    def mean(*v):
        return sum(v) / len(v)

    return mean(*xs) * mean(xs[0], xs[1]) + mean(1.0, *xs[:2])


def keywords_alone(xs):
    def f(*, a, b=2.0, **others):
        return a * b + others.get("c", 1.0)

    return sum(f(a=x, c=x * x) for x in xs) + f(a=xs[0], b=xs[1])


def options(xs):
    base = {"rate": 0.1, "shift": xs[0]}

    def step(w, **changes):
        chosen = {**base, **changes}
        return w * chosen["rate"] + chosen["shift"]

    return sum(step(x, rate=x * 2) for x in xs) + step(xs[1])


def names_of_the_stars(xs):
    def f(x, /, *v, **kw):
        return x * kw["v"] + kw["x"] * kw["kw"] + len(v) + len(kw)

    return f(xs[0], 1.0, v=xs[1], x=xs[2], kw=xs[3])


def changed_inside(xs):
    def f(*a, **k):
        a = a + (1.0,)
        k["z"] = a[0] * a[-1]
        return k["z"] * len(k) + sum(a)

    return sum(f(x, x * x, y=x) for x in xs) * f(xs[0])


def kept_by_others(xs):
    kept = []

    def f(*a, **k):
        kept.append(a)
        kept.append(k)
        return a[0]

    total = sum(f(x, y=x) for x in xs)
    assert type(kept[0]) is tuple
    assert type(kept[1]) is dict
    assert kept[1] is not kept[3]
    return total * kept[0][0] * kept[1]["y"]


def given_back(xs):
    def f(*a):
        return a

    both = f(*xs), f()
    assert type(both[0]) is tuple
    assert both[1] == ()
    return both[0][0] * both[0][1]


def unpacked_in_order(xs):
    left = list(xs)

    def f(*a, k=0.0):
        return len(a) + a[0] * k

    def g(a, b, *v):
        return a * b + sum(v)

    return f(*left, left.pop()) * xs[0] + g(*xs) + g(xs[0], *xs[1:]) + \
        g(xs[1], xs[2], *xs, *xs[:2])


def from_an_iterator(xs):
    def f(*v):
        return v[0] * v[1] + len(v)

    return f(*(x * x for x in xs)) + f(*map(abs, xs)) + f(*reversed(xs))


FAST = [keywords_alone, options]
CASES = [*FAST, as_many_as_there_are, names_of_the_stars, changed_inside, kept_by_others,
         given_back, unpacked_in_order, from_an_iterator]


@pytest.mark.parametrize("f", CASES)
def test_nested_functions_with_stars_have_the_slopes_of_difference_quotients(f):
    check_list(f)


@pytest.mark.parametrize("f", FAST)
def test_nested_functions_with_stars_are_written_into_their_calls(f):
    check_is_plain(f)


@pytest.mark.parametrize("wrong", [
    lambda f, x: f(k=x), lambda f, x: f(x, a=x), lambda f, x: f(*x), lambda f, x: f()])
def test_wrong_calls_raise_what_they_raise(wrong):
    def called(x):
        def f(a, *v):
            return a * len(v)

        return wrong(f, x)

    def written(x):
        def f(a, *, k=1.0, **others):
            return a * k

        return f(x, x)

    for run in (called, sd.grad(called), written, sd.grad(written)):
        with pytest.raises(TypeError):
            run(0.5)
