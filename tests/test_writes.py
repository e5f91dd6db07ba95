"""Memory that a function writes: followed or refused, never forgotten, and never anybody else's."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.right_or_refused import check_modes
from tests.transforms.programs import agrees


def copied_to(x):
    a = np.zeros(4)
    np.copyto(a, x)
    return a * 2.0


def added_at(x):
    a = np.zeros(4)
    np.add.at(a, [0, 0, 1], x[:3])
    return a


def filled(x):
    a = np.zeros(4)
    a.fill(x[0])
    return a * x


def put(x):
    a = np.zeros(4)
    np.put(a, [1], x[0])
    return a


def sorted_in_place(x):
    b = x * 2.0
    b.sort()
    return b[0]


def sorted_copy_by_one(x):
    b = x * 1.0
    b.sort()
    return b


def diagonal(x):
    b = x[0] * np.ones((3, 3))
    np.fill_diagonal(b, 0.0)
    return b


def output_by_keyword(x):
    out = np.zeros(4)
    np.multiply(np.ones(4), x, out=out)
    return np.sum(out)


def output_by_position(x):
    out = np.empty(4)
    np.sin(x, out)
    return out


def output_of_dot(x):
    out = np.empty(2)
    np.dot(np.arange(8.0).reshape(2, 4), x, out)
    return out


def output_of_a_reduction(x):
    out = np.empty(4)
    np.cumsum(x, out=out)
    return out


def output_of_a_method(x):
    out = np.empty(4)
    x.cumsum(out=out)
    return out


def product_into_a_view(x):
    a = x + 0.0
    b = a[1:]
    b *= 2.0
    return np.sum(a)


def write_first(a, v):
    a[0] = v


def write_in_a_helper(x):
    a = np.zeros(3)
    write_first(a, x[0])
    return a


def append_to(items, v):
    items.append(v)


def append_in_a_helper(x):
    items = []
    append_to(items, x)
    return items[0] * 2.0


def unbound_append(x):
    items = [1.0]
    list.append(items, x)
    return items[1] * 2.0


def bound_append(x):
    items = []
    keep = items.append
    keep(x)
    return items[0] * 2.0


WRITERS = [
    copied_to, added_at, filled, put, sorted_in_place, sorted_copy_by_one, diagonal,
    output_by_keyword, output_by_position, output_of_dot, output_of_a_reduction, output_of_a_method,
    product_into_a_view, write_in_a_helper, append_in_a_helper, unbound_append, bound_append,
]


@pytest.mark.parametrize("f", WRITERS, ids=lambda f: f.__name__)
def test_a_write_of_an_active_value_is_differentiated_or_refused(f):
    x = np.array([3.0, 1.5, 2.25, -1.0])
    try:
        sd.check_grads(f, (x,))
    except sd.DifferentiationError as refused:
        assert "Instead, " in str(refused)
    np.testing.assert_array_equal(x, [3.0, 1.5, 2.25, -1.0])


NEUTRAL = {
    "times one": lambda x: x * 1.0,
    "divided by one": lambda x: x / 1.0,
    "plus zero": lambda x: x + 0.0,
    "minus zero": lambda x: x - 0.0,
    "to the first power": lambda x: x**1,
    "copied": lambda x: x.copy(),
    "made an array": lambda x: np.array(x),
    "unary plus": lambda x: +x,
}


@pytest.mark.parametrize("name", NEUTRAL)
def test_a_result_that_the_plain_call_makes_new_is_new(name):
    f, x = NEUTRAL[name], np.ones(3)
    assert not np.shares_memory(f(x), x)
    assert not np.shares_memory(sd.vjp(f, x)[0], x)
    (_, extra), _ = sd.value_and_grad(lambda x: (np.sum(x), f(x)), has_aux=True)(x)
    assert not np.shares_memory(extra, x)


@pytest.mark.parametrize("travels", [False, True])
def test_a_nested_function_may_rebind_a_variable(travels):
    def written_in(x):
        count = 0

        def step():
            nonlocal count
            count = count + 1

        step()
        step()
        return x * count

    def kept(x):
        count = 0

        def step():
            nonlocal count
            count = count + 1

        for f in [step, step]:
            f()
        return x * count

    assert sd.grad(kept if travels else written_in)(3.0) == 2.0


def test_a_truncated_array_is_a_constant():
    def f(x):
        return np.sum(x.astype(int) * x)

    np.testing.assert_array_equal(sd.grad(f)(np.array([1.2, 2.5])), [1.0, 2.0])
    np.testing.assert_array_equal(sd.vjp(lambda x: x.astype(int) * x, np.array([1.2, 2.5]))[1](
        np.ones(2)), [1.0, 2.0])


def test_one_array_under_two_names_of_which_one_is_written_is_refused():
    def f(x, y):
        y[0] = 5.0
        return np.sum(x * x)

    a = np.array([1.0, 2.0])
    with pytest.raises(sd.AliasingError, match=r"Instead, "):
        sd.grad(f)(a, a)
    with pytest.raises(sd.AliasingError):
        sd.grad(f)(a, a[:1])
    assert a.tolist() == [1.0, 2.0]
    np.testing.assert_array_equal(sd.grad(f)(a, np.zeros(2)), [2.0, 4.0])


def factor_written_after(x):
    c = np.arange(3)
    y = x * c
    c[0] = 9
    return np.sum(y * x)


def index_written_after(x):
    index = [0, 2]
    y = x[index]
    index[0] = 1
    return np.sum(y**2)


def mask_written_after(x):
    positive = x > 0.0
    y = np.where(positive, x, 3.0 * x)
    positive ^= True
    return np.sum(y**2)


def counted_up_in_a_loop(x):
    total, k = 0.0, np.arange(3)
    for i in range(3):
        total = total + np.sum(x**2 * k)
        k[i] += 5
    return total


@pytest.mark.parametrize("f", [
    factor_written_after, index_written_after, mask_written_after, counted_up_in_a_loop])
def test_what_backward_code_reads_of_integers_is_what_forward_code_read(f):
    agrees(f, np.array([1.0, -2.0, 3.0]))


def test_an_attribute_that_arrays_do_not_have_raises_as_in_the_original():
    def named(x):
        y = 2.0 * x
        try:
            y.name = "y"
        except AttributeError:
            pass
        return y * x

    check_modes(named, (np.array([0.3, 0.5]),))


HELD = np.array([0.3, 1.2, 2.0, 0.7])


def first_half(x):
    a = HELD * x
    np.split(a, 2)[0][0] = 5.0 * x
    return np.sum(a**2)


def taken_apart(x):
    a = HELD * x
    p, q = np.split(a, 2)
    p[0], q[1] = x * x, q[0]
    return np.sum(a**2)


def each_third(x):
    a = HELD * x
    for p in np.array_split(a, 3):
        p *= x
    return np.sum(a**2)


def columns(x):
    a = (HELD * x).reshape(2, 2)
    parts = np.hsplit(a, 2)[::-1]
    parts[0][:] = 2.0
    return np.sum(a**2)


@pytest.mark.parametrize("f", [first_half, taken_apart, each_third, columns],
                         ids=lambda f: f.__name__)
def test_the_parts_of_a_split_array_are_views_of_it(f):
    expected = pytest.approx((f(0.7 + 1e-6) - f(0.7 - 1e-6)) / 2e-6, rel=1e-6)
    assert sd.grad(f)(0.7) == expected
    assert sd.jvp(f, (0.7,), (1.0,))[1] == expected
