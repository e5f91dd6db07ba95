"""Looks at caches read no variable that a path leaves unbound."""

import pytest

import s2sdiff as sd


class Partly:
    def __init__(self):
        self.x, self.value = 0.5, 0.0

    def f(self, x, n):
        if n > 1:
            y = 2.0 * x
        if n > 1 and self.x - y == 0.0:
            return self.value
        self.x, self.value = x, x ** 3
        return self.value


@pytest.mark.parametrize("n", [1, 2])
def test_a_variable_that_is_not_bound_is_not_looked_at(n):
    assert sd.grad(Partly().f)(2.0, n) == 12.0
    assert sd.jvp(Partly().f, (2.0, n), (1.0, None))[1] == 12.0
