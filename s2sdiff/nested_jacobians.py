"""Jacobians and Hessians inside of functions that are differentiated, as plain code for a call.

Column by column, or row by row, with the operators `jvp` and `vjp`, which can be differentiated.
Where arguments or results are tuples, lists or dicts of numbers and arrays, column by column.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import errors, nested_holders
from s2sdiff.asked import asked_of, slot_of
from s2sdiff.carrying import own_copies
from s2sdiff.errors import NestedDerivativeError
from s2sdiff.forward import jvp
from s2sdiff.left_outside import leaves_something
from s2sdiff.nested_structures import by_parts, shape_of
from s2sdiff.runtime.nested import listed
from s2sdiff.runtime.values import argument
from s2sdiff.vector_products import vjp

__all__ = ["again"]


def again(f: Any, wrt: Any, rows: bool, of_gradient: bool) -> Callable[[tuple, dict], Any]:
    """What makes, for a call's arguments, a function that gives the Jacobian of `f` there.

    Parameters
    ----------
    rows : whether each row is a pullback's, and not each column a tangent
    of_gradient : whether `f` gives an array for each of several names in `wrt`
    """
    known: dict[Any, Any] = {}

    def parts(*args: Any) -> Any:
        return code(args, {})(*args)

    def code(args: tuple, kwargs: dict[str, Any]) -> Any:
        slots = tuple([slot_of(f, w, args, kwargs) for w in asked_of(wrt)])
        point = [argument(s, args, kwargs) for s in slots]
        shapes = tuple(map(shape_of, point))
        if kwargs or not all(shapes):
            raise structured(f)
        if leaves_something(f, args):
            raise counting(f)
        if not all(isinstance(shape, str) for shape in shapes):
            return by_its_parts(args, kwargs)
        alone = not isinstance(wrt, (tuple, list))
        key = len(args), slots, shapes
        if key not in known:
            arrays = tuple([shape == "array" for shape in shapes])
            text = _by_rows(len(args), slots, alone) if rows else \
                _by_columns(len(args), slots, arrays, alone, of_gradient and not alone)
            names = {"f": f, "np": np, "jvp": jvp, "vjp": vjp, "by_parts": parts}
            known[key] = nested_holders.of_text(text, "jacobian", names)
        return known[key]

    def by_its_parts(args: tuple, kwargs: dict[str, Any]) -> Any:
        # What the result is made of, a run tells: its text names each part.
        slots = tuple([slot_of(f, w, args, kwargs) for w in asked_of(wrt)])
        result = shape_of(f(*own_copies(args)))
        if result is None:
            raise structured(f)
        shapes = tuple([shape_of(args[s]) for s in slots])
        key = len(args), slots, shapes, result
        if key not in known:
            text = by_parts(len(args), slots, shapes, result, not isinstance(wrt, (tuple, list)))
            known[key] = nested_holders.of_text(
                text, "by_parts", {"f": f, "np": np, "jvp": jvp})
        return known[key]

    parts.__wrapped__ = f  # type: ignore[attr-defined]
    parts.__s2sdiff_generated__ = by_its_parts  # type: ignore[attr-defined]
    return code


def counting(f: Any) -> Exception:
    """The refusal of a function of which it matters how often it runs."""
    return _refused(f, "runs it once for each column, and it binds a name outside of itself, or "
                    "may write what others see",
                    "let it return that, or take the Jacobian outside")


def structured(f: Any) -> Exception:
    """The refusal of a Jacobian of other structures, inside of a function that is differentiated.
    """
    return _refused(f, "takes numbers, arrays, and tuples, lists and dicts of such by position for "
                    "it, and gives them: these are others, or empty",
                    "give it arrays by position, and let it return one")


def _refused(f: Any, why: str, instead: str) -> Exception:
    name = getattr(f, "__name__", type(f).__name__)
    return errors.refusal(
        NestedDerivativeError, f"the Jacobian of {name} is taken inside of a function that is "
        f"differentiated, which {why}", instead)


def _by_columns(count: int, slots: tuple[int, ...], arrays: tuple[bool, ...], alone: bool,
                several: bool) -> str:
    names, _ = listed((None,) * count, {})
    given = f"({names},)"
    lines = [f"def jacobian({names}):"]
    for k, slot in enumerate(slots):
        unit = f"unit{k}" if arrays[k] else "1.0"
        dots = ", ".join(unit if i == slot else "None" for i in range(count))
        column = f"jvp(f, {given}, ({dots},))[1]"
        if arrays[k]:
            lines.append(f"    flat{k} = np.eye(np.size(a{slot}), dtype=a{slot}.dtype)")
            lines.append(f"    units{k} = np.reshape(flat{k}, (-1, *np.shape(a{slot})))")
            lines.append(f"    columns{k} = [{column} for unit{k} in units{k}]")
        else:
            lines.append(f"    columns{k} = [{column}]")
        if not several:
            lines += [f"    if isinstance(columns{k}[0], (tuple, list, dict)):",
                      f"        return by_parts({names})"]

    def block(k: int, part: str) -> str:
        entries = f"[column{part} for column in columns{k}]"
        if not arrays[k]:
            return f"columns{k}[0]{part}"
        return (f"np.reshape(np.stack({entries}, -1), "
                f"np.shape(columns{k}[0]{part}) + np.shape(a{slots[k]}))")

    each = [f"[{i}]" for i in range(len(slots))] if several else [""]
    blocks = ["(" + "".join(f"{block(k, part)}, " for k in range(len(slots))) + ")" if not alone
              else block(0, part) for part in each]
    lines.append(f"    return ({', '.join(blocks)},)" if several else f"    return {blocks[0]}")
    return "\n".join(lines) + "\n"


def _by_rows(count: int, slots: tuple[int, ...], alone: bool) -> str:
    names, _ = listed((None,) * count, {})
    whole = "bars" if count == 1 else "bars[{}]"
    blocks = [f"np.reshape(np.stack([{whole.format(s)} for bars in rows]), "
              f"np.shape(value) + np.shape(a{s}))" for s in slots]
    result = blocks[0] if alone else f"({', '.join(blocks)},)"
    return (f"def jacobian({names}):\n    value, pullback = vjp(f, {names})\n"
            f"    if isinstance(value, (tuple, list, dict)):\n        return by_parts({names})\n"
            "    units = np.reshape(np.eye(np.size(value)), (-1, *np.shape(value)))\n"
            f"    rows = [pullback(unit) for unit in units]\n    return {result}\n")
