"""Merged names hold what each of them held; the user's names come back."""


import numpy as np

from s2sdiff.ir import Bind, Const, Exit, Function, Loc, Move, Param, Ref, Var, all_defs
from s2sdiff.transforms import coalesce, interference
from tests.from_text import run_text
from tests.transforms.programs import agrees, body, stages

HERE = Loc("here.py", 1, 0)


def merged(*statements, names=(), bases=None, params=("x",)):
    function = Function(
        "f",
        tuple(Param(p) for p in params),
        statements,
        HERE,
        names=frozenset(names),
        bases=bases or {},
    )
    return coalesce.run(function).body


def call(target, fn, *args):
    return Bind((target,), Ref(fn), tuple(Var(a) for a in args), (), HERE)


def test_two_sides_of_a_copy_become_one_name():
    out = merged(
        call("y_1", abs, "x"),
        Move(("y",), (Var("y_1"),), HERE),
        Exit("return", Var("y"), HERE),
        names={"x", "y"},
        bases={"y_1": "y"},
    )
    assert out == (call("y", abs, "x"), Exit("return", Var("y"), HERE))


def test_two_values_that_live_together_stay_two():
    out = merged(
        call("y", abs, "x"),
        call("y_1", abs, "y"),
        call("y_2", max, "y", "y_1"),
        Exit("return", Var("y_2"), HERE),
        names={"x", "y"},
        bases={"y_1": "y", "y_2": "y"},
    )
    assert len(all_defs(out[:2])) == 2


def test_a_parallel_swap_keeps_both():
    swap = Move(("a_1", "b_1"), (Var("b"), Var("a")), HERE)
    out = merged(
        call("a", abs, "x"),
        call("b", abs, "a"),
        swap,
        call("c", max, "a_1", "b_1"),
        Exit("return", Var("c"), HERE),
        names={"a", "b", "c"},
        bases={"a_1": "a", "b_1": "b"},
    )
    (move,) = [s for s in out if isinstance(s, Move)]
    assert set(move.targets) == {s.name for s in move.sources} and len(set(move.targets)) == 2


def test_a_parameter_that_is_read_later_is_not_overwritten():
    out = merged(
        Move(("y",), (Var("x"),), HERE),
        call("y_1", abs, "y"),
        call("z", max, "x", "y_1"),
        Exit("return", Var("z"), HERE),
        names={"x", "y", "z"},
        bases={"y_1": "y"},
    )
    assert "x" not in all_defs(out)


def test_a_name_read_after_it_is_set_on_one_side_stays_apart_from_its_default():
    out = merged(
        Move(("k",), (Const(0),), HERE),
        call("y", abs, "x"),
        call("z", max, "k", "y"),
        Exit("return", Var("z"), HERE),
        names={"k", "y", "z"},
    )
    assert len(all_defs(out[:2])) == 2


def test_the_users_names_win_over_temporaries():
    def f(x, n):
        speed = x
        for _ in range(n):
            speed = speed * 1.5 + x
        return speed * x

    lines = body(f, 2.0, 3, stage="final")
    assert any(line.strip().startswith("speed = ") for line in lines)
    assert not any("speed_2" in line for line in lines)


def test_a_variable_of_a_closure_is_not_reused():
    def f(x, k):
        s = k * 2.0
        g = lambda: s  # noqa: E731
        u = s
        for _ in range(3):
            u = u + 1.0
        return x * g() + u

    agrees(f, 2.0, 3)


def test_a_parameter_that_a_closure_sees_is_not_reused():
    def f(x, k):
        made = [lambda v: v * k]
        rest = k
        while True:
            rest = rest - 1
            x = x * made[0](1.0)
            if rest < 0:
                break
        return x

    agrees(f, 2.0, 3)


def test_a_rotation_of_three_names_in_a_loop():
    def f(x, y, z):
        for _ in range(4):
            x, y, z = y * 1.1, z * x, x
        return x * y - z

    agrees(f, 0.9, 1.2, 0.7)


def test_names_of_both_directions_do_not_clash():
    def f(x, x_bar):
        saved = x * x_bar
        y = np.sin(saved) * x_bar
        return y * saved

    agrees(f, 0.7, 1.3)


def nested(depth):
    """Loops in loops, each of which carries what the others read."""
    lines = ["def f(x, k):", *[f"    a{i} = x" for i in range(depth + 1)]]
    for i in range(depth):
        lines += [f"{'    ' * (i + 1)}while a{i} < k:", f"{'    ' * (i + 2)}a{i} += a{i + 1} * x"]
    lines.append(f"{'    ' * (depth + 1)}a{depth} = a0 + a1 + 1.0")
    for i in reversed(range(depth)):
        lines.append(f"{'    ' * (i + 2)}a{i} += a{(i + 2) % (depth + 1)}")
    return "\n".join([*lines, "    return a0", ""])


def test_nested_loops_do_not_multiply_the_rounds_of_each_other(monkeypatch):
    rounds = [0]

    def counted(self, *args):
        rounds[0] += 1
        return block(self, *args)

    block = interference.Interference.block
    monkeypatch.setattr(interference.Interference, "block", counted)
    found = []
    for depth in (4, 8):
        text, file, scope = nested(depth), f"<nested {depth}>", {}
        run_text(text, file, scope)
        rounds[0] = 0
        stages(scope["f"], 0.5, 2)
        found.append(rounds[0])
        agrees(scope["f"], 0.5, 2.0)
    assert found[1] <= 4 * found[0]
