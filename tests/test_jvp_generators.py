"""Generators that are drawn from step by step, both ways."""

import itertools
import math
import types
from collections import defaultdict, deque

import numpy as np
import pytest

import s2sdiff as sd
from tests.forwards import LOG, check_forward


class Obj:
    pass


def powers(x, y):
    z = x
    while True:
        yield z
        z = z * y


def averager(s):
    total, n = (s, 1)
    while True:
        v = (yield (total / n))
        total = total + v
        n += 1


def guarded(x, log):
    try:
        while True:
            try:
                yield x
                x = x * x
            except ValueError:
                log.append('caught')
                yield (x * 3.0)
    finally:
        log.append('closed')


def writes(items):
    for i in range(len(items)):
        items[i] = items[i] * 2.0
        yield items[i]


def chained(xs, ys):
    yield from xs
    yield from powers(ys[0], ys[0])


class Tree:

    def __init__(self, v, kids=()):
        self.v, self.kids = (v, kids)

    def __iter__(self):
        yield self.v
        for k in self.kids:
            yield from k


def gen(v):
    while len(v) < 4:
        k = (yield sum(v))
        if k is not None:
            v.append(k)


def a_generator_is_drawn_from_partly(x, y):
    g = powers(x, y)
    a = next(g)
    b = next(g)
    for c in g:
        if c < 0.3:
            break
        a = a + c * b
    return a * next(g)


def two_generators_take_turns(x, y):
    g, h = (powers(x, y), powers(y, x))
    a = next(g)
    b = next(h)
    c = next(g)
    d = next(h)
    return a * b + c * d * next(g)


def values_are_sent(x, y):
    g = averager(x)
    a = next(g)
    b = g.send(y)
    c = g.send(a * b)
    g.close()
    return a + b * c


def a_generator_writes_a_nonlocal(x, y):
    count = x

    def g():
        nonlocal count
        for k in range(3):
            count = count * y + k
            yield (count * x)
    it = g()
    a = next(it)
    count = count * 2.0
    b = next(it)
    return a * b + count + sum(it)


def an_exception_is_thrown_into_it(x, y):
    g = guarded(x * y, LOG)
    a = next(g)
    b = g.throw(ValueError('no'))
    c = next(g)
    d = next(g)
    g.close()
    LOG.append('after')
    return a + b * c + d


def next_has_a_default(x, y):

    def g():
        yield (x * y)
    it = g()
    a = next(it, 5.0)
    b = next(it, y)
    c = next(it, None)
    return a * b + (0.0 if c is None else 1.0)


def a_list_is_written_between_draws(x, y):
    v = [x, y, x * y]
    g = writes(v)
    a = next(g)
    v[1] = v[1] * a
    b = next(g)
    v[2] = b * b
    return a * b + sum(g) + sum(v)


def iterators_over_generators(x, y):
    g = powers(x, y)
    t = 0.0
    for i, v in enumerate(itertools.islice(g, 3)):
        t = t + i * v
    for a, b in zip(g, powers(y, y)):
        t = t + a * b
        if b < 0.3:
            break
    m = map(lambda z: z * x, powers(x, 0.5))
    t = t + next(m) * next(m)
    return t * next(g)


def yield_from_a_list_and_a_generator(x, y):
    g = chained([x, y], [y * x])
    a = [next(g) for _ in range(4)]
    return a[0] * a[1] + a[2] * a[3]


def an_object_yields_its_children(x, y):
    t = Tree(x, (Tree(y), Tree(x * y, (Tree(y * y),))))
    it = iter(t)
    a = next(it)
    t.kids[0].v = t.kids[0].v * 2.0
    return a * next(it) + next(it) * next(it) + sum(t)


def a_generator_in_an_object(x, y):
    o = Obj()
    o.g = powers(x, y)
    o.seen = deque(maxlen=2)
    for _ in range(3):
        o.seen.append(next(o.g))
    d = {'it': o.g}
    return o.seen[0] * o.seen[1] + next(d['it'])


