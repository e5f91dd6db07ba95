"""The files that functions come from: their text, its outermost statements, names it rebinds."""

from __future__ import annotations

import keyword
import linecache
import re
import sys
import types
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field

from s2sdiff.errors import SourceError, refusal
from s2sdiff.frontend.codes import syntax_tree

__all__ = ["File", "block", "file_of"]


@dataclass(frozen=True, eq=False)
class File:
    """A file's text.

    `lines` are its lines without their ends, `rebindable` the names that some function declares
    `global` or `nonlocal`, `imports` a statement that imports what the file imports outside of
    functions, `openings` the lines, counted from 0, that may begin an outermost statement, `blocks`
    the texts that `block` has found, by their first line.
    """

    text: str
    lines: list[str]
    rebindable: frozenset[str]
    imports: str
    openings: list[int]
    blocks: dict[int, str | None] = field(default_factory=dict)


#: By file name, with the very list that `linecache` had: another list is another text.
_files: dict[str, tuple[list[str], File]] = {}
_REMEMBERED = 64
#: How often the end of a block is looked for further down, where text in it starts at the margin.
_TRIES = 8


def file_of(function: types.FunctionType) -> File:
    """The file that a function was read from.

    Raises
    ------
    SourceError
        There is no text.
    """
    name = _file_name(function.__code__.co_filename)
    linecache.checkcache(name)
    # What was compiled without a file is none of the text that its module's loader has.
    lines = linecache.getlines(name, None if name.startswith("<") else function.__globals__) \
        or _kept(function, name)
    if not lines:
        raise no_text(function, name)
    known = _files.get(name)
    if known is not None and known[0] is lines:
        return known[1]
    text = "".join(lines)
    # Not splitlines: a form feed ends no line of Python.
    split = text.split("\n")
    openings = _openings(split)
    found = File(text, split, _rebindable(text), _imports(text, split, openings), openings)
    if len(_files) >= _REMEMBERED:
        del _files[next(iter(_files))]
    _files[name] = lines, found
    return found


def _kept(function: types.FunctionType, name: str) -> list[str]:
    """The lines of a text that a function keeps of which it was made, as decorators write some."""
    for attribute in ("__source__", "_code"):
        text = vars(function).get(attribute)
        if isinstance(text, str) and text:
            lines = text.splitlines(True)
            linecache.cache[name] = len(text), None, lines, name
            return lines
    return []


def no_text(function: types.FunctionType, name: str) -> Exception:
    return refusal(
        SourceError,
        f"no source text for {function.__qualname__}: {name} cannot be read",
        "define the function in a file, or enter its text into `linecache.cache`",
    )


def _file_name(name: str) -> str:
    """Where the text is of a module that is frozen into the interpreter."""
    frozen = re.fullmatch(r"<frozen (.+)>", name)
    module = sys.modules.get(frozen[1]) if frozen else None
    return getattr(module, "__file__", None) or name


def block(file: File, line: int) -> str | None:
    """The outermost statement on a line, behind empty lines; None if it is not found quickly.

    The file's imports are on the first of these lines: which names a file imports shows in the
    code of its functions.  What is given is only a guess: text that starts at the margin may be
    inside of a string, and so may imports.
    """
    if line > len(file.lines):
        return None
    at = bisect_right(file.openings, line - 1) - 1
    start = file.openings[at] if at >= 0 else 0
    if start not in file.blocks:
        file.blocks[start] = _block(file, at, start, line)
    return file.blocks[start]


def _block(file: File, at: int, start: int, line: int) -> str | None:
    lines, end = file.lines, start
    before = file.imports + "\n" * start if start else ""
    for _ in range(_TRIES):
        # Decorators at the margin belong to the definition below them.
        while end < len(lines) and lines[end].startswith("@"):
            at, end = _next(file, at)
        at, end = _next(file, at)
        text = before + "\n".join(lines[start:end]) + "\n"
        if end >= line and syntax_tree(text) is not None:
            return text
        if end >= len(lines):
            break
    return None


def _next(file: File, at: int) -> tuple[int, int]:
    """The next opening, by number and line; behind the last one, the end of the file."""
    at += 1
    return at, file.openings[at] if at < len(file.openings) else len(file.lines)


def _openings(lines: list[str]) -> list[int]:
    """The lines that may be the first of an outermost statement."""
    return [i for i, line in enumerate(lines)
            if line and not line[0].isspace() and line[0] not in "#)]}\\"]


_IMPORT = re.compile(r"^[ \t]*(?:from[ \t]+\S+[ \t]+)?import\b[ \t]*"
                     r"(\([^)]*\)|(?:\\\n|[^\n;#])*)", re.M)
_INNER = ("def ", "class ", "async ", "@")


def _imports(text: str, lines: list[str], openings: list[int]) -> str:
    """A statement that binds the names that the file's outer import statements bind."""
    names: dict[str, None] = {}
    at = line = 0
    for match in _IMPORT.finditer(text):
        line, at = line + text.count("\n", at, match.start()), match.start()
        around = bisect_right(openings, line) - 1
        if around >= 0 and lines[openings[around]].startswith(_INNER):
            continue
        listed = re.sub(r"#.*", "", match[1]).replace("\\\n", " ").strip("() \t\n")
        for each in listed.split(","):
            name = each.split(" as ")[-1].partition(".")[0].strip()
            if name.isidentifier() and not keyword.iskeyword(name):
                names[name] = None
    return f"import {', '.join(names)}" if names else ""


_DECLARED = [re.compile(word + r"\b((?:\\\n|[^\n;#])*)") for word in ("global", "nonlocal")]


def _rebindable(text: str) -> frozenset[str]:
    """What `global` and `nonlocal` name; text in strings that reads like one counts, too."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    found: set[str] = set()
    for pattern in _DECLARED:
        for match in pattern.finditer(text):
            before = text[text.rfind("\n", 0, match.start()) + 1:match.start()].rstrip()
            names = [n.strip() for n in match[1].replace("\\\n", " ").split(",")]
            if before[-1:] in ("", ":", ";") and all(n.isidentifier() for n in names):
                found.update(unicodedata.normalize("NFKC", n) for n in names)
    return frozenset(found)
