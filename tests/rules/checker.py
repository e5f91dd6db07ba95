"""Checks one rule without the compiler: against the function it is for and finite differences."""

import copy
import inspect
import os

import numpy as np

from s2sdiff import registry
from s2sdiff.runtime import match, push
from s2sdiff.runtime.batches import together
from s2sdiff.runtime.later import Later
from s2sdiff.runtime.side_by_side import has_objects
from s2sdiff.together import batch_of, flat, gathered
from tests.rules.second import check_second
from tests.rules.values import (
    assert_close,
    assert_identical,
    assert_same_shape,
    combine,
    dtypes,
    has_floats,
    is_double,
    magnitude,
    pair,
    random_like,
    to_single,
)

#: A pullback is compiled to find a tangent by it: once for each function, unless all are asked for.
EVERY = os.environ.get("S2SDIFF_TANGENTS") == "all"
_tangents = set()
#: Second derivatives take four compilations for each argument, and are checked if asked for.
TWICE = os.environ.get("S2SDIFF_ORDERS") == "2"
_twice = set()

#: Pairs of these are broadcast against each other.
SHAPES = [(), (1,), (3,), (2, 1), (2, 3), (1, 3), (0, 3)]


def check_rule(
    target, *args, wrt=None, kwargs=None, tol=1e-6, step=1e-4, seed=0, single=True, cotangent=None,
    exact=True, forward=True,
):
    """Assert that the registered rule of `target` keeps its contract at these arguments.

    `wrt` names the parameters (or gives the indices) to differentiate; by default all that hold
    floats.  `single=False` leaves out the run in float32.  `cotangent` replaces the random one.
    `exact=False` is for LAPACK's iterations, which may round as memory happens to be aligned.
    """
    kwargs = kwargs or {}
    rule = registry.find(target)
    assert rule is not None, f"no rule for {target!r}"
    positions = differentiated(rule, args, kwargs, wrt)
    entries, bound = run(rule, target, args, kwargs, cotangent, seed, exact)
    rng = np.random.default_rng(seed + 1)
    for name, position in positions.items():
        entry = entry_of(rule, bound, entries, name)
        assert entry is not NotImplemented, f"{target!r} has no derivative for {name}"
        x = argument(args, kwargs, position)
        assert_same_shape(entry, x, name)
        along = random_like(x, rng)
        z_bar = cotangent if cotangent is not None else random_like(
            target(*copy.deepcopy(args), **kwargs), np.random.default_rng(seed))
        slope = difference(target, args, kwargs, position, along, step)
        expected, got = pair(z_bar, slope), pair(entry, along)
        scale = max(1.0, abs(expected), magnitude(z_bar) * magnitude(slope))
        assert abs(got - expected) <= tol * scale, (
            f"{target!r} with respect to {name} at {args!r}: {got} is not {expected}")
        # A differential that is written by hand may be right in one argument and wrong in another.
        own = registry.find(target, "jvp") is not None
        shown = (id(target), name) if own else id(target)
        if forward and (EVERY or shown not in _tangents):
            if not own or expected:  # what does not move shows little
                _tangents.add(shown)
            check_tangent(target, args, kwargs, position, along, z_bar, (expected, tol * scale))
        if TWICE and not rule.writes and (id(target), name) not in _twice:
            _twice.add((id(target), name))
            check_second(target, args, kwargs, position, z_bar)
    if single and any(is_double(argument(args, kwargs, p)) for p in positions.values()):
        check_single(rule, target, args, kwargs, positions)


def check_tangent(target, args, kwargs, position, along, z_bar, expected):
    """Forward mode along a direction, paired with the cotangent."""
    _, tangent = push((position,), (along,), target, *copy.deepcopy(args), **kwargs)
    got = pair(z_bar, tangent)
    assert abs(got - expected[0]) <= expected[1], (
        f"{target!r}: the tangent along argument {position} at {args!r} gives {got}, not "
        f"{expected[0]}")
    check_rows(target, args, kwargs, position, along, tangent)


