"""What the cycle collector is told about compiling, in a process that has frozen nothing."""

import subprocess
import sys
from pathlib import Path

import s2sdiff.collecting

#: Loads the one file, as a program that has just begun.
START = f"""
import gc, runpy
space = runpy.run_path({str(Path(s2sdiff.collecting.__file__))!r})
gc.collect()
"""


def run(text):
    return subprocess.run([sys.executable, "-c", START + text], capture_output=True, text=True,
                          check=True, timeout=60).stdout.split()


#: Python 3.12 has frozen some objects itself before a program begins.
FROZEN = run("print(gc.get_freeze_count() > 0)") == ["True"]


def test_what_a_large_compilation_leaves_is_old_at_once():
    assert run("""
with space["uncollected"]():
    made = [[] for _ in range(space["MANY"] + 100)]
print(any(o is made[0] for o in gc.get_objects(generation=2)), gc.isenabled())
""") == [str(not FROZEN), "True"]


def test_what_a_small_compilation_leaves_is_young():
    assert run("""
with space["uncollected"]():
    made = [[] for _ in range(100)]
print(any(o is made[0] for o in gc.get_objects(generation=2)), gc.isenabled())
""") == ["False", "True"]


def test_what_a_program_has_frozen_stays_so():
    assert run("""
gc.freeze()
count = gc.get_freeze_count()
with space["uncollected"]():
    made = [[] for _ in range(space["MANY"] + 100)]
print(0 < count == gc.get_freeze_count())
""") == ["True"]


def test_cycles_that_became_old_are_still_found():
    assert run("""
import weakref
class Node: pass
with space["uncollected"]():
    nodes = [Node() for _ in range(space["MANY"] + 100)]
    for n in nodes:
        n.me = n
last = weakref.ref(nodes[-1])
del nodes, n
print(last() is None)
gc.collect()
print(last() is None)
""") == ["False", "True"]
