"""Random statements: assignments, branches, exits, effects; loops stand in loops.py."""

from __future__ import annotations

from tests.fuzz import branches, calls, conditions, loops, scalars, topics
from tests.fuzz.draft import (
    BOOL,
    COMPLEX,
    INT,
    REAL,
    SHAPES,
    Draft,
    Kind,
    Row,
    Scope,
    array,
    bind,
    chance,
    fresh,
    inner,
    target,
    variables,
)


def block(d: Draft, scope: Scope, count: int) -> tuple[list[str], bool]:
    """Some statements, and whether control can reach the end of them."""
    lines: list[str] = []
    for _ in range(count):
        if d.budget[0] <= 0 and lines:
            break
        d.budget[0] -= 1
        made, falls = topics.make(d, ROWS, topics.STATEMENTS, scope)
        lines += made
        if not falls:
            return lines, False
    return lines or ["pass"], True


def new_kind(d: Draft, scope: Scope) -> Kind:
    """The kind of the next thing to compute."""
    if "arrays" in d.allowed and scope.numpy and d.rng.random() < 0.35:
        known = [k for k in scope.names.values() if k[0] == "real" and k[1]]
        return (
            d.rng.choice(known) if known and d.rng.random() < 0.6 else array(d.rng.choice(SHAPES))
        )
    if (
        "complex" in d.allowed
        and scope.numpy
        and variables(scope, COMPLEX)
        and d.rng.random() < 0.3
    ):
        return COMPLEX
    return REAL


def assign(d: Draft, scope: Scope) -> tuple[list[str], bool]:
    kind = new_kind(d, scope)
    value = calls.expression(d, scope, kind, d.rng.randint(1, 3)).text
    name = target(d, scope, kind)
    free = [n for n in scope.names if n not in scope.locked]
    if scope.depth == 0 and free and chance(d, "name changes kind", 0.1):
        name = d.rng.choice(free)
    if kind == REAL and chance(d, "chained assignment", 0.05):
        second = target(d, scope, kind)
        bind(scope, second, kind)
        bind(scope, name, kind)
        return [f"{name} = {second} = {value}"], True
    bind(scope, name, kind)
    return [f"{name} = {value}"], True


def augmented(d: Draft, scope: Scope) -> tuple[list[str], bool] | None:
    names = [n for n in variables(scope, REAL) if n not in scope.locked]
    if not names:
        return None
    name = d.rng.choice(names)
    text = scalars.scalar(d, scope, 2, limit=1.0).text
    return [
        d.rng.choice(
            [f"{name} += {text}", f"{name} -= {text}", f"{name} *= {text}", f"{name} /= 2 + {text}"]
        )
    ], True


def array_rebinding(d: Draft, scope: Scope) -> tuple[list[str], bool] | None:
    names = [
        n
        for n, (field, shape) in scope.names.items()
        if field == "real" and shape and n not in scope.locked
    ]
    if not names:
        return None
    name = d.rng.choice(names)
    text = calls.expression(d, scope, scope.names[name], 2).text
    return [
        d.rng.choice([f"{name} = {name} + 0.3 * {text}", f"{name} = 0.5 * ({name} - {text})"])
    ], True


def integers(d: Draft, scope: Scope) -> tuple[list[str], bool]:
    text = f"{scalars.integer(d, scope).text} % 3 + {d.rng.randint(0, 1)}"
    name = target(d, scope, INT)
    bind(scope, name, INT)
    return [f"{name} = {text}"], True


def swap(d: Draft, scope: Scope) -> tuple[list[str], bool] | None:
    names = [n for n in variables(scope, REAL) if n not in scope.locked]
    if len(names) < 2:
        return None
    chosen = d.rng.sample(names, d.rng.randint(2, min(3, len(names))))
    shuffled = d.rng.sample(chosen, len(chosen))
    return [f"{', '.join(chosen)} = {', '.join(shuffled)}"], True


def parallel(d: Draft, scope: Scope) -> tuple[list[str], bool]:
    kinds = [new_kind(d, scope) for _ in range(d.rng.randint(2, 3))]
    values = [calls.expression(d, scope, kind, 2).text for kind in kinds]
    names: list[str] = []
    for kind in kinds:
        name = target(d, scope, kind)
        names.append(
            fresh(d, inner(scope, locked=scope.locked | set(names))) if name in names else name
        )
    for name, kind in zip(names, kinds, strict=True):
        bind(scope, name, kind)
    if len(names) == 3 and d.rng.random() < 0.4:
        names = [f"({names[0]}, {names[1]})", names[2]]
        values = [f"({values[0]}, {values[1]})", values[2]]
    return [f"{', '.join(names)} = {', '.join(values)}"], True


def unpack(d: Draft, scope: Scope) -> tuple[list[str], bool] | None:
    several = [h for h in d.helpers if len(h.results) > 1 and h.feature in d.allowed]
    arrays = variables(scope, array((3,)), array((2,)))
    if several and d.rng.random() < 0.7:
        helper = d.rng.choice(several)
        value, kinds = calls.call_text(d, scope, helper, 2), helper.results
    elif arrays:
        value = d.rng.choice(arrays)
        kinds = (REAL,) * scope.names[value][1][0]
    else:
        return None
    names: list[str] = []
    for kind in kinds:
        names.append(fresh(d, inner(scope, locked=scope.locked | set(names))))
        bind(scope, names[-1], kind)
    return [f"{', '.join(names)} = {value}"], True


