"""`python -m tests.coverage.conventions` prints docs/conventions.md from the table that is here.

A row is an expression, its arguments, and the gradient of the sum of the expression's real part:
what is published is what the tests run.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["BENDS", "PAGE", "ROWS", "TANGENTS", "Row", "main", "page"]

PAGE = Path(__file__).parents[2] / "docs" / "conventions.md"
INF = float("inf")


@dataclass(frozen=True)
class Row:
    """`expected` has a gradient for each argument, in order."""

    topic: str
    expression: str
    given: dict[str, Any]
    expected: tuple[Any, ...]
    remark: str = ""


def _rows(topic: str, *rows: tuple) -> list[Row]:
    return [Row(topic, *row) for row in rows]


ROWS: list[Row] = [
    *_rows(
        "Kinks: the smallest subgradient",
        ("np.abs(x)", {"x": 0.0}, (0.0,)),
        ("abs(x)", {"x": 0.0}, (0.0,)),
        ("np.abs(z)", {"z": 0j}, (0.0,)),
        ("np.sign(x)", {"x": 0.0}, (0.0,)),
        ("np.hypot(x, y)", {"x": 0.0, "y": 0.0}, (0.0, 0.0)),
        ("np.linalg.norm(v)", {"v": [0.0, 0.0]}, ([0.0, 0.0],)),
        ("np.linalg.norm(v, 1)", {"v": [0.0, 2.0]}, ([0.0, 1.0],)),
        ("np.std(v)", {"v": [3.0, 3.0]}, ([0.0, 0.0],)),
        ("np.var(v)", {"v": [3.0, 3.0]}, ([0.0, 0.0],)),
        ("scipy.spatial.distance.mahalanobis(v, [1.0, 2.0], [[1.0, 0.0], [0.0, 1.0]])",
         {"v": [1.0, 2.0]}, ([0.0, 0.0],)),
        ("scipy.spatial.distance.jensenshannon(v, [0.25, 0.75])", {"v": [0.25, 0.75]},
         ([0.0, 0.0],)),
        ("scipy.ndimage.gaussian_gradient_magnitude(v, 1.0)", {"v": [2.0, 2.0]}, ([0.0, 0.0],)),
        ("np.interp(x, [0.0, 1.0, 2.0], [0.0, 3.0, 4.0])", {"x": 1.0}, (1.0,),
         "at a knot the piece to its right"),
        ("math.hypot(x, y)", {"x": 0.0, "y": 0.0}, (0.0, 0.0)),
        ("math.dist(v, [0.0, 0.0])", {"v": [0.0, 0.0]}, ([0.0, 0.0],)),
        ("math.fabs(x)", {"x": 0.0}, (0.0,)),
        ("np.sinc(x)", {"x": 0.0}, (0.0,), "smooth: the quotient is not taken"),
        ("np.floor(x)", {"x": 1.0}, (0.0,), "as everywhere: constant in pieces"),
        ("x % 2.0", {"x": 4.0}, (1.0,), "the branch taken"),
        ("np.clip(x, 0.0, 1.0)", {"x": 1.0}, (0.0,), "at a bound as outside"),
    ),
    *_rows(
        "Ties: shared evenly",
        ("np.maximum(x, 0.0)", {"x": 0.0}, (0.5,)),
        ("np.maximum(x, y)", {"x": 1.0, "y": 1.0}, (0.5, 0.5)),
        ("np.minimum(x, y)", {"x": 1.0, "y": 1.0}, (0.5, 0.5)),
        ("np.fmax(x, y)", {"x": 1.0, "y": 1.0}, (0.5, 0.5)),
        ("np.max(v)", {"v": [2.0, 1.0, 2.0]}, ([0.5, 0.0, 0.5],)),
        ("v.min()", {"v": [1.0, 1.0, 2.0]}, ([0.5, 0.5, 0.0],)),
        ("np.ptp(v)", {"v": [2.0, 1.0, 2.0]}, ([0.5, -1.0, 0.5],)),
        ("np.pad(v, (1, 0), 'maximum')[0]", {"v": [2.0, 1.0, 2.0]}, ([0.5, 0.0, 0.5],)),
        ("np.sort(v)[0]", {"v": [1.0, 1.0, 2.0]}, ([0.5, 0.5, 0.0],)),
        ("np.sort(v)[1:]", {"v": [1.0, 1.0, 2.0]}, ([0.5, 0.5, 1.0],)),
        ("np.median(v)", {"v": [1.0, 1.0, 2.0]}, ([0.5, 0.5, 0.0],)),
        ("np.partition(v, 1)[0]", {"v": [1.0, 1.0, 2.0]}, ([0.5, 0.5, 0.0],)),
        ("np.percentile(v, 50.0)", {"v": [1.0, 1.0, 2.0]}, ([0.5, 0.5, 0.0],)),
        ("np.linalg.norm(v, np.inf)", {"v": [2.0, -2.0]}, ([0.5, -0.5],)),
        ("np.maximum.reduce(v)", {"v": [2.0, 2.0]}, ([0.5, 0.5],)),
        ("np.maximum.accumulate(v)[2]", {"v": [2.0, 1.0, 2.0, 3.0]}, ([0.5, 0.0, 0.5, 0.0],)),
        ("np.nanmax(v, initial=2.0)", {"v": [2.0, np.nan, 1.0]}, ([0.5, 0.0, 0.0],)),
        ("np.var(v, where=v < 9.0)", {"v": [3.0, 9.0, 3.0]}, ([0.0, 0.0, 0.0],)),
        ("np.std(v, where=v < 9.0)", {"v": [3.0, 9.0, 3.0]}, ([0.0, 0.0, 0.0],)),
    ),
    *_rows(
        "Python's own choices: the branch taken",
        ("max(x, 0.0)", {"x": 0.0}, (1.0,), "the first of equals, as `max` itself"),
        ("max(x, y)", {"x": 1.0, "y": 1.0}, (1.0, 0.0)),
        ("min([x, y])", {"x": 1.0, "y": 1.0}, (1.0, 0.0)),
        ("x if x > 0.0 else 0.0", {"x": 0.0}, (0.0,)),
        ("1.0 if x == 1.0 else x", {"x": 1.0}, (0.0,), "a limit that code puts in is a constant"),
        ("sorted([x, y])[0]", {"x": 1.0, "y": 1.0}, (1.0, 0.0)),
        (("functools.reduce(lambda s, _: (s[0], sum(s) / 2) if (sum(s) / 2) ** 2 > x else "
          "(sum(s) / 2, s[1]), range(50), (0.0, 4.0))[0]"), {"x": 4.0}, (0.0,),
         "a bisection that only compares is constant in pieces: `brentq` has the root's slope"),
        ("scipy.optimize.brentq(lambda u: u * u - x, 0.0, 3.0, xtol=1e-14)", {"x": 4.0}, (0.25,)),
    ),
    *_rows(
        "What a solver chooses: constant",
        ("scipy.integrate.solve_ivp(lambda k, u: -x * u, (0.0, 1.0), [1.0]).t[1]", {"x": 2.0},
         (0.0,), "its own steps stay where they are"),
        ("scipy.integrate.solve_ivp(lambda k, u: -u, (0.0, x), [1.0]).t[-1]", {"x": 2.0}, (1.0,),
         "the end is where it was asked to be"),
        ("scipy.interpolate.splrep([0.0, 1.0, x, 3.0, 4.0], [0.0, 1.0, 0.0, 1.0, 0.0])[0][4]",
         {"x": 2.0}, (1.0,), "a knot that lies at a point moves with it"),
    ),
    *_rows(
        "Powers, roots and poles",
        ("x ** 0.0", {"x": 0.0}, (0.0,)),
        ("x ** 0", {"x": 0.0}, (0.0,)),
        ("x ** 2", {"x": 0.0}, (0.0,)),
        ("x ** y", {"x": 0.0, "y": 2.0}, (0.0, 0.0)),
        ("np.power(x, y)", {"x": -2.0, "y": 2.0}, (-4.0, float("nan")), "no real logarithm"),
        ("np.sqrt(x)", {"x": 0.0}, (INF,), "a vertical tangent"),
        ("math.sqrt(x)", {"x": 0.0}, (INF,)),
        ("x ** 0.5", {"x": 0.0}, (INF,)),
        ("np.cbrt(x)", {"x": 0.0}, (INF,)),
        ("np.log(x)", {"x": 0.0}, (INF,)),
        ("np.arcsin(x)", {"x": 1.0}, (INF,)),
        ("np.arccos(x)", {"x": 1.0}, (-INF,)),
        ("scipy.special.agm(x, y)", {"x": 0.0, "y": 1.0}, (INF, 0.0)),
        ("scipy.special.agm(x, y)", {"x": 0.0, "y": 0.0}, (0.5, 0.5), "as where both are equal"),
        ("np.sqrt(x) * 0.0", {"x": 0.0}, (0.0,), "a zero cotangent contributes zero"),
        ("np.log(x * x + 1.0)", {"x": 0.0}, (0.0,)),
    ),
    *_rows(
        "Unused branches contribute zero, never nan",
        ("np.where(x > 0.0, np.sqrt(x), 0.0)", {"x": [0.0, 4.0]}, ([0.0, 0.25],)),
        ("np.where(x > 0.0, np.log(x), 0.0)", {"x": [0.0, 4.0]}, ([0.0, 0.25],)),
        ("np.where(x > 0.0, 1.0 / x, 0.0)", {"x": [0.0, 2.0]}, ([0.0, -0.25],)),
        ("np.where(x > 0.0, x ** 0.5, x)", {"x": [0.0, 4.0]}, ([1.0, 0.25],)),
        ("np.sqrt(x)[1:]", {"x": [0.0, 4.0]}, ([0.0, 0.25],)),
        ("np.clip(np.log(x), -1.0, 1.0)", {"x": [0.0, 1.0]}, ([0.0, 1.0],)),
        ("np.select([x > 0.0], [np.sqrt(x)], 0.0)", {"x": [0.0, 4.0]}, ([0.0, 0.25],)),
        ("np.sum(np.sqrt(x), where=x > 0.0)", {"x": [0.0, 4.0]}, ([0.0, 0.25],)),
        ("np.nansum(np.where(x > 0.0, np.sqrt(x), np.nan))", {"x": [0.0, 4.0]}, ([0.0, 0.25],)),
        ("np.sum(np.where(x > 0.0, x * np.log(x), 0.0))", {"x": [0.0, 1.0]}, ([0.0, 1.0],),
         "0 times inf"),
        ("np.logaddexp(x, y)", {"x": -INF, "y": 0.0}, (0.0, 1.0)),
        ("scipy.special.logsumexp(v)", {"v": [-INF, 0.0]}, ([0.0, 1.0],)),
        ("scipy.special.xlogy(x, x)", {"x": 0.0}, (-INF,), "inf where it is asked for"),
        ("np.prod(v)", {"v": [0.0, 2.0, 3.0]}, ([6.0, 0.0, 0.0],), "no division by the zero"),
        ("np.prod(v)", {"v": [0.0, 0.0, 3.0]}, ([0.0, 0.0, 0.0],)),
        ("np.cumprod(v)[-1]", {"v": [0.0, 2.0, 3.0]}, ([6.0, 0.0, 0.0],)),
    ),
    *_rows(
        "Complex numbers: dL/dx - i dL/dy; a holomorphic f gives f'",
        ("np.real(z)", {"z": 1 + 2j}, (1 + 0j,)),
        ("np.imag(z)", {"z": 1 + 2j}, (-1j,)),
        ("np.conj(z)", {"z": 1 + 2j}, (1 + 0j,), "of the sum of the real part"),
        ("z * z", {"z": 1 + 2j}, (2 + 4j,)),
        ("np.abs(z)", {"z": 3 + 4j}, (0.6 - 0.8j,)),
        ("np.angle(z)", {"z": 1j}, (-1 + 0j,)),
        ("np.exp(z)", {"z": 0j}, (1 + 0j,)),
        ("np.sqrt(z)", {"z": -4 + 0j}, (-0.25j,), "on the cut, as NumPy's value is there"),
        ("np.real(x * (1 + 2j))", {"x": 3.0}, (1.0,), "a real argument has a real gradient"),
        ("z.real ** 2 + z.imag ** 2", {"z": 1 + 2j}, (2 - 4j,)),
    ),
    *_rows(
        "Eigenvalues, singular values, least squares",
        ("np.sum(np.linalg.eigvalsh(a))", {"a": [[1.0, 0.0], [0.0, 1.0]]},
         ([[1.0, 0.0], [0.0, 1.0]],), "equal values: their sum is smooth"),
        ("np.sum(np.linalg.svd(a, compute_uv=False))", {"a": [[2.0, 0.0], [0.0, 2.0]]},
         ([[1.0, 0.0], [0.0, 1.0]],)),
        ("np.linalg.norm(a, 'nuc')", {"a": [[2.0, 0.0], [0.0, 0.0]]}, ([[1.0, 0.0], [0.0, 0.0]],),
         "of rank one: the smallest subgradient"),
        ("np.linalg.matrix_rank(a)", {"a": [[2.0, 0.0], [0.0, 0.0]]}, ([[0.0, 0.0], [0.0, 0.0]],)),
        ("np.sum(np.linalg.pinv(a))", {"a": [[2.0, 0.0], [0.0, 0.0]]},
         ([[-0.25, 0.25], [0.25, 0.0]],), "among matrices of that rank"),
        ("np.linalg.lstsq(a, b, None)[0][0]", {"a": [[2.0, 0.0], [0.0, 0.0]], "b": [4.0, 1.0]},
         ([[-1.0, 0.0], [0.25, 0.0]], [0.5, 0.0]), "the solution of least norm"),
        ("np.abs(np.linalg.eigh(a)[1][0, 0]) ** 2", {"a": [[1.0, 0.5j], [-0.5j, 1.0]]},
         ([[-0.5, 0.0], [0.0, 0.5]],), "in which phases cancel; where they count it is refused"),
        ("np.linalg.det(a)", {"a": [[1.0, 2.0], [2.0, 4.0]]}, ([[4.0, -2.0], [-2.0, 1.0]],),
         "the cofactors, also of a singular matrix"),
    ),
    *_rows(
        "Types",
        ("x * 2.0", {"x": np.float32(3.0)}, (np.float32(2.0),), "float32 stays float32"),
        ("np.sum(v * 2.0)", {"v": np.ones(2, np.float32)}, (np.full(2, 2.0, np.float32),)),
        ("math.sin(x)", {"x": 0.0}, (1.0,), "a Python float has a Python float"),
        ("np.sum(v)", {"v": np.ones((0, 2))}, (np.ones((0, 2)),)),
        ("x * n", {"x": 3.0, "n": 2}, (2.0, None), "an int has no derivative"),
    ),
]


#: Expressions in x; `along` is the direction, `expected` the tangent of the value.
TANGENTS: list[tuple[str, Any, Any, Any, str]] = [
    ("np.sqrt(x)", [0.0, 4.0], [0.0, 1.0], [0.0, 0.25], "what does not move has no tangent"),
    ("np.sqrt(x)", [0.0, 4.0], [1.0, 1.0], [INF, 0.25], ""),
    ("np.sqrt(x)", 0.0, 0.0, 0.0, ""),
    ("x ** 0.5", [0.0, 4.0], [0.0, 1.0], [0.0, 0.25], ""),
    ("np.float_power(x, 0.5)", [0.0, 4.0], [0.0, 1.0], [0.0, 0.25], ""),
    ("np.arccos(x)", [1.0, 0.0], [0.0, 1.0], [0.0, -1.0], ""),
    ("np.arctan2(x, 0.0)", [0.0, 1.0], [0.0, 1.0], [0.0, 0.0], ""),
    ("scipy.special.entr(x)", [0.0, 1.0], [0.0, 1.0], [0.0, -1.0], ""),
    ("scipy.special.xlogy(x, x)", [0.0, 1.0], [0.0, 1.0], [0.0, 1.0], ""),
    ("scipy.special.rel_entr(x, 1.0)", [0.0, 1.0], [0.0, 1.0], [0.0, 1.0], ""),
    ("np.log(x)", 0.0, 1.0, INF, "no ZeroDivisionError, as NumPy's value has none"),
    ("np.log(x)", 0.0, 0.0, 0.0, ""),
    ("np.log(x)", [0.0, 2.0], [0.0, 1.0], [float("nan"), 0.5],
     "at a pole of the function itself products are IEEE's"),
    ("np.where(x > 0.0, np.log(x), 0.0)", [0.0, 2.0], [0.0, 1.0], [0.0, 0.5], ""),
    ("np.where(x > 0.0, 1.0 / x, 0.0)", [0.0, 2.0], [1.0, 1.0], [0.0, -0.25], ""),
    ("1.0 / x", [0.0, 2.0], [0.0, 1.0], [float("nan"), -0.25],
     "so are quotients"),
]

#: Of an expression in x, at a point, its second derivative, in each of the four ways.
BENDS: list[tuple[str, float, float, str]] = [
    ("np.abs(x)", 0.0, 0.0, "as that of the slope which is taken, a constant"),
    ("np.abs(x) ** 2", 0.0, 2.0, "powers of sizes, norms and roots are what they are"),
    ("math.hypot(x, 0.0) ** 2", 0.0, 2.0, ""),
    ("np.sqrt(x * x) ** 2", 0.0, 2.0, ""),
    ("np.abs(x) ** 1.5", 0.0, INF, ""),
    ("np.abs(x) ** 3", 0.0, 0.0, ""),
    ("np.abs(x) * np.abs(x)", 0.0, 0.0,
     "not seen to be a square: twice the product of two slopes, which are taken to be 0"),
    ("np.maximum(x, 0.0) ** 2", 0.0, 0.5, "likewise, of slopes of 0.5"),
    ("np.sqrt(x)", 0.0, -INF, ""),
    ("np.where(x > 0.0, np.sqrt(x), 0.0)", 0.0, 0.0, "unused"),
]


_HEAD = """\
# Conventions

