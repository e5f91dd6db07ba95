"""Dicts and sets as values inside of functions."""

from collections import Counter, OrderedDict, defaultdict
from types import MappingProxyType

import numpy as np

from tests.language.table import refused, supported


@supported("dict display and lookup", lambda: (1.3, 0.7))
def ideal_gas(x, y):
    state = {"p": x, "v": y, "n": 2.0}
    return state["p"] * state["v"] / (8.3 * state["n"])


@supported("dict display and lookup", lambda: (np.array([1.0, 2.0]), 0.7))
def nested_dicts(a, y):
    layers = {"first": {"w": a, "b": y}, "second": {"w": a * y, "b": 1.0}}
    h = np.tanh(layers["first"]["w"] * 0.5 + layers["first"]["b"])
    return np.sum(h * layers["second"]["w"]) + layers["second"]["b"]


@supported("dict as an argument", lambda: ({"k": 1.3, "m": np.array([1.0, 2.0]), "name": "a"},))
def energy_of_a_table(p):
    return 0.5 * p["k"] * np.sum(p["m"] ** 2)


@supported("dict as an argument", lambda: (0.4, {"rates": {"a": 1.3, "b": 0.2}, "n": 3}))
def nested_table(x, p):
    for _ in range(p["n"]):
        x = x + p["rates"]["a"] * x - p["rates"]["b"] * x**2
    return x


@supported("item assignment in a dict", lambda: (1.3, 0.7))
def memo_of_powers(x, y):
    memo = {0: 1.0}
    for k in range(1, 5):
        memo[k] = memo[k - 1] * x + y
    memo[2] = memo[4] * memo[1]
    return memo[2] + memo[3]


@supported("item assignment in a dict", lambda: (1.3, {"a": 0.5, "b": 2.0}))
def accumulation_in_an_argument(x, totals):
    totals["a"] += x * x
    totals["b"] *= totals["a"]
    totals["c"] = totals["b"] - x
    return totals["c"] * totals["a"]


@supported("`get` and `setdefault`", lambda: (1.3, {"b": 0.5}))
def defaults(x, options):
    a = options.get("a", x)
    b = options.get("b", 1.0)
    c = options.get("c")
    return a * b if c is None else c


@supported("`get` and `setdefault`", lambda: ([1.3, 0.7, 2.0, -0.4],))
def grouped(values):
    groups = {}
    for k, v in enumerate(values):
        groups.setdefault(k % 2, []).append(v * v)
    return sum(groups[0]) * groups[1][1]


@supported("`get` and `setdefault`", lambda: ([1.3, 0.7, 2.0], ["a", "b", "a"]))
def histogram(weights, labels):
    h = {}
    for w, label in zip(weights, labels):
        h[label] = h.get(label, 0.0) + w * w
    return h["a"] * h["b"]


@supported("`items`, `keys`, `values`", lambda: ({"a": 1.3, "b": 0.7, "c": -2.0},))
def loop_over_items(p):
    total = 0.0
    for key, value in p.items():
        total += value**2 * (2.0 if key == "b" else 1.0)
    for key in p:
        total += p[key]
    return total * len(p.keys())


@supported("`items`, `keys`, `values`", lambda: (1.3, 0.7))
def sums_of_values(x, y):
    d = {"a": x, "b": y, "c": x * y}
    first, *rest = d.values()
    return first * sum(d.values()) + max(d.values()) * rest[0]


@supported("`update`, `|`, `**` in displays", lambda: (1.3, {"a": 0.5, "b": 2.0}))
def overridden_defaults(x, given):
    p = {"a": 1.0, "b": x, "c": x * x}
    p.update(given)
    q = {**p, "b": x * p["a"]}
    r = q | {"d": 3.0 * x}
    return r["a"] * r["b"] + r["c"] * r["d"]


@supported("`update`, `|`, `**` in displays", lambda: (1.3, 0.7))
def updates_by_keywords_and_pairs(x, y):
    d = dict(a=x, b=y)
    d.update(b=x * y, c=2.0)
    d.update([("a", y * y), ("e", x)])
    d |= {"c": x + y}
    return d["a"] + d["b"] * d["c"] * d["e"]


@supported("`pop`, `popitem`, `del`, `clear`", lambda: (1.3, {"scale": 0.5, "shift": 2.0}))
def options_taken_out(x, options):
    scale = options.pop("scale")
    power = options.pop("power", 2)
    y = scale * x**power + options["shift"]
    del options["shift"]
    return y * (1.0 + len(options))


