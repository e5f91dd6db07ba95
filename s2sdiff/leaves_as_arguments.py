"""Gradients of structures as text that deals with the arrays in them alone.

    def loss_grad(model, x):                            def loss_grad(model_w, x):
        y = x @ model.w                                     y = x @ model_w
        ...                                                 ...
        return rt.gradient({"w": w_bar}, rt.parts(model))   return {"w": w_bar}

Tangents of objects are kept by place, of which little is known when code is written.  Where a
gradient's text reads parts of its arguments under names and keys that are written down, and nothing
else of them, these parts are arguments as well as the structures are, and their tangents variables.
"""

from __future__ import annotations

import ast
import linecache
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from s2sdiff import runtime
from s2sdiff.backend.loader import load
from s2sdiff.backend.printer import Printed
from s2sdiff.kinds import SCALARS
from s2sdiff.kinds_of_arguments import held_by
from s2sdiff.runtime.shadows import owner_of

__all__ = ["Apart", "apart", "part_at"]

#: Where a part lies: attributes and keys, from the argument on.
Path = tuple[tuple[bool, Any], ...]

_CONTAINERS = (list, tuple, dict)
_LEAVES = (np.ndarray, np.generic, *SCALARS, str, type(None))


class Apart:
    """A gradient's text with parts of arguments in the place of these.

    Attributes
    ----------
    function : it; what it gives for a structure are the cotangents of its parts, by key
    arguments : for each of its arguments the index of the one that it is part of, and where it lies
    whole : of its results, which are given as they are
    """

    def __init__(self, function: Any, arguments: list[tuple[int, Path]], whole: tuple) -> None:
        self.function, self.arguments, self.whole = function, arguments, whole

    def parts(self, args: tuple) -> tuple | None:
        """What it is given in place of arguments; None where two share memory, or one is not there.
        """
        try:
            found = [part_at(args[i], path) for i, path in self.arguments]
        except LookupError:
            return None
        owners = [id(owner_of(x)) for x in found if isinstance(x, np.ndarray)]
        return tuple(found) if len({*owners}) == len(owners) else None


def part_at(x: Any, path: Path) -> Any:
    """A part of a structure.

    >>> part_at({"layers": [1.0, 2.0]}, ((False, "layers"), (False, -1)))
    2.0
    """
    for is_attribute, key in path:
        if is_attribute:
            x = (held_by(x) or {})[key]
        elif type(x) in _CONTAINERS:
            x = x[key]
        else:
            raise KeyError(key)
    return x


def apart(code: Any, args: tuple) -> Apart | None:
    """The text of a gradient for arguments like these, with parts of them in their place.

    None where it does something else with a structure than to read its parts.
    """
    text = "".join(linecache.getlines(code.__code__.co_filename))
    tree = next((s for s in ast.parse(text).body if isinstance(s, ast.FunctionDef)
                 and s.name == code.__name__), None)
    if tree is None or tree.args.vararg or tree.args.kwarg or tree.args.kwonlyargs or \
            len(tree.args.args) + len(tree.args.posonlyargs) != len(args):
        return None
    names = [a.arg for a in (*tree.args.posonlyargs, *tree.args.args)]
    structures = {n: i for i, (n, x) in enumerate(zip(names, args, strict=True))
                  if not isinstance(x, (*_LEAVES, types.FunctionType))}
    try:
        writer = _Writer(code, tree, structures, args)
        body = [n for s in tree.body for made in [writer.visit(s)] if made is not None
                for n in (made if isinstance(made, list) else [made])]
    except _Other:
        return None
    given: list[tuple[int, Path]] = []
    parameters: list[str] = []
    for i, n in enumerate(names):
        if n not in structures:
            given.append((i, ()))
            parameters.append(n)
        for (root, path), leaf in writer.leaves.items():
            if root == n:
                given.append((i, path))
                parameters.append(leaf)
    tree.args = ast.arguments([], [ast.arg(n) for n in parameters], None, [], [], None, [])
    tree.body = body or [ast.Pass()]
    made = load(Printed(ast.unparse(ast.fix_missing_locations(tree)) + "\n", {}, ()), tree.name,
                _without_defaults(code))
    return Apart(made, given, tuple(writer.whole))


def _without_defaults(code: Any) -> Any:
    made = types.FunctionType(code.__code__, code.__globals__, code.__name__, None,
                              code.__closure__)
    made.__module__, made.__qualname__ = code.__module__, code.__qualname__
    return made


class _Other(Exception):
    """Something else is done with a structure."""


