"""What stop_gradient gives stays constant wherever it is kept or handed on."""

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([3.0, 4.0])


class Holder:
    def __init__(self):
        self.c = np.ones(2)


def helper(v):
    if v[0] > 100.0:
        return v
    return sd.stop_gradient(v)


def through_a_helper(n, x):
    n.c = x
    return np.sum(helper(n.c) * x)


def in_an_attribute(n, x):
    n.c = sd.stop_gradient(x)
    return np.sum(n.c * x)


def in_a_list(n, x):
    kept = []
    for _ in range(2):
        kept.append(sd.stop_gradient(x))
    return np.sum(kept[0] * x)


def in_a_closure(n, x):
    y = sd.stop_gradient(x)
    n.call = lambda: np.sum(y * x)
    return n.call()


def under_another_name(n, x):
    n.stop = sd.stop_gradient
    n.c = x
    return np.sum(n.stop(n.c) * x)


def in_a_display(n, x):
    held = {"a": sd.stop_gradient(x)}
    held["b"] = x
    return np.sum(held["a"] * held["b"])


def in_a_tuple(n, x):
    y = x * 1.0
    y[0] = x[0]
    held = sd.stop_gradient(y), 1.0
    return np.sum(np.where(y > 100.0, held[0], held[0]) * y)


def unpacked(n, x):
    y = x * 1.0
    y[0] = x[0]
    a, _ = sd.stop_gradient((y, x))
    return np.sum(a * y)


def on_one_way_only(n, x):
    y = x * 1.0
    y[0] = x[0]
    total = 0.0
    for i in range(2):
        a = y
        if i:
            a = sd.stop_gradient(a)
        total = total + np.sum(a * y) * (1.0 if i else 0.0)
    return total


@pytest.mark.parametrize("f", [through_a_helper, in_an_attribute, in_a_list, in_a_closure,
                               under_another_name, in_a_display, in_a_tuple, unpacked,
                               on_one_way_only], ids=lambda f: f.__name__)
def test_a_constant_that_is_handed_on_has_no_derivative_in_either_mode(f):
    # The derivative of x * constant, where the constant is x.
    np.testing.assert_array_equal(sd.grad(f, wrt=1)(Holder(), X), X)
    try:
        _, dot = sd.jvp(f, (Holder(), X), (None, np.ones(2)))
    except sd.DifferentiationError as error:
        assert "Instead, " in str(error)
    else:
        assert dot == 7.0


def test_a_constant_is_what_it_is_where_its_memory_is_written_later():
    def f(x):
        y = x.copy()
        z = sd.stop_gradient(y)
        y[0] = 7.0
        return np.sum(z * x)

    np.testing.assert_array_equal(sd.grad(f)(X), [7.0, 4.0])


def test_a_function_that_writes_into_a_constant_is_not_followed():
    def scaled(items):
        items.append(2.0)
        return items[0] * items[-1]

    def f(n, x):
        n.items = [x[0], x[1]]
        return scaled(sd.stop_gradient(n.items)) * x[0]

    with pytest.raises(sd.DifferentiationError, match="Instead, "):
        sd.grad(f, wrt=1)(Holder(), X)


def written(items):
    items[0] = 5.0


def set_anew(holder):
    holder.c = 5.0


def kept_in_a_dict(x):
    items = [x]
    held = {"a": sd.stop_gradient(items)}
    written(items)
    return held["a"][0] * x


def kept_in_a_list_of_objects(x):
    holder, held = Holder(), []
    holder.c = x
    held.append(sd.stop_gradient(holder))
    set_anew(holder)
    return held[0].c * x


def kept_in_a_tuple(x):
    items = [x]
    held = (sd.stop_gradient(items), 1.0)
    written(items)
    return held[0][0] * x


@pytest.mark.parametrize("f", [kept_in_a_dict, kept_in_a_list_of_objects, kept_in_a_tuple])
def test_what_is_written_behind_a_constant_that_is_kept_is_right_or_refused(f):
    for run in (sd.grad(f), lambda x: sd.jvp(f, (x,), (1.0,))[1]):
        try:
            found = run(2.0)
        except sd.AliasingError as error:
            assert ".py:" in str(error) and "Instead, " in str(error)
        else:
            assert found == 5.0  # by x, beside a constant that is 5 by then
