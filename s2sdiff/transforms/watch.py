"""Statements that may run, of an object of unknown class, a method that writes unseen.

Nothing does as long as no class was met that has such a method (`runtime.suspects`).  Where one
was, each statement that may run it is preceded by a look at what it is given.
"""

from __future__ import annotations

import functools
import inspect
import operator
import types
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import gast
import numpy as np

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Const, For, Free, If, Opaque, Ref, Star, Store, Var, While
from s2sdiff.kinds import Kind
from s2sdiff.runtime import keys, suspects, values
from s2sdiff.transforms.implicit import is_text, of_user
from s2sdiff.transforms.methods_run import METHODS

__all__ = ["OF_ACTIVE", "Look", "looks", "runs"]

KindOf = Callable[[Any], Kind]
Names = frozenset[str] | None


class Look(NamedTuple):
    """What is looked at: the names of methods that run, of it and of the items in it."""

    atom: ir.Atom
    own: Names = frozenset()
    items: Names = frozenset()


_WALK = frozenset({"__iter__", "__next__", "__len__", "__getitem__", "__reversed__",
                   "__length_hint__"})
_TRUTH = frozenset({"__bool__", "__len__"})
_EQUAL = frozenset({"__eq__", "__ne__"})
_KEY = frozenset({"__hash__", "__eq__", "__index__"})
_ORDER = frozenset({"__lt__", "__gt__", "__le__", "__ge__"})
_TEXT = frozenset({"__str__", "__repr__", "__format__"})
#: What makes a number, or an array, of an object; and what a text asks for besides.
_NUMBER = frozenset({"__float__", "__complex__", "__int__", "__index__", "__array__", "__len__",
                     "__iter__", "__getitem__"})
_IN_TEXT = _TEXT | frozenset({"__float__", "__int__", "__index__", "__getitem__", "__missing__"})
_NONE: frozenset[str] = frozenset()

#: By function: the methods that it runs of the items of what it is given; those that are followed
#: there, or refused when they run, are not looked at before.
_ITEMS: dict[Any, frozenset[str]] = {
    **dict.fromkeys((len, iter, list, tuple, zip, enumerate, reversed, ops.unpack, bool,
                     operator.not_, operator.truth, values.sequence, values.undisturbed, int,
                     float, complex, abs, round, operator.index, operator.getitem), _NONE),
    **dict.fromkeys((any, all), _TRUTH), **dict.fromkeys((set, frozenset, dict), _KEY), hash: _KEY,
    **dict.fromkeys((str, repr, format), _TEXT),
    **dict.fromkeys((ops.contains, ops.not_contains), _EQUAL),
    **dict.fromkeys((sorted, min, max), _ORDER),
    **{getattr(operator, n): _EQUAL | _ORDER for n in ("lt", "le", "gt", "ge", "eq", "ne")},
}
#: They run none, or what they run is followed elsewhere.
_QUIET = (issubclass, type, id, callable, getattr, setattr, delattr, super, vars, object, slice,
          next, property, staticmethod, classmethod, ops.tuple_, ops.list_, ops.growing,
          ops.appended, *ops.RESHAPING, ops.item_of, ops.grown, operator.is_, operator.is_not,
          globals, locals, inspect.isclass, inspect.isfunction, inspect.ismethod, inspect.ismodule,
          inspect.isbuiltin, inspect.isroutine,
          object.__setattr__, object.__delattr__, object.__getattribute__, object.__new__,
          functools.partial, types.SimpleNamespace, types.MethodType, types.MappingProxyType)
#: Methods of containers that run none of those of what they hold.
_PLAIN_METHODS = frozenset({
    "append", "appendleft", "popleft", "clear", "copy", "items", "keys", "values", "reverse",
    "popitem"})
_OF_CLASSES = (types.MethodDescriptorType, types.WrapperDescriptorType)
_CONTAINERS = (list, tuple, dict, set, frozenset, deque, OrderedDict, defaultdict)


def runs(s: ir.Stmt, kind: KindOf) -> bool:
    """Whether a statement may run a method that writes unseen, be it looked at or not."""
    if not suspects.state.names:
        return False
    if isinstance(s, For):
        return _loose(Look(s.source, _WALK), kind)
    target = s.fn.object if isinstance(s, Bind) and isinstance(s.fn, Ref) else None
    if isinstance(s, Bind) and _is_key(target) and target in METHODS and any(
            _loose(Look(a, frozenset(METHODS[target]), frozenset(METHODS[target])), kind)
            for a in s.args if not isinstance(a, Star)):
        return True
    return any(True for _ in looks(s, kind))


def looks(s: ir.Stmt, kind: KindOf) -> Iterator[Look]:
    """What is to be looked at before a statement runs."""
    if suspects.state.names:
        yield from (look for look in _all(s, kind) if _loose(look, kind))


def _all(s: ir.Stmt, kind: KindOf) -> Iterator[Look]:
    match s:
        case If() | While():
            yield Look(s.test, _TRUTH)
        case Store(target=target, key=key, place="item") if key is not None:
            yield Look(key, _KEY, _KEY)
            known = kind(target).type
            if s.value is not None and known in (np.ndarray, list, None):
                # An array makes a number of it; a slice of a list is what it gives.
                yield Look(s.value, _NUMBER if known is np.ndarray else _WALK if known is list
                           and kind(key).type is slice else _NONE, _NUMBER if known is np.ndarray
                           else _NONE)
        case Bind(_, Ref(target), args, kwargs):
            for a in args:
                if isinstance(a, Star):
                    yield Look(a.value, _WALK)
            given = [a for a in args if not isinstance(a, Star)] + [
                a for k, a in kwargs if k is not None]
            yield from _of_call(target, given)


