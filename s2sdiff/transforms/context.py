"""What one compilation knows beside the IR: request, guards, kinds, ways to callees."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from s2sdiff import ir
from s2sdiff.ir.making import quick
from s2sdiff.kinds import Kind, kind_of
from s2sdiff.kinds_of_arguments import kind_of_outside
from s2sdiff.transforms.fresh_names import Names
from s2sdiff.transforms.meant import MISSING

__all__ = ["Context", "Guard", "Item", "Request", "Step", "following", "ways_of"]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a function: the key, with its code object, of everything compiled.

    Attributes
    ----------
    mode : "vjp" or "grad"
    wrt : names of the parameters that the derivative is taken for
    volatile : names of parameters (and "return") that somebody may write after the call returns
        while its pullback lives; what backward code reads of them is copied
    value : grad returns `(value, gradients)`
    aux : the result is `(loss, anything)`
    kinds : specialise on the kinds of the arguments (off only in tests of that law)
    places : cotangents of what can be written are kept by place, in a table that the caller's
        pullback hands on, and only those of numbers travel as arguments and results; in forward
        mode, tangents of what objects and cells hold, in a table that the caller hands on
    outer : asked for by an operator, not by generated code: each argument is one of its own
    told : the value is a pair of the function's and None, or of None and the exception that left it
    lists : parameters that are lists of items of one type, as the caller knows, with that type
    many : tangents or cotangents may be given many at once, as a `runtime.batches.Batch`
    carried : arguments may carry tangents, as `runtime.carried.Carried`
    again : the code is differentiated again: rules that are called are functions of the arguments
    only : in forward mode, the tangent is given without the value
    """

    mode: str
    wrt: tuple[str, ...]
    volatile: frozenset[str] = frozenset()
    value: bool = False
    aux: bool = False
    kinds: bool = True
    places: bool = False
    outer: bool = False
    told: bool = False
    lists: tuple[tuple[str, type], ...] = ()
    many: bool = False
    carried: bool = False
    again: bool = False
    only: bool = False


class Item(NamedTuple):
    """A step of a guard's path that reads an item of a dict or a list."""

    key: Any

    def __str__(self) -> str:
        return f"[{self.key!r}]"


#: An attribute is a step by its name.
Step = str | Item


def following(value: Any, steps: tuple[Step, ...]) -> Any:
    """What a path leads to from here; MISSING where it ends before."""
    for step in steps:
        if isinstance(step, str):
            value = getattr(value, step, MISSING)
            continue
        try:
            value = value[step.key]
        except (LookupError, TypeError):
            return MISSING
    return value


@quick
@dataclass(frozen=True, slots=True)
class Guard:
    """A path into a function's namespace and what compiled code takes for granted about it.

    `owner` None is the function at hand; otherwise an inlined helper, or a class.  `kind` None: the
    path leads to `object` itself; otherwise to any value of that kind.
    """

    owner: Any
    name: str
    attributes: tuple[Step, ...]
    object: Any
    kind: Kind | None = None
    #: Of what settings lead to (`settings`): what its dimensions are named by; "": by `name`.
    named: str = ""

    def holds_of(self, value: Any) -> bool:
        """Whether what the path leads to now is still as it was."""
        if self.kind is not None:
            now = kind_of_outside(value, self.named) if self.named else kind_of(value, self.name)
            return now == self.kind or self.kind.is_table(value)
        return value is self.object or (self.made_anew and value == self.object)

    @property
    def made_anew(self) -> bool:
        """Methods of classes, as `dict.fromkeys`, are other objects each time they are read."""
        return isinstance(self.object, types.BuiltinMethodType) and \
            isinstance(self.object.__self__, type)


def ways_of(made: Any) -> list[Guard]:
    """That managers of a class are entered and left by the functions that it has now."""
    return [] if made is None else [
        Guard(made, name, (), getattr(made, name)) for name in ("__enter__", "__exit__")]


