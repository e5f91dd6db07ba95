"""Generators that are left before their end, where that does something."""

import itertools
import re

import pytest

import s2sdiff as sd
from tests.forwards import LOG, check_forward


class Noted:
    def __init__(self, items, x):
        self.items, self.x = items, x

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.items.append(self.x ** 3)


def final(items, x):
    try:
        yield items[0]
        yield items[0] * x
    finally:
        items.append(x ** 3)


def managed(items, x):
    with Noted(items, x):
        yield items[0]
        yield items[0] * x


def caught(items, x):
    try:
        yield items[0]
        yield items[0] * x
    except (KeyError, GeneratorExit):
        items.append(x ** 3)


def of_another(items, x):
    for v in final(items, x):
        yield v * x


def drawn_once(make, x):
    items = [x]
    return next(make(items, x)) * sum(items)


def deleted(make, x):
    items = [x]
    it = make(items, x)
    v = next(it)
    del it
    return v * sum(items)


def sliced(make, x):
    items = [x]
    return sum(list(itertools.islice(make(items, x), 1))) * sum(items)


def left_by_a_helper(make, x):
    items = [x]

    def first():
        it = make(items, x)
        return next(it)

    return first() * sum(items)


def broken_off(x, y):
    items, total = [x], 0.0
    for v in final(items, y):
        total += v
        if total > 0.0:
            break
    return total * sum(items)


REFUSED = r"(final|managed|caught) is a generator that is left in a try or with.* Instead, draw all"


@pytest.mark.parametrize("make", [final, managed, caught, of_another], ids=lambda f: f.__name__)
@pytest.mark.parametrize("use", [drawn_once, deleted, sliced, left_by_a_helper],
                         ids=lambda f: f.__name__)
def test_a_generator_that_is_left_where_it_does_something_at_its_end_is_refused(use, make):
    for run in (lambda f: sd.jvp(f, (0.7,), (1.0,)), lambda f: sd.vjp(f, 0.7),
                lambda f: sd.grad(f)(0.7)):
        with pytest.raises(sd.UnsupportedError, match=REFUSED):
            run(lambda x: use(make, x))


def test_a_loop_that_leaves_a_generator_of_its_own_ends_it_there():
    check_forward(broken_off)
    sd.check_grads(broken_off, (0.7, 0.9))


def test_what_is_left_elsewhere_is_refused_where_the_generator_says_so():
    with pytest.raises(sd.UnsupportedError, match=REFUSED) as caught_now:
        sd.jvp(lambda x: drawn_once(final, x), (0.7,), (1.0,))
    line = final.__code__.co_firstlineno + 1
    assert re.search(rf"test_generators_left\.py:{line}:\d+ in final", str(caught_now.value))


@pytest.mark.parametrize("run", [
    lambda f, x: sd.jacfwd(f)(x), lambda f, x: sd.hvp(f, (x,), (1.0,)),
    lambda f, x: sd.jvp(lambda v: 2.0 * sd.jvp(f, (v,), (1.0,))[1], (x,), (1.0,)),
    lambda f, x: sd.jacrev(f)(x), lambda f, x: sd.value_and_grad(f)(x),
])
def test_every_operator_refuses_it(run):
    with pytest.raises(sd.UnsupportedError):
        run(lambda x: drawn_once(final, x), 0.7)


def test_a_refused_run_and_one_that_raises_leave_nothing_to_the_next():
    def raising(x):
        if next(final([x], x)) > 0.0:
            raise ValueError("raised on purpose")
        return x

    for error in (ValueError, sd.UnsupportedError):
        with pytest.raises(error):
            sd.jvp(raising if error is ValueError else lambda x: drawn_once(final, x), (0.7,),
                   (1.0,))
        assert sd.jvp(lambda x: sum(final([x], x)), (0.7,), (1.0,))[1] == pytest.approx(2.4)


def ended_by_the_loop(x, y):
    items, total = [x], 0.0
    for v in final(items, y):
        total = total * x + v
    return total * sum(items)


def closed(x, y):
    items = [x]
    it = managed(items, y)
    v = next(it)
    it.close()
    return v * sum(items)


def ended_by_what_is_thrown(x, y):
    items = [x]
    it = caught(items, y)
    v = next(it)
    try:
        it.throw(KeyError)
    except StopIteration:
        v = v * x
    return v * sum(items)


def left_where_nothing_happens(x, y):
    def plain():
        k = x
        while True:
            try:
                k = k * y
            finally:
                LOG.append("made")
            yield k

    def named():
        try:
            yield x
        except KeyError:
            LOG.append("not reached")

    return next(plain()) * next(named())


@pytest.mark.parametrize("function", [
    ended_by_the_loop, closed, ended_by_what_is_thrown, left_where_nothing_happens,
], ids=lambda f: f.__name__)
def test_a_generator_that_ends_in_the_run_or_does_nothing_at_its_end_is_followed(function):
    check_forward(function)
    sd.check_grads(function, (1.3, 0.7))
