"""What making a derivative costs per line of source: a call tree of some 1,500 lines, all new."""

from __future__ import annotations

import linecache
import time
from typing import Any

import numpy as np

from benchmarks.measure import TWENTY_LINES

__all__ = ["lines_of_tree", "make_tree", "seconds_of_tree"]

HEAD = "import math\n\nimport numpy as np\n"

#: Scalar code in alternatives, as in correlations of engineering.
SCALARS = '''
def drag_{i}(speed, size, method="auto"):
    """The drag of a sphere: {i}."""
    if speed <= 0.0:
        raise ValueError("speed must be positive")
    reynolds = 1000.0 * speed * size
    if method == "auto":
        method = "stokes" if reynolds < 0.1 else "oseen" if reynolds < 5.0 else "white"
    if method == "stokes":
        factor = 24.0 / reynolds
    elif method == "oseen":
        factor = 24.0 / reynolds * (1.0 + 3.0 / 16.0 * reynolds)
    elif method == "white":
        factor = 24.0 / reynolds + 6.0 / (1.0 + math.sqrt(reynolds)) + 0.4
    else:
        raise ValueError(f"{{method}} is not known")
    area = math.pi * size ** 2 / 4.0
    pressure = 0.5 * 1.2 * speed ** 2
    force = factor * area * pressure
    root = guess_{i}(force, size)
    return force + 0.1 * root

def guess_{i}(force, size):
    low, high = 0.0, 10.0
    for step in range(4):
        middle = 0.5 * (low + high)
        value = middle * middle * size - force
        if value > 0.0:
            high = middle
        else:
            low = middle
    return 0.5 * (low + high) * math.exp(-force)
'''

#: Arrays written in place, and lists that grow.
WRITES = '''
def march_{i}(u, rate, count):
    u = u.copy()
    seen = []
    for step in range(count):
        flux = rate * (u[1:] - u[:-1])
        u[1:-1] += flux[1:] - flux[:-1]
        u[0] = 0.5 * u[1]
        u[-1] = 0.5 * u[-2]
        if step % 2 == 0:
            seen.append(np.sum(u * u))
    total = 0.0
    for k, value in enumerate(seen):
        total += value / (k + 1.0)
    weights = np.exp(-np.abs(u))
    weights = weights / np.sum(weights)
    mean = np.dot(weights, u)
    spread = np.sqrt(np.dot(weights, (u - mean) ** 2) + 1e-12)
    return total + mean * spread
'''

#: An object with attributes and methods.
OBJECTS = '''
class Filter_{i}:
    def __init__(self, state, spread):
        self.state = state
        self.spread = spread
        self.seen = 0

    def predict(self, rate):
        self.state = self.state * (1.0 + rate)
        self.spread = self.spread + rate * rate

    def update(self, measured, noise):
        gain = self.spread / (self.spread + noise)
        self.state = self.state + gain * (measured - self.state)
        self.spread = (1.0 - gain) * self.spread
        self.seen += 1

def track_{i}(start, rate, noise):
    found = Filter_{i}(start, 1.0)
    for k in range(3):
        found.predict(rate)
        found.update(math.sin(0.1 * k), noise)
    return found.state * found.spread
'''

GROUP = '''
def group_{i}(x, w, b, speed, size):
    total = twenty_{i}(x, w, b, 3)
    total = total + drag_{i}(speed, size)
    total = total + march_{i}(x[0], 0.1, 4)
    total = total + track_{i}(speed, size, 0.5)
    return total
'''
GROUPS = 16


def make_tree(name: str) -> Any:
    """The root of the tree, in a file of its own."""
    parts = [TWENTY_LINES.partition("\n\n")[2], SCALARS, WRITES, OBJECTS, GROUP]
    text = HEAD + "".join("\n" + part.format(i=i) for i in range(GROUPS) for part in parts)
    text += "\n\ndef root(x, w, b, speed, size):\n    total = 0.0\n" + "".join(
        f"    total = total + group_{i}(x, w, b, speed, size)\n" for i in range(GROUPS))
    text += "    return total\n"
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    scope: dict[str, Any] = {"__name__": name}
    exec(compile(text, name, "exec"), scope)
    return scope["root"]


def lines_of_tree(root: Any) -> int:
    """Lines of its file that are not empty."""
    return sum(bool(line.strip()) for line in linecache.cache[root.__code__.co_filename][2])


def arguments() -> tuple[Any, ...]:
    x = np.linspace(0.1, 0.9, 6).reshape(2, 3)
    return x, np.ones((3, 4)) / 5, np.full(4, 0.1), 0.3, 0.02


def seconds_of_tree(times: int) -> tuple[float, int]:
    """Seconds of processor time of the first `vjp` of the whole tree, the least; and its lines."""
    import s2sdiff as sd

    spent, count = [], 0
    for i in range(times + 1):
        root = make_tree(f"<call tree {i}>")
        count = lines_of_tree(root)
        start = time.process_time()
        sd.vjp(root, *arguments())
        spent.append(time.process_time() - start)
    # The very first one also loads the rules: it is not counted.
    return min(spent[1:]), count
