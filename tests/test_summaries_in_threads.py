"""What functions write is found out by one thread at a time: others see no half of it."""

import sys
import threading

import pytest

from s2sdiff.transforms import effects
from tests.from_text import run_text

TEXT = "\n".join(
    f"def f{i}(x, d, out):\n    out.append(d)\n"
    f"    return x if d == 0 else f{(i + 1) % 6}(x, d - 1, out) + "
    f"f{(i * 4 + 3) % 6}(x, d - 1, out)"
    for i in range(6))


@pytest.fixture
def _switching():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def made(name):
    return run_text(TEXT, f"<summaries in threads: {name}>", {"__name__": __name__})


@pytest.mark.usefixtures("_switching")
def test_functions_that_call_one_another_write_the_same_in_all_threads():
    names = made("alone")
    expected = {effects.summary(names[f"f{i}"]) for i in range(6)}
    assert len(expected) == 1
    found = []
    for turn in range(6):
        names = made(turn)
        start = threading.Barrier(4)

        def work(k, names=names, start=start):
            start.wait()
            for i in range(6):
                found.append(effects.summary(names[f"f{(i * 3 + k) % 6}"]))

        threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert set(found) == expected
    assert len(found) == 6 * 4 * 6
