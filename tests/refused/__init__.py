"""Functions that are refused at the line that ends in "# here", if x > 0; below that, 2 * x.

After a colon stands what the caret must point at, where that is not the start of the line.
"""

import inspect
import linecache
import re

from tests.refused.calls import (
    MISSING,
    NESTED,
    VALUES,
    unknown_ufunc,
)
from tests.refused.names_of_modules import COMMON
from tests.refused.options import OPTIONS
from tests.refused.reading import READING
from tests.refused.travelling import TRAVELLING
from tests.refused.writes import WRITES, a_key_that_is_an_active_number

__all__ = [
    "MISSING", "NESTED", "REFUSED", "TRAVELLING", "a_key_that_is_an_active_number",
    "assert_well_said", "place_of", "unknown_ufunc",
]

REFUSED = WRITES + COMMON + READING + OPTIONS + VALUES + MISSING + NESTED


def place_of(function):
    """Line, column (from 1) and text of what the comment "here" marks."""
    lines, first = inspect.getsourcelines(function)
    (at,) = [k for k, line in enumerate(lines) if "# here" in line]
    text, _, marked = lines[at].rstrip().partition("  # here")
    return first + at, text.index(marked.removeprefix(": ") or text.strip()) + 1, lines[at].strip()


def assert_well_said(message, function):
    """`file:line:column`, the source line, a caret under it, and "Instead, …" at the end."""
    line, column, text = place_of(function)
    assert message.count("\n") >= 3, message
    head, shown, caret, *rest = message.splitlines()
    found = re.match(r"(.+):(\d+):(\d+)( in \S+)?$", head)
    assert found, message
    assert found[1] == inspect.getsourcefile(function)
    assert (int(found[2]), int(found[3])) == (line, column)
    assert shown == f"    {text}"
    full = linecache.getline(found[1], line)
    indent = len(full) - len(full.lstrip())
    assert caret == " " * (4 + column - 1 - indent) + "^", message
    assert re.search(r"\bInstead, [^\n]+\.$", "\n".join(rest)), message
