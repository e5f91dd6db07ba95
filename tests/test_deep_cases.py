"""The rule by which costly cases are left to `make test-deep`."""

from tests import deep


def test_the_cheapest_cases_stay_and_tests_without_cases_do():
    took = {f"a.py::t[{i}]": 0.1 * i for i in range(1, 11)} | {"a.py::alone": 9.0}
    assert deep.chosen(took, {"a.py::t": 10}) == {"a.py::t": set("23456789") | {"10"}}


def test_one_in_so_many_stays_however_long_it_takes():
    took = {f"a.py::t[{i}]": 2.0 + i for i in range(6)}
    assert deep.chosen(took, {"a.py::t": 10}) == {"a.py::t": set("012345")}
    assert deep.chosen(took, {"a.py::t": 6}) == {"a.py::t": set("12345")}
    # Those that took too little to be reported count.
    assert len(deep.chosen(took, {"a.py::t": 60})["a.py::t"]) == 6


def test_the_only_case_of_a_test_and_cheap_ones_stay():
    took = {"a.py::one[x]": 5.0} | {f"a.py::many[{i}]": 0.02 for i in range(99)}
    assert deep.chosen(took, {"a.py::one": 1, "a.py::many": 99}) == {}


def test_refusals_stay():
    cases = range(9)
    for name, stay in (("this_is_refused", True), ("this_is_right_or_refused", False)):
        took = {f"a.py::test_{name}[{i}]": 5.0 for i in cases}
        assert (deep.chosen(took, {f"a.py::test_{name}": 9}) == {}) is stay


def test_a_table_is_read_as_it_was_written():
    table = {"a.py::t": {"x-[1, 2]", "y"}, "b.py::u": {"  z"}}
    assert deep.read(deep.written(table)) == table
    assert deep.is_deep(table, "a.py::t[x-[1, 2]]")
    assert deep.is_deep(table, "b.py::u[  z]")
    assert not deep.is_deep(table, "a.py::t[z]")
    assert not deep.is_deep(table, "a.py::t")


def test_times_are_found_in_pytest_s_report():
    report = "== slowest ==\n1.25s call     a.py::t[two words]\n0.30s setup    a.py::t[x]\nend\n"
    assert deep.of_report(report) == {"a.py::t[two words]": 1.25}


def test_some_of_these_cases_are_deep_and_few_of_all(request):
    table = deep.read(deep.TABLE.read_text("utf-8"))
    items = request.session.items
    marked = [item for item in items if item.get_closest_marker("deep")]
    assert {item.nodeid for item in marked} == {
        item.nodeid for item in items if deep.is_deep(table, item.nodeid)}
    if len(items) > 20_000 and marked:
        assert len(marked) < 0.25 * len(items)


def test_most_of_what_has_deep_cases_is_there():
    tests = [test.rpartition("::") for test in deep.read(deep.TABLE.read_text("utf-8"))]
    texts = {path: deep.TABLE.parents[1] / path for path, _, _ in tests}
    texts = {path: file.read_text("utf-8") if file.exists() else "" for path, file in texts.items()}
    assert sum(f"def {name}(" in texts[path] for path, _, name in tests) >= 0.9 * len(tests)
