"""Iterators that call what writes, given to functions that only the run tells."""

import functools

import pytest

import s2sdiff as sd


def same(f):
    return f


def by_any(x):
    log = []
    same(any)(map(log.append, [x, x * x]))
    return log[1] * x


def by_all_in_a_partial(x):
    log = []
    functools.partial(same, all)()(map(lambda v: log.append(v * x) or v < 9.0, [x, x * x, x]))
    return log[-1] * len(log)


def by_what_a_branch_chose(x):
    log = []
    (any if x > 0.0 else max)(map(log.append, [x, x * x]))
    return log[0] * log[1]


@pytest.mark.parametrize("function", [by_any, by_all_in_a_partial, by_what_a_branch_chose],
                         ids=lambda f: f.__name__)
def test_what_they_call_is_differentiated(function):
    slope = (function(1.3 + 1e-6) - function(1.3 - 1e-6)) / 2e-6
    assert abs(sd.grad(function)(1.3) - slope) < 1e-6
    assert abs(sd.jvp(function, (1.3,), (1.0,))[1] - slope) < 1e-6


def test_a_function_that_is_not_followed_is_refused():
    def united(x):
        log = []
        same(set().union)(map(log.append, [x, x * x]))
        return log[1] * x

    for differentiate in (lambda: sd.grad(united)(1.3), lambda: sd.jvp(united, (1.3,), (1.0,))):
        with pytest.raises(sd.UnsupportedError, match=r"code that is not followed\. Instead, "):
            differentiate()
