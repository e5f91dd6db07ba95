"""What changes lists, dicts, sets and objects, in functions that are differentiated."""

import bisect
import collections
import heapq
import itertools

import numpy as np
import pytest

from tests.test_mutators import check


class Owner:
    pass


def pushed_on_a_heap(x):
    h = []
    [heapq.heappush(h, v * v) for v in x]
    a = heapq.heappop(h)
    return np.array([a, h[0], h[1]])


def heap_with_a_replaced_top(x):
    h = list(x)
    heapq.heapify(h)
    heapq.heapreplace(h, x[0] * 9)
    return np.array(h)


def inserted_in_order(x):
    h = sorted(x)
    bisect.insort(h, x[0] * x[1])
    return np.array(h)


def all_of_a_list(x):
    items = [x[0], x[1]]
    items += [x[2]]
    items *= 2
    del items[1]
    items[1:3] = [x[0] * x[1]]
    items.reverse()
    items.insert(1, 7 * x[1])
    return np.array(items)


def lists_in_lists(x):
    items = [[x[0]], [x[1]]]
    m = items[:]
    m[0].append(x[2])
    items[1] = items[0]
    items[1][0] = x[1] * x[1]
    return np.array(m[0] + items[1])


def both_ends_of_a_deque(x):
    q = collections.deque(maxlen=3)
    for v in x:
        q.append(v * v)
        q.appendleft(v)
    q.rotate(1)
    q.extend([x[0]])
    return np.array(list(q))


def joined_deques(x):
    q = collections.deque([x[0], x[1] * x[0]], maxlen=3)
    both = q + collections.deque([x[2], x[1]])
    both.append(both[0] * x[0])
    return np.array([*both, *(q + q), *(q * 2), *(2 * collections.deque([x[1]]))])


def joined_deques_of_lists(x):
    row = [x[0], x[1]]
    q = collections.deque([row, [x[2]]])
    both, many = q + q, q * 3
    row[0] = x[1] * x[2]
    many[1].append(x[0] * x[0])
    both[2][1] = x[0] * x[2]
    return np.array([*both[0], *both[3], *q[0], *many[4], *many[5]])


def arrays_in_a_list(x):
    items = [x * 1.0, x * 2.0]
    items[0][1] = x[2]
    items.append(items[0])
    items[2] *= x
    return items[0] + items[1]


def pairs_sorted_by_a_key(x):
    items = [(x[0], 1), (x[1], 2)]
    items.sort(key=lambda t: -t[1])
    a, b = items.pop()
    items.extend([(a * a, 3)])
    return np.array([items[0][0] * items[1][0], a])


def all_of_a_dict(x):
    d = {"a": x[0]}
    d |= {"b": x[1]}
    d["a"] *= x[2]
    d.update([("c", x[0])], e=x[1])
    k, v = d.popitem()
    del d["c"]
    return np.array([*d.values(), v])


def default_dict(x):
    d = collections.defaultdict(float)
    d["a"] += x[0]
    d["a"] += x[1] * x[0]
    d["b"] = d["a"]
    return np.array(list(d.values()))


def lists_by_default(x):
    d = {}
    d.setdefault("l", []).append(x[0])
    d.setdefault("l", []).append(x[1] * x[0])
    return np.array(d["l"])


def copied_dict(x):
    d = dict(zip("abc", x))
    e = d.copy()
    e["a"] = x[1] * 2
    d["b"] = e.pop("c")
    return np.array(list(d.values()) + list(e.values()))


def set_of_numbers(x):
    s = {x[0], x[1]}
    s.add(x[2])
    s.discard(x[0])
    s |= {x[0] * 5}
    return np.array(sorted(s))


def attributes_by_name(x):
    o = Owner()
    setattr(o, "a", x[0])
    o.b = x[1]
    o.a *= o.b
    delattr(o, "b")
    return np.array([o.a, getattr(o, "a") * x[2]])


def containers_in_an_object(x):
    o = Owner()
    o.items = []
    o.d = {}
    for i, v in enumerate(x):
        o.items.append(v * v)
        o.d[i] = o.items
    o.d[0][1] = x[0]
    return np.array(o.items)


def zipped_with_numbers(x):
    s = 0.0
    for (i, a), b in zip(enumerate(x), reversed(x)):
        s = s + i * a * b
    return s


def pairs_in_a_row(x):
    return sum((a * b * c for a, (b, c) in zip(x, itertools.pairwise(list(x) + [x[0]]))))


def pairs_replaced(x):
    it = [(a, b) for a, b in itertools.combinations(list(x), 2)]
    it[0] = (x[2], x[2])
    return np.array([a * b for a, b in it])


def a_dict_walked_over(x):
    d = {"a": x[0], "b": x[1]}
    t = 0.0
    for k in d:
        t = t + d[k] * len(k)
    for k, v in d.items():
        t = t * v
    for v in d.values():
        t = t + v * v
    return t


CASES = [
    pushed_on_a_heap, heap_with_a_replaced_top, inserted_in_order, all_of_a_list,
    lists_in_lists, both_ends_of_a_deque, arrays_in_a_list, pairs_sorted_by_a_key,
    all_of_a_dict, default_dict, lists_by_default, copied_dict, set_of_numbers,
    attributes_by_name, containers_in_an_object, zipped_with_numbers, pairs_in_a_row,
    pairs_replaced, a_dict_walked_over, joined_deques, joined_deques_of_lists,
]


@pytest.mark.parametrize("function", CASES, ids=lambda f: f.__name__)
def test_a_container_that_is_written_has_the_derivative_that_differences_have(function):
    check(function)
