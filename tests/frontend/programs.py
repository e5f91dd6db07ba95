"""Random functions full of nested functions, comprehensions, matches and deletions.

They compute with small integers and lists of them, print what they come by, and may raise; what
matters is that each form of a function does the same.
"""

from __future__ import annotations

import itertools
import random
from typing import Any

from tests.from_text import run_text

__all__ = ["load", "program"]

_numbers = itertools.count()


class _Draft:
    """One program: its lines, and the names that each scope has by kind."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.names = itertools.count(1)

    def pick(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def number(self, scope: dict[str, list[str]], depth: int = 2) -> str:
        """An expression with a number."""
        atoms = [str(self.random.randint(-2, 5)), *scope["number"] * 3]
        if depth == 0 or self.random.random() < 0.3:
            return self.pick(*atoms)
        a, b = self.number(scope, depth - 1), self.number(scope, depth - 1)
        forms = [f"({a} + {b})", f"({a} - {b})", f"({a} * {b} % 7)", f"shown({a})", f"abs({a})",
                 f"({a} if {b} > 1 else {self.number(scope, depth - 1)})", f"({a} or {b})",
                 f"({a} and shown({b}))", f"int({a} < {b} < 4)"]
        items = self.items(scope, depth - 1)
        forms += [f"len({items})", f"sum({items})", f"max({items}, default={a})",
                  f"sum({self.comprehension(scope, depth - 1)})",
                  f"int(any({self.comprehension(scope, depth - 1)}))",
                  f"int(all({self.comprehension(scope, depth - 1)}))"]
        if scope["list"]:
            forms.append(f"{self.pick(*scope['list'])}[{self.random.randint(-2, 2)}]")
        if scope["function"]:
            forms += [f"{self.pick(*scope['function'])}({a})"] * 3
        forms.append(f"(lambda {(v := self.fresh('v'))}: {v} + {a})({b})")
        if scope["number"] and self.random.random() < 0.3:
            forms.append(f"({self.pick(*scope['number'])} := {a})" if scope["walrus"] else a)
        return self.pick(*forms)

    def fresh(self, stem: str) -> str:
        return f"{stem}{next(self.names)}"

    def comprehension(self, scope: dict[str, list[str]], depth: int) -> str:
        name = self.pick(self.fresh("i"), "i", *scope["number"])
        inner = {**scope, "number": [*scope["number"], name], "walrus": []}
        source = self.items({**scope, "walrus": []}, depth)
        test = f" if {self.number(inner, depth)} > 0" if self.random.random() < 0.4 else ""
        more = ""
        if self.random.random() < 0.2:
            j = self.fresh("j")
            inner = {**inner, "number": [*inner["number"], j]}
            more = f" for {j} in {self.items(inner, 0)}"
        return f"{self.number(inner, depth)} for {name} in {source}{test}{more}"

    def items(self, scope: dict[str, list[str]], depth: int = 1) -> str:
        """An expression with a list of numbers."""
        forms = [f"list(range({self.random.randint(0, 3)}))",
                 f"[{self.number(scope, max(depth - 1, 0))}, {self.number(scope, 0)}]",
                 *scope["list"] * 2]
        if depth > 0:
            made = self.comprehension(scope, depth - 1)
            forms += [f"[{made}]", f"sorted({{{made}}})", f"list({made})",
                      f"[{self.number(scope, 0)}, *({made})]"]
            key, _, rest = made.partition(" for ")
            forms.append(f"list({{{key}: {self.number(scope, 0)} for {rest}}})")
        return self.pick(*forms)

    # -------------------------------------------------------------------------- statements

    def block(self, scope: dict[str, list[str]], indent: int, depth: int, size: int) -> None:
        for _ in range(size):
            self.statement(scope, indent, depth)

    def write(self, indent: int, text: str) -> None:
        self.lines.append("    " * indent + text)

    def statement(self, scope: dict[str, list[str]], indent: int, depth: int) -> None:
        target = self.pick(*scope["own"], self.fresh("n"))
        kinds = ["assign"] * 3 + ["update", "list", "print", "append", "delete", "pair", "call"]
        if depth > 0:
            kinds += ["if", "for", "while", "match", "def", "def", "lambda", "lambdas", "try"]
        kind = self.pick(*kinds)
        if kind == "assign":
            self.write(indent, f"{target} = {self.number(scope)}")
            self.bind(scope, target)
        elif kind == "update" and scope["own"]:
            self.write(indent, f"{self.pick(*scope['own'])} += {self.number(scope)}")
        elif kind == "list":
            name = self.pick(self.fresh("xs"), *scope["list"])
            if name not in scope["outer"]:
                self.write(indent, f"{name} = {self.items(scope, 2)}")
                scope["list"].append(name)
        elif kind == "append" and scope["list"]:
            name = self.pick(*scope["list"])
            self.write(indent, f"if len({name}) < 6:")  # a loop over it may be running
            self.write(indent + 1, f"{name}.append({self.number(scope)})")
        elif kind == "delete" and scope["own"] and self.random.random() < 0.3:
            self.write(indent, f"del {self.pick(*scope['own'])}")
        elif kind == "pair":
            other = self.pick(*scope["own"], self.fresh("n"))
            self.write(indent, f"{target}, {other} = {self.number(scope, 1)}, "
                               f"{self.number(scope, 1)}")
            self.bind(scope, target)
            self.bind(scope, other)
        elif kind == "call" and scope["functions"]:
            f = self.fresh("f")
            self.write(indent, f"for {f} in {self.pick(*scope['functions'])}:")
            self.write(indent + 1, f"print({f}({self.number(scope, 1)}))")
        elif kind in ("if", "for", "while", "match", "def", "lambda", "lambdas", "try"):
            getattr(self, f"{kind}_")(scope, indent, depth - 1, target)
        else:
            self.write(indent, f"print({self.number(scope)})")

    def bind(self, scope: dict[str, list[str]], name: str) -> None:
        for kind in ("number", "own"):
            if name not in scope[kind]:
                scope[kind].append(name)

    def if_(self, scope: Any, indent: int, depth: int, target: str) -> None:
        self.write(indent, f"if {self.number(scope)} > 0:")
        self.block(scope, indent + 1, depth, self.random.randint(1, 2))
        if self.random.random() < 0.5:
            self.write(indent, "else:")
            self.block(scope, indent + 1, depth, 1)

    def for_(self, scope: Any, indent: int, depth: int, target: str) -> None:
        self.write(indent, f"for {target} in {self.items(scope)}[:3]:")
        self.bind(scope, target)
        self.block(scope, indent + 1, depth, self.random.randint(1, 2))
        if self.random.random() < 0.3:
            self.write(indent + 1, f"if {self.number(scope, 1)} > 2:")
            self.write(indent + 2, self.pick("break", "continue", f"return {target}"))

    def while_(self, scope: Any, indent: int, depth: int, target: str) -> None:
        count = self.fresh("c")
        self.write(indent, f"{count} = 0")
        self.write(indent, f"while {count} < 3 and {self.number(scope)} > -1:")
        self.write(indent + 1, f"{count} += 1")
        self.block(scope, indent + 1, depth, 1)

    def try_(self, scope: Any, indent: int, depth: int, target: str) -> None:
        self.write(indent, "try:")
        self.write(indent + 1, f"print({self.number(scope)} // {self.number(scope, 1)})")
        self.write(indent, "except (ZeroDivisionError, IndexError) as error:")
        self.write(indent + 1, "print(type(error))")

    def match_(self, scope: Any, indent: int, depth: int, target: str) -> None:
        subject = self.pick(self.number(scope), self.items(scope),
                            f"{self.number(scope, 1)}, {self.number(scope, 1)}")
        self.write(indent, f"match {subject}:")
        cases = ["0 | 1", "[0, *_]", "[{0}]", "[{0}, {1}]", "(0, {0}) | ({0}, 0)", "int({0})",
                 "[{0}, *_, {1}]", "[_, 2 as {0}, *_]", "{{'a': {0}}}"]
        for form in self.random.sample(cases, 3):
            names = [self.pick(*scope["own"], self.fresh("n")) for _ in "ab"]
            if names[0] == names[1]:
                names[1] = self.fresh("n")
            pattern = form.format(*names)
            inner = {**scope, "number": [*scope["number"]], "own": [*scope["own"]]}
            for i, name in enumerate(names):
                if f"{{{i}}}" in form:
                    self.bind(inner, name)
            guard = f" if {self.number(inner, 1)} > 1" if self.random.random() < 0.3 else ""
            self.write(indent + 1, f"case {pattern}{guard}:")
            self.block(inner, indent + 2, depth, 1)
        self.write(indent + 1, "case _:")
        self.block(scope, indent + 2, depth, 1)

    def def_(self, scope: Any, indent: int, depth: int, target: str) -> None:
        name, parameter = self.fresh("f"), self.pick(self.fresh("p"), "p")
        default = f"={self.number(scope, 1)}" if self.random.random() < 0.2 else ""
        if self.random.random() < 0.1:
            self.write(indent, "@twice")
        self.write(indent, f"def {name}({parameter}{default}):")
        inner = {**scope, "number": [*scope["number"]], "own": [], "walrus": ["yes"],
                 "list": [*scope["list"]], "outer": [*scope["outer"], *scope["list"]],
                 "function": [*scope["function"]], "functions": [*scope["functions"]]}
        inner["own"] = [parameter]
        inner["number"].append(parameter)
        declared = [n for n in scope["own"] if n != parameter and self.random.random() < 0.3]
        if declared:
            self.write(indent + 1, f"nonlocal {', '.join(declared)}")
            inner["own"] += declared
        if self.random.random() < 0.15:
            self.write(indent + 1, f"if {parameter} > 1:")
            self.write(indent + 2, f"return {name}({parameter} - 1)")
        self.block(inner, indent + 1, depth, self.random.randint(1, 2))
        self.write(indent + 1, f"return {self.number(inner)}")
        scope["function"].append(name)
        if self.random.random() < 0.5:
            many = self.fresh("fs")
            self.write(indent, f"{many} = [{name}, {name}]")
            scope["functions"].append(many)

    def lambda_(self, scope: Any, indent: int, depth: int, target: str) -> None:
        name, p = self.fresh("f"), self.fresh("p")
        inner = {**scope, "number": [*scope["number"], p], "walrus": []}
        self.write(indent, f"{name} = lambda {p}: {self.number(inner)}")
        scope["function"].append(name)

    def lambdas_(self, scope: Any, indent: int, depth: int, target: str) -> None:
        many, i, p = self.fresh("fs"), self.fresh("i"), self.fresh("p")
        inner = {**scope, "number": [*scope["number"], p, i], "walrus": []}
        default = self.pick("", f"={i}")
        body = f"lambda {p}{default}: {self.number(inner)}"
        self.write(indent, f"{many} = [{body} for {i} in {self.items(scope, 0)}]")
        scope["functions"].append(many)


def program(seed: int) -> str:
    """The text of a module with a function `main(a, xs)`."""
    draft = _Draft(seed)
    scope: dict[str, list[str]] = {
        "number": ["a"], "own": ["a"], "list": ["xs"], "function": [], "functions": [],
        "walrus": ["yes"], "outer": [],
    }
    draft.write(0, "def shown(x):")
    draft.write(1, "print('shown', x)")
    draft.write(1, "return x")
    draft.write(0, "def twice(f):")
    draft.write(1, "return lambda *p: 2 * f(*p)")
    draft.write(0, "def main(a, xs):")
    draft.block(scope, 1, 2, 6)
    draft.write(1, f"return {draft.number(scope)}, xs")
    return "\n".join(draft.lines) + "\n"


def load(text: str) -> Any:
    """The function `main` of a module, whose text can be found."""
    name = f"<program {next(_numbers)}>"
    space: dict[str, Any] = {"__name__": "programs"}
    run_text(text, name, space)
    return space["main"]
