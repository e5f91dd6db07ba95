"""stop_gradient, with_derivative and checkpoint: values, calls, and their order."""

import numpy as np
import pytest

import s2sdiff as sd

# --------------------------------------------------------------------------- stop_gradient


@pytest.mark.parametrize("x", [2.0, 3, "text", None, np.ones(3), [1.0, (2.0, {"a": 3.0})], print])
def test_stop_gradient_is_the_identity_on_any_value(x):
    assert sd.stop_gradient(x) is x


def test_what_goes_through_stop_gradient_is_a_constant():
    assert sd.grad(lambda x: x * sd.stop_gradient(x))(3.0) == 3.0
    assert sd.grad(lambda x: sd.stop_gradient(x * x) * x + x)(3.0) == 10.0
    np.testing.assert_array_equal(
        sd.grad(lambda x: np.sum(sd.stop_gradient(np.exp(x)) * x))(np.zeros(2)), [1.0, 1.0])


def test_stop_gradient_works_on_a_tuple_and_in_a_helper():
    def helper(x):
        a, b = sd.stop_gradient((x, x * 2.0))
        return a * b * x

    assert sd.grad(lambda x: helper(x))(3.0) == 18.0


def test_stop_gradient_of_one_use_leaves_other_uses_alone():
    def f(x):
        y = sd.stop_gradient(x)
        return y * x + x * x

    assert sd.grad(f)(3.0) == 9.0


def test_stop_gradient_in_a_loop_cuts_the_recurrence():
    def truncated(x, w):
        for k in range(4):
            if k == 2:
                x = sd.stop_gradient(x)
            x = x * w
        return x

    x_bar, w_bar = sd.vjp(truncated, 3.0, 2.0)[1](1.0)
    # With y = x w^2 held constant, the result is y w^2.
    assert (x_bar, w_bar) == (0.0, 2 * 12.0 * 2.0)


# ------------------------------------------------------------------------- with_derivative


def test_with_derivative_is_the_identity_and_calls_nothing_on_the_way_there():
    seen = []
    assert sd.with_derivative(3.0, seen.append) == 3.0
    value, _ = sd.vjp(lambda x: sd.with_derivative(x, seen.append) * 2.0, 3.0)
    assert (value, seen) == (6.0, [])


def test_the_result_of_the_hook_replaces_the_cotangent():
    assert sd.grad(lambda x: sd.with_derivative(x, lambda v: 0.5)**2)(3.0) == 0.5
    assert sd.grad(lambda x: np.sin(sd.with_derivative(x, lambda v: v * 10.0)))(0.0) == 10.0


def test_a_hook_that_returns_none_keeps_the_cotangent():
    seen = []
    assert sd.grad(lambda x: sd.with_derivative(x * x, seen.append) * 5.0)(3.0) == 30.0
    assert seen == [5.0]


def test_a_cotangent_that_the_hook_changes_in_place_counts():
    def clip(v):
        v[v > 2.0] = 2.0

    x = np.array([0.5, 1.0, 5.0])
    gradient = sd.grad(lambda x: np.sum(sd.with_derivative(x, clip) ** 2))(x)
    np.testing.assert_array_equal(gradient, [1.0, 2.0, 2.0])


def test_the_hook_gets_a_private_copy():
    def spoil(v):
        v[:] = 99.0
        return np.zeros(2)

    def f(x):
        return sd.with_derivative(x, spoil) + x

    cotangent = np.ones(2)
    np.testing.assert_array_equal(sd.vjp(f, np.ones(2))[1](cotangent), [1.0, 1.0])
    np.testing.assert_array_equal(cotangent, [1.0, 1.0])


def test_the_hook_may_keep_what_it_got():
    kept = []
    _, pullback = sd.vjp(lambda x: sd.with_derivative(x, kept.append) * 2.0, np.ones(2))
    pullback(np.ones(2))
    pullback(np.full(2, 5.0))
    np.testing.assert_array_equal(kept, [[2.0, 2.0], [10.0, 10.0]])


def test_the_hook_gets_the_type_of_the_value():
    types = []

    def note(v):
        types.append((type(v), getattr(v, "dtype", None)))

    for x in (2.0, np.float32(2), np.ones(3, np.float32), 1j):
        value, pullback = sd.vjp(lambda x: np.sum(sd.with_derivative(x, note) * x), x)
        pullback(value)
    assert types == [
        (float, None), (np.float32, np.float32), (np.ndarray, np.float32), (complex, None),
    ]


def test_the_hooks_run_from_the_result_backwards():
    order = []

    def note(name):
        return lambda v: order.append(name)

    def f(x):
        a = sd.with_derivative(x, note("first"))
        b = sd.with_derivative(a * 2.0, note("second"))
        return sd.with_derivative(b + 1.0, note("third"))

    assert sd.grad(f)(1.0) == 2.0
    assert order == ["third", "second", "first"]


def test_a_hook_runs_once_for_each_use():
    count = []

    def f(x):
        y = sd.with_derivative(x, count.append)
        return y * y + y

    assert sd.grad(f)(3.0) == 7.0
    assert count == [7.0]

    count.clear()

    def in_a_loop(x):
        total = 0.0
        for k in range(3):
            total = total + sd.with_derivative(x, count.append) * float(k)
        return total

    assert sd.grad(in_a_loop)(2.0) == 3.0
    assert sorted(count) == [0.0, 1.0, 2.0]