def objects_are_yielded_and_written(x, y):

    def g():
        for k in (1.0, 2.0):
            o = Obj()
            o.v = x * k
            yield o
            LOG.append(k)
            t[0] = t[0] + o.v
    t = [y]
    for o in g():
        o.v = o.v * y
    return t[0] * o.v


def all_is_drawn_at_once(x, y):

    def g(n):
        for i in range(n):
            LOG.append(i)
            yield (x * i + y)
    s = set(g(2))
    a = list(g(3))
    b = dict(enumerate(g(2)))
    c = max(g(3))
    d, *e = g(3)
    return sum(s) * a[2] + b[1] * c + d * e[1] + sum(g(2)) + deque(g(4), maxlen=2)[0]


def a_generator_calls_itself(x, y):

    def walk(n, v):
        if n:
            yield from walk(n - 1, v * x)
            yield v
            yield from walk(n - 1, v * y)
    it = walk(3, x)
    a = next(it)
    b = next(it)
    return a * b + sum(it)


def views_are_yielded_and_written(x, y):
    a = np.array([x, y, x * y])

    def g():
        for i in range(2):
            yield a[i:i + 2]
    it = g()
    v = next(it)
    v[0] = v[1] * 2.0
    w = next(it)
    w *= y
    return a.sum() * v[1] + w[0]


def two_names_of_a_generator(x, y):
    g = powers(x, y)
    p = iter(g)
    q = g
    a = next(p)
    b = next(q)
    t = sum(itertools.islice(g, 2))
    u = list(zip(p, [1, 2]))
    return a * b * t + u[0][0] * u[1][1] + next(q)


def a_generator_reads_what_others_write(x, y):
    box = {'v': x}

    def g():
        while True:
            yield (box['v'] * y)
    it = g()
    a = next(it)
    box['v'] = y * y
    b = next(it)
    box['v'] = x * b
    return a + b * next(it)


def a_generator_catches_and_ends(x, y):

    def g():
        try:
            yield x
            raise KeyError('k')
        except KeyError:
            yield (x * y)
        finally:
            LOG.append('f')
        yield (y * y)
    return sum((k * v for k, v in enumerate(g(), 1)))


def a_generator_draws_from_an_iterator(x, y):

    def g():
        it = iter([x, y])
        while True:
            try:
                v = next(it)
            except StopIteration:
                return
            yield (v * v)
    a = 0.0
    for v in g():
        a = a * x + v
    return a


def none_is_sent_first(x, y):
    g = averager(x)
    a = g.send(None)
    b = g.send(y)
    c = g.send(0.5)
    return a * b + c


def an_exception_leaves_it(x, y):

    def g():
        yield x
        raise ValueError('bad')
    it = g()
    a = next(it)
    try:
        next(it)
    except ValueError:
        a = a * y
    return a + next(it, y)


def two_generators_are_zipped(x, y):
    t = 0.0
    for a, (i, b) in zip(powers(x, y), enumerate(powers(y, x))):
        if i > 3:
            break
        t = t + a * b * i
    return t


def a_method_is_a_generator(x, y):

    class Walker:

        def __init__(self, v):
            self.v = v

        def go(self):
            while self.v < 10.0:
                yield self.v
                self.v = self.v * (1.0 + x)
    w = Walker(y)
    g = w.go()
    a = next(g)
    w.v = w.v * 2.0
    b = next(g)
    return a * b + w.v


def a_list_grows_by_what_is_sent(x, y):
    v = [x]
    g = gen(v)
    a = next(g)
    b = g.send(y * a)
    v[0] = v[0] * b
    c = g.send(x)
    try:
        g.send(2.0 * c)
    except StopIteration:
        LOG.append('end')
    return sum(v) * a + c


def what_was_sent_is_yielded(x, y):

    def outer():
        got = (yield x)
        (yield (got * y))
    g = outer()
    a = next(g)
    b = g.send(a * x)
    rest = next(g, 3.0)
    return a * b * rest


