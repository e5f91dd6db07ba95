"""Functions that are chosen by an argument's class, called under the derivative first of all."""

from functools import singledispatch, singledispatchmethod

import pytest

import s2sdiff as sd


def energies():
    @singledispatch
    def energy(value, k):
        return value * value * k

    @energy.register(list)
    @energy.register(tuple)
    def _(value, k):
        return sum(energy(v, k) * (i + 1) for i, v in enumerate(value))

    return energy


class Weighing:
    def __init__(self, k):
        self.k = k

    @singledispatchmethod
    def of(self, value):
        return self.k * value

    @of.register
    def _(self, value: list):
        return sum(map(self.of, value)) * self.k


def by_functions(energy):
    return lambda x, y: energy((x, [x, y]), y) + energy(x * y, 2.0)


def by_methods(_):
    return lambda x, y: Weighing(x).of([y, x, 1.0])


# x² y + 2 (x² y + 2 y³) + 2 x² y², and x² (y + x + 1)
@pytest.mark.parametrize("made, slopes", [
    (by_functions, lambda x, y: (6 * x * y + 4 * x * y**2, 3 * x * x + 12 * y * y + 4 * x * x * y)),
    (by_methods, lambda x, y: (2 * x * (y + 1) + 3 * x * x, x * x)),
])
def test_nothing_was_called_of_these_classes_before(made, slopes):
    expected = slopes(1.3, 0.7)
    assert sd.grad(made(energies()), wrt=(0, 1))(1.3, 0.7) == pytest.approx(expected)
    _, pullback = sd.vjp(made(energies()), 1.3, 0.7)
    assert pullback(1.0) == pullback(1.0) == pytest.approx(expected)
    _, tangent = sd.jvp(made(energies()), (1.3, 0.7), (0.3, -0.4))
    assert tangent == pytest.approx(0.3 * expected[0] - 0.4 * expected[1])


def test_a_call_without_arguments_raises_as_it_does():
    energy = energies()

    def f(x):
        try:
            energy()
        except TypeError as error:
            return x if "requires at least 1 positional argument" in str(error) else 2.0 * x

    assert sd.grad(f)(1.3) == 1.0
