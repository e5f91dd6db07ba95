"""What one walk over a body says of its names is what Python's compiler says."""

import colorsys
import fractions
import inspect
import statistics
import textwrap
import types

import gast
import pytest

from s2sdiff.frontend import scopes
from s2sdiff.frontend.source import read
from s2sdiff.frontend.surveys import surveyed

FUNCTIONS = [f for module in (colorsys, fractions, statistics, textwrap)
             for f in vars(module).values()
             if isinstance(f, types.FunctionType) and f.__module__ == module.__name__
             and not inspect.isgeneratorfunction(f)]


def strange(x, y):
    items = [x]
    items[0] += y
    x += 1
    a = b = (c, *rest) = x, y, 2
    for (i, j), k in zip(a, b):
        del c
    with open(k) as file:
        file.line = i, j
    while (n := len(rest)) > 2:
        rest = rest[n:]
    return f"{items!r:>{n}} {file}"


def nested(x):
    import math as m

    def inner(y):
        nonlocal x
        x = y
        return [z for z in y] + [m]

    return inner, {k: (lambda q: q + k) for k in x}


@pytest.mark.parametrize("function", [*FUNCTIONS, strange, nested], ids=lambda f: f.__qualname__)
def test_a_body_binds_what_the_compiler_takes_for_local_and_reads_the_rest(function):
    node, code = read(function).node, function.__code__
    sites, read_in, inside = surveyed(node.body)
    parameters = set(scopes.parameters(node.args))
    bound = {name for name, _ in sites}
    local = {*code.co_varnames, *code.co_cellvars}
    # From Python 3.12 on, comprehensions run in the function itself.
    targets = {n.id for s in node.body for c in gast.walk(s) if isinstance(c, gast.comprehension)
               for n in gast.walk(c.target) if isinstance(n, gast.Name)}
    assert bound <= local | parameters
    assert local <= bound | parameters | targets
    outside = set(read_in) - bound - parameters
    assert outside <= {*code.co_names, *code.co_freevars, *_inner_names(code)}
    assert bound | set(read_in) <= inside
    assert inside == {n for s in node.body for n in scopes.identifiers(s)}


def _inner_names(code):
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from constant.co_names
            yield from _inner_names(constant)


def test_every_way_to_bind_a_name_is_among_those_that_a_plain_body_has():
    node = read(strange).node
    kinds = {type(n) for s in node.body for n in gast.walk(s)}
    assert {gast.With, gast.Delete, gast.NamedExpr, gast.AugAssign, gast.JoinedStr} <= kinds
    sites, _, _ = surveyed(node.body)
    assert [name for name, _ in sites].count("rest") == 2
