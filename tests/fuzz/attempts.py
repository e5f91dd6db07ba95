"""Random programs of nested `try`, `with`, loops and `if`s in which things raise here and there.

`python -m tests.fuzz.attempts FIRST COUNT` runs programs by number and prints those that go wrong.
"""

from __future__ import annotations

import contextlib
import io
import linecache
import math
import random
import sys
import warnings
from typing import Any

import s2sdiff as sd
from s2sdiff.errors import DifferentiationError

__all__ = ["Boom", "Crash", "Manager", "act", "check", "hit", "program"]


class Boom(Exception):
    """What programs raise."""


class Crash(Boom):
    """A kind of Boom."""


class Manager:
    """Says what it does; ends a Boom if its number is among `fails`."""

    def __init__(self, number: int, fails: frozenset) -> None:
        self.number, self.fails = number, fails

    def __enter__(self) -> int:
        print("enter", self.number)
        return self.number

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        print("exit", self.number, kind and kind.__name__)
        return kind is not None and issubclass(kind, Boom) and self.number in self.fails


class Passing(Manager):
    """Says what it does, and ends nothing."""

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        print("exit", self.number, kind and kind.__name__)


def act(fails: frozenset, number: int) -> None:
    """Raises, or does not."""
    if number in fails:
        raise (Crash if number % 3 == 0 else ValueError if number % 7 == 0 else Boom)(number)


def hit(x: Any, fails: frozenset, number: int) -> Any:
    """A number, or an exception."""
    y = math.sin(x) * 0.5 + x
    act(fails, number)
    return y * 0.9


_NAMES = ("a", "b", "c")
_TYPES = ("Boom", "Crash", "ValueError", "(Crash, ValueError)", "Exception", "")


class _Writer:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.numbers = 0
        self.size = 0

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    def name(self) -> str:
        return self.random.choice(_NAMES)

    def expression(self) -> str:
        a, b = self.name(), self.random.choice((*_NAMES, "x"))
        return self.random.choice((
            f"{a} * 0.7 + {b} * 0.2", f"{a} * {b} * 0.5", f"math.sin({a}) + {b} * 0.3",
            f"{b} + 0.1",
            f"hit({a}, fails, {self.number()})", f"{a} - 0.4 * hit({b}, fails, {self.number()})",
            f"{a}", "0.25"))

    def block(self, depth: int, looped: bool, indent: int) -> None:
        start = len(self.lines)
        for _ in range(self.random.randint(1, 3)):
            self.statement(depth, looped, indent)
        if len(self.lines) == start:
            self.line("pass", indent)

    def line(self, text: str, indent: int) -> None:
        self.lines.append("    " * indent + text)
        self.size += 1

    def statement(self, depth: int, looped: bool, indent: int) -> None:
        r = self.random.random()
        deep = depth > 0 and self.size < 45
        if deep and r < 0.3:
            self.attempt(depth, looped, indent)
        elif deep and r < 0.38:
            self.managed(depth, looped, indent)
        elif deep and r < 0.48:
            self.branch(depth, looped, indent)
        elif deep and r < 0.56:
            self.line(f"for i{depth} in range({self.random.randint(1, 3)}):", indent)
            self.block(depth - 1, True, indent + 1)
            if self.random.random() < 0.2:
                self.line("else:", indent)
                self.block(depth - 1, looped, indent + 1)
        elif r < 0.62:
            self.line(f"print({self.number()})", indent)
        elif r < 0.68:
            self.line(f"act(fails, {self.number()})", indent)
        elif r < 0.74:
            jumps = ["return " + self.expression()] + ["break", "continue"] * looped
            jumps += ["raise Crash()", "raise Boom(1) from ValueError()"]
            self.line(f"if {self.number()} in fails:", indent)
            self.line(self.random.choice(jumps), indent + 1)
        elif r < 0.8:
            self.line(f"{self.name()} += {self.expression()}", indent)
        else:
            name = "d" if self.random.random() < 0.07 else self.name()
            value = "d" if self.random.random() < 0.04 else self.expression()
            self.line(f"{name} = {value}", indent)

    def branch(self, depth: int, looped: bool, indent: int) -> None:
        test = self.random.choice((f"{self.number()} in fails", f"{self.name()} > 0.3"))
        self.line(f"if {test}:", indent)
        self.block(depth - 1, looped, indent + 1)
        if self.random.random() < 0.5:
            self.line("else:", indent)
            self.block(depth - 1, looped, indent + 1)

    def attempt(self, depth: int, looped: bool, indent: int) -> None:
        final = self.random.random() < 0.3
        handlers = self.random.randint(0 if final else 1, 2)
        self.line("try:", indent)
        self.block(depth - 1, looped, indent + 1)
        chosen = sorted(self.random.sample(range(len(_TYPES)), handlers))
        for at in chosen:
            caught = _TYPES[at]
            named = caught and self.random.random() < 0.3
            kind = f" {caught} as e" if named else f" {caught}" if caught else ""
            self.line(f"except{kind}:", indent)
            if named:
                self.line("print(type(e).__name__)", indent + 1)
            self.block(depth - 1, looped, indent + 1)
            if self.random.random() < 0.2:
                self.line("raise", indent + 1)
            elif named and self.random.random() < 0.2:
                self.line("raise Boom(2) from e", indent + 1)
        if handlers and self.random.random() < 0.25:
            self.line("else:", indent)
            self.block(depth - 1, looped, indent + 1)
        if final:
            self.line("finally:", indent)
            self.block(depth - 1, looped, indent + 1)

    def managed(self, depth: int, looped: bool, indent: int) -> None:
        kind = self.random.choice(("Manager", "Manager", "Passing", "suppress"))
        if kind == "suppress":
            self.line(f"with contextlib.suppress({self.random.choice(_TYPES[:4]).strip('()')}):",
                      indent)
        else:
            named = " as n" if self.random.random() < 0.3 else ""
            self.line(f"with {kind}({self.number()}, fails){named}:", indent)
        self.block(depth - 1, looped, indent + 1)