What a gradient is where mathematics leaves a choice: at kinks and ties, on branch cuts, at poles.
Each row is the gradient of the sum of the expression's real part, with respect to each argument in
order; the last tables have tangents, and second derivatives. The tests run every row of this page,
and `python -m tests.coverage.conventions` prints it.

The pairing is Re(sum(cotangent * tangent)), without a conjugate. For a real loss of a complex z the
gradient is dL/dx - i dL/dy, as in HIPS autograd and JAX; its conjugate is the direction of steepest
ascent.
"""


def page() -> str:
    lines = [_HEAD]
    for topic in dict.fromkeys(row.topic for row in ROWS):
        lines += [f"\n## {topic}\n", "| expression | at | gradient | |", "|---|---|---|---|"]
        for row in ROWS:
            if row.topic == topic:
                at = ", ".join(f"{n} = {_shown(v)}" for n, v in row.given.items())
                found = ", ".join(map(_shown, row.expected))
                expression = row.expression.replace("|", "\\|")
                lines.append(f"| `{expression}` | {at} | {found} | {row.remark} |")
    lines += ["\n## Forward mode: tangents along a direction\n",
              "| expression | at x | along | tangent | |", "|---|---|---|---|---|"]
    for expression, *shown, remark in TANGENTS:
        lines.append(f"| `{expression}` | {' | '.join(map(_shown, shown))} | {remark} |")
    lines += ["\n## Second derivatives, in forward and reverse mode over both\n",
              "| expression | at x | second derivative | |", "|---|---|---|---|"]
    for expression, *shown, remark in BENDS:
        lines.append(f"| `{expression}` | {' | '.join(map(_shown, shown))} | {remark} |")
    return "\n".join(lines) + "\n"


def _shown(x: Any) -> str:
    if isinstance(x, np.ndarray):
        return f"{_shown(x.tolist())}" if x.size else f"empty {x.shape}"
    if isinstance(x, list):
        return f"[{', '.join(map(_shown, x))}]"
    if isinstance(x, complex):
        return f"{x + 0:g}"
    return "none" if x is None else f"{x + 0:g}"


def main() -> None:
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
