"""Breaking lines that are too long."""

import ast

import pytest

from s2sdiff.backend.layout import WIDTH, broken


def test_a_long_call_is_broken_inside_its_brackets():
    lines = broken(f"y = first({'argument, ' * 12}last)", 1)
    assert lines[0] == "    y = first(" and lines[-1] == "    )"
    assert all(len(line) <= WIDTH for line in lines)


def test_short_statements_are_not_broken_however_deep_they_stand():
    assert broken("total = first * second", 30) == ["    " * 30 + "total = first * second"]


@pytest.mark.parametrize("value", ["'" + "many words " * 12 + "'", " + ".join(["argument"] * 14)])
def test_a_keyword_whose_value_is_long_keeps_its_name(value):
    text = f"y = first(argument, message={value})"
    lines = broken(text, 1)
    assert ast.dump(ast.parse("\n".join(lines).strip())) == ast.dump(ast.parse(text))
