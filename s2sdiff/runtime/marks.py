"""Marks for elements of containers, by which a pullback tells where each of them came from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s2sdiff.runtime.named_tuples import like_fields

__all__ = ["Marks", "Touched"]


class _Mark:
    """Stands for the cotangent of one element, or of several that have their sum."""

    __slots__ = ("of",)

    def __init__(self, of: tuple[int, ...]) -> None:
        self.of = of

    def __add__(self, other: _Mark) -> _Mark:
        return _Mark((*self.of, *other.of))


class Marks:
    """Marks for elements, and the tangents that have been found for them."""

    def __init__(self) -> None:
        self.count, self.found = 0, dict[int, Any]()

    def of(self, x: Any) -> Any:
        """A mark for an element; tuples, which rules take apart, have one for each item."""
        if isinstance(x, tuple) and x:
            return tuple([self.of(v) for v in x])
        self.count += 1
        return _Mark((self.count,))

    def note(self, entry: Any, dot: Any) -> None:
        """Note the tangent of where a cotangent went."""
        if entry is None or dot is None:
            return
        if isinstance(entry, _Mark):
            self.found.update(dict.fromkeys(entry.of, dot))
            return
        pairs = entry.items() if isinstance(entry, dict) else enumerate(entry)
        for key, part in pairs:
            if part is not None:
                self.note(part, dot[key])

    def dot(self, mark: Any, x: Any, zero: Callable[[Any], Any]) -> Any:
        """The tangent of an element."""
        if isinstance(mark, tuple):
            items = [self.dot(m, v, zero) for m, v in zip(mark, x, strict=True)]
            return like_fields(x, items) if hasattr(type(x), "_fields") else tuple(items)
        (number,) = mark.of
        return self.found[number] if number in self.found else zero(x)


class Touched(dict):
    """The shadow of a list in which a pullback turns to few slots, which have marks then."""

    def __init__(self, marks: Marks, after: list) -> None:
        super().__init__()
        self.marks, self.after, self.kept = marks, after, dict[int, Any]()

    def ask(self, key: int) -> None:
        if key not in self.kept and key < len(self.after):
            self.kept[key] = self[key] = self.marks.of(self.after[key])

    def get(self, key: int, default: Any = None) -> Any:
        self.ask(key)
        return super().get(key, default)

    def pop(self, key: int, *default: Any) -> Any:
        self.ask(key)
        return super().pop(key, *default)

    def settle(self, dots: list, zero: Callable[[Any], Any]) -> None:
        """Bring the tangents of the list up to date; a slot that is new was turned to."""
        found = {k: self.marks.dot(m, self.after[k], zero) for k, m in self.kept.items()}
        del dots[len(self.after):]
        dots += [None] * (len(self.after) - len(dots))
        for k, dot in found.items():
            dots[k] = dot
