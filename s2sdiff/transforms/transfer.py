"""The kind of a call's result from the kinds of its arguments.

Types and dtypes are found by calling the function on small witnesses of the arguments' kinds, twice
with other sizes where the shape matters, so that no table repeats what NumPy knows.  Whatever
cannot be told is ANY.
"""

from __future__ import annotations

import operator
import types
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import ops, registry
from s2sdiff.ir import Bind, Const, Ref, Star, Var, replace
from s2sdiff.kinds import ANY, Growing, Kind, scalar, unknown_dim
from s2sdiff.runtime import drawing, values, walks
from s2sdiff.runtime import parts as parts_of
from s2sdiff.runtime.datasets import is_dataset
from s2sdiff.transforms import draws, holders, parts, texts_made, witness
from s2sdiff.transforms.arithmetic import elementwise, is_elementwise
from s2sdiff.transforms.kinds_of_atoms import kind_of_atom
from s2sdiff.transforms.known_results import EXACT, KNOWN, arrayed

__all__ = ["AT_RUN_TIME", "of_stars", "result", "told_dtype"]

#: What their functions give is known only when they run.
AT_RUN_TIME = frozenset(f"s2sdiff.runtime.{m}" for m in (
    "attributes", "bunches", "by_place", "calls", "calls_in_step", "class_making", "constructors",
    "contents", "fields", "fields_in_step", "holders", "in_step", "items", "kept_calls", "losses",
    "managers", "methods", "objects_in_step", "partly", "planted", "pushed_by_place", "quick",
    "quick_pushed", "raising", "rule_calls", "rule_entries", "ruled", "shadow_slots", "shadows",
    "sharing", "stars", "tangents", "tried", "unseen", "values", "whole_values"))
_TO_NUMBERS = frozenset({np.sum, np.mean, np.prod, np.max, np.min, np.var, np.std,
                         vars(np.ndarray)["sum"], vars(np.ndarray)["mean"]})
_PLACES = (parts_of, values.indices, values.keys_of, values.places, values.places_back,
           values.next_place, walks.steps, drawing.given)


def result(bind: Bind, kinds: list[Kind], context: Any) -> Kind:
    """The kind of what `bind` computes, where its positional arguments have these kinds."""
    if not isinstance(bind.fn, Ref):
        return ANY
    found = _result(bind, bind.fn.object, kinds, context)
    if context is not None and context.lists_change and found.type in (list, dict, deque):
        return holders.kept(bind, kinds, found, context)
    return found


def _by_example(fn: Any) -> bool:
    """A library's function of which its rule says that examples tell what it gives."""
    # SciPy's transforms are objects that ask for a backend.
    made = isinstance(fn, (types.FunctionType, types.MethodType)) or (
        type(fn).__module__ == "uarray")
    rule = registry.find(fn) if made else None
    return rule is not None and rule.shaped


def told_dtype(bind: Bind, kinds: list[Kind], context: Any) -> Any:
    """The dtype that `np.array` is told; None if there is none, False if it is not known."""
    options = dict(bind.kwargs)
    if len(kinds) > 2 or options.keys() - {"dtype"} or (len(kinds) == 2 and options):
        return False
    given = bind.args[1] if len(kinds) == 2 else options.get("dtype")
    if given is None or given == Const(None):
        return None
    if isinstance(given, (Ref, Const)):
        told = given.object if isinstance(given, Ref) else given.value
        return np.dtype(told) if told in _TYPES else False
    kind = kind_of_atom(given, context) if context is not None else ANY
    return kind.dtype if kind.type is not None and issubclass(kind.type, np.dtype) and \
        kind.dtype is not None else False


_TYPES = (float, complex, np.float32, np.float64, np.complex64, np.complex128, "d", "f",
          "D", "F")


