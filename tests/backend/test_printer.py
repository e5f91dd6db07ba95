"""IR as text: syntax for known functions, control flow, comments, long lines."""

import ast
import operator as op

import numpy as np
import pytest

from s2sdiff import ir, ops
from s2sdiff.backend.layout import broken
from s2sdiff.backend.printer import print_function
from tests.backend.build import atom, block_text, call, function, give, loaded, move, place, put

RETURN = ir.Exit("return", None, place(2))
BREAK = ir.Exit("break", None, place(2))


@pytest.mark.parametrize(("bind", "expected"), [
    (call("z", op.pow, "x", -2.0), "z = x ** -2.0"),
    (call("z", op.not_, "x"), "z = not x"),
    (call("z", op.is_, "x", None), "z = x is None"),
    (call("z", ops.not_contains, "x", "y"), "z = x not in y"),
    (call("z", op.getitem, "x", (slice(1, None), ..., None)), "z = x[1:, ..., None]"),
    (call("z", slice, None, "x"), "z = slice(None, x)"),
    (call("z", getattr, "x", ir.Const("T")), "z = x.T"),
    (call("z", getattr, "x", ir.Const("class")), "z = getattr(x, 'class')"),
    (call("", ops.method, "x", ir.Const("append"), "y"), "x.append(y)"),
    (call("z", np.ndarray.sum, "x", axis=0), "z = x.sum(axis=0)"),
    (call("z", ir.Ref(np.ndarray.__dict__["T"]), "x"), "z = x.T"),
    (call("z", ops.tuple_, "x"), "z = (x,)"),
    (call("z", ops.tuple_, "x", ir.Star(ir.Var("y"))), "z = (x, *y)"),
    (call("z", ops.set_), "z = {*()}"),
    (call("z", ops.dict_, ir.Const("a"), "x"), "z = {'a': x}"),
    (call("a, b", ops.unpack, "x", 2, None), "a, b = x"),
    (call("a, b, c", ops.unpack, "x", 1, 1), "a, *b, c = x"),
    (call("a", ops.unpack, "x", 1, None), "(a,) = x"),
    (call("a, b", divmod, "x", "y"), "a, b = divmod(x, y)"),
    (call("x", op.iadd, "x", "y"), "x += y"),
    (call("z", op.iadd, "x", "y"), "z = x\nz += y"),
    (call("z", "y", "x"), "z = y(x)"),
    (call("z", ir.Free("g"), "x"), "z = g(x)"),
    (call("z", float, float("inf")), "z = float(float('inf'))"),
])
def test_a_computation_prints_as_syntax(bind, expected):
    assert block_text(bind) == expected


@pytest.mark.parametrize(("store", "expected"), [
    (put(op.setitem, "x", (0, slice(None)), "y"), "x[0, :] = y"),
    (put(op.iadd, "x", 0, "y"), "x[0] += y"),
    (put(setattr, "x", ir.Const("w"), "y", "attribute"), "x.w = y"),
    (put(op.imul, "x", ir.Const("w"), "y", "attribute"), "x.w *= y"),
    (put(op.imatmul, "x", None, "y", "name"), "x @= y"),
    (put(op.delitem, "x", 0, None), "del x[0]"),
    (put(delattr, "x", ir.Const("w"), None, "attribute"), "del x.w"),
])
def test_a_write_prints_as_an_assignment(store, expected):
    assert block_text(store) == expected


def test_a_parallel_copy_leaves_out_what_does_nothing():
    assert block_text(move("a b x", "b", "a", "x")) == "a, b = b, a"
    assert block_text(move("x", "x")) == "pass"
    assert block_text(move("a b", ir.UNDEFINED, 1.0)) == "b = 1.0"


def test_a_long_parallel_copy_is_written_in_lines_only_where_that_means_the_same():
    names = [f"gradient_of_parameter_{i}" for i in range(4)]
    separate = block_text(move(" ".join(names), 0.0, 0.0, 0.0, 0.0))
    assert separate.splitlines() == [f"{n} = 0.0" for n in names]
    rotated = block_text(move(" ".join(names), *names[1:], names[0]))
    space = dict(zip(names, range(4), strict=True))
    exec(rotated, space)
    assert [space[n] for n in names] == [1, 2, 3, 0]


def branch(then, orelse=(), test="x"):
    return ir.If(atom(test), tuple(then), tuple(orelse), place(2))


