"""Forward mode through deques, sets and dicts of all classes."""

import bisect
import copy
import heapq
import itertools
from collections import OrderedDict, defaultdict, deque

import numpy as np
import pytest

import s2sdiff as sd
from tests.forwards import LOG, check_forward


class Obj:
    pass


class Shared(dict):

    def __init__(self, *a, **k):
        super().__init__(*a, **k)
        self.__dict__ = self


def factory():
    LOG.append('made')
    return [1.0]


def push(q, v):
    q.appendleft(v * q[-1])


def first(q):
    return next(iter(q))


class Miss(dict):

    def __missing__(self, k):
        LOG.append(k)
        self[k] = v = self['base'] * len(k)
        return v


def a_bounded_deque_drops_at_the_other_end(x, y):
    q = deque([x, y], maxlen=3)
    q.append(x * y)
    q.append(y * y)
    q.appendleft(x * x)
    q.rotate(1)
    q.extend([x, 2.0 * y])
    q.extendleft([y])
    q[1] *= 3.0
    return q[0] * q[1] + q[2]


def two_names_of_a_deque(x, y):
    q = deque([x])
    r = q
    r.append(y * y)
    q.insert(1, x * y)
    q.reverse()
    z = q.popleft()
    del r[0]
    q += [z, y]
    q.remove(y)
    return sum(q) * len(q) + r[-1]


def lists_in_a_deque_are_written(x, y):
    inner = [x]
    q = deque([inner, [y]])
    q.rotate()
    inner.append(x * y)
    q[0][0] = q[0][0] * 2.0
    return q.pop()[1] * q[0][0] + q[-1][0]


def views_in_a_deque(x, y):
    a = np.array([x, y, x * y])
    q = deque([a[:2], a[1:]])
    a[1] = x * x
    q[1][1] = q[0][1] * y
    return a.sum() * q[0][0]


def deques_are_joined_and_repeated(x, y):
    q = deque([x, y], maxlen=5)
    q *= 2
    p = q + deque([y * y])
    c = q.copy()
    c[0] = y
    return sum(p) * q[0] + c[0] * p[0] + sum(q * 2)


def sets_are_combined(x, y):
    s = {x, y * 2.0, 5.0}
    t = set([x, y * y])
    u = s | t
    v = s & t
    w = s ^ t
    m = s - t
    return sum(u) * sum(v) + sum(w) + max(m)


def sets_are_written(x, y):
    s = set()
    s.add(x)
    s.add(x)
    s.update([y, x * y], (2.0 * x,))
    s.discard(y)
    s |= {y * y}
    s -= {x}
    s ^= {7.0, y * y}
    t = frozenset(s)
    return sum(sorted(t)) * x + len(s)


def a_set_is_popped_and_copied(x, y):
    s = {x * y}
    v = s.pop()
    s.add(v * v)
    s.add(v)
    t = s.copy()
    s.clear()
    s.add(y)
    return sum(t) + sum(s)


def tuples_in_a_set(x, y):
    s = {(1, x), (2, y)}
    t = 0.0
    for i, v in sorted(s):
        t += i * v * v
    return t


def an_ordered_dict_moves_and_pops(x, y):
    d = OrderedDict(a=x, b=y, c=x * y)
    d.move_to_end('a')
    d.move_to_end('c', last=False)
    k, v = d.popitem(last=False)
    d[k] = v * v
    d.setdefault('e', y * y)
    d.update(a=d['a'] * y)
    t = 0.0
    for i, (key, value) in enumerate(d.items()):
        t = t + (i + 1) * value
    return t + sum(d.values()) * d.pop('b')


def a_factory_is_called_once_for_a_key(x, y):
    d = defaultdict(factory)
    d['a'].append(x)
    d['a'].append(y)
    d['b'][0] = d['b'][0] * x * y
    n = len(d)
    d.get('zz')
    return sum(d['a']) * d['b'][0] * n + len(d['c'])


def a_factory_captures_what_is_active(x, y):
    d = defaultdict(lambda: x * y)
    d['a'] += y
    d['b'] = d['b'] * 2.0
    return d['a'] * d['b'] + d['c']


def a_dict_that_is_its_own_dict(x, y):
    s = Shared(a=x, b=y)
    s.a = s.a * s['b']
    s['c'] = s.a * y
    s.b *= 2.0
    del s['a']
    s.update(d=x)
    t = vars(s)
    t['b'] = t['b'] * t['d']
    return s.c * s.b + s.d


