"""One memory that would have two derivatives is refused before it is written."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.refused import assert_well_said


def written_argument(x, y):
    y[0] = 5.0  # here
    return np.sum(x * x) + np.sum(y)


def put_in(a, value):
    a[0] = value


def written_by_a_helper(x, y):
    put_in(y, 5.0)  # here
    return np.sum(x * x) + np.sum(y)


def written_through_a_view(x, y):
    part = y[1:]
    part += 1.0  # here
    return np.sum(x * x) + np.sum(y)


def written_by_a_method(x, y):
    y.fill(2.0)  # here
    return np.sum(x * x) + np.sum(y)


def written_as_an_output(x, y):
    np.multiply(y, 2.0, out=y)  # here
    return np.sum(x * x) + np.sum(y)


SHARING = [written_argument, written_by_a_helper, written_through_a_view, written_by_a_method,
           written_as_an_output]


@pytest.mark.parametrize("f", SHARING, ids=lambda f: f.__name__)
@pytest.mark.parametrize("share", [
    lambda a: (a, a), lambda a: (a, a[:2]), lambda a: (a[1:], a[:2]), lambda a: (a, a[::-1])],
    ids=["one array", "a part", "overlapping parts", "reversed"])
def test_arguments_that_share_memory_are_refused_before_it_is_written(f, share):
    a = np.array([3.0, 1.0, 2.0])
    for call in (sd.grad(f, (0, 1)), lambda *args: sd.vjp(f, *args)):
        with pytest.raises(sd.AliasingError) as caught:
            call(*share(a))
        assert_well_said(str(caught.value), f)
    np.testing.assert_array_equal(a, [3.0, 1.0, 2.0])


@pytest.mark.parametrize("f", SHARING, ids=lambda f: f.__name__)
def test_arguments_that_lie_next_to_each_other_are_two(f):
    a = np.arange(1.0, 7.0)
    x, y = a[:3].copy(), a[3:].copy()
    expected = sd.grad(f, (0, 1))(x.copy(), y.copy())
    found = sd.grad(f, (0, 1))(a[:3], a[3:])
    for left, right in zip(found, expected, strict=True):
        np.testing.assert_array_equal(left, right)
    np.testing.assert_array_equal(found[0], 2.0 * x)


def fewer_items(x, y):
    y.append(2.0)  # here
    return x[0] * x[-1]


def a_key_more(x, y):
    y["b"] = 2.0  # here
    return x["a"] * len(x)


@pytest.mark.parametrize(("f", "value"), [(fewer_items, [3.0]), (a_key_more, {"a": 3.0})])
def test_a_container_that_is_two_arguments_is_refused_before_it_is_written(f, value):
    for call in (sd.grad(f, (0, 1)), lambda *args: sd.vjp(f, *args)):
        with pytest.raises(sd.AliasingError) as caught:
            call(value, value)
        assert_well_said(str(caught.value), f)
    assert value in ([3.0], {"a": 3.0})


def written_where_it_was_stopped(a, x):
    constant = sd.stop_gradient(a)
    constant[0] = x  # here
    return np.sum(a * a)


def added_to_where_it_was_stopped(a, x):
    constant = sd.stop_gradient(a)[1:]
    constant += x  # here
    return np.sum(a * a)


@pytest.mark.parametrize("f", [written_where_it_was_stopped, added_to_where_it_was_stopped])
def test_a_write_through_a_name_that_was_stopped_is_refused_before_it_happens(f):
    a = np.array([3.0, 1.0])
    with pytest.raises(sd.AliasingError) as caught:
        sd.vjp(f, a, 2.0)
    assert_well_said(str(caught.value), f)
    np.testing.assert_array_equal(a, [3.0, 1.0])
