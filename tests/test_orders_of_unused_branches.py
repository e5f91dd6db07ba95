"""What is not chosen has no derivative of any order, wherever it is infinite."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.four_ways import second_ways

#: A function that is not chosen at 0, and its first and second derivative at 1.
UNUSED = [
    (lambda x: np.where(x > 0.0, x * np.log(x), 0.0), 1.0, 1.0),
    (lambda x: np.where(x > 0.0, np.log(x) * x, 0.0), 1.0, 1.0),
    (lambda x: np.where(x > 0.0, -x * np.log(x) / 2.0, 0.0), -0.5, -0.5),
    (lambda x: np.where(x > 0.0, np.log(x) ** 2 * x, 0.0), 0.0, 2.0),
    (lambda x: np.where(x > 0.0, np.sqrt(x) * np.log(x), 0.0), 1.0, 0.0),
    (lambda x: np.where(x > 0.0, np.sqrt(x), 0.0), 0.5, -0.25),
    (lambda x: np.where(x > 0.0, x / x * x, 0.0), 1.0, 0.0),
    (lambda x: np.where(x > 0.0, np.exp(x) / x, 0.0), 0.0, np.e),
    (lambda x: np.where(x > 0.0, x**x, 0.0), 1.0, 2.0),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("f", "slope", "bend"), UNUSED)
def test_what_is_not_chosen_has_second_derivatives_of_zero(f, slope, bend):
    x = np.array([0.0, 1.0])
    np.testing.assert_allclose(sd.grad(lambda x: np.sum(f(x)))(x), [0.0, slope], atol=1e-14)
    for way, found in second_ways(f, (x,), 0, 0).items():
        np.testing.assert_allclose(found, [0.0, bend], atol=1e-14, err_msg=way)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("f", [
    lambda x: np.where(x > 0.0, x * np.log(x), 0.0), lambda x: np.where(x > 0.0, np.log(x), 0.0),
    lambda x: np.where(x > 0.0, np.sin(x) / x, 1.0), lambda x: np.where(x > 0.0, np.log2(x), 0.0),
])
def test_numbers_are_not_chosen_either(f):
    assert sd.grad(f)(0.0) == 0.0
    value, pullback = sd.vjp(f, 0.0)
    assert pullback(np.ones_like(value)) == 0.0
    assert sd.jvp(f, (0.0,), (1.0,))[1] == 0.0
