"""Whether a method writes as anybody sees who reads it: stores, mutators, and what it calls.

What it has made itself does not count, nor does what cannot matter to a derivative: a count that
goes up, and an attribute that never holds anything but counts, switches and texts.
"""

from __future__ import annotations

import contextlib
import inspect
import operator
import types
from typing import Any

import numpy as np

from s2sdiff import errors, ir, ops, registry
from s2sdiff.ir import Bind, Const, For, Free, If, Ref, Store, Var, While, With
from s2sdiff.runtime.marking import listed
from s2sdiff.runtime.outside import is_of_library
from s2sdiff.runtime.suspects import called_when_held
from s2sdiff.transforms import early, known_effects
from s2sdiff.transforms.meant import namespace_value
from s2sdiff.transforms.methods_run import METHODS
from s2sdiff.transforms.new_memory import INPLACE
from s2sdiff.transforms.plain_calls import (
    DISPLAYS,
    MUTATING,
    functions_of,
    given_own,
    is_called_back,
    is_counted,
    is_of_class,
    keeps_to_itself,
    makes,
    makes_object,
    options,
)
from s2sdiff.transforms.plain_counts import only_counts
from s2sdiff.transforms.plain_made import COUNTED, COUNTERS, is_text_or_count, made
from s2sdiff.transforms.plain_named import CLASS, Named

__all__ = ["OF_KEYS", "Look", "OfKeys", "asked_of_others", "writes", "writes_when_it_goes"]

_known: dict[Any, bool] = {}
#: Of what writes nothing itself: the names by which it asks other objects.
_asking: dict[Any, frozenset[str]] = {}
#: Of methods: whether they give what they have made themselves.
_giving: dict[Any, bool] = {}
#: Those of what is being looked at.
_asked: list[set[str]] = []


def asked_of_others(cls: type, method: types.FunctionType) -> frozenset[str]:
    """The names of methods by which one that writes nothing itself may let other objects write."""
    if writes(cls, method):
        return frozenset()
    if inspect.isgeneratorfunction(method):
        method = listed(method)
    look_at = OfKeys if method.__name__ in OF_KEYS else Look
    key = cls, method.__code__, False, look_at, False, frozenset()
    return _asking.get(key, frozenset())

#: What dicts and sets ask of their keys.
OF_KEYS = ("__hash__", "__eq__")
#: What reads or writes the attribute that its second argument names.
_OF_FIELDS = (getattr, setattr, delattr, object.__setattr__, object.__delattr__)


def writes(cls: type, method: types.FunctionType, making: bool = False,
           look_at: Any = None, holding: bool = False,
           own: frozenset[str] = frozenset()) -> bool:
    """Does a method of a class store into anything that it did not make itself?

    With `making`, its first argument is an object that is only being made, or was, where it is
    `holding` what others made, as are the arguments `own`; a `Look` looks at it.

    >>> import collections
    >>> writes(collections.UserList, collections.UserList.__iadd__)
    True
    >>> writes(collections.UserList, collections.UserList.__lt__)
    False
    """
    rule = registry.find(method)
    if rule is not None:
        return bool(rule.writes)
    if known_effects.gives_new(method):
        return False
    if inspect.isgeneratorfunction(method):
        method = listed(method)
    look_at = look_at or (OfKeys if method.__name__ in OF_KEYS else Look)
    key = cls, method.__code__, making, look_at, holding, own
    if key not in _known:
        before = len(_known)
        _known[key] = False  # recursion adds nothing of its own
        _asked.append(set())
        try:
            look = look_at(cls, method, early.swept(method), making, own)
            if holding:
                look.holding |= {"attribute", "item"}
            _known[key] = any(map(look.writes, ir.walk(look.body)))
        except errors.DifferentiationError:
            _known[key] = True
        except BaseException:
            del _known[key]
            raise
        finally:
            _asking[key] = frozenset(_asked.pop())
        if _known[key] or _asking[key]:
            # What was found in the meantime may have rested on its writing nothing.
            for other in list(_known)[before:]:
                if not _known[other] and other != key:
                    del _known[other]
    if _asked:
        _asked[-1] |= _asking.get(key, frozenset())
    return _known[key]


