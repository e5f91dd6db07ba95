"""What is a number on one path, and something of another kind on another: texts, lists, objects.

It is a variable, or lies in a list, a dict or an object, and is asked for what it is where it is
used.
"""

from __future__ import annotations

from tests.fuzz.draft import DEPTH, REAL, Draft, Row, Scope, bind, fresh
from tests.fuzz.drawn import several

__all__ = ["ROWS"]

Made = tuple[list[str], bool] | None

#: Where it lies: how that begins, and its name there.
HELD = [("part = {x}", "part"), ("part = {x} * {y}", "part"), ("box = [0.1, {x}]", "box[1]"),
        ("box = [{x}]", "box[-1]"), ("box = {{'a': {x}, 'b': 0.2}}", "box['a']"),
        ("import types\nbox = types.SimpleNamespace(a={x})", "box.a"),
        ("box = [[{x}], 0.3]", "box[0][0]"), ("box = ({x}, {y})\npart = box[1]", "part")]
OTHER = ["f'{{{x}}}'", "str({x})", "'%s' % {y}", "[{x}]", "[{x}, {y}]", "({x}, 0.3)", "None", "3",
         "True", "{{'a': {x}}}", "complex({x}, 0.2)", "(lambda: {x})", "[]", "'0.5'", "range(2)",
         "np.array([{x}, {y}])", "np.ones(2)", "np.float64({x})", "np.array({x})", "{x}", "{x}",
         "repr([{x}])", "-{y}", "0.5 * {v}", "[{v}]", "({v}, {v})", "[0.3, [{v}]]"]
PATHS = [
    "if {x} > {y}:\n    {v} = {o}", "if {x} > {y}:\n    {v} = {o}\nelse:\n    {v} = {p}",
    "for turn in range(2):\n    if turn * {x} > {y}:\n        {v} = {o}",
    "{v} = {o} if {x} > {y} else {p}",
    ("try:\n    {v} = {o}\n    if {x} > {y}:\n        raise ValueError\n"
     "except ValueError:\n    {v} = {p}"),
    "def told(part):\n    return {o} if part > {y} else {p}\n{v} = told({x})",
    "while True:\n    {v} = {o}\n    if {x} > {y}:\n        break\n    {v} = {p}\n    break",
    "{v} = ({x} > {y} and {o}) or {p}", "{v} = {o}\nif {x} > {y}: {v} = {p}",
]
USES = [
    "total += 0.3 * {v} if isinstance({v}, float) else {x}", "total += 0.1 * isinstance({v}, str)",
    "try:\n    total += 0.3 * {v}\nexcept TypeError:\n    total += {x}",
    "if isinstance({v}, (list, tuple)): total += sum(part for part in {v} if type(part) is float)",
    "if isinstance({v}, (int, float)): total = total * {v} + 0.1",
    "total += 0.2 * len({v}) if isinstance({v}, (str, list, tuple, dict)) else 0.1",
    "if {v} is None: total *= {x}", "if callable({v}): total += {v}() * {y}",
    "if isinstance({v}, np.ndarray): total += np.sum({v} * {x})",
    "if isinstance({v}, dict): total += {v}['a'] * {x}",
    "if isinstance({v}, complex): total += {v}.real * {v}.imag",
    "if isinstance({v}, list): {v}.append({x})",
    "kept = {v}\nif type(kept) is float: total += kept",
    "total += 0.1 * (np.size({v}) if isinstance({v}, np.ndarray) else 2)",
    "if isinstance({v}, str): {v} = len({v})",
    "said = f\"{{{v}}}\"", "total += math.sin({v}) if type({v}) is float else 0.1",
    "if isinstance({v}, (int, float)) and {v} > {x}: total += {v} * {y}",
    "kept = [{v}, {x}]\ntotal += kept[1]\nif isinstance(kept[0], float): total += kept[0] * 0.2",
    "try:\n    total += float(np.sum({v}))\nexcept (TypeError, ValueError):\n    total -= {y}",
    "total += (lambda part: part * part if isinstance(part, float) else 0.2)({v})",
]


def once(d: Draft, scope: Scope, text: str) -> list[str]:
    return several(d, scope, [text], 1)


def form(d: Draft, scope: Scope) -> Made:
    """It becomes another thing on some paths, once or twice, and is used in between."""
    if scope.depth >= DEPTH or d.budget[0] < 0 or not scope.numpy:
        return None
    name = fresh(d, scope)
    begin, place = d.rng.choice(HELD)
    lines = ["total = 0.2", *once(d, scope, begin)]
    for _ in range(d.rng.randint(1, 3)):
        path = d.rng.choice(PATHS)
        for mark in ("{o}", "{p}"):
            path = path.replace(mark, d.rng.choice(OTHER))
        chosen = [path, *(d.rng.choice(USES) for _ in range(d.rng.randint(1, 3)))]
        for text in chosen:
            lines += once(d, scope, text.replace("{v}", place))
    bind(scope, name, REAL)
    return [*lines, f"{name} = math.sin(total)"], True


ROWS = [Row("another kind on one path", 3, form)]
