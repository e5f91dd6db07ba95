"""Published functions keep their verdicts: `docs/thirdparty.md`, written by `make thirdparty`."""

import importlib.metadata
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "thirdparty.md"
ROOT = Path(__file__).parents[2]


def missing():
    """The packages of the extra `thirdparty` that are not installed in the versions it pins."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = re.search(r"^thirdparty = \[(.*?)^\]", text, re.M | re.S).group(1)
    wrong = []
    for name, version in re.findall(r'"([\w-]+)==([\w.]+)"', block):
        try:
            if importlib.metadata.version(name) != version:
                wrong.append(name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(name)
    return wrong


if missing():
    pytest.skip(f"needs the extra `thirdparty` ({', '.join(missing())}): make thirdparty",
                allow_module_level=True)

from tests.thirdparty import report, run  # noqa: E402

CASES = run.cases()
#: The verdicts that the page has, in the order of the tables.
COMMITTED = re.findall(r"^\| `([\w.]+)` \| (\w+) \|", PAGE.read_text(encoding="utf-8"), re.M)


def test_the_page_lists_the_functions_of_the_tables():
    assert [name for name, _ in COMMITTED] == [case.name for case in CASES]


def test_nothing_on_the_page_is_wrong():
    assert {word for _, word in COMMITTED} <= {"right", "refused"}


@pytest.mark.parametrize("n", range(len(CASES)), ids=lambda n: f"{n}-{CASES[n].name}")
def test_a_published_function_has_the_verdict_of_the_page(n):
    (verdict,) = run.apart([CASES[n]])
    assert verdict.word == COMMITTED[n][1], report.reason(verdict)
