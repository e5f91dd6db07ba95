"""Compiled code found again: by code object and request, chosen by a call's kinds and guards.

What is compiled is shared by all functions with one code object, up to a bounded number of them.
What is bound to a function at hand lies in that function's `__dict__` and dies with it; it refers
to the function weakly, so that a lambda goes, and what it captured, as soon as its last user does.
"""

from __future__ import annotations

import sys
import types
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from s2sdiff import compiler, guards, registry
from s2sdiff.arguments import arguments_of, bound_arguments, is_python
from s2sdiff.collecting import uncollected
from s2sdiff.compiler import Compiled
from s2sdiff.fitting import fitting
from s2sdiff.ir import replace
from s2sdiff.registry import PLAIN, overlay
from s2sdiff.runtime import suspects
from s2sdiff.runtime.carried_runs import carrying
from s2sdiff.runtime.kept_in_run import in_a_run
from s2sdiff.runtime.marking import marked
from s2sdiff.runtime.nested import is_derivative
from s2sdiff.runtime.special_fields import with_defaults
from s2sdiff.transforms import audits, staying
from s2sdiff.transforms.context import Request

__all__ = ["Record", "State", "is_ruled", "matching", "record_of", "state_of"]

#: Code objects that are remembered though no function with them is alive, as a loop's lambda.
CODES = 1024
#: Compilations of one code object, and those bound to one function: the newest are kept.
VARIANTS = 64
#: After so many, recursion gets code that serves more arguments: less is looked at what is nested.
MANY = 16
#: So many compilations may be for one word each that an argument is: then code serves any.
WORDS = 8

_Entry = tuple[Callable[..., bool], Callable[..., Any]]
_compiled: OrderedDict[Any, dict[Any, list[_Shared]]] = OrderedDict()


class _Shared:
    """One compilation without the function that it was made for: its code and its check.

    Outside of `derivatives({...})` it was current at `epoch`.
    """

    __slots__ = ("check", "code", "compiled", "epoch")

    def __init__(self, made: Compiled, fn: Any, request: Request) -> None:
        self.epoch = -1
        known = {id(f): f for f in (*[g.object for g in made.guards], *[f for f, _ in made.rules])}
        helpers = [f for f in known.values() if is_python(f) and registry.find(f) is None]
        known = {n: staying.of_any_items(k, t) for (n, t) in request.lists
                 for k in [made.arguments.get(n)] if k is not None}
        # Where values carry tangents they are met by code that is differentiated again, too.
        self.check = guards.check_code(fn, {**made.arguments, **known}, made.guards, helpers,
                                       request.carried or carrying() is not None)
        self.code = _without_origin(made.function, fn)
        self.compiled = replace(made, function=self.code)

    def bound(self, fn: Any) -> _Entry:
        return guards.bound_check(self.check, fn), _bound(self.compiled, fn)


def _without_origin(function: Any, fn: Any) -> Any:
    """The generated function with empty cells for what `fn` captured: none of it is kept."""
    own = fn.__code__.co_freevars
    pairs = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    closure = tuple([types.CellType() if n in own else cell for n, cell in pairs])
    found = types.FunctionType(function.__code__, {}, function.__name__, function.__defaults__,
                               closure or None)
    found.__kwdefaults__ = function.__kwdefaults__
    return found


def _bound(compiled: Compiled, fn: Any) -> Callable[..., Any]:
    found = compiled.bound(fn)
    if fn.__kwdefaults__ and fn.__kwdefaults__.keys() == (found.__kwdefaults__ or {}).keys():
        # The very mapping, which may be changed in place.
        found.__kwdefaults__ = fn.__kwdefaults__
    if compiled.sums:
        found.__s2sdiff_sums__ = True  # type: ignore[attr-defined]
    if compiled.dots:
        found.__s2sdiff_dots__ = compiled.dots  # type: ignore[attr-defined]
        found.__s2sdiff_reads__ = compiled.reads  # type: ignore[attr-defined]
    made = fitting(found, fn, compiled.compared) if compiled.compared else found
    return in_a_run(made, found) if compiled.notes else made


def _current(shared: _Shared, token: Any) -> bool:
    found, epoch = shared.compiled, registry.epoch
    if found.suspected != suspects.state.names:
        return False
    if token is None and shared.epoch == epoch:
        return True
    holds = all(registry.find(target) is rule for target, rule in found.rules) and all(
        registry.find(target, "jvp") is rule for target, rule in found.differentials)
    if holds and token is None:
        shared.epoch = epoch
    return holds


# ------------------------------------------------------------------------- bound to functions


class Record:
    """What belongs to one function object; the copy that `functools.wraps` makes is no one's."""

    __slots__ = ("code", "direct", "epoch", "links", "looked_at", "owner", "public", "requests",
                 "ruled", "states")

    def __init__(self, fn: Any = None) -> None:
        self.owner = weakref.ref(fn) if fn is not None else lambda: None
        self.code = fn.__code__ if fn is not None else None
        self.states: dict[Request, State] = {}
        self.links: dict[Any, Any] = {}
        self.public: dict[Any, Any] = {}
        self.requests: dict[Any, Any] = {}
        self.epoch, self.ruled = -1, False
        #: What `runtime.quick_functions` has found out, and under which epoch.
        self.looked_at, self.direct = -1, False

    def __reduce__(self) -> Any:
        # Pickling a function by value copies its __dict__.
        return Record, ()


def record_of(fn: Any) -> Record:
    found = fn.__dict__.get("__s2sdiff__")
    if found is None or found.owner() is not fn or found.code is not fn.__code__:
        found = fn.__dict__["__s2sdiff__"] = Record(fn)
    return found