def the_dict_of_an_object_is_written(x, y):
    o = Obj()
    o.a = x
    d = o.__dict__
    d['b'] = y * d['a']
    o.a = o.b * x
    d.update(c=o.a * y)
    e = vars(o)
    e['a'] *= 2.0
    f = copy.copy(o)
    f.a = f.a + x
    g = copy.deepcopy(o)
    g.b *= y
    return o.a * d['c'] + f.a * g.b + sum(e.values())


def the_dict_of_an_object_is_replaced(x, y):
    o = Obj()
    o.a = x
    p = {'a': x * y, 'b': y}
    o.__dict__ = p
    p['a'] = p['a'] * x
    o.b = o.b * o.a
    return o.a * p['b']


def heaps_and_bisection(x, y):
    h = []
    for v in (x, y, x * y, y * y):
        heapq.heappush(h, v)
    a = heapq.heappop(h)
    b = heapq.heappushpop(h, x + y)
    c = heapq.heapreplace(h, a * b)
    bisect.insort((g := [0.1, 5.0]), x)
    return a * b + c * h[0] + g[1]


def methods_of_lists(x, y):
    v = [x, y, x * y]
    v.remove(y)
    v.insert(0, y * y)
    v.sort(key=lambda z: -z)
    w = sorted(v)
    w.reverse()
    r = list(reversed(v))
    v.extend({3.0 * y})
    v.extend((k for k in (x, y)))
    return w[0] * r[0] + v[-1] * v[3]


def lists_in_dicts_are_shared(x, y):
    d = {'a': [x], 'b': [y]}
    for k, v in d.items():
        v.append(v[0] * x)
    e = dict(d)
    e['a'][0] = y * y
    f = d | {'c': [x * y]}
    f['c'].append(f['a'][0])
    g = dict.fromkeys('pq', x)
    g['p'] = g['q'] * y
    return d['a'][0] * e['a'][1] + f['c'][1] + sum(g.values())


def a_set_in_an_object(x, y):
    o = Obj()
    o.s = set()
    o.s.add(x)
    t = o.s
    t.add(y * x)
    u = frozenset(o.s)
    return sum(o.s) * x + max(u)


def a_deque_in_a_dict_in_a_list(x, y):
    d = [{'q': deque(maxlen=2)}]
    for k in range(4):
        d[0]['q'].append(x * k + y)
    e = copy.deepcopy(d)
    e[0]['q'][0] = y
    f = copy.copy(d[0]['q'])
    f.append(x)
    return d[0]['q'][0] * e[0]['q'][0] + e[0]['q'][1] * f[0] + f[-1]


def a_deque_is_handed_over(x, y):
    q = deque([x])
    push(q, y)
    push(q, 2.0 * y)
    return q[0] * q.pop() * len(q) + first(q)


def loops_over_deques(x, y):
    q = deque([x, y])
    t = 0.0
    while q:
        v = q.popleft()
        t += v * v
        if len(q) < 2 and v > 0.2:
            q.append(v * 0.5)
    for v in deque([x, y]):
        t = t + v * x
    for i, v in enumerate(deque([x, y])):
        t = t + i * v
    return t


def a_dict_is_written_in_a_loop(x, y):
    d = OrderedDict(a=x, b=y)
    t = 0.0
    for k in list(d):
        d[k] = d[k] * x
        d.move_to_end(k)
        d[k + '2'] = d[k] * y
    for k, v in reversed(list(d.items())):
        t = t * 0.5 + v
    return t


def a_default_is_a_list_of_another_name(x, y):
    shared = [x]
    d = {}
    d.setdefault('a', shared)
    d['a'].append(y)
    e = d.setdefault('a', [])
    e[0] = e[0] * y
    d2 = dict(d, z=shared)
    d2['z'].append(x * x)
    return shared[0] * shared[1] + sum(shared)


def pops_with_defaults(x, y):
    d = dict(a=x)
    a = d.pop('a', 1.0)
    b = d.pop('a', y * y)
    d['c'] = a
    e = defaultdict(float, d)
    e['n'] += x
    e['n'] *= y
    return a * b + e['c'] * e['n'] + e['m']


