"""`sorted`, `min` and `max` by a key, as the loop that asks for the keys.

    by_key = sorted(items, key=f)           keys = []
                                            for item in items: keys.append(f(item))
                                            by_key = []
                                            for i in order(keys): by_key.append(items[i])

Python asks for each key once, in order, and compares the keys alone.  So the function that gives
them is only called, as `unboxed` has it, and what is chosen are places, which have no derivative.
"""

from __future__ import annotations

import builtins
import operator
import types
from collections.abc import Callable
from typing import Any

from s2sdiff import ir, ops, registry
from s2sdiff.ir import Atom, Bind, Block, Const, For, Free, Function, Ref, Star, Var, replace
from s2sdiff.runtime import standins_ordering
from s2sdiff.transforms.bodies import makes
from s2sdiff.transforms.context import Context, Guard
from s2sdiff.transforms.fresh_names import Names
from s2sdiff.transforms.meant import MISSING, namespace_value
from s2sdiff.transforms.reach_of_wrt import varying

__all__ = ["sites", "written"]

_CHOOSING: dict[str, Any] = {f.__name__: f for f in (sorted, min, max)}
#: How a key is had of an item: the statement that binds a name to it.
_Key = Callable[[str, Atom], Bind]


def written(function: Function, context: Context) -> Function:
    """The function with such calls written out where what they choose from, or the key, may vary.

    Itself where there are none.
    """
    statements = list(ir.statements(function))
    found = [s for s in statements if isinstance(s, Bind) and _is_such(s, function.origin)]
    varies = varying(statements, context.request.wrt) if found else set()
    chosen = {id(s): key for s in found if not varies.isdisjoint(ir.reads(s))
              and (key := _key_of(s, statements, function.origin)) is not None}
    if not chosen:
        return function
    for name in {s.fn.name for s in found if id(s) in chosen and isinstance(s.fn, Free)}:
        fn = _CHOOSING[name]
        context.guard(Guard(None, name, (), fn))
        context.rules[id(fn)] = fn, registry.find(fn)
    names = Names({*function.names, *function.free, *ir.all_names(function.body)})
    body = ir.rewritten(function.body, lambda s: _written_out(s, chosen[id(s)], names)
                        if isinstance(s, Bind) and id(s) in chosen else None)
    # A method that nobody calls any more would be what holds its object.
    given = {a.name for s in found if id(s) in chosen for _, a in s.kwargs if isinstance(a, Var)}
    spare = given - {n for s in ir.walk(body) for n in ir.reads(s)}
    body = ir.rewritten(body, lambda s: () if isinstance(s, Bind) and s.targets
                        and spare.issuperset(s.targets) else None)
    return replace(function, body=body, names=frozenset(names.taken),
                   bases={**function.bases, **names.bases})


def sites(function: Function) -> tuple[ir.Loc, ...]:
    """Where such calls stood in a function."""
    return tuple([s.loc for s in ir.statements(function) if isinstance(s, Bind) and (
        s.calls(standins_ordering.order) or s.calls(standins_ordering.first))])


def _is_such(s: Bind, origin: Any) -> bool:
    if not isinstance(s.fn, Free) or s.fn.name not in _CHOOSING or len(s.targets) != 1:
        return False
    options, fn = dict(s.kwargs), _CHOOSING[s.fn.name]
    one = len(s.args) == 1 and not isinstance(s.args[0], Star)
    several = fn is not sorted and len(s.args) > 1 and Star not in map(type, s.args)
    return (one or several) and options.keys() <= {"key", *["reverse"] * (fn is sorted)} and \
        options.get("key", Const(None)) != Const(None) and \
        namespace_value(origin, s.fn.name) is fn and registry.is_own(fn)


