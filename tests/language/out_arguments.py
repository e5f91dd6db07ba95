"""NumPy's functions that write into an array that they are given."""

import bisect
import heapq

import numpy as np

from tests.language.table import refused, supported

V = np.array([0.5, -1.2, 2.0, 0.8])
M = np.array([[1.0, 2.0, 0.5], [0.3, -1.0, 1.5]])


@supported("`out=` of a ufunc", lambda: (V.copy(), 1.3))
def ufunc_into_a_buffer(a, x):
    buffer = np.empty(4)
    np.sin(a, out=buffer)
    np.multiply(buffer, x, out=buffer)
    np.add(buffer, a, buffer)
    return buffer


@supported("`out=` of a ufunc", lambda: (V.copy(), 1.3))
def ufunc_into_its_own_argument(a, x):
    b = a * x
    c = np.exp(b, out=b)
    np.tanh(b, out=b)
    return b * c * a


@supported("`out=` of a ufunc", lambda: (V.copy(), 1.3))
def ufunc_into_an_overlapping_slice(a, x):
    a = a * x
    np.add(a[:-1], a[1:], out=a[1:])
    np.multiply(a, a[::-1], out=a)
    return a * V


@supported("`out=` of a ufunc", lambda: (V.copy(), 1.3))
def ufunc_where(a, x):
    out = a * x
    np.log(a, out=out, where=a > 0.0)
    return np.sum(out * V)


@supported("`out=` of other functions", lambda: (M.copy(), 1.3))
def reductions_and_products_into_buffers(m, x):
    s, p = np.zeros(3), np.zeros((2, 2))
    np.sum(m, axis=0, out=s)
    np.dot(m, m.T, out=p)
    np.matmul(m, s, out=p[0])
    s *= x
    return np.sum(p * p) + s


@supported("`out=` of other functions", lambda: (V.copy(), 1.3))
def cumulative_sums_into_a_row(a, x):
    table = np.zeros((2, 4))
    np.cumsum(a * x, out=table[0])
    np.clip(table[0], -0.55, 1.5, out=table[1])
    np.take(a, [3, 2, 1, 0], out=table[0], mode="clip")
    return table


@supported("`out=` of other functions", lambda: (V.copy(), M.copy()))
def concatenation_into_a_buffer(a, m):
    out = np.empty(10)
    np.concatenate([a, m.ravel()], out=out)
    pair = np.empty((2, 3))
    np.stack([m[0] * out[0], m[1]], out=pair)
    return out[2:8] * pair.ravel()


@supported("`np.copyto`", lambda: (V.copy(), 1.3))
def copied_where(a, x):
    b = np.ones(4)
    np.copyto(b, a, where=a > 0)
    np.copyto(b[1:3], x * b[0])
    return b * a


@supported("`np.add.at`", lambda: (np.array([0.5, -1.2, 2.0]), 1.3))
def repeated_indices_add_up(v, x):
    h = np.array([x, 1.0])
    np.add.at(h, [0, 1, 0], v * v)
    np.subtract.at(h, 1, x)
    return h * h


@supported("`np.add.at`", lambda: (np.array([0.5, -1.2, 2.0]), 1.3))
def products_at_indices(v, x):
    h = np.array([x, 1.0])
    np.multiply.at(h, [0, 1, 0], v)
    return h


@supported("`np.fill_diagonal`", lambda: (M[:, :2].copy(), 1.3))
def ridge(m, x):
    g = m.T @ m
    d = np.diagonal(g).copy()
    np.fill_diagonal(g, d + x)
    h = np.ones((2, 2)) * x
    np.fill_diagonal(h, [x * x, 2.0])
    return g @ h


@supported("`fill`, `sort`, `put` of arrays", lambda: (V.copy(), 1.3))
def filled(a, x):
    b = a * 1.0
    b[1:].fill(x)
    b[:2].fill(b[2] * a[3])
    return b * a


@supported("`fill`, `sort`, `put` of arrays", lambda: (V.copy(),))
def sorted_in_place(a):
    first = a[0]
    a.sort()
    return a * np.arange(1.0, 5.0) * first


