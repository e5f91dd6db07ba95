"""How verdicts are told: reasons in one line, places without the machine's paths, the page."""

from __future__ import annotations

import importlib.metadata
import linecache
import re
from collections import Counter

from tests.thirdparty.case import Case
from tests.thirdparty.judge import Verdict

__all__ = ["cause", "line", "page", "place", "reason"]

HEAD = """# Published functions, differentiated as they are

`make thirdparty` takes the derivative of each function below, unchanged, out of the package that
publishes it, and compares it with differences of the original; it writes this page. *Right*: value
and gradient agree, the pullback gives the same twice, the arguments are left as by the plain call.
*Refused*: an error that says where and why. The arguments are in `tests/thirdparty/tables/`.
"""


def reason(verdict: Verdict) -> str:
    """Why a function is not right: the first sentence, with the place where it is refused."""
    if verdict.word == "right":
        return ""
    said = getattr(verdict.error, "said", None) or verdict.reason
    first = " ".join(said.split()).partition(" Instead, ")[0].rstrip(".")
    where = place(verdict)
    return f"{first} ({where})" if where else first


def place(verdict: Verdict) -> str:
    """Where a refusal arose: the file below its package, and the line."""
    loc = getattr(verdict.error, "loc", None)
    return f"{below(loc.file)}:{loc.line}" if loc is not None else ""


def below(file: str) -> str:
    """A path without what differs from machine to machine."""
    for mark in ("site-packages/", "tests/thirdparty/"):
        if mark in file:
            return file.rpartition(mark)[2]
    return re.sub(r".*/(?=python3\.\d+/)", "", file)


def line(verdict: Verdict) -> str:
    """The line of source that a refusal names."""
    loc = getattr(verdict.error, "loc", None)
    return linecache.getline(loc.file, loc.line).strip() if loc is not None else ""


def cause(verdict: Verdict) -> str:
    """A refusal's first sentence without the names in it."""
    said = getattr(verdict.error, "said", None) or verdict.reason
    first = " ".join(said.split()).partition(" Instead, ")[0]
    first = re.sub(r"\([^()]*\)", "(…)", first)
    return re.sub(r"'[^']*'|\b\w+(\.\w+)+|\[[^]]*\]", "…", first)[:110]


def page(cases: list[Case], verdicts: list[Verdict]) -> str:
    """The page that lists every function with its verdict."""
    counted = Counter(v.word for v in verdicts)
    total = ", ".join(f"{counted[w]} {w}" for w in ("right", "refused", "wrong", "crash", "unclear")
                      if counted[w])
    rows = [f"| `{c.name}` | {v.word} | {cell(reason(v))} |"
            for c, v in zip(cases, verdicts, strict=True)]
    versions = "\n".join(f"| {name} | {version} | {n} |" for name, version, n in packages(cases))
    return "\n".join([
        HEAD, f"{len(cases)} functions: {total}.\n", "| package | version | functions |",
        "|---|---|---|", versions, "", "| function | verdict | reason |", "|---|---|---|", *rows,
        ""])


def cell(text: str) -> str:
    return re.sub(r" at 0x[0-9a-f]+", "", text).replace("|", "\\|")


def packages(cases: list[Case]) -> list[tuple[str, str, int]]:
    """The distributions that the functions come from: name, version and how many of them."""
    owners = importlib.metadata.packages_distributions()
    counted = Counter(owners.get(c.package, [c.package])[0] for c in cases)
    return [(name, importlib.metadata.version(name), n) for name, n in sorted(counted.items())]