def returned(d: Draft, scope: Scope) -> str:
    """What a return statement gives back: the function's kinds, in main anything."""
    if scope.returns is not None:
        texts = [calls.expression(d, scope, kind, 2).text for kind in scope.returns]
        return ", ".join(texts)
    way = d.rng.random()
    if way < 0.6:
        return scalars.scalar(d, scope, 2).text
    if way < 0.75:
        return calls.expression(d, scope, new_kind(d, scope), 2).text
    if way < 0.9 and chance(d, "tuple result", 1.0):
        return ", ".join(calls.expression(d, scope, new_kind(d, scope), 1).text for _ in range(2))
    return d.rng.choice(["0.5", scalars.leaf(d, scope).text])


def effect(d: Draft, scope: Scope) -> tuple[list[str], bool]:
    n, x = scalars.integer(d, scope).text, scalars.leaf(d, scope).text
    return [
        d.rng.choice(
            [
                f"log.append({n})",
                f"print({n})",
                "print('here')",
                f"print('at', {n}, {x} > 0.5)",
                f"print(f'{{{x}:.6f}}')",
                f"log.append(len(log) + {n})",
            ]
        )
    ], True


def local_function(d: Draft, scope: Scope) -> tuple[list[str], bool]:
    """Lambdas of one's own, two on a line, that may capture active values; then a use of both."""
    f, g = calls.lambda_text(d, scope), calls.lambda_text(d, scope)
    name = target(d, scope, REAL)
    a, b = scalars.scalar(d, scope, 1).text, scalars.scalar(d, scope, 1).text
    bind(scope, name, REAL)
    return [
        f"first_of, second_of = {f}, {g}",
        f"{name} = math.tanh(first_of({a}) - second_of({b}))",
    ], True


def nested_def(d: Draft, scope: Scope) -> tuple[list[str], bool] | None:
    """A function of one's own that captures what is in scope, and calls of it, some in a loop."""
    if scope.depth > 4:
        return None
    called = f"local_{d.rng.randrange(10**6)}"
    names = {**scope.names, "p": REAL}
    names.pop("q", None)
    # What it assigned would be its own, and have no value yet where it is read.
    own = inner(scope, names=names, locked=scope.locked | set(scope.names), returns=(REAL,),
                loop="")
    lines, falls = block(d, own, d.rng.randint(1, 3))
    lines += [f"return {returned(d, own)}"] if falls else []
    made = [f"def {called}(p{d.rng.choice(['', ', q=0.5', ', *, q=2.0'])}):"]
    made += [f"    {line}" for line in lines]
    again = [n for n in variables(scope, REAL) if n not in scope.locked]
    if again and d.rng.random() < 0.4:
        # Bound anew: the function sees the later value.
        made.append(f"{d.rng.choice(again)} = {scalars.scalar(d, scope, 1).text}")
    a, b = scalars.scalar(d, scope, 1).text, scalars.scalar(d, scope, 1).text
    name = target(d, scope, REAL)
    bind(scope, name, REAL)
    made.append(f"{name} = math.tanh({called}({a}) - 0.5 * {called}({b}))")
    if d.rng.random() < 0.4:
        rounds = d.rng.randint(0, 3)
        made += [f"for _ in range({rounds}):", f"    {name} = math.sin({called}({name}))"]
    return made, True


def flag(d: Draft, scope: Scope) -> tuple[list[str], bool]:
    text, name = conditions.test(d, scope), target(d, scope, BOOL)
    bind(scope, name, BOOL)
    return [f"{name} = {text}"], True


def complex_assign(d: Draft, scope: Scope) -> tuple[list[str], bool] | None:
    if not scope.numpy:
        return None
    kind = d.rng.choice([COMPLEX, COMPLEX, ("complex", (3,))])
    value = calls.complex_value(d, scope, kind[1], 2).text
    name = target(d, scope, kind)
    bind(scope, name, kind)
    if kind[1]:
        total = target(d, inner(scope, locked=scope.locked | {name}), COMPLEX)
        bind(scope, total, COMPLEX)
        return [f"{name} = {value}", f"{total} = np.mean({name}) + {name}[1]"], True
    return [f"{name} = {value}"], True


ROWS = [
    Row("assign", 9, assign),
    Row("augmented", 2, augmented),
    Row("array rebinding", 1.5, array_rebinding),
    Row("int variables", 0.5, integers),
    Row("swap", 0.8, swap),
    Row("parallel", 0.8, parallel),
    Row("unpack", 1, unpack),
    Row("if", 3, lambda d, scope: branches.branch(d, scope)),
    Row("one-sided name", 0.7, lambda d, scope: branches.one_sided(d, scope)),
    Row("early return", 0.7, lambda d, scope: branches.early_return(d, scope)),
    Row("leave loop", 1.5, lambda d, scope: branches.leave_loop(d, scope)),
    Row("effects", 0.8, effect),
    Row("local lambdas", 0.4, local_function),
    Row("nested functions", 0.6, nested_def),
    Row("complex", 2, complex_assign),
    Row("flag", 0.6, flag),
    Row("for", 2.5, lambda d, scope: loops.counted(d, scope)),
    Row("while", 1.2, lambda d, scope: loops.tested(d, scope)),
]
