"""Where it is easy to be wrong: lists, dicts, objects, and what is evaluated when."""

import copy

import numpy as np

from tests.language.table import supported

V = np.array([0.5, -1.2, 2.0])


class Box:
    """A value with a name."""

    def __init__(self, value, name="box"):
        self.value = value
        self.name = name

    def __repr__(self):
        return f"Box({self.value:.3f})"

    def twin(self, k):
        return type(self)(self.value * k, name=self.name)

    def scaled(self, k):
        self.value = self.value * k
        return self.value


@supported("views of a dict see later changes", lambda: (1.3, 0.7))
def values_of_a_changing_dict(x, y):
    d = {"a": x, "b": y}
    values, items = d.values(), d.items()
    d["a"] = x * y
    d["c"] = 2.0 * x
    return sum(values) * [v for _, v in items][2]


@supported("a dict is changed while it is walked", lambda: ({"a": 1.3, "b": 0.7}, 0.9))
def values_are_replaced_in_a_loop(d, x):
    for k in d:
        d[k] *= x
        x = x + d[k]
    for k, v in list(d.items()):
        if v > 1.3:
            x = x * d.pop(k)
    return x * d["a"]


@supported("lazy iterators read later", lambda: ([1.3, 0.7], 2.0))
def map_over_a_list_that_grows(v, x):
    products = map(lambda t: t * x, v)
    pairs = zip(v, [1.0, 2.0, 3.0])
    v.append(x * x)
    v[0] = x
    return sum(products) + sum(a * b for a, b in pairs)


@supported("lazy iterators read later", lambda: ([1.3, 0.7, 2.0],))
def reversed_and_enumerated_later(v):
    back, numbered = reversed(v), enumerate(v)
    v[0] *= 3.0
    total = 0.0
    for t in back:
        total = total * 0.5 + t
    return total * sum(k * t for k, t in numbered)


@supported("contents replaced by a slice", lambda: ([1.3, 0.7], 2.0))
def same_list_with_other_items(v, x):
    w = v
    v[:] = [x * t for t in v] + [x]
    u = v[:]
    u[0] = 0.0
    v.reverse()
    return w[0] * w[2] + len(w) * u[1]


@supported("an index is evaluated once", lambda: (1.3, 0.7))
def index_with_an_effect(x, y):
    v = [x, y, x * y]
    at = [2, 0]
    v[at.pop()] += x
    v[at.pop()] *= v[0]
    table = {"k": v}
    table.setdefault("k", [])[1] -= y * y
    return v[0] * v[1] + v[2] * (1 + len(at))


@supported("left and right of an assignment", lambda: (1.3, 0.7))
def order_of_an_assignment(x, y):
    log = []

    def note(value):
        log.append(value)
        return value

    v = [0.0, 0.0]
    v[int(note(x) < 0)] = note(x * y) + note(y)
    a, b = note(v[0]), note(log[1] * x)
    return a * b + log[0] * log[4]


@supported("a name is bound again while it is read", lambda: ([1.3, 0.7, 2.0],))
def list_is_rebound_in_its_loop(v):
    total = 0.0
    for t in v:
        v = [t * u for u in v]
        total += v[0] * t
    return total + v[2]


@supported("a default is a shared object", lambda: (1.3, [0.7]))
def one_default_for_all(x, v):
    def collect(t, into=v):
        into.append(t * into[0])
        return into

    first = collect(x)
    second = collect(x * x)
    return first[-1] * second[1] * len(v)


@supported("copies of objects", lambda: (1.3, 0.7))
def shallow_and_deep_copies_of_objects(x, y):
    a = Box([x, y])
    b, c = copy.copy(a), copy.deepcopy(a)
    b.value[0] = x * y
    b.value = [y]
    c.value[1] *= 2.0
    return a.value[0] * c.value[1] + b.value[0]


@supported("constructor found at run time", lambda: (Box(1.3), 0.7))
def twins(b, k):
    c = b.twin(k)
    c.value += b.value
    d = c.__class__(c.value * k)
    return d.value * b.value if isinstance(d, Box) else 0.0


@supported("bound method keeps its object", lambda: ([1.3, 0.7], 2.0))
def methods_as_callbacks(v, x):
    box = Box(x)
    grow = box.scaled
    steps = list(map(box.scaled, v))
    box = Box(0.5)
    return grow(2.0) * steps[1] + box.value * steps[0]


@supported("objects in messages", lambda: (Box(1.3), 0.7))
def object_is_printed(b, x):
    b.value *= x
    text = f"{b} and {b!r:>12}"
    print(text, b.name)
    return b.value * x if text else 0.0


@supported("`None` and numbers in one list", lambda: (1.3, 0.7))
def cache_with_holes(x, y):
    known = [None] * 5
    known[0], known[1] = x, y

    def term(n):
        if known[n] is None:
            known[n] = term(n - 1) * term(n - 2) + x
        return known[n]

    return term(4) + sum(1.0 for k in known if k is not None)


@supported("the same item twice", lambda: (1.3, V.copy()))
def item_removed_and_inserted_again(x, a):
    v = [x, a * x, x]
    t = v.pop(1)
    v.insert(0, t)
    v.append(v[0])
    v[0] = v[0] * 2.0
    t[0] = x
    return v[3] * v[0] * v[1]


@supported("integers, numbers and arrays in one variable", lambda: (1.3, V.copy()))
def variable_of_several_types(x, a):
    total = 0
    for t in (2, x, a, x * x):
        total = total + t
    total *= 2
    s = None
    for t in (x, a):
        s = t if s is None else s * t
    return total * s


@supported("`+=` that means several things", lambda: (1.3, V.copy()))
def augmented_by_type(x, a):
    results = []
    for start in (x, [x, 1.0], (x,), a * 1.0):
        same = start
        start += a if isinstance(start, (float, np.ndarray)) else type(start)([x * x])
        results.append(same)
    return results[0] * len(results[1]) + results[1][-1] * len(results[2]) + results[3]


@supported("a function is bound again", lambda: (1.3, 0.7))
def name_of_a_function_is_rebound(x, y):
    def f(t):
        return t * x

    g = f

    def f(t):
        return g(t) + y

    return f(x) * g(y)


@supported("a loop over what a call returns", lambda: (1.3, [0.7, 2.0]))
def iterable_is_evaluated_once(x, v):
    def grown():
        v.append(x * len(v))
        return v

    total = 0.0
    for t in grown()[1:]:
        total += t * t
        if len(v) < 6:
            v.append(t)
    return total + len(v) * v[-1]
