"""Checks one mutator's rule without the compiler: what it leaves, and where cotangents go back to.

A case is a function that makes the arguments afresh, since each run changes them.  Differences are
taken of all contents of the written arguments, and of the value, along a random direction of all
contents before the call and of the other arguments; views move with the arrays they look at.
"""

import copy
import inspect
from collections import deque

import numpy as np
import pytest

from s2sdiff import registry
from tests.rules.values import assert_identical, is_float

CONTAINERS = (list, tuple, dict, set, deque)


def is_object(x):
    known = callable(x) or isinstance(x, (np.ndarray, *CONTAINERS))
    return hasattr(x, "__dict__") and not known


def direction(x, rng, memo):
    """A random tangent of a value, in its structure; of a list and a dict as slots are."""
    if id(x) in memo:
        return memo[id(x)]
    if isinstance(x, np.ndarray):
        owner = x
        while isinstance(owner.base, np.ndarray):
            owner = owner.base
        if id(owner) not in memo:
            made = np.empty_like(owner)
            if made.dtype.kind in "fc":
                made[...] = noise(made, rng)
            memo[id(owner)] = made
        offset = x.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
        return np.ndarray(x.shape, x.dtype, memo[id(owner)], offset, x.strides)
    if isinstance(x, tuple):
        return tuple(direction(i, rng, memo) for i in x)
    if isinstance(x, CONTAINERS) or is_object(x):
        memo[id(x)] = {k: direction(i, rng, memo) for k, i in slots_of(x)}
        return memo[id(x)]
    return type(x)(noise(x, rng)) if is_float(x) else None


def noise(x, rng):
    g = rng.standard_normal(np.shape(x))
    return g + 1j * rng.standard_normal(np.shape(x)) if np.iscomplexobj(x) else g


def slots_of(x):
    """Keys and values of what a shadow has slots for."""
    if isinstance(x, dict):
        return list(x.items())
    if isinstance(x, set):
        # In an order that small changes leave alone.
        return [(i, i) for i in sorted(x, key=repr if any(
            isinstance(i, str) for i in x) else np.real)]
    return list(vars(x).items()) if is_object(x) else list(enumerate(x))


def move(x, t, step, memo):
    """The value moved along a tangent; arrays, lists and dicts are changed themselves."""
    if isinstance(x, np.ndarray):
        owner = x
        while isinstance(owner.base, np.ndarray):
            owner = owner.base
        if x.dtype.kind in "fc" and id(owner) not in memo:
            memo[id(owner)] = owner
            owner += step * memo["tangents"][id(owner)]
        return x
    if isinstance(x, tuple):
        return tuple(move(i, j, step, memo) for i, j in zip(x, t, strict=True))
    if isinstance(x, CONTAINERS) or is_object(x):
        if id(x) not in memo:
            memo[id(x)] = x
            moved = [(k, move(i, t[k], step, memo)) for k, i in slots_of(x)]
            if isinstance(x, set):
                x.clear()
                x.update(i for _, i in moved)
            else:
                target = vars(x) if is_object(x) else x
                for k, i in moved:
                    target[k] = i
        return x
    return x + step * t if t is not None else x


def inner(g, v):
    """Re(sum(g * v)) of a cotangent, in slots or in the value's own structure, and a tangent."""
    if g is None or v is None:
        return 0.0
    if isinstance(v, dict):
        pairs = g.items() if isinstance(g, dict) else enumerate(g)
        return sum(inner(i, v[k]) for k, i in pairs if i is not None)
    if isinstance(v, tuple):
        return sum(inner(i, j) for i, j in zip(g, v, strict=True))
    g, v = np.asarray(g), np.asarray(v)
    assert g.shape == v.shape, f"a cotangent of shape {g.shape} for a value of shape {v.shape}"
    # In double precision, where differences of float32 are hopeless anyway.
    return float(np.real(np.sum(g.astype(complex) * v)))


def contents(x):
    """A snapshot of numbers, as `inner` and `random_bar` go through them; memory inside is left."""
    if isinstance(x, np.ndarray):
        return x.copy()
    if isinstance(x, tuple):
        return tuple(contents(i) for i in x)
    if isinstance(x, set):
        return dict(enumerate(k for k, _ in slots_of(x)))
    if isinstance(x, CONTAINERS) or is_object(x):
        return {k: None if isinstance(i, (np.ndarray, list, dict)) else contents(i)
                for k, i in slots_of(x)}
    return x if is_float(x) else None


def random_bar(snapshot, rng):
    if isinstance(snapshot, np.ndarray):
        return np.asarray(noise(snapshot, rng), snapshot.dtype) \
            if snapshot.dtype.kind in "fc" else None
    if isinstance(snapshot, tuple):
        return tuple(random_bar(i, rng) for i in snapshot)
    if isinstance(snapshot, dict):
        bars = {k: random_bar(i, rng) for k, i in snapshot.items()}
        return {k: g for k, g in bars.items() if g is not None}
    return type(snapshot)(noise(snapshot, rng)) if snapshot is not None else None


def keyed(bars, x):
    """The slots of a set, which were counted, by the elements themselves."""
    return {slots_of(x)[k][0]: g for k, g in bars.items()} if isinstance(x, set) else bars