def _of_call(target: Any, given: list[Any]) -> Iterator[Look]:
    if isinstance(target, Opaque):
        if is_text(target):
            yield from _of_text(target, given)
        else:
            yield from (Look(a, suspects.state.names, None) for a in given)
    elif not _is_key(target) or target in _QUIET:
        return
    elif target is ops.dict_:
        yield from (Look(a, _KEY, _KEY) for a in given[::2])
    elif target is ops.set_:
        yield from (Look(a, _KEY, _KEY) for a in given)
    elif target in (hasattr, ops.method) and len(given) < 2:
        yield from (Look(a, suspects.state.names, None) for a in given)
    elif target is hasattr:
        name = given[1].value if isinstance(given[1], Const) else None
        yield Look(given[0], suspects.state.names if name is None
                   else frozenset({str(name), "__getattr__", "__getattribute__"}))
    elif target is ops.method:
        name = given[1].value if isinstance(given[1], Const) else None
        if name not in _PLAIN_METHODS:
            yield Look(given[0], _NONE, _KEY | _ORDER | _TEXT)
            if name in ("format", "format_map"):
                # Fields are read by the names that the text has.
                yield from (Look(a, suspects.state.names, _TEXT) for a in given[2:])
            else:
                yield from (Look(a, _KEY | _TEXT | _ORDER | _WALK, None) for a in given[2:])
    elif isinstance(target, _OF_CLASSES) and target.__objclass__ in _CONTAINERS and given:
        # Called by its class, it asks nothing of that of the container.
        missing = frozenset({"__missing__"}) if issubclass(target.__objclass__, dict) else _NONE
        yield Look(given[0], missing, _KEY | _ORDER | _TEXT)
        yield from (Look(a, _KEY | _TEXT | _ORDER | _WALK, None) for a in given[1:])
    elif target is isinstance:
        yield from (Look(a, frozenset({"__instancecheck__"})) for a in given[1:])
    elif target in METHODS:
        yield from _of_protocol(target, given)
    elif _of_arrays(target) and not suspects.drawn_from_objects():
        # It draws from what is a sequence, and from no generator.
        names = suspects.special(suspects.state.names) - {"__next__"}
        yield from (Look(a, names, names) for a in given)
    elif not _is_followed(target):
        yield from (Look(a, None, None) for a in given)


def _of_arrays(target: Any) -> bool:
    """A function of NumPy's that makes an array of what it is given, as a rule knows."""
    if isinstance(target, np.ufunc):
        return True
    rule = registry.find(target)
    return rule is not None and rule.pure and \
        (getattr(target, "__module__", None) or "").partition(".")[0] == "numpy"


def _of_protocol(target: Any, given: list[Any]) -> Iterator[Look]:
    items = _ITEMS.get(target, _NONE)
    if target in (ops.contains, ops.not_contains):
        yield Look(given[0], _KEY, _NONE)
        yield from (Look(a, _WALK | {"in"}, items) for a in given[1:])
    elif target is operator.getitem:
        yield from (Look(a, _KEY, _KEY) for a in given[1:])
    elif target is operator.mod:
        yield from (Look(a, _IN_TEXT, _IN_TEXT) for a in given[1:])
    elif target is round:
        yield from (Look(a, _KEY) for a in given[1:])
    else:
        own = frozenset(METHODS[target]) if target in _UNFOLLOWED else _NONE
        yield from (Look(a, own, items) for a in given)


#: What they run is neither followed, nor refused when it runs, where nobody knows the class; of
#: the latter that matters only if something active may be written.
OF_ACTIVE = (range, keys.cut, chr, bin, hex, oct, dir)
_UNFOLLOWED = (format, bytes, divmod, *OF_ACTIVE)


def _of_text(target: Opaque, given: list[Any]) -> Iterator[Look]:
    """What is made text of, and the objects of which attributes are: those are marked by a dot."""
    nodes = list(gast.walk(target.node))
    owned = [(n.value.id, n.attr) for n in nodes
             if isinstance(n, gast.Attribute) and isinstance(n.value, gast.Name)]
    names = [n.id for n in nodes if isinstance(n, gast.Name)]
    for a, param in zip(given, target.params, strict=False):
        attributes = [attr for name, attr in owned if name == param]
        if attributes:
            yield Look(a, frozenset({".", "__getattr__", *attributes}), _TEXT)
        if names.count(param) > len(attributes):
            yield Look(a, _TEXT, _TEXT)


def _is_followed(target: Any) -> bool:
    """Code of the user's, which is looked at by itself, and functions of generated code."""
    if (getattr(target, "__module__", None) or "").startswith("s2sdiff."):
        return True
    return of_user(target) or (isinstance(target, types.FunctionType)
                               and registry.find(target) is None)


def _is_key(target: Any) -> bool:
    try:
        hash(target)
    except TypeError:
        return False
    return target is not None


def _loose(look: Look, kind: KindOf) -> bool:
    """Whether what is looked at may be of such a class, or hold an object that is."""
    if not isinstance(look.atom, (Var, Free)):
        return False
    known = kind(look.atom)
    if known.field is not None or known.is_fixed or known.type in _SIMPLE:
        return False
    both = None if look.own is None or look.items is None else look.own | look.items
    if known.type in _CONTAINERS:
        both = look.items
    return suspects.any_of(both)


_CONTAINERS = (list, tuple, dict, set, frozenset)
_SIMPLE = (str, bytes, type(None), bool, int, float, complex, np.ndarray, types.FunctionType,
           types.ModuleType, type, types.BuiltinFunctionType, range)
