"""Random exceptions raised and caught, context managers, match, del, walrus, assertions."""

from __future__ import annotations

from tests.fuzz import conditions, draft, forms, scalars, statements
from tests.fuzz.draft import (
    DEPTH,
    INT,
    REAL,
    WORD,
    Draft,
    Row,
    Scope,
    bind,
    fresh,
    indent,
    inner,
    target,
    variables,
)
from tests.fuzz.places import an_array, list_of, one

Made = tuple[list[str], bool] | None
#: What raises, and what that can be caught as.
RAISING = [
    ("raise ValueError('too large')", ["ValueError", "Exception", "(KeyError, ValueError)"]),
    ("raise KeyError('p')", ["KeyError", "LookupError", "Exception"]),
    ("[0.5][1]", ["IndexError", "LookupError", "Exception"]),
    ("1 // 0", ["ZeroDivisionError", "ArithmeticError", "Exception"]),
    ("{}['r']", ["KeyError", "Exception"]),
    ("math.sqrt(-1.0)", ["ValueError", "Exception"]),
    ("assert False, 'never'", ["AssertionError", "Exception"]),
    ("raise Trouble('here')", ["Trouble", "Exception", "RuntimeError"]),
    ("int('x')", ["ValueError", "Exception"]),
]
PREAMBLE = ["class Trouble(RuntimeError):", "    pass", "",
            "class Guard:", "    def __init__(self, k):", "        self.k = k",
            "    def __enter__(self):", "        return self.k",
            "    def __exit__(self, *_):", "        return False"]


def attempt(d: Draft, scope: Scope) -> Made:
    """A body that may raise after some of its effects; handlers, else and finally."""
    if scope.depth >= DEPTH:
        return None
    raising, caught = d.rng.choice(RAISING)
    body, falls = statements.block(d, first := inner(scope), d.rng.randint(1, 2))
    if falls:
        body += [f"if {conditions.test(d, first)}:", f"    {raising}"]
        more, falls = statements.block(d, first, d.rng.randint(0, 2)) if d.rng.random() < 0.7 \
            else ([], True)
        body += more
    ends = [first.names] if falls else []
    name = d.rng.choice(caught)
    handling = inner(scope)
    handler, handled = statements.block(d, handling, d.rng.randint(1, 2))
    ends += [handling.names] if handled else []
    lines = ["try:", *indent(body)]
    as_name = " as error" if d.rng.random() < 0.3 else ""
    if as_name and handled and d.rng.random() < 0.3:
        handler += ["log.append(type(error).__name__)"]
    lines += [f"except {name}{as_name}:", *indent(handler)]
    if d.rng.random() < 0.2:
        other, also = statements.block(d, last := inner(scope), 1)
        lines += ["except (TypeError, UnboundLocalError):", *indent(other)]
        ends += [last.names] if also else []
    if falls and d.rng.random() < 0.3:
        more, falls = statements.block(d, first, 1)
        lines += ["else:", *indent(more)]
        if not falls:
            ends = ends[1:]
    if d.rng.random() < 0.3:
        final, _ = statements.block(d, inner(scope, loop="", marks=set()), 1)
        # No return in a finally: it would swallow exceptions.
        kept = final if not any("return" in line for line in final) else ["log.append(0)"]
        lines += ["finally:", *indent(kept)]
    return lines, joined(scope, ends)


def joined(scope: Scope, ends: list[dict[str, draft.Kind]]) -> bool:
    """Keep what is bound with one kind on every path that arrives; whether any does."""
    if ends:
        common = {n: k for n, k in ends[0].items() if all(e.get(n) == k for e in ends)}
        scope.names.clear()
        scope.names.update(common)
    return bool(ends)


def retried(d: Draft, scope: Scope) -> Made:
    """A loop whose rounds may raise, with continue or break in the handler."""
    if scope.depth >= DEPTH - 1:
        return None
    raising, caught = d.rng.choice(RAISING)
    inside = inner(scope, loop="for", marks={"exit"})
    counter = fresh(d, scope)
    bind(inside, counter, INT, 3)
    body, falls = statements.block(d, inside, d.rng.randint(1, 2))
    number = d.rng.randint(0, 2)
    if falls:
        body += [f"if {counter} == {number}:", f"    {raising}"]
        body += [line for line in change(d, inside)]
    exit_word = d.rng.choice(["continue", "break", "pass"])
    lines = [f"for {counter} in range(3):", "    try:", *indent(indent(body)),
             f"    except {d.rng.choice(caught)}:", f"        {exit_word}"]
    if d.rng.random() < 0.3:
        lines += ["    finally:", "        log.append(1)"]
    return lines, True


