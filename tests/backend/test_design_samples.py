"""The generated functions that the architecture shows, from the IR that stands for them.

The texts are those of the design; the numbers are closed forms.
"""

import math
import operator as op
import textwrap

import numpy as np
import pytest

from s2sdiff import ir, ops
from s2sdiff.runtime import unbroadcast
from tests.backend.build import call, function, give, loaded, move, place, put, text

NUMPY = {name: ir.Ref(getattr(np, name), f"np.{name}") for name in ("sin", "cos", "tanh", "zeros")}


def wave(x, w):
    y = np.sin(x) * w
    return y + x ** 2


SOURCE = "def wave(x, w):\n    y = np.sin(x) * w\n    return y + x ** 2"
BACKWARD = (
    call("t", op.mul, 2, "x", line=-3),
    call("x_bar", op.mul, "result_bar", "t", line=-3),
    call("w_bar", op.mul, "result_bar", "sin_x", line=-2),
    call("t_1", op.mul, "result_bar", "w", line=-2),
    call("t_2", NUMPY["cos"], "x", line=-2),
    call("t_3", op.mul, "t_1", "t_2", line=-2),
    call("x_bar", op.add, "x_bar", "t_3", line=-2),
    call("t_4", ops.tuple_, "x_bar", "w_bar", line=-2),
    give("t_4", line=-2),
)
WAVE = function(
    "wave_vjp", "x w",
    call("sin_x", NUMPY["sin"], "x"),
    call("y", op.mul, "sin_x", "w"),
    call("u", op.pow, "x", 2, line=3),
    call("result", op.add, "y", "u", line=3),
    ir.Def("wave_pullback", ("result_bar",), BACKWARD, place(1)),
    call("v", ops.tuple_, "result", "wave_pullback"),
    give("v"),
    names="x w y np", source=SOURCE, origin=wave,
)


def test_a_vjp_reads_as_in_the_design():
    assert text(WAVE) == textwrap.dedent("""\
        def wave_vjp(x, w):
            sin_x = np.sin(x)
            y = sin_x * w

            def wave_pullback(result_bar):
                # 3: return y + x ** 2
                x_bar = result_bar * (2 * x)
                # 2: y = np.sin(x) * w
                w_bar = result_bar * sin_x
                x_bar = x_bar + result_bar * w * np.cos(x)
                return x_bar, w_bar

            return y + x ** 2, wave_pullback
    """)


@pytest.mark.parametrize("folded", [True, False])
def test_a_vjp_computes_value_and_gradients(folded):
    value, pullback = loaded(WAVE, folded)(0.7, 3.0)
    assert value == wave(0.7, 3.0)
    assert pullback(2.0) == pytest.approx((2 * (1.4 + 3 * math.cos(0.7)), 2 * math.sin(0.7)))


def test_a_gradient_that_is_one_expression_is_one_line_without_comments():
    f = function(
        "wave_grad", "x w",
        call("x_bar", op.mul, 2, "x", line=-3),
        call("t", NUMPY["cos"], "x", line=-2),
        call("t_1", op.mul, "w", "t", line=-2),
        call("x_bar", op.add, "x_bar", "t_1", line=-2),
        give("x_bar", line=-2),
        names="x w y np", source=SOURCE, origin=wave,
    )
    assert text(f) == "def wave_grad(x, w):\n    return 2 * x + w * np.cos(x)\n"
    assert loaded(f)(0.7, 3.0) == pytest.approx(1.4 + 3 * math.cos(0.7))


def test_the_backward_pass_stands_below_the_forward_one_in_a_gradient():
    source = "def dense(x, w, b):\n    h = np.tanh(x @ w + b)\n    return np.sum(h * h)"
    f = function(
        "dense_grad", "x w b",
        call("t", op.matmul, "x", "w"),
        call("t_1", op.add, "t", "b"),
        call("h", NUMPY["tanh"], "t_1"),
        call("h_bar", op.mul, 2, "h", line=-3),
        call("t_2", op.mul, "h", "h", line=-2),
        call("t_3", op.sub, 1, "t_2", line=-2),
        call("h_1_bar", op.mul, "h_bar", "t_3", line=-2),
        call("t_4", getattr, "b", ir.Const("shape"), line=-2),
        call("b_bar", unbroadcast, "h_1_bar", "t_4", line=-2),
        call("t_5", getattr, "x", ir.Const("T"), line=-2),
        call("w_bar", op.matmul, "t_5", "h_1_bar", line=-2),
        call("t_6", ops.tuple_, "w_bar", "b_bar", line=-2),
        give("t_6", line=-2),
        names="x w b h np", source=source, origin=wave,
    )
    assert text(f) == textwrap.dedent("""\
        def dense_grad(x, w, b):
            h = np.tanh(x @ w + b)
            # 3: return np.sum(h * h)
            h_bar = 2 * h
            # 2: h = np.tanh(x @ w + b)
            h_1_bar = h_bar * (1 - h * h)
            return x.T @ h_1_bar, rt.unbroadcast(h_1_bar, b.shape)
    """)
    x, w, b = np.ones((2, 3)), np.full((3, 2), 0.1), np.array([0.2, 0.3])
    h = np.tanh(x @ w + b)
    local = 2 * h * (1 - h**2)
    for ours, expected in zip(loaded(f)(x, w, b), (x.T @ local, local.sum(0)), strict=True):
        np.testing.assert_allclose(ours, expected)


