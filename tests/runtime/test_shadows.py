"""Shadows: cotangents by place agree with what moving the memory itself does."""

import numpy as np
import pytest

from s2sdiff import errors
from s2sdiff.runtime.shadows import deposit_item, owner_of, shadow, withdraw_item
from s2sdiff.runtime.whole_values import deposit, taken, withdraw

RANDOM = np.random.default_rng(7)


def base(*shape, dtype=float, order="C"):
    a = RANDOM.normal(size=shape)
    if np.dtype(dtype).kind == "c":
        a = a + 1j * RANDOM.normal(size=shape)
    return np.array(a, dtype, order=order)


#: How to get a view of an array of shape (4, 6).
VIEWS = {
    "itself": lambda a: a,
    "an offset": lambda a: a[1:, 2:],
    "steps": lambda a: a[::2, 1::3],
    "reversed": lambda a: a[::-1, ::-1],
    "reversed with steps": lambda a: a[-1::-2, 4:0:-2],
    "transposed": lambda a: a.T,
    "a part transposed": lambda a: a[1:3].T[::-1],
    "a row": lambda a: a[2],
    "a column": lambda a: a[:, 3],
    "a new axis": lambda a: a[:, None, 1:3],
    "an element": lambda a: a[1, 2, ...],
    "reshaped": lambda a: a.reshape(2, 2, 6) if a.flags.c_contiguous else a.T.reshape(3, 2, 4),
    "raveled": lambda a: a.ravel(order="K"),
    "a diagonal": lambda a: a.diagonal(1),
    "swapped": lambda a: a.swapaxes(0, 1)[2:5],
    "empty": lambda a: a[2:2],
    "a view of a view": lambda a: a[1:].T[::2][:, ::-1],
}
#: Several elements of these are one element of memory.
OVERLAPPING = {
    "broadcast": lambda a: np.broadcast_to(a, (3, 4, 6)),
    "a broadcast row": lambda a: np.broadcast_to(a[1], (4, 6)),
    "windows": lambda a: np.lib.stride_tricks.sliding_window_view(a[1], 3),
    "windows of two dimensions": lambda a: np.lib.stride_tricks.sliding_window_view(a, (2, 2)),
    "reversed windows": lambda a: np.lib.stride_tricks.sliding_window_view(a[1, ::-1], 2)[::-1],
}


def pairing(g, x):
    return np.real(np.sum(g * x))


