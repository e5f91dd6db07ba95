"""Values shared where one does not look: keys of dicts, stars of arrays, parts of chains, arrays of
objects, cells of closures that something else binds anew; and what writes before it raises.
"""

from __future__ import annotations

from tests.fuzz.draft import DEPTH, REAL, Draft, Row, Scope, bind, fresh
from tests.fuzz.drawn import several

__all__ = ["MAKERS", "ROWS"]

Made = tuple[list[str], bool] | None

TEXT = '''\
class Node:
    def __init__(self, v):
        self.v, self.w = v, np.array([v, 0.4])
def filled(*nodes):
    d = {}
    for k, node in enumerate(nodes): d[node] = 0.3 * k
    return d
def pair_of(level):
    def ask():
        return level
    def put(v):
        nonlocal level
        level = v
    return ask, put
def through(put, v):
    put(0.6 * v)
def halves(t):
    yield 0.5 * t
    yield t * t
def failing(w, scale):
    for k in range(len(w)):
        w[k] = w[k] * scale
        if k == 1: raise ValueError('second')
        yield w[k]
'''.splitlines()
KEYS = [
    "keyed = {{}}\nkeyed[node] = 1", "keyed = {{o: {x} for o in [node, Node({y})]}}",
    "keyed = dict.fromkeys([node], 2)", "keyed = filled(node, Node({x}))", "keyed = {{node: {x}}}",
    "keyed = {{}}\nkeyed.setdefault(node, {x})", "for o in keyed: o.v = o.v * {x}",
    "for o, q in keyed.items(): o.v = o.v * q + {y}", "list(keyed)[0].v = node.v * {x}",
    "for o in keyed: o.w[:] *= {x}", "(o, *_) = keyed\no.v *= {y}", "[*keyed][0].w[0] = {x}",
    "max(keyed, key=lambda o: o.v).v = {x} * node.v", "next(iter(keyed)).v = {y}",
    "keyed = dict(keyed)", "total += node.v * node.w[0]", "total += keyed.get(node, {x}) * 0.5",
    "node = Node({x})\nkeyed[node] = {y}", "total += sum(o.v * q for o, q in keyed.items())",
    "node.v = 0.4 * {x}", "if len(keyed) > 1: keyed.pop(node, None)",
]
STARS = [
    "rows = [*grid]\nrows[0][:] = {x}", "rows = (*grid[:2],)\nrows[1][0] *= {y}",
    "first, *rest = grid\nrest[0][:] = first * {x}", "[0.5, *grid][2][:] = {y}",
    "grid[1] = grid[0] * {x}", "columns = [*grid.T]\ncolumns[1][:] *= {x}",
    "np.einsum('ii->i', grid)[:] = {x}", "row = grid.__getitem__(1)\nrow[:] = row * {y}",
    "kept = [*grid]\ngrid *= {x}\ntotal += kept[1][0]",
    "total += sum(np.sum(row) * k for k, row in enumerate([*grid]))", "grid = grid * {y}",
    "grown = {{'rows': [*grid]}}\ngrown['rows'][0][1] = {x}\ntotal += grid[0, 1]",
    "for row in [*grid]: row[0] = row[1] * {x}", "(lambda *rows: rows[1].fill({y}))(*grid)",
]
CHAINS = [
    "total += 0.3 * sum(itertools.chain([{x}], halves({y})))",
    "kept = list(itertools.chain({y} * v for v in grid[0]))\ntotal += kept[0] * kept[-1]",
    "kept = list(itertools.chain(halves({x}), [{y}, 0.3]))\ntotal += kept[0] * kept[2]",
    "for k, q in enumerate(itertools.chain(grid[0], halves({x}))): total = 0.7 * total + 0.2 * q",
    "total += [q * {x} for q in itertools.chain(({x}, {y}), map(lambda t: t * t, grid[1]))][-1]",
    "p, *q = itertools.chain(halves({y}), grid[0])\ntotal += 0.2 * p * sum(q)",
    "it = itertools.chain([{x}], halves({y}))\ntotal += next(it) * next(it)",
    "p, q = halves({x})\ntotal += p * q", "it = halves({y})\np, *q = it\ntotal += p - q[0]",
    "total += max(itertools.chain([0.1], (t * {x} for t in grid[0])))",
    "total += 0.2 * sum(itertools.islice(itertools.chain(halves({x}), grid[1]), 3))",
    "kept = [{x}]\nkept.extend(itertools.chain(halves({y}), [0.2]))\ntotal += 0.3 * sum(kept)",
]
CELLS = [
    "ask, put = pair_of(0.5)", "ask, put = pair_of({x})", "put({x} * ask())", "put({y})",
    "through(put, {x})", "total += ask() * {y}", "total = 0.5 * total + ask()",
    "for k in range(2): through(put, ask() * {x})", "total += sum([ask() for _ in range(2)])",
    "kept = {{'put': put}}\nkept['put']({x})", "total += (lambda: ask() * {x})()",
    "once = ask()\nput({y})\ntotal += once * ask()", "list(map(put, [{x}, {y}]))",
    "OUT({x})\ntotal += IN()", "through(OUT, {y})", "total += IN() * {x}",
]
BOXES = [
    "boxes = np.empty(2, dtype=object)\nboxes[0] = cell\nboxes[1] = {x}",
    "boxes = np.full(2, None)\nboxes[0] = cell", "b = boxes[0]\nb *= {x}",
    "b = boxes.copy()[0]\nb[0] = {y}", "b = boxes.tolist()[0]\nb[:] = {x}",
    "b = np.concatenate([boxes, boxes])[0]\nb[1] = b[0] * {x}", "b = boxes.item(0)\nb *= {y}",
    "cell *= {x}\ntotal += boxes[0][1]", "b = np.roll(boxes, 0)[0]\nb[0] *= {x}",
    "boxes[0] = boxes[0] * {y}", "total += np.sum(boxes[0]) * {x}", "cell[0] = {x}",
    "b = boxes.repeat(2)[1]\nb[1] = {y}",
]
RAISED = [
    "try: total += sum(failing(drawn, {x}))\nexcept ValueError: total *= 0.5",
    "try: kept = list(failing(drawn, {y}))\nexcept ValueError: kept = [{x}]\ntotal += kept[0]",
    "try:\n    for v in failing(drawn, {x}): total += v\nexcept ValueError: total += drawn[1]",
    "try: p, *q = failing(drawn, {x})\nexcept ValueError: total += drawn[0]",
    "it = failing(drawn, {y})\ntotal += next(it)\ndrawn[0] = {x}", "drawn[1] = {x} * drawn[0]",
    "try: total += max(v * {x} for v in failing(drawn, {y}))\nexcept ValueError: pass",
    "try: drawn.extend(failing(drawn[:1], {x}))\nexcept ValueError: pass",
    "total += drawn[0] * drawn[1]",
]
#: What there is before, and what happens to it.
AREAS = [
    ("node = Node({x})\nkeyed = {{node: 1.0}}", KEYS, "node.v + 0.3 * node.w[0]"),
    ("grid = np.array([[0.5, {x}], [0.3, 0.8]])", STARS, "np.sum(grid[0] * grid[1])"),
    ("grid = np.array([[0.5, {x}], [0.3, 0.8]])", CHAINS, "grid[0, 1]"),
    ("ask, put = pair_of({y})\nOUT(0.5)", CELLS, "ask() * IN()"),
    ("cell = np.array([0.4, {x}])\nboxes = np.empty(1, dtype=object)\nboxes[0] = cell", BOXES,
     "np.sum(cell)"),
    ("drawn = [0.5, {x}, 0.7]", RAISED, "drawn[0] * drawn[1] + drawn[2]"),
]


def maker(d: Draft) -> list[str]:
    """The helpers, once in a program."""
    if "IN" in d.constants:
        return []
    d.constants["IN"] = ("ask", ())
    return [*TEXT, "IN, OUT = pair_of(0.2)"]


def form(d: Draft, scope: Scope) -> Made:
    """What is shared is written by one name and read by another."""
    if "IN" not in d.constants or scope.depth >= DEPTH or d.budget[0] < 0 or not scope.numpy:
        return None
    name = fresh(d, scope)
    begin, uses, end = d.rng.choice(AREAS)
    lines = [*several(d, scope, [begin], 1), "total = 0.1", *several(d, scope, uses, 5)]
    bind(scope, name, REAL)
    return [*lines, f"{name} = math.sin(total + {end})"], True


ROWS = [Row("values shared where nobody looks", 1.5, form)]
MAKERS = [Row("what shares them", 1.0, maker)]
