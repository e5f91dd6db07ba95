"""Names and attributes become the objects they mean; each object met becomes a guard.

Only modules and classes are looked into: an attribute of any other object is read at run time.
"""

from __future__ import annotations

import cmath
import math
import types
from typing import Any

import numpy as np

from s2sdiff import errors, ir, ops, registry
from s2sdiff.ir import Arg, Atom, Bind, Block, Const, Free, Function, Ref, replace
from s2sdiff.runtime import choosing, managers, matching, meanings
from s2sdiff.runtime.marking import is_made_anew
from s2sdiff.runtime.outside import is_of_library, root_of
from s2sdiff.transforms import constants, imports
from s2sdiff.transforms.bound_meanwhile import may_be_bound
from s2sdiff.transforms.context import Context, Guard, ways_of
from s2sdiff.transforms.derived_functions import folded, takes_function
from s2sdiff.transforms.fitting import fits
from s2sdiff.transforms.holding import has_hash, may_hold
from s2sdiff.transforms.meant import MISSING, constant_value, namespace_value
from s2sdiff.transforms.names_outside import Named, is_namespace

__all__ = ["callees"]

#: Modules whose numbers (np.pi, math.e) are taken for constants.
_CONSTANT_MODULES = (np, math, cmath)
#: Types whose objects have no methods with a derivative of their own.
_PLAIN = (types.FunctionType, types.BuiltinFunctionType, np.ufunc)


def callees(function: Function, context: Context, owner: Any = None) -> Function:
    """Resolve what a function calls; `owner` is the helper whose body this is, when inlined."""
    resolver = _Resolver(function.origin, context, owner, function.names)
    resolver.single = _bound_once(function)
    resolved = replace(function, body=resolver.block(function.body))
    # `(..., np.newaxis)` is a literal as `(..., None)` is.
    return constants.fold(resolved) if Const(None) in resolver.env.values() else resolved


def _bound_once(function: Function) -> set[str]:
    """Variables that one statement alone binds."""
    counts = dict.fromkeys((p.name for p in function.params), 2)
    for s in ir.statements(function):
        for name in ir.defines(s):
            counts[name] = counts.get(name, 0) + 1
    return {name for name, count in counts.items() if count == 1}


def _is_known(value: Any) -> bool:
    """Objects that code calls by name and that are taken for what they are, under a guard."""
    return (callable(value) and has_hash(value)) or isinstance(value, types.ModuleType)


def _is_of_class(found: Ref, base: Ref | None) -> bool:
    """What an object's class has for it, which is called with the object."""
    return base is not None and isinstance(found.object, types.FunctionType) and not is_namespace(
        base.object)


