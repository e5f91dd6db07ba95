"""`generate(seed, size, features)`: a random program of the differentiated language."""

from __future__ import annotations

import ast
import dataclasses
import itertools
import linecache
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from tests.fuzz import (
    arguments,
    callables,
    collected,
    conditions,
    derived,
    exceptions,
    factories,
    given,
    handed_back,
    held,
    helpers,
    histories,
    linked,
    loops,
    managers,
    mixed,
    nones,
    places,
    replies,
    scalars,
    solvers,
    statements,
    topics,
    vectors,
)
from tests.fuzz.draft import (
    COMPLEX,
    INT,
    POINT,
    REAL,
    SHAPES,
    WORD,
    Draft,
    Kind,
    Scope,
    array,
    chance,
    choose,
    indent,
    variables,
)

#: Those that a maker asks for itself, besides the rows of the tables.
ASKED = {
    "arrays",
    "break",
    "continue",
    "chained assignment",
    "data-dependent while",
    "enumerate",
    "factory call",
    "global array",
    "keyword arguments",
    "loop else",
    "main is a closure",
    "name changes kind",
    "other side too",
    "read after loop",
    "return in loop",
    "single precision",
    "size-1 dimension",
    "tuple result",
    "unbound name",
    "while True",
    "NumPy scalars",
}
#: The plain language, in which nothing that others hold is written.
BASE = frozenset(ASKED) | {
    row.feature
    for rows in (
        scalars.ROWS,
        conditions.TESTS,
        vectors.ROWS,
        statements.ROWS,
        loops.SOURCES,
        helpers.ROWS,
    )
    for row in rows
}
FEATURES = BASE | topics.new()
#: What a program cannot do without; of the rest each leaves out some, so that rare ones meet.
ALWAYS = {"assign", "operators", "array operators", "compare", "range"}
SELDOM = {"complex": 0.12, "single precision": 0.06, "0-d array": 0.3, "unbound name": 0.3}

PREAMBLE = ["import copy, contextlib, io, itertools, operator, warnings",
            "from dataclasses import dataclass, field",
            "from functools import partial, reduce, wraps"]
_serial = itertools.count()


#: Programs of another kind, of NumPy's functions alone: `composed.py`.
COMPOSED = frozenset({"compositions"})


def generate(seed: int, size: int = 12, features: Iterable[str] = BASE) -> Program:
    """The program of a seed: `size` statements in its main function, made of these features.

    Of the topics that the features belong to, each program leaves out most, but never all.

    >>> generate(3, 5).text == generate(3, 5).text
    True
    """
    if features == COMPOSED:
        from tests.fuzz.composed import composed  # which gives programs

        return composed(seed, size)
    tree, args, again, used = _drafted(seed, size, features)
    return Program(ast.unparse(tree) + "\n", "main", args, again, seed, used)


def features_of(seed: int, size: int = 12, features: Iterable[str] = BASE) -> frozenset[str]:
    """The features that the program of a seed shows: writing its text anew takes half the time.

    >>> features_of(3, 5) == generate(3, 5).features
    True
    """
    return _drafted(seed, size, features)[-1]


def _drafted(seed: int, size: int, features: Iterable[str]) -> tuple[
        ast.Module, tuple[Any, ...], tuple[Any, ...], frozenset[str]]:
    """A program, its arguments twice, and the features that were used."""
    rng = Random(f"{seed} {size}")
    kept = sorted(features)
    allowed = {f for f in kept if f in ALWAYS or rng.random() < SELDOM.get(f, 0.8)}
    chosen = topics_of(rng, allowed)
    if rng.random() < (0.1 if chosen & {"arrays_written", "views"} else 0.35):
        allowed.discard("arrays")
    d = Draft(rng, frozenset(allowed), set(), [], {}, [size])
    lines = ["import math", "import numpy as np", "log = []", *callables.constants(d)]
    lines[2:2] = PREAMBLE if chosen else []
    lines += exceptions.PREAMBLE if chosen & {"exceptions", "managers"} else []
    lines += managers.PREAMBLE if "managers" in chosen else []
    lines += collected.PREAMBLE if "collections" in chosen else []
    lines += derived.PREAMBLE if "derived" in chosen else []
    lines += handed_back.PREAMBLE if "handed back" in chosen else []
    lines += histories.PREAMBLE if "histories" in chosen else []
    lines += held.PREAMBLE if "held outside" in chosen else []
    lines += mixed.PREAMBLE if "classes together" in chosen else []
    lines += linked.PREAMBLE if "linked" in chosen else []
    lines += factories.PREAMBLE if "factories" in chosen else []
    lines += replies.PREAMBLE if "asked" in chosen else []
    lines += solvers.PREAMBLE if "solvers" in chosen else []
    lines += nones.PREAMBLE if "none at first" in chosen else []
    for topic in sorted(chosen):
        if rng.random() < 0.85:
            lines += choose(d, topics.tables(topic)[topics.HELPERS]) or []
    for _ in range(rng.randint(0, 4)):
        lines += helpers.make(d)
    kinds = parameters(d)
    names = parameter_names(d, kinds)
    lines += held.keepers(d, dict(zip(names, kinds, strict=True))) if "held outside" in chosen \
        else []
    d.budget[0] = size
    lines += main(d, dict(zip(names, kinds, strict=True)))
    single = chance(d, "single precision", 1.0) and not any(k[0] == "complex" for k in kinds)
    args, again = (tuple(given.argument(d, kind, single) for kind in kinds) for _ in range(2))
    return ast.parse("\n".join(lines)), args, again, frozenset(d.used)


