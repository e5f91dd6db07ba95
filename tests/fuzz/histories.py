"""Simulations that keep what has been, in lists and the like, of which little is read at the end.

What only those read who made it longer has a cotangent all the same.
"""

from __future__ import annotations

from tests.fuzz.draft import DEPTH, REAL, Draft, Row, Scope, bind, fresh, indent
from tests.fuzz.drawn import several

__all__ = ["PREAMBLE", "ROWS"]

Made = tuple[list[str], bool] | None

PREAMBLE = ["import collections"]
BEGIN = [("s = {x}\nxs = [{x}]\nvs = [0.3, {y}]\nds = {{0: {y}}}\nrows = [[{x}, {y}]]\n"
         "qs = collections.deque([{y}, {x}])\nts = ({x},)"),
         ("s = 0.2\nxs = [{x}, 0.4]\nvs = [{y}]\nds = {{0: {x}}}\nrows = [[0.1, {x}]]\n"
         "qs = collections.deque([{x}])\nts = (0.3, {y})")]
#: What happens in a round, of which `turn` is the number; a `while` around may count
#: its rounds by a `k`, and would never end if that was bound anew.
STEPS = [
    "xs.append(0.8 * xs[-1] + 0.1 * vs[-1])", "vs.append(vs[-1] * 0.8 - 0.1 * xs[0])",
    "vs.append(math.sin(vs[-1] - xs[-1]))", "s = 0.5 * s + math.sin(xs[-1] * {x})",
    "ds[turn + 1] = 0.7 * ds.get(turn, {x}) + 0.2 * s", "s += 0.3 * ds.get(turn, 0.4)",
    "rows.append([0.5 * s, xs[-1]])",
    "s = rows[-1][0] * 0.5 + {y}", "qs.append(qs.popleft() * 0.6 + 0.3 * s)", "s -= 0.4 * qs[-1]",
    "ts = ts + (0.7 * ts[-1] + 0.2 * {y},)", "s += math.sin(ts[-1])", "xs.append(0.4 * ts[0])",
    "if s > 0.4:\n    xs.append(0.5 * s)\nelse:\n    vs.append({x})", "vs[-1] *= 0.5",
    "s += vs[-2] * 0.3 if len(vs) > 1 else 0.2",
    "while len(vs) < turn:\n    vs.append(vs[-1] * 0.5)",
    "if turn > 2:\n    break", "if s > 0.7:\n    s *= 0.3\n    continue",
    "last = xs[-1]\ns += 0.1 * last",
    "xs.append(s)\ns = 0.6 * xs[turn % len(xs)]", "also = vs\nalso.append(0.3 * s)",
    "rows[-1].append(0.2 * s)", "s = 0.3 * sum(rows[-1]) + {x}", ("xs.append(vs.pop() * 0.5)\n"
    "vs.append(xs[-1] + 0.1)"),
]
ENDS = ["s", "xs[-1]", "vs[-1] * s", "ds[0] * s", "rows[-1][1]", "len(xs) * 0.1 * s", "ts[-1]",
        "xs[0] + vs[0]", "qs[0]"]


def simulated(d: Draft, scope: Scope) -> Made:
    """A loop that lengthens several things by what is in others, and one thing that is read."""
    if scope.depth >= DEPTH or d.budget[0] < 0:
        return None
    name = fresh(d, scope)
    ends = [*ENDS, "np.sum(np.array(xs))"] if scope.numpy else ENDS
    lines = [*several(d, scope, BEGIN, 1), f"for turn in range({d.rng.randint(0, 4)}):",
             *indent(several(d, scope, STEPS, 7))]
    if d.rng.random() < 0.3:
        # The same in another loop, or what was made begun anew.
        lines += [*several(d, scope, BEGIN[1:] if d.rng.random() < 0.4 else ["s *= 0.9"], 1),
                  "for turn in range(2):", *indent(several(d, scope, STEPS, 3))]
    bind(scope, name, REAL)
    return [*lines, f"{name} = math.sin({d.rng.choice(ends)})"], True


ROWS = [Row("histories that are read by who makes them", 6, simulated)]
