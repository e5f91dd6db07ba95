"""Kinds of arguments: what has a gradient, of which structure, and what is left in it."""

from collections import OrderedDict, deque

import numpy as np

from tests.language.table import supported

V = np.array([0.5, -1.2, 2.0])


class Model:
    """Weights in a list of dicts, and what is no number."""

    def __init__(self, layers, name, rate):
        self.layers = layers
        self.name = name
        self.rate = rate
        self.calls = 0

    def __call__(self, x):
        self.calls += 1
        for layer in self.layers:
            x = np.tanh(layer["w"] @ x + layer["b"])
        return x


def model():
    return Model([{"w": np.array([[0.5, -1.0], [0.3, 0.8]]), "b": np.array([0.1, 0.2])},
                  {"w": np.array([[1.0, 0.4]]), "b": 0.3}], "net", 1.3)


@supported("numbers of Python and NumPy", lambda: (1.3, np.float64(0.7), 2, True))
def numbers(x, y, n, flag):
    return x**n * y if flag else y


@supported("numbers of Python and NumPy", lambda: (1.3 + 0.4j, np.complex128(0.7 - 0.2j)))
def complex_numbers(z, w):
    return (z * w + np.exp(z)) / w


@supported("float32 and complex64", lambda: (np.float32(1.3), V.astype(np.float32)))
def single_precision(x, a):
    return a * x + np.sin(a)


@supported("float32 and complex64", lambda: (V.astype(np.float32), 0.7))
def single_precision_is_written(a, x):
    a[0] *= x
    a[1:] = a[:-1] * 2.0
    return a * a


@supported("float32 and complex64", lambda: ([(V + 1j).astype(np.complex64), 1.3],))
def complex64_in_a_list(v):
    z, x = v
    return np.abs(z * x) ** 2


@supported("complex arrays", lambda: (np.array([1.0 + 2.0j, 0.5 - 1.0j]), 1.3))
def complex_array_is_written(z, x):
    z[0] = z[1] * x
    z *= 1j
    z[1] += z[0].conj()
    return np.sum(np.abs(z) ** 2)


@supported("arrays of any rank and layout", lambda: (np.array(1.3), np.ones((1, 2, 1)) * 0.7))
def ranks(a, b):
    return a * b + b.sum(axis=1)


@supported("arrays of any rank and layout", lambda: (np.asfortranarray(np.eye(2) + 0.5), 1.3))
def fortran_order_is_written(m, x):
    flat = m.ravel(order="K")
    flat[1] = x
    m[:, 0] *= x
    return m @ m


@supported("arrays of any rank and layout", lambda: (np.arange(8.0)[::-2] + 0.5, 1.3))
def strided_argument_is_written(a, x):
    a[1:3] *= x
    a += a[0]
    return a**2


@supported("arrays of any rank and layout", lambda: (np.zeros((0, 3)), 1.3))
def empty_array(m, x):
    for row in m:
        x = x + row[0]
    return np.sum(m) + x * x


@supported("read-only array", lambda: (np.broadcast_to(np.float64(1.3), (3,)), 0.7))
def broadcast_argument(a, x):
    b = a * np.arange(1.0, 4.0)
    b[0] += x * a[1]
    return b


@supported("integer arrays beside floats", lambda: (V.copy(), np.array([2, 0]), np.array([3, 1])))
def integer_array_is_written(a, index, counts):
    counts[0] += 1
    index[1] = 1
    return a[index] * counts


@supported("list of numbers, changed in its length", lambda: ([1.3, 0.7, 2.0],))
def list_argument_shrinks(v):
    first = v.pop(0)
    v.append(first * v[0])
    del v[1]
    return sum(v) * first


@supported("nested containers", lambda: ([{"a": [1.3, V.copy()], "b": (0.7, 2)}, 0.4],))
def nested_argument(p):
    table, x = p
    table["a"][1][0] = x
    table["a"][0] *= x
    k, n = table["b"]
    return np.sum(table["a"][1] ** n) * table["a"][0] * k


@supported("nested containers", lambda: ({"u": V.copy(), "names": ["p", "q"], "n": None},))
def what_is_no_number(p):
    p["names"].append("r")
    p["n"] = len(p["names"])
    return np.sum(p["u"] ** 2) * p["n"]


@supported("nested containers", lambda: (OrderedDict(b=1.3, a=0.7), deque([2.0, -0.5])))
def other_containers(p, q):
    q.append(p["b"] * q.popleft())
    q.rotate(1)
    return q[0] * q[1] + p["a"] * next(iter(p.values()))


@supported("objects with arrays", lambda: (model(), np.array([0.4, -1.1])))
def network_loss(m, x):
    y = m(x)
    return np.sum((y - m.rate) ** 2) * m.calls


@supported("objects with arrays", lambda: (model(), np.array([0.4, -1.1])))
def weights_are_changed(m, x):
    for layer in m.layers:
        layer["w"] -= 0.1 * m.rate * layer["w"] ** 2
        layer["b"] = layer["b"] * m.rate
    return np.sum(m(x))


@supported("arguments that are not used", lambda: (1.3, V.copy(), [0.7, {"k": 2.0}]))
def unused_arguments(x, a, v):
    return x * x


@supported("argument that is rebound", lambda: (V.copy(), 1.3))
def rebound_parameter(a, x):
    a = a * x
    a[0] = x
    x = np.sum(a)
    a = [x, a]
    return a[0] * a[1]


@supported("results of any structure", lambda: (1.3, V.copy()))
def structured_result(x, a):
    a[0] = x
    return {"sum": np.sum(a), "parts": [x * x, (a * x, "text", 3)], "none": None}


@supported("results of any structure", lambda: (V.copy(), 1.3))
def view_as_a_result(a, x):
    b = a * x
    b[1] = x
    tail = b[1:]
    b[2] *= x
    return tail


@supported("results of any structure", lambda: (V.copy(), 1.3))
def one_array_twice_in_the_result(a, x):
    b = a * x
    b[0] = x * x
    return b, b[1:], [b]


@supported("results of any structure", lambda: (V.copy(), 1.3))
def argument_within_the_result(a, x):
    a *= x
    return a, np.sum(a), x


@supported("results of any structure", lambda: (1.3, 3))
def list_result(x, n):
    out = []
    for k in range(n):
        out.append(x**k)
    return out