class _Resolver(Named):
    def __init__(self, origin: Any, context: Context, owner: Any, names: frozenset[str]) -> None:
        super().__init__(origin, context, owner)
        self.names = names
        self.env: dict[str, Atom] = {}
        self.paths: dict[str, tuple[str, tuple[str, ...]]] = {}
        self.tame, self.made = False, None
        #: Second names of functions, in variables that nothing else is bound to.
        self.second: dict[str, Ref] = {}

    def block(self, block: Block) -> Block:
        out: list[ir.Stmt] = []
        for s in block:
            s = ir.substitute(s, self.env)
            if isinstance(s, Bind):
                s = self.bind(s)
                if s is None:
                    continue
                if not fits(s):
                    names = getattr(self.context, "names", None)  # who only looks has none
                    named = "called" if names is None else names("called")
                    out.append(Bind((named,), Ref(choosing.itself), (s.fn,), (), s.loc))
                    s = replace(s, fn=ir.Var(named))
            elif isinstance(s, ir.Catch):
                s = replace(s, type=self.known(s.type) or s.type) if s.type is not None else s
            elif isinstance(s, ir.With):
                out += self.managed(s, out)
                s = replace(s, tame=self.tame, made=self.made)
            else:
                self.note_kinds(s)
                if isinstance(s, ir.Move):
                    self.renamed(s)
                if isinstance(s, ir.Raw):
                    self.imports(s)
            inner = ir.blocks(s)
            if inner:
                s = ir.with_blocks(s, tuple(self.block(b) for b in inner))
            out.append(s)
        return tuple(out)

    def renamed(self, s: ir.Move) -> None:
        """`_sqrt = sqrt`: what is called by the new name is what the other name means."""
        for t, a in zip(s.targets, s.sources, strict=True):
            found = self.known(a) if t in self.single and isinstance(a, Free) else None
            if found is not None:
                self.second[t] = found

    def imports(self, s: ir.Raw) -> None:
        for variable, (ref, module, attribute) in imports.imported(s).items():
            self.env[variable] = ref
            self.modules[variable] = module, attribute
            if attribute:
                owner = imports.namespace_of(module)
                self.context.guard(Guard(owner, attribute, (), ref.object))

    def managed(self, s: ir.With, before: list[ir.Stmt]) -> Block:
        """What stands before a `with` that counts on it that its manager passes exceptions on."""
        made = next((b.fn for b in reversed(before) if isinstance(b, Bind)
                     and b.targets == (getattr(s.manager, "name", None),)), None)
        known = made.object if isinstance(made, Ref) else None
        self.tame = known is not None and managers.tame(known)
        self.made = known if isinstance(known, type) else None
        if self.tame:
            return ()
        return (Bind((), Ref(managers.surely_passes_on), (s.manager,), (), s.loc),)

    def known(self, a: Arg) -> Ref | None:
        if isinstance(a, Ref):
            return a
        if isinstance(a, Free):
            value = namespace_value(self.origin, a.name)
            if value is not MISSING and _is_known(value) and not (
                    self.made_anew(a.name, value) or may_be_bound(self.origin, a.name)):
                self.context.guard(Guard(self.owner, a.name, (), value))
                return Ref(value, a.name)
        return None

    def made_anew(self, name: str, value: Any) -> bool:
        """A captured function or class that is another each time the function around is called."""
        if self.origin is None or name not in self.origin.__code__.co_freevars:
            return False
        if isinstance(value, types.FunctionType):
            return "<locals>" in value.__qualname__
        if may_hold(value):
            return registry.find(value) is None
        if isinstance(value, type) and is_made_anew(value):
            return True
        return not isinstance(value, (types.BuiltinFunctionType, types.ModuleType, type, np.ufunc))

    def attribute(self, base: Ref, name: str, data: bool = False) -> Ref | None:
        """`base.name` as a known object, where base is a module or a class (or a ufunc)."""
        if isinstance(base.object, np.ufunc) and base.spelling is not None and \
                hasattr(base.object, name):
            value = getattr(base.object, name)
            return Ref(value, f"{base.spelling}.{name}") if callable(value) else None
        if base.spelling is None or not is_namespace(base.object):
            return self.method(base, name) if base.spelling is not None else None
        try:
            value = getattr(base.object, name)
        except AttributeError:
            return None
        constant = base.object in _CONSTANT_MODULES
        if not (_is_known(value) or constant or data) or isinstance(value, types.MethodType):
            return None
        self.guard(f"{base.spelling}.{name}", value)
        return Ref(value, f"{base.spelling}.{name}")

    def method(self, base: Ref, name: str) -> Ref | None:
        """A method of a known object with a rule: its own, as `stats.norm.pdf`, or its class's."""
        if type(base.object) in _PLAIN or not name.isidentifier():
            return None
        plain = isinstance(getattr(type(base.object), name, None), types.FunctionType)
        value = getattr(base.object, name) if plain else None
        if not isinstance(value, types.MethodType):
            return None
        own, path = registry.has_own(value), f"{base.spelling}.{name}"
        if not own and not (is_of_library(type(base.object)) and registry.find(value.__func__)):
            return None
        self.guard(f"{path}.__func__", value.__func__)
        return Ref(value, path) if own else Ref(value.__func__)

    def bind(self, s: Bind) -> Bind | None:
        fn, args = s.fn, s.args
        called = fn.object if isinstance(fn, Ref) else None
        if isinstance(fn, ir.Var) and fn.name in self.second:
            return self.call(replace(s, fn=self.second[fn.name]))
        if called is getattr and len(args) == 2 and isinstance(args[1], Const):
            base = self.known(args[0]) if self.looks_inside(args[0]) else None
            found = self.attribute(base, args[1].value) if base is not None else None
            if found is not None and len(s.targets) == 1 and not _is_of_class(found, base):
                self.env[s.targets[0]] = found if found.object is not None else Const(None)
                return None
        if called is managers.enterable:
            for guard in ways_of(constant_value(args[1])):
                self.context.guard(guard)
        if called is meanings.meant and isinstance(args[1], Ref) and \
                constant_value(self.known(args[0])) == args[1].object:
            return None
        if called is matching.positional and self.field(s):
            return None
        if called is ops.method and isinstance(args[1], Const):
            base = self.known(args[0]) if self.looks_inside(args[0]) else None
            found = self.attribute(base, args[1].value) if base is not None else None
            if found is not None:
                owner = (base,) if _is_of_class(found, base) else ()
                return self.call(replace(s, fn=found, args=(*owner, *args[2:])))
        if isinstance(fn, Free):
            found = self.known(fn)
            if found is not None and s.args == (Const(()),) and \
                    (found.object is any or found.object is all):
                # A loop that stops at the first item that decides starts from this.
                self.env[s.targets[0]] = Const(found.object(()))
                return None
            if found is not None and found.object is getattr:
                return self.bind(replace(s, fn=found))
            if found is not None:
                return self.call(replace(s, fn=found))
        return self.call(s)

    def field(self, s: Bind) -> bool:
        """The name of an attribute that a class pattern asks for by position."""
        base = self.known(s.args[0])
        found = None if base is None else self.attribute(base, "__match_args__", True)
        if found is None:
            return False
        try:
            name = matching.positional(*map(constant_value, (base, *s.args[1:])))
        except (TypeError, errors.DifferentiationError):
            return False
        self.env[s.targets[0]] = Const(name)
        return True

    def looks_inside(self, a: Any) -> bool:
        if isinstance(a, Ref):
            return True
        if not isinstance(a, Free):
            return False
        value = namespace_value(self.origin, a.name)
        # A distribution is called for one with fixed parameters.
        return is_namespace(value) or isinstance(value, np.ufunc) or (
            callable(value) and root_of(type(value)) == "scipy")

    def call(self, s: Bind) -> Bind | None:
        derived = folded(s, self.known)
        if derived is not None:
            self.env[s.targets[0]] = derived
            return None
        args = tuple(map(self.argument, s.args))
        if args and type(args[0]) is Free and s.calls(getattr):
            self.type_of(args[0].name)
        if self.context.settings is not None:
            self.setting(replace(s, args=args))
        if args and takes_function(s.fn):
            args = (self.known(args[0]) or args[0], *args[1:])
        kwargs = tuple([(k, self.argument(a)) for k, a in s.kwargs]) if s.kwargs else ()
        return Bind(s.targets, s.fn, args, kwargs, s.loc)

    def argument(self, a: Any) -> Any:
        """A class handed over (`x.astype(int)`) is known as a callee is; values are read live."""
        if isinstance(a, Free):
            if isinstance(namespace_value(self.origin, a.name), type):
                return self.known(a) or a
            self.data(a.name)
        return a