def moved(a, view, g, step=1e-6):
    """The derivative of the pairing of `g` with a view, by each real number of the memory."""
    numbers = np.ndarray(a.nbytes // a.real.itemsize, a.real.dtype, owner_of(a))
    found = np.zeros(len(numbers))
    for i in range(len(numbers)):
        old = numbers[i]
        values = []
        for sign in (1, -1):
            numbers[i] = old + sign * step
            values.append(pairing(g, view(a)))
        numbers[i] = old
        found[i] = (values[0] - values[1]) / (2 * step)
    return found


def numbers_of(a, cotangent):
    """A cotangent of `a` as derivatives by the real numbers of its memory, in their order."""
    flat = np.ravel(cotangent, order="F" if a.flags.f_contiguous and a.ndim > 1 else "C")
    if a.dtype.kind == "c":
        return np.stack([flat.real, -flat.imag], axis=-1).ravel()
    return flat


OWNERS = {
    "C order": lambda: base(4, 6), "F order": lambda: base(4, 6, order="F"),
    "complex": lambda: base(4, 6, dtype=complex),
    "complex, F order": lambda: base(4, 6, dtype=complex, order="F"),
}


@pytest.mark.parametrize("view", {**VIEWS, **OVERLAPPING}.items(), ids=lambda v: v[0])
@pytest.mark.parametrize("owner", OWNERS)
def test_a_cotangent_given_to_a_view_is_that_of_its_memory(view, owner):
    a, (_, view) = OWNERS[owner](), view
    g = RANDOM.normal(size=view(a).shape)
    if a.dtype.kind == "c":
        g = g + 1j * RANDOM.normal(size=g.shape)
    bars = {}
    assert deposit(bars, view(a), g) is None
    expected = moved(a, view, g)
    found = withdraw(bars, a)
    np.testing.assert_allclose(numbers_of(a, found) if found is not None else 0.0 * expected,
                               expected, atol=1e-8)


@pytest.mark.parametrize("part", ["real", "imag"])
@pytest.mark.parametrize("view", VIEWS.items(), ids=lambda v: v[0])
def test_real_and_imaginary_parts_are_views_of_complex_memory(view, part):
    a, (_, view) = base(4, 6, dtype=complex), view
    g = RANDOM.normal(size=view(a).shape)

    def seen(a):
        return getattr(view(a), part)

    bars = {}
    deposit(bars, seen(a), g)
    found = withdraw(bars, a)
    expected = moved(a, seen, g)
    np.testing.assert_allclose(numbers_of(a, found) if found is not None else 0.0 * expected,
                               expected, atol=1e-8)


def test_complex_pairs_are_a_view_of_real_memory():
    a = base(4, 6)
    g = RANDOM.normal(size=(4, 3)) + 1j * RANDOM.normal(size=(4, 3))
    bars = {}
    deposit(bars, a.view(complex), g)
    np.testing.assert_allclose(
        numbers_of(a, withdraw(bars, a)), moved(a, lambda a: a.view(complex), g), atol=1e-8)


@pytest.mark.parametrize("view", VIEWS.items(), ids=lambda v: v[0])
@pytest.mark.parametrize("owner", OWNERS)
def test_what_a_view_takes_out_is_what_was_put_into_its_memory(view, owner):
    a, (_, view) = OWNERS[owner](), view
    g = base(*a.shape, dtype=a.dtype)
    bars = {}
    deposit(bars, a, g)
    found = withdraw(bars, view(a))
    expected = np.array(g, a.dtype, order="F" if a.flags.f_contiguous else "C")
    np.testing.assert_array_equal(found if found is not None else 0 * view(expected),
                                  view(expected))
    rest = withdraw(bars, a)
    part = view(expected)
    part.flags.writeable = True  # NumPy gives diagonals for reading only
    part[...] = 0
    np.testing.assert_array_equal(rest if rest is not None else 0 * expected, expected)


@pytest.mark.parametrize("view", VIEWS.items(), ids=lambda v: v[0])
def test_a_shadow_is_writable_and_of_the_shape_and_dtype_of_its_array(view):
    for dtype in (np.float64, np.float32, np.complex128, np.complex64):
        a = view[1](base(4, 6, dtype=dtype))
        found = shadow({}, a)
        assert found.shape == a.shape and found.dtype == a.dtype
        assert found.flags.writeable
        assert not np.shares_memory(found, a)
        np.testing.assert_array_equal(found, np.zeros(a.shape))


def test_two_views_have_one_shadow():
    a = base(6)
    bars = {}
    left, right = shadow(bars, a[:4]), shadow(bars, a[::-1])
    left[1] = 5.0
    assert right[4] == 5.0
    assert shadow(bars, a.reshape(2, 3).T)[1, 0] == 5.0
    assert len(bars) == 1


def test_arrays_without_anything_in_common_have_shadows_of_their_own():
    a, b = base(3), base(3)
    bars = {}
    deposit(bars, a, np.ones(3))
    assert withdraw(bars, b) is None
    np.testing.assert_array_equal(withdraw(bars, a), np.ones(3))
    assert withdraw(bars, a) is None


def test_an_array_without_elements_and_one_without_dimensions():
    empty, single = np.zeros((0, 3)), np.array(2.0)
    bars = {}
    deposit(bars, empty, np.zeros((0, 3)))
    deposit(bars, single, 3.0)
    deposit(bars, single[...], 4.0)
    found = withdraw(bars, single)
    assert found.shape == () and found == 7.0
    assert np.shape(taken(bars, empty)) == (0, 3)


def test_memory_of_a_buffer_belongs_to_the_array_that_was_made_of_it():
    buffer = bytearray(24)
    a = np.frombuffer(buffer)
    bars = {}
    deposit(bars, a[1:], np.array([1.0, 2.0]))
    deposit(bars, a[:2], np.array([10.0, 20.0]))
    np.testing.assert_array_equal(withdraw(bars, a), [10.0, 21.0, 2.0])
    deposit(bars, a, np.ones(3))
    with pytest.raises(errors.AliasingError, match="Instead"):
        deposit(bars, np.frombuffer(buffer), np.ones(3))


def test_integer_views_of_floats_are_refused():
    a = base(3)
    for view in (a.view(np.int64), a.view(np.float32), a.view(complex) if a.size % 2 == 0 else
                 a[:2].view(np.int32)):
        with pytest.raises(errors.AliasingError, match="Instead"):
            shadow({}, view)


def test_arrays_of_integers_keep_nothing():
    bars = {}
    assert deposit(bars, np.arange(3), np.ones(3)) is None
    assert withdraw(bars, np.arange(3)) is None
    assert bars == {}


def test_a_real_array_takes_the_real_part_of_a_complex_cotangent():
    a = base(2)
    bars = {}
    deposit(bars, a, np.array([1.0 + 2.0j, 3.0 - 1.0j]))
    found = withdraw(bars, a)
    assert found.dtype == float
    np.testing.assert_array_equal(found, [1.0, 3.0])


# --------------------------------------------------------------------------------- elements


@pytest.mark.parametrize("index", [
    1, -2, slice(1, 4), slice(None, None, -2), [0, 2], [0, 0, 2], np.array([True, False] * 3),
    np.array([[0, 1], [1, 0]]), (slice(None), None), ..., slice(2, 2)], ids=str)
def test_a_cotangent_given_to_elements_is_that_of_their_memory(index):
    a = base(12)[::2]
    g = RANDOM.normal(size=a[index].shape)
    bars = {}
    deposit_item(bars, a, index, g)
    deposit_item(bars, a, index, None)
    memory = owner_of(a)

    def seen(memory):
        return memory[::2][index]

    np.testing.assert_allclose(taken(bars, memory), moved(memory, seen, g), atol=1e-8)


@pytest.mark.parametrize("index", [1, slice(1, 4), (slice(None), 1), [0, 2], ...], ids=str)
def test_a_cotangent_given_to_elements_of_windows_is_added_up(index):
    memory = base(6)

    def windows(memory):
        return np.lib.stride_tricks.sliding_window_view(memory, 3)

    g = RANDOM.normal(size=windows(memory)[index].shape)
    bars = {}
    deposit_item(bars, windows(memory), index, g)
    np.testing.assert_allclose(
        taken(bars, memory), moved(memory, lambda m: windows(m)[index], g), atol=1e-8)


@pytest.mark.parametrize("dtype", [float, complex])
def test_elements_that_are_taken_out_leave_zeros(dtype):
    a, g = base(5, dtype=dtype), base(5, dtype=dtype)
    bars = {}
    deposit(bars, a, g)
    np.testing.assert_array_equal(withdraw_item(bars, a, slice(1, 3)), g[1:3])
    np.testing.assert_array_equal(withdraw_item(bars, a, 4), g[4])
    np.testing.assert_array_equal(withdraw_item(bars, a, [0, 1]), [g[0], 0.0])
    np.testing.assert_array_equal(withdraw(bars, a), [0.0, 0.0, 0.0, g[3], 0.0])
