"""Other words for the same: expressions and statements that mean what others mean, by chance."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from random import Random

from tests.language import (
    rewriting_loops,
    rewriting_plain,
    rewriting_scopes,
    rewriting_writes,
)
from tests.language.words import Names

__all__ = ["KINDS", "rewritten"]

KINDS = (*rewriting_loops.KINDS, *rewriting_scopes.KINDS, *rewriting_writes.KINDS,
         *rewriting_plain.KINDS)


def rewritten(text: str, seed: int, rate: float = 0.1,
              kinds: int | Sequence[str] = 4) -> str:
    """A module's text with some of what is inside of its functions in other words.

    `rate`: how often, where it can be; `kinds`: of what sorts, or of how many, by chance.
    """
    tree = ast.parse(text)
    rng = Random(seed)
    chosen = frozenset(rng.sample(KINDS, kinds) if isinstance(kinds, int) else kinds)
    name = Names()
    writers = [rewriting_loops.Loops, rewriting_scopes.Scopes, rewriting_plain.Plain]
    rng.shuffle(writers)
    # The last one may look at frames, and nobody goes through that again.
    for writer in (*writers, rewriting_writes.Writes):
        tree = ast.fix_missing_locations(writer(rng, rate, chosen, name).visit(tree))
    return ast.unparse(tree)
