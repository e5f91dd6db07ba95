"""Every value has a name of its own; what cannot have one is refused, never run wrongly."""

import contextlib
import textwrap

from s2sdiff.backend.printer import print_function
from s2sdiff.frontend.lower import lower
from s2sdiff.grammar import check
from s2sdiff.ir import UNDEFINED, Move, walk
from s2sdiff.transforms import exits, versions
from tests.transforms.programs import agrees, raises_alike


def numbered(function):
    made = versions.number(exits.tidy(lower(function)))
    check(made, "versions")
    return made


def text(function):
    return textwrap.dedent(print_function(numbered(function)).text.partition("\n")[2]).splitlines()


def test_a_branch_joins_in_a_move_at_the_end_of_both_sides():
    def f(x):
        if x > 0:
            y = x
        else:
            y = -x
        return y

    assert text(f) == [
        "test_1 = x > 0",
        "if test_1:",
        "    y = x",
        "    y_2 = y",
        "else:",
        "    y_1 = -x",
        "    y_2 = y_1",
        "return y_2",
    ]


def test_a_name_bound_on_one_side_only_is_undefined_on_the_other():
    def f(x):
        if x > 0:
            y = x  # noqa: F841
        return x

    moves = [s for s in walk(numbered(f).body) if isinstance(s, Move)]
    assert any(UNDEFINED in m.sources for m in moves)


def test_a_swap_stays_parallel():
    def f(x, y):
        x, y = y, x * y
        return x - y

    agrees(f, 1.3, 0.4)


def test_a_loop_variable_means_its_last_value_after_the_loop():
    def f(x, n):
        i = 10
        for i in range(n):  # noqa: B007
            x = x * 1.1
        return x * i

    for n in (0, 1, 3):
        agrees(f, 2.0, n)


def test_numbering_never_takes_a_name_that_the_user_has():
    def f(y, y_1):
        y_2 = y + y_1
        y = y_2
        y = y * y_1
        return y

    made = numbered(f)
    assert made.bases and not set(made.bases) & {"y", "y_1", "y_2"}
    agrees(f, 1.5, 0.5)


def test_a_read_before_any_binding_raises_as_python_does():
    def f(x, c):
        if c:
            y = x
        z = y
        return z * x

    agrees(f, 2.0, True)
    assert raises_alike(f, 2.0, False) is UnboundLocalError


# ------------------------------------------------------------------------ verbatim statements


def test_a_name_that_a_try_may_leave_alone_keeps_its_old_value():
    def f(x):
        y = 5.0
        try:
            y = 2 / 0
        except ZeroDivisionError:
            pass
        return y * x

    agrees(f, 2.0)


def test_a_name_that_a_try_in_a_loop_binds_only_sometimes():
    def f(x):
        for i in range(3):
            try:
                y = 2.0 / i
            except ZeroDivisionError:
                pass
        return y * x

    agrees(f, 2.0)


def test_a_name_that_a_with_in_a_loop_binds():
    def f(x):
        total = 0.0
        for i in range(3):
            with contextlib.nullcontext(i) as k:
                q = k + 1
            total = total + q * x
        return total

    agrees(f, 2.0)


def test_a_name_that_a_match_in_a_loop_binds_in_one_case():
    def f(x):
        y = 7.0
        for i in range(3):
            match i:
                case 1:
                    y = 2.0
                case 2 as z:
                    y = y * z
        return y * x

    agrees(f, 2.0)


def test_the_name_of_a_caught_exception_is_gone_after_its_handler():
    def f(x):
        error = 3.0
        try:
            y = 1 / 0
        except ZeroDivisionError as error:  # noqa: F841
            y = 2.0
        return y * x * error

    assert raises_alike(f, 2.0) is UnboundLocalError


def test_the_name_of_a_caught_exception_in_a_loop_is_nobodys_variable():
    def f(x):
        k = 0.0
        for i in range(3):
            try:
                k = k + [1.0, 2.0][i]
            except IndexError as error:
                print(type(error).__name__)
                k = k + 10.0
        try:
            k = k + 1 / 0
        except ZeroDivisionError as error:
            print(error)
        return k * x

    agrees(f, 2.0)


def test_jumps_out_of_a_try_with_a_finally_where_nothing_is_active():
    def f(x):
        n = 0
        for v in [1, 0, 2, -1, 3]:
            try:
                if v == 0:
                    continue
                if v < 0:
                    break
                n += 1
            finally:
                n += 100
        return n * x

    agrees(f, 2.0)


def test_a_return_inside_a_try_skips_what_follows():
    def f(x):
        try:
            k = 2.0
            if k > 1:
                return k
        except ValueError:
            k = 5.0
        return k * x

    agrees(f, 2.0)
