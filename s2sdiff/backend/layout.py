"""Breaking a line that is too long, inside its brackets."""

from __future__ import annotations

import io
import re
import tokenize

__all__ = ["INDENT", "WIDTH", "broken", "verbatim"]

WIDTH = 100
#: However deep a line stands, so much of it is not broken.
_LEAST = 40
INDENT = "    "
_OPENING, _CLOSING = "([{", ")]}"
_STRINGS = {getattr(tokenize, n, -1): d for n, d in (("FSTRING_START", 1), ("FSTRING_END", -1))}
#: Where an expression may be broken when it has no comma: loosest operators first.
_OPERATORS = (("or",), ("and",), ("for", "if", "else"), ("==", "<", ">", "<=", ">="), ("+", "-"),
              ("*", "/", "@"))


#: A name or an operator; before that, what is neither: strings and numbers.
_TOKEN = re.compile(
    r"""(?:[rRbBuU]{0,2}(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))"""
    r"""|(?:\d|\.\d)(?:[eE][+-]|[\w.])*"""
    r"""|([^\W\d]\w*|\*\*=|//=|>>=|<<=|\.\.\.|[-+*/%@&|^=!<>:]=|\*\*|//|>>|<<|->|[^\s\w'"])""")
#: Strings that hold expressions, or that are too long for a pattern, are left to `tokenize`.
_FORMATTED = re.compile(r"""[fF][rR]?['"]|[rR][fF]['"]|\'\'\'|\"\"\"|\n|[tT][rR]?['"]""")


def _tokens(text: str) -> list[tuple[str, int, int]]:
    """The tokens outside strings: text, column, and how many brackets are open around it."""
    found: list[tuple[str, int, int]] = []
    depth = quoted = 0
    if _FORMATTED.search(text) is None:
        for match in _TOKEN.finditer(text):
            string = match[1]
            if string is not None:
                depth -= string in _CLOSING
                found.append((string, match.start(), depth))
                depth += string in _OPENING
        return found
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        quoted += _STRINGS.get(token.type, 0)
        if quoted or token.type not in (tokenize.OP, tokenize.NAME):
            continue
        if token.string in _CLOSING:
            depth -= 1
        found.append((token.string, token.start[1], depth))
        if token.string in _OPENING:
            depth += 1
    return found


def _groups(text: str) -> list[tuple[int, int]]:
    """The outermost pairs of brackets."""
    found, start = [], 0
    for string, column, depth in _tokens(text):
        if depth == 0 and string in _OPENING:
            start = column
        elif depth == 0 and string in _CLOSING:
            found.append((start, column))
    return found


def _parts(text: str) -> tuple[str, str, str] | None:
    """`return `, an expression, and a colon; `x = ` or `x=`, and an expression; `for `, names."""
    for word in ("return ", "if ", "while ", "elif ", "raise "):
        if text.startswith(word):
            end = ":" if text.endswith(":") else ""
            return word, text[len(word):len(text) - len(end)], end
    if text.startswith("for "):
        cut = next((c for string, c, depth in _tokens(text) if depth == 0 and string == "in"), 0)
        several = "," in text[:cut]
        return ("for ", text[4:cut - 1], text[cut - 1:]) if several else None
    for string, column, depth in _tokens(text):
        if depth == 0 and string.endswith("=") and string not in ("==", "<=", ">=", "!="):
            cut = column + len(string)
            cut += text[cut:cut + 1] == " "  # but behind a keyword's name
            return text[:cut], text[cut:], ""
    return None


def broken(text: str, depth: int) -> list[str]:
    """The lines of a one-line statement (or of its head), indented by `depth` levels.

    >>> print(*broken("total = first(" + "argument_number, " * 7 + "last)", 0), sep="\\n")
    total = first(
        argument_number, argument_number, argument_number, argument_number, argument_number,
        argument_number, argument_number, last
    )
    """
    indent = INDENT * depth
    if len(indent) + len(text) <= WIDTH or len(text) <= _LEAST or "\n" in text:
        return [indent + text]
    groups = _groups(text)
    if groups:
        start, end = max(groups, key=lambda g: g[1] - g[0])
        head, content, tail = text[:start + 1], text[start + 1:end], text[end:]
        if content and max(len(head), len(tail)) + len(indent) <= WIDTH:
            return [indent + head, *_filled(content, depth + 1), indent + tail]
    parts = _parts(text)
    if parts is not None and not parts[1].startswith("("):
        head, content, tail = parts
        return [f"{indent}{head}(", *_filled(content, depth + 1), f"{indent}){tail}"]
    return [indent + text]


def _filled(content: str, depth: int) -> list[str]:
    """Lines of what stands inside brackets, where a line may end after any token."""
    indent = INDENT * depth
    if len(indent) + len(content) <= WIDTH or len(content) <= _LEAST:
        return [indent + content]
    outer = [(string, column) for string, column, level in _tokens(content) if level == 0]
    cuts = [column + 1 for string, column in outer if string == ","]
    for words in _OPERATORS:
        cuts = cuts or [column for string, column in outer if string in words and column]
    lines: list[str] = []
    for piece in (content[a:b].strip() for a, b in zip([0, *cuts], [*cuts, None], strict=True)):
        joined = f"{lines[-1]} {piece}" if lines else ""
        if lines and len(joined) <= WIDTH:
            lines[-1] = joined
        elif len(indent) + len(piece) <= WIDTH or len(piece) <= _LEAST:
            lines.append(indent + piece)
        else:
            lines += broken(piece, depth)
    return [line for line in lines if line.strip()]


def verbatim(text: str, depth: int) -> list[str]:
    """The lines of a statement of several lines; what is inside its strings does not move."""
    inside: set[int] = set()
    opened: list[int] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        step = _STRINGS.get(token.type, 0)
        if step > 0:
            opened.append(token.start[0])
        elif step < 0:
            inside.update(range(opened.pop() + 1, token.end[0] + 1))
        elif token.type == tokenize.STRING:
            inside.update(range(token.start[0] + 1, token.end[0] + 1))
    return [
        line if number in inside or not line else INDENT * depth + line
        for number, line in enumerate(text.split("\n"), 1)
    ]
