"""What depends on the arguments and matters; what would be wrong is refused where it is reached."""

import numpy as np
import pytest

import s2sdiff
from s2sdiff.errors import UnsupportedError, ZeroDerivativeWarning
from tests.transforms.programs import agrees, body, outcome, stages


def active(function, *args, wrt=None):
    return stages(function, *args, wrt=wrt)["context"].active


def test_what_does_not_vary_is_not_active():
    def f(x, y):
        a = y * y
        b = x * a
        return b

    assert not {"a"} & active(f, 1.0, 2.0, wrt=("x",))
    assert "a" in active(f, 1.0, 2.0)


def test_what_does_not_matter_is_not_active():
    def f(x):
        waste = x * 3.0
        for _ in range(3):
            waste = waste * x
        return x * x

    assert not any(n.startswith("waste") for n in active(f, 1.0))
    assert "saved" not in " ".join(body(f, 1.0, stage="final"))


def test_tests_and_lengths_carry_no_derivative():
    def f(a):
        n = len(a)
        big = a[0] > 1.0
        return a[0] * n if big else a[1]

    agrees(f, np.array([2.0, 3.0]))


def test_a_loop_variable_is_active_through_a_later_round():
    def f(x):
        a = 0.0
        b = 1.0
        for _ in range(3):
            b = b + a
            a = x
        return b

    assert agrees(f, 2.0) == [2.0]


def test_a_result_that_cannot_depend_on_an_argument_warns():
    def f(x):
        return 3.0

    with pytest.warns(ZeroDerivativeWarning):
        assert s2sdiff.grad(f)(2.0) == 0.0


def test_a_refused_branch_that_is_not_taken_refuses_nothing():
    def f(x, c):
        if c:
            return {x: 1.0 for _ in range(2)}[x] * sum({x, 0.0})
        return x * x

    agrees(f, 2.0, False)
    with pytest.raises(UnsupportedError):
        s2sdiff.grad(f)(2.0, True)


def test_a_refusal_says_where_what_and_instead():
    def f(x):
        total = f"{x}"
        return float(total)

    with pytest.raises(s2sdiff.DifferentiationError) as refused:
        s2sdiff.grad(f)(2.0)
    message = str(refused.value)
    assert "test_activity.py" in message and "^" in message and "Instead, " in message


def test_what_only_a_refused_statement_reads_is_refused_before_it_runs():
    def f(x):
        print("before")
        values = [x * v for v in (1.0, 2.0)]
        print("after")
        return sum(values)

    made, raised, printed = outcome(lambda: s2sdiff.vjp(f, 2.0))
    if raised is None:
        agrees(f, 2.0)
    else:
        assert issubclass(raised, s2sdiff.DifferentiationError) and printed == "before\n"
