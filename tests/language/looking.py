"""Code that only looks: validation, dispatch and messages that the derivative has no part in."""

import logging
import numbers
import warnings
from collections.abc import Sequence

import numpy as np

from tests.language.table import supported

V = np.array([0.5, -1.2, 2.0, 0.8])
LOGGER = logging.getLogger("tests.language")
_SEEN = []


def as_floats(x, name="x", ndim=None):
    x = np.asarray(x, dtype=float)
    if ndim is not None and x.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} dimensions, not {x.ndim}")
    if not np.all(np.isfinite(x)):
        raise ValueError(f"{name} must be finite")
    return x


def check_scalar(x, *, low=None, high=None):
    if not isinstance(x, numbers.Real) or isinstance(x, bool):
        raise TypeError(f"expected a number, got {type(x).__name__}")
    for bound, bad in ((low, lambda b: x < b), (high, lambda b: x > b)):
        if bound is not None and bad(bound):
            raise ValueError(f"{x} is out of [{low}, {high}]")


def namespace_of(*arrays):
    spaces = {getattr(a, "__array_namespace__", lambda: np)() for a in arrays if a is not None}
    if len(spaces) != 1:
        raise TypeError("mixed")
    return spaces.pop()


def describe(x):
    parts = {k: getattr(x, k) for k in ("shape", "dtype", "ndim") if hasattr(x, k)}
    lines = []
    for key, value in sorted(parts.items()):
        lines.append(f"{key}={value}")
    lines.sort(key=len)
    return ", ".join(lines)


def numbered(items):
    k = 0
    while True:
        yield k, items[k]
        k += 1
        if k == len(items):
            return


def remember(label):
    _SEEN.append(label)
    del _SEEN[:]


@supported("`isinstance` ladder", lambda: (V.copy(), 2))
def ladder(x, p):
    if isinstance(x, (list, tuple)):
        x = np.array(x)
    elif isinstance(x, numbers.Number):
        x = np.array([x])
    elif not isinstance(x, np.ndarray):
        raise TypeError(type(x))
    if isinstance(p, int) and not isinstance(p, bool):
        return np.sum(x**p)
    return np.sum(np.abs(x) ** p)


@supported("`isinstance` ladder", lambda: (1.3, [0.7, 2.0]))
def scalar_or_sequence(x, w):
    scalar = isinstance(x, float)
    weights = w if isinstance(w, Sequence) else [w]
    x = np.atleast_1d(x)
    y = x * weights[0] + x**2 * weights[-1]
    return y[0] if scalar else y


@supported("`isinstance` ladder", lambda: ([1.3, [0.7, [2.0, -0.4]]],))
def sum_of_a_nested_list(v):
    def total(node):
        if isinstance(node, list):
            return sum(total(child) * (k + 1) for k, child in enumerate(node))
        return node**2

    return total(v)


@supported("`type` and identity", lambda: (1.3, None, np.float64))
def types_are_compared(x, out, dtype):
    if type(x) is float and type(x).__name__ == "float" and out is None:
        x = dtype(x)
    if type(x) is not np.float64:
        return 0.0
    return x * x


@supported("`is None` defaults", lambda: (V.copy(), None, 0.7))
def optional_arguments(a, weights, scale):
    if weights is None:
        weights = np.ones_like(a) * scale
    norm = None if scale is None else np.sum(weights)
    return np.sum(a * weights) / (norm or 1.0)


@supported("validation by helpers", lambda: (V.copy(), 1.3))
def validated_by_helpers(a, x):
    a = as_floats(a, "a", ndim=1)
    check_scalar(x, low=0.0, high=5.0)
    return np.sum(a * x)


@supported("validation by helpers", lambda: (V.copy(), [0.1, 0.2, 0.3, 0.4]))
def shapes_are_compared(a, w):
    w = np.asarray(w)
    if a.shape != w.shape or len(a) != w.size:
        raise ValueError(f"shapes {a.shape} and {w.shape} differ")
    if np.broadcast_shapes(a.shape, w.shape) == (4,) and np.result_type(a, w).kind == "f":
        return a @ w
    return 0.0


@supported("`getattr` and `hasattr`", lambda: (V.copy(), 1.3))
def duck_typing(a, x):
    n = getattr(a, "size", 1)
    if hasattr(a, "to_numpy"):
        a = a.to_numpy()
    mean = getattr(a, "mean", None)
    return (mean() if callable(mean) else a) * n * x


