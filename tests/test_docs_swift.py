"""The code in docs/swift.md runs, and prints what stands behind it."""

import re
import sys
import types
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def run(tmp_path, capsys):
    """What all code of the page prints, as lines."""
    text = (ROOT / "docs" / "swift.md").read_text("utf-8")
    code = "\n\n".join(re.findall(r"```python\n(.*?)```", text, re.S))
    path = tmp_path / "swift_page.py"
    path.write_text(code, "utf-8")
    module = types.ModuleType("swift_page")
    sys.modules["swift_page"] = module
    try:
        exec(compile(code, str(path), "exec"), vars(module))
    finally:
        del sys.modules["swift_page"]
    return capsys.readouterr().out.splitlines()


def test_the_page_prints_what_it_says(run):
    taking, exp, stopped, looked, surgery, hidden, kind, five, six, *everywhere = run
    assert taking == f"Taking e({np.float32(np.e)}) to the power of 3.0!"
    assert exp == "20.085535"
    first, second = (float(n) for n in stopped.strip("()").split(", "))
    assert (first, second) == (pytest.approx(-0.180098775947, abs=1e-12), 0.0)
    page = (ROOT / "docs" / "swift.md").read_text("utf-8")
    (said,) = re.findall(r"# \((-0\.18\d+), 0\.0\)", page)
    assert first == pytest.approx(float(said), rel=1e-14)
    assert looked == "d+/dsin = 1.0"
    assert float(surgery) == pytest.approx(0.654251449888, abs=1e-12)
    assert hidden.startswith("dL/dlayer1 = [")
    assert kind == "Classifier (2, 10)"
    assert (five, six) == ("6.0", "True")
    assert everywhere == ["1.5", "1.5", "[1. 2.]", "(1.5+0.5j)"]


def test_every_name_of_the_library_on_the_page_exists():
    import s2sdiff as sd
    from s2sdiff import nn

    text = (ROOT / "docs" / "swift.md").read_text("utf-8")
    names = re.findall(r"\b(sd|nn)\.([A-Za-z_]\w*)", text)
    assert len(names) > 40
    for owner, name in names:
        assert hasattr({"sd": sd, "nn": nn}[owner], name), f"{owner}.{name}"
