"""Names without a value raise where Python raises, and nowhere else."""

from tests.transforms.programs import agrees, raises_alike


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