def change(d: Draft, scope: Scope) -> list[str]:
    """A change of a number, an array or a list, that an exception may prevent."""
    array, cells = an_array(d, scope), one(d, scope, lambda p: p.kind == list_of(REAL))
    s = scalars.scalar(d, scope, 1, 1.0).text
    ways = [[f"{n} = 0.7 * {n} + {s}"] for n in variables(scope, REAL) if n not in scope.locked]
    ways += [[f"{array.text}[0] += {s}"], [f"{array.text}[...] *= {s}"]] if array else []
    ways += [[f"{cells.text}[0] = {s}"]] if cells else []
    return d.rng.choice(ways) if ways else []


def carried(d: Draft, scope: Scope) -> Made:
    """A change, an exception, and a handler that reads what was changed before it."""
    if scope.depth >= DEPTH:
        return None
    raising, caught = d.rng.choice(RAISING)
    name = target(d, scope, REAL)
    x, y, z = (scalars.scalar(d, scope, 1).text for _ in range(3))
    test = conditions.test(d, scope, 1)
    before, after = change(d, scope), change(d, scope)
    bind(scope, name, REAL)
    return ["try:", f"    {name} = {x}", *indent(before), f"    if {test}: {raising}",
            f"    {name} = {name} * 0.5 + {y}", *indent(after),
            f"except {d.rng.choice(caught)}:", f"    {name} = math.sin({name}) + 0.3 * {z}",
            *(["finally:", f"    {name} = 0.8 * {name}"] if d.rng.random() < 0.4 else [])], True


def managed(d: Draft, scope: Scope) -> Made:
    """A with statement."""
    if scope.depth >= DEPTH:
        return None
    x = scalars.leaf(d, scope).text
    own = fresh(d, scope)
    inside = inner(scope)
    header, kind = d.rng.choice([
        ("np.errstate(all='ignore')" if scope.numpy else "contextlib.nullcontext()", None),
        ("contextlib.suppress(KeyError)", None), (f"contextlib.nullcontext({x}) as {own}", REAL),
        (f"Guard({x}) as {own}", REAL), ("warnings.catch_warnings()", None),
        ("contextlib.redirect_stdout(io.StringIO())", None)])
    if kind:
        bind(inside, own, kind)
    body, falls = statements.block(d, inside, d.rng.randint(1, 3))
    suppresses = "suppress" in header
    if falls and suppresses and d.rng.random() < 0.6:
        test = conditions.test(d, inside)
        body += [f"if {test}:", "    {}['r']"]
        body += change(d, inside)
    lines = [f"with {header}:", *indent(body)]
    if suppresses:
        return lines, True
    return lines, joined(scope, [inside.names] if falls else [])


def matched(d: Draft, scope: Scope) -> Made:
    """A match statement: values, captures, sequences, classes, guards."""
    if scope.depth >= DEPTH:
        return None
    x, y = scalars.leaf(d, scope).text, scalars.leaf(d, scope).text
    words, counts = variables(scope, WORD), variables(scope, INT)
    made = one(d, scope, lambda p: p.kind[0] == "object")
    own = fresh(d, scope)
    subjects = [
        (f"({x}, {y})", [f"({own}, 0.25)", f"({own}, _)"], REAL),
        (f"[{x}, 0.3, {y}]", [f"[{own}]", f"[{own}, *_]"], REAL),
        (f"{{'kind': 'a', 'x': {x}}}", [f"{{'kind': 'b', 'x': {own}}}", f"{{'x': {own}}}"], REAL),
        (x, [f"{own} if {own} > 0.4", f"{own}"], REAL),
    ]
    subjects += [(words[-1], ["'fast'", "'slow' | 'none'"], None)] if words else []
    subjects += [(f"{counts[-1]} % 3", ["0", "1 | 2"], None)] if counts else []
    if made:
        subjects += [(made.text, [f"{made.kind[1][0]}(x={own})"], REAL)] * 2
    subject, patterns, kind = d.rng.choice(subjects)
    lines, ends = [f"match {subject}:"], []
    for pattern in [*patterns, "_"]:
        if pattern == "_" and patterns[-1] == own:
            break
        inside = inner(scope)
        if kind and pattern != "_":
            bind(inside, own, kind)
        body, falls = statements.block(d, inside, d.rng.randint(1, 2))
        lines += [f"    case {pattern}:", *indent(indent(body))]
        ends += [inside.names] if falls else []
    return lines, joined(scope, ends)


def walrus(d: Draft, scope: Scope) -> Made:
    """Names bound in tests, and in a while's head."""
    if scope.depth >= DEPTH:
        return None
    name = fresh(d, scope)
    text = scalars.scalar(d, scope, 2).text
    inside = inner(scope)
    bind(inside, name, REAL)
    body, falls = statements.block(d, inside, d.rng.randint(1, 2))
    bind(scope, name, REAL)
    return [f"if ({name} := {text}) > {d.rng.choice([0.3, -0.2])}:", *indent(body)], True