@dataclass
class Context:
    """State of one compilation, handed to every pass; passes keep no state of their own.

    Attributes
    ----------
    callee_kind : result kind of a user's function for argument kinds, asked of the compiler
    callee_writes : the parameters that one writes for those, or None, asked of the compiler
    callee_sets : the attributes that one writes, as in `fields_set`, or None, asked likewise
    assumes : something was assumed of kinds where objects became variables (`assumptions`)
    nonnegative : variables with real numbers that are surely not negative
    shifts : extremes that the result does not depend on
    asked : by the names that variables which may be None have where they are numbers, these, and
        whether a test says so
    counted_on : variables that may be None, with the places of arithmetic that raises then
    may_vary : variables that may depend on `wrt`, where some argument is an object
    single : variables that are read once, so that nobody else can change what they hold
    own_slots : variables that hold dicts and lists of cotangents (`own_slots`)
    lists_change : a list that is made here may be written, so that its items are not known
    lists_written : single items are put into lists or dicts, or attributes of objects are written
    lists_alike, dicts_alike : but lists, and dicts, whose items have one kind keep it
    lists_mixed : variables in which lists are made that get real numbers of several types
    lists_real : lists made of floats, then of ints as well, may get the other or NumPy's
    fields_set : attributes that are written, False: with what they have, True: with real numbers of
        any type, None: with something else
    drawn_here : variables that hold what generator functions give
    made_empty : the kinds of lists that are empty at first, by what is written into them
    memory : who may share memory with whom (`alias.Memory`); None where nothing is written
    tiers : where cotangents of variables that hold written memory are kept (`tiers`)
    bars : the name of the table of shadows, once somebody asked for it
    common : variables that may stand for a module or the dict of its names (`common_names`)
    grown : the kind of all items of lists that are made by appending
    grown_bars : that of all their cotangents, where they have one
    calls_out : functions are called that may keep cotangents by place
    rebound : global names that calls bind anew
    written_outside : variables that stand for names from outside where a statement writes into them
    brought : variables that may vary, and not only as what lies outside may do so
    replaced : names of attributes that calls write, of whatever has them
    meanings : what the code looks at behind a write that may replace what is taken for known
    complete : nothing was left unknown because it was just being found out
    pasted : a helper was written in, as something that it is given may vary
    floors : below which numbers integer variables surely do not lie
    blank : variables that hold displays of literals, which one statement reads
    drawn : variables of which one call draws all that they give
    generators : variables that are generators, or may be
    drawing : generators, iterators over them, and what is drawn, which are followed in any case
    dropped : iterators that nobody has when the loop over them is left
    running : iterators that call a function of the user's when they are drawn from
    link : makes the callable that stands for `g_vjp` in generated code
    sums : a cotangent is added to in place, or an extreme cancels, which `again` writes otherwise
    misfits : something was left out of which shapes that do not go together make an error
    singular : arrays that may hold inf or nan beside numbers that count (`singular`)
    inferred : the body that `kinds` speaks of
    free_kinds, free_types : the kinds of names from outside, and the classes of others of which an
        attribute is read
    settings, settled, unsettled : the kinds of what is read of these by paths (`settings`), the
        guards of these, and which of them the function may write
    unfinished : loops, by label, whose rounds may be left by an exception that the function ends:
        the counter that says so, what it is between rounds, and at a round's end
    """

    request: Request
    arguments: dict[str, Kind]
    names: Names
    callee_kind: Callable[[Any, tuple[Kind, ...], Any], Kind]
    callee_writes: Callable[[Any, list[Kind], Any], frozenset | None]
    callee_sets: Callable[[Any, list[Kind], Any], dict[str, bool | None] | None]
    link: Callable[..., Any]
    lowered: Callable[[Any], ir.Function]
    guards: dict[tuple, Guard] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    rules: dict[int, tuple[Any, Any]] = field(default_factory=dict)
    varies: set[str] = field(default_factory=set)
    active: set[str] = field(default_factory=set)
    shifts: set[str] = field(default_factory=set)
    asked: dict[str, tuple[str, bool]] = field(default_factory=dict)
    counted_on: set[tuple[str, ir.Loc]] = field(default_factory=set)
    may_vary: set[str] = field(default_factory=set)
    single: set[str] = field(default_factory=set)
    drawn: set[str] = field(default_factory=set)
    generators: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
    running: set[str] = field(default_factory=set)
    drawing: set[str] = field(default_factory=set)
    common: dict[str, bool] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    holding_texts: set[str] = field(default_factory=set)
    own_displays: set[str] = field(default_factory=set)
    free_kinds: dict[str, Kind] = field(default_factory=dict)
    free_types: dict[str, type] = field(default_factory=dict)
    settings: dict[tuple[Any, tuple[Step, ...]], Kind] = field(default_factory=dict)
    settled: dict[Any, Guard] = field(default_factory=dict)
    unsettled: set[Any] = field(default_factory=set)
    inferred: ir.Block | None = None
    misfits: bool = False
    sums: bool = False
    singular: set[str] = field(default_factory=set)
    writes: bool = False
    rebound: frozenset[str] = frozenset()
    written_outside: dict[str, Any] = field(default_factory=dict)
    brought: set[str] = field(default_factory=set)
    replaced: frozenset[str] = frozenset()
    meanings: Any = None
    unfinished: dict[Any, tuple[str, int, int]] = field(default_factory=dict)
    own_slots: frozenset[str] = frozenset()
    lists_change: bool = False
    lists_written: bool = False
    lists_alike: bool = False
    dicts_alike: bool = False
    drawn_here: set[str] = field(default_factory=set)
    assumes: bool = False
    nonnegative: set[str] = field(default_factory=set)
    lists_mixed: set[str] = field(default_factory=set)
    lists_real: tuple[type, ...] = ()
    fields_set: dict[str, bool | None] = field(default_factory=dict)
    made_empty: dict[str, Kind] = field(default_factory=dict)
    memory: Any = None
    floors: dict[str, float] = field(default_factory=dict)
    blank: set[str] = field(default_factory=set)
    tiers: dict[str, str] = field(default_factory=dict)
    bars: str | None = None
    calls_out: bool = False
    complete: bool = True
    pasted: bool = False
    grown: dict[str, Kind] = field(default_factory=dict)
    grown_bars: dict[str, Kind] = field(default_factory=dict)

    def may_change(self, name: str) -> bool:
        """May the memory of a variable be written before the pullback has run?"""
        kind = self.kinds.get(name)
        if kind is not None and kind.is_fixed:
            return False
        return self.writes or bool(self.request.volatile)

    def shared(self, name: str) -> bool:
        """Whether a variable's cotangent is kept by place."""
        return self.tiers.get(name) == "shared"

    def local(self, name: str) -> bool:
        """Whether a variable's cotangent is a shadow of its own, in a variable."""
        return self.tiers.get(name) == "local"

    def table(self) -> ir.Var:
        """The variable that holds the shadows in backward code, or tangents by place."""
        if self.bars is None:
            self.bars = self.names("dots" if self.request.mode == "jvp" else "bars")
        return ir.Var(self.bars)

    def volatile_slots(self, call: ir.Bind, slots: list[tuple[Any, str]]) -> bool:
        """Must a callee keep copies: may its arguments or value be written before its pullback?"""
        return self.writes or bool(self.request.volatile)

    def guard(self, guard: Guard) -> None:
        key = (id(guard.owner), guard.name, guard.attributes)
        if guard.kind is None:
            # That it is this very object says more than of which kind it is.
            self.guards[key] = guard
        else:
            self.guards.setdefault(key, guard)
