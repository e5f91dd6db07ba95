"""What something outside of main holds of its arguments: globals, objects, classes, closures.

The text defines `hold(args)`, which puts arguments there; whoever makes arguments calls it.  What
is held stays where it is when an argument moves.
"""

from __future__ import annotations

from tests.fuzz import forms, places
from tests.fuzz.draft import LIMIT, POINT, REAL, Draft, Expr, Kind, Row, Scope, array, indent
from tests.fuzz.places import Place

__all__ = ["PREAMBLE", "SCALARS", "VECTORS", "keepers"]

PREAMBLE = """\
class Keeper:
    kept = None
    __slots__ = ('slot', 'part')
    def first(self):
        return self.slot
    @property
    def second(self):
        return self.part.kept
    @classmethod
    def third(cls):
        return cls.kept
class Part:
    def __init__(self):
        self.kept = None
    def give(self, k=None):
        return self.kept
keeper = Keeper()
keeper.part = Part()
BAG, SHELF, ONLY = {}, [None] * 12, None
def closed():
    cell = [None]
    def look():
        return cell[0]
    return cell, look
CELL, look = closed()
def loaned(at):
    return SHELF[at]
lent = partial(loaned, 0)
""".splitlines()
#: How an argument is put somewhere, and how it is read there; `{x}` is the argument.
WAYS = [
    ("SHELF[{at}] = {x}", "SHELF[{at}]"), ("SHELF[{at}] = {x}", "loaned({at})"),
    ("BAG['k{at}'] = {x}", "BAG['k{at}']"), ("BAG['k{at}'] = [{x}]", "BAG['k{at}'][0]"),
    ("keeper.slot = {x}", "keeper.slot"), ("keeper.slot = {x}", "keeper.first()"),
    ("keeper.part.kept = {x}", "keeper.part.kept"), ("keeper.part.kept = {x}", "keeper.second"),
    ("keeper.part.kept = {x}", "keeper.part.give()"), ("Keeper.kept = {x}", "Keeper.kept"),
    ("Keeper.kept = {x}", "keeper.third()"), ("CELL[0] = {x}", "look()"),
    ("SHELF[0] = {x}", "lent()"), ("global ONLY\nONLY = {x}", "ONLY"),
    ("loaned.kept = {x}", "loaned.kept"), ("closed.__dict__['kept'] = [{x}]", "closed.kept[0]"),
]
FIELDS = ("real", "point", *places.HOLDERS)


def keepers(d: Draft, params: dict[str, Kind]) -> list[str]:
    """The text of `hold`, and of functions that read what it put away; notes where that is."""
    if not {row.feature for row in (*SCALARS, *VECTORS)} & d.allowed:
        return []
    put: list[str] = []
    taken: set[str] = set()
    for at, kind in enumerate(params.values()):
        if kind[0] not in FIELDS or d.rng.random() < 0.3:
            continue
        way, read = d.rng.choice(WAYS)
        place = way.partition(" = ")[0].format(at=at, x="")
        if place in taken:
            continue
        taken.add(place)
        x = f"args[{at}]"
        if kind[0] == "real" and kind[1] and d.rng.random() < 0.3:
            x = d.rng.choice(["{0}[...]", "np.flip({0}, 0)", "np.atleast_1d({0})"]).format(x)
        put += way.format(at=at, x=x).splitlines()
        d.held[read.format(at=at)] = kind
    globals_ = [line for line in put if line.startswith("global ")]
    rest = [p for p in put if p not in globals_]
    lines = ["def hold(args):", *indent([*globals_, *rest, "pass"])]
    if d.held and d.rng.random() < 0.5:
        scope = forms.scope_of(["k"], [REAL])
        found = held(d, scope, REAL) or []
        name = forms.named(d, "reading")
        text = " + ".join(f"0.3 * {p.text}" for p in found[:2]) or "0.2"
        lines += [f"def {name}(k):", f"    return math.sin({text}) * k"]
        forms.register(d, "held numbers", name, [REAL])
    return lines


def held(d: Draft, scope: Scope, *kinds: Kind) -> list[Place]:
    """The places of these kinds that something holds."""
    found: list[Place] = []
    if not scope.numpy:
        return found
    for text, kind in d.held.items():
        places.inside(d, Place(text, kind, False), places.REACH, found)
    chosen = [p for p in found if p.kind in kinds]
    d.rng.shuffle(chosen)
    return chosen


def number(d: Draft, scope: Scope, depth: int) -> Expr | None:
    """A number that is held, or one of a held array."""
    found = held(d, scope, REAL, POINT)
    arrays = [p for p in held(d, scope, *{array(s) for s in _shapes(d, scope)})]
    if arrays and (not found or d.rng.random() < 0.7):
        text = arrays[0].text
        way = d.rng.choice(["np.sum({0})", "np.mean({0} * {0})", "np.max({0})", "np.sin({0}).sum()",
                            "sum({0}.ravel())"])
        return Expr(f"(0.4 * {way.format(text)})", LIMIT)
    return Expr(f"(0.7 * {found[0].text})", LIMIT) if found else None


def _shapes(d: Draft, scope: Scope) -> set[tuple[int, ...]]:
    found: list[Place] = []
    for text, kind in d.held.items():
        places.inside(d, Place(text, kind, False), places.REACH, found)
    return {p.kind[1] for p in found if places.is_array(p)}


def vector(d: Draft, scope: Scope, shape: tuple[int, ...], depth: int) -> Expr | None:
    """An array that is held, mostly in an expression."""
    found = held(d, scope, array(shape))
    if not found:
        return None
    text = found[0].text
    return Expr(text if d.rng.random() < 0.15 else f"({d.rng.choice(['1.0', '0.6'])} * {text})",
                LIMIT)


SCALARS = [Row("held numbers", 2.5, number)]
VECTORS = [Row("held arrays", 3, vector)]