def deleted(d: Draft, scope: Scope) -> Made:
    """`del` of a name, which is bound anew before it is read."""
    names = [n for n in variables(scope, REAL) if n not in scope.locked]
    if len(names) < 3 or scope.loop or scope.depth:
        return None
    if any(kind[0] == "function" for kind in scope.names.values()):
        return None  # it may capture the name
    name = d.rng.choice(names)
    del scope.names[name]
    other = scalars.scalar(d, scope, 1).text
    if d.rng.random() < 0.5:
        bind(scope, name, REAL)
        return [f"del {name}", f"{name} = {other}"], True
    return [f"del {name}"], True


def asserted(d: Draft, scope: Scope) -> Made:
    x = scalars.leaf(d, scope).text
    return [d.rng.choice([f"assert {x} < 1e6", f"assert isinstance({x}, float), f'{{{x}}}'",
                          f"assert {x} == {x}, 'nan'", f"'{{:.3f}}'.format({x})"])], True


def starred(d: Draft, scope: Scope) -> Made:
    """Star-expressions in displays, calls and targets."""
    cells = one(d, scope, lambda p: p.kind == list_of(REAL))
    x, y = scalars.leaf(d, scope).text, scalars.leaf(d, scope).text
    a = cells.text if cells else f"({x}, 0.4)"
    name = target(d, scope, REAL)
    bind(scope, name, REAL)
    return d.rng.choice([
        [f"{name} = max(*{a}, {y})"], [f"{name} = math.hypot(*[{x}, *{a}][:2]) * 0.6"],
        [f"first_of, *others = [{x}, *{a}]", f"{name} = 0.3 * first_of + sum(others[:3]) * 0.2"],
        [f"{name} = (lambda u, v, *w: u * 0.4 + 0.3 * v)(*({x}, {y}), *{a})"],
        [f"{name} = (lambda **kw: 0.5 * kw['p'])(**{{'p': {x}, 'q': {y}}})"],
        [f"*others, {name} = {x}, {y}, *{a}"],
    ]), True


def uncaught(d: Draft, scope: Scope) -> Made:
    """An exception that leaves the function: the derivative must raise the same."""
    if scope.depth > 1 or d.rng.random() < 0.6:
        return None
    raising, _ = d.rng.choice(RAISING)
    return [f"if {conditions.test(d, scope)}:", f"    {raising}"], True


ROWS = [
    Row("try", 3, attempt),
    Row("try in loops", 1, retried),
    Row("read after an exception", 2, carried),
    Row("with", 1.5, managed),
    Row("match", 1.5, matched),
    Row("walrus in tests", 0.8, walrus),
    Row("del", 0.6, deleted),
    Row("assert", 0.5, asserted),
    Row("star-expressions", 1, starred),
    Row("exceptions that leave", 0.3, uncaught),
]


def raising_helper(d: Draft) -> list[str]:
    """A helper that raises for some arguments, and one that calls it and catches that."""
    first, second = forms.named(d, "strict"), forms.named(d, "lenient")
    scope = forms.scope_of(["x"], [REAL])
    raising, caught = d.rng.choice(RAISING)
    e, g = forms.bounded(d, scope), forms.bounded(d, scope, 1)
    bound = d.rng.choice(["0.6", "-0.3", "1.1"])
    forms.register(d, "helpers that raise", second, [REAL])
    return [f"def {first}(x):", f"    y = {e}", f"    if x > {bound}:", f"        {raising}",
            "    return y", f"def {second}(x):", "    try:", f"        return {first}(x)",
            f"    except {d.rng.choice(caught)}:", f"        return {g}"]


def writing_helper(d: Draft) -> list[str] | None:
    """A helper that writes its argument, and then may raise."""
    if "arrays" not in d.allowed:
        return None
    first, second = forms.named(d, "writes"), forms.named(d, "tries")
    raising, caught = d.rng.choice(RAISING)
    forms.register(d, "helpers that write and raise", second, [draft.array((3,)), REAL])
    return [f"def {first}(a, x):", "    a[0] = x * a[1]", "    if x > 0.4:", f"        {raising}",
            "    a[1] = math.sin(x)", f"def {second}(a, x):", "    try:", f"        {first}(a, x)",
            "        return a[0]", f"    except {d.rng.choice(caught)}:", "        a[2] *= 0.5",
            "    return a[0] * 0.4 + a[2]"]


MAKERS = [
    Row("helpers that raise", 2, raising_helper),
    Row("helpers that write and raise", 1.5, writing_helper),
]
