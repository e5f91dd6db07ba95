"""Functions that functions give, wrapped helpers, partial objects, tables and recursion."""

from __future__ import annotations

from tests.fuzz.draft import Row
from tests.fuzz.drawn import rounds

__all__ = ["PREAMBLE", "ROWS"]

PREAMBLE = '''
from functools import partial, wraps
def scaled(k, by=1.0):
    k = 0.5 * k
    def scale(x, up=0.1):
        return math.sin(k * x) * by + up
    return scale
def curried(a):
    def of_b(b):
        def of_c(c):
            return 0.3 * a * b + math.tanh(c)
        return of_c
    return of_b
def after(f, g):
    return lambda x: f(g(x))
def counter(start):
    total = start
    def add(x):
        nonlocal total
        total = 0.7 * total + 0.2 * x
        return total
    return add
def handed(f):
    @wraps(f)
    def wrapper(*args, **kwargs):
        return f(*args, **kwargs)
    return wrapper
def halved(f):
    part = 0.5
    def wrapper(x):
        return part * f(x)
    return wrapper
def mixed_up(x, y=0.4, *, up=0.0):
    return 0.3 * x * y + math.cos(y) + up
@handed
def wrapped(x, y=0.2):
    return math.sin(x) * y
@halved
def halfway(x):
    return x * x * 0.3
class Curve:
    def __init__(self, k, shape=math.tanh):
        self.k, self.shape = k, shape
    def __call__(self, x):
        return self.shape(self.k * x)
def curve(k):
    made = Curve(0.4 * k)
    return made
def falling(x, n):
    return 0.5 * x if n <= 0 else 0.6 * math.sin(falling(x, n - 1)) + 0.1 * x
def rising(x, n):
    return x if n <= 0 else 0.5 * falling(x, 1) + 0.3 * sinking(x, n - 1)
def sinking(x, n):
    return 0.4 * x if n <= 0 else 0.7 * rising(x, n - 1)
def sorted_out(xs):
    if len(xs) < 2:
        return xs
    middle = len(xs) // 2
    a, b, out = sorted_out(xs[:middle]), sorted_out(xs[middle:]), []
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]:
            out.append(a[i])
            i += 1
        else:
            out.append(b[j])
            j += 1
    return out + a[i:] + b[j:]
'''.strip("\n").split("\n")
BEGIN = [("f = scaled({x})\ng = scaled({y}, 0.6)\nshare = partial(mixed_up, {y})\nc = curve({x})\n"
          "add = counter({y})\nfs = [0.0] * 4\ns = {x}"),
         ("f = after(scaled({x}), math.tanh)\ng = f\nshare = partial(mixed_up, up={x})\n"
          "c = Curve({y}, math.sin)\nadd = counter(0.3)\nfs = [{x}] * 3\ns = 0.4"),
         ("f = curried({x})({y})\ng = scaled(0.7, {x})\nshare = partial(wrapped, y={y})\n"
          "c = curve({y})\nadd = counter({x})\nfs = [{x}, 0.2, {y}]\ns = {y}")]
#: What happens in a round, of which `turn` is the number.
STEPS = [
    "s = 0.5 * s + 0.3 * f(s)", "s += 0.2 * g(0.5)", "f = scaled(s)", "f, g = g, scaled(0.4 * s)",
    "if turn % 2:\n    g = scaled({x}, s)", "s = 0.6 * s + 0.2 * share(s)",
    "s += 0.2 * curried(s)({x})(0.3)", "s = 0.4 * s + 0.3 * after(g, scaled({y}))(s)",
    "s += 0.3 * add(s)", "s = 0.5 * s + 0.2 * c(s)", "c = curve(s)",
    "s += 0.2 * wrapped(s, y={x}) + 0.1 * halfway(s)",
    "s = 0.5 * s + 0.3 * falling(s, 2)", "s += 0.2 * rising({x}, turn + 1)",
    "for h in (math.sin, halfway, math.tanh):\n    s = 0.3 * s + 0.5 * h(s)",
    "s += 0.2 * [math.cos, math.sin][turn % 2](s)",
    "s = 0.6 * s + 0.2 * {{'a': math.sin, 'b': halfway}}['b'](s)",
    ("for i, v in enumerate(fs):\n    fs[i] += 0.2 * s\n    fs[i - 1] = 0.5 * v + 0.1 * fs[i]"),
    "for i, (v, w) in enumerate(zip(fs, fs[1:])):\n    s += 0.1 * v * w\n    fs[i] = 0.6 * v",
    "fs = fs[1:] + [0.4 * s]", "fs = [0.3 * s] + fs[:-1]",
    "kept = fs[:]\nfs[0] = 0.5 * kept[-1] + {y}",
    "s += 0.1 * sum(sorted_out(fs)[:2])", "fs[-1] -= 0.3 * s", "s += 0.2 * max(fs)",
    "half = partial(mixed_up, s)\ns = 0.4 * half(0.3) + 0.2 * half(y={x})",
]
ENDS = ["s", "f(s) + g(s)", "sum(fs)", "fs[0] * s", "add(s)", "c(s) * share(0.3)",
        "sum(v * (k + 1) for k, v in enumerate(sorted_out(fs)))"]


ROWS = [Row("functions that are made, wrapped and recursive", 6,
            rounds(BEGIN, STEPS, ENDS, 7, times=3))]