def test_branches_print_flat():
    one, two, three = (move("z", v) for v in (1, 2, 3))
    assert block_text(branch([one], [branch([two], [three], "y")])) == (
        "if x:\n    z = 1\nelif y:\n    z = 2\nelse:\n    z = 3"
    )
    assert block_text(branch([], [one])) == "if not x:\n    z = 1"
    assert block_text(branch([move("z", "z")], [])) == "if x:\n    pass"
    # What follows a branch that leaves needs no `else`.
    assert block_text(branch([RETURN], [one, two])) == "if x:\n    return\nz = 1\nz = 2"
    assert block_text(branch([one, two], [RETURN])) == "if not x:\n    return\nz = 1\nz = 2"


def test_a_loop_that_first_asks_whether_to_stop_is_a_while_with_a_test():
    body = [branch([BREAK]), move("x", "y")]
    loop = ir.While((), ir.Const(True), tuple(body), (), place(2))
    assert block_text(loop) == "while not x:\n    x = y"
    loop = ir.While((), ir.Const(True), (branch(body[1:], [BREAK]),), (), place(2))
    assert block_text(loop) == "while x:\n    x = y"


@pytest.mark.parametrize("limit", [2, 9])
def test_the_else_of_a_loop_whose_test_takes_statements_runs_when_the_test_ends_it(limit):
    f = function(
        "count", "limit", move("n found", 0, ir.Const("break")),
        ir.While((call("t", op.lt, "n", 4),), ir.Var("t"), (
            call("n", op.add, "n", 1), call("u", op.eq, "n", "limit"), branch([BREAK], (), "u"),
        ), (move("found", ir.Const("else")),), place(2)),
        give("found"),
    )
    assert loaded(f, False)(limit) == ("break" if limit == 2 else "else")
    assert loaded(f)(limit) == ("break" if limit == 2 else "else")


def test_targets_of_loops_may_nest():
    loop = ir.For(("i", ("a", "b")), ir.Var("x"), (), (), place(2))
    assert block_text(loop) == "for i, (a, b) in x:\n    pass"


def test_errors_are_raised_with_their_cause():
    raised = ir.Exit("raise", ir.Var("x"), place(2), ir.Var("y"))
    assert block_text(raised) == "raise x from y"
    assert block_text(ir.Exit("raise", None, place(2))) == "raise"


def expression(source):
    import gast
    return gast.parse(source, mode="eval").body


def opaque(source, **now):
    names = tuple(now)
    target = ir.Ref(ir.Opaque(expression(source), names))
    return ir.Bind(("z",), target, tuple(map(atom, now.values())), (), place(2))


def test_kept_expressions_read_the_current_names():
    listed = block_text(opaque("[a * i for i in a if i]", a="a_1"))
    assert listed == "z = [a_1 * i for i in a_1 if i]"
    assert block_text(opaque("lambda i: i + a", a="x")) == "z = lambda i: i + x"
    assert block_text(opaque("f'{a:>{n}}'", a="x", n=3)) == "z = f'{x:>{3}}'"
    # A variable of the comprehension does not capture what is put inside.
    renamed = block_text(opaque("[a * i for i in b]", a="i", b="y"))
    assert eval(renamed[4:], {"i": 10, "y": [1, 2]}) == [10, 20]


def test_kept_statements_read_and_write_the_current_names():
    import gast
    node = gast.parse("with open(p) as h:\n    n = len(h.read()) + n").body[0]
    raw = ir.Raw(node, (("p", ir.Var("p_1")), ("n", ir.Var("n_1"))), (("h", "h"), ("n", "n_2")),
                 "with", place(2))
    assert block_text(raw) == (
        "n_2 = n_1\nwith open(p_1) as h:\n    n_2 = len(h.read()) + n_2"
    )


def test_the_text_inside_a_kept_string_does_not_move():
    import gast
    # No docstring: from Python 3.13 on those lose their indentation.
    node = gast.parse('def g():\n    return """One.\n    Two."""').body[0]
    f = function("f", "", ir.Raw(node, (), (("g", "g"),), "nested function", place(2), False),
                 call("z", "g"), give("z"))
    assert loaded(f)() == "One.\n    Two."


