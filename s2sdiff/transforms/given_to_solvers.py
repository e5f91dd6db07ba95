"""Functions that are made where a solver is called: what they capture is given through `args`.

    solve_ivp(lambda t, y: -k * y, span, y0)        def rate(t, y, k): return -k * y
                                                    solve_ivp(rate, span, y0, args=(k,))

So the solver has a function that it can call by its name, as users' own with `args=` are.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import types
from typing import Any

from s2sdiff import ops, registry
from s2sdiff.frontend.opened_cells import with_parameters
from s2sdiff.ir import Bind, Block, Const, Free, Ref, Star, Var, replace
from s2sdiff.runtime import lifting, standins_solved
from s2sdiff.transforms.context import Guard
from s2sdiff.transforms.given_functions import binds_captured
from s2sdiff.transforms.meant import namespace_value

__all__ = ["called"]

_SOLVERS = {
    "scipy.integrate": ("solve_ivp", "odeint", "quad"),
    "scipy.optimize": ("brentq", "brenth", "bisect", "ridder", "toms748", "newton", "root_scalar",
                       "root", "fsolve", "fixed_point", "minimize", "minimize_scalar",
                       "least_squares"),
}
#: What these are given goes to other functions, too.
_OTHERS = frozenset({"Dfun", "callback", "constraints", "events", "fprime", "fprime2", "hess",
                     "hessp", "jac"})


def called(s: Bind, unboxer: Any) -> Block | None:
    """What stands for a solver's call that is given a function which is made here; or None."""
    found = _solver(s, unboxer.function.origin)
    if found is None:
        return None
    solver, positional, guard = found
    owner = unboxer.object_of(positional[0]) if positional else None
    made = None if owner is None else unboxer.made_function(owner)
    given = {*dict(s.kwargs), *_parameters(solver)[:len(positional)]}
    rest = (*positional[1:], *[a for _, a in s.kwargs])
    if made is None or unboxer.defaults.get(owner) or None in given or "args" in given or \
            Star in map(type, positional) or not given.isdisjoint(_OTHERS) or \
            any(map(unboxer.object_of, rest)) or binds_captured(made[0].__code__):
        return None
    function, captured = made
    if any(unboxer.object_of(value) is not None for value, _ in captured.values()):
        return None
    code = function.__code__
    if not captured or code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS):
        return None
    said = getattr(unboxer.objects[owner], "__s2sdiff_source__", None)
    lifted = lifting.lifted_of(code, function.__globals__,
                               said and said.replace("rt.maker(", "rt.lifted("))
    # Of what is captured its class is known, of an argument it is not.
    if lifted is None or standins_solved.may_write(lifted):  # type: ignore[misc]
        return None
    unboxer.guards.append(guard)
    args, values = unboxer.names("given"), tuple([captured[n][0] for n in code.co_freevars])
    at = len(s.args) - len(positional)
    return (Bind((args,), Ref(ops.tuple_), values, (), s.loc),
            replace(s, args=(*s.args[:at], Ref(lifted), *positional[1:]),
                    kwargs=(*s.kwargs, ("args", Var(args)))))


lifting.with_parameters = with_parameters


@functools.cache
def _solvers() -> frozenset[Any]:
    return frozenset([getattr(importlib.import_module(module), name)
                      for module, names in _SOLVERS.items() for name in names])


@functools.cache
def _parameters(solver: Any) -> tuple[str, ...]:
    return tuple(inspect.signature(solver).parameters)


def _solver(s: Bind, origin: Any) -> tuple[Any, tuple, Guard] | None:
    """The solver that a statement calls, what it is given by position, and that it is this one."""
    if isinstance(s.fn, Free):
        fn, name, path, given = namespace_value(origin, s.fn.name), s.fn.name, (), s.args
    elif s.calls(ops.method) and isinstance(s.args[0], Free) and isinstance(s.args[1], Const):
        name, path, given = s.args[0].name, (s.args[1].value,), s.args[2:]
        owner = namespace_value(origin, name)
        fn = getattr(owner, path[0], None) if isinstance(owner, types.ModuleType) else None
    else:
        return None
    if not str(getattr(fn, "__module__", "")).startswith("scipy.") or fn not in _solvers() or \
            registry.find(fn) is not None:
        return None
    return fn, given, Guard(None, name, path, fn)