def check_write(target, make, *, mode="vjp", tol=1e-6, step=1e-4, later=True, rule=None):
    """Assert that the registered rule of `target` keeps its contract on the arguments made."""
    rule = rule or registry.find(target, mode)
    assert rule is not None, f"no rule for {target!r}"
    signature = inspect.signature(rule.function)

    def written_of(args, kwargs):
        given = signature.bind(*args, **kwargs).arguments
        found = [given[name] for name in rule.writes]
        return [x[0] if isinstance(x, tuple) and len(x) == 1 else x for x in found]

    def plain(times):
        args, kwargs = made(make)
        moved = {"tangents": (memo := {})}
        t = direction((args, tuple(kwargs.values())), np.random.default_rng(1), memo)
        args, values = move((args, tuple(kwargs.values())), t, times * step, moved)
        kwargs = dict(zip(kwargs, values, strict=True))
        written = written_of(args, kwargs)
        value = target(*args, **kwargs)
        same = any(value is w for w in written) or isinstance(value, np.ndarray)
        return args, written, value, None if same else contents(value)

    expected_args, expected_written, expected, snapshot = plain(0)
    args, kwargs = made(make)
    tangents = direction((args, tuple(kwargs.values())), np.random.default_rng(1), {})
    written = written_of(args, kwargs)
    before = written_of(tangents[0], dict(zip(kwargs, tangents[1], strict=True)))
    value, pullback = rule.function(*args, **kwargs)
    assert_same(value, expected, written, expected_written)
    for x, y in zip(args, expected_args, strict=True):
        assert_alike(x, y)

    rng = np.random.default_rng(2)
    after = [random_bar(contents(w), rng) for w in written]
    value_bar = random_bar(snapshot, rng)
    shadows = [keyed(b, w) for b, w in zip(copy.deepcopy(after), written, strict=True)]
    untouched = copy.deepcopy((value_bar, shadows))
    if later:
        spoil((args, tuple(kwargs.values())))
    again = copy.deepcopy(shadows)
    entries = pullback(value_bar, *shadows)
    assert_alike(pullback(value_bar, *again), entries)
    assert_alike(again, shadows)
    assert_alike(value_bar, untouched[0])

    slope = 0.0
    for times, weight in ((1, 8.0), (-1, -8.0), (2, -1.0), (-2, 1.0)):
        _, moved, _, moved_snapshot = plain(times)
        total = sum(inner(b, contents(w)) for b, w in zip(after, moved, strict=True))
        slope += weight / (12 * step) * (total + inner(value_bar, moved_snapshot))
    got = sum(inner(s, t) for s, t in zip(shadows, before, strict=True))
    got += paired(rule, signature, entries, tangents, kwargs, written_of)
    assert abs(got - slope) <= tol * max(1.0, abs(slope)), (
        f"{target!r} on {made(make)!r}: {got} is not {slope}")
    return entries, shadows


def made(make):
    given = make()
    return given if isinstance(given[-1], dict) and len(given) == 2 and isinstance(
        given[0], tuple) else (given, {})


def paired(rule, signature, entries, tangents, kwargs, written_of):
    """The sum over the arguments that are not written of entry times tangent."""
    names = rule.wrt or tuple(signature.parameters)
    by_name = dict(zip(names, (entries,) if len(names) == 1 else entries, strict=True))
    given = signature.bind(*tangents[0], **dict(zip(kwargs, tangents[1], strict=True))).arguments
    total = 0.0
    for name, t in given.items():
        entry = by_name.get(name)
        assert name not in rule.writes or entry is None, f"an entry for {name}, which is written"
        total += inner(entry, t) if entry is not NotImplemented else 0.0
    return total


def spoil(x):
    """Change all memory, as later code may before the pullback runs."""
    if isinstance(x, np.ndarray) and x.flags.writeable:
        x[...] = 77
    elif isinstance(x, tuple):
        for i in x:
            spoil(i)
    elif isinstance(x, (list, dict, set, deque)):
        x.clear()


def assert_same(value, expected, written, expected_written):
    for w, e in zip(written, expected_written, strict=True):
        assert (value is w) == (expected is e)
    assert_alike(value, expected)


def assert_alike(x, y):
    if isinstance(y, (set, deque)):
        assert type(x) is type(y)
        assert_alike([k for k, _ in slots_of(x)] if isinstance(x, set) else list(x),
                     [k for k, _ in slots_of(y)] if isinstance(y, set) else list(y))
    elif is_object(y):
        assert_alike(vars(x), vars(y))
    elif isinstance(y, (list, tuple)):
        assert type(x) is type(y) and len(x) == len(y), f"{x!r} is not {y!r}"
        for p, q in zip(x, y, strict=True):
            assert_alike(p, q)
    elif isinstance(y, dict):
        assert list(x) == list(y), f"{x!r} is not {y!r}"
        for k in y:
            assert_alike(x[k], y[k])
    else:
        assert_identical(x, y, "what a rule left")


def check_error(target, make, mode="vjp"):
    """Assert that a call which fails fails in the rule with the same error, and changes as much."""
    rule = registry.find(target, mode)
    args, kwargs = made(make)
    with pytest.raises(Exception) as plain:
        target(*args, **kwargs)
    own_args, own_kwargs = made(make)
    with pytest.raises(type(plain.value)) as found:
        rule.function(*own_args, **own_kwargs)
    assert type(found.value) is type(plain.value)
    assert_alike(own_args, args)
