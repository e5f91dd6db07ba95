"""Text of expressions and their tokens: what `ast.unparse` and `tokenize` say, sooner."""

import argparse
import ast
import colorsys
import inspect
import io
import statistics
import tokenize

import pytest

from s2sdiff.backend import layout, texts

MODULES = [argparse, colorsys, statistics]
_PARTS = (ast.Slice, ast.Starred, ast.FormattedValue)


def expressions(module):
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        loaded = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
        if isinstance(node, ast.expr) and loaded and not isinstance(node, _PARTS):
            yield node


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__)
def test_expressions_are_written_as_the_standard_library_writes_them(module):
    rare, every = 0, list(expressions(module))
    for node in every:
        try:
            found = texts._text(node, 0)
        except texts._Rare:
            rare += 1
        else:
            assert found == ast.unparse(node)
    assert rare < len(every) / 3


@pytest.mark.parametrize("text", [
    "(a - b) - (c - d)", "a ** -b", "(-a) ** b", "(a ** b) ** c", "a ** b ** c", "-(a + b)", "--a",
    "not a == b", "(not a) == b", "-a ** 2", "(a, b)[0]", "(a,)", "()", "f(x, *y)", "f(**k)",
    "(1).real", "1e999", "1e-300", "-1", "a[1:2, b]", "a[b, c]", "u'x'", "'it\\'s'", "f'{x}'",
    "(a < b) < c", "a < b < c", "a @ b % c", "(lambda: x)()", "(a if b else c) + d", "a | b + c",
])
def test_brackets_stand_where_the_standard_library_puts_them(text):
    node = ast.parse(text, mode="eval").body
    assert texts.unparse(node) == ast.unparse(node)


def tokens_of(text):
    found, depth = [], 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.OP, tokenize.NAME):
            depth -= token.string in ")]}"
            found.append((token.string, token.start[1], depth))
            depth += token.string in "([{"
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__)
def test_tokens_are_those_of_the_standard_library(module):
    for node in expressions(module):
        text = ast.unparse(node)
        if "\n" not in text and not layout._FORMATTED.search(text):
            assert layout._tokens(text) == tokens_of(text)


@pytest.mark.parametrize("text", [
    "x = r'a(' + b\"]\" + u'''c'''", "a **= 1.5e-3j", "é = 0x_ff // 1_0 . real", "f(x)[1:, ::2]",
    "a <<= b >> c != d", "x = '\\'(' \"(\"", "def f(a, *, b: int = ..., **c) -> d:",
])
def test_tokens_of_rare_literals_are_told_apart(text):
    assert layout._tokens(text) == tokens_of(text)
