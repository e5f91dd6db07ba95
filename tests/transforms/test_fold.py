"""Single-use temporaries go back into expressions, and nothing changes what is computed."""

import operator as op

import numpy as np
import pytest

from s2sdiff import ir, ops, runtime
from s2sdiff.backend.loader import load
from s2sdiff.backend.printer import print_function
from s2sdiff.frontend.lower import lower
from s2sdiff.transforms import fold
from tests.backend.build import block_text, call, give, move, place, put
from tests.transforms.arbitrary import Box, arbitrary

CELL = ir.Const("cell")


@pytest.fixture(autouse=True)
def _only_what_fold_itself_knows(monkeypatch):
    monkeypatch.setattr("s2sdiff.registry.find", lambda target, mode="vjp": None)


def folded(*body, names="", params="x y g"):
    return block_text(*body, params=params, folded=True, names=names).splitlines()


def test_a_temporary_that_is_read_once_disappears():
    body = (call("t", op.mul, "x", "y"), call("u", op.add, "t", 1), give("u"))
    assert folded(*body) == ["return x * y + 1"]


def test_the_users_own_names_stay():
    body = (call("t", op.mul, "x", "y"), call("u", op.add, "t", 1), give("u"))
    assert folded(*body, names="t") == ["t = x * y", "return t + 1"]


def test_a_temporary_that_is_read_twice_stays():
    assert folded(call("t", op.neg, "x"), call("u", op.mul, "t", "t"), give("u")) == [
        "t = -x", "return t * t"
    ]


def test_a_name_that_is_bound_again_is_several_temporaries():
    body = [call("t", op.neg, "x")] + [call("t", op.add, "t", i) for i in range(3)] + [give("t")]
    assert folded(*body) == ["return -x + 0 + 1 + 2"]


def test_a_temporary_that_a_branch_still_reads_stays():
    after = ir.If(ir.Var("y"), (give("t"),), (), place(2))
    body = (call("t", op.neg, "x"), call("", ops.method, "g", CELL, "t"), after, give("x"))
    assert folded(*body)[0] == "t = -x"


def test_a_temporary_that_the_next_round_reads_stays():
    loop = ir.For("i", ir.Var("y"), (
        call("", "g", "t"), call("t", op.neg, "i"),
    ), (), place(2))
    assert folded(call("t", op.neg, "x"), loop, give(None)) == [
        "t = -x", "for i in y:", "    g(t)", "    t = -i", "return None"
    ]


def test_nothing_moves_into_a_loop_a_branch_or_a_pullback():
    reader = call("", "g", "t")
    for inner in (ir.For("i", ir.Var("y"), (reader,), (), place(2)),
                  ir.If(ir.Var("y"), (reader,), (), place(2)),
                  ir.Def("h", (), (reader,), place(2))):
        assert folded(call("t", op.neg, "x"), inner, give("y"))[0] == "t = -x"


def test_headers_of_loops_and_branches_take_expressions():
    test = call("t", op.lt, "x", "y")
    leaving = ir.If(ir.Var("t"), (give("x"),), (), place(2))
    assert folded(test, leaving) == ["if x < y:", "    return x"]
    source = call("t", range, "x")
    assert folded(source, ir.For("i", ir.Var("t"), (), (), place(2))) == [
        "for i in range(x):", "    pass"
    ]


READ = call("t", op.getitem, "x", 0)
USE = (call("u", op.mul, "t", 2), give("u"))


@pytest.mark.parametrize("between", [
    put(op.setitem, "x", 0, 5.0), put(op.iadd, "x", None, 1.0, "name"), call("x", op.iadd, "x", 1),
    call("x", op.neg, "y"), move("x", "y"), call("", "g", "x"), call("z", ir.Free("h")),
    call("", runtime.add_at, "x", 0, 1.0), call("a b", ops.unpack, "y", 2, None),
    call("", print, "y"), call("z", ops.method, "x", ir.Const("pop")), call("z", tuple, "y"),
    ir.If(ir.Var("y"), (put(op.setitem, "x", 0, 5.0),), (), place(2)),
])
def test_a_read_does_not_move_over_what_may_change_it(between):
    assert "t = x[0]" in folded(READ, between, *USE)


def test_a_read_moves_over_computations():
    between = (call("z", op.neg, "y"), call("w", runtime.zeros, "y"), move("v", "y"))
    assert "    return x[0] * 2" in ["    " + line for line in folded(READ, *between, *USE)]


def test_calls_keep_their_order():
    first, second = call("a", "g", "x"), call("b", "g", "y")
    assert folded(first, second, call("t", op.sub, "a", "b"), give("t")) == ["return g(x) - g(y)"]
    assert folded(first, second, call("t", op.sub, "b", "a"), give("t")) == [
        "a = g(x)", "return g(y) - a"
    ]


def test_a_call_does_not_move_behind_a_read():
    read = call("b", op.getitem, "x", 0)
    body = (call("a", "g", "x"), read, call("t", op.sub, "b", "a"), give("t"))
    assert folded(*body) == ["a = g(x)", "return x[0] - a"]


def test_a_call_does_not_move_into_an_update_that_reads_first():
    body = (call("a", "g", "x"), put(op.iadd, "x", 0, "a"), give("x"))
    assert folded(*body) == ["a = g(x)", "x[0] += a", "return x"]


