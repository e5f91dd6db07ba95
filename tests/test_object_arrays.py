"""Arrays of objects: their elements are followed one by one, and as a whole they are refused."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff import errors
from tests.right_or_refused import check_modes

V = np.array([0.3, -1.2])


def nothing_is_in_it_yet(x):
    a = np.array([[None] * 2]).T
    return x * x if a[0, 0] is None else 0.0


def elements_are_read_and_written(x):
    a = np.empty(2, dtype=object)
    a[:] = None
    a[0], a[1] = x, x * x
    a[0] = a[1] * a[0]
    a[0], a[1] = a[1], a[0]
    return a[0] ** 2 * a[-1] if a.shape == (2,) and len(a) == 2 else 0.0


def arrays_in_a_view(x):
    a = np.empty((1, 2), dtype=object)
    a[0, 0], a[0, 1] = V * x, np.array([x, x * x])
    b = a[0]
    b[1][0] = x * 3.0
    b[0] = b[1] * 2.0
    return np.sum(a[0, 0] * b[1])


def rows_are_walked_over(x):
    a = np.empty((2, 2), dtype=object)
    for i in range(2):
        for j in range(2):
            a[i, j] = x * V[i] * (j + 1)
    total = 0.0
    for row in a:
        for e in row:
            total = total + e * e
    return total + a[::-1, 1][0] * a[1:][0, 0]


def lists_and_tuples_are_elements(x):
    a = np.empty(2, dtype=object)
    a[0] = [x, x * x]
    a[0].append(a[0][1] * x)
    a[1] = a[0]
    a[1][0] = 2.0 * x
    total = a[0][0] * a[0][2]
    a[0] = (total, x)
    return a[0][0] * a[0][1]


def element_is_changed_under_its_own_name(x):
    a = np.empty(2, dtype=object)
    v, w = np.array([x, x]), [x]
    a[0], a[1] = v, w
    v[0] = 3.0 * x * x
    a[0][1] = x**3
    w.append(x * x)
    return a[0][0] * v[1] * a[1][1]


def put(a, v):
    a[0] = v


def made(x):
    a, v = np.empty((2, 2), dtype=object), np.array([x, x])
    a[0, 0] = a[1, 1] = v
    return a, v


def helpers_write_and_return(x):
    a, v = made(x)
    a[0, 0][0] = x**3
    b, w = np.empty(1, dtype=object), np.array([x, x])
    put(b, w)
    w[0] = 3.0 * x * x
    return a[1, 1][0] * v[1] + v[0] * b[0][0] * b[0][1]


def closure_writes(x):
    a = np.empty(1, dtype=object)
    a[0] = x

    def scale():
        a[0] = a[0] * x

    scale()
    scale()
    return a[0]


class Table:
    def __init__(self, x):
        self.cells = np.empty((2, 2), dtype=object)
        self.cells[0, 0] = np.array([x, 1.0])
        self.cells[1, 1] = x

    def put(self, i, j, value):
        self.cells[i, j] = value

    def get(self, i, j):
        return self.cells[i, j]


def field_of_an_object(x):
    table = Table(x)
    table.put(0, 1, table.get(1, 1) * x)
    table.get(0, 0)[1] = table.get(0, 1)
    table.put(1, 1, 5.0)
    return np.polyval(table.get(0, 0), x) * table.get(1, 1)


def carried_through_a_loop(x):
    a = np.empty(4, dtype=object)
    a[0] = x
    for i in range(1, 4):
        a[i] = a[i - 1] * x
        a[0] = a[i]
    return a[0] + a[1]


@pytest.mark.parametrize("f", [
    nothing_is_in_it_yet, elements_are_read_and_written, arrays_in_a_view, rows_are_walked_over,
    lists_and_tuples_are_elements, element_is_changed_under_its_own_name,
    helpers_write_and_return, closure_writes, field_of_an_object, carried_through_a_loop,
], ids=lambda f: f.__name__)
def test_elements_are_followed(f):
    check_modes(f, (1.3,))


def filled(x):
    a = np.empty(2, dtype=object)
    a[0], a[1] = x, x * x
    return a


def added_in_place(x):
    a = filled(x)
    a += 1.0
    return a[0] * x


def several_at_once(x):
    a = np.empty(2, dtype=object)
    a[:] = [x, 2.0 * x]
    return a[0] * x


def filled_by_a_method(x):
    a = np.empty(2, dtype=object)
    a.fill(x)
    return a[0] * x


WHOLE = {
    "made at once": lambda x: np.array([x, 2 * x], dtype=object)[0] * x,
    "made of lists": lambda x: np.array([[x, 2 * x], [x]], dtype=object)[0][1] * x,
    "made full": lambda x: np.full(2, x, dtype=object)[0] * x,
    "made by a cast": lambda x: np.array([x, x * x]).astype(object)[0] * x,
    "product": lambda x: np.sum(filled(x) * x),
    "copy": lambda x: filled(x).copy()[0] * x,
    "list": lambda x: list(filled(x))[0] * x,
    "sum": lambda x: sum(filled(x)) * x,
    "unpacked": lambda x: (lambda u, v: u * v)(*filled(x)),
    "choice": lambda x: filled(x)[[1, 0]][0] * x,
    "cast back": lambda x: filled(x).astype(float)[0] * x,
    "added in place": added_in_place,
    "several at once": several_at_once,
    "filled by a method": filled_by_a_method,
}


@pytest.mark.parametrize("name", WHOLE)
def test_what_takes_all_elements_is_refused(name):
    with pytest.raises(errors.DifferentiationError, match="Instead"):
        sd.vjp(WHOLE[name], 1.3)[1](1.0)


def test_a_result_that_is_an_array_of_objects_takes_no_cotangent():
    value, pullback = sd.vjp(filled, 1.3)
    assert list(value) == [1.3, 1.3 * 1.3]
    with pytest.raises(TypeError, match=r"array of objects.* Instead"):
        pullback(np.ones(2))


def test_arrays_of_objects_in_an_argument_are_refused_where_they_matter():
    class Holder:
        def __init__(self):
            self.parts, self.w = np.empty(1, dtype=object), 2.0
            self.parts[0] = np.array([1.5, 0.5])

    assert sd.vjp(lambda h, x: h.w * x, Holder(), 3.0)[1](1.0)[1] == 2.0

    def written(h, x):
        h.w = x
        return h.parts[0][0] * h.w

    for f in (written, lambda h, x: h.parts[0][0] * x):
        with pytest.raises(errors.DifferentiationError, match="Instead"):
            sd.vjp(f, Holder(), 3.0)[1](1.0)
