"""Generators that delete variables which nobody reads any more."""

import pytest

import s2sdiff as sd
from tests.slopes import check_both_modes

HELD = []


def at_the_end(items):
    seen = {}
    for i, x in enumerate(items):
        if i not in seen:
            yield x * x
        seen[i] = 1
    del seen


def on_the_way(items):
    if len(items) > 1:
        ordered = sorted(items)
    else:
        ordered = list(items)
    kept = [x * x for x in ordered]
    del ordered
    for x in kept:
        yield x


def of_what_may_be_unbound(items):
    for x in items:
        yield x * x
    del x


def of_what_is_read_later(items):
    kept = list(items)
    for x in kept:
        yield x * x
    del kept
    yield kept  # noqa: F821 (that is what it is about)


def drawn(generator):
    def f(x):
        HELD.append(x)
        it = generator([HELD.pop(), 2.0 * x, x + 1.0])
        y = next(it)
        for v in it:
            y = y * v + v
        return y

    return f


@pytest.mark.parametrize("generator", [at_the_end, on_the_way])
def test_they_have_derivatives(generator):
    check_both_modes(drawn(generator))


@pytest.mark.parametrize("generator", [of_what_may_be_unbound, of_what_is_read_later])
def test_what_a_deletion_may_raise_is_kept(generator):
    with pytest.raises(sd.DifferentiationError, match="generator that deletes a variable"):
        sd.grad(drawn(generator))(0.7)
