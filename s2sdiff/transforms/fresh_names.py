"""Fresh names for the variables that the compiler makes."""

from __future__ import annotations

__all__ = ["Names"]


class Names:
    """Fresh names for generated variables."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = set(taken)
        self.bases: dict[str, str] = {}
        #: The fresh names in the order in which they were given.
        self.given: list[str] = []
        #: By hint: all numbers below are taken.
        self.numbers: dict[str, int] = {}

    def __call__(self, hint: str) -> str:
        hint = self.bases.get(hint, hint)
        n = self.numbers.get(hint, 0)
        name = f"{hint}_{n}" if n else hint
        while name in self.taken:
            n += 1
            name = f"{hint}_{n}"
        self.numbers[hint] = n
        self.taken.add(name)
        self.given.append(name)
        if name != hint:
            self.bases[name] = hint
        return name

    def take_back(self, count: int) -> None:
        """Give all names anew but the first `count` that were given."""
        for name in self.given[count:]:
            self.free(name)
        del self.given[count:]

    def free(self, name: str) -> None:
        """Give a name anew."""
        self.taken.discard(name)
        self.numbers.pop(name, None)
        hint, _, number = name.rpartition("_")
        if hint in self.numbers and number.isdecimal():
            self.numbers[hint] = min(self.numbers[hint], int(number))