@supported("`getattr` and `hasattr`", lambda: (V.copy(), 1.3))
def attributes_with_defaults(a, x):
    shape, dtype = getattr(a, "shape", ()), getattr(a, "dtype", None)
    if len(shape) != 1 or dtype is None or getattr(x, "units", None) is not None:
        return 0.0
    return np.sum(getattr(a, "T", a)) * getattr(x, "real", x) * getattr(x, "ndim", 2)


@supported("`getattr` and `hasattr`", lambda: (V.copy(), None))
def namespace_by_a_helper(a, b):
    xp = namespace_of(a, b)
    return xp.sum(xp.exp(-a) * a) + xp.asarray(2.0)


@supported("string switches", lambda: (V.copy(), "L2", "mean"))
def loss_by_name(r, norm, reduction):
    norm = norm.lower()
    if norm not in {"l1", "l2"}:
        raise ValueError(f"norm={norm!r}: expected 'l1' or 'l2'")
    loss = np.abs(r) if norm == "l1" else 0.5 * r**2
    return getattr(loss, reduction)()


@supported("string switches", lambda: (1.3, ["scale=2.5", "shift=0.5"]))
def parsed_settings(x, settings):
    table = {}
    for text in settings:
        key, _, value = text.partition("=")
        table[key.strip()] = float(value)
    return x * table["scale"] + x**2 * table.get("shift", 0.0)


@supported("messages, warnings, logging", lambda: (V.copy(), 1.3))
def warned_once(a, x):
    if np.any(a < 0):
        warnings.warn(f"{np.sum(a < 0)} negative values", RuntimeWarning, stacklevel=2)
    LOGGER.debug("x = %s, a = %s", x, describe(a))
    return np.sum(a * a) * x


@supported("messages, warnings, logging", lambda: (V.copy(), 1.3))
def text_is_built(a, x):
    lines = []
    for k, v in enumerate(a):
        lines.append("{}: {:.2f}".format(k, v))
    header = max(lines, key=len)
    title = " ".join([header, describe(x)]).title()
    return x * np.sum(a) if title else 0.0


@supported("constructs of any kind beside the computation", lambda: (V.copy(), 1.3))
def helper_with_a_generator(a, x):
    labels = {k: f"row {k}" for k, _ in numbered(["a", "b"])}
    remember(labels[0])
    order = sorted(range(len(a)), key=lambda i: a[i])
    return a[order[0]] * x + a[order[-1]] ** 2


@supported("constructs of any kind beside the computation", lambda: (V.copy(), {"tol": 1e-9}))
def keyword_plumbing(a, options):
    known = dict(tol=1e-6, maxiter=3)
    unknown = set(options) - set(known)
    if unknown:
        raise TypeError(f"unexpected: {', '.join(sorted(unknown))}")
    known.update({k: v for k, v in options.items() if k != "tol"})
    for _ in range(known["maxiter"]):
        a = a - 0.1 * a**3
    return a


@supported("constructs of any kind beside the computation", lambda: (V.copy(), 1.3))
def inspected_at_run_time(a, x):
    import inspect
    signature = inspect.signature(as_floats)
    names = [p.name for p in signature.parameters.values() if p.default is None]
    k = len(names) + len(inspect.currentframe().f_code.co_varnames[:1])
    return np.sum(a) * x**k


@supported("counts and sizes", lambda: (np.arange(6.0).reshape(2, 3) + 0.5, 1.3))
def sizes_in_the_computation(m, x):
    rows, columns = m.shape
    n = len(m) + m.ndim + m.size
    iterable = np.iterable(m) and not np.isscalar(m) and np.isscalar(x)
    return np.sum(m, axis=-1) / columns * (n if iterable else rows) * x


@supported("conversions that keep the value", lambda: (1.3, [0.7, 2.0]))
def asarray_and_item(x, v):
    a = np.asarray(x)
    b = np.asanyarray(v, dtype=np.float64)
    c = np.ascontiguousarray(b).astype(float)
    return float(a) * c.tolist()[1] + b.item(0) * a.item() + np.float64(x)


@supported("dtype tests", lambda: (V.copy(), 1.3))
def dtypes_are_looked_at(a, x):
    if np.issubdtype(a.dtype, np.integer) or a.dtype.kind == "b":
        a = a.astype(float)
    if not np.iscomplexobj(a) and np.isrealobj(x) and a.dtype == np.dtype("f8"):
        eps = np.finfo(a.dtype).eps
        return np.sum(a * a) * x + eps
    return 0.0


@supported("environment and time", lambda: (1.3,))
def surroundings(x):
    import os
    import sys
    import time
    start = time.perf_counter()
    fast = os.environ.get("TESTS_LANGUAGE_FAST", "") or sys.version_info >= (3, 0)
    elapsed = time.perf_counter() - start
    return x * x if fast and elapsed >= 0 else x
