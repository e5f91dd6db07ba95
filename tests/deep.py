"""Which cases are left to `make test-deep`: the costly ones of a test, of which others stay.

`deep.txt` has them.  It is made anew by `python -m tests.deep report`, of the report of all cases:
`pytest --durations=0 --durations-min=0.02 > report`.  What is not in it is run always: new cases,
and those whose names have changed.  A test without cases that costs seconds is there as a case
without a name, entered by hand.
"""

import re
import sys
from collections import Counter
from pathlib import Path

__all__ = ["TABLE", "chosen", "is_deep", "read", "written"]

TABLE = Path(__file__).parent / "deep.txt"

#: The cheapest cases of a test stay for as long as they take no more than this, in seconds.
TOGETHER = 0.1
#: One in so many stays in any case,
ONE_IN = 15
#: and so does what takes less than this.
SECONDS = 0.03
#: Tests of which each case is a sentence of the documentation: all of them stay.
WHOLE = frozenset({
    "tests/language/test_language.py::test_a_case_is_differentiated_or_refused_as_the_table_says",
    "tests/language/test_forward.py::test_forward_mode_is_right_or_refused",
})
#: Each refusal is of a gradient that was silently wrong, or would be; those of all operators, each
#: with all holders, and those of all points, each with all ways to know them again, are alike.
REFUSED = re.compile(r"(?<!or_)refused(?!_or_)|refusal|refuses")
ALIKE = ("tests/test_held_writes_in_copies.py::", "tests/test_caches_of_points.py::")


def read(text):
    """The table: by test the ids of its cases."""
    found, test = {}, ""
    for line in text.splitlines():
        if line.startswith("    "):
            found[test].add(line[4:])
        else:
            test = line
            found[test] = set()
    return found


def written(table):
    return "".join(f"{test}\n" + "".join(f"    {case}\n" for case in sorted(table[test]))
                   for test in sorted(table))


def is_deep(table, nodeid):
    test, _, case = nodeid.partition("[")
    return case[:-1] in table.get(test, ())


def chosen(seconds, counts):
    """The table for what cases took, by node id.

    `counts` has the number of each test's cases.
    """
    tests = {}
    for nodeid, took in seconds.items():
        test, bracket, case = nodeid.partition("[")
        if bracket and not is_whole(test):
            tests.setdefault(test, []).append((took, case[:-1]))
    found = {test: costly(cases, counts[test]) for test, cases in tests.items()}
    return {test: cases for test, cases in found.items() if cases}


def is_whole(test):
    return test in WHOLE or bool(REFUSED.search(test)) and not test.startswith(ALIKE)


def costly(cases, count):
    """The deep ones among what was reported of a test of so many cases."""
    together, found = 0.0, set()
    # What took too little to be reported comes first.
    for place, (took, case) in enumerate(sorted(cases), count - len(cases)):
        together += took
        if place >= count / ONE_IN and together > TOGETHER and took > SECONDS:
            found.add(case)
    return found


def of_report(text):
    """What the cases took, of pytest's report."""
    lines = re.findall(r"^([\d.]+)s call +(\S+?::.*?) *$", text, re.MULTILINE)
    return {nodeid: float(took) for took, nodeid in lines}


def main(report):
    import pytest

    class Collected:
        counts = Counter()

        def pytest_collection_finish(self, session):
            self.counts.update(item.nodeid.partition("[")[0] for item in session.items)

    assert pytest.main(["--collect-only", "-qq"], [Collected()]) == 0
    found = chosen(of_report(Path(report).read_text("utf-8")), Collected.counts)
    for test, cases in read(TABLE.read_text("utf-8")).items():
        if "" in cases:
            found.setdefault(test, set()).add("")
    TABLE.write_text(written(found), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