def a_generator_of_constants(x, y):

    def count():
        n = 0
        while True:
            n += 1
            yield n
    c = count()
    t = x
    for k in c:
        t = t * y + k
        if k > 3:
            break
    return t * next(c)


def generators_in_a_list(x, y):
    gs = [gen([x]), gen([y])]
    t = 0.0
    for g in gs:
        t = t + next(g)
    for i in range(2):
        t = t * gs[i].send(x * y)
    return t


def a_generator_captures_another(x, y):
    def inner():
        yield x
        yield x * y

    def outer():
        it = inner()
        yield next(it) * y
        yield from it
        yield from inner()

    it = outer()
    return next(it) * next(it) + next(it) * next(it)


def what_is_sent_is_read_in_an_expression(x, y):
    def pairs():
        both = ((yield x), (yield 2 * x))
        yield both[0] + both[1]

    it = pairs()
    next(it)
    it.send(x * y)
    return it.send(3 * x)


def a_loop_goes_on_while_something_is_sent(x, y):
    def echo():
        while (v := (yield x)) is not None:
            yield v * y

    it = echo()
    next(it)
    return it.send(x) * next(it)


def a_generator_has_keywords_and_stars(x, y):
    def scaled(*args, scale=2.0, **more):
        for v in args:
            yield v * scale * more["k"]

    return sum(scaled(x, x * y, k=x)) + next(scaled(1.0, scale=y, k=1.0))


def closing_runs_what_is_final(x, y):
    out = []

    def held():
        try:
            yield x
        finally:
            out.append(x * y)

    it = held()
    v = next(it)
    it.close()
    return v * out[0]


PROGRAMS = [
    a_generator_captures_another,
    what_is_sent_is_read_in_an_expression,
    a_loop_goes_on_while_something_is_sent,
    a_generator_has_keywords_and_stars,
    closing_runs_what_is_final,
    a_generator_is_drawn_from_partly,
    two_generators_take_turns,
    values_are_sent,
    a_generator_writes_a_nonlocal,
    an_exception_is_thrown_into_it,
    next_has_a_default,
    a_list_is_written_between_draws,
    iterators_over_generators,
    yield_from_a_list_and_a_generator,
    an_object_yields_its_children,
    a_generator_in_an_object,
    objects_are_yielded_and_written,
    all_is_drawn_at_once,
    a_generator_calls_itself,
    views_are_yielded_and_written,
    two_names_of_a_generator,
    a_generator_reads_what_others_write,
    a_generator_catches_and_ends,
    a_generator_draws_from_an_iterator,
    none_is_sent_first,
    an_exception_leaves_it,
    two_generators_are_zipped,
    a_method_is_a_generator,
    a_list_grows_by_what_is_sent,
    what_was_sent_is_yielded,
    a_generator_of_constants,
    generators_in_a_list,
]


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda f: f.__name__)
def test_forward_mode_is_right_and_does_what_the_function_does(function):
    check_forward(function)


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda f: f.__name__)
def test_reverse_mode_is_right_and_does_what_the_function_does(function):
    LOG.clear()
    expected, effects = function(1.3, 0.7), [*LOG]
    LOG.clear()
    value, pullback = sd.vjp(function, 1.3, 0.7)
    assert value == expected
    assert effects == LOG
    h = 1e-6
    by_x = (function(1.3 + h, 0.7) - function(1.3 - h, 0.7)) / (2 * h)
    by_y = (function(1.3, 0.7 + h) - function(1.3, 0.7 - h)) / (2 * h)
    for seed in (1.0, -2.0):
        np.testing.assert_allclose(pullback(seed), (seed * by_x, seed * by_y), rtol=1e-6, atol=1e-7)



def test_a_generator_that_is_given_is_refused():
    def given(x):
        return powers(x, x)

    with pytest.raises(sd.UnsupportedError, match="gives a generator.* Instead, "):
        sd.jvp(given, (1.3,), (1.0,))


