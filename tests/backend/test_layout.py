"""Breaking lines that are too long."""

from s2sdiff.backend.layout import WIDTH, broken


def test_a_long_call_is_broken_inside_its_brackets():
    lines = broken(f"y = first({'argument, ' * 12}last)", 1)
    assert lines[0] == "    y = first(" and lines[-1] == "    )"
    assert all(len(line) <= WIDTH for line in lines)


def test_short_statements_are_not_broken_however_deep_they_stand():
    assert broken("total = first * second", 30) == ["    " * 30 + "total = first * second"]