def topics_of(rng: Random, allowed: set[str]) -> set[str]:
    """Draw topics, and take what belongs to the others away."""
    possible = [topic for topic in topics.TOPICS if not allowed.isdisjoint(topics.features(topic))]
    if not possible:
        return set()
    chosen = {topic for topic in possible if rng.random() < 0.4} | {rng.choice(possible)}
    for topic in possible:
        if topic not in chosen:
            allowed -= topics.features(topic)
    if chosen & {"closures", "exceptions", "managers"}:
        # A function may have captured the name, an exception may keep it from being bound.
        allowed.discard("name changes kind")
    return chosen


def parameters(d: Draft) -> list[Kind]:
    """The kinds of main's parameters, at least one of them a float."""
    kinds: list[Kind] = [REAL] * d.rng.randint(1, 3)
    if "arrays" in d.allowed:
        d.used.add("arrays")
        kinds += [array(d.rng.choice(SHAPES)) for _ in range(d.rng.randint(1, 2))]
        if any(1 in shape for _, shape in kinds):
            d.used.add("size-1 dimension")
    if "0-d array" in d.allowed:
        kinds.append(POINT)
    if "complex" in d.allowed:
        kinds.append(d.rng.choice([COMPLEX, COMPLEX, ("complex", (3,))]))
    kinds += [INT] * (d.rng.random() < 0.5) + [WORD] * (d.rng.random() < 0.25)
    kinds += arguments.parameters(d)
    d.rng.shuffle(kinds)
    return kinds


def parameter_names(d: Draft, kinds: list[Kind]) -> list[str]:
    pool = ["x", "y", "z", "u", "w", "x_bar", "saved", "result", "rt", "s", "t", "y_1"]
    floats = iter(d.rng.sample(pool, len(pool)) if d.rng.random() < 0.5 else pool)
    arrays = iter(["a", "b", "c"])
    others = {"int": "n", "word": "mode", "point": "p", "complex": "q", "list": "values",
              "dict": "named", "record": "params", "tuple": "couple", "object": "thing"}
    return [others.get(kind[0]) or next(arrays if kind[1] else floats) for kind in kinds]


def main(d: Draft, params: dict[str, Kind]) -> list[str]:
    """The function under test, whose end gathers several names so that most statements matter."""
    closure = chance(d, "main is a closure", 0.15)
    scope = Scope(dict(params), locked=frozenset(["k_main"] if closure else []))
    if closure:
        scope.names["k_main"] = REAL
    body, falls = statements.block(d, scope, d.budget[0])
    if falls:
        body.append(f"return {gathered(d, scope)}")
    lines = [f"def main({', '.join(params)}):", *indent(body)]
    if not closure:
        return lines
    rate = scalars.number(d).text
    return ["def make_main(k_main):", *indent([*lines, "return main"]), f"main = make_main({rate})"]


def gathered(d: Draft, scope: Scope) -> str:
    if d.rng.random() < 0.2:
        return statements.returned(d, scope)
    reals = variables(scope, REAL)
    terms = [
        f"{d.rng.choice(['0.7 * ', '', 'math.sin'])}({n})"
        for n in d.rng.sample(reals, min(4, len(reals)))
    ]
    arrays = [n for n, (field, shape) in scope.names.items() if field == "real" and shape]
    sums = [f"np.sum({n} * {n})" for n in d.rng.sample(arrays, min(2, len(arrays)))]
    sums += [f"np.real({n} * 1.5j)" for n in variables(scope, COMPLEX)[:2]]
    held = [p for p in places.places(d, scope) if not p.name]
    for place in d.rng.sample(held, min(5, len(held))):
        if place.kind == REAL:
            terms.append(f"0.6 * {place.text}")
        elif places.is_array(place):
            sums.append(f"np.sum({place.text} * {place.text})")
    if held and d.rng.random() < 0.15:
        lists = variables(scope, places.list_of(REAL), places.dict_of(REAL))
        if lists and "tuple result" in d.allowed:
            d.used.add("tuple result")
            return f"({d.rng.choice(lists)}, {' + '.join([*terms, *sums[:1]])})"
    if arrays and d.rng.random() < 0.25:
        d.used.add("tuple result")
        return f"({d.rng.choice(arrays)}, {' + '.join([*terms, *sums[:1]])})"
    return " + ".join([*terms, *sums])


def load(program: Program) -> dict[str, Any]:
    """Run the text as a module whose source `inspect` can find; `unload` forgets it."""
    file = f"<fuzz {program.seed} {next(_serial)}>"
    lines = program.text.splitlines(keepends=True)
    linecache.cache[file] = (len(program.text), None, lines, file)
    namespace: dict[str, Any] = {"__name__": "fuzzed", "__file__": file}
    exec(compile(program.text, file, "exec", dont_inherit=True), namespace)
    return namespace


def unload(namespace: dict[str, Any]) -> None:
    """Drop the source that `load` registered."""
    linecache.cache.pop(namespace["__file__"], None)


def main_of(namespace: dict[str, Any], program: Program) -> Callable[..., Any]:
    """The function under test."""
    return namespace[program.name]


@dataclasses.dataclass(frozen=True)
class Program:
    """A random program.

    Attributes
    ----------
    text : the module's source; it has a global list `log`, for effects
    name : the function to differentiate
    args : its arguments
    again : other arguments for the same function, of other types at times
    seed : what it was made from
    features : what occurs in it
    """

    text: str
    name: str
    args: tuple[Any, ...]
    again: tuple[Any, ...]
    seed: int
    features: frozenset[str]
