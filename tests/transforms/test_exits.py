"""Exits come to their normal form: one return at the end, nothing that jumps over code."""

import inspect
import textwrap

import pytest

from s2sdiff.backend.printer import print_function
from s2sdiff.frontend.lower import lower
from s2sdiff.grammar import check
from s2sdiff.transforms import exits
from tests.from_text import run_text
from tests.frontend.compare import outcome
from tests.frontend.interpret import run
from tests.transforms.programs import agrees, raises_alike, stages


def tidied(function):
    made = exits.tidy(lower(function))
    check(made, "exits")
    return made


def text(function):
    return textwrap.dedent(print_function(tidied(function)).text.partition("\n")[2]).splitlines()


def early(x):
    if x > 0:
        return x
    y = x + 1
    return y


def two_falls(a, b):
    if a:
        if b:
            return 1
    print("once")
    return 2


def loop_returns(xs, limit):
    for x in xs:
        if x > limit:
            return x
    print("none")
    return -1


def returns_through_two_loops(n, limit):
    for i in range(n):
        for j in range(n):
            print(i, j)
            if i * j == limit:
                return i, j
        print("row", i)
    return None


def return_in_a_branch_after_a_loop(c, xs):
    # A return that shows only once the loop inside the branch is tidied.
    if c:
        for x in xs:
            if x:
                break
        return "branch"
    print("rest")
    return "end"


def breaks_in_both_branches(xs):
    total = 0
    for x in xs:
        if x > 2:
            if x > 5:
                break
            total += 100
        else:
            if x < 0:
                break
            total += 1
        total += 10
    return total


def else_of_a_loop_that_breaks_twice(xs):
    for x in xs:
        if x == 1:
            break
        print(x)
        if x == 2:
            break
    else:
        print("else")
        return "whole"
    return "cut"


def else_of_an_inner_loop_continues_the_outer(n):
    found = []
    for i in range(2, n):
        for j in range(2, i):
            if i % j == 0:
                break
        else:
            found.append(i)
            continue
        found.append(-i)
    return found


def while_with_test_else_and_continue(n):
    seen = []
    while n > 0:
        n -= 1
        if n % 2:
            continue
        if n == 100:
            break
        seen.append(n)
    else:
        seen.append("end")
    return seen


def raises_on_all_paths(x):
    if x:
        raise ValueError("yes")
    raise KeyError("no")


def falls_off_its_end(x):
    if x:
        return x
    print("fell")


def return_of_nothing(x):
    for _ in range(x):
        return


CASES = [
    (early, 1),
    (early, -1),
    (two_falls, 0, 0),
    (two_falls, 1, 0),
    (two_falls, 1, 1),
    (loop_returns, [1, 5, 7], 3),
    (loop_returns, [1], 3),
    (loop_returns, [], 3),
    (returns_through_two_loops, 3, 2),
    (returns_through_two_loops, 2, 9),
    (return_in_a_branch_after_a_loop, True, [0, 1]),
    (return_in_a_branch_after_a_loop, False, []),
    (return_in_a_branch_after_a_loop, True, []),
    (breaks_in_both_branches, [1, 3, 4, 6, 1]),
    (breaks_in_both_branches, [1, -1, 3]),
    (breaks_in_both_branches, [1, 2, 3]),
    (else_of_a_loop_that_breaks_twice, [3, 1]),
    (else_of_a_loop_that_breaks_twice, [3, 2]),
    (else_of_a_loop_that_breaks_twice, [3]),
    (else_of_an_inner_loop_continues_the_outer, 12),
    (while_with_test_else_and_continue, 5),
    (while_with_test_else_and_continue, 102),
    (raises_on_all_paths, 1),
    (raises_on_all_paths, 0),
    (falls_off_its_end, 0),
    (falls_off_its_end, 2),
    (return_of_nothing, 0),
    (return_of_nothing, 3),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c[0].__name__}-{c[1:]}")
def test_a_tidied_function_does_what_it_did(case):
    function, *args = case
    made = tidied(function)
    assert outcome(lambda *a: run(made, *a), args) == outcome(function, args)


def test_what_follows_an_early_return_moves_into_the_else():
    assert text(early) == [
        "test_1 = x > 0",
        "if test_1:",
        "    result = x",
        "else:",
        "    y = x + 1",
        "    result = y",
        "return result",
    ]


def test_the_rest_is_written_once_however_many_paths_reach_it():
    assert inspect.getsource(two_falls).count("once") == 1
    assert sum("once" in line for line in text(two_falls)) == 1


def test_a_return_in_a_loop_is_a_break_and_a_flag():
    lines = text(loop_returns)
    assert "        result, returned = x, True" in lines
    assert lines[lines.index("        result, returned = x, True") + 1] == "        break"
    assert lines[-1] == "return result_1"


def test_sixteen_sequential_tests_do_not_grow_exponentially():
    lines = ["def f(a, x):", "    for i in range(3):"]
    for k in range(16):
        lines += [
            f"        if a > {k}:",
            f"            if x > {k}:",
            "                break",
            f"        x = x + {k}",
        ]
    namespace = {}
    source = "\n".join([*lines, "    return x"]) + "\n"
    run_text(source, "<sixteen>", namespace)
    assert len(text(namespace["f"])) < 400


def test_the_derivative_of_an_early_return_is_that_of_the_path_taken():
    def f(x, k):
        for i in range(4):
            x = x * 1.5
            if x > k:
                return x * x
            if i == 2:
                continue
            x = x + 0.1
        return x

    for k in (0.1, 2.0, 3.0, 100.0):
        agrees(f, 1.0, k)


def test_a_returned_variable_that_outlives_the_loop_is_read_after_it():
    def f(x, n):
        total = 0.0
        for i in range(n):
            term = x / (i + 1.0)
            if term < 0.1:
                return total
            for j in range(i):
                total = total + term * j
                if total > 9.0:
                    return total
        return total + 1.0

    lines = text(f)
    assert "    result = total" in lines
    assert not any("result, returned" in line for line in lines)
    for arguments in ((1.0, 3), (1.0, 30), (0.05, 2), (4.0, 9), (1.0, 0)):
        assert outcome(lambda *a: run(tidied(f), *a), arguments) == outcome(f, arguments)
        agrees(f, *arguments)


def test_a_returned_variable_that_the_loop_binds_first_is_unbound_where_it_was():
    def f(x, n):
        for i in range(n):
            if i == 2:
                return y  # noqa: F821
            if x > i:
                y = x * i  # noqa: F841
        return x

    agrees(f, 1.5, 2)
    agrees(f, 1.5, 4)
    assert raises_alike(f, -1.0, 4) is UnboundLocalError


def test_a_result_that_leaves_two_loops_is_a_number_all_the_way():
    def f(x, n):
        best = 0.0
        for i in range(n):
            for j in range(n):
                v = x * i - 0.3 * j
                if v > 1.5:
                    return best + v * x
                best = best + v
        return best

    for n in (0, 2, 5):
        agrees(f, 0.7, n)
    made = print_function(stages(f, 0.7, 5, mode="grad")["final"]).text
    assert not any(word in made for word in ("rt.", "unbound", "None"))
