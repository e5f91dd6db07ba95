"""Which function has which derivative: the one table, the decorator that fills it, the epoch.

A rule is a Python function returning `(value, pullback)`, the same for us and for users.  Library
rules live in `s2sdiff.rules` and are loaded when the first object of their module is looked up.
"""

from __future__ import annotations

import functools
import importlib
import sys
import threading
import types
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from s2sdiff.errors import RuleError
from s2sdiff.registration import check, parameters, targets
from s2sdiff.rule_modules import RULE_MODULES

__all__ = ["PLAIN", "Rule", "constant", "derivative", "epoch", "find", "is_own",
           "is_registered", "key_of", "overlay"]


@dataclass(frozen=True, eq=False)
class Rule:
    """One registered derivative.

    Attributes
    ----------
    of : the function that the rule is for
    function : the rule itself; None where `constant`
    wrt : names of the parameters that the pullback returns entries for (None: all of them)
    mode : "vjp" or "jvp"
    pure : the value part has no effects and may be deleted where nobody reads it
    constant : the result has no derivative with respect to anything
    writes : the parameters that the function changes in place
    shaped : what it gives follows from the kinds of the arguments, and so from examples
    """

    of: Any
    function: Callable[..., Any] | None
    wrt: tuple[str, ...] | None = None
    mode: str = "vjp"
    pure: bool = False
    constant: bool = False
    writes: tuple[str, ...] = ()
    shaped: bool = False


#: Where the library's own rules are.
_OWN = "s2sdiff.rules."

_rules: dict[Any, tuple[Any, dict[str, Rule]]] = {}
_loaded: set[str] = set()
_loading = threading.RLock()
#: Counts registrations; compiled code that was made under another count looks its rules up again.
epoch = 0
#: Counts those of users: what was found out with the library's own rules holds until one comes.
users_epoch = 0

#: Makes, of the rule of a function, that of its calls with `out=`; set by `rules.writes_out`.
make_out: Callable[[Any, Rule], Rule | None] | None = None

#: What `overlay.get()` gives outside of every `derivatives({...})`, compared by identity.
PLAIN: tuple[Any, dict[Any, dict[str, Rule]]] = (None, {})
#: The rules that `derivatives({...})` puts in force, with a token that keys compiled code.
overlay: ContextVar[tuple[Any, dict[Any, dict[str, Rule]]]] = ContextVar("overlay", default=PLAIN)


def key_of(target: Any) -> Any:
    """What a callable's rules are found by: bound methods by their object and name."""
    if isinstance(target, (types.MethodType, types.BuiltinMethodType)):
        owner = getattr(target, "__self__", None)
        if owner is not None and not isinstance(owner, types.ModuleType):
            return id(owner), getattr(target, "__name__", ""), type(target)
    return id(target)


def _load(top: str) -> None:
    # The lock is re-entrant: a rule module may look things up while it is being imported.
    with _loading:
        if top in _loaded:
            return
        _loaded.add(top)
        for name in RULE_MODULES.get(top, ()):
            importlib.import_module(f"s2sdiff.rules.{name}")


#: Types of callables that are no methods: their rules are found by their ids.
_BY_ITSELF = frozenset({types.FunctionType, type})


def find(target: Any, mode: str = "vjp") -> Rule | None:
    """The rule in force for a callable, or None; looks into `derivatives({...})` first.

    Mode "out" asks for that of calls which write their result into an argument (`out=`,
    `copy=False`).
    """
    target = getattr(target, "__s2sdiff_target__", target)
    scoped = overlay.get()[1]
    entry = _rules.get(id(target))
    if entry is not None and not scoped and mode in entry[1] and "" in _loaded:
        return entry[1][mode]
    key = id(target) if type(target) in _BY_ITSELF else key_of(target)
    if "" not in _loaded:
        _load("")
    if scoped and key in scoped:
        # In every mode it is this rule that counts, not another one of the same function.
        return _into(target, scoped[key]) if mode == "out" else scoped[key].get(mode)
    entry = _rules.get(key) or _inherited(target)
    if entry is None:
        # Whoever registers for a library's object has the library's own rules loaded first.
        top = _module(target)
        if top not in _loaded and top in RULE_MODULES:
            _load(top)
            entry = _rules.get(key)
    if entry is None:
        return None
    if mode == "out" and mode not in entry[1]:
        return _into(*entry)
    if mode == "vjp" and mode not in entry[1] and "jvp" in entry[1]:
        assert transposed is not None
        given = entry[1]["jvp"]
        return entry[1].setdefault("", Rule(entry[0], transposed(given), given.wrt))
    return entry[1].get(mode)


def is_own(target: Any) -> bool:
    """Whether the rule in force is the library's: a user's may do more than it says."""
    rule = find(target)
    return rule is not None and getattr(rule.function, "__module__", "").startswith(_OWN)


def is_registered(target: Any) -> bool:
    """Whether somebody has registered a rule for this very function or class of the user's."""
    return id(target) in _rules


def _inherited(target: Any) -> tuple[Any, dict[str, Rule]] | None:
    """What is registered for the class method of a base, unless a nearer class has its own."""
    if not isinstance(target, types.MethodType) or not isinstance(target.__self__, type):
        return None
    name = target.__name__
    for cls in target.__self__.__mro__:
        found = _rules.get((id(cls), name, types.MethodType))
        if found is not None or name in vars(cls):
            return found
    return None


