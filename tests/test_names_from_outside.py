"""Names from outside, bound anew or changed between the call and its pullback."""

import types

import numpy as np
import pytest

import s2sdiff as sd

N, M, T, F = 2, "square", (1.0, 2.0), np.square
W, D = [1.0], {"a": 2.0}
O = types.SimpleNamespace(k=2.0)  # noqa: E741
A, INDEX, MASK = np.ones(3), np.zeros(3, int), np.ones(3, bool)


def begin():
    """Bind all of them as they were."""
    globals().update(
        N=2, W=[1.0, 2.0, 3.0], A=np.array([1.0, 2.0, 3.0]), D={"a": 2.0, "b": 3.0},
        O=types.SimpleNamespace(k=2.0, n=2, w=[1.0, 2.0]), M="square", T=(1.0, 2.0),
        INDEX=np.array([0, 2, 0]), MASK=np.array([True, False, True]), F=np.square)


def change():
    """Bind them anew, and write into what they were."""
    W[0], D["a"], O.k, O.n, O.w[0] = 9.0, 5.0, 9.0, 1, 5.0
    W.append(4.0)
    A[:], INDEX[:], MASK[:] = 7.0, 1, False
    globals().update(N=1, M="other", T=(7.0, 8.0), F=np.abs)


def loop_over_a_list(x):
    for w in W:
        x = x * x * w
    return x


def range_to_a_number(x):
    for _ in range(N):
        x = x * x
    return x


def power(x):
    return x ** N


def part(a):
    return np.sum(a[N:] ** 2)


def items(a):
    return np.sum(a[INDEX] ** 2)


def masked(a):
    return np.sum(a[MASK] ** 2)


def factors(a):
    return np.sum(a * a * A)


def of_a_dict(x):
    total = x * x * D["a"]
    for k in D:
        total = total * x * D[k]
    for v in D.values():
        total = total * x * v
    return total


def of_an_object(x):
    total = x * x * O.k + x ** O.n
    for w in O.w:
        if w > 1.0:
            total = total * x
    return total


def switched(x):
    return x * x if M == "square" else x


def called(x):
    return F(x) * x


def limited(x):
    total = 0.0
    while total < N:
        total = total + x * x
    return total


def chosen(a):
    return np.sum(np.where(A > 1.5, a * a, a))


def unpacked(x):
    u, v = T
    return x * x * u + x * v


def measured(x):
    return x * x * len(W) + max(W) * x * x + sum(w * x * x for w in W)


def rolled(a):
    return np.sum(np.roll(a, N) * a) + np.sum(a.reshape(3, -1) ** N)


def skipping_in_a_loop(x):
    for i, w in enumerate(W):
        if i % N:
            continue
        x = x * x * w
    return x


def written(a):
    b = a.copy()
    b[N] = b[0] * b[1]
    b[INDEX[1]] *= b[0]
    b[MASK] += a[0] * a[1]
    return np.sum(b * b)


def in_containers(x):
    table, row = {M: x * x, "o": x}, [x, x * x, x ** 3]
    row[N] *= x
    row.insert(N, x)
    return table[M] * table["o"] * row[N] * row[3] + row.pop(N - 1)


def branch(x):
    return x * x if N > 1 else x


OF_NUMBERS = [
    loop_over_a_list, range_to_a_number, power, of_a_dict, of_an_object, switched, called,
    limited, unpacked, measured, skipping_in_a_loop, in_containers, branch,
]
OF_ARRAYS = [part, items, masked, factors, chosen, rolled, written]


@pytest.mark.parametrize("f", [*OF_NUMBERS, *OF_ARRAYS])
def test_the_pullback_is_that_of_the_call(f):
    begin()
    x = np.array([0.3, 0.7, 1.1]) if f in OF_ARRAYS else 0.9
    steps = 1e-6 * np.eye(3) if f in OF_ARRAYS else [1e-6]
    expected = [(f(x + h) - f(x - h)) / 2e-6 for h in steps]
    value, pullback = sd.vjp(f, x)
    assert value == f(x)
    once = pullback(1.0)
    change()
    for found in (once, pullback(1.0)):
        assert np.ravel(found) == pytest.approx(expected, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("f", OF_NUMBERS)
def test_a_later_call_finds_what_there_is_then(f):
    begin()
    gradient = sd.grad(f)
    gradient(0.9)
    change()
    assert gradient(0.9) == pytest.approx((f(0.9 + 1e-6) - f(0.9 - 1e-6)) / 2e-6, rel=1e-6)


def test_a_function_that_writes_an_argument_may_return_a_name_from_outside():
    def f(a, x):
        a[0] = 2.0 * x
        return N

    begin()
    a = np.ones(3)
    with pytest.warns(sd.ZeroDerivativeWarning):
        value, gradients = sd.value_and_grad(f, wrt=("a", "x"))(a, 0.7)
    assert (value, a[0]) == (f(np.ones(3), 0.7), 1.4)
    assert np.array_equal(gradients[0], np.zeros(3)) and gradients[1] == 0.0
