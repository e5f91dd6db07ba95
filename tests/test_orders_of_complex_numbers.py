"""Second derivatives of functions of complex numbers, against differences of gradients."""

import math

import pytest

import s2sdiff as sd

Z, X = 1.3 + 0.5j, 0.7


def part_of_a_conjugate(z, x):
    return z.conjugate().real * x


def parts_of_a_sum(z, x):
    w = z * z.conjugate() + x * 1j
    w += complex(x, z.imag)
    return abs(w) * math.cos(math.atan2(w.imag, w.real)) + (z**2).real * w.imag


def parts_of_what_a_list_holds(z, x):
    return sum(v.real**3 * v.imag + v.conjugate().real**2 for v in [z, x, z * x, 2.0])


@pytest.mark.parametrize("z_dot, x_dot", [(0j, 1.0), (1.0 + 0.3j, 0.0), (1j, 0.5)])
@pytest.mark.parametrize("f", [
    part_of_a_conjugate, parts_of_a_sum, parts_of_what_a_list_holds], ids=lambda f: f.__name__)
def test_parts_of_numbers_of_unknown_kind_have_second_derivatives(f, z_dot, x_dot):
    gradient, h = sd.grad(f, wrt=(0, 1)), 1e-5
    ends = [gradient(Z + s * z_dot, X + s * x_dot) for s in (h, -h)]
    differences = [(a - b) / (2 * h) for a, b in zip(*ends, strict=True)]
    assert sd.hvp(f, (Z, X), (z_dot, x_dot)) == pytest.approx(differences, abs=1e-7)
    assert sd.jvp(gradient, (Z, X), (z_dot, x_dot))[1] == pytest.approx(differences, abs=1e-7)
