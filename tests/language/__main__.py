"""`python -m tests.language` prints the verdict of each case, and a count.

With names (or the beginnings of names) only those. With `--write`, writes pending.txt and the page.
"""

import collections
import sys
import warnings

from tests.language import page
from tests.language.check import verdict
from tests.language.table import PENDING, cases


def main(arguments: list[str]) -> int:
    """1 if any case is wrong."""
    warnings.simplefilter("ignore")
    chosen = tuple(a for a in arguments if not a.startswith("-")) or ("",)
    found = {}
    for case in cases():
        if case.name.startswith(chosen):
            found[case.name] = verdict(case)
            if found[case.name] != "ok" or "-v" in arguments:
                print(f"{case.name}: {found[case.name]}", flush=True)
    print(dict(collections.Counter(v.partition(":")[0] for v in found.values())))
    if "--write" in arguments:
        waiting = [name for name, v in found.items() if v.startswith("pending")]
        PENDING.write_text("".join(f"{name}\n" for name in waiting), "utf-8")
        page.main()
    return int(any(v.startswith("wrong") for v in found.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
