"""Functions with the same text and other parameters: with what they capture among them.

    def around(data, scale):                        def loss(p, data, scale):
        def model(p): return scale * np.sin(p)          def model(p): return scale * np.sin(p)
        def loss(p):                                    return np.sum((model(p) - data) ** 2)
            return np.sum((model(p) - data) ** 2)

Of an argument it is known what it holds, and a nested function that is only called is written into
its calls; of a cell there is nothing but the type of what lies in it.
"""

from __future__ import annotations

import ast
import copy
import types
from dataclasses import replace
from typing import Any

import gast

from s2sdiff.errors import DifferentiationError
from s2sdiff.frontend import lifting_scopes, scopes, source
from s2sdiff.frontend.codes import FUTURE
from s2sdiff.frontend.source import Parsed

__all__ = ["called_in", "compiled_around", "read_outside", "with_parameters"]

#: By code objects and names: the code that was made, with the names that it still captures.
_made: dict[Any, Any] = {}
#: By code: the call that a function is, if it is nothing else.
_calls: dict[types.CodeType, Any] = {}
#: By code: the names that a function reads from its module.
_outside: dict[types.CodeType, frozenset[str]] = {}


def called_in(function: types.FunctionType) -> Any:
    """Of a function that does nothing but call another one: its name, and what it is given.

    None for others.  Arguments are `(parameter, name, constant)`; with the index or the name that
    it is given by, a name, or "" and a constant.
    """
    code = function.__code__
    if code not in _calls:
        if len(_calls) > 1024:
            _calls.clear()
        _calls[code] = None if len(code.co_code) > _LONGEST else _called_in(function)
    return _calls[code]


#: The bytes of a call of twenty arguments, and some: longer functions do more than to call one.
_LONGEST = 300


def _called_in(function: types.FunctionType) -> Any:
    try:
        node = source.read(function).node
    except DifferentiationError:
        return None
    body = [gast.Return(node.body)] if isinstance(node, gast.Lambda) else [
        s for s in node.body if not (isinstance(s, gast.Expr) and isinstance(
            s.value, gast.Constant))]
    call: Any = body[0].value if len(body) == 1 and isinstance(body[0], gast.Return) else None
    if not isinstance(call, gast.Call) or not isinstance(call.func, gast.Name):
        return None
    given = [*enumerate(call.args), *[(k.arg, k.value) for k in call.keywords]]
    if any(slot is None or not isinstance(a, (gast.Name, gast.Constant)) for slot, a in given):
        return None
    return call.func.id, tuple([(slot, getattr(a, "id", ""), getattr(a, "value", None))
                                for slot, a in given])


def read_outside(function: types.FunctionType) -> frozenset[str]:
    """The names that a function reads, which are neither its own nor captured."""
    code = function.__code__
    if code not in _outside:
        if len(_outside) > 1024:
            _outside.clear()
        try:
            node = source.read(function).node
        except DifferentiationError:
            return frozenset()
        _outside[code] = frozenset(scopes.read(node)) - {*code.co_freevars} - _bound(node)
    return _outside[code]


def _bound(node: Any) -> set[str]:
    """The names that a function binds."""
    found = {*scopes.parameters(node.args)}
    return found if isinstance(node, gast.Lambda) else found | scopes.bound(node.body)


def with_parameters(function: types.FunctionType, order: tuple[str, ...],
                    inside: dict[str, types.FunctionType],
                    renamed: dict[str, str] | None = None) -> Any:
    """The function with other parameters: its own, in this `order`, and what it captures.

    Parameters that are not named keep their defaults.  Functions that it captures, or is given,
    stand `inside` of it, where what they capture may be `renamed`.  None where that is another
    function: a name is bound anew somewhere, or something is done that only a closure can.
    """
    functions = {"": function, **inside}
    rest = {n: v for n, v in _defaults(function).items() if n not in order and n not in inside}
    renamed = renamed or {}
    key = (order, tuple(rest), tuple(inside), tuple(renamed.items()), id(function.__globals__),
           *[f.__code__ for f in functions.values()])
    if key not in _made:
        if len(_made) > 1024:
            _made.clear()
        _made[key] = _compiled(functions, order, tuple(rest), renamed)
    found = _made[key]
    if found is None:
        return None
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    for f in inside.values():
        cells |= zip(f.__code__.co_freevars, f.__closure__ or (), strict=True)
    made = types.FunctionType(found, function.__globals__, function.__name__,
                              tuple(rest.values()) or None,
                              tuple([cells[n] for n in found.co_freevars]) or None)
    made.__module__, made.__qualname__ = function.__module__, function.__qualname__
    return made


def _defaults(function: types.FunctionType) -> dict[str, Any]:
    code, values = function.__code__, function.__defaults__ or ()
    names = code.co_varnames[code.co_argcount - len(values):code.co_argcount]
    return {**dict(zip(names, values, strict=True)), **(function.__kwdefaults__ or {})}


