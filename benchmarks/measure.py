"""Times that can be compared: several contestants in one process, turn by turn, best of many."""

from __future__ import annotations

import gc
import importlib.util
import linecache
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = [
    "contestants", "disagreement", "first_call", "import_cost", "installed", "overhead", "race",
    "settle_allocator",
]


def settle_allocator() -> None:
    """Have freed memory kept by the process, as it is in one that has run for a while.

    A fresh process under glibc gives arrays of a megabyte back to the system at each free and takes
    page faults for the next, five times the cost of the arithmetic, for some contestants and not
    for others.  One large array, made and freed, ends that:
    https://man7.org/linux/man-pages/man3/mallopt.3.html (M_MMAP_THRESHOLD, dynamic).
    """
    np.ones(31 << 17)


def _gradient(library: Any, function: Callable[..., Any], wrt: Any) -> Callable[..., Any]:
    if library.__name__ == "jax":
        return library.grad(function, argnums=wrt)
    return library.grad(function, argnum=wrt)


def _jax_call(problem: Any, arguments: tuple[Any, ...]) -> Callable[[], Any]:
    import jax

    jax.config.update("jax_enable_x64", True)
    gradient = _gradient(jax, problem.jax(jax.numpy), problem.wrt)
    if getattr(problem.jax, "jit", False):
        # Numbers of steps shape the compiled code; arrays are put on the device beforehand.
        static = tuple(i for i, a in enumerate(arguments) if type(a) is int)
        gradient = jax.jit(gradient, static_argnums=static)
    placed = [a if type(a) in (int, float) else jax.numpy.asarray(a) for a in arguments]
    return lambda: jax.block_until_ready(gradient(*placed))


def contestants(problem: Any, arguments: tuple[Any, ...], peers: tuple[str, ...]) -> dict[str, Any]:
    """What is timed, by name; each call takes nothing and returns the gradient (or the value)."""
    import s2sdiff as sd

    ours = sd.grad(problem.primal, wrt=problem.wrt)
    found: dict[str, Callable[[], Any]] = {
        "primal": lambda: problem.primal(*arguments),
        "hand": lambda: problem.hand(*arguments),
        "ours": lambda: ours(*arguments),
    }
    if "autograd" in peers and problem.autograd is not None:
        import autograd
        import autograd.numpy

        theirs = _gradient(autograd, problem.autograd(autograd.numpy), problem.wrt)
        found["autograd"] = lambda: theirs(*arguments)
    if "jax" in peers and problem.jax is not None:
        found["jax"] = _jax_call(problem, arguments)
    return found


def disagreement(problem: Any, calls: dict[str, Any]) -> str | None:
    """A contestant whose gradient is not that of `hand`, in words; None if all agree."""
    parts = (lambda g: g) if isinstance(problem.wrt, tuple) else (lambda g: (g,))
    expected = parts(calls["hand"]())
    for name in calls.keys() - {"primal", "hand"}:
        for i, (g, e) in enumerate(zip(parts(calls[name]()), expected, strict=True)):
            if not np.allclose(g, e, rtol=1e-6, atol=1e-8):
                return f"{name} differs from hand in entry {i}"
    return None


def _repetitions(call: Callable[[], Any], seconds: float) -> int:
    count = 1
    while True:
        start = time.perf_counter()
        for _ in range(count):
            call()
        spent = time.perf_counter() - start
        if spent >= seconds / 2 or count >= 1_000_000:
            return max(1, round(count * seconds / max(spent, 1e-9))) if spent < seconds else count
        count *= 4


def race(calls: dict[str, Any], rounds: int, seconds: float) -> dict[str, float]:
    """Seconds per call of each contestant: the least of `rounds`, taken turn by turn.

    Each turn starts with a call that is not timed, so that nobody pays for the caches and the
    freed memory of the contestant before, and each round starts with another contestant.
    """
    best = dict.fromkeys(calls, float("inf"))
    counts = {name: _repetitions(call, seconds) for name, call in calls.items()}
    names = list(calls)
    collecting = gc.isenabled()
    gc.disable()
    try:
        for i in range(rounds):
            first = i % len(names)
            for name in names[first:] + names[:first]:
                call, turns = calls[name], range(counts[name])
                call()
                start = time.perf_counter()
                for _ in turns:
                    call()
                best[name] = min(best[name], (time.perf_counter() - start) / counts[name])
    finally:
        if collecting:
            gc.enable()
    return best


TWENTY_LINES = """\
import numpy as np

def twenty_{i}(x, w, b, n):
    h = np.tanh(x @ w + b)
    total = 0.0
    for step in range(n):
        scale = 1.0 / (step + 1.0)
        z = h * scale + b
        if np.sum(z) > 0.0:
            h = np.sin(z) * h
            total = total + np.mean(h)
        else:
            h = h - np.exp(-z * z)
            total = total - scale
    shifted = h - np.max(h)
    e = np.exp(shifted)
    p = e / np.sum(e)
    entropy = -np.sum(p * np.log(p))
    ratio = entropy / (1.0 + total * total)
    norm = np.sqrt(np.sum(w * w) + 1.0)
    penalty = 0.01 * norm + np.abs(total)
    return ratio + penalty
"""


def first_call(times: int) -> float:
    """Seconds of the first gradient of a 20-line function, parse to result: the median."""
    import s2sdiff as sd

    arguments = np.linspace(0.1, 0.9, 6).reshape(2, 3), np.ones((3, 4)) / 5, np.full(4, 0.1), 3
    spent = []
    for i in range(times + 1):
        text, file = TWENTY_LINES.format(i=i), f"<first call {i}>"
        linecache.cache[file] = (len(text), None, text.splitlines(True), file)
        scope: dict[str, Any] = {"__name__": f"first_call_{i}"}
        exec(compile(text, file, "exec"), scope)
        start = time.perf_counter()
        sd.grad(scope[f"twenty_{i}"], wrt=(0, 1, 2))(*arguments)
        spent.append(time.perf_counter() - start)
    # The very first one also loads the rules and warms Python's own caches: it is not counted.
    return sorted(spent[1:])[times // 2]


def import_cost(times: int) -> float:
    """Seconds of processor time that `import s2sdiff` takes on top of `import numpy`: the least."""
    program = ("import time, numpy; start = time.process_time(); import s2sdiff\n"
               "print(time.process_time() - start)")
    runs = [subprocess.run([sys.executable, "-c", program], capture_output=True, text=True,
                           check=True).stdout for _ in range(times)]
    return min(map(float, runs))


def overhead(call: Callable[[], Any], direct: Callable[[], Any]) -> float:
    """Seconds that `call` takes beyond `direct`: differences of the least of many short runs."""
    least = [float("inf")] * 2
    for _ in range(2000):
        for i, function in enumerate((call, direct)):
            start = time.perf_counter()
            for _ in range(20):
                function()
            least[i] = min(least[i], (time.perf_counter() - start) / 20)
    return least[0] - least[1]


def installed(name: str) -> bool:
    """Whether a peer can be imported."""
    return importlib.util.find_spec(name) is not None