def test_a_generator_goes_on_where_somebody_follows_it_or_is_refused():
    def found(x):
        items = [x]

        def growing():
            yield items[0]
            items.append(x * x)
            yield items[0] * x

        there = 99.0 in growing()
        return sum(items) + there

    for run in (lambda: sd.jvp(found, (1.3,), (1.0,))[1], lambda: sd.grad(found)(1.3)):
        try:
            made = run()
        except sd.UnsupportedError as error:
            assert "not followed" in str(error)
            assert "Instead, " in str(error)
        else:
            assert made == pytest.approx(3.6)


def test_what_yield_from_returns_goes_on():
    def inner(x):
        yield x
        return x * x

    def outer(x):
        last = yield from inner(x)
        yield last

    assert sd.jvp(lambda x: list(outer(x))[1], (1.3,), (1.0,))[1] == pytest.approx(2.6)
    assert sd.grad(lambda x: list(outer(x))[1])(1.3) == pytest.approx(2.6)


def test_what_is_sent_through_yield_from_is_refused():
    def through(x):
        yield from averager(x)

    def sent_on(x):
        it = through(x)
        return next(it) + it.send(x)

    with pytest.raises(sd.UnsupportedError, match="hands on to another.* Instead, "):
        sd.jvp(sent_on, (1.3,), (1.0,))


def test_a_loop_over_a_generator_that_only_the_run_tells_of_is_refused():
    def looped(x, make):
        total = 0.0
        for v in make(x, x):
            total = total + v
            if v < 0.3:
                break
        return total

    sd.check_grads(lambda x: looped(x, powers), (0.7,), modes="fwd")  # of a module, it is known
    with pytest.raises(sd.UnsupportedError, match="only the run tells.* Instead, "):
        sd.jvp(lambda x: looped(x, lambda a, b: iter([a, powers][1](a, b))), (0.7,), (1.0,))


def test_a_generator_is_one_for_who_asks():
    def asked(x):
        return x * 3.0 if isinstance(powers(x, x), types.GeneratorType) else x

    assert sd.jvp(asked, (1.3,), (1.0,))[1] == 3.0


class Listed:
    """Makes `values()` of anything a possible generator for code that cannot know its class."""

    def __init__(self, items):
        self.items = items

    def values(self, k):
        yield 0.5 * k
        yield from self.items


def summed_of_class(x, y):
    total = 0.0
    for v in Listed([x, y]).values(x):
        total += math.sin(v)
    return total


def looped_over_values(x, y):
    store = defaultdict(lambda: [x], p=[x, y], q=[x * y])
    total = 0.0
    for each in store.values():
        total += each[0] * y
    return total


def drawn_from_values(x, y):
    store = {'p': x, 'q': y * y} if y > 0 else defaultdict(float)
    it = iter(store.values())
    total = 3.0 * next(it)
    store['q'] *= 2.0
    return total + next(it)


def numbered_values(x, y):
    store = {'p': x, 'q': y * y} if y > 0 else defaultdict(float)
    out = [sum(store.values()), max(store.values()), *store.values()]
    for i, v in enumerate(store.values()):
        out.append(v * (i + 1) * x)
    return sum(out)


@pytest.mark.parametrize("function", [
    summed_of_class, looped_over_values, drawn_from_values, numbered_values,
], ids=lambda f: f.__name__)
def test_the_values_of_a_dict_where_such_a_method_may_be_a_generator(function):
    check_forward(function, 0.4, 0.7)


def test_what_a_loop_in_a_generator_binds_has_a_tangent_behind_it():
    def f(a, x):
        def newton():
            for guess in (a, a * 1.5):
                pass
            while True:
                yield guess
                guess = 0.5 * (guess + a / guess)

        for k, guess in enumerate(newton()):
            if k == 2:
                break
        return guess * x

    slope = (f(1.3 + 1e-6, 0.7) - f(1.3 - 1e-6, 0.7)) / 2e-6
    assert abs(sd.jvp(f, (1.3, 0.7), (1.0, 0.0))[1] - slope) < 1e-6
    assert abs(sd.grad(f)(1.3, 0.7) - slope) < 1e-6
