"""Whether a name still means the generator whose body was written where it is drawn from."""

from __future__ import annotations

from typing import Any

from s2sdiff.errors import UnsupportedError, refusal

__all__ = ["meant"]


def meant(found: Any, expected: Any) -> None:
    """Refuse where another generator has the name now.

    >>> meant(map, map)
    """
    if found != expected:
        raise refusal(UnsupportedError,
                      f"{getattr(expected, '__name__', expected)} was another function when this "
                      "was first differentiated", "give the new one a name of its own")