def test_a_hook_on_what_does_not_reach_the_result_is_never_called():
    called = []

    def f(x):
        unused = sd.with_derivative(x * x, called.append)
        if x > 100.0:
            return unused
        return x * 2.0

    assert sd.grad(f)(3.0) == 2.0
    assert called == []


def test_a_hook_runs_at_each_call_of_the_pullback():
    seen = []
    _, pullback = sd.vjp(lambda x: sd.with_derivative(x, seen.append) * 2.0, 1.0)
    pullback(1.0)
    pullback(3.0)
    assert seen == [2.0, 6.0]


def test_a_hook_in_a_helper_that_is_called_twice_runs_twice():
    seen = []

    def helper(x):
        return sd.with_derivative(x, seen.append) * 3.0

    assert sd.grad(lambda x: helper(helper(x)))(1.0) == 9.0
    assert seen == [3.0, 9.0]


def test_a_wrong_answer_of_the_hook_is_not_taken_silently():
    with pytest.raises((TypeError, ValueError, sd.DifferentiationError)):
        sd.grad(lambda x: np.sum(sd.with_derivative(x, lambda v: np.ones(7))))(np.ones(3))


# ------------------------------------------------------------------------------ checkpoint


def test_checkpoint_runs_the_body_once_forward_and_once_for_each_pullback():
    runs = []

    def body(x, y):
        runs.append(None)
        return np.sin(x) * y

    value, pullback = sd.vjp(sd.checkpoint(body), 0.5, 2.0)
    assert len(runs) == 1
    first = pullback(1.0)
    assert len(runs) == 2
    assert pullback(1.0) == first
    assert len(runs) == 3
    assert (value, first) == (sd.vjp(body, 0.5, 2.0)[0], sd.vjp(body, 0.5, 2.0)[1](1.0))


def test_checkpoint_inside_a_function_runs_its_body_once_more():
    runs = []

    def block(x):
        runs.append(None)
        return np.tanh(x) * x

    kept = sd.checkpoint(block)

    def f(x):
        return kept(kept(x))

    expected = sd.grad(lambda x: block(block(x)))(0.7)
    runs.clear()
    assert sd.grad(f)(0.7) == pytest.approx(expected, rel=1e-15)
    assert len(runs) == 4


def test_checkpoint_may_wrap_a_function_at_each_call():
    def f(x):
        return sd.checkpoint(lambda t: t * t * t)(x) * 2.0

    assert sd.grad(f)(2.0) == 24.0


def test_checkpoint_keeps_name_documentation_and_keywords():
    def area(width, *, height=2.0):
        """A rectangle's."""
        return width * height

    kept = sd.checkpoint(area)
    assert (kept.__name__, kept.__doc__) == ("area", "A rectangle's.")
    assert kept(3.0, height=4.0) == 12.0
    assert sd.grad(lambda w: kept(w, height=4.0))(3.0) == 4.0
    assert sd.grad(lambda h: kept(3.0, height=h))(4.0) == 3.0


def test_checkpoint_recomputes_from_the_values_of_the_call():
    kept = sd.checkpoint(lambda x: np.sum(x * x))
    x = np.array([1.0, 2.0])
    _, pullback = sd.vjp(kept, x)
    x[:] = 100.0
    np.testing.assert_array_equal(pullback(1.0), [2.0, 4.0])


def test_checkpoint_gives_the_same_bits_as_no_checkpoint():
    def block(a, w):
        return np.tanh(a @ w) / (1.0 + a * a)

    a, w = np.linspace(-1, 1, 9).reshape(3, 3), np.linspace(0, 1, 9).reshape(3, 3)
    plain, kept = sd.vjp(block, a, w)[1], sd.vjp(sd.checkpoint(block), a, w)[1]
    for p, q in zip(plain(np.ones((3, 3))), kept(np.ones((3, 3))), strict=True):
        np.testing.assert_array_equal(p, q)


def test_checkpoint_passes_integers_and_containers():
    def power(x, n, weights):
        return x**n * weights[0]

    kept = sd.checkpoint(power)
    assert sd.grad(lambda x: kept(x, 3, (2.0, 5.0)))(2.0) == 24.0
    assert sd.vjp(kept, 2.0, 3, (2.0, 5.0))[1](1.0) == (24.0, None, (8.0, 0.0))


def test_checkpoint_replays_the_random_numbers_of_the_call():
    generator = np.random.default_rng(3)

    def dropped(x):
        return np.sum(x * generator.random(4))

    value, pullback = sd.vjp(sd.checkpoint(dropped), np.ones(4))
    # The gradient is the mask itself, whose sum is the value.
    assert np.sum(pullback(1.0)) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("hook", [
    lambda v: "a", lambda v: (1.0,), lambda v: {}, lambda v: object(), lambda v: NotImplemented,
    lambda v: np.array(["a", "b"]), None])
@pytest.mark.parametrize("x", [2.0, np.float32(2.0), np.array([1.0, 2.0])], ids=str)
def test_a_hook_that_gives_no_cotangent_is_named(hook, x):
    with pytest.raises(sd.RuleError, match=r"(?s)\^.+Instead, .+\.$"):
        sd.grad(lambda x: np.sum(sd.with_derivative(x, hook) * x))(x)
