"""Compiling without Python's cycle collector, which finds nothing there and takes its time."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

__all__ = ["uncollected"]

#: So many young objects take some ten milliseconds to walk, twice until they are old.
MANY = 20_000


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Leave cycles alone while code is made.

    A compilation makes many small records, nearly all of which stay until it is done: each of the
    collector's rounds walks them, and often the whole program's objects, in vain.

    What a large one leaves are functions' IR, for a long time: all that is young becomes old at
    once, and is looked at when the collector next looks at everything.  Where a program has frozen
    objects of its own, nothing is done; it is asked late, as those are counted one by one.
    """
    was = gc.isenabled()
    before = gc.get_count()[0]
    gc.disable()
    try:
        yield
    finally:
        if was:
            if gc.get_count()[0] - before > MANY and not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()