def test_a_broken_round_of_a_loop_keeps_its_guard():
    step = (
        call("x2", op.mul, 2, "x"),
        call("t", op.mul, "x", "x"),
        call("t_1", op.sub, "t", "a"),
        call("step", op.truediv, "t_1", "x2"),
        call("t_2", abs, "step"),
        call("t_3", op.lt, "t_2", 1e-10),
        ir.If(ir.Var("t_3"), (ir.Exit("break", None, place(4)),), (
            call("t_4", ops.tuple_, "x", "x2", "step"),
            call("", ops.method, "saved", ir.Const("append"), "t_4"),
            call("x", op.sub, "x", "step"),
        ), place(4)),
    )
    back = (
        move("a_bar", 0.0, line=-1),
        call("t_5", reversed, "saved", line=-1),
        ir.For(("x", "x2", "step"), ir.Var("t_5"), (
            call("t_6", op.neg, "x_bar", line=-3),
            call("step_1_bar", op.truediv, "t_6", "x2", line=-3),
            call("a_bar", op.isub, "a_bar", "step_1_bar", line=-3),
            call("t_7", op.mul, 2, "x", line=-3),
            call("t_8", op.mul, "t_7", "step_1_bar", line=-3),
            call("t_9", op.add, "x_bar", "t_8", line=-3),
            call("t_10", op.mul, 2, "step_1_bar", line=-3),
            call("t_11", op.mul, "t_10", "step", line=-3),
            call("x_bar", op.sub, "t_9", "t_11", line=-3),
        ), (), place(-3)),
        call("t_12", op.add, "a_bar", "x_bar", line=-2),
        give("t_12", line=-2),
    )
    f = function(
        "newton_vjp", "a", move("x", "a"), call("saved", ops.list_),
        ir.While((), ir.Const(True), step, (), place(3)),
        ir.Def("newton_pullback", ("x_bar",), back, place(1)),
        call("v", ops.tuple_, "x", "newton_pullback"), give("v"),
        names="a x step saved", source="def newton(a):\n    x = a\n    while True: ...",
    )
    assert text(f) == textwrap.dedent("""\
        def newton_vjp(a):
            x = a
            saved = []
            while True:
                x2 = 2 * x
                step = (x * x - a) / x2
                if abs(step) < 1e-10:
                    break
                saved.append((x, x2, step))
                x = x - step

            def newton_pullback(x_bar):
                a_bar = 0.0
                for x, x2, step in reversed(saved):
                    # 3: while True: ...
                    step_1_bar = -x_bar / x2
                    a_bar -= step_1_bar
                    x_bar = x_bar + 2 * x * step_1_bar - 2 * step_1_bar * step
                return a_bar + x_bar

            return x, newton_pullback
    """)
    value, pullback = loaded(f)(2.0)
    assert value == pytest.approx(math.sqrt(2))
    assert pullback(1.0) == pytest.approx(0.5 / math.sqrt(2), rel=1e-4)
    assert pullback(3.0) == pytest.approx(1.5 / math.sqrt(2), rel=1e-4)


def test_reads_stay_on_their_side_of_a_store():
    f = function(
        "fib", "x n",
        call("a", NUMPY["zeros"], "n"),
        put(op.setitem, "a", 0, "x"),
        call("t", op.mul, "x", "x"),
        put(op.setitem, "a", 1, "t"),
        call("t_1", range, 2, "n"),
        ir.For("i", ir.Var("t_1"), (
            call("t_2", op.sub, "i", 1),
            call("a_1", op.getitem, "a", "t_2"),
            call("t_3", op.sub, "i", 2),
            call("a_2", op.getitem, "a", "t_3"),
            put(op.setitem, "a", "i", 0.0),
            call("t_4", op.mul, "a_1", "a_2"),
            put(op.setitem, "a", "i", "t_4"),
        ), (), place(4)),
        call("t_5", op.sub, "n", 1),
        call("t_6", op.getitem, "a", "t_5"),
        give("t_6"),
        names="a x n i", origin=wave,
    )
    assert text(f) == textwrap.dedent("""\
        def fib(x, n):
            a = np.zeros(n)
            a[0] = x
            a[1] = x * x
            for i in range(2, n):
                a_1 = a[i - 1]
                a_2 = a[i - 2]
                a[i] = 0.0
                a[i] = a_1 * a_2
            return a[n - 1]
    """)
    assert loaded(f)(2.0, 6) == 2.0**13  # exponents: 1, 2, 3, 5, 8, 13