def _result(bind: Bind, fn: Any, kinds: list[Kind], context: Any) -> Kind:
    if fn is np.where and not bind.args[1:] and not bind.kwargs:
        fn = np.nonzero
    text = texts_made.of_text(bind, fn, kinds)
    if text is not None:
        return text
    if fn is operator.or_ and all(k.type is dict for k in kinds):
        return holders.merged(*kinds)
    if is_elementwise(fn):
        for k in kinds:
            if k.type is list or k.type is tuple:
                return holders.joined(fn, kinds) or elementwise(fn, kinds, bind)
        if (fn is operator.pow or fn is operator.ipow) and context is not None and (
                getattr(bind.args[0], "name", None) in context.nonnegative
                or _is_positive(bind.args[0])):
            # It stays a real number, as with any base that is known to be one.
            bind = replace(bind, args=(Const(1.0), *bind.args[1:]))
        return elementwise(fn, kinds, bind)
    if getattr(fn, "__module__", None) in AT_RUN_TIME and fn not in _PLACES:
        return ANY
    try:
        known, shaped = KNOWN.get(fn), fn in witness.SHAPED
    except TypeError:
        return ANY
    if known is not None:
        return known(bind, kinds)
    exact = EXACT.get(id(fn))
    if exact is not None:
        given = kinds
        if fn is np.tensordot and [k for k, _ in bind.kwargs] == ["axes"]:
            given = [*kinds, kind_of_atom(bind.kwargs[0][1], context)]
        return (exact(bind, given) if given else None) or witness.probe(fn, bind, kinds, context)
    if (fn is np.array or fn is np.asarray) and kinds and kinds[0].each is not None:
        return arrayed(bind, kinds, told_dtype(bind, kinds, context))
    at = getattr(fn, "__s2sdiff_like__", None) if kinds else None
    if type(at) is int and at < len(kinds) and kinds[at].is_number:
        if kinds[at].field == "int" and any(k.field != "int" for k in kinds):
            # Of integers beside floating numbers it may be of these.
            return ANY
        # What is computed from an array without dimensions is a number.
        kind = kinds[at] if kinds[at].shape else ANY
        if _may_be_wider(kinds, at):
            kind = kind._replace(dtype=None)
        return kind if kinds[at].is_array else scalar(None, kinds[at].field)
    if fn is ops.method and kinds and kinds[0].type is np.random.Generator:
        return draws.drawn(bind, kinds, context)
    if fn is ops.method and kinds and (kinds[0].type is list or (
            kinds[0].type is tuple and bind.args[1] in (Const("index"), Const("count")))):
        return holders.of_list(bind, kinds[0])
    if fn is ops.method and kinds and kinds[0].type is dict and kinds[0].items:
        return holders.view(bind, kinds[0])
    if fn is ops.method and kinds and kinds[0].under is not None:
        return holders.of_dict(bind, kinds)
    if fn is len and kinds and kinds[0].type in (list, dict, set, str, deque, Growing, None):
        return scalar(int, "int")
    if fn is ops.method and kinds and kinds[0].type is str:
        name = bind.args[1].value if isinstance(bind.args[1], Const) else ""
        given = type(getattr(str, name)("ab", *_STRING_METHODS[name])) \
            if name in _STRING_METHODS else None
        return scalar(given) if given in (int, bool) else Kind(given)
    if fn is np.reshape or fn is vars(np.ndarray)["reshape"]:
        found = parts.reshaped(bind, kinds)
        if found is not ANY:
            return found
    if fn in _TO_NUMBERS and len(bind.args) == 1 and not bind.kwargs and kinds[0].is_array and \
            kinds[0].shape is None:
        # A number, whatever dimensions are gone.
        kinds = [kinds[0]._replace(shape=(unknown_dim(),))]
    shaped = shaped or (isinstance(fn, types.BuiltinMethodType) and isinstance(
        fn.__self__, np.ufunc) and fn.__name__ in ("reduce", "accumulate", "outer"))
    if shaped and not (getattr(fn, "__name__", "") == "squeeze" and len(bind.args) < 2
                       and not bind.kwargs):
        # Which axes go without being named depends on more than the rank.
        return witness.probe(fn, bind, kinds, context)
    if _by_example(fn):
        found = witness.probe(fn, bind, kinds, context)
        # What rounds, by an option such as `output=int`, its rule refuses; helpers of rules do not.
        rounds = found.field == "int" and not fn.__module__.startswith("s2sdiff.rules.")
        return ANY if rounds else found
    if isinstance(fn, type) and _plainly_made(fn):
        return Kind(fn)
    if context is not None:
        given = context.callee_kind(bind, tuple(kinds), context)
        return holders.kept_inside(given, context) if context.lists_change and given.is_tuple \
            else given
    return ANY


def _may_be_wider(kinds: list[Kind], at: int) -> bool:
    """Beside an array of single precision another is, or may be, of double precision."""
    own = kinds[at].dtype
    return own is not None and own not in _DOUBLE and any(
        k.type is None or (k.is_number and k.dtype is not None and k.dtype != own)
        for k in kinds)


#: Nothing that is computed with these is wider.
_DOUBLE = (np.dtype(float), np.dtype(complex))


def _is_positive(a: Any) -> bool:
    return type(a) is Const and type(a.value) in (int, float) and a.value > 0


def of_stars(s: Bind, kind: Callable[[Any], Kind], context: Any) -> Kind:
    """What is asked of all that is in tuples of known kinds, as `array_namespace(*arrays)` is."""
    fn = s.fn.object if isinstance(s.fn, Ref) else None
    if fn is np.ndindex and isinstance(s.args[0], Star) and len(s.args) == 1:
        return _result(s, fn, [kind(s.args[0].value)], context)
    if not _by_example(fn) or s.kwargs:
        return ANY
    kinds: list[Kind] = []
    for a in s.args:
        known = kind(a.value if isinstance(a, Star) else a)
        if isinstance(a, Star) and (known.type is not tuple or known.items is None):
            return ANY
        kinds += (known.items or ()) if isinstance(a, Star) else (known,)
    # Only their kinds are asked for.
    given = tuple([Var(f"*{i}") for i in range(len(kinds))])
    return witness.probe(fn, replace(s, args=given), kinds, context)


def _plainly_made(cls: type) -> bool:
    """A call of the class gives an object of it: it is written in Python, nothing is special."""
    return type(cls) is type and cls.__new__ is object.__new__ and not is_dataset(cls) and all(
        c.__flags__ & 1 << 9 for c in cls.__mro__[:-1])


#: Methods of strings, with what to call them with to see what they give.
_STRING_METHODS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys((
        "lower", "upper", "strip", "lstrip", "rstrip", "title", "capitalize", "casefold",
        "swapcase", "format", "isdigit", "isalpha", "isnumeric", "isidentifier", "isupper",
        "islower", "isspace", "isalnum", "isdecimal", "split", "splitlines"), ()),
    **dict.fromkeys(("startswith", "endswith", "find", "rfind", "count", "removeprefix",
                     "removesuffix"), ("a",)),
    "replace": ("a", "b"), "zfill": (1,), "ljust": (1,), "rjust": (1,), "center": (1,),
    "join": (("a",),), "encode": (), "index": ("a",),
}