@supported("`fill`, `sort`, `put` of arrays", lambda: (M.copy(), 1.3))
def rows_sorted_through_a_view(m, x):
    m = m * x
    m[:, 1:].sort(axis=0)
    m[0].sort()
    return m * M


@supported("`fill`, `sort`, `put` of arrays", lambda: (V.copy(), 1.3))
def put_and_place(a, x):
    a.put([0, 2], [x, x * x])
    np.put(a, [-1], a[1] * x)
    np.place(a, a < 0, [x + 1.0])
    np.putmask(a, np.array([False, True, False, True]), a * 2.0)
    return a * V


@supported("`np.put_along_axis`", lambda: (M.copy(), 1.3))
def largest_of_each_row(m, x):
    m = m * 1.0
    at = np.argmax(m, axis=1)[:, None]
    top = np.take_along_axis(m, at, axis=1)
    np.put_along_axis(m, at, top * top * x, axis=1)
    return m


@supported("`operator` and methods that write", lambda: (V.copy(), 1.3))
def setitem_as_a_method(a, x):
    a = a * 1.0
    a.__setitem__(0, x)
    a[1:].__iadd__(a[0])
    return a * V


@supported("`heapq`", lambda: ([1.3, 0.7, 2.0],))
def merged_by_a_heap(weights):
    heapq.heapify(weights)
    total = 0.0
    while len(weights) > 1:
        a = heapq.heappop(weights)
        b = heapq.heappop(weights)
        total += a * b
        heapq.heappush(weights, a + b)
    return total


@supported("`bisect`", lambda: (1.3, [0.5, 1.0, 2.0]))
def inserted_in_order(x, knots):
    k = bisect.bisect(knots, x)
    bisect.insort(knots, x * 1.1)
    return knots[k] * knots[k - 1] + (knots[k + 1] - x) ** 2


@supported("arrays that change their shape, where nobody else has them", lambda: (V.copy(), 1.3))
def shape_is_set(a, x):
    m = a * x
    m.shape = (2, 2)
    m[0, 1] = m[1, 0] * x
    return m @ m


@refused("arrays that change their shape and are seen by others", lambda: (V.copy(), 1.3),
         "DifferentiationError", r"\.shape",
         "it changes an array that others may hold; NumPy gives it up, too")
def shape_is_set_of_what_others_have(a, x):
    m = a * x
    n = m
    m.shape = (2, 2)  # here
    return n @ m


@refused("`np.nditer` that writes", lambda: (V.copy(),), "DifferentiationError", r"nditer",
         "it hands out buffers that are written back later")
def nditer_writes(a):
    with np.nditer(a, op_flags=["readwrite"]) as it:  # here
        for v in it:
            v[...] = 2.0 * v
    return np.sum(a * a)


@refused("memory of others", lambda: (1.3,), "DifferentiationError", r"frombuffer",
         "two arrays over one foreign buffer do not know of each other")
def two_arrays_over_a_bytearray(x):
    memory = bytearray(16)
    a = np.frombuffer(memory)  # here
    b = np.frombuffer(memory)
    a[0] = x
    return b[0] * x


@supported("`out=` of other functions", lambda: (V.copy(), 1.3))
def output_by_position(a, x):
    a = a * x
    np.clip(a, -0.9, 2.0, a)
    np.sum(np.outer(a, a), 0, None, a)
    return a * V


@supported("`out=` of methods", lambda: (V.copy(), 1.3))
def outputs_of_methods(a, x):
    a = a * x
    b = np.zeros(4)
    a.clip(-0.9, 2.0, out=b)
    a.cumsum(out=a)
    a.mean(keepdims=True, out=b[:1])
    return a * b


@refused("`out=` into its own inputs", lambda: (V.copy(), 1.3), "DifferentiationError",
         r"np.concatenate with out=", "it reads memory that it has written already")
def joined_into_its_own_parts(a, x):
    b = a * x
    np.concatenate([b[1:], b[:1]], out=b)  # here
    return b * b
