"""How long the first `vjp` of a function takes, each in a process of its own."""

from __future__ import annotations

import inspect
import os
import sys
import sysconfig
import time
from types import CodeType, FrameType
from typing import Any

import s2sdiff as sd
from tests.thirdparty.case import Case
from tests.thirdparty.judge import quiet
from tests.thirdparty.structure import copied

__all__ = ["show"]


def show(cases: list[Case]) -> None:
    """Print seconds of the first call and lines of the call tree, the slowest first."""
    rows = []
    with quiet():
        sd.vjp(lambda x: x * x, 2.0)  # what is loaded once is no part of a first call
        for case in cases:
            lines = lines_of(case)
            seconds, word = first_call(case)
            rows.append((seconds, lines, word, case.name))
    for seconds, lines, word, name in sorted(rows, reverse=True):
        print(f"{seconds:7.3f} s  {lines:5} lines  {1e3 * seconds / max(lines, 1):6.2f} ms a line  "
              f"{word:8} {name}")


def first_call(case: Case) -> tuple[float, str]:
    """Seconds of the first call, measured in a fork, and whether it was refused."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        word = "right"
        began = time.process_time()
        try:
            sd.vjp(case.function, *copied(case.args), **copied(case.held))
        except sd.DifferentiationError:
            word = "refused"
        except Exception:
            word = "crash"
        os.write(writing, f"{time.process_time() - began} {word}".encode())
        os._exit(0)
    os.close(writing)
    said = os.read(reading, 100).decode().split()
    os.close(reading)
    os.waitpid(child, 0)
    return float(said[0]), said[1]


def lines_of(case: Case) -> int:
    """Lines of all Python functions that one plain call runs, the standard library's left out."""
    seen: set[CodeType] = set()

    def look(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            seen.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        case.function(*copied(case.args), **copied(case.held))
    finally:
        sys.setprofile(before)
    return sum(length(code) for code in seen if counts(code))


def counts(code: CodeType) -> bool:
    library, site = sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")
    file = code.co_filename
    named = code.co_name.startswith("<") and code.co_name != "<lambda>"
    inside = file.startswith(library) and not file.startswith(site)
    return os.path.exists(file) and not named and not inside


def length(code: CodeType) -> int:
    try:
        return len(inspect.getsourcelines(code)[0])
    except (OSError, TypeError):
        return 0