@supported("`pop`, `popitem`, `del`, `clear`", lambda: (1.3, 0.7))
def items_in_last_in_first_out_order(x, y):
    work = {"a": x, "b": y, "c": x * y}
    total = 0.0
    while work:
        key, value = work.popitem()
        total = total * value + len(work) + (value if key == "a" else 1.0)
    return total


@supported("dict of lists", lambda: (1.3, 3))
def history_by_name(x, n):
    log = {"x": [], "v": []}
    v = 0.5
    for _ in range(n):
        v = v - 0.1 * x
        x = x + 0.1 * v
        log["x"].append(x)
        log["v"].append(v)
    return sum(log["x"]) * log["v"][-1]


@supported("dict of lists", lambda: ([1.3, 0.7, 2.0],))
def lists_of_a_default_dict(values):
    bins = defaultdict(list)
    for v in values:
        bins["low" if v < 1.0 else "high"].append(v)
    return sum(bins["high"]) * sum(bins["low"])


@supported("dicts of the standard library", lambda: ([1.3, 0.7, 2.0],))
def sums_in_a_default_dict(values):
    totals = defaultdict(float)
    for k, v in enumerate(values):
        totals[k // 2] += v * v
    return totals[0] * totals[1]


@supported("dicts of the standard library", lambda: (1.3, 0.7))
def first_item_of_an_ordered_dict(x, y):
    d = OrderedDict()
    d["b"] = x
    d["a"] = x * y
    d.move_to_end("b")
    key, value = next(iter(d.items()))
    return value * 2.0 if key == "a" else 0.0


@supported("dicts of the standard library", lambda: (1.3, "abracadabra"))
def weights_by_counts(x, text):
    counts = Counter(text)
    return sum(n * x**k for k, (_, n) in enumerate(sorted(counts.items())))


@supported("keys of other types", lambda: (1.3, 0.7))
def sparse_matrix(x, y):
    m = {(0, 0): x, (0, 1): y, (1, 1): x * y}
    out = [0.0, 0.0]
    for (i, j), v in m.items():
        out[i] += v * (j + 1.0)
    return out[0] * out[1]


class Node:
    def __init__(self, weight):
        self.weight = weight


@supported("keys of other types", lambda: (1.3, 0.7))
def objects_as_keys(x, y):
    share = {Node(x): y, Node(x * y): 2.0}
    first = list(share)[0]
    first.weight *= y
    return sum(node.weight * v for node, v in share.items()) * min(
        share, key=lambda node: node.weight).weight


@supported("`in` and `len` of a dict", lambda: (1.3, {"mode": "fast", "gain": 0.7}))
def switches(x, options):
    y = x * options["gain"] if "gain" in options else x
    if "mode" in options and options["mode"] == "fast":
        return y * len(options)
    return y


@supported("sets", lambda: (1.3, 0.7))
def sum_over_a_set(x, y):
    distinct = {x, y, x}
    distinct.add(x * y)
    return sum(v * v for v in sorted(distinct)) * len(distinct)


@supported("sets", lambda: (1.3, ["a", "b", "a"]))
def sets_of_labels(x, labels):
    seen = set()
    for label in labels:
        if label not in seen:
            seen.add(label)
            x = x * 1.5 + 0.1
    return x * len(seen & {"a", "c"})


@supported("read-only view of a dict", lambda: (1.3, 0.7))
def mapping_proxy(x, y):
    settings = {"rate": x, "steps": [y, 2.0]}
    seen = MappingProxyType(settings)
    settings["rate"] = x * y
    return seen["rate"] * seen.get("steps")[0] + sum(v for k, v in seen.items() if k == "rate")


@refused("active values as keys", lambda: (1.3, 0.7), "UnsupportedError", r"key",
         "keys are hashed and compared, and a dict keeps no derivative for them")
def key_that_is_read_back(x, y):
    d = {}
    d[x] = y  # here
    return sum(k * v for k, v in d.items())


@refused("active values as keys", lambda: (1.3, 0.7), "DifferentiationError", r"key",
         "keys are hashed and compared, and a dict keeps no derivative for them")
def keys_of_a_display(x, y):
    return max({x * y: 1, x: 2}) * x  # here
