"""`print(..., file=stream)` and the like, which show numbers and text, and give nothing."""

from __future__ import annotations

import io
import sys
import types
from typing import Any

from s2sdiff.runtime.outside import is_of_library

__all__ = ["printed", "shows", "written"]


def printed(*values: Any, **options: Any) -> None:
    print(*values, **options)


def written(stream: io.StringIO, text: str, /) -> int:
    # Nobody is given what lies there where cotangents are kept by place.
    return stream.write(text)


def shows(stream: Any) -> bool:
    """Whether nobody's code runs that could count with the text, or there is no stream.

    >>> shows(sys.stderr), shows(io.StringIO())
    (True, True)
    """
    write = getattr(type(stream), "write", None)
    return stream in (None, sys.stdout, sys.stderr) or not isinstance(
        write, types.FunctionType) or is_of_library(write)
