"""What assembling leaves behind: put as one would write it, and only where nothing changes."""

import operator as op

import pytest

from s2sdiff import ir, ops
from s2sdiff.transforms import naming, ranges, signs, tidy
from tests.backend.build import call, function, give, move, place, text


def branch(then, orelse=(), test="t"):
    return ir.If(ir.Var(test), tuple(then), tuple(orelse), place(2))


def tidied(*body):
    return tidy.run(tuple(body))


def lines(*body, params="x y t"):
    return text(function("f", params, *body), folded=False).splitlines()[1:]


def test_two_ifs_on_one_test_become_one():
    first = branch([call("a", op.neg, "x")], [move("a", "x")])
    second = branch([call("b", op.neg, "a")], [move("b", "y")])
    assert lines(*tidied(first, second, give("b"))) == [
        "    if t:", "        a = -x", "        b = -a",
        "    else:", "        a = x", "        b = y", "    return b",
    ]


@pytest.mark.parametrize("between", [
    call("c", op.neg, "a"),  # reads what the first one binds
    move("x", "y"),  # binds what the first one reads
    move("t", "y"),  # another test from here on
    call("c", print, "x"),  # has an effect
    call("", print, "x"),
])
def test_ifs_stay_apart_where_something_between_them_minds(between):
    first, second = branch([call("a", op.neg, "x")]), branch([call("b", op.neg, "y")])
    assert tidied(first, between, second) == (first, between, second)


def test_ifs_stay_apart_where_the_first_rebinds_the_test_or_leaves():
    for inside in (move("t", "x"), give("x")):
        first, second = branch([inside]), branch([call("b", op.neg, "y")])
        assert tidied(first, second) == (first, second)


def test_a_tuple_unpacked_where_it_was_made_is_a_parallel_copy():
    made = call("p", ops.tuple_, "x", "y")
    apart = call("a b", ops.unpack, "p", 2, None)
    assert tidied(made, apart)[1] == ir.Move(("a", "b"), (ir.Var("x"), ir.Var("y")), place(2))
    # Not where a part has changed since.
    changed = (made, call("x", op.neg, "x"), call("x", op.neg, "x"), apart)
    assert tidied(*changed) == changed


def test_a_loop_over_a_range_that_does_nothing_goes():
    made, loop = call("r", range, "x"), ir.For("i", ir.Var("r"), (), (), place(2))
    assert tidied(made, loop) == (made,)
    assert tidied(made, loop, give("i"))[1] == loop  # what it leaves in i is read
    items = call("r", iter, "x")
    assert tidied(items, loop)[1] == loop  # may use up an iterator


def test_a_range_is_written_in_every_loop_over_it_unless_its_end_changes():
    made = call("r", range, "x")
    loop = ir.For("i", ir.Var("r"), (call("y", op.neg, "y"),), (), place(2))
    assert len(ranges.repeated((made, loop, loop), {"x", "y"})) == 2
    changed = (made, loop, call("x", op.neg, "x"), loop)
    assert ranges.repeated(changed, {"x", "y"}) == changed


def test_a_sign_moves_into_the_operator_of_an_update():
    negative = call("u", op.neg, "x", line=-2)
    product = ir.Bind((), ir.Ref(op.mul), (ir.Inlined(negative), ir.Var("y")), (), place(-2))
    plus = ir.Ref(op.add, "+=")
    update = ir.Bind(("s",), plus, (ir.Var("s"), ir.Inlined(product)), (), place(-2))
    assert lines(signs.settled(update, ())) == ["    s -= x * y"]


def test_two_signs_of_a_product_are_none():
    def negated(a):
        quotient = ir.Bind((), ir.Ref(op.truediv), (a, ir.Var("y")), (), place(-2))
        product = ir.Bind((), ir.Ref(op.mul), (ir.Var("t"), ir.Inlined(quotient)), (), place(-2))
        return ir.Bind(("s",), ir.Ref(op.neg), (ir.Inlined(product),), (), place(-2))

    assert lines(signs.settled(negated(ir.Inlined(call("u", op.neg, "x", line=-2))), ())) == [
        "    s = t * (x / y)"]
    assert lines(signs.settled(negated(ir.Const(-2.0)), ())) == ["    s = t * (2.0 / y)"]
    assert lines(signs.settled(negated(ir.Const(2.0)), ())) == ["    s = -(t * (2.0 / y))"]


def test_generated_names_are_numbered_anew_and_users_names_stay():
    body = (
        call("step_7", op.neg, "x"), call("sin_x_3", op.neg, "x"), call("result_4", op.neg, "x"),
        call("step_7_bar", op.add, "step_7", "sin_x_3"),
        call("y_2", op.add, "step_7_bar", "result_4"), give("y_2"),
    )
    named = naming.run(function("f", "x", *body, names="x step y_2"))
    assert lines(*named.body, params="x") == [
        "    step_1 = -x", "    sin_x = -x", "    result_1 = -x",
        "    step_1_bar = step_1 + sin_x", "    y_2 = step_1_bar + result_1", "    return y_2",
    ]