def _key_of(s: Bind, statements: list[ir.Stmt], origin: Any) -> _Key | None:
    """How the key is had of an item; None where only the run tells."""
    key = dict(s.kwargs)["key"]
    if isinstance(key, Free):
        return lambda name, item: Bind((name,), key, (item,), (), s.loc)
    makers = [t for t in statements if isinstance(key, Var) and key.name in ir.defines(t)]
    maker = makers[0] if len(makers) == 1 else None
    if not isinstance(maker, Bind) or (maker.kwargs and not makes(maker)):
        return None
    if makes(maker):
        return lambda name, item: Bind((name,), key, (item,), (), s.loc)
    if maker.calls(getattr) and len(maker.args) == 2 and isinstance(maker.args[1], Const):
        owner, attribute = maker.args[0], maker.args[1]
        of_module = isinstance(owner, Free) and isinstance(
            namespace_value(origin, owner.name), types.ModuleType)
        if attribute == Const("__getitem__") and isinstance(owner, Var):
            return lambda name, item: Bind((name,), Ref(operator.getitem), (owner, item), (), s.loc)
        if of_module or (isinstance(owner, Var) and attribute.value == "get"):
            return lambda name, item: Bind((name,), Ref(ops.method), (owner, attribute, item), (),
                                           s.loc)
    getter, given = _called(maker, origin)
    if getter in _READ_BY and len(given) == 1 and isinstance(given[0], Const) and \
            "." not in str(given[0].value):
        return lambda name, item: Bind((name,), Ref(_READ_BY[getter]), (item, given[0]), (), s.loc)
    return None


#: What reads one item or attribute of what it is given.
_READ_BY: dict[Any, Any] = {operator.itemgetter: operator.getitem, operator.attrgetter: getattr}


def _called(s: Bind, origin: Any) -> tuple[Any, tuple[Any, ...]]:
    """What a statement calls by name, or by that of a module, and with what."""
    if isinstance(s.fn, Free):
        return namespace_value(origin, s.fn.name), s.args
    if s.calls(ops.method) and isinstance(s.args[0], Free) and isinstance(s.args[1], Const):
        owner = namespace_value(origin, s.args[0].name)
        known = isinstance(owner, types.ModuleType)
        return getattr(owner, s.args[1].value, MISSING) if known else MISSING, s.args[2:]
    return MISSING, ()


def _written_out(s: Bind, key: _Key, names: Names) -> Block:
    assert isinstance(s.fn, Free)
    fn, loc = getattr(builtins, s.fn.name), s.loc
    items, keys, item, rank = map(names, ("items", "keys", "item", "key"))
    ask = key(rank, Var(item))
    noted = Bind((), Ref(ops.method), (Var(keys), Const("append"), Var(rank)), (), loc)
    empty = Bind((keys,), Ref(ops.list_), (), (), loc)
    if len(s.args) > 1:
        before: Block = (Bind((items,), Ref(ops.list_), s.args, (), loc), empty,
                         For(item, Var(items), (ask, noted), (), loc))
    elif fn is sorted:
        before = (Bind((items,), Ref(list, "list"), s.args, (), loc), empty,
                  For(item, Var(items), (ask, noted), (), loc))
    else:
        # Each key is asked for before the next item is drawn.
        put = Bind((), Ref(ops.method), (Var(items), Const("append"), Var(item)), (), loc)
        (source,) = ir.plain_args(s)
        before = (Bind((items,), Ref(ops.list_), (), (), loc), empty,
                  For(item, source, (put, ask, noted), (), loc))
    place = names("i")
    if fn is not sorted:
        first = Bind((place,), Ref(standins_ordering.first), (Ref(fn), Var(keys)), (), loc)
        return (*before, first, Bind(s.targets, Ref(operator.getitem), (Var(items), Var(place)), (),
                                     loc))
    places, chosen = names("places"), names("item")
    made = names(s.targets[0])
    options = tuple([(k, a) for k, a in s.kwargs if k != "key"])
    return (*before,
            Bind((places,), Ref(standins_ordering.order), (Var(keys),), options, loc),
            Bind((made,), Ref(ops.list_), (), (), loc),
            For(place, Var(places), (
                Bind((chosen,), Ref(operator.getitem), (Var(items), Var(place)), (), loc),
                Bind((), Ref(ops.method), (Var(made), Const("append"), Var(chosen)), (), loc),
            ), (), loc),
            ir.Move(s.targets, (Var(made),), loc))
