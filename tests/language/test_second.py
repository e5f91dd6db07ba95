"""Second derivatives of some areas of the table: none is wrong, and few are refused.

`python -m tests.language.second` judges all of them.
"""

import pytest

from tests.language.second import WAYS, judged
from tests.language.table import cases


@pytest.mark.parametrize("area", ["callbacks", "dataclasses_and_inheritance"])
def test_second_derivatives_are_right_or_refused(area):
    found = [judged(c) for c in cases() if c.area == area and c.error is None]
    became = [f[way].partition(":")[0] for f in found if f for way in WAYS]
    assert "wrong" not in became, found
    assert became.count("right") >= 0.8 * len(became) > 10, found
