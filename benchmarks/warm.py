"""What a warm `sd.grad(f)(x)` or `sd.vjp(f, x)` costs beyond the generated code that it runs."""

import math

import numpy as np

from benchmarks.measure import overhead

SCALE, SHIFT, RATE, LEVEL, LIMIT = 1.5, 0.5, 0.1, 2.0, 3.0


def plain(x, y, z):
    return x * y * z


def ten_guards(x, y, z):
    waves = math.sin(x) * math.cos(y) * math.exp(z) * SCALE
    return waves + math.tanh(x) * SHIFT + math.sqrt(RATE) * LEVEL + LIMIT * y


def arrays(x, y, z):
    return np.sum(np.sin(x) * np.cos(y) * np.exp(z)) * SCALE + SHIFT * RATE * LEVEL * LIMIT


def cases():
    x = np.linspace(0.1, 0.9, 3)
    yield "three floats", plain, (1.0, 2.0, 3.0)
    yield "three floats, ten guards", ten_guards, (0.1, 0.2, 0.3)
    yield "three arrays, ten guards", arrays, (x, x, x)


def generated(f, mode):
    """The generated code that ran last under a mode, without the look at shapes around it."""
    from s2sdiff.cache import record_of

    (state,) = [s for s in record_of(f).states.values() if s.request.mode == mode]
    found = state.entries[0][1]
    return getattr(found, "__wrapped__", found)


def report():
    """One line for each case: nanoseconds beyond the generated code."""
    for name, f, args in cases():
        parts = ", ".join(f"{what} {spent * 1e9:.0f} ns" for what, spent in _spent(f, args))
        yield f"warm overhead, {name}: {parts}"


def _spent(f, args):
    import s2sdiff as sd

    gradient = sd.grad(f)
    gradient(*args)
    value, pullback = sd.vjp(f, *args)
    code, split = generated(f, "grad"), generated(f, "vjp")
    raw, one = split(*args)[1], value / value
    yield "sd.grad(f) kept", overhead(lambda: gradient(*args), lambda: code(*args))
    yield "made anew", overhead(lambda: sd.grad(f)(*args), lambda: code(*args))
    yield "sd.vjp", overhead(lambda: sd.vjp(f, *args), lambda: split(*args))
    yield "its pullback", overhead(lambda: pullback(one), lambda: raw(one))
