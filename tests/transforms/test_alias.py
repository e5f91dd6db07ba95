"""Memory that two names share is known to be shared."""

import operator

import numpy as np

from s2sdiff.ir import Bind, Loc, Move, Ref, Var
from s2sdiff.kinds import kind_of
from s2sdiff.transforms import alias
from s2sdiff.transforms.context import Context, Names, Request

HERE = Loc("here.py", 1, 0)
A = kind_of(np.ones(3), "a")


def context_of(writes=False, volatile=(), **known):
    context = Context(
        Request("vjp", ("a",), frozenset(volatile)), {"a": A}, Names(set()), None, None, None
    )
    context.kinds.update({"a": A, **known})
    context.writes = writes
    return context


def call(target, fn, *args):
    return Bind((target,), Ref(fn), tuple(Var(a) for a in args), (), HERE)


def test_a_copy_of_a_name_points_into_the_same_memory():
    context = context_of(b=A)
    found = alias.roots((Move(("b",), (Var("a"),), HERE),), context)
    assert found["b"] == found["a"] == frozenset({"a"})


def test_an_operator_on_arrays_makes_new_memory():
    context = context_of(b=A)
    found = alias.roots((call("b", operator.mul, "a", "a"),), context)
    assert "a" not in found["b"]


def test_a_view_and_a_tuple_reach_what_they_were_made_of():
    context = context_of(v=A)
    found = alias.roots((call("v", np.ravel, "a"),), context)
    assert "a" in found["v"]


def test_an_unknown_call_may_give_anything():
    context = context_of()
    found = alias.roots((call("b", test_a_number_needs_no_snapshot, "a"),), context)
    assert {"a", "?"} <= found["b"]


def test_a_join_reaches_both_sides():
    body = (
        call("b", operator.mul, "a", "a"),
        Move(("c",), (Var("b"),), HERE),
        Move(("c",), (Var("a"),), HERE),
    )
    found = alias.roots(body, context_of(b=A, c=A))
    assert found["c"] == found["a"] | found["b"]


def test_a_snapshot_is_needed_only_where_somebody_may_write():
    for context, expected in [
        (context_of(), False),
        (context_of(writes=True), True),
        (context_of(volatile=("a",)), True),
    ]:
        found = alias.roots((), context)
        assert alias.snapshot_needed("a", found, None, context) is expected


def test_a_number_needs_no_snapshot():
    context = context_of(writes=True, x=kind_of(2.0))
    assert not alias.snapshot_needed("x", {"x": frozenset({"?"})}, None, context)
