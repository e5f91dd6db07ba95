"""The topics that programs are made of besides the plain language, each a set of tables of forms.

A table is asked for while a program is made, never while a file is read: the files of forms use
each other.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from tests.fuzz import (
    arguments,
    arrays_written,
    asked,
    caches,
    closures,
    collected,
    containers,
    contents,
    derived,
    drawn,
    exceptions,
    factories,
    filled,
    handed,
    handed_back,
    held,
    histories,
    inner,
    kept,
    kinds_on_paths,
    linked,
    managers,
    mixed,
    named,
    nones,
    objects,
    pairs,
    replies,
    settings,
    shared_unlikely,
    solvers,
    states,
    unseen,
    views,
)
from tests.fuzz import tables as data_tables
from tests.fuzz.draft import Draft, Row, choose

#: Statements, floats, arrays, loops' sources, helpers.
Tables = tuple[list[Row], list[Row], list[Row], list[Row], list[Row]]
STATEMENTS, SCALARS, VECTORS, SOURCES, HELPERS = range(5)
#: How often a topic's rows are tried before the plain language's.
SHARES = (0.55, 0.25, 0.2, 0.4, 0.6)
TOPICS = ["arrays_written", "views", "containers", "objects", "closures", "exceptions", "arguments",
          "managers", "derived", "collections", "generators", "inner", "handed back",
          "histories", "states", "asked", "held outside", "none at first", "classes together",
          "linked", "factories", "solvers", "pairs", "named", "kept by helpers", "settings",
          "tables of data", "caches", "unseen methods", "shared unlikely",
          "kinds on paths"]


@functools.cache
def tables(topic: str) -> Tables:
    """The tables of a topic."""
    return {
        "arrays_written": (arrays_written.ROWS, arrays_written.SCALARS, [], [], []),
        "views": (views.ROWS, [], [], [], []),
        "containers": (contents.ROWS, containers.SCALARS, containers.VECTORS, containers.SOURCES,
                       []),
        "objects": (objects.ROWS, objects.SCALARS, objects.VECTORS, [], objects.MAKERS),
        "closures": ([*closures.ROWS, *filled.ROWS], closures.SCALARS, [], [], closures.MAKERS),
        "exceptions": (exceptions.ROWS, [], [], [], exceptions.MAKERS),
        "managers": (managers.ROWS, [], [], [], []),
        "derived": (derived.ROWS, derived.SCALARS, [], [], []),
        "collections": (collected.ROWS, [], [], [], []),
        "generators": ([*drawn.ROWS, *handed.ROWS], [], [], [], []),
        "inner": (inner.ROWS, [], [], [], []),
        "handed back": (handed_back.ROWS, [], [], [], []),
        "histories": (histories.ROWS, [], [], [], []),
        "states": (states.ROWS, [], [], [], []),
        "asked": ([*asked.ROWS, *replies.ROWS], [], [], [], []),
        "classes together": (mixed.ROWS, [], [], [], []),
        "linked": (linked.ROWS, [], [], [], []),
        "factories": (factories.ROWS, [], [], [], []),
        "solvers": (solvers.ROWS, [], [], [], []),
        "pairs": (pairs.ROWS, [], [], [], []),
        "named": (named.ROWS, [], [], [], []),
        "kept by helpers": (kept.ROWS, [], [], [], kept.MAKERS),
        "settings": (settings.ROWS, settings.SCALARS, settings.VECTORS, settings.SOURCES,
                     settings.MAKERS),
        "tables of data": (data_tables.ROWS, [], [], [], data_tables.MAKERS),
        "caches": (caches.ROWS, [], [], [], caches.MAKERS),
        "unseen methods": (unseen.ROWS, [], [], [], unseen.MAKERS),
        "shared unlikely": (shared_unlikely.ROWS, [], [], [], shared_unlikely.MAKERS),
        "kinds on paths": (kinds_on_paths.ROWS, [], [], [], []),
        "none at first": (nones.ROWS, [], [], [], []),
        "held outside": ([], held.SCALARS, held.VECTORS, [], []),
        "arguments": (arguments.ROWS, [], [], [], arguments.MAKERS),
    }[topic]


@functools.cache
def features(topic: str) -> frozenset[str]:
    """The features that belong to a topic."""
    rows = {row.feature for table in tables(topic) for row in table}
    return frozenset(rows | (arguments.TAKEN if topic == "arguments" else set()))


@functools.cache
def rows(place: int) -> list[Row]:
    """The rows of all topics for one place of a program."""
    return [row for topic in TOPICS for row in tables(topic)[place]]


def make(d: Draft, plain: Sequence[Row], place: int, *args: Any) -> Any:
    """What `choose` gives of the topics' rows, or of the plain language's."""
    active = not d.allowed.isdisjoint(new())
    if active and d.rng.random() < SHARES[place]:
        made = choose(d, rows(place), *args)
        if made is not None:
            return made
    return choose(d, plain, *args)


@functools.cache
def new() -> frozenset[str]:
    """The features of all topics."""
    return frozenset().union(*map(features, TOPICS))