class _Writer(ast.NodeTransformer):
    def __init__(self, code: Any, tree: ast.FunctionDef, structures: dict[str, int],
                 args: tuple) -> None:
        self.args, self.structures = args, structures
        stored = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name)
                  and not isinstance(n.ctx, ast.Load)]
        self.once = {n for n in stored if stored.count(n) == 1} - {*structures}
        self.taken = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} | {
            a.arg for a in ast.walk(tree) if isinstance(a, ast.arg)}
        if not structures.keys().isdisjoint(stored):
            raise _Other
        #: Second names of structures and of parts of them, and of what `parts` gives.
        self.paths: dict[str, tuple[str, Path]] = {n: (n, ()) for n in structures}
        self.kept: dict[str, str] = {}
        #: Names of results that are the cotangents of a structure.
        self.made: set[str] = set()
        self.leaves: dict[tuple[str, Path], str] = {}
        self.arrays: set[str] = set()
        self.whole: list[bool] = []
        self.helpers = _helpers(code)

    def read(self, root: str, path: Path) -> Any:
        try:
            return part_at(self.args[self.structures[root]], path)
        except LookupError:
            raise _Other from None

    def path(self, node: Any) -> tuple[str, Path] | None:
        """Where what an expression reads lies in an argument."""
        if isinstance(node, ast.Name):
            return self.paths.get(node.id)
        if not isinstance(node, (ast.Attribute, ast.Subscript)):
            return None
        base = self.path(node.value)
        if base is None or isinstance(self.read(*base), _LEAVES):
            return None
        step = (True, node.attr) if isinstance(node, ast.Attribute) else (False, _key(node.slice))
        return base[0], (*base[1], step)

    def leaf(self, root: str, path: Path) -> ast.Name | None:
        """The argument that a part is; None for a structure."""
        x = self.read(root, path)
        if not isinstance(x, _LEAVES):
            return None
        if (root, path) not in self.leaves:
            name = base = "_".join([root, *[
                key if str(key).isidentifier() else "last" if key == -1 else
                str(key) if isinstance(key, int) and key >= 0 else "part" for _, key in path]])
            count = 0
            while name in self.taken:
                count += 1
                name = f"{base}_{count}"
            self.taken.add(name)
            self.leaves[root, path] = name
            self.arrays.add(name)
        return ast.Name(self.leaves[root, path], ast.Load())

    def visit_Assign(self, node: ast.Assign) -> Any:
        target, found = node.targets[0], self.path(node.value)
        if isinstance(target, ast.Name) and found is not None and self.leaf(*found) is not None:
            self.arrays.add(target.id)
        if isinstance(target, ast.Name) and target.id in self.once:
            if found is not None and self.leaf(*found) is None:
                self.paths[target.id] = found
                return None
            parts = self.parts_of(node.value)
            if parts is not None:
                self.kept[target.id] = parts
                return None
            if isinstance(node.value, ast.Call) and self.is_structure(node.value):
                self.made.add(target.id)
                node.value = node.value.args[0]
        if isinstance(target, ast.Tuple) and found is not None:
            return self.unpacked(target, *found)
        return self.generic_visit(node)

    def unpacked(self, target: ast.Tuple, root: str, path: Path) -> Any:
        """`w, b = layer`, item by item."""
        whole, names = self.read(root, path), [getattr(t, "id", "") for t in target.elts]
        if type(whole) not in (list, tuple) or len(whole) != len(names) or not \
                self.once.issuperset(names):
            raise _Other
        made = []
        for i, name in enumerate(names):
            item = root, (*path, (False, i))
            leaf = self.leaf(*item)
            if leaf is None:
                self.paths[name] = item
            else:
                self.arrays.add(name)
                made.append(ast.Assign([ast.Name(name, ast.Store())], leaf, lineno=target.lineno))
        return made

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        if getattr(node.target, "id", "") in self.arrays:
            raise _Other  # what the caller has is written
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> Any:
        call = node.value
        if isinstance(call, ast.Call) and self.helpers(call.func) in _LOOKS and all(
                isinstance(a, (ast.Name, ast.Constant, ast.Tuple)) for a in call.args):
            return None  # parts are looked at when they are taken
        return self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> Any:
        value: Any = node.value
        several, made = type(value) is ast.Tuple, []
        for e in list(value.elts) if several else [value]:
            named, structure = getattr(e, "id", "") in self.made, self.is_structure(e)
            self.whole.append(not (structure or named))
            made.append(e if named else self.visit(e.args[0] if structure else e))
        return ast.Return(ast.Tuple(made, ast.Load()) if several else made[0])

    def is_structure(self, node: Any) -> bool:
        """Whether an expression gives cotangents the structure of an argument."""
        return isinstance(node, ast.Call) and self.helpers(node.func) is runtime.gradient and \
            len(node.args) == 2 and not node.keywords and \
            self.parts_of(node.args[1]) is not None

    def parts_of(self, node: Any) -> str | None:
        """The argument that an expression gives the parts of."""
        if isinstance(node, ast.Name) and node.id in self.kept:
            return self.kept[node.id]
        if isinstance(node, ast.Call):
            # Where nothing is written, the argument is as it was.
            if self.helpers(node.func) is not runtime.parts or len(node.args) != 1:
                return None
            node = node.args[0]
        found = self.path(node)
        return found[0] if found is not None and not found[1] else None

    def visit_Name(self, node: ast.Name) -> Any:
        made = node.id in self.made and isinstance(node.ctx, ast.Load)
        if made or node.id in self.paths or node.id in self.kept:
            raise _Other
        return node

    def visit_Attribute(self, node: Any) -> Any:
        found = self.path(node)
        base = node.value
        if not isinstance(node.ctx, ast.Load) and (found is not None or (
                isinstance(base, ast.Name) and base.id in self.arrays)):
            raise _Other
        if found is None:
            return self.generic_visit(node)
        leaf = self.leaf(*found)
        if leaf is None:
            raise _Other
        return leaf

    visit_Subscript = visit_Attribute


def _key(node: Any) -> Any:
    try:
        key = ast.literal_eval(node)
    except ValueError:
        raise _Other from None
    if not isinstance(key, (int, str)):
        raise _Other
    return key


def _helpers(code: Any) -> Callable[[Any], Any]:
    """What finds the function of the library that a call in generated code names, if it does."""
    cells = dict(zip(code.__code__.co_freevars, code.__closure__ or (), strict=True))

    def of(node: Any) -> Any:
        name = node.value.id if isinstance(node, ast.Attribute) and isinstance(
            node.value, ast.Name) else None
        cell = cells.get(name or "")
        return getattr(runtime, node.attr, None) if name and cell is not None and \
            cell.cell_contents is runtime else None

    return of


#: Statements that look whether arguments share memory.
_LOOKS = (runtime.separate, runtime.apart, runtime.apart_beside,
          runtime.as_before)
