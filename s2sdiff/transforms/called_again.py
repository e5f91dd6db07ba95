"""Rules that are called, in code that is differentiated again: as functions of the arguments.

`value, pullback = rule(x)` gives a closure, of which nothing is known where the code is
differentiated again.  There `value = f(x)` is a call as any other, and the way back computes
`x_bar = rule_back(bar, x)`, a function with a text and kinds (`rule_backs`).
"""

from __future__ import annotations

from typing import Any

from s2sdiff.backend.rule_backs import back_of
from s2sdiff.ir import Bind, Ref, Star, Var
from s2sdiff.kinds import ANY, Kind
from s2sdiff.registry import Rule
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.emit import Emitter
from s2sdiff.transforms.pull import Pull, cotangent, filled, unpacks

__all__ = ["linearized"]


def linearized(s: Bind, rule: Rule, slots: list[tuple[Any, str]], emit: Emitter,
               context: Context) -> Pull | None:
    """The call, and its way back; None where too little is known of the rule's text."""
    if len(s.targets) != 1 or unpacks(s) or any(isinstance(a, Star) for a in s.args) or any(
            k is None for k, _ in s.kwargs):
        return None
    (target,) = s.targets
    kind = context.kinds.get(target, ANY)
    names = [name for _, name in slots]
    mine = [context.kinds.get(n, ANY) for n in names]
    if not (kind.is_number or _has_numbers(kind)) or not all(
            k.is_number or _has_numbers(k) for k in mine) or len(set(names)) != len(names):
        return None
    function = back_of(rule, tuple([slot for slot, _ in slots]), len(s.args),
                       tuple([str(k) for k, _ in s.kwargs]))
    if function is None:
        return None
    called = Ref(function)
    emit.out.append(s)

    def pull(back: Emitter, bars: list[Any]) -> list[tuple[str, Any]]:
        seed = back.atom(filled(cotangent(s, bars, back), s, back))
        targets = tuple([context.names(f"{n}_bar") for n in names])
        back.out.append(Bind(targets, called, (seed, *s.args), s.kwargs, back.loc))
        for t, k in zip(targets, mine, strict=True):
            context.kinds[t] = k
            back.masked.add(t)
        return list(zip(names, map(Var, targets), strict=True))

    return Pull(pull)


def _has_numbers(kind: Kind) -> bool:
    """A tuple of numbers, as `np.linalg.eigh` gives, and `cho_solve` takes."""
    return kind.items is not None and kind.type is not None and issubclass(
        kind.type, tuple) and all(k.is_number for k in kind.items)
