"""What kinds tell of values that are no numbers to differentiate, and what branches this decides.

An option that was left out is None in every call of that kind; the number of an array's dimensions
and its dtype are part of its kind, and so are a flag that an object holds, and an option that is
one of the words in a function's text.  What is computed of these alone is known, and what is done
with it, or without it, is no branch there.
"""

from __future__ import annotations

import abc
import operator
import types
from collections import Counter
from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Bind, Block, Const, Exit, If, Move, Opaque, Ref, Star, Var
from s2sdiff.kinds import Kind
from s2sdiff.transforms.holding import has_hash

__all__ = ["Known"]

#: Of known values: what is computed at once.  Numbers are counts and lengths here, never floats.
_COMPUTED = frozenset({
    operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge, operator.is_,
    operator.is_not, operator.not_, operator.and_, operator.or_, operator.add, operator.sub,
    operator.mul, operator.floordiv, operator.mod, operator.neg, operator.getitem, ops.contains,
    ops.not_contains, ops.tuple_, len, max, min, bool, int, abs, issubclass, np.issubdtype,
    np.dtype, callable})
_VALUES = (bool, int, str, type(None), type, np.dtype)
#: What is asked of an array or a number, and follows from its dtype.
_OF_DTYPE = frozenset({np.iscomplexobj, np.isrealobj, np.isscalar})
_OF_DTYPES = ("kind", "char", "name", "type", "itemsize")
_OF_TYPES = ("__name__", "__module__")
_NDIM = frozenset({np.ndim, np.ndarray.ndim, np.generic.ndim})
_DTYPE = frozenset({np.ndarray.dtype, np.generic.dtype})
#: What is asked of a text.
_OF_TEXT = frozenset({"lower", "upper", "strip", "casefold", "startswith", "endswith"})
#: All of these.
_KNOWING = _COMPUTED | _OF_DTYPE | _NDIM | _DTYPE | {
    type, isinstance, getattr, hasattr, ops.method}
#: What objects of these have says their class.
_FIXED = frozenset({
    np.ndarray, list, tuple, dict, set, range, str, bytes, bool, int, float, complex, type(None)})
_UNKNOWN = object()


