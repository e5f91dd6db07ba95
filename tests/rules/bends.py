"""Second derivatives at many points, also at edges, against differences of the first ones.

What is asked is whether a number is silently wrong: finite where the differences converge to
another one, or 0 where they grow without end.  A nan is none, nor is a point where they tell
nothing, as at a kink.
"""

import linecache
import warnings

import numpy as np

import s2sdiff as sd
from s2sdiff.errors import DifferentiationError
from tests.from_text import run_text

EDGES = [0.0, 1e-5, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 40.0, 1e3, -1e-5, -0.5, -1.0, -2.0, -3.0]
INSIDE = [0.05, 0.3, 0.7, 1.3, 2.6, 7.2, -0.6, -2.3]
#: Steps of differences, in units of the argument, or of 1.
STEPS = 0.05 * 2.0 ** (-1.5 * np.arange(12))


def points(count):
    """Rows of arguments: each edge among two choices of what lies inside, and mixtures."""
    if count == 1:
        return np.array(EDGES + INSIDE)[:, None]
    rng = np.random.default_rng(count)
    rows = rng.choice(INSIDE, (count, len(EDGES), 2, count))
    for i in range(count):
        rows[i, :, :, i] = np.array(EDGES)[:, None]
    mixed = np.where(rng.random((60, count)) < 0.4, rng.choice(INSIDE, (60, count)),
                     rng.choice(EDGES, (60, count)))
    return np.concatenate([rows.reshape(-1, count), mixed])


def wrong_bends(function, count, result):
    """What is wrong: the arguments that move, the point, what was found and what is expected."""
    names = [f"a{i}" for i in range(count)]
    found, call = [], f"target({', '.join(names)}){result}"
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        rows = points(count)
        values = made(f"values = {call}", target=function, **columns(rows))
        if np.iscomplexobj(values):
            call = f"np.real({call}) + np.imag({call})"
        total = made(f"def total({', '.join(names)}):\n    return np.sum({call})\n",
                     target=function)
        rows = rows[np.isfinite(values)]
        for inner in range(count):
            slope = sd.grad(total, wrt=inner)
            outer = made(f"def outer({', '.join(names)}):\n"
                         f"    return np.sum(slope({', '.join(names)}))\n", slope=slope)
            for moved in range(count):
                try:
                    bends = sd.grad(outer, wrt=moved)(*columns(rows).values())
                    one = made(f"def one(a{moved}):\n    return slope({', '.join(names)})\n",
                               slope=slope, **columns(rows))
                    tangents = sd.jvp(one, (rows[:, moved],), (np.ones(len(rows)),))[1]
                except DifferentiationError:
                    continue
                for n, expected in enumerate(differenced(slope, rows, moved)):
                    for got in (bends[n], tangents[n]):
                        if not agrees(got, *expected):
                            found.append(((inner, moved), rows[n].tolist(), got, expected))
    return found


def columns(rows):
    return {f"a{i}": rows[:, i].copy() for i in range(rows.shape[1])}


def made(text, **names):
    """What a text defines last, with a source of its own."""
    file = f"<bends {len(linecache.cache)}>"
    names = {"np": np, **names}
    run_text(text, file, names)
    return list(names.values())[-1]


def differenced(slope, rows, moved):
    """Of each point the derivative of a slope and how far it is off; of None nothing is known."""
    x, at = rows[:, moved], slope(*columns(rows).values())

    def after(steps):
        there = rows.copy()
        there[:, moved] = x + steps
        return slope(*columns(there).values()), there[:, moved] - x

    kinds = {0: [], 1: [], -1: []}
    for reach in (np.abs(x), np.ones_like(x)):
        for side, quotients in kinds.items():
            found = []
            for step in STEPS:
                h = step * reach
                if side:
                    parts = [(s - at) / d for s, d in map(after, (side * h, side * 2 * h))]
                    found.append(2 * parts[0] - parts[1])
                else:
                    (a, p), (b, q), (c, r), (d, t) = map(after, (h, -h, 2 * h, -2 * h))
                    found.append((4 * (a - b) / (p - q) - (c - d) / (r - t)) / 3)
            quotients.append((np.array(found), 1e-15 * np.abs(at) / (STEPS[:, None] * reach)))
    return [settled([[(q[:, n], e[:, n]) for q, e in kinds[side]] for side in (0, 1, -1)])
            for n in range(len(x))]


def settled(kinds):
    """The limit of quotients and how far they are off; infinite where they grow without end."""
    limits = []
    for sequences in kinds:
        best = (None, np.inf)
        for quotients, noise in sequences:
            off = np.abs(np.diff(quotients))
            off = np.maximum(off[:-1], off[1:]) + noise[1:-1]
            off = np.where(np.isnan(off) | (quotients[1:-1] == 0) & (noise[1:-1] == 0), np.inf, off)
            n = int(np.argmin(off))
            if off[n] < best[1]:
                best = (quotients[n + 1], off[n])
        limits.append(best if best[0] is not None and best[1] < 1e-3 * abs(best[0]) else None)
    (both, above, below) = limits
    if above and below and abs(above[0] - below[0]) > 0.01 * abs(above[0]) + 30 * above[1]:
        return None, 0.0
    known = [limit for limit in limits if limit]
    if known:
        return min(known, key=lambda limit: limit[1] / abs(limit[0]))
    grows = [growing(q) for sequences in kinds for q, _ in sequences]
    return (np.inf, 0.0) if any(grows) else (None, 0.0)


def growing(quotients):
    """Whether they do, by more than noise and less than at a jump."""
    rises = np.diff(np.abs(quotients[np.isfinite(quotients)][2:]))
    ratios = np.abs(quotients[1:] / quotients[:-1])[-5:]
    jump = np.all(np.abs(ratios / 2**1.5 - 1) < 0.01)
    return len(rises) > 6 and not jump and bool(np.all(rises > 0) and np.all(
        rises[1:] > 0.8 * rises[:-1]))


def agrees(got, expected, off):
    if expected is None or np.isnan(got):
        return True
    if np.isinf(expected):
        return got != 0
    return np.isinf(got) or abs(got - expected) <= max(1e-3 * abs(expected), 50 * off, 1e-180)
