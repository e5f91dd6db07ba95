"""Dead code goes; what a user can notice never does."""

import operator

import numpy as np
import pytest

import s2sdiff
from s2sdiff import ir
from s2sdiff.ir import Bind, Const, Exit, For, If, Loc, Move, Ref, Var, While
from s2sdiff.transforms import dce
from tests.transforms.programs import agrees, raises_alike

HERE = Loc("here.py", 1, 0)


def add(target, a, b):
    return Bind((target,), Ref(operator.add), (Var(a), Var(b)), (), HERE)


def give(name):
    return Exit("return", Var(name), HERE)


def anything(statement):
    return True


def test_a_chain_of_dead_additions_goes():
    block = (add("t", "x", "x"), add("u", "t", "x"), add("y", "x", "x"), give("y"))
    assert dce.run(block, (), anything) == (block[2], block[3])


def test_without_permission_no_computation_goes():
    block = (add("t", "x", "x"), give("x"))
    assert dce.run(block) == block


def test_a_dead_part_of_a_parallel_move_goes_alone():
    block = (Move(("a", "b"), (Var("x"), Var("y")), HERE), give("b"))
    assert dce.run(block)[0] == Move(("b",), (Var("y"),), HERE)


def test_what_the_next_round_reads_is_alive():
    body = (Move(("a", "b"), (Var("b"), Var("a")), HERE),)
    block = (
        Move(("a", "b"), (Const(1), Const(2)), HERE),
        For("_", Var("xs"), body, (), HERE),
        give("a"),
    )
    assert dce.run(block, (), anything) == block


def test_what_only_carries_itself_through_a_loop_goes():
    body = (
        add("b_1", "b", "b"),
        add("a_1", "a", "a"),
        Move(("a", "b"), (Var("a_1"), Var("b_1")), HERE),
    )
    block = (
        Move(("a", "b"), (Const(1), Const(2)), HERE),
        For("_", Var("xs"), body, (), HERE),
        give("a"),
    )
    kept = dce.run(block, (), anything)
    assert "b" not in ir.all_defs(kept) and "b_1" not in ir.all_defs(kept)


def test_a_value_before_a_break_lives_by_what_is_read_after_the_loop():
    leave = If(Var("c"), (Move(("a",), (Var("x"),), HERE), Exit("break", None, HERE)), (), HERE)
    loop = While((), Const(True), (leave,), (), HERE)
    assert dce.run((loop, give("a")), (), anything) == (loop, give("a"))


def test_nothing_that_prints_or_fills_a_list_goes():
    def f(x):
        seen = []
        seen.append(3)
        unused = print("dead")  # noqa: F841
        len(seen)
        return x * len(seen)

    agrees(f, 2.0)


def test_an_iterator_is_drawn_from_as_often_as_written():
    def f(x):
        numbers = iter([1.0, 2.0, 3.0])
        next(numbers)
        unused = next(numbers)  # noqa: F841
        return x * float(next(numbers))

    agrees(f, 2.0)


def test_a_users_call_whose_result_is_unused_still_raises():
    def check(v):
        raise KeyError(v)

    def f(x):
        check("unused")
        return x

    assert raises_alike(f, 2.0) is KeyError


def test_a_dead_logarithm_outside_of_its_domain_still_raises():
    import math

    def f(x):
        math.log(-1.0)
        return x

    assert raises_alike(f, 2.0) is ValueError


@pytest.mark.parametrize("unused", [
    lambda a, w: np.full((1, 1, 3), w) * (a @ np.full((3, 2), w)),
    lambda a, w: a @ a,
    lambda a, w: a.reshape(7),
    lambda a, w: np.concatenate([a, a[0]]),
    lambda a, w: np.linalg.inv(a),
    lambda a, w: a.sum(axis=2),
])
def test_an_error_in_what_nobody_reads_is_raised(unused):
    def f(a, w):
        unused(a, w)
        return 0.5 * w

    def written_out(a, w):
        kept = unused(a, w)
        del kept
        return 0.5 * w

    a = np.ones((2, 3))
    for g in (f, written_out):
        with pytest.raises((ValueError, np.linalg.LinAlgError)):
            g(a, 1.0)
        with pytest.raises((ValueError, np.linalg.LinAlgError)):
            s2sdiff.vjp(g, a, 1.0)
        with pytest.raises((ValueError, np.linalg.LinAlgError)):
            s2sdiff.grad(g, wrt=1)(a, 1.0)
