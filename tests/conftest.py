"""One option: `pytest --regenerate` writes the golden texts of tests/generated anew."""

import pytest

#: Texts to compare with, not modules to look for doctests in.
collect_ignore_glob = [
    "generated/*_vjp.py", "generated/*_grad.py",
    "thirdparty/tables/*.py",  # need the packages of an extra
]


def pytest_addoption(parser):
    parser.addoption("--regenerate", action="store_true", help="rewrite tests/generated/*.py")


@pytest.fixture
def regenerate(request):
    """Whether golden texts are written instead of compared."""
    return request.config.getoption("--regenerate")
