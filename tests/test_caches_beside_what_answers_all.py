"""Caches are looked for beside objects that raise whatever is asked, and modules as values."""

import pytest

from tests import absent_beside
from tests.slopes import check_both_modes


@pytest.mark.parametrize("f", [absent_beside.read, absent_beside.beside, absent_beside.among],
                         ids=lambda f: f.__name__)
def test_a_cache_beside_what_raises_is_looked_for(f):
    check_both_modes(f, 1.3)
    check_both_modes(f, 1.3)
