"""One option: `pytest --regenerate` writes the golden texts of tests/generated anew."""

import gc

import pytest

from s2sdiff import registry
from s2sdiff.runtime import suspects
from tests import deep, older

#: Texts to compare with, not modules to look for doctests in.
collect_ignore_glob = [
    "generated/*_vjp.py", "generated/*_grad.py",
    "thirdparty/tables/*.py",  # need the packages of an extra
    "absent_beside.py",  # what it holds raises whatever it is asked
]


def pytest_addoption(parser):
    parser.addoption("--regenerate", action="store_true", help="rewrite tests/generated/*.py")


@pytest.fixture
def regenerate(request):
    """Whether golden texts are written instead of compared."""
    return request.config.getoption("--regenerate")


@pytest.fixture(autouse=True)
def classes_of_its_own():
    """That a class of one test writes unseen is not held against the next test's code."""
    yield
    if suspects.state.names:
        suspects.state.names = suspects.state.late = frozenset()
        suspects.state.known.clear()
        suspects.state.alive.clear()
        registry.epoch += 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Before `-m "not deep"` is looked at."""
    table = deep.read(deep.TABLE.read_text("utf-8"))
    for item in items:
        if deep.is_deep(table, item.nodeid):
            item.add_marker("deep")
        lacking = older.reason_of(item.nodeid)
        if lacking is not None:
            item.add_marker(pytest.mark.skip(reason=lacking))


def pytest_collection_finish():
    """The collector need not walk twenty thousand tests, and all that they compile, so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
