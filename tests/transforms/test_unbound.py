"""Names without a value raise where Python raises, and nowhere else."""

import numpy as np

from tests.transforms.programs import agrees, body, raises_alike


def test_a_name_bound_only_in_a_loop_that_runs_not_once():
    def f(x, n):
        for i in range(n):
            y = x * i
        return x if n == 0 else y

    agrees(f, 2.0, 0)
    agrees(f, 2.0, 3)


def test_reading_a_name_of_a_loop_that_ran_not_once():
    def f(x, n):
        for i in range(n):
            y = x * i
        return y

    agrees(f, 2.0, 3)
    assert raises_alike(f, 2.0, 0) is UnboundLocalError


def test_reading_a_name_of_the_branch_not_taken():
    def f(x, c):
        print("before")
        if c:
            y = x * x
        print("after")
        return y * x

    agrees(f, 2.0, True)
    assert raises_alike(f, 2.0, False) is UnboundLocalError


def test_a_name_of_an_earlier_round_only():
    def f(x, n):
        total = 0.0
        for i in range(n):
            if i == 1:
                y = x * x
            if i > 1:
                total = total + y * i
        return total + x

    for n in (0, 1, 2, 4):
        agrees(f, 1.5, n)


def test_a_deleted_name_is_gone():
    def f(x, c):
        k = 2.0
        if c:
            del k
        return x * k

    agrees(f, 2.0, False)
    assert raises_alike(f, 2.0, True) is UnboundLocalError


def test_a_name_that_is_none_has_a_value():
    def f(x, c):
        if c:
            y = None
        else:
            y = x
        return x * 2.0 if y is None else y * x

    agrees(f, 2.0, True)
    agrees(f, 2.0, False)


def checks(function, *args):
    """How often the generated code looks whether a name has a value, or gives it a mark."""
    return sum("bound" in line for line in body(function, *args, stage="final"))


def test_what_every_path_binds_is_not_looked_at():
    def f(a, lo, hi):
        for _ in range(60):
            mid = 0.5 * (lo + hi)
            value = mid ** 3 - a
            if abs(value) < 1e-9:
                break
            if value > 0.0:
                hi = mid
            else:
                lo = mid
        return mid - (mid ** 3 - a) / (3.0 * mid ** 2)

    def g(x):
        while True:
            y = x * x
            if y > 3.0:
                break
            x = y + 0.5
        z = y
        return z * y

    assert checks(f, 2.0, 0.0, 2.0) == 0
    assert checks(g, 0.7) == 0
    agrees(g, 0.7)


def test_a_name_that_may_be_unbound_is_looked_at_once():
    def f(x, n):
        for i in range(n):
            y = x * i
            if y > 3.0:
                break
        z = y
        return z * y + y

    assert checks(f, 1.2, 3) == 1
    for n in (1, 6):
        agrees(f, 1.2, n)
    assert raises_alike(f, 1.2, 0) is UnboundLocalError


def test_a_value_of_an_earlier_round_is_not_one_of_the_first():
    def f(x, n):
        for i in range(4):
            if i > n:
                z = y  # noqa: F821
                x = x + z
            if i >= n:
                y = x * x  # noqa: F841
        return x

    agrees(f, 0.7, 1)
    agrees(f, 0.7, 9)
    assert raises_alike(f, 0.7, -1) is UnboundLocalError


def test_a_number_that_one_path_binds_and_a_loop_makes_an_array():
    def f(a, u, c):
        if c:
            y = u * 2.0
        for i in range(0, 5, 2):
            z = u
            if z:
                y = np.ones(3).reshape(3)
            if z:
                a = y
        return np.sum(a) * u

    agrees(f, np.arange(3.0), 1.5, False)
    agrees(f, np.arange(3.0), 1.5, True)


def test_a_product_with_one_reads_its_operand():
    def f(x, n):
        for i in range(n):
            if i > 5:
                y = x
            y = y * 1.0
        return x

    assert raises_alike(f, 2.0, 1) is UnboundLocalError
    agrees(f, 2.0, 0)


def test_a_name_that_generated_code_has_a_use_for_is_unbound_where_the_function_binds_it_not():
    def f(x, n):
        cells = [x]
        for _ in range(2):
            try:
                cells[0] = cells[0] * x
                if n > 5:
                    raise ValueError
                cells[0] = cells[0] * 0.5
            except ValueError:
                cells[0] = 0.1 * x
        if n == 2:
            done = x * 2
        return cells[0] * done

    agrees(f, 0.4, 2)
    assert raises_alike(f, 0.4, 3) is UnboundLocalError


def test_a_name_with_a_number_whose_later_versions_have_other_numbers():
    def f(x, n):
        t = x
        for i in (x, 2 * x, x):
            if n == 2:
                a_1 = np.sin(i)
            else:
                t = np.tanh(i) + t
            a_1 = a_1 * i
            t = t * a_1
        return t

    agrees(f, 2.0, 2)
    assert raises_alike(f, 2.0, 3) is UnboundLocalError