class Known:
    """Values by the names of variables, as far as a body has been gone through.

    Parameters
    ----------
    body : what is gone through
    kind : gives the kind of an atom
    """

    def __init__(self, body: Block, kind: Callable[[Any], Kind]) -> None:
        self.body, self.kind = body, kind
        self.values: dict[str, Any] = {}
        self._counts: Counter[str] | None = None
        #: Whether some branch was decided, or some call is a literal.
        self.decided = False

    def note(self, s: Bind) -> Move | None:
        """Put down what a statement gives, where that is known; the literal that it is."""
        if len(s.targets) != 1 or s.kwargs or not isinstance(s.fn, Ref) or not s.args or \
                Star in map(type, s.args):
            return None
        if isinstance(s.fn.object, Opaque):
            text = self._text(s.fn.object, s.args)
            return None if text is None else self._literal(s, text)
        if s.fn.object is operator.add and _is_nothing(s.args[0]) and self.kind(
                s.args[1]).type is tuple:
            self.decided = True
            return Move(s.targets, s.args[1:], s.loc)  # type: ignore[arg-type]
        found = self._value(s, s.fn.object)
        return None if found is _UNKNOWN else self._literal(s, found)

    def _literal(self, s: Bind, found: Any) -> Move | None:
        if self.counts[s.targets[0]] != 1:
            return None
        self.values[s.targets[0]] = found
        if not _is_literal(found):
            return None
        self.decided = True
        return Move(s.targets, (Const(found),), s.loc)

    def moved(self, s: Move) -> None:
        """A variable that one way alone leads to is what it is there."""
        for t, a in zip(s.targets, s.sources, strict=True):
            found = self._of(a) if isinstance(a, (Var, Const)) else _UNKNOWN
            if found is not _UNKNOWN and self.counts[t] == 1:
                self.values[t] = found

    def branch(self, s: If) -> Block | None:
        """The block that is run in every call; None where the test is open, or the block leaves."""
        found = self._of(s.test) if isinstance(s.test, Var) else _UNKNOWN
        if type(found) is not bool:
            return self._test_alone(s)
        block, other = (s.then, s.orelse) if found else (s.orelse, s.then)
        if block and isinstance(block[-1], Exit):
            return None
        self.counts.subtract(n for t in ir.walk(other) for n in ir.defines(t))
        self.decided = True
        return block

    def _test_alone(self, s: If) -> Block | None:
        """`test or False` and `test and True`, of what is a bool, are the test."""
        match s.then, s.orelse:
            case ((Move((t,), (a,)),), (Move((u,), (b,)),)) if t == u and (
                    (a == s.test and getattr(b, "value", None) is False) or (
                        getattr(a, "value", None) is True and b == s.test)):
                if self.kind(s.test).type is bool:
                    self.counts.subtract((t,))
                    self.decided = True
                    return (Move((t,), (s.test,), s.loc),)
        return None

    @property
    def counts(self) -> Counter[str]:
        """How often each variable is bound, in what is left."""
        if self._counts is None:
            self._counts = Counter(n for s in ir.walk(self.body) for n in ir.defines(s))
        return self._counts

    def _of(self, a: Any) -> Any:
        t = type(a)
        if t is Var:
            found = self.values.get(a.name, _UNKNOWN)
            return _told(self.kind(a)) if found is _UNKNOWN else found
        if t is Const:
            return a.value if _is_value(a.value) else _UNKNOWN
        known = t is Ref and isinstance(a.object, (type, types.ModuleType))
        return a.object if known else _UNKNOWN

    def _value(self, s: Bind, fn: Any) -> Any:
        if not has_hash(fn):
            return _UNKNOWN
        kind = self.kind(s.args[0])
        if fn not in _KNOWING:
            return _of_module(s, fn, kind)
        if fn in _NDIM:
            return _UNKNOWN if kind.shape is None or not kind.is_number else len(kind.shape)
        if fn in _DTYPE:
            return _UNKNOWN if kind.dtype is None else kind.dtype
        if fn is type and len(s.args) == 1:
            return _UNKNOWN if kind.type is None else kind.type
        if fn is hasattr and len(s.args) == 2:
            name = self._of(s.args[1])
            return hasattr(kind.type, name) if kind.type in _FIXED and type(name) is str and \
                not hasattr(type, name) else _UNKNOWN
        if fn is len and kind.items is not None and kind.is_tuple:
            return len(kind.items)
        if fn is isinstance and len(s.args) == 2:
            asked = self._of(s.args[1])
            # A class of classes may say otherwise; those of `abc` list classes of Python's at once.
            said = (type, abc.ABCMeta) if kind.type in _FIXED else (type,)
            plain = all(type(c) in said for c in (asked if type(asked) is tuple else (asked,)))
            return issubclass(kind.type, asked) if kind.type is not None and plain else _UNKNOWN
        if fn in _OF_DTYPE and kind.dtype is not None and kind.is_number:
            zero = np.zeros((), kind.dtype)
            return bool(fn(zero if kind.is_array else zero[()]))
        if fn is ops.method:
            given = [self._of(a) for a in s.args]
            known = type(given[0]) is str and given[1] in _OF_TEXT and all(
                type(v) is str for v in given)
            return getattr(given[0], given[1])(*given[2:]) if known and len(given) <= 3 and (
                len(given) == 3) == (given[1] in ("startswith", "endswith")) else _UNKNOWN
        if fn is getattr and len(s.args) == 2:
            owner, name = self._of(s.args[0]), getattr(s.args[1], "value", "")
            known = (isinstance(owner, np.dtype) and name in _OF_DTYPES) or (
                isinstance(owner, type) and owner in _FIXED and name in _OF_TYPES)
            return getattr(owner, str(name)) if known else _UNKNOWN
        if (fn is operator.is_ or fn is operator.is_not) and s.args[1] == Const(None):
            return _UNKNOWN if kind.type is None else \
                (kind.type is type(None)) == (fn is operator.is_)
        if fn in (operator.eq, operator.ne) and len(s.args) == 2 and (
                self._is_not_one(kind, s.args[1]) or self._is_longer(kind, s.args[1])):
            return fn is operator.ne
        return self._computed(s, fn) if fn in _COMPUTED else _UNKNOWN

    def _text(self, made: Opaque, args: tuple) -> str | None:
        """An f-string of counts and texts that are known, such as a name with a number in it."""
        if not isinstance(made.node, gast.JoinedStr):
            return None
        given = {p: self._of(a) for p, a in zip(made.params, args, strict=True)}
        parts: list[str] = []
        for v in made.node.values:
            inner: Any = getattr(v, "value", None)
            if isinstance(v, gast.Constant):
                parts.append(v.value)
            elif not isinstance(inner, gast.Name) or v.conversion != -1 or v.format_spec or \
                    type(given.get(inner.id)) not in (int, str):
                return None
            else:
                parts.append(str(given[inner.id]))
        return "".join(parts)

    def _is_not_one(self, kind: Kind, other: Any) -> bool:
        """A length that is surely not one, compared with one."""
        return kind.type is int and isinstance(kind.dim, str) and kind.dim[0] != "?" and \
            self._of(other) == 1

    def _is_longer(self, kind: Kind, other: Any) -> bool:
        """Two tuples of so many items that they are not the same."""
        there = self.kind(other)
        return kind.type is there.type is tuple and None not in (kind.items, there.items) and \
            len(kind.items or ()) != len(there.items or ())

    def _computed(self, s: Bind, fn: Any) -> Any:
        given: list[Any] = []
        for a in s.args:
            value = self._of(a)
            if value is _UNKNOWN:
                return _UNKNOWN
            given.append(value)
        if fn is not operator.is_ and fn is not operator.is_not and not all(map(_is_plain, given)):
            return _UNKNOWN
        try:
            found = tuple(given) if fn is ops.tuple_ else fn(*given)
        except Exception:
            return _UNKNOWN  # it does so again when the code runs
        return found if _is_value(found) else _UNKNOWN