def _compiled(functions: dict[str, types.FunctionType], order: tuple[str, ...],
              rest: tuple[str, ...], renamed: dict[str, str]) -> types.CodeType | None:
    parsed = _parsed(functions, order, renamed)
    if parsed is None:
        return None
    first = parsed.pop("")
    # Messages show the lines of all of them.
    lines = {n: line for one in (*parsed.values(), first) for n, line in one.lines.items()}
    first = replace(first, lines=lines)
    node = first.node
    own = {n.id: n for n in _parameters(node.args)}
    if not own.keys() <= {*order, *rest, *functions}:
        return None  # a call would lack an argument, and raise
    names = [own.get(n) or gast.Name(n, gast.Param(), None, None) for n in (*order, *rest)]
    args = gast.arguments(copy.deepcopy(names), [], None, [], [], None,
                          [gast.Constant(None, None) for _ in rest])
    body = [*[_definition(name, one.node) for name, one in parsed.items()], *_body(node)]
    captured = {renamed.get(n, n) for f in functions.values() for n in f.__code__.co_freevars}
    return compiled_around(first, args, body, captured - {*order, *parsed})


def compiled_around(of: Parsed, args: Any, body: list[Any], captured: set[str]) -> types.CodeType:
    """The code of a function with other parameters and another body, which captures some names."""
    # By its own name it calls the function that it was made of.
    name = f"{getattr(of.node, 'name', 'function')}_anew"
    made = gast.copy_location(gast.FunctionDef(name, args, body, [], None, None), of.node)
    # What stays captured are variables of a function around.
    around = gast.arguments([gast.Name(n, gast.Param(), None, None) for n in sorted(captured)],
                            [], None, [], [], None, [])
    outer = gast.copy_location(gast.FunctionDef("around", around, [made], [], None, None), of.node)
    tree = ast.fix_missing_locations(gast.gast_to_ast(gast.fix_missing_locations(
        gast.Module([outer], []))))
    definition: Any = tree.body[0]
    for n in ast.walk(definition):
        if isinstance(n, ast.FunctionDef) and not hasattr(n, "type_params"):
            n.type_params = []  # type: ignore[attr-defined]
    flags = of.function.__code__.co_flags & FUTURE
    code = _only_code(_only_code(compile(tree, of.file, "exec", flags, dont_inherit=True)))
    source.enter(code, definition.body[0], of)
    return code


def _only_code(code: types.CodeType) -> types.CodeType:
    return next(c for c in code.co_consts if isinstance(c, types.CodeType))


def _parameters(args: Any) -> list[Any]:
    return [*args.posonlyargs, *args.args, *args.kwonlyargs]


def _body(node: Any) -> list[Any]:
    if isinstance(node, gast.Lambda):
        return [gast.copy_location(gast.Return(copy.deepcopy(node.body)), node)]
    return copy.deepcopy(node.body)


def _definition(name: str, node: Any) -> Any:
    args = copy.deepcopy(node.args)
    for n in _parameters(args):
        n.annotation = None
    return gast.copy_location(gast.FunctionDef(name, args, _body(node), [], None, None), node)


def _renamed(one: Parsed, own: set[str], names: dict[str, str]) -> Parsed | None:
    """A function with other names for what it captures; None where it has them for itself."""
    names = {n: new for n, new in names.items() if n in own}
    if not names:
        return one
    node = copy.deepcopy(one.node)
    for n in gast.walk(node):
        if isinstance(n, gast.Name) and n.id in names:
            if not isinstance(n.ctx, gast.Load):
                return None
            n.id = names[n.id]
    return replace(one, node=node)


def _parsed(functions: dict[str, types.FunctionType], order: tuple[str, ...],
            renamed: dict[str, str]) -> dict[str, Parsed] | None:
    """The syntax of all of them, if their text means the same in one function."""
    found = {}
    around = functions[""].__globals__
    captured = {renamed.get(n, n) for f in functions.values() for n in f.__code__.co_freevars}
    for name, f in functions.items():
        own = set(f.__code__.co_freevars)
        try:
            read = _renamed(source.read(f), own, renamed)
        except DifferentiationError:
            return None
        if read is None:
            return None
        one, bound = read, _bound(read.node)
        own = {renamed.get(n, n) for n in own}
        # Inside, what a function binds is its own; what it reads from outside must be the same.
        others = (bound if name == "" else set()) | (set(scopes.read(one.node)) - own - bound)
        simple = lifting_scopes.simple(one.node) if name else _plain(one.node)
        here = f.__globals__ is around and one.file == functions[""].__code__.co_filename
        if one.private is not None or not simple or not here or \
                not one.rebindable.isdisjoint({*own, *order}) or not others.isdisjoint(captured):
            return None
        found[name] = one
    return found


def _plain(node: Any) -> bool:
    """The function around the others may have defaults, which are kept."""
    a = node.args
    bare = copy.copy(node)
    bare.args = gast.arguments([], [], None, [], [], None, [])
    return not (a.vararg or a.kwarg) and lifting_scopes.simple(bare)
