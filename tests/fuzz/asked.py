"""Functions that ask of what kind an argument is, as published functions begin, and go two ways.

Most of it is known when code is made; what a loop or a branch changes is not.
"""

from __future__ import annotations

from tests.fuzz.draft import DEPTH, REAL, Draft, Row, Scope, bind, fresh, indent
from tests.fuzz.drawn import several

__all__ = ["ROWS"]

Made = tuple[list[str], bool] | None

#: What helpers do first; each gives `v` other dimensions or numbers on one way.
LOOKS = [
    "if np.ndim(v) == 0:\n    v = np.array([v, 0.5 * k])", "if v.ndim == 1:\n    v = v[None, :]",
    "if not isinstance(v, np.ndarray):\n    v = np.asarray(v) * k",
    "if v.dtype.kind not in 'fc' or v.size == 0:\n    raise TypeError('numbers')",
    "if v.ndim and v.shape[0] == 1:\n    v = np.concatenate([v, 0.4 * v])", "v = v * len(v.shape)",
    "if np.iscomplexobj(v):\n    v = v.real\nelif np.issubdtype(v.dtype, float):\n    v = 0.8 * v",
    "rank = max(v.ndim, np.ndim(k)) + 1\nv = np.reshape(v, (1,) * (rank - v.ndim) + v.shape)",
    "if w is None:\n    w = 0.6\nv = v * w",
    "rank = max(v.ndim, 1)\nv = getattr(np, f'atleast_{{rank}}d')(v)",
    "if type(k) is float or isinstance(k, (int, np.floating)):\n    v = v + 0.3 * k",
    "while v.ndim > 1:\n    v = v.sum(axis=0)",
    "v = v[0] if v.ndim > 1 and len(v) > 1 else v * 0.7",
    "v = xp.sin(xp.asarray(v)) * k", "if xp is np and v.ndim:\n    v = xp.cumsum(v, axis=-1)",
]
GIVEN = ["{x}", "np.array([{x}, {y}])", "np.array([[{x}, 0.3], [0.2, {y}]])", "[{x}, {y}]",
         "np.array({x})", "np.array([[{y}]])", "(0.4, {x})"]


def looking(d: Draft, scope: Scope) -> Made:
    """A helper that looks at its argument, called with arguments of several kinds."""
    if scope.depth >= DEPTH or d.budget[0] < 0 or not scope.numpy:
        return None
    name, helper = fresh(d, scope), f"looked_{d.rng.randint(0, 10**6)}"
    first = d.rng.choice(["v = np.asarray(v)", "v = v if hasattr(v, 'ndim') else np.array(v)"])
    body = [f"def {helper}(v, k, w=None, xp=np):",
            *indent([first, *several(d, scope, LOOKS, 5), "return np.sum(v) * 0.3"])]
    calls = several(d, scope, GIVEN, 3)
    total = " + ".join(f"{helper}({c}, {d.rng.choice(['0.7', '2', name])})" for c in calls)
    bind(scope, name, REAL)
    return [*body, f"{name} = 0.4", f"{name} = math.sin({total})"], True


ROWS = [Row("kinds that are asked", 6, looking)]