def test_parameters_keep_kinds_and_defaults():
    def original(a, b=2, /, c=(1, None), *rest, d, e="x", f=[], **more):
        return a, b, c, rest, d, e, f, more

    kinds = ["posonly", "posonly", "plain", "star", "kwonly", "kwonly", "kwonly", "starstar"]
    names = ["a", "b", "c", "rest", "d", "e", "f", "more"]
    defaults = {"b", "c", "e", "f"}
    params = tuple(ir.Param(n, k, n in defaults) for n, k in zip(names, kinds, strict=True))
    body = (call("z", ops.tuple_, *names), give("z"))
    ours = ir.Function("original", params, body, place(1), original)
    printed = print_function(ours)
    assert printed.text.startswith(
        "def original(a, b=2, /, c=(1, None), *rest, d, e='x', f=f_default, **more):\n"
    )
    assert printed.cells["f_default"] is original.__kwdefaults__["f"]
    for args, kwargs in [((1,), {"d": 5}), ((1, 3, 4, 6), {"d": 5, "e": 7, "g": 8})]:
        assert loaded(ours)(*args, **kwargs) == original(*args, **kwargs)


def test_a_parameter_without_default_may_follow_a_printed_one_with():
    params = (ir.Param("x", "plain", True), ir.Param("x_dot"))
    f = ir.Function("f", params, (RETURN,), place(1), lambda x=1.0: x)
    assert print_function(f).text.startswith("def f(x, x_dot):")


def test_backward_groups_name_their_lines_once_and_other_files_by_name():
    source = "def f(x):\n    y = x\n    return y"
    rule = ir.Loc("/lib/rule.py", 7, 0, "g", True)
    far = ir.Bind(("c",), ir.Ref(op.neg), (ir.Var("b"),), (), rule)
    body = (call("a", op.neg, "x", line=-3), call("b", op.neg, "a", line=-3), far,
            call("d", op.neg, "c", line=-2), give("d", line=-1))
    assert block_text(*body, source=source) == (
        "# 3: return y\na = -x\nb = -a\nc = -b\n# 2: y = x\nd = -c\nreturn d"
    )


def test_a_comment_that_has_no_room_left_is_still_a_comment():
    body = (call("a", op.neg, "x", line=-2), give("a", line=-3))
    for _ in range(30):
        body = (ir.If(atom("x"), body, (), place(3)), give("x"))
    f = function("f", "x", *body, source="def f(x):\n    a = -x\n    return a")
    assert loaded(f)(3.0) == -3.0


def test_headers_stand_above():
    f = function("f", "x", give("x"))
    assert print_function(f, ("vjp of f", "")).text == "# vjp of f\n#\ndef f(x):\n    return x\n"


def test_a_long_header_is_broken_between_words():
    f = function("f", "x", give("x"))
    title = f"gradient of {'a_name' * 12} (file.py:1) with respect to x"
    text = print_function(f, (title, ", ".join(f"{c}: float" for c in "abcdefghijklm"))).text
    assert text.splitlines()[:4] == [
        f"# gradient of {'a_name' * 12} (file.py:1)", "#     with respect to x",
        f"# {', '.join(f'{c}: float' for c in 'abcdefghi')},",
        "#     j: float, k: float, l: float, m: float"]


@pytest.mark.parametrize("statement", [
    "result = function(" + ", ".join(f"argument_{i}" for i in range(30)) + ")",
    "return " + " + ".join(f"term_{i} * factor_{i}" for i in range(20)),
    "if " + " and ".join(f"condition_{i}" for i in range(20)) + ":",
    "total = first[" + " + ".join(f"i_{i}" for i in range(40)) + "].method(second)",
    "x = [" + "f(a, [b, c]) + " * 20 + "'a, (b']",
    "names = {'key': [" + ", ".join(f"value_{i} for_{i}"[:7] + str(i) for i in range(40)) + "]}",
    "for " + ", ".join(f"value_{i}" for i in range(20)) + " in reversed(saved):",
    "for i, (" + ", ".join(f"v_{i}" for i in range(30)) + ") in zip(first, reversed(saved)):",
    "a, b = " + ", ".join(f"g({i}, h(x_{i}, y_{i}))" for i in range(12)),
])
def test_long_lines_are_broken_inside_brackets_and_mean_the_same(statement):
    lines = broken(statement, 1)
    assert len(lines) > 1
    assert max(map(len, lines)) <= 100
    body = "\n        pass" if statement.endswith(":") else ""
    trees = [
        ast.dump(ast.parse("def f():\n" + text + body))
        for text in ("    " + statement, "\n".join(lines))
    ]
    assert trees[0] == trees[1]
