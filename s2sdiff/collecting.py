"""Compiling without Python's cycle collector, which finds nothing there and takes its time."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

__all__ = ["uncollected"]


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Leave cycles alone while code is made.

    A compilation makes many small records, nearly all of which stay until it is done: each of the
    collector's rounds walks them, and often the whole program's objects, in vain.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
