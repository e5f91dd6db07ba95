"""Kinds of variables that get their values in several ways: at joins, and in rounds of loops."""

from __future__ import annotations

from s2sdiff.kinds import ANY, Dim, Kind
from s2sdiff.kinds_joined import join, or_none
from s2sdiff.transforms.context import Context
from s2sdiff.transforms.kinds_of_items import element

__all__ = ["Joins"]


class Joins:
    """The kinds that variables of one function have in common with what they are bound to anew."""

    def __init__(self, context: Context) -> None:
        self.context = context
        #: By variable, its unknown dimensions: what is computed of it in a round has them, too.
        self.lengths: dict[str, set[Dim]] = {}

    def of(self, name: str, old: Kind, kind: Kind) -> Kind:
        """What is known of either; unknown dimensions are called as they were the round before."""
        found = self.either(old, kind)
        if old.shape is None or not found.shape or len(old.shape) != len(found.shape):
            return found
        own = self.lengths.setdefault(name, set())
        shape = tuple([p if p in own else q for p, q in zip(old.shape, found.shape, strict=True)])
        own.update([q for p, q in zip(old.shape, shape, strict=True) if p != q])
        return found._replace(shape=shape)

    def either(self, old: Kind, kind: Kind) -> Kind:
        """What is known of either; of lists into which nobody writes, what all items are."""
        found = join(old, kind)
        if found == ANY:
            return or_none(old, kind)
        if found != Kind(list) or self.context.lists_change:
            return found
        each = [element(k) if k.items or k.each is not None else ANY for k in (old, kind)]
        both = join(*each)
        return Kind(list, value=both) if both.is_scalar and ANY not in each else found