def dicts_of_pairs(x, y):
    d = dict([('a', x), ('b', y)])
    d.update([('c', x * y)], e=y * y)
    d |= {'a': d['a'] * 2.0}
    o = OrderedDict(d)
    o2 = OrderedDict(reversed(list(o.items())))
    k, v = o2.popitem()
    f = {**d, 'z': v}
    del d['a']
    return v * f['z'] + sum(d.values()) + next(iter(o2.values()))


def a_set_is_spread_into_a_list(x, y):
    v = [x, y, x * y]
    v[0:1] = {3.0 * y}
    v += {x * x}
    v[1:1] = {4: x}
    return v[0] * v[2] + v[-1] * v[1]


def keys_are_spread_into_a_list(x, y):
    v = []
    v.extend({1: x})
    v += {2: y}
    w = [x]
    w[:0] = {5: 1}
    return v[0] * x + v[1] * y + w[0] * w[1]


def an_iterator_over_the_values_of_a_dict(x, y):
    d = OrderedDict([('a', x), ('b', x * y)])
    d.move_to_end('a')
    return next(iter(d.values())) + 2 * list(d.items())[1][1]


def keys_of_sorting_have_effects(x, y):
    q = deque([x, y, x * y])
    seen = []

    def key(v):
        seen.append(v * y)
        LOG.append(1)
        return -v
    a = max(q, key=key)
    b = sorted(q, key=key)[0]
    m = min({x, y}, key=lambda v: v)
    return a * b * m + sum(seen)


def sets_in_a_dict(x, y):
    d = {'s': {x}, 't': {y}}
    d['s'].add(y * y)
    t = d['t']
    t |= d['s']
    u = set(d['t'])
    u.add(x + y)
    return sum(d['t']) * sum(u)


def a_factory_makes_a_dict(x, y):

    def make():
        LOG.append('make')
        return {'v': x}
    d = defaultdict(make)
    d['p']['v'] = d['p']['v'] * y
    e = d['q']
    e['w'] = y
    d['q']['v'] = e['w'] * e['v']
    return d['p']['v'] + sum(d['q'].values()) + (0.0 if 'z' in d else 1.0)


def a_class_says_what_is_missing(x, y):
    m = Miss(base=x * y)
    a = m['ab']
    m['ab'] = m['ab'] * x
    return a * m['ab'] + m['c'] + sum(m.values())


def an_ordered_dict_in_an_object(x, y):
    s = Obj()
    s.d = OrderedDict()
    s.d['a'] = x
    t = s.d
    t['b'] = y
    t.move_to_end('a')
    r = [(k, v * y) for k, v in s.d.items()]
    return r[0][1] * 3 + r[1][1] + list(t.values())[0]


def setdefault_and_popitem(x, y):
    d = {}
    for i in range(4):
        d.setdefault(i % 2, []).append(x ** i * y)
    v = d.popitem()[1]
    d.setdefault(7, v)[0] = x
    return sum(v) * sum(d[0]) + d[7][1]


def fields_by_vars(x, y):
    o = Obj()
    o.x = x
    vars(o).update(y=y * o.x, z=o.x)
    d = dict(vars(o))
    d['x'] = d['x'] * 2
    del vars(o)['z']
    setattr(o, 'w', y)
    t = sum((v for k, v in vars(o).items()))
    vars(o)['x'] = x * x
    return o.x * o.y + t * d['z']


def a_heap_of_pairs(x, y):
    h = [(x, 1), (y, 2)]
    heapq.heapify(h)
    heapq.heappush(h, (x * y, 3))
    v, i = heapq.heappop(h)
    return v * i + sum((a * b for a, b in h)) + heapq.nsmallest(1, h)[0][0]


def a_deque_of_an_arrays_items(x, y):
    q = deque(maxlen=2)
    q.extend(np.array([x, y, x * y]))
    p = q
    p.append(q[0] * q[1])
    q.insert(0, 1.0) if len(q) < 2 else None
    return np.sum(q) * np.array(q)[0] + np.dot(q, q)