def test_an_update_keeps_its_target():
    body = (call("t", op.neg, "x"), call("t", op.iadd, "t", "y"), give("t"))
    assert folded(*body) == ["t = -x", "t += y", "return t"]


def test_indices_go_between_the_brackets():
    body = (call("s", slice, 1, None), call("k", ops.tuple_, "s", "y"),
            put(op.setitem, "x", 0, 1.0), call("u", op.getitem, "x", "k"), give("u"))
    assert folded(*body) == ["x[0] = 1.0", "return x[1:, y]"]


def test_lines_stay_short():
    body = [call("t", op.neg, "x")] + [call("t", op.add, "t", "y") for _ in range(40)] + [give("t")]
    lines = folded(*body)
    assert 3 < len(lines) < 10
    assert max(map(len, lines)) < 90


def test_what_kept_syntax_reads_stays_a_name():
    import gast
    node = gast.parse("lambda: t", mode="eval").body
    late = ir.Bind(("u",), ir.Ref(ir.Opaque(node, ("t",))), (ir.Var("t"),), (), place(2))
    assert folded(call("t", op.neg, "x"), late, give("u"))[0] == "t = -x"


def test_short_circuits_become_operators():
    other = (call("t", op.lt, "y", 9),)
    inner = (call("t", op.gt, "y", 0), ir.If(ir.Var("t"), (), other, place(2)))
    body = (call("t", op.gt, "x", 0), ir.If(ir.Var("t"), inner, (), place(2)), give("t"))
    assert folded(*body) == ["return x > 0 and (y > 0 or y < 9)"]
    joined = (call("t", op.gt, "x", 0), ir.If(ir.Var("t"), (call("u", op.gt, "y", 0),),
                                             (move("u", "t"),), place(2)), give("u"))
    assert folded(*joined) == ["return x > 0 and y > 0"]


def test_a_chain_of_conditions_has_no_brackets():
    def between(a, b, c, d):
        return a < b < c and not a + b > d and d

    ours = fold.run(lower(between))
    assert print_function(ours).text == (
        "def between(a, b, c, d):\n    return a < b and b < c and not a + b > d and d\n"
    )


def test_gradients_of_the_users_variables_keep_their_lines():
    body = (call("h_bar", op.mul, 2, "g", line=-3), call("t_bar", op.mul, 3, "h_bar", line=-2),
            call("x_bar", op.add, "t_bar", "g", line=-1), call("", print, "x_bar", line=-4))
    assert folded(*body, names="x h") == ["h_bar = 2 * g", "x_bar = 3 * h_bar + g", "print(x_bar)"]
    assert folded(*body, names="x") == ["x_bar = 3 * (2 * g) + g", "print(x_bar)"]


# --------------------------------------------------------------- functions as people write them


def chained(x, n):
    total, i = 0.0, 0
    while 0 <= i < n and total < 1e6:
        a, b = x[i % 3], x[(i + 1) % 3]
        if a > b and b > 0 or i == 4:
            total += a * b - (a - b) / (abs(a) + 1)
        elif a:
            x[i % 3] = total - a
            i += 1
            continue
        else:
            break
        i += 1
    else:
        total -= 1
    return total, x[0] if total > 1 else -x[1]


def swapping(x, n):
    a, b, *rest = x[0], x[1], x[2], n
    for i in range(n):
        a, b = b, a + b * i
        rest.append(a)
        x[0], x[1] = x[1], x[0] + rest.pop()
    return a - b, rest, x


def effects(x, n):
    log = []

    def note(v):
        log.append(v)
        x[0] += v
        return x[0]

    u = note(1) - note(2) * x[0] + x[0]
    x[1] = note(3) + x[1]
    x[2] += note(4) + x[0]
    k = [note(5), x[0], note(6)]
    return u, k, x, log, note(n) or note(2), {note(1): x[0], note(2): x[1]}


def comprehending(x, n):
    y = [v * n for v in x if v > 0]
    f = lambda a, k=n: a + k + len(y)
    return sum(v * w for v, w in zip(x, y)), f(n), f"{n}{y}", max(y, default=0) if y else None


@pytest.mark.parametrize("original", [chained, swapping, effects, comprehending])
@pytest.mark.parametrize("kind", [list, np.array])
def test_folded_functions_do_what_the_original_does(original, kind):
    ours = fold.run(lower(original))
    run = load(print_function(ours), ours.name, original)
    for n in range(7):
        values = [[1.5, -0.5, 2.0], [0.0, 3.0, 1.0], [2.0, 1.0, 0.25]][n % 3]
        expected = repr(original(kind(values), n))
        assert repr(run(kind(values), n)) == expected


def test_folding_keeps_the_order_of_effects_in_arbitrary_programs():
    shorter = 0
    for seed in range(400):
        program = arbitrary(seed)
        outcomes = []
        for f in (program, fold.run(program)):
            log = []

            def g(p, q, log=log):
                log.append((*p.items, *q.items))
                p.items[0] += 1
                return q + q

            run = load(print_function(f), "f", None)
            result = run(Box(3, 5), g)
            outcomes.append(([b.items for b in result], log))
        assert outcomes[0] == outcomes[1], print_function(fold.run(program)).text
        shorter += len(fold.run(program).body) < len(program.body)
    assert shorter > 300
