"""Containers and arrays that functions of the module make, and their callers go on with."""

from __future__ import annotations

from tests.fuzz.draft import DEPTH, REAL, Draft, Row, Scope, bind, fresh
from tests.fuzz.drawn import several

__all__ = ["PREAMBLE", "ROWS"]

Made = tuple[list[str], bool] | None

PREAMBLE = '''
def grown(k, n):
    out = []
    for _ in range(n):
        out.append(k)
        k = math.sin(0.7 * k) + 0.2
    return out


def chosen(k, n):
    out = [k, 0.4]
    while len(out) < n:
        if out[-1] > 0.3:
            out.append(0.5 * out[-2] * k)
        else:
            out.insert(0, out[-1] + 0.3)
    return out


def squared(k, n):
    return [0.5 * k * k + 0.1 * j for j in range(n)]


def by_name(k, n):
    out = {}
    for j, key in zip(range(n), "pqrst"):
        out[key] = k * (0.3 + j)
    return out


def in_rows(k, n):
    rows = []
    for j in range(n):
        row = [k]
        row.append(0.3 * j * k)
        rows.append(row)
    return rows


def both(k, n):
    one, two = [], []
    for j in range(n):
        one.append(k * j)
        two.append(sum(one) * 0.2)
    return one, two


def written(items, k):
    for j in range(len(items)):
        items[j] = 0.8 * items[j] + 0.1 * k
    items.append(k)
    return items


def moved(k, m):
    for _ in range(2):
        m = 0.9 * m - 0.1 * k
    return k + 0.1 * m, m


def filled(k, n):
    out = np.zeros(n)
    for j in range(n):
        out[j] = k * (j + 0.5)
    return out


def turned(a, n):
    for _ in range(n):
        a = a[::-1]
    return a


def blended(a, k):
    out = a * k
    for _ in range(2):
        out = 0.5 * out + np.sin(a)
    return out
'''.splitlines()

#: What is done to a list `got` of at least three floats, to lists `rows` of lists and so on.
LISTS = [
    "got.append({x})", "got[0] = {x} * got[1]", "got.insert(1, {y})", "got.append(got.pop(0))",
    "got += [{x}, {y}]", "got.extend(squared({x}, 2))", "total += got.pop() * {y}\ngot.append({x})",
    "del got[0]\ngot.append({x})", "got.reverse()", "got.sort()", "got = written(got, {x})",
    "also = written(got, {y})\nalso[0] = {x}", "also = got\nalso.append({x})",
    "got = also = got[1:] + [{x}]", "total += max(got) - {x} * min(got)",
    "total += sum(v * j for j, v in enumerate(got))", "also = list(got)\nalso[-1] = {x}",
    "for v in got: total += 0.2 * v * {x}", "first, *rest = got\ntotal += first * sum(rest)",
    "total += sum(a * b for a, b in zip(got, also))", "got[1:2] = [{x}, {y}]",
    "got[-1] *= {x}", "got = grown(got[-1], 3)", "got = chosen(got[1], 4)", "got.append(2)",
    "got, also = both({x}, 3)\nalso.append(got.pop(1))\ngot.append({y})",
    "held['got'] = got\nheld['got'].append({x})", "held['also'] = written(grown({y}, 2), {x})",
    "total += sum(held['also']) * 0.3",
]
DICTS = [
    "named['p'] = {x}", "named['z'] = {y} * named['q']",
    "total += named.pop('q')\nnamed['q'] = {x}",
    "named.update(r={x})", "total += sum(named.values())", "named.setdefault('y', {x})",
    "for key in named: named[key] *= 0.7", "named |= by_name({x}, 2)",
    "also = dict(named)\nalso['p'] = {x}\ntotal += also['q']", "named = by_name(named['p'], 3)",
]
ROWS_OF = [
    "rows[0].append({x})", "rows.append([{x}, {y}])", "rows[1][0] = {x}",
    "rows.pop(0)\nrows += [[{x}, 0.2]]",
    "total += sum(rows[-1]) * {y}", "rows[0], rows[1] = rows[1], rows[0]",
    "for row in rows: row[0] = 0.5 * row[-1] + 0.1 * {x}", "rows[1] = written(rows[0], {y})",
    "total += sum(sum(row) for row in rows) * 0.2", "rows += in_rows({x}, 1)",
]
PAIRS = [
    "p, m = moved(p, m)", "for _ in range(3): p, m = moved(p, m)", "p, m = m, p + {x}",
    "total += p * m", "m = moved(m, {x})[0]",
]
ARRAYS = [
    "arr[0] = {x}", "arr = blended(arr, {x})", "total += np.sum(arr * arr) * 0.1", "arr += {y}",
    "also_arr = turned(arr, 1)\nalso_arr[0] = {x}", "arr = turned(arr, 2) * {y}",
    "total += np.dot(arr, filled({x}, 3)) * 0.1", "arr[1:] *= arr[:-1]",
    "arr = filled({x}, 3) + arr[0]",
    "also_arr = blended(arr, 0.5)\narr *= 0.9\ntotal += also_arr[1]",
]
KINDS = {
    "lists": ("got = {f}({x}, 3)\nalso = grown({y}, 2)\nheld = {{'also': squared({x}, 2)}}", LISTS,
              "math.sin(0.3 * sum(got) + got[0]) + 0.2 * also[0]"),
    "dicts": ("named = by_name({x}, 3)", DICTS, "math.sin(sum(named.values()) * 0.3 + named['p'])"),
    "lists of lists": ("rows = in_rows({x}, 3)", ROWS_OF,
                       "math.sin(0.2 * sum([sum(row) for row in rows]) + rows[1][0])"),
    "pairs": ("p, m = moved({x}, {y})", PAIRS, "math.sin(p) + 0.3 * m"),
    "arrays": ("arr = filled({x}, 3)\nalso_arr = blended(arr, {y})", ARRAYS,
               "math.tanh(0.3 * np.sum(arr)) + math.sin(also_arr[0] * 0.2 + arr[1])"),
}


def maker(kind: str) -> object:
    """What gets such a thing, does several things to it, and reads it."""
    begin, steps, read = KINDS[kind]

    def make(d: Draft, scope: Scope) -> Made:
        if scope.depth >= DEPTH or d.budget[0] < 0 or (kind == "arrays" and not scope.numpy):
            return None
        name = fresh(d, scope)
        function = d.rng.choice(["grown", "chosen", "squared"])
        lines = ["total = 0.1", *several(d, scope, [begin.replace("{f}", function)], 1),
                 *several(d, scope, steps, 6)]
        bind(scope, name, REAL)
        return [*lines, f"{name} = {read} + math.sin(0.2 * total)"], True

    return make


ROWS = [Row(f"{kind} that are handed back", 2, maker(kind)) for kind in KINDS]