PROGRAMS = [
    a_bounded_deque_drops_at_the_other_end,
    two_names_of_a_deque,
    lists_in_a_deque_are_written,
    views_in_a_deque,
    deques_are_joined_and_repeated,
    sets_are_combined,
    sets_are_written,
    a_set_is_popped_and_copied,
    tuples_in_a_set,
    an_ordered_dict_moves_and_pops,
    a_factory_is_called_once_for_a_key,
    a_factory_captures_what_is_active,
    a_dict_that_is_its_own_dict,
    the_dict_of_an_object_is_written,
    the_dict_of_an_object_is_replaced,
    heaps_and_bisection,
    methods_of_lists,
    lists_in_dicts_are_shared,
    a_set_in_an_object,
    a_deque_in_a_dict_in_a_list,
    a_deque_is_handed_over,
    loops_over_deques,
    a_dict_is_written_in_a_loop,
    a_default_is_a_list_of_another_name,
    pops_with_defaults,
    dicts_of_pairs,
    a_set_is_spread_into_a_list,
    keys_are_spread_into_a_list,
    an_iterator_over_the_values_of_a_dict,
    keys_of_sorting_have_effects,
    sets_in_a_dict,
    a_factory_makes_a_dict,
    a_class_says_what_is_missing,
    an_ordered_dict_in_an_object,
    setdefault_and_popitem,
    fields_by_vars,
    a_heap_of_pairs,
    a_deque_of_an_arrays_items,
]


@pytest.mark.parametrize("function", PROGRAMS, ids=lambda f: f.__name__)
def test_forward_mode_is_right_and_does_what_the_function_does(function):
    check_forward(function)



def moved(queue, x):
    queue.append(queue[0] * x)
    queue.popleft()
    return queue[0] * queue[-1]


def test_a_deque_is_an_argument_whose_tangent_stays_as_it_was():
    queue, dots = deque([1.3, 0.7], maxlen=3), deque([0.3, 0.2], maxlen=3)
    value, dot = sd.jvp(moved, (queue, 2.0), (dots, 1.0))
    assert queue == deque([0.7, 2.6]) and dots == deque([0.3, 0.2])
    assert value == 0.7 * 2.6
    # q1 * (q0 * x) along (0.3, 0.2, 1)
    assert dot == pytest.approx(0.2 * 1.3 * 2.0 + 0.7 * 0.3 * 2.0 + 0.7 * 1.3)


def test_a_deque_that_is_given_has_its_tangent_and_a_set_has_none():
    value, dot = sd.jvp(lambda x: (deque([x, 2 * x], maxlen=2), {"s": {x}, "n": 3}), (1.3,), (1.0,))
    assert value == (deque([1.3, 2.6]), {"s": {1.3}, "n": 3})
    assert dot == (deque([1.0, 2.0]), {"s": None, "n": None})
    assert dot[0].maxlen == 2


@pytest.mark.parametrize("primal, tangent, error, text", [
    (deque([1.0, 2.0]), deque([1.0]), TypeError, "argument 0 is a deque of 2. Instead, "),
    (deque([1.0, 2.0]), 1.0, TypeError, "argument 0 is a deque of 2. Instead, "),
    ({1.0}, {1.0}, sd.UnsupportedError, "argument 0 is a set.* Instead, "),
])
def test_a_tangent_that_does_not_fit_is_named(primal, tangent, error, text):
    with pytest.raises(error, match=text):
        sd.jvp(sum, (primal,), (tangent,))


def test_complex_and_single_precision_keep_their_kind_in_a_deque():
    def cubed(z):
        queue = deque([z])
        queue.appendleft(z * z)
        return queue[0] * queue[1]

    assert sd.jvp(cubed, (1 + 2j,), (1 + 0j,))[1] == 3 * (1 + 2j) ** 2
    assert type(sd.jvp(cubed, (np.float32(2),), (np.float32(1),))[1]) is np.float32


def test_integers_in_containers_have_no_tangent():
    def counted(x, n):
        queue, table = deque([n, x]), {"i": n}
        queue.rotate(n)
        table["i"] += 1
        return x * sum({n, 2}) * table["i"] + queue[0]

    # queue[0] is x after three steps.
    assert sd.jvp(counted, (1.3, 3), (1.0, None)) == (1.3 * 20 + 1.3, 21.0)


def test_items_of_a_dict_in_a_chain_leave_its_tangents_as_they_are():
    def f(x, y):
        table = {(0, 0): x, (0, 1): y, (1, 1): x * y}
        out = [0.0, 0.0]
        for (i, j), v in itertools.chain(table.items()):
            out[i] += v * (j + 1.0)
        return out[0] * out[1] * table[0, 1]

    slope = (f(1.3 + 1e-6, 0.7 + 2e-6) - f(1.3 - 1e-6, 0.7 - 2e-6)) / 2e-6
    assert abs(sd.jvp(f, (1.3, 0.7), (1.0, 2.0))[1] - slope) < 1e-6
