"""Containers that a function makes and its caller writes into, by differences in both modes."""

import numpy as np
import pytest

import s2sdiff as sd


def some(x):
    out = []
    out.append(x)
    if x > 0:
        out.append(x * x)
    out.append(x ** 3)
    return out


def powers_written(x, n):
    out = [0.0] * n
    for i in range(n):
        out[i] = x ** i
    return out


def by_number(x, n):
    out = {}
    for i in range(n):
        out[i] = x ** (i+1)
    return out


def rows(x, n):
    out = []
    for i in range(n):
        row = []
        for j in range(n):
            row.append(x * j)
        out.append(row)
    return out


def powers(x, n):
    return [x ** i for i in range(n)]


def arrays(x, n):
    a = np.zeros(n)
    out = []
    for i in range(n):
        a[i] = x * i
        out.append(a * i)
    return out


def in_a_dict(x, n):
    d = {'a': [], 'b': x}
    for i in range(n):
        d['a'].append(x * i)
    return d


def two_lists(x, n):
    out, tot = [], []
    for i in range(n):
        out.append(x * i)
        tot.append(sum(out))
    return out, tot


def tail(xs, x):
    xs.append(x)
    s = sum(xs)
    xs.pop(0)
    xs[0] = x * x
    xs.insert(0, 3.0)
    xs.extend([x, 2.0 * x])
    s += xs[2] * xs[-1] + xs.pop()
    del xs[1]
    return s + sum(v * (i + 1) for i, v in enumerate(xs))


def grown_in_a_branch(x):
    return tail(some(x), x)


def of_known_length(x):
    return tail(powers_written(x, 4), x)


def keys_taken_and_put(x):
    d = by_number(x, 3)
    d[7] = x
    d[0] = 2.0
    s = d.pop(1)
    d.setdefault(9, x * x)
    return s * sum(d.values()) + d[2]


def rows_of_rows(x):
    r = rows(x, 3)
    r[0].append(x)
    r.append([x, x * x])
    r[1][1] = 2.0
    r[2].pop()
    r.pop(0)
    return sum(sum(q) * (k + 1) for k, q in enumerate(r))


def from_a_comprehension(x):
    return tail(powers(x, 4), x)


def items_that_are_arrays(x):
    xs = arrays(x, 3)
    xs[1][2] = x
    xs.append(xs[0] * x)
    xs[2] *= 2.0
    s = xs.pop()
    return np.sum(s) + sum(np.sum(v * v) for v in xs)


def under_a_key(x):
    d = in_a_dict(x, 4)
    d['a'].append(x)
    d['a'].pop(0)
    d['b'] = x * x
    d['c'] = d['a']
    d['c'][0] = 5.0
    return sum(d['a']) * d['b'] + d['c'][1]


def two_at_once(x):
    xs, t = two_lists(x, 4)
    xs.append(t.pop())
    t[0] = xs[1] * x
    xs.pop(1)
    return sum(a * b for a, b in zip(xs, t)) + xs[-1]


def one_into_another(x):
    xs = powers(x, 3)
    m = powers(x * 2, 3)
    xs += m
    m.clear()
    xs.reverse()
    m.append(xs[0])
    return sum(v * i for i, v in enumerate(xs)) * m[0]


def put_in_order(x):
    xs = powers(x, 3)
    xs.sort(reverse=True)
    xs.remove(1.0)
    xs *= 2
    return sum(v * i for i, v in enumerate(xs))


def grown_and_shortened_in_loops(x):
    xs = some(x)
    while len(xs) < 6:
        xs.append(xs[-1] * x)
    while len(xs) > 2:
        xs.pop()
    return xs[0] * xs[1] + len(xs)


def bound_anew(x):
    xs = some(x)
    for i in range(2):
        xs = xs[:-1] + [x * i]
        xs.append(xs[0])
    return sum(v * (i + 1) for i, v in enumerate(xs))



@pytest.mark.parametrize("function", [
    grown_in_a_branch, of_known_length, keys_taken_and_put, rows_of_rows, from_a_comprehension,
    items_that_are_arrays, under_a_key, two_at_once, one_into_another, put_in_order,
    grown_and_shortened_in_loops, bound_anew,
], ids=lambda f: f.__name__)
@pytest.mark.parametrize("x", [0.7, np.float64(1.3)], ids=["float", "float64"])
def test_what_a_helper_has_made_is_its_callers_to_write(function, x):
    h = 1e-6
    expected = (function(float(x) + h) - function(float(x) - h)) / (2 * h)
    value, pullback = sd.vjp(function, x)
    assert value == function(x)
    for slope in (sd.grad(function)(x), pullback(1.0), pullback(1.0),
                  sd.jvp(function, (x,), (1.0,))[1]):
        np.testing.assert_allclose(slope, expected, rtol=1e-6, atol=1e-6)


class Bag:
    """A class that writes when it is walked over: loops draw from what may be one by one."""

    def __init__(self, items):
        self.items, self.walks = items, 0

    def __iter__(self):
        self.walks += 1
        yield from self.items


def columns(k, n):
    out = []
    for j in range(n):
        row = [k * (j + 1)]
        out.append(row)
    return out


def rows_replaced(y, bag):
    total = 0.0
    for _ in range(2):
        try:
            made = columns(y, 2)
            total += sum(sum(row) for row in made)
            made[1] = made[0]
        except KeyError:
            pass
    for x in bag:
        total += x * y
    return total


def test_items_are_replaced_that_a_loop_has_drawn():
    bag = Bag([1.0, 2.0])
    slope = (rows_replaced(0.5, bag) - rows_replaced(0.0, bag)) / 0.5
    _, pullback = sd.vjp(rows_replaced, 0.43, bag)
    assert sd.grad(rows_replaced)(0.43, bag) == pytest.approx(slope)
    assert pullback(1.0)[0] == pytest.approx(slope) == pullback(1.0)[0]
    assert sd.jvp(rows_replaced, (0.43, bag), (1.0, None))[1] == pytest.approx(slope)
