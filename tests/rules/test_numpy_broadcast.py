"""Rules of NumPy's ufuncs: each where all of its arguments broadcast, real and complex."""


import numpy as np
import pytest

from s2sdiff import registry
from tests.rules.checker import check_rule
from tests.rules.known_to import known_to

registry.find(np.sin)  # which loads them
OWN = {of.__name__: of for of, modes in list(registry._rules.values())
       if isinstance(of, np.ufunc) and of.signature is None and of is getattr(np, of.__name__, None)
       and getattr(modes.get("vjp"), "function", None) is not None}
SAMPLES = np.array([[0.35, 0.6, 0.85]]), np.array([[1.3], [2.6]]), np.array([[0.8], [1.9]])
rng = np.random.default_rng(8)


def sample(target, kind):
    args = [a + (target is np.arccosh) for a in SAMPLES[:target.nin]]
    return args if kind is float else [a + 0.3j * a[..., ::-1] for a in args]


def is_computed(target, kind):
    try:
        target(*sample(target, kind))
    except TypeError:
        return False
    return True


@pytest.mark.parametrize(("name", "kind"), [
    (name, kind) for name in sorted(OWN) for kind in (float, complex)
    if is_computed(OWN[name], kind) and (name, kind) != ("sign", float)])
def test_a_ufunc_agrees_with_differences_in_all_arguments(name, kind):
    target = OWN[name]
    args = sample(target, kind)
    rule, value = registry.find(target), target(*args)
    known = known_to(rule, args, value)
    check_rule(target, *args, wrt=known, forward=False)


@pytest.mark.parametrize(("axis", "shape"), [
    ((2, 0), (3, 2)), ((1, 2), (4, 3)), ((0, 1), (2, 4)), (1, (4,)), ((2, 0, 1), (3, 2, 4))])
def test_weights_of_several_axes_come_in_their_order(axis, shape):
    a, weights = rng.standard_normal((2, 4, 3)), rng.uniform(0.5, 1.5, shape)
    try:
        np.average(a, axis, weights)
    except TypeError:
        pytest.skip("this NumPy knows one axis of weights")
    check_rule(np.average, a, kwargs={"axis": axis, "weights": weights}, forward=False)
    square = rng.standard_normal((3, 2, 3))
    if shape == (3, 2):
        weights = rng.uniform(0.5, 1.5, (3, 3))
        check_rule(np.average, square, kwargs={"axis": axis, "weights": weights}, forward=False)


@pytest.mark.parametrize(("target", "args"), [
    (np.hsplit, (rng.standard_normal((2, 4, 3)), 2)), (np.vsplit, (rng.standard_normal((4, 3)), 2)),
    (np.dsplit, (rng.standard_normal((2, 3, 4)), [1, 2])),
    (np.hsplit, (rng.standard_normal(5), [2])),
])
def test_parts_along_the_axis_of_each_function(target, args):
    check_rule(target, *args, forward=False)


def test_complex_numbers_that_are_finite_pass_on_both_parts():
    check_rule(np.nan_to_num, np.array([1.0 + 2.0j, 3.0 - 1.0j]), forward=False)


@pytest.mark.parametrize(("shape", "spacing", "options"), [
    ((5,), (), {}), ((4, 5), (), {}), ((4,), (), {"edge_order": 0}), ((4, 5), (0.5,), {}),
    ((5,), (0.5,), {"edge_order": 2}),
    ((5,), (np.array([0.0, 0.4, 1.1, 1.5, 2.4]),), {}),
    ((5,), (np.array([0.0, 0.4, 1.1, 1.5, 2.4]),), {"edge_order": 2}),
    ((4, 5), (0.4, np.array([0.0, 0.4, 1.1, 1.5, 2.4])), {"edge_order": 2}),
    ((4, 5), (np.array([0.0, 0.4, 1.1, 1.5, 2.4]),), {"axis": 1})])
def test_sampled_slopes_move_with_samples_and_places(shape, spacing, options):
    check_rule(np.gradient, rng.standard_normal(shape), *spacing, kwargs=options, forward=False)
