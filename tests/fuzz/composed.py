"""Random compositions of NumPy's functions on arrays of a few ranks, with writes in between.

What a statement may be is found out by running it: one that raises, or whose numbers are too large,
is drawn anew.  So any expression may stand in the tables, whatever shapes it takes.
"""

from __future__ import annotations

import math
import random
import warnings
from typing import Any

import numpy as np

from tests.fuzz.composed_forms import ELEMENTWISE, INDICES, OTHERS, REDUCTIONS, VIEWS, WRITES
from tests.fuzz.generate import COMPOSED, Program

__all__ = ["composed"]

SHAPES = ((3, 4), (3, 3), (2, 3, 2), (4,), (5,), (1, 3), (3, 1), (2, 2))
LARGEST, MOST = 50.0, 60
KINDS = {"elementwise": 3, "view": 6, "reduction": 3, "other": 4, "write": 6, "alias": 1,
         "rebinding": 1, "block": 3}
HEADS = ("for k in range(2):", "for row in {x}:", "if np.sum({x}) > 0.1:", "if np.max({x}) < 0.9:",
         "for k, row in enumerate({x}):", "with np.errstate(all='ignore'):", "if {x}.ndim > 1:")
TABLES = {"elementwise": ELEMENTWISE, "view": VIEWS, "reduction": REDUCTIONS, "other": OTHERS}

Names = dict[str, Any]


def composed(seed: int, size: int) -> Program:
    """A function of two arrays with up to so many statements."""
    draw = random.Random(seed)
    first = draw.choice(SHAPES)
    second = draw.choice((first, first, first[-1:], draw.choice(SHAPES)))
    args, again = ((numbers(first, seed + i), numbers(second, seed + i + 1)) for i in (0, 2))
    lines: list[str] = []
    known = run(lines, args)
    assert known is not None
    count = draw.randint(2, max(size, 2))
    for _ in range(12 * count):
        if len(lines) == count:
            break
        made = statement(draw, known, f"v{len(known) - 2}")
        found = made and run([*lines, made], args)
        if made and found and run([*lines, made], again):
            lines.append(made)
            known = found
    read = [*list(known)[-5:], draw.choice(list(known))]
    total = " + ".join([f"{1 + 0.2 * i:.1f} * np.sum({draw.choice(ENDS).format(x=n)})"
                        for i, n in enumerate(read)])
    body = "".join(f"    {line}\n" for line in [*lines, f"return {total}"])
    text = f"import math\nimport numpy as np\nlog = []\ndef main(a, b):\n{body}"
    return Program(text, "main", args, again, seed, COMPOSED)


ENDS = ("{x}", "{x} ** 2", "np.cos({x}) * {x}", "np.tanh({x})")


LEFT = frozenset({"np", "math", "__builtins__", "row", "k"})


def numbers(shape: tuple[int, ...], seed: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1.0, 1.0, shape)


def run(lines: list[str], args: tuple[np.ndarray, ...]) -> Names | None:
    """What the lines bind; None where they raise, or give what cannot be differenced."""
    names: Names = {"np": np, "math": math, "a": args[0].copy(), "b": args[1].copy()}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            exec("\n".join(lines), names)
        except Exception:
            return None  # another statement is drawn
    found = {n: v for n, v in names.items() if n not in LEFT}
    return found if all(map(fit, found.values())) else None


def fit(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype == np.float64 and \
        0 < value.size <= MOST and bool(np.abs(value).max() <= LARGEST)


def statement(draw: random.Random, known: Names, new: str) -> str | None:
    names = list(known)
    x, y = draw.choice(names[-4:]), draw.choice(names)
    kind = draw.choices(list(KINDS), list(KINDS.values()))[0]
    if kind == "write":
        return write(draw, known, x, y)
    if kind == "alias":
        return f"{new} = {x}"
    if kind == "rebinding":
        return f"{x} = {draw.choice(ELEMENTWISE).format(x=x)}"
    if kind == "block":
        return block(draw, known, x, y)
    made = draw.choice(TABLES[kind]).format(x=x, y=y, axis=draw.choice((0, -1, 1)))
    found = run_expression(made, known)
    if isinstance(found, (float, np.floating)):
        made = f"np.array([{made}])" if draw.random() < 0.7 else f"np.asarray({made})"
    return f"{new} = {made}"


def block(draw: random.Random, known: Names, x: str, y: str) -> str | None:
    """Writes and rebindings in a loop or a branch; rows are views of what is written."""
    head = draw.choice(HEADS).format(x=y)
    inner: list[str] = []
    for _ in range(draw.randint(1, 2)):
        made = f"{x} = {draw.choice(ELEMENTWISE).format(x=x)}" if draw.random() < 0.3 else \
            write(draw, known, x, y)
        if made and "row" in head and draw.random() < 0.5:
            made = draw.choice(("row *= 0.7", "row += row", f"{x} = {x} + 0.1 * np.sum(row)",
                                f"row -= 0.2 * np.sum({x})", f"{x} += 0.3 * np.max(row)"))
        inner += [made] if made else []
    return "\n        ".join([head, *inner]) if inner else None


def write(draw: random.Random, known: Names, x: str, y: str) -> str | None:
    form = draw.choice(WRITES)
    i, j = (draw.choice(INDICES).format(x=x) for _ in range(2))
    target = run_expression(f"{x}[{i}]" if "{i}" in form else x, known)
    if target is None:
        return None
    shape = np.shape(target)
    fitting = [n for n, v in known.items() if fits(v.shape, shape)]
    values = [f"{draw.uniform(-1, 1):.2f}", f"0.1 * np.sum({y})"]
    if fitting:
        chosen = draw.choice(fitting)
        values += [chosen, f"{chosen} * 0.7", draw.choice(ELEMENTWISE).format(x=chosen)]
    s = draw.choice(("0.4", f"np.mean({y})", f"0.2 * {y}.sum()", f"{y}.flat[0]"))
    at = draw.choice(("[0, 0, 1]", "[0, 1]", "(0,)", "np.array([1, 1, 0])"))
    return form.format(x=x, y=y, i=i, j=j, e=draw.choice(values), s=s, at=at)


def fits(shape: tuple[int, ...], into: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(shape, into) == into
    except ValueError:
        return False


def run_expression(text: str, known: Names) -> Any:
    """What an expression gives of the names as they are; None where it raises."""
    own = {n: v.copy() for n, v in known.items()}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return eval(text, {"np": np, "math": math, **own})
        except Exception:
            return None  # another statement is drawn