class State:
    """A function's derivative under one request: checks and bound code, newest first.

    Attributes
    ----------
    entries : what was compiled outside of `derivatives({...})`; replaced, never changed
    epoch : the registry's when they were found current; -1 has them looked at again
    """

    __slots__ = ("code", "defaults", "entries", "epoch", "keywords", "owner", "request", "scoped")

    def __init__(self, fn: Any, request: Request) -> None:
        self.owner, self.request = weakref.ref(fn), request
        self.forget(fn)

    def forget(self, fn: Any) -> None:
        # First of all: other threads trust the rest while the epochs agree.
        self.epoch = -1
        self.entries: tuple[_Entry, ...] = ()
        self.scoped: dict[Any, tuple[_Entry, ...]] = {}
        self.code, self.defaults, self.keywords = fn.__code__, fn.__defaults__, fn.__kwdefaults__

    def holds(self, fn: Any) -> bool:
        return fn.__code__ is self.code and fn.__defaults__ is self.defaults and \
            fn.__kwdefaults__ is self.keywords

    def warm(self, fn: Any, args: tuple, kwargs: dict[str, Any]) -> Callable[..., Any] | None:
        """The code for these arguments, if there is some and nothing has changed since."""
        if self.epoch == registry.epoch and overlay.get() is PLAIN and fn is not None and \
                self.holds(fn):
            return matching(self.entries, args, kwargs)
        return None

    def found(self, args: tuple, kwargs: dict[str, Any],
              looked_at: Callable[[dict[str, Any]], None] | None = None) -> Callable[..., Any]:
        """The generated function for these arguments, made where there is none."""
        fn = self.owner()
        if fn is None:
            raise ReferenceError("the function that this derivative belongs to is gone. Instead, "
                                 "keep it for as long as its derivative is called.")
        token = overlay.get()[0]
        # What a compilation leaves behind is gone before the collector looks at anything again.
        with compiler.lock, uncollected():
            epoch = registry.epoch
            if not self.holds(fn) or epoch != self.epoch:
                self.forget(fn)
            entries = self.entries if token is None else self.scoped.get(token, ())
            function = matching(entries, args, kwargs)
            if function is None:
                if looked_at is not None:
                    looked_at(bound_arguments(fn, args, kwargs))
                entry = _made(fn, self.request, token, args, kwargs)
                function = entry[1]
                entries = (entry, *entries[:VARIANTS - 1])
                if token is None:
                    self.entries = entries
                else:
                    self.scoped = {**dict(list(self.scoped.items())[-7:]), token: entries}
            self.epoch = epoch
        return function


def matching(entries: tuple[_Entry, ...], args: tuple,
             kwargs: dict[str, Any]) -> Callable[..., Any] | None:
    """The code whose check holds; where a global, or what it held, is gone, it does not.

    What is read may meanwhile be a property, which raises whatever it likes.
    """
    for check, function in entries:
        try:
            if check(*args, **kwargs):
                return function
        except Exception:
            continue
    return None


def _shared(fn: Any, request: Request, token: Any, args: tuple, kwargs: dict[str, Any]) -> _Entry:
    # Code objects of two files may be equal; their locations are not.
    place = fn.__code__, fn.__code__.co_filename, marked(fn), with_defaults(fn)
    family = _compiled.setdefault(place, {})
    _compiled.move_to_end(place)
    while len(_compiled) > CODES:
        _compiled.popitem(last=False)
    variants = family.setdefault((request, token), [])
    variants[:] = [v for v in variants if _current(v, token)]
    for shared in variants:
        check = guards.bound_check(shared.check, fn)
        if matching(((check, fn),), args, kwargs) is not None:
            return check, _bound(shared.compiled, fn)
    less = min(2, len(variants) // MANY) if _calls_itself(variants) else 0
    arguments = arguments_of(fn, args, kwargs, less, len(variants) < WORDS)
    shared = _Shared(compiler.compile_for(fn, request, arguments), fn, request)
    variants.insert(0, shared)
    del variants[VARIANTS:]
    return shared.bound(fn)


def _calls_itself(variants: list[_Shared]) -> bool:
    """Whether code of a function that has many runs at this moment: it walks through a structure.

    A function that is called with many structures, each from outside, has code for each.
    """
    if len(variants) < MANY:
        return False
    codes = {v.code.__code__ for v in variants}
    frame: Any = sys._getframe(1)
    while frame is not None:
        if frame.f_code in codes:
            return True
        frame = frame.f_back
    return False


def _made(fn: Any, request: Request, token: Any, args: tuple, kwargs: dict[str, Any]) -> _Entry:
    """Code that was made with all known that its own making shows."""
    suspects.look_through((args, kwargs))
    while True:
        suspects.expect(audits.inside(fn.__code__))
        names = suspects.state.names
        entry = _shared(fn, request, token, args, kwargs)
        if suspects.state.names == names:
            break
    if request.outer or request.mode != "vjp":
        suspects.settled()
    return entry


def state_of(fn: Any, request: Request) -> State:
    states = record_of(fn).states
    found = states.get(request)
    return found if found is not None else states.setdefault(request, State(fn, request))


def is_ruled(fn: Any) -> bool:
    """Whether a rule is in force for a Python function itself, or it is a derivative.

    That is remembered until a registration.
    """
    if overlay.get() is not PLAIN:
        return registry.find(fn) is not None or is_derivative(fn)
    record = record_of(fn)
    if record.epoch != registry.epoch:
        epoch = registry.epoch
        record.ruled = registry.find(fn) is not None or is_derivative(fn)
        record.epoch = epoch
    return record.ruled