def program(seed: int) -> str:
    """The text of a function `f(x, fails)`."""
    writer = _Writer(seed)
    writer.line("def f(x, fails):", 0)
    writer.line(f"a, b = x, {writer.random.choice(('x * 0.5', '0.3', 'x * x'))}", 1)
    writer.line("c = x + 0.2", 1)
    for _ in range(writer.random.randint(2, 4)):
        writer.statement(4, False, 1)
    writer.line("return a + b * 0.5 + c * 0.25", 1)
    return "\n".join(writer.lines) + "\n"


def load(text: str, seed: int) -> Any:
    name = f"<attempts {seed}>"
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    space = {"math": math, "contextlib": contextlib, "Boom": Boom, "Crash": Crash, "hit": hit,
             "Manager": Manager, "Passing": Passing, "act": act}
    exec(compile(text, name, "exec"), space)
    return space["f"]


def outcome(call: Any, *args: Any) -> tuple[Any, str]:
    """A call's value or the exception's type, arguments and cause; what it printed."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return call(*args), out.getvalue()
        except DifferentiationError as error:
            return error, out.getvalue()
        except NameError:
            return NameError, out.getvalue()
        except Exception as error:
            cause = error.__cause__
            return (type(error), error.args, type(cause), type(error.__context__)), out.getvalue()


def check(seed: int) -> list[str]:
    """What is wrong with a program, for some sets of places that raise; or that it is refused."""
    text = program(seed)
    f = load(text, seed)
    r = random.Random(seed)
    numbers = range(1, 1 + text.count("fails"))
    found = []
    for share in (0.0, 0.1, 0.25, 0.25, 0.5):
        fails = frozenset(n for n in numbers if r.random() < share)
        x = r.choice((0.4, 0.8, -0.7))
        found += [f"{problem} for x={x}, fails={set(fails)}" for problem in _wrong(f, x, fails)]
    return found


def _wrong(f: Any, x: float, fails: frozenset) -> list[str]:
    want, printed = outcome(f, x, fails)
    kept: list[Any] = []

    def pulled(x: float) -> Any:
        value, pullback = sd.vjp(f, x, fails)
        kept.append(pullback)
        return value

    got, also = outcome(pulled, x)
    if isinstance(got, DifferentiationError):
        return [f"refused: {got.said}"]
    if (got, also) != (want, printed):
        return [f"does {got!r}, {also!r}, not {want!r}, {printed!r}"]
    if not isinstance(want, float):
        return []
    e = 1e-6
    slope = (f_quiet(f, x + e, fails) - f_quiet(f, x - e, fails)) / (2 * e)
    found = []
    for name, bar in (("pullback", kept[0](1.0)[0]), ("again", kept[0](1.0)[0]),
                      ("grad", outcome(sd.grad(f), x, fails)[0])):
        if not isinstance(bar, float) or abs(bar - slope) > 1e-5 * max(1.0, abs(slope)):
            found.append(f"{name} {bar!r}, not {slope!r}")
    return found


def f_quiet(f: Any, x: float, fails: frozenset) -> Any:
    return outcome(f, x, fails)[0]


def main(first: int, count: int) -> None:
    """Run programs and say which are wrong."""
    wrong = refused = 0
    reasons: dict[str, int] = {}
    for seed in range(first, first + count):
        try:
            problems = check(seed)
        except Exception as error:
            problems = [f"crashed: {type(error).__name__}: {error}"]
        bad = [p for p in problems if not p.startswith("refused")]
        for p in problems:
            if p.startswith("refused"):
                reasons[p[:90]] = reasons.get(p[:90], 0) + 1
        refused += any(p.startswith("refused") for p in problems)
        if bad:
            wrong += 1
            print(seed, len(program(seed)), bad[0][:300])
    print(f"{count} programs, {wrong} wrong, {refused} refused", reasons)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