def has_own(method: types.MethodType) -> bool:
    """Whether the method of this very object has a derivative, not that of its class."""
    find(method)  # which loads the rules of its module
    return key_of(method) in _rules


def _into(target: Any, modes: dict[str, Rule]) -> Rule | None:
    """The rule of a function's calls with `out=`, made when it is first asked for."""
    plain = modes.get("vjp")
    if plain is None or plain.writes or make_out is None:
        return None
    made = modes.get("made out")
    if made is None:
        made = make_out(target, plain)
        if made is not None:
            modes["made out"] = made
    return made


#: Makes, of a differential, the rule that it is in reverse mode; set by `runtime.differentials`.
transposed: Callable[[Rule], Callable[..., Any]] | None = None


def rule_of(function: Any) -> Rule | None:
    """The rule whose derivative a function is; None for any other function."""
    return next((rule for _, modes in list(_rules.values()) for rule in list(modes.values())
                 if rule.function is function), None)


def _module(target: Any) -> str:
    name = getattr(target, "__module__", None)
    if not isinstance(name, str):
        name = type(target).__module__
        # A ufunc does not say where it comes from; most that are not NumPy's are SciPy's.
        if type(target).__name__ == "ufunc" and "scipy.special" in sys.modules:
            name = "scipy"
        # Nor do functions in Fortran: LAPACK's, and before SciPy 1.16 FITPACK's.
        elif type(target).__name__ == "fortran":
            name = "scipy.interpolate"
    return _top(name)


@functools.lru_cache(maxsize=1024)
def _top(name: str) -> str:
    """The part of a module's name that its rules are under; few modules are asked for often."""
    within = ".".join(name.split(".")[:2])
    return within if within in RULE_MODULES else name.partition(".")[0]


def derivative(
    *, of: Any, wrt: Any = None, mode: str = "vjp", override: bool = False,
    writes: str | tuple[str, ...] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated function as the derivative of `of`.

    Parameters
    ----------
    of : callable, property, or list of them
        Any callable: Python functions, builtins, ufuncs, other modules' functions, `Cls.method`.
    wrt : name, index or tuple of them, optional
        The parameters that the pullback returns entries for, in this order; all by default.
    mode : "vjp" or "jvp"
        The rule returns `(value, pullback)` or `(value, differential)`.
    override : bool
        Replace a derivative that is already registered.
    writes : str or tuple of str, optional
        The parameters that the function changes in place.  The pullback is given, after the
        cotangent, the shadow of each: what holds the cotangents of its contents.  It changes them
        in place, from after the call to before.

    Raises
    ------
    RuleError
        `of` has a derivative already and `override` is not set, or the arguments make no sense.

    Examples
    --------
    >>> import s2sdiff as sd
    >>> def cube(x):
    ...     return x * x * x
    >>> @sd.derivative(of=cube, override=True)
    ... def cube_derivative(x):
    ...     return x**3, lambda y_bar: y_bar * 3 * x**2
    >>> sd.grad(cube)(2.0)
    12.0
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        global epoch, users_epoch
        names = check(function, of, wrt, mode, writes)
        written = parameters(function, "writes", () if writes is None else writes)
        module = getattr(function, "__module__", "") or ""
        own = module.startswith(_OWN)
        if not own:
            _load("")
        for target in targets(of):
            if not own and _module(target) in RULE_MODULES:
                _load(_module(target))
            _, modes = _rules.setdefault(key_of(target), (target, {}))
            if mode in modes and not override:
                name = getattr(target, "__qualname__", repr(target))
                raise RuleError(
                    f"derivative(of={name}): a derivative is registered already, by "
                    f"{modes[mode].function!r}. Instead, pass override=True to replace it."
                )
            pure = own and not written and not getattr(
                function, "__s2sdiff_effects__", False)
            modes.pop("made out", None)
            modes.pop("", None)
            if mode == "vjp" and not own and "jvp" in modes and (
                    modes["jvp"].function.__module__.startswith(_OWN)):
                # Forward mode goes by what the user says, too.
                del modes["jvp"]
            if own and written:
                # The library's own copy what they read later.
                function.__s2sdiff_keeps__ = False  # type: ignore[attr-defined]
            modes[mode] = Rule(target, function, names, mode, pure, False, written,
                               _shaped(function))
        epoch += 1
        users_epoch += not own
        return function

    return register


def constant(*functions: Any, shaped: bool = False, pure: bool = True) -> None:
    """Declare functions whose results (shapes, tests, …) have no derivative.

    What has an effect, such as drawing from an iterator, is not `pure`: it stays in its place.
    """
    for target in functions:
        modes = _rules.setdefault(key_of(target), (target, {}))[1]
        if "vjp" in modes and not modes["vjp"].constant:
            raise RuleError(f"constant({target!r}): it has a derivative. Instead, register one of "
                            "them.")
        modes["vjp"] = Rule(target, None, (), pure=pure, constant=True,
                             shaped=shaped or _shaped(target))


def _shaped(function: Any) -> bool:
    """Whether `rules.shared.shaped` has marked it."""
    return getattr(function, "__s2sdiff_shaped__", False)
