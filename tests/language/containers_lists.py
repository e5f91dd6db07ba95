"""Lists as values inside of functions."""

import numpy as np

from tests.language.table import supported


@supported("list display and index", lambda: (1.3, 0.7))
def corner_sum(x, y):
    points = [x, y, x * y]
    return points[0] * points[2] + points[-1]


@supported("list display and index", lambda: (1.3, np.array([1.0, 2.0])))
def nested_displays(x, a):
    table = [[x, 2.0], [a, x * a]]
    return np.sum(table[1][1] * table[0][0]) + table[0][1] * np.sum(table[1][0])


@supported("`append` in a loop", lambda: (1.3, 4))
def powers(x, n):
    out = []
    for k in range(n):
        out.append(x**k)
    return sum(out)


@supported("`append` in a loop", lambda: (np.array([0.5, -1.2, 2.0]), 3))
def trajectory(y, n):
    states = [y]
    for _ in range(n):
        states.append(states[-1] + 0.1 * np.sin(states[-1]))
    return np.array(states)


@supported("`append` in a loop", lambda: (1.3, 3))
def append_arrays_and_stack(x, n):
    rows = []
    for k in range(n):
        rows.append(np.array([x, x * k, 1.0]))
    return np.stack(rows)


@supported("`extend`, `insert`, `+=` on lists", lambda: (1.3, 0.4))
def polynomial_of_parts(x, y):
    c = [x]
    c.extend([y, x * y])
    c.insert(0, 2.0 * y)
    c += [x * x]
    return sum(k * v for k, v in enumerate(c))


@supported("`extend`, `insert`, `+=` on lists", lambda: (np.array([1.0, 2.0, -0.5]),))
def extended_by_an_array(a):
    values = [0.5]
    values.extend(a * a)
    values += tuple(a)
    return values[1] * values[4] + values[2] * values[6]


@supported("`extend`, `insert`, `+=` on lists", lambda: (1.3, np.array([1.0, 2.0])))
def list_plus_array_is_an_array(x, a):
    values = [x, 0.5]
    same = values
    values += a
    return values[0] * values[1] + same[0] * len(same)


@supported("`pop`", lambda: (1.3, 0.4))
def stack_machine(x, y):
    stack = [x, y, 2.0]
    for op in "+*":
        right, left = stack.pop(), stack.pop()
        stack.append(left + right if op == "+" else left * right)
    return stack.pop()


@supported("`pop`", lambda: (1.3, 4))
def queue_is_consumed(x, n):
    queue = [x * (k + 1) for k in range(n)]
    total = 0.0
    while queue:
        head = queue.pop(0)
        total += head * len(queue) + head**2
    return total


@supported("`pop`", lambda: ([1.5, -0.5, 2.0, 0.3],))
def pairwise_merging_of_an_argument(values):
    while len(values) > 1:
        a = values.pop()
        b = values.pop()
        values.append(a * b + np.sin(a))
    return values[0]


@supported("item assignment in a list", lambda: (1.3, 0.4))
def slot_written_twice(x, y):
    v = [0.0, 0.0, y]
    v[0] = x
    v[1] = v[0] * y
    v[0] = v[1] * v[2]
    return v[0] + 3.0 * v[1]


@supported("item assignment in a list", lambda: ([0.3, 1.2, -0.7], 0.5))
def relaxation_in_place(v, w):
    for i in range(1, len(v)):
        v[i] += w * v[i - 1]
        v[i] *= 1.5
    return v[-1]


@supported("slices of a list", lambda: ([0.3, 1.2, -0.7, 2.0],))
def slices_are_copies(v):
    head = v[:2]
    head[0] = 10.0 * head[1]
    return head[0] * v[0] + sum(v[::2]) * sum(v[::-1][1:])


@supported("slices of a list", lambda: (1.3, 0.4))
def slice_assignment(x, y):
    v = [1.0, 2.0, 3.0, 4.0]
    v[1:3] = [x, x * y, y]
    v[::4] = [y * y, x]
    return v[0] * v[1] + v[2] * v[4] + v[3]


@supported("`del` of list elements", lambda: (1.3, 0.4))
def deleted_elements(x, y):
    v = [x, y, x * y, x + y, 1.0]
    del v[0]
    del v[1:3]
    return v[0] * 3.0 + v[-1]


@supported("`sort` and `sorted`", lambda: ([0.3, 1.2, -0.7, 2.0],))
def weighted_order_statistics(v):
    v.sort()
    return sum((k + 1) * x**2 for k, x in enumerate(v))


@supported("`sort` and `sorted`", lambda: (0.9, [0.3, -1.2, -0.7]))
def sorted_by_a_key(x, v):
    v.append(x)
    v.sort(key=abs, reverse=True)
    far = sorted(v, key=lambda t: (t - 0.5) ** 2)
    return v[0] * far[0] + v[1] * far[-1]


@supported("`sort` and `sorted`", lambda: (1.3, 0.4))
def sorted_pairs(x, y):
    knots = [(2.0, x), (0.5, y), (1.0, x * y)]
    knots.sort(key=lambda k: k[0])
    area = 0.0
    for (t0, f0), (t1, f1) in zip(knots, knots[1:]):
        area += 0.5 * (t1 - t0) * (f0 + f1)
    return area


@supported("`reverse`, `copy`, `clear`", lambda: ([0.3, 1.2, -0.7],))
def horner_after_reverse(c):
    d = c.copy()
    d.reverse()
    c.clear()
    value = 0.0
    for k in d:
        value = value * 1.7 + k * k
    return value


@supported("concatenation and repetition", lambda: (1.3, [0.4, 2.0]))
def padded(x, v):
    w = [x] * 2 + v + [0.0] + v[::-1]
    return sum(a * b for a, b in zip(w, range(1, 8)))


@supported("concatenation and repetition", lambda: (1.3,))
def repeated_rows_are_one_row(x):
    m = [[0.0] * 3] * 2
    m[0][1] = x
    m[1][1] *= x
    m[1][2] = m[0][1] * x
    return sum(m[0]) + 2.0 * sum(m[1])


@supported("`in`, `index`, `count`, `len`", lambda: (1.3, 2.5))
def membership_is_a_test(x, y):
    grid = [0.5, x, y]
    w = x * y if x in grid and 9.0 not in grid else 0.0
    return w * len(grid) + grid[grid.index(y)] * grid.count(x)


@supported("swap of elements", lambda: ([0.3, 1.2, -0.7, 2.0],))
def bubble_sort(v):
    for i in range(len(v)):
        for j in range(len(v) - 1 - i):
            if v[j] > v[j + 1]:
                v[j], v[j + 1] = v[j + 1], v[j]
    return v[0] * 2.0 + v[1] * v[3]


@supported("list of lists", lambda: (1.3, [[1.0, 2.0], [3.0, 4.5]]))
def determinant_and_update(x, m):
    m[0][0] += x
    m[1] = [x * v for v in m[1]]
    return m[0][0] * m[1][1] - m[0][1] * m[1][0]


@supported("insertion while reading", lambda: (1.3,))
def list_that_grows_while_it_is_walked(x):
    v = [x]
    for item in v:
        if len(v) < 5:
            v.append(item * 0.7 + 0.1)
    return sum(v) * v[-1]
