"""Names, places and records that lowering gives: what later passes and readers rely on."""

from __future__ import annotations

import operator

import numpy as np

from s2sdiff import ops
from s2sdiff.frontend.lower import lower
from s2sdiff.ir import Bind, Const, Free, Move, Param, Ref, Var, defines, walk
from tests.from_text import run_text
from tests.frontend.interpret import run


def temporaries(function):
    return [n for s in walk(lower(function).body) for n in defines(s)]


def test_a_call_in_one_name_is_named_after_both():
    def f(x, r):
        y = np.sin(x) * abs(r) + x.sum()
        return y + np.sum(x, axis=0)

    assert temporaries(f) == ["sin_x", "abs_r", "y_1", "sum_x", "y", "sum_x_1", "result_1"]


def test_other_temporaries_are_named_after_what_the_statement_assigns():
    def f(x, w):
        loss = (x * w + 1) ** 2
        if loss < 1:
            return -loss
        while x < w:
            x = x + 1

    assert temporaries(f) == ["loss_1", "loss_2", "loss", "test_1", "result_1", "test_2", "x"]


def test_a_temporary_takes_no_name_of_the_user():
    def f(x, sin_x, result_1):
        return np.sin(x) + (sin_x + result_1)

    assert temporaries(f) == ["sin_x_1", "result_2", "result_3"]


def test_a_fitting_display_is_taken_apart_by_one_parallel_move():
    def f(a, b):
        a, b = b, a + b
        return a

    body = lower(f).body
    assert body[0] == Bind(("b_1",), Ref(operator.add), (Var("a"), Var("b")), (), body[0].loc)
    assert body[1] == Move(("a", "b"), (Var("b"), Var("b_1")), body[1].loc)


def test_a_star_says_how_many_values_come_after_it():
    def f(v):
        a, *b, c = v
        d, e = c

    starred, plain = lower(f).body
    assert (starred.targets, starred.fn) == (("a", "b", "c"), Ref(ops.unpack))
    assert starred.args == (Var("v"), Const(1), Const(1))
    assert plain.args == (Var("c"), Const(2), Const(None))


def test_method_calls_name_the_owner_and_the_method():
    def f(x):
        return np.linalg.norm(x, axis=0)

    path, bind, _ = lower(f).body
    assert path.args == (Free("np"), Const("linalg"))
    assert bind.fn == Ref(ops.method)
    assert bind.args == (Var("np_linalg"), Const("norm"), Var("x"))
    assert bind.kwargs == (("axis", Const(0)),)


def test_a_path_of_fields_is_named_after_itself():
    def f(self, x):
        return self.w * x

    assert temporaries(f) == ["self_w", "result_1"]


def test_every_statement_knows_its_place_in_the_file():
    def f(x):
        y = x + 1
        return (y *
                np.sin(x))

    first = f.__code__.co_firstlineno
    lowered = lower(f)
    places = [(s.loc.line - first, s.loc.column, s.loc.function) for s in lowered.body]
    assert places == [(1, 12, "f"), (3, 16, "f"), (2, 16, "f"), (2, 8, "f")]
    assert lowered.loc.line == first and lowered.loc.file == __file__
    assert lowered.lines[first + 1] == "        y = x + 1"


def test_parameters_keep_their_kinds_and_defaults():
    def f(a, b=1, /, c=2, *d, e, g=3, **h):
        return a

    assert lower(f).params == (
        Param("a", "posonly"), Param("b", "posonly", True), Param("c", "plain", True),
        Param("d", "star"), Param("e", "kwonly"), Param("g", "kwonly", True),
        Param("h", "starstar"),
    )


def test_names_are_those_of_the_user_and_free_ones_come_from_outside():
    def f(x):
        y = np.sin(x)
        return [operator.neg(z) for z in y]

    lowered = lower(f)
    assert lowered.free == {"np", "operator"}
    assert lowered.names == {"x", "y", "z", "np", "operator"}


def test_private_names_are_spelled_as_python_spells_them():
    class _Layer:
        def f(self, __x):
            return self.__w * __x

    lowered = lower(_Layer.f)
    assert lowered.params[1].name == "_Layer__x"
    assert lowered.body[0].args == (Var("self"), Const("_Layer__w"))


def test_all_constant_tuples_and_negative_numbers_are_constants():
    def f(x):
        return x.reshape((2, -3)), -0.0

    bind = lower(f).body[0]
    assert bind.args == (Var("x"), Const("reshape"), Const((2, -3)))
    assert lower(f).body[1].args[1] == Const(-0.0) != Const(0.0)


def test_a_bare_return_has_no_value_and_the_end_has_no_return():
    def bare(x):
        return

    def ending(x):
        x += 1

    assert lower(bare).body[0].value is None
    assert [type(s) for s in lower(ending).body] == [Bind]


def test_columns_count_characters_and_not_bytes():
    def f(α, b):
        return α + abs(b)

    assert [s.loc.column for s in lower(f).body] == [19, 15, 8]


def test_a_sum_of_two_hundred_terms_is_lowered():
    text = "def long_sum(x):\n    return " + " + ".join(["x"] * 200) + "\n"
    namespace = {}
    run_text(text, "<long>", namespace)
    assert run(lower(namespace["long_sum"]), 2) == 400