def check_rows(target, args, kwargs, position, along, tangent):
    """Where many tangents go through at once, the first of them is what it is alone."""
    x = argument(args, kwargs, position)
    if has_objects(x) or has_objects(tangent):
        return
    rows = np.stack([flat(along), 2.0 * flat(along)[::-1]])
    value, again = push((position,), (along,), target, *copy.deepcopy(args), **kwargs)
    expected = flat(match(again, value))
    with together(2) as run, np.errstate(all="ignore"):
        try:
            value, dot = push((position,), (batch_of(rows, x),), target, *copy.deepcopy(args),
                              **kwargs)
            found = gathered(match(dot, value), value, 2)
        except Exception as error:
            # It goes row by row, which is what the operators do then.
            assert not isinstance(error, AssertionError), error
            return
    if not run.failed:
        np.testing.assert_allclose(found[0], expected, rtol=1e-6, atol=1e-8 * (
            1.0 + np.abs(expected).max(initial=0.0)), err_msg=f"many tangents of {target!r}")


def run(rule, target, args, kwargs, cotangent=None, seed=0, exact=True):
    """The pullback's entries, after all checks that need no differences."""
    untouched = copy.deepcopy(args)
    # Copies of strided arrays are laid out afresh, and BLAS rounds by the layout.
    expected = target(*(copy.deepcopy(args) if rule.writes else args), **kwargs)
    value, pull = rule.function(*args, **kwargs)

    def pullback(bar):
        return computed(pull(bar))

    same = assert_identical if exact else assert_close
    same(value, expected, f"value of {target!r}")
    first = random_like(expected, np.random.default_rng(seed)) if cotangent is None else cotangent
    kept = copy.deepcopy(first)
    entries = pullback(first)
    same(pullback(first), entries, "second call of the pullback")
    assert_identical(first, kept, "cotangent")
    assert_identical(args, untouched, "arguments")
    second = random_like(expected, np.random.default_rng(seed + 7))
    combined = pullback(combine(2.0, first, -3.0, second))
    assert_close(combined, combine(2.0, entries, -3.0, pullback(second)), "linearity")
    bound = inspect.signature(rule.function).bind(*args, **kwargs)
    return entries, bound


def computed(entries):
    """A pullback's entries where some are computed when they are asked for."""
    if isinstance(entries, Later):
        return entries.all()
    if not isinstance(entries, tuple):
        return entries
    return tuple(e.all() if isinstance(e, Later) else e for e in entries)


def differentiated(rule, args, kwargs, wrt):
    """Parameter name to position (an index into args, or a keyword)."""
    names = list(inspect.signature(rule.function).parameters.values())
    positions = {}
    for i in range(len(args)):
        p = names[min(i, len(names) - 1)]
        stop = next((n for n, q in enumerate(names) if q.kind is q.VAR_POSITIONAL), len(names))
        if i >= stop:
            positions[f"{names[stop].name}[{i - stop}]"] = i
        else:
            positions[p.name] = i
    positions.update({k: k for k in kwargs})
    if wrt is not None:
        wanted = wrt if isinstance(wrt, (tuple, list)) else (wrt,)
        listed = list(positions)
        keep = [listed[w] if isinstance(w, int) else w for w in wanted]
        return {n: positions[n] for n in keep}
    allowed = rule.wrt
    return {
        n: p for n, p in positions.items()
        if (allowed is None or n.split("[")[0] in allowed) and has_floats(argument(args, kwargs, p))
    }


def entry_of(rule, bound, entries, name):
    """The part of what the pullback returned that belongs to a parameter."""
    names = rule.wrt or tuple(bound.signature.parameters)
    base, _, index = name.partition("[")
    if base not in names:
        last = list(bound.signature.parameters.values())[-1]
        return entries[names.index(last.name)][base]
    chosen = entries if len(names) == 1 else entries[names.index(base)]
    return chosen[int(index[:-1])] if index else chosen


