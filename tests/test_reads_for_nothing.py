"""What is read, or chosen, and then not used."""

import pytest

import s2sdiff as sd


class Node:
    def __init__(self, size):
        self.size = size


def attribute_in_a_loop(x):
    node = Node(x)
    for _ in range(2):
        node.size *= 0.5
        node.size  # noqa: B018 (as a program has it that looks whether there is one)
        if node.size > 100.0:
            break
    return node.size * 4.0


def kept_again(x):
    head, size = None, x
    for part in (size,):
        head = Node(part)
    for _ in range(0):
        head.size *= 0.6
        head.size  # noqa: B018
    return head.size


def called(f, x):
    kept = [f(x)]
    return sum(kept)


def choice_by_place(x):
    s = called((lambda a: lambda p: p)(x), x)
    both = also = [x if x else s]
    min(s, x)
    max(x, 0.5)
    return s + 0.0 * both[0] * len(also)


@pytest.mark.parametrize("f", [attribute_in_a_loop, kept_again, choice_by_place])
def test_what_nobody_uses_takes_nothing_away(f):
    assert sd.grad(f)(2.0) == 1.0
    assert sd.jvp(f, (2.0,), (1.0,))[1] == 1.0
    _, pullback = sd.vjp(f, 2.0)
    assert pullback(2.0) == pullback(2.0) == 2.0
