"""The lines that make what travels with generated text, for whoever runs the text elsewhere."""

from __future__ import annotations

import ast
import re
import sys
import types
from typing import Any

import numpy as np

from s2sdiff.backend.names import MISSING, Names, fresh, lookup, reference
from s2sdiff.runtime.rule_calls import RuleCaller

__all__ = ["prelude"]


def prelude(names: Names) -> tuple[str, ...]:
    """One line per cell that makes it in the original's module; a comment where none can."""
    lines = [_line(names, name, target) for name, target in list(names.cells.items())]
    # What a line names may have to be imported itself.
    lines += [_line(names, *cell) for cell in list(names.cells.items())[len(lines):]]
    lines += filter(None, [_derived_from(names, target) for target in names.cells.values()])
    home = "from s2sdiff import runtime as rt"
    if any(re.search(r"\brt\.", line) for line in lines) and home not in lines:
        name = "rt" if "rt" not in names.taken else fresh(names, "rt")
        lines = [re.sub(r"\brt\.", f"{name}.", line) for line in lines]
        lines.append(home.removesuffix("rt") + name)
    imports = sorted({line for line in lines if line.startswith(("from ", "import "))})
    return (*imports, *sorted(line for line in lines if line not in imports))


def _derived_from(names: Names, target: Any) -> str:
    """The import of what the line of a derivative names, where the text's own module has it not."""
    found = getattr(target, "__s2sdiff_from__", None)
    if not isinstance(found, tuple) or found[0].__name__ == "__main__":
        return ""
    module, root = found
    known = lookup(names.function, root) is vars(module).get(root)
    return "" if known else f"from {module.__name__} import {root}"


def _line(names: Names, name: str, target: Any) -> str:
    if isinstance(target, types.ModuleType):
        home, _, leaf = target.__name__.rpartition(".")
        renamed = "" if leaf == name else f" as {name}"
        return f"from {home} import {leaf}{renamed}" if home else f"import {leaf}{renamed}"
    source = getattr(target, "__s2sdiff_source__", None)
    if isinstance(source, str):
        return f"{name} = {source}"
    if isinstance(target, RuleCaller):
        of = ast.unparse(reference(names, target.rule.of))
        return f"{name} = rt.rule_caller(rt.rule_of({of}), {target.wrt!r}, {target.kept!r})"
    home, path = getattr(target, "__module__", None), getattr(target, "__name__", None)
    for candidate in (home, "scipy.special"):
        module = sys.modules.get(candidate) if isinstance(candidate, str) else None
        if module is None or candidate == "__main__" or not isinstance(path, str):
            continue
        if getattr(module, path, MISSING) is target:
            return f"from {candidate} import {path}" + ("" if path == name else f" as {name}")
    if type(target) is float:
        return f"{name} = float({str(target)!r})"
    if isinstance(target, np.generic) and lookup(names.function, "np") is np:
        return f"{name} = {target!r}"
    return f"# {name}: {type(target).__name__}"
