"""Each single line that writes, in one context or another: refused, or right, never wrong."""

import pytest

from tests.language.lines import judged, programs

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.parametrize(("name", "text"), [pytest.param(*p, id=p[0]) for p in programs()])
def test_a_line_that_writes_is_refused_or_differentiated(name, text):
    found = judged(name, text)
    assert not found.startswith("wrong"), f"{found}\n{text}"


def test_most_programs_can_be_judged():
    found = [judged(name, text) for name, text in list(programs())[::10]]
    assert found.count("discarded") < len(found) / 8