def gives_own(cls: type, method: types.FunctionType) -> bool:
    """Does a method of a class give something that it has made itself, whatever it returns?

    >>> import collections
    >>> gives_own(collections.UserString, collections.UserString.__add__)
    True
    >>> gives_own(collections.UserDict, collections.UserDict.__getitem__)
    False
    """
    key = cls, method.__code__
    if key not in _giving:
        _giving[key] = False
        with contextlib.suppress(errors.DifferentiationError):  # nothing is known of it then
            _giving[key] = not inspect.isgeneratorfunction(method) and _plainly(
                cls, method).gives_own()
    return _giving[key]


def writes_when_it_goes(cls: type) -> bool:
    """Does an object's end store into anything but the object itself?"""
    method = getattr(cls, "__del__", None)
    return isinstance(method, types.FunctionType) and not is_of_library(cls) and \
        writes(cls, method, making=True)


class Look(Named):
    """One method as it is written: what its names mean, and what is made in it."""

    #: What looks at the functions that it calls, if not a `Look`.
    further: Any = None

    def __init__(self, cls: type, method: types.FunctionType, function: ir.Function,
                 making: bool, own: frozenset[str] = frozenset()) -> None:
        self.cls, self.method, self.body = cls, method, function.body
        self.its_class = frozenset(method.__code__.co_varnames[:is_of_class(cls, method)])
        self.its_class |= {ir.defines(s)[0] for s in ir.walk(self.body) if self._asks_class(s)}
        self.counts = made(self, is_counted, is_text_or_count)
        self.options = options(method.__code__)
        self.first = own | self.options | frozenset(
            method.__code__.co_varnames[:1] if making else ())
        self.own = self.first | made(self, makes)
        self.shown = made(self, DISPLAYS.__contains__)  # surely none of the class's objects
        #: As items or as attributes, something that is not made here is put into what is.
        self.holding = {place for s in ir.walk(self.body) for place in self._puts(s)}
        #: What is found under a name that is computed here may be any method.
        self.found = {t for s in ir.walk(self.body) if isinstance(s, Bind)
                      and self.called(s) is getattr and not isinstance(s.args[1], Const)
                      for t in s.targets}

    def writes(self, s: ir.Stmt) -> bool:
        if isinstance(s, Store):
            changed = s.fn in INPLACE and (
                s.place in self.holding or getattr(s.target, "name", None) in self.options)
            return s.place != "name" and (changed or not self._is_own(s.target)) and \
                not self._counts(s)
        if isinstance(s, ir.Raw):
            return s.memory
        if isinstance(s, (If, While)):
            return self._runs((s.test,), METHODS[bool])
        if isinstance(s, For):
            return self._runs((s.source,), METHODS[iter])
        if isinstance(s, With):
            return self._runs((s.manager,), ("__enter__", "__exit__"))
        if not isinstance(s, Bind):
            return False
        if isinstance(s.fn, Var) and s.fn.name in self.found:
            return True
        if any(k == "out" and a != Const(None) and not self._is_own(a) for k, a in s.kwargs):
            return True
        value = self.called(s)
        if isinstance(value, np.ufunc):
            first = value.nin + (2 if s.calls(ops.method) else 0)
            return not all(map(self._is_own, s.args[first:]))
        if (value in INPLACE or value in _OF_FIELDS) and ir.Star in map(type, s.args):
            return True  # which of its arguments is which, only the run tells
        if value in INPLACE:
            return not self._is_own(s.args[0])
        if s.calls(ops.method) and value is None:
            self._may_be_held(*s.args[:2])
            return self._named(*s.args[:2]) or (
                s.args[1] in MUTATING and not self._is_own(s.args[0]))
        if value is getattr:
            return self._named(*s.args[:2])
        if value in (operator.methodcaller, operator.attrgetter):
            return bool([a for a in s.args if self._named(Ref(None), a)])
        if value in METHODS and self._runs(s.args, METHODS[value]):
            return True
        if value is setattr or value is delattr:
            return not self._is_own(s.args[0])
        if value is object.__setattr__ or value is object.__delattr__:
            return not all(map(self._is_own, s.args[2:3]))
        rule = registry.find(value)
        if rule is not None:
            return bool(rule.writes) and not all(map(self._is_own, s.args))
        if isinstance(value, type):
            init = value.__init__
            if value in COUNTERS:
                return self._runs(s.args, COUNTED)
            return isinstance(init, types.FunctionType) and \
                init.__code__.co_filename != "<string>" and writes(value, init, making=True)
        given = s.args[2:] if s.calls(ops.method) else s.args
        return is_called_back(value, given) or (
            isinstance(value, types.FunctionType) and not keeps_to_itself(value)
            and self._lets_write(value, given_own(value, given, s.kwargs, self._is_own)))

    def _lets_write(self, function: types.FunctionType, own: frozenset[str]) -> bool:
        # What is made here may be written; what it holds may be somebody else's.
        return writes(self.cls, function, look_at=self.further, holding=bool(own), own=own)

    def _named(self, owner: Any, name: Any) -> bool:
        """Whether what has this name in the class writes; of `self` alone one knows which it is."""
        if not isinstance(name, Const) or not isinstance(name.value, str) or (
                isinstance(owner, Var) and owner.name in self.shown):
            return False
        found = [vars(c)[name.value] for c in self.cls.__mro__ if name.value in vars(c)]
        if not self._is_own(owner) and not (found and self._is_self(owner)):
            _asked[-1].add(name.value)
        # What is made here may be written; what it holds may be somebody else's.
        own = self._is_own(owner)
        known, look = (found[:1], self.further) if self._is_self(owner) else (found, None)
        return isinstance(owner, Var) and any(
            writes(self.cls, f, making=own, look_at=look, holding=own) for value in known
            for f in functions_of(value)[:1] if f.__code__.co_filename != "<string>")

    def _may_be_held(self, owner: Any, name: Any) -> None:
        """What is called may be a function or an object that is kept as an attribute."""
        if isinstance(name, Const) and not self._is_own(owner) and not (
                self._is_self(owner) and hasattr(self.cls, str(name.value))):
            _asked[-1] |= {called_when_held(name.value), *(
                ("__call__",) if self._is_self(owner) else ())}

    def _runs(self, args: Any, names: tuple[str, ...]) -> bool:
        """Whether one of the class's methods of these names runs, of something like `self`."""
        return bool([a for a in args for n in names if isinstance(a, (Var, Free))
                     and not self._is_own(a) and self._named(a, Const(n))])

    def _counts(self, s: Store) -> bool:
        """A count goes up, or what holds counts, switches and texts alone gets another."""
        if s.place != "attribute" or s.fn not in (setattr, operator.iadd, operator.isub) or \
                not isinstance(s.key, Const) or not self.is_count(s.value):
            return False
        if isinstance(s.target, Free):
            owner = namespace_value(self.method, s.target.name)
            return isinstance(owner, type) and type(owner) is type and \
                only_counts(owner, s.key.value, _plainly)
        return self._is_self(s.target) and only_counts(self.cls, s.key.value, _plainly)

    def copies(self, s: Bind) -> bool:
        """What is called is a function, or a method or the class of `self`, which gives what it
        makes."""
        if getattr(s.fn, "name", None) in self.its_class or (
                s.calls(ops.method) and self._is_self(s.args[0]) and s.args[1] == CLASS):
            return makes_object(self.cls)
        value = self.called(s)
        if isinstance(value, types.FunctionType):
            return gives_own(self.cls, value)
        if isinstance(value, types.MethodType):
            return isinstance(value.__self__, type) and gives_own(value.__self__, value.__func__)
        if not s.calls(ops.method) or not self._is_self(s.args[0]) or s.args[1] == Const(None):
            return False
        found = getattr(self.cls, str(getattr(s.args[1], "value", None)), None)
        return isinstance(found, types.FunctionType) and gives_own(self.cls, found)

    def gives_own(self) -> bool:
        given = [s.value for s in ir.walk(self.body) if isinstance(s, ir.Exit)
                 and s.kind == "return"]
        return bool(given) and all(map(self._is_own, given))


class OfKeys(Look):
    """What dicts ask of their keys: one of cotangents or tangents asks once more, and so counts."""

    def _counts(self, s: Store) -> bool:
        return s.fn is setattr and super()._counts(s) and not self._goes_on(s)

    def _goes_on(self, s: Store) -> bool:
        """Whether what is stored is made of what was there: a hash that is kept is not."""
        made: set[str] = set()
        for b in ir.walk(self.body):
            read = isinstance(b, Bind) and self.called(b) is getattr and b.args[1] == s.key
            if read or (isinstance(b, (Bind, ir.Move)) and not made.isdisjoint(ir.reads(b))):
                made.update(ir.defines(b))
        return not made.isdisjoint(ir.reads(s))


OfKeys.further = OfKeys


def _plainly(cls: type, method: types.FunctionType) -> Look:
    return Look(cls, method, early.swept(method), False)
