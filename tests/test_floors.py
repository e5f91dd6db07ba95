"""The floors of the architecture: a module imports only from lower floors, or from its own room.

The imports are read from the source, those inside functions too.
"""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "s2sdiff"

#: What stands on which floor; a folder speaks for every module in it.
FLOORS = {
    0: ["bindings", "collecting", "errors", "grammar", "ir", "ops", "kinds", "registration",
        "kinds_of_arguments", "kinds_in_common", "kinds_joined", "registry", "rule_modules",
        "scoped_rules", "namespaces", "tree",
        "runtime"],
    1: ["frontend", "backend", "rules"],
    2: ["transforms"],
    3: ["arguments", "asked", "begun", "boundary", "cache", "compiler", "dispatch", "fitting",
        "guards", "headings", "nested_calls", "nested_holders", "nested_kinds",
        "nested_memory", "pushing",
        "recursion", "reports", "results", "turned", "variants", "written_again"],
    4: ["again", "api", "blocks", "carrying", "checking", "differencing", "directional",
        "drawing_again", "forward",
        "functions", "given_tangents", "hessian_products", "jacobian_calls", "jacobians",
        "known_products", "leaves_as_arguments", "left_behind", "left_outside", "linear_rows",
        "linearized", "nested_captures", "nested_jacobians", "nested_structures",
        "nested_pullbacks", "of_objects", "opened", "opened_closures", "orders", "pullbacks",
        "second", "sparse", "standing_alone", "surroundings", "together", "trees",
        "vector_products"],
    5: ["", "__main__", "cli", "listing", "targets", "nn"],
}
FLOOR = {room: floor for floor, rooms in FLOORS.items() for room in rooms}

#: Rooms of one floor that may import each other; elsewhere a floor's rooms are strangers.
OPEN_FLOORS = {0, 3, 4, 5}


def module_name(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(p for p in parts if p != "__init__")


def is_module(name):
    base = PACKAGE.joinpath(*name.split("."))
    return base.with_suffix(".py").exists() or (base / "__init__.py").exists()


def imports(path, source=None):
    """Names of the s2sdiff modules that a module imports, without the leading package."""
    here = ["s2sdiff", *path.relative_to(PACKAGE).parent.parts]
    found = set()
    for node in ast.walk(ast.parse(source if source is not None else path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = here[: len(here) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inside = f"{base}.{alias.name}"
                submodule = base.split(".")[0] == "s2sdiff" and is_module(inside[len("s2sdiff.") :])
                found.add(inside if submodule else base)
    return {name[len("s2sdiff.") :] for name in found if (name + ".").startswith("s2sdiff.")}


def room(name):
    return name.split(".")[0]


def offences(name, imported):
    """The imports of a module that its floor does not allow."""
    mine = FLOOR[room(name)]
    wrong = []
    for other in sorted(imported):
        theirs = FLOOR[room(other)]
        neighbour = theirs == mine and (room(other) == room(name) or mine in OPEN_FLOORS)
        if theirs >= mine and not neighbour:
            wrong.append(f"{name} (floor {mine}) imports {other or 's2sdiff'} (floor {theirs})")
    return wrong


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


@pytest.mark.parametrize("name", MODULES, ids=lambda name: name or "s2sdiff")
def test_a_module_imports_only_from_lower_floors_or_its_own_room(name):
    assert room(name) in FLOOR, f"{name} stands on no floor: say in FLOORS where it belongs"
    assert offences(name, imports(MODULES[name])) == []


def test_rules_see_floor_zero_only_so_that_they_read_like_a_users():
    for name, path in MODULES.items():
        if room(name) == "rules":
            assert {FLOOR[room(i)] for i in imports(path) if room(i) != "rules"} <= {0}, name


def test_layers_use_the_public_interface_only():
    for name, path in MODULES.items():
        if room(name) == "nn":
            assert {room(i) for i in imports(path)} <= {"", "nn"}, name


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("rules/x.py", "from s2sdiff.transforms import reverse"),
        ("transforms/x.py", "import s2sdiff.compiler"),
        ("transforms/x.py", "from .. import compiler"),
        ("frontend/x.py", "from s2sdiff.backend.printer import text"),
        ("errors.py", "def late():\n    from s2sdiff import grad"),
        ("runtime/x.py", "from s2sdiff.rules import shapes"),
    ],
)
def test_an_upward_import_is_found(module, line):
    path = PACKAGE / module
    assert offences(module_name(path), imports(path, line))


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("rules/x.py", "from s2sdiff.registry import derivative"),
        ("transforms/x.py", "from s2sdiff.transforms.dce import run"),
        ("transforms/x.py", "from . import dce"),
        ("errors.py", "from s2sdiff.ir import Loc"),
        ("cli.py", "import numpy, s2sdiff"),
    ],
)
def test_a_downward_import_is_allowed(module, line):
    path = PACKAGE / module
    assert offences(module_name(path), imports(path, line)) == []
