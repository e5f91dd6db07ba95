"""Simulations whose state is arrays in lists and dicts, and lengths that NumPy's ints say.

Functions of NumPy read such a list as a whole, and an item of it is replaced afterwards.
"""

from __future__ import annotations

from tests.fuzz.draft import DEPTH, REAL, Draft, Row, Scope, bind, fresh, indent
from tests.fuzz.drawn import several

__all__ = ["ROWS"]

Made = tuple[list[str], bool] | None

BEGIN = [("arr = np.array([{x}, {y}, 0.5])\nrows = [arr * 0.5, np.sin(arr)]\n"
          "held = {{'u': arr, 'v': rows[0] * {y}}}\nvec = np.array([0.2, {x}, 0.4, {y}])\ns = 0.3\n"
          "at = np.int64(1)"),
         ("arr = np.tanh(np.array([{y}, 0.4, {x}]))\nrows = [np.cos(arr), arr]\n"
          "held = dict(u=arr * {x}, v=rows[1])\nvec = np.linspace(0.1, {x}, 4)\ns = {y}\n"
          "at = np.argmax([0.1, 0.4, 0.3])")]
#: What happens in a round, of which `turn` is the number.  It and `at` are not called `i`
#: or `k`, which count the rounds of a `while` around, that would never end.
STEPS = [
    "s += 0.1 * np.sum(np.stack(rows))", "rows.append(0.5 * np.mean(rows, axis=0))",
    "rows[turn % len(rows)] = 0.6 * np.tanh(arr + np.concatenate(rows)[1:4])",
    "if len(rows) > 2:\n    rows.pop(0)", "rows = rows[1:] + [np.cos(arr) * s]",
    "held['u'] = 0.5 * np.stack(list(held.values())).sum(axis=0)", "held['v'] = rows[0] * s",
    "s += 0.1 * np.sum(np.vstack(rows)[0] * held['v'])", "rows[-1][1] *= 0.7",
    "at = np.int64(turn % 3)", "s += 0.1 * np.sum(s * np.arange(0, at + 1))",
    "vec[:at + 1] = 0.5 * (vec[1:at + 2] + {y} * vec[:at + 1])",
    "s += 0.1 * np.sum(np.tanh({x}) ** np.arange(at + 1) * np.arange(at, -1, -1.0))",
    "s = 0.5 * s + 0.1 * np.sum(np.linspace(0.0, s, at + 2))",
    "arr = np.maximum(arr, 0.3 * vec[:3])",
    "vec = np.append(vec[1:], math.sin(s))", "s += 0.1 * np.sum(np.diag(np.outer(vec, arr), at))",
    "s += 0.1 * np.sum(np.repeat(arr, at + 1)[:2])", "arr = 0.5 * sum(rows)",
    "s += 0.1 * np.sum(np.diff(vec, at))", "rows[0], rows[-1] = rows[-1], rows[0]",
]
ENDS = ["s", "np.sum(rows[0])", "np.sum(rows[-1] * arr)", "vec[0] * s", "np.sum(held['u'])",
        "np.sum(np.stack(rows)) + vec[-1]"]


def simulated(d: Draft, scope: Scope) -> Made:
    """A loop in which arrays in lists are read as a whole, and replaced."""
    if scope.depth >= DEPTH or d.budget[0] < 0 or not scope.numpy:
        return None
    name = fresh(d, scope)
    count = d.rng.randint(0, 4)
    source = d.rng.choice([f"range({count})", f"np.arange({count} - 1, -1, -1)"])
    lines = [*several(d, scope, BEGIN, 1), f"for turn in {source}:",
             *indent(several(d, scope, STEPS, 7))]
    bind(scope, name, REAL)
    return [*lines, f"{name} = math.sin({d.rng.choice(ENDS)})"], True


ROWS = [Row("arrays in lists read as a whole", 6, simulated)]
