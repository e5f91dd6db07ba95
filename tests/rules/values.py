"""Nested values for the checker: random directions, sums, pairings and comparisons of them."""

import math

import numpy as np

# ---------------------------------------------------------------------------- nested values


def parts(x):
    """The items of a container, or None for a leaf."""
    if isinstance(x, dict):
        return list(x.values())
    return list(x) if isinstance(x, (list, tuple)) else None


def rebuild(x, items):
    if isinstance(x, dict):
        return type(x)(zip(x, items, strict=True))
    return type(x)(*items) if hasattr(x, "_fields") else type(x)(items)


def is_float(x):
    return isinstance(x, (float, complex, np.inexact)) or (
        isinstance(x, np.ndarray) and x.dtype.kind in "fc")


def is_double(x):
    items = parts(x)
    if items is not None:
        return any(is_double(i) for i in items)
    return isinstance(x, (np.ndarray, np.generic)) and x.dtype in (np.float64, np.complex128)


def has_floats(x):
    items = parts(x)
    return any(has_floats(i) for i in items) if items is not None else is_float(x)


def to_single(x):
    items = parts(x)
    if items is not None:
        return rebuild(x, [to_single(i) for i in items])
    if is_double(x):
        return x.astype(np.complex64 if x.dtype.kind == "c" else np.float32)
    return x


def dtypes(x):
    """The dtype of every floating leaf; the type itself for Python's own numbers."""
    items = parts(x)
    if items is not None:
        return [d for i in items for d in dtypes(i)]
    if isinstance(x, (float, complex)) and not isinstance(x, np.generic):
        return [type(x)]
    return [x.dtype] if isinstance(x, (np.ndarray, np.generic)) and x.dtype.kind in "fc" else []


def random_like(x, rng):
    """A direction of the same structure; None for what is no float."""
    items = parts(x)
    if items is not None:
        return rebuild(x, [random_like(i, rng) for i in items])
    if not is_float(x):
        return None
    g = rng.standard_normal(np.shape(x))
    if np.iscomplexobj(x):
        g = g + 1j * rng.standard_normal(np.shape(x))
    if isinstance(x, np.ndarray):
        return np.asarray(g, x.dtype)
    return type(x)(g)


def combine(a, x, b, y):
    """`a * x + b * y` of nested values, where what is no float stays as it is in x."""
    items = parts(x if x is not None else y)
    if items is not None:
        xs = items if x is not None else [None] * len(items)
        ys = parts(y) if y is not None else [None] * len(items)
        pairs = zip(xs, ys, strict=True)
        return rebuild(x if x is not None else y, [combine(a, p, b, q) for p, q in pairs])
    if x is None or y is None or x is NotImplemented:
        return x if y is None else y
    if not (is_float(x) and is_float(y)):
        return x
    result = a * x + b * y
    if isinstance(x, np.ndarray) and np.shape(result) == x.shape:
        # The layout of x, on which functions with order="K" depend.
        kept = np.empty_like(x, result.dtype)
        kept[...] = result
        return kept
    return result


def pair(g, v):
    """Re(sum(g * v)) over all leaves."""
    items = parts(v)
    if isinstance(v, dict):
        # Slots, of which those that are zero may be absent.
        return math.fsum(pair(p, v[k]) for k, p in (g or {}).items())
    if items is not None:
        bars = parts(g) if g is not None else [None] * len(items)
        return math.fsum(pair(p, q) for p, q in zip(bars, items, strict=True))
    if g is None or v is None or not is_float(v):
        return 0.0
    return float(np.real(np.sum(np.asarray(g) * np.asarray(v))))


def magnitude(x):
    items = parts(x)
    if items is not None:
        return max([magnitude(i) for i in items], default=0.0)
    return float(np.max(np.abs(x), initial=0.0)) if is_float(x) else 0.0


# ------------------------------------------------------------------------------- assertions


def assert_identical(x, y, what):
    items = parts(y)
    if items is not None:
        assert type(x) is type(y) and len(x) == len(y), f"{what}: {x!r} is not {y!r}"
        for p, q in zip(parts(x), items, strict=True):
            assert_identical(p, q, what)
        return
    assert type(x) is type(y), f"{what}: {type(x).__name__} is not {type(y).__name__}"
    assert getattr(x, "dtype", None) == getattr(y, "dtype", None), f"{what}: dtypes differ"
    if isinstance(y, (np.ndarray, np.generic, float, complex)):
        assert np.array_equal(x, y, equal_nan=is_float(y)), f"{what}: {x!r} is not {y!r}"
    elif type(y).__eq__ is not object.__eq__:  # a copy of what knows no equality is another one
        assert x is y or x == y, f"{what}: {x!r} is not {y!r}"


def assert_close(x, y, what):
    items = parts(y)
    if items is not None:
        for p, q in zip(parts(x), items, strict=True):
            assert_close(p, q, what)
    elif y is not None and y is not NotImplemented:
        np.testing.assert_allclose(x, y, rtol=1e-9, atol=1e-9, err_msg=what)


def assert_same_shape(entry, x, name):
    if entry is None:
        return
    items = parts(x)
    if isinstance(x, dict):
        assert set(entry) <= set(x), f"{name}: {entry!r} for {x!r}"
        for k, g in entry.items():
            assert_same_shape(g, x[k], name)
    elif items is not None:
        assert type(entry) is type(x) and len(entry) == len(x), f"{name}: {entry!r} for {x!r}"
        for p, q in zip(parts(entry), items, strict=True):
            assert_same_shape(p, q, name)
    else:
        assert np.shape(entry) == np.shape(x), f"{name}: shape {np.shape(entry)} for {np.shape(x)}"
