"""Functions whose source is a text, and is found as that of a file is."""

import linecache
from typing import Any


def run_text(text: str, file: str, scope: dict[str, Any]) -> dict[str, Any]:
    """Run the text as if it stood in that file, in the scope, which is given back."""
    linecache.cache[file] = len(text), None, text.splitlines(True), file
    exec(compile(text, file, "exec"), scope)
    return scope
