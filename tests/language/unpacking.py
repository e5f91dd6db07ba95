"""Tuples, and unpacking into several targets."""

from collections import namedtuple

import numpy as np

from tests.language.table import supported

Point = namedtuple("Point", "x y label")
Pair = namedtuple("Pair", ["a", "b"], defaults=[2.0])


@supported("tuple display and index", lambda: (1.3, 0.7))
def tuple_of_tuples(x, y):
    t = (x, (y, x * y), 3.0)
    return t[0] * t[1][1] + t[-1] * t[1][0]


@supported("several targets", lambda: (1.3, 0.7))
def fibonacci_step(a, b):
    for _ in range(4):
        a, b = b, a + b
    return a * b


@supported("several targets", lambda: (np.array([1.0, 2.0, -0.5]),))
def array_is_unpacked(v):
    x, y, z = v
    return x * y + np.sin(z) * x


@supported("several targets", lambda: (np.array([[1.0, 2.0], [0.5, -1.0]]),))
def rows_are_unpacked(m):
    (a, b), (c, d) = m
    return np.array([[d, -b], [-c, a]]) / (a * d - b * c)


@supported("nested targets", lambda: (1.3, 0.7))
def nested_targets(x, y):
    (a, (b, c)), [d] = (x, (y, x * y)), [x + y]
    return a * b + c * d


@supported("starred targets", lambda: ([1.3, 0.7, 2.0, -0.5],))
def head_and_tail(v):
    first, *middle, last = v
    head, *nothing = [first]
    return head * last + sum(m**2 for m in middle) + len(nothing)


@supported("starred targets", lambda: (np.array([1.3, 0.7, 2.0, -0.5]),))
def starred_part_of_an_array_is_a_list(v):
    *front, last = v
    front.append(last * last)
    return front[0] * front[-1] + len(front) * front[1]


@supported("starred targets", lambda: ([(1.3, 0.7, 2.0), (0.4, -0.5, 1.0)],))
def starred_loop_targets(rows):
    total = 0.0
    for first, *rest in rows:
        total += first * rest[-1] - rest[0] ** 2
    return total


@supported("starred displays", lambda: (1.3, [0.7, 2.0]))
def displays_with_stars(x, v):
    w = [x, *v, *(x * t for t in v)]
    t = (*w, x)
    return t[1] * t[3] + t[4] * t[-1]


@supported("targets that are elements", lambda: (1.3, 0.7))
def elements_as_targets(x, y):
    v = [0.0, 0.0, 0.0]
    v[0], (v[1], *v[2:]) = x, (y, x * y, x + y)
    return v[0] * v[1] + v[2] * v[3]


@supported("targets that are elements", lambda: (1.3, 0.7))
def target_read_by_a_later_target(x, y):
    v = [x, y, 0.0]
    i = 0
    i, v[i] = 2, x * y
    v[0], v[i] = v[i] + 1.0, v[0] * v[1]
    return v[0] + 3.0 * v[1] * v[2]


@supported("loop variable that is an element", lambda: ([1.3, 0.7, 2.0],))
def element_as_a_loop_variable(values):
    slot = [0.0, 1.0]
    for slot[0] in values:
        slot[1] = slot[1] * slot[0] + 0.5
    return slot[0] * slot[1]


@supported("chained assignment", lambda: (1.3, 0.7))
def chained_names(x, y):
    a = b = x * y
    b = b + a
    v = [0.0, 0.0]
    v[0] = c = v[1] = b * x
    return a * b + v[0] * v[1] * c


@supported("swap", lambda: (1.3, 0.7))
def three_way_rotation(x, y):
    z = x * y
    for _ in range(2):
        x, y, z = z, x, y
    return x + 2.0 * y + 3.0 * z**2


@supported("swap", lambda: (np.array([1.0, 2.0, -0.5]),))
def swap_of_array_elements(v):
    v = v * 1.0
    v[0], v[2] = v[2], v[0]
    return v[0] + 2.0 * v[1] * v[2]


@supported("swap", lambda: (np.array([[1.0, 2.0], [0.5, -1.0]]),))
def swap_of_rows_that_are_views(m):
    m = m.copy()
    m[0], m[1] = m[1], m[0]
    return m[0] @ np.array([1.0, 3.0]) + m[1, 1] * m[1, 0] * 5.0


@supported("swap", lambda: (np.array([[1.0, 2.0], [0.5, -1.0]]),))
def swap_of_rows_by_an_index(m):
    m = m.copy()
    m[[0, 1]] = m[[1, 0]]
    m[0], m[1] = m[1].copy(), m[0].copy()
    return m[0, 0] * m[0, 1] + 2.0 * m[1, 0] + m[1, 1] ** 2


@supported("tuple as a result", lambda: (1.3, np.array([0.7, 2.0])))
def several_results(x, a):
    s = np.sum(a) * x
    return s, x * a, (x, 2)


@supported("tuple as an argument", lambda: ((1.3, np.array([0.7, 2.0]), 2), 0.5))
def tuple_argument(p, x):
    k, a, n = p
    return np.sum(a**n) * k + p[0] * x


@supported("namedtuple", lambda: (Point(1.3, 0.7, "a"),))
def fields_of_an_argument(p):
    return np.hypot(p.x, p.y) + p[0]


@supported("namedtuple", lambda: (1.3, 0.7))
def replaced_field(x, y):
    p = Point(x, y, "start")
    for _ in range(3):
        p = p._replace(x=p.x + 0.1 * p.y, y=p.y - 0.1 * p.x)
    a, b, _ = p
    return a * b


@supported("namedtuple", lambda: (1.3, 0.7))
def namedtuple_made_in_several_ways(x, y):
    p = Pair(x)
    q = Pair(b=y, a=p.b)
    r = Pair._make([x * y, q.a])
    s = r._asdict()
    return p.a * q.b + s["a"] * r.b


@supported("namedtuple", lambda: (1.3, 0.7))
def namedtuple_whose_class_is_made_inside(x, y):
    State = namedtuple("State", "q v")
    s = State(x, y)
    for _ in range(3):
        s = State(s.q + 0.1 * s.v, v=s.v - 0.1 * s.q)
    return s.q * s.v


@supported("namedtuple", lambda: ([Point(1.3, 0.7, "a"), Point(0.2, 2.0, "b")],))
def list_of_points(points):
    return sum(p.x * q.y for p, q in zip(points, points[::-1]))


@supported("tuple operations", lambda: (1.3, 0.7))
def joined_and_sliced_tuples(x, y):
    t = (x, y) + (x * y,)
    t += (2.0,)
    u = t[1:] * 2
    return u[0] * u[4] + u[2] * len(u) + sum(t[::2])


@supported("tuple operations", lambda: (1.3, 0.7))
def tuples_are_compared(x, y):
    best = max((x * y, 0), (y * y, 1), (x * 0.1, 2))
    return best[0] ** 2 + best[1]
