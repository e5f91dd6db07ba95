"""From a function and a request to loaded code: the pipeline is run here, once per set of kinds."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

from s2sdiff import begun, boundary, ir, registry, results
from s2sdiff.backend.loader import bind, load
from s2sdiff.backend.printer import Printed, print_function
from s2sdiff.collecting import uncollected
from s2sdiff.errors import ZeroDerivativeWarning
from s2sdiff.headings import header, independent
from s2sdiff.ir import Function, Ref, Var, replace
from s2sdiff.kinds import ANY, Kind
from s2sdiff.runtime import suspects
from s2sdiff.runtime.kept_in_run import kept, kept_items
from s2sdiff.runtime.sent_out import sent
from s2sdiff.transforms import (
    EARLY,
    NORMALISE,
    activity,
    assemble,
    bound,
    coalesce,
    dce,
    dead_writes,
    fold,
    forward,
    gathered,
    grown_lists,
    indices,
    known_meanings,
    known_once,
    left_writes,
    losses_checked,
    many,
    notes,
    parted,
    pure,
    put_back,
    reverse,
    routed,
    save,
    shared,
    sizes,
    spent,
    summaries,
    unbound,
    unless_none,
    unpacked_once,
    unread_tangents,
)
from s2sdiff.transforms.beginnings import beginning
from s2sdiff.transforms.context import Context, Guard, Request
from s2sdiff.transforms.early import early, lowered, swept
from s2sdiff.transforms.fresh_names import Names
from s2sdiff.transforms.transfer import AT_RUN_TIME

__all__ = ["Compiled", "compile_for", "link_for", "lock", "stages"]


@dataclass(frozen=True, eq=False)
class Compiled:
    """Generated code for one function, request and set of kinds."""

    function: Any
    printed: Printed
    arguments: dict[str, Kind]
    guards: tuple[Guard, ...]
    rules: tuple[tuple[Any, Any], ...]
    warning: str | None
    #: Under which names methods were known to write unseen when it was made (`runtime.suspects`).
    suspected: frozenset[str] = frozenset()
    #: The parameters whose gradients' shapes are compared with their own.
    compared: tuple[str, ...] = ()
    #: The parameters that tangents come in.
    dots: tuple[str, ...] = ()
    #: The differentials that were in force, in forward mode.
    differentials: tuple[tuple[Any, Any], ...] = ()
    #: It surely leaves its arguments, and all that is in them, as they are.
    reads: bool = False
    #: Where it is differentiated again, it is written otherwise.
    sums: bool = False
    #: It is a run of its own, in which what is called may note what it keeps.
    notes: bool = False

    def bound(self, fn: Any) -> Any:
        """The generated function on another function object with the same code."""
        return bind(self.function, fn)


#: One function is compiled at a time; a thread that waits finds what the other has made.
lock = summaries.LOCK


def compile_for(fn: Any, request: Request, arguments: dict[str, Kind]) -> Compiled:
    """Run the pipeline for a Python function."""
    boundary.refuse_operators(fn)
    suspected = suspects.state.names
    with lock, uncollected(), boundary.generating(fn):
        made = stages(fn, request, arguments, kept=True)
        function, context = made["final"], made["context"]
        printed = print_function(function, header(function, fn, request, arguments))
        code = load(printed, function.name, fn, function.name)
    if context.meanings is not None:
        from s2sdiff.cache import record_of

        known_meanings.fill(context, fn, record_of(fn).links.setdefault("replaced", []))
    warning = made["warning"]
    if warning is not None:
        loc = function.loc
        warnings.warn_explicit(warning, ZeroDerivativeWarning, loc.file, loc.line)
    differentials = tuple([(f, registry.find(f, "jvp")) for f, _ in context.rules.values()]) \
        if request.mode == "jvp" else ()
    compared = request.wrt if context.misfits and request.mode == "grad" and not request.value \
        else ()
    reads = not context.writes or (context.memory is not None and context.bars is None and not any(
        context.memory.written_in(n) for n in ("*", *[p.name for p in made["lower"].params])))
    context.memory = None  # it asks the context: without it, both are gone at once
    return Compiled(code, printed, dict(arguments), tuple(context.guards.values()),
                    tuple(context.rules.values()), warning, suspected, compared,
                    made.get("dots", ()), differentials, reads, context.sums,
                    request.mode == "grad" and _runs_others(function))


def _runs_others(function: Function) -> bool:
    """Whether code may run other functions, or note what it keeps itself."""
    called = [s.fn.object for s in ir.statements(function)
              if isinstance(s, ir.Bind) and isinstance(s.fn, Ref)]
    return any(fn is kept or fn is kept_items or fn is sent or getattr(
        fn, "__module__", None) in AT_RUN_TIME or hasattr(fn, "__s2sdiff_owner__") for fn in called)


def stages(fn: Any, request: Request, arguments: dict[str, Kind],
           until: str = "final", kept: bool = False) -> dict[str, Any]:
    """Every stage of the pipeline by name, with the context; stops after `until`.

    With `kept` those are left out that were run for an earlier request (`begun`).
    """
    made: dict[str, Any] = {"lower": lowered(fn), "warning": None}
    key = begun.key(fn, request, arguments) if kept else None
    known = None if key is None else begun.take(key, fn, request, arguments)
    function, context = known or _begin(fn, request, arguments, made)
    made["context"] = context
    if until in made:
        return made
    with notes.noting(context.guard, fn):
        if known is None:
            for name, _, step in NORMALISE[EARLY:_KNOWN]:
                function = made[name] = step(function, context)
                if name == until != "propagate":
                    return made
            if key is not None:
                begun.keep(key, fn, function, context)
        made["propagate"] = function
        return made if until == "propagate" else _after(function, context, fn, until, made)


def _after(function: Function, context: Context, fn: Any, until: str,
           made: dict[str, Any]) -> dict[str, Any]:
    """The stages after those that are the same for all requests."""
    known_once.check(function)
    request = context.request
    for name, _, step in NORMALISE[_KNOWN:]:
        function = made[name] = step(function, context)
        if name == until:
            return made
    function = unless_none.settled(function, context)
    context.names.taken |= ir.all_defs(function.body)
    context.names.bases.update(function.bases)
    made["warning"] = independent(function, context, fn)
    if request.mode == "jvp":
        return _pushed(function, context, made)
    seed = assemble.seed_of_grad(context) if request.mode == "grad" else None
    code = reverse.run(function, context, seed)
    settled = gathered.settled(code.forward, function)
    code = replace(code, forward=losses_checked.looked_at(settled, function, context))
    code = replace(code, forward=grown_lists.named(code.forward, function, context),
                   backward=grown_lists.named(code.backward, function, context))
    deletable = pure.deletable(context, set().union(*bound.doubtful(function.body).values()))
    gradients = {a.name for a in code.bars.values() if isinstance(a, Var)}
    straight = dead_writes.run(code.backward, gradients, context.kinds)
    straight = put_back.run(parted.run(spent.run(straight, gradients), gradients))
    code = replace(code, backward=dce.run(straight, gradients, deletable))
    code = left_writes.run(sizes.run(code, context), context, deletable)
    code = replace(code, forward=unpacked_once.run(code.forward, context))
    code = shared.run(code, function.names, context)
    code = indices.run(code, function.names, context)
    body, backward = save.insert(code.forward[:-1], code.backward, context)
    if request.mode == "vjp" or request.value:
        backward = save.unclash(backward, _outlives(function, code, request), context)
    if request.many:
        backward = many.run(backward)
    code = replace(code, forward=(*body, code.forward[-1]), backward=backward)
    made["forward"] = replace(function, body=code.forward)
    made["backward"] = replace(function, body=backward)
    build = assemble.vjp if request.mode == "vjp" else assemble.grad
    function = build(function, code, context)
    function = replace(function, body=dce.run(function.body, deletable=deletable),
                       bases={**context.names.bases, **function.bases})
    if request.carried:
        function = replace(function, body=routed.run(function.body, context.memory))
    made["assembled"] = function
    made["final"] = fold.run(unbound.settle(coalesce.run(function)), made["lower"].names)
    return made


def _pushed(function: Function, context: Context, made: dict[str, Any]) -> dict[str, Any]:
    """The last stages of forward mode."""
    deletable = pure.deletable(context, set().union(*bound.doubtful(function.body).values()))
    pushed, made["dots"] = forward.run(function, context)
    body = unpacked_once.run(pushed.body, context)
    body = dce.run(gathered.settled(body, function), deletable=deletable)
    body = dce.run(unread_tangents.left_out(body), deletable=deletable)
    function = replace(pushed, body=body,
                       bases={**context.names.bases, **function.bases})
    if context.request.carried:
        function = replace(function, body=routed.run(function.body, context.memory))
    made["assembled"] = function
    made["final"] = fold.run(unbound.settle(coalesce.run(function)), made["lower"].names)
    return made


#: So many passes must have run for what a function gives to be known.
_KNOWN = 1 + [name for name, _, _ in NORMALISE].index("propagate")


def _begin(fn: Any, request: Request, arguments: dict[str, Kind],
           made: dict[str, Any]) -> tuple[Function, Context]:
    """The function after the early stages, each of which goes into `made`, and a new context."""
    function: Function = made["lower"]
    known = arguments if request.kinds else {n: _blind(k) for n, k in arguments.items()}
    # Passes ask the context for names; those that numbering makes are taken from the beginning.
    plain, names = early(fn)
    taken = {*function.names, *function.free, *names}
    context = Context(request, known, Names(taken), results.kind, results.writes, results.sets,
                      link_for, swept)
    if request.told:
        front, names = early(fn, True)
        context.names.taken |= names
    else:
        front = beginning(function, context, plain)
    made.update(zip([name for name, _, _ in NORMALISE], front, strict=False))
    return front[-1], context


def _outlives(function: Function, code: reverse.Reversed, request: Request) -> set[str]:
    """What has its value before the way back through a loop, and is read after it, too."""
    if request.mode == "vjp":
        return {code.seed}
    result = activity.result_of(function)
    return {result.name} if request.value and isinstance(result, Var) else set()


def _blind(kind: Kind) -> Kind:
    """Kinds switched off: only what is surely not differentiable is told apart."""
    return kind if kind.inert else ANY


def link_for(fn: Ref, slots: tuple[Any, ...], kept: bool = False, places: bool = False,
             lists: tuple[tuple[int, str], ...] = (), forward: bool = False) -> Any:
    """The callable that generated code names `g_vjp`, or `g_jvp`."""
    from s2sdiff import dispatch, pushing

    if forward:
        return pushing.pushed(fn.object, slots, places)
    return dispatch.derived(fn.object, slots, kept, places, lists=lists)
