"""Second derivatives of functions that write what they are given: objects, and what is in them."""

import copy

import numpy as np
import pytest

import s2sdiff as sd


class Cell:
    def __init__(self, gain, states):
        self.gain, self.states = gain, states

    def grow(self, factor):
        self.gain = self.gain * factor

    @property
    def half(self):
        return self.gain * 0.5

    @half.setter
    def half(self, x):
        self.gain = 2 * x


def end(cell):
    return cell.gain**2 * np.sum(cell.states**2) * np.prod(cell.states)


def scaled(cell):
    cell.gain = cell.gain * 1.1
    return end(cell)


def set_to_a_constant(cell):
    cell.gain = 2.0
    return end(cell)


def swapped(cell):
    cell.gain, cell.states = 3.0 * cell.states[0], cell.gain * cell.states
    return end(cell)


def by_a_property(cell):
    cell.half = cell.half * 1.2
    return end(cell)


def in_place(cell):
    cell.states *= 1.1
    cell.states[0] = cell.states[0] * 1.2
    cell.grow(1.3)
    return end(cell)




def made():
    return Cell(2.0, np.array([1.5, 0.8]))


def slope(f, x, along):
    """The slope of a number along a tangent, by central differences."""
    ends = [f(sd.move(x, along=sd.TangentVector(along) * step)) for step in (1e-5, -1e-5)]
    return (ends[0] - ends[1]) / 2e-5


@pytest.mark.parametrize("f", [scaled, set_to_a_constant, swapped, by_a_property, in_place])
def test_derivatives_of_derivatives_of_what_writes_are_those_of_differences(f):
    along, other = Cell(1.0, np.array([0.5, -0.3])), Cell(0.7, np.array([0.2, 0.9]))
    kept = copy.deepcopy((along.states, other.states))
    tangent = lambda cell: sd.jvp(f, (cell,), (along,))[1]
    expected = slope(lambda cell: tangent(copy.deepcopy(cell)), made(), other)
    products = [
        sd.jvp(tangent, (made(),), (other,))[1],
        sd.TangentVector(sd.grad(tangent)(made())) @ other,
        sd.TangentVector(sd.hvp(f, (made(),), (along,))) @ other,
        sd.TangentVector(sd.vjp(sd.grad(f), made())[1](other)) @ along,
        sd.TangentVector(sd.grad(lambda cell: sd.linearize(f, cell)[1](along))(made())) @ other,
    ]
    np.testing.assert_allclose(products, expected, rtol=1e-6)
    # Tangents that the caller gives stay what they are.
    np.testing.assert_array_equal((along.states, other.states), kept)


def written_list(items):
    items[0] = items[0] * 1.1
    items.append(2.0)
    return items[0] ** 2 * items[1]


def written_in_a_tuple(pair):
    pair[0][0] = pair[0][0] * 1.1
    return pair[0][0] ** 2 * pair[1]


@pytest.mark.parametrize(("f", "make", "along"), [
    (scaled, made, Cell(1.0, np.array([0.5, -0.3]))), (in_place, made, Cell(1.0, np.ones(2))),
    (written_list, lambda: [2.0, 3.0], [1.0, 0.5]),
    (written_in_a_tuple, lambda: ([2.0], 3.0), ([1.0], 0.5))])
def test_a_differential_inside_may_be_called_twice_at_the_point_where_it_was_made(f, make, along):
    def twice(x):
        _, differential = sd.linearize(f, x)
        return differential(along) + differential(along)

    gradient, product = sd.grad(twice)(make()), sd.hvp(f, (make(),), (along,))
    difference = sd.TangentVector(gradient) - 2 * sd.TangentVector(product)
    assert difference.norm() < 1e-12 * sd.TangentVector(gradient).norm()


@pytest.mark.parametrize("f", [scaled, swapped, in_place, by_a_property])
def test_what_is_read_after_it_was_written_in_there_moves(f):
    along, other = Cell(1.0, np.array([0.5, -0.3])), Cell(0.7, np.array([0.2, 0.9]))

    def after(cell):
        return sd.jvp(f, (cell,), (along,))[1] + cell.gain * np.sum(cell.states)

    expected = slope(lambda cell: after(copy.deepcopy(cell)), made(), other)
    assert sd.jvp(after, (made(),), (other,))[1] == pytest.approx(expected, rel=1e-6)
    assert sd.TangentVector(sd.grad(after)(made())) @ other == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("f", [scaled, in_place])
def test_order_2_of_what_writes_is_checked_at_one_point(f):
    sd.check_grads(f, (made(),), order=2, modes=("rev",))
