"""Containers, objects, closures and exceptions within each other."""

import contextlib

import numpy as np

from tests.language.table import supported

V = np.array([0.5, -1.2, 2.0])


@supported("list of dicts of arrays", lambda: ([{"w": +V, "b": 1.3}, {"w": 2 * V, "b": 0.7}],))
def list_of_dicts_of_arrays(layers):
    for layer in layers:
        layer["w"][1:] *= layer["b"]
        layer["b"] += np.sum(layer["w"])
    return layers[0]["b"] * layers[1]["w"][1]


@supported("list of dicts of arrays", lambda: (V.copy(), 1.3))
def history_of_states(a, x):
    history = []
    state = {"u": a, "t": 0.0}
    for k in range(3):
        state = dict(state, u=state["u"] * x, t=state["t"] + x)
        state["u"][k] = state["t"]
        history.append(state)
    return history[0]["u"] * history[2]["u"] + history[1]["t"]


@supported("dict of lists in a loop with branches", lambda: ([0.7, 2.0, -0.5, 1.3],))
def sorted_into_bins(v):
    bins = {}
    for t in v:
        if t < 0:
            continue
        key = "big" if t > 1.0 else "small"
        if key not in bins:
            bins[key] = [t]
        else:
            bins[key].append(bins[key][-1] * t)
    return bins["big"][-1] * bins["small"][0]


@supported("dict of functions that share a variable", lambda: (1.3, 0.7))
def counter_by_closures(x, y):
    total = x

    def add(v):
        nonlocal total
        total += v

    def scale(v):
        nonlocal total
        total *= v

    actions = {"add": add, "scale": scale}
    for name, v in [("add", y), ("scale", x), ("add", x * y)]:
        actions[name](v)
    return total * y


@supported("`try` with writes in a loop", lambda: (V.copy(), 1.3))
def writes_stop_at_the_end(a, x):
    a = a * 1.0
    k = 0
    while True:
        try:
            a[k] = a[k] * x + k
            a[k + 1] += a[k]
        except IndexError:
            break
        finally:
            k += 1
    return a * k


@supported("`with` around writes", lambda: (V.copy(), 1.3))
def suppressed_write(a, x):
    items = []
    with contextlib.suppress(IndexError, KeyError), np.errstate(all="ignore"):
        items.append(a[0] * x)
        a[0] = x
        items.append(items[3])
    return a * items[0]


@supported("closure over a list that is written by others", lambda: (1.3, 0.7))
def closure_sees_appended_items(x, y):
    items = [x]

    def total():
        return sum(t * t for t in items)

    before = total()
    items.append(y)
    items[0] *= y
    return before * total()


@supported("comprehension of views that are written later", lambda: (V.copy(), 1.3))
def pieces_by_a_comprehension(a, x):
    a = a * 1.0
    pieces = {k: a[k:] for k in range(3)}
    for k, piece in pieces.items():
        piece *= x + k
    return pieces[1] * pieces[0][:2]


@supported("comprehension of functions over arrays", lambda: (V.copy(), 1.3))
def functions_that_write(a, x):
    a = a * 1.0
    setters = [lambda v, k=k: a.__setitem__(k, v * a[k]) for k in range(3)]
    for f in setters:
        f(x)
    return a


@supported("recursion over nested containers", lambda: ({"a": [1.3, {"b": 0.7}], "c": 2.0},))
def every_leaf_is_changed(tree):
    def visit(node):
        for key in list(node) if isinstance(node, dict) else range(len(node)):
            if isinstance(node[key], float):
                node[key] = node[key] ** 2 + 0.1
            else:
                visit(node[key])

    visit(tree)
    return tree["a"][0] * tree["a"][1]["b"] + tree["c"]


@supported("recursion over nested containers", lambda: ([1.3, [0.7, [2.0]], [0.4]],))
def flattened(v):
    out = []

    def visit(node):
        if isinstance(node, list):
            for child in node:
                visit(child)
        else:
            out.append(node * (len(out) + 1))

    visit(v)
    return out[0] * out[1] + out[2] * out[3]


@supported("generator over what is being changed", lambda: (V.copy(), 1.3))
def lazily_read_and_written(a, x):
    a = a * 1.0
    total = 0.0
    for v in (t * x for t in a):
        a[-1] += v
        total += v * v
    return total + a


@supported("generator over what is being changed", lambda: (V.copy(), 1.3))
def elements_read_as_they_are_then(a, x):
    total = 0.0
    for k, v in enumerate(a):
        if k + 1 < len(a):
            a[k + 1] += v * x
        total += v * v
    return total


@supported("container that holds itself", lambda: (1.3, 0.7))
def list_within_itself(x, y):
    ring = [x, None]
    ring[1] = ring
    ring[1][1][0] = ring[0] * y
    return ring[0] * x


@supported("tuple that holds what is written", lambda: (V.copy(), 1.3))
def array_and_list_in_a_tuple(a, x):
    a = a * 1.0
    t = (a, [x])
    t[0][0] = x
    t[1].append(a[0] * a[1])
    (b, items), k = t, 2
    b[k] = items[1]
    return a * items[1]


@supported("conditional aliasing in a loop", lambda: (V.copy(), 1.3))
def front_and_back_buffers(a, x):
    buffers = [a * 1.0, a * 0.0]
    for k in range(4):
        source, target = buffers[k % 2], buffers[(k + 1) % 2]
        if k == 2:
            target = source
        target[1:] = source[:-1] * x
        target[0] += source[2]
    return buffers[0] + 2.0 * buffers[1]


@supported("rows of a list written by their items", lambda: (1.3, [V.copy(), V[:2].copy()]))
def rows_written_at_several_depths(x, rows):
    for done in range(3):
        if done:
            return rows[0] * x
        rows[1][[0]] *= 0.5
        rows[0][0] += x * rows[1][0]