def _of_module(s: Bind, fn: Any, kind: Kind) -> Any:
    """What a test such as `is_numpy` says of a module that is known."""
    if kind.type is not types.ModuleType or kind.value is None or len(s.args) != 1:
        return _UNKNOWN
    rule = registry.find(fn)
    found = fn(kind.value) if rule is not None and rule.constant and rule.shaped else _UNKNOWN
    return found if type(found) is bool else _UNKNOWN


def _is_nothing(a: Any) -> bool:
    """The tuple without items, written down."""
    return isinstance(a, Const) and type(a.value) is tuple and not a.value


def _told(kind: Kind) -> Any:
    """The value that a kind leaves no choice for."""
    if kind.type in (bool, str) and kind.value is not None:
        return kind.value
    if kind.type is int and kind.dim == 1:
        return 1
    if kind.type is type(None):
        return None
    if kind.type is types.ModuleType and kind.value is not None:
        return kind.value
    if kind.type is not None and issubclass(kind.type, np.dtype) and kind.dtype is not None:
        return kind.dtype
    if kind.type is tuple and kind.items is not None:
        items = tuple(map(_told, kind.items))
        return _UNKNOWN if any(i is _UNKNOWN for i in items) else items
    return _UNKNOWN


def _is_literal(x: Any) -> bool:
    return x is None or type(x) in (bool, int) or (type(x) is str and len(x) <= _LONG) or (
        type(x) is tuple and len(x) <= _LONG and all(map(_is_literal, x)))


#: Longer texts and tuples are not written down.
_LONG = 64


def _is_plain(x: Any) -> bool:
    """Nothing of it runs code of the user's: a class of classes may count or compare otherwise."""
    if isinstance(x, (type, types.ModuleType)):
        return type(x) is type or type(x) is types.ModuleType or x is np.dtype
    return type(x) is not tuple or all(map(_is_plain, x))


def _is_value(x: Any) -> bool:
    return isinstance(x, (*_VALUES, types.ModuleType)) or (
        type(x) is tuple and all(map(_is_value, x)))