def argument(args, kwargs, position):
    return kwargs[position] if isinstance(position, str) else args[position]


def difference(target, args, kwargs, position, along, step):
    """The derivative along a direction: the five-point formula, of order four."""
    total = None
    for times, weight in ((1, 8.0), (-1, -8.0), (2, -1.0), (-2, 1.0)):
        moved_args, moved_kwargs = list(copy.deepcopy(args)), dict(kwargs)
        moved = combine(1.0, argument(args, kwargs, position), times * step, along)
        if isinstance(position, str):
            moved_kwargs[position] = moved
        else:
            moved_args[position] = moved
        value = target(*moved_args, **moved_kwargs)
        part = combine(weight / (12 * step), value, 0.0, value)
        total = part if total is None else combine(1.0, total, 1.0, part)
    return total


def check_single(rule, target, args, kwargs, positions):
    """float32 in, float32 out, wherever the value itself stays float32."""
    args = tuple(to_single(a) for a in args)
    kwargs = {k: to_single(v) if k in positions else v for k, v in kwargs.items()}
    expected = target(*copy.deepcopy(args), **kwargs)
    if any(d not in (np.float32, np.complex64) for d in dtypes(expected)):
        return
    entries, bound = run_single(rule, args, kwargs, expected)
    for name in positions:
        for d in dtypes(entry_of(rule, bound, entries, name)):
            kept = d in (np.float32, np.complex64, float, complex)
            assert kept, f"{target!r}: {name} of float32 became {d}"


def run_single(rule, args, kwargs, expected):
    value, pullback = rule.function(*args, **kwargs)
    assert_identical(value, expected, "value in float32")
    z_bar = random_like(expected, np.random.default_rng(0))
    return computed(pullback(z_bar)), inspect.signature(rule.function).bind(*args, **kwargs)


# ------------------------------------------------------------------------ layouts, broadcasting


def draw(shape, low, high, seed=0, kind=float):
    """Numbers between the bounds; complex ones have both parts there."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(low, high, shape)
    if kind is complex:
        x = x + 1j * rng.uniform(low, high, shape)
    return x if shape == () and not isinstance(x, np.ndarray) else np.asarray(x)


def check_unary(target, low, high, tol=1e-6, kinds=(float,), **options):
    """`check_rule` on scalars, 0-d, empty, one- and two-dimensional and strided arrays."""
    for kind in kinds:
        wide = draw((4, 6), low, high, 1, kind)
        for x in (
            kind(draw((), low, high, 2, kind)), np.asarray(draw((), low, high, 3, kind)),
            wide.ravel()[:0], wide.ravel()[:3], wide, wide[::2, ::-3], wide.T,
        ):
            check_rule(target, x, tol=tol, **options)


def check_binary(target, low, high, tol=1e-6, kinds=(float,), second=None, **options):
    """`check_rule` on every pair of shapes that broadcasts, and on Python's numbers."""
    low_y, high_y = second or (low, high)
    for kind in kinds:
        for i, shape_x in enumerate(SHAPES):
            for j, shape_y in enumerate(SHAPES):
                if not broadcasts(shape_x, shape_y):
                    continue
                x = draw(shape_x, low, high, 10 + i, kind)
                y = draw(shape_y, low_y, high_y, 20 + j, kind)
                check_rule(target, x, y, tol=tol, **options)
        x, y = kind(draw((), low, high, 2, kind)), kind(draw((), low_y, high_y, 3, kind))
        for pair_of in ((x, y), (x, draw((3,), low_y, high_y, 4, kind)),
                        (draw((3,), low, high, 5, kind), y)):
            check_rule(target, *pair_of, tol=tol, **options)


def broadcasts(shape_x, shape_y):
    try:
        np.broadcast_shapes(shape_x, shape_y)
    except ValueError:
        return False
    return True
