"""Second derivatives of one call of a rule's function, in four ways, against differences."""

import copy
import linecache
import warnings

import numpy as np

import s2sdiff as sd
from s2sdiff.errors import DifferentiationError
from s2sdiff.orders import derivatives_of
from tests.from_text import run_text
from tests.rules.values import combine, magnitude, pair, random_like

#: The inner mode, and the outer one over it: what is differenced is what the inner one gives.
WAYS = {"rr": ("rev", "rev"), "fr": ("rev", "fwd"), "rf": ("fwd", "rev"), "ff": ("fwd", "fwd")}


def check_second(target, args, kwargs, position, z_bar):
    """Assert that none of the ways is wrong; what is refused is warned of."""
    for way, found in second_derivatives(target, args, kwargs, position, z_bar).items():
        assert not found.startswith("wrong"), f"{way} of {target!r} at {args!r}: {found}"
        if found:
            warnings.warn(f"{way} of {target!r}, argument {position}, is {found}", stacklevel=2)


def second_derivatives(target, args, kwargs, position, z_bar, step=1e-4, seed=11):
    """What becomes of each way: "" where it agrees, "refused: …" or "wrong: …"."""
    f, x = as_function(target, args, kwargs, position)
    rng = np.random.default_rng(seed)
    along, other = random_like(x, rng), random_like(x, rng)
    found = {}
    for way, (inner, outer) in WAYS.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                value = f(copy.deepcopy(x))
                [(_, [first, *_])] = derivatives_of(f, (x,), value, z_bar, (along,), (inner,))
                bar = other if inner == "rev" else z_bar
                slope = difference(first, x, along, step)
                if outer == "rev":
                    got = pair(sd.vjp(first, copy.deepcopy(x))[1](bar), along)
                else:
                    got = pair(bar, sd.jvp(first, (copy.deepcopy(x),), (along,))[1])
            except DifferentiationError as error:
                found[way] = f"refused: {error}"
                continue
        expected = pair(bar, slope)
        scale = max(1.0, abs(expected), magnitude(bar) * magnitude(slope))
        right = abs(got - expected) <= 1e-5 * scale
        found[way] = "" if right else f"wrong: {got} is not {expected}"
    return found


def difference(first, x, along, step):
    """The derivative of `first` along a direction, by the five-point formula."""
    total = None
    for times, weight in ((1, 8.0), (-1, -8.0), (2, -1.0), (-2, 1.0)):
        value = first(combine(1.0, copy.deepcopy(x), times * step, along))
        part = combine(weight / (12 * step), value, 0.0, value)
        total = part if total is None else combine(1.0, total, 1.0, part)
    return total


def as_function(target, args, kwargs, position):
    """The call as a function of the one argument that moves, with a source of its own."""
    names = {"target": target, **{f"a{i}": a for i, a in enumerate(args)}, **{
        f"k_{k}": v for k, v in kwargs.items()}}
    given = ["x" if i == position else f"a{i}" for i in range(len(args))]
    given += [f"{k}=x" if k == position else f"{k}=k_{k}" for k in kwargs]
    text = f"def called(x):\n    return target({', '.join(given)})\n"
    file = f"<called {len(linecache.cache)}>"
    run_text(text, file, names)
    return names["called"], kwargs[position] if isinstance(position, str) else args[position]
