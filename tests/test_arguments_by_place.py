"""Keywords, stars, defaults and stretched numbers as arguments where something is written."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.right_or_refused import check_modes


def test_a_keyword_that_is_only_looked_for_costs_nothing_and_gives_zero():
    def helper(x, **more):
        kept = [x]
        kept.append(more["a"] if "a" in more else x)
        return kept[0] * kept[1]

    def both(x):
        return helper(x, a=2.0 * x, b=x)

    x = np.array([0.3, 0.7])
    assert np.allclose(sd.vjp(both, x)[1](np.ones(2)), 4.0 * x)


@pytest.mark.parametrize("stretch", [
    lambda s: np.broadcast_to(s, (3,)), lambda s: np.broadcast_arrays(s, np.ones(3))[0],
    lambda s: np.broadcast_to(np.asarray(s), (2, 3))], ids=["to", "arrays", "rows"])
def test_a_stretched_number_that_is_kept_in_a_list_is_counted_once_for_each_element(stretch):
    def kept(x, s):
        held = []
        held.append(stretch(s))
        return x * held[0]

    sd.check_grads(kept, (np.array([0.7, 0.3, 1.9]), 0.9))


def test_elements_of_a_stretched_number_are_counted_each():
    def kept(x, s):
        held = []
        x, s = np.broadcast_arrays(x, s)
        chosen = x > 0
        held.append(x[chosen])
        return held[0] * s[chosen] * s[1:]

    sd.check_grads(kept, (np.array([0.7, -0.3, 1.9]), 0.9))


def test_any_number_of_operands_is_no_result_to_be_filled():
    def held(x):
        kept = []
        kept.append(x)
        return np.einsum("ij,j->i", np.eye(3) + 0.2, kept[0])

    sd.check_grads(held, (np.array([0.3, 0.5, 0.2]),))


def test_a_default_without_a_keyword_has_its_derivative():
    def made(x):
        held = []

        def scaled(a, b=3.0, factor=x, /, more=x):
            held.append(a)
            return held[0] * b * factor * more

        return scaled(2.0) + scaled(x, 1.0)

    check_modes(made, (1.3,))


def test_a_named_tuple_that_is_starred_gets_its_cotangents_back():
    def values(x):
        return divided(*np.linalg.slogdet(x + x.T))

    def divided(sign, logarithm):
        return logarithm / sign

    sd.check_grads(values, (np.array([[2.0, 0.3], [0.1, 1.0]]),))


def test_options_that_the_rule_of_a_write_does_not_know_are_refused():
    def added(x):
        total = np.zeros(2)
        total += x
        np.add(total, x, out=total, casting="unsafe", order="C", subok=False, dtype=None)
        return total

    try:
        sd.check_grads(added, (np.array([0.3, 0.5]),))
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)
