"""Arrays with fields, and of objects: their numbers count as constant, or the call is refused."""

import numpy as np
import pytest

import s2sdiff as sd
from s2sdiff.errors import DifferentiationError

FIELDS = [("p", float), ("q", float, 2)]
DATA = np.array([(1.0, (2.0, 3.0)), (4.0, (5.0, 6.0))], FIELDS)
XYZ = [("x", float), ("y", float), ("z", float)]


def into_a_field(a, write):
    s = np.zeros(2, FIELDS)
    write(s, a)
    return np.sum(s["p"] * a[0]) + s["q"][0, 0]


def in_place(s, a):
    view = s["p"]
    view += a[:2]


def set_item(s, a):
    s["p"] = a[:2]


def set_row(s, a):
    s[0] = (a[0], a[1:3])


def set_part(s, a):
    s["q"][:, 0] = a[:2] ** 2


REFUSED = {
    "of tuples": lambda a: np.array([tuple(a)], XYZ)["y"][0] * a[0],
    "of a tuple": lambda a: np.asarray(tuple(a), XYZ)["y"] * a[0],
    "of rows": lambda a: np.array([(a[0], (a[1], a[2]))], FIELDS)["p"][0] * 2,
    "a view": lambda a: a.view([("x", float)])["x"].sum(),
    "a cast": lambda a: a.astype([("x", float)])["x"].sum(),
    "filled": lambda a: np.full(3, a[0], [("x", float)])["x"].sum(),
    "objects of a list": lambda a: np.asarray([a[0], a[1]], dtype="O").astype(float).sum(),
    "objects of an array": lambda a: np.atleast_1d(a.astype(object))[0] * a[1],
    "written by item": lambda a: into_a_field(a, set_item),
    "written by row": lambda a: into_a_field(a, set_row),
    "written by part": lambda a: into_a_field(a, set_part),
    "written in place": lambda a: into_a_field(a, in_place),
    "written by copyto": lambda a: into_a_field(a, lambda s, v: np.copyto(s["p"], v[:2])),
    "written by add": lambda a: into_a_field(a, lambda s, v: np.add(s["p"], v[:2], out=s["p"])),
    "written by at": lambda a: into_a_field(a, lambda s, v: np.add.at(s["p"], [0, 1], v[:2])),
}


@pytest.mark.parametrize("what", REFUSED)
def test_no_active_number_gets_into_a_field_or_an_object(what):
    f, a = REFUSED[what], np.array([0.5, 0.7, 1.1])
    for take in (sd.grad(f), lambda x: sd.jvp(f, (x,), (np.ones(3),))):
        with pytest.raises(DifferentiationError, match="Instead, "):
            take(a)


def of_a_list(a):
    held, total = [DATA, a], 0.0
    for i in range(2):
        total = total + (held[i][0]["p"] if i == 0 else np.sum(held[i]))
    return total * held[0]["p"][1]


@pytest.mark.parametrize(("f", "slopes"), [
    (lambda a: np.sum(DATA["p"] * a[:2]) + DATA[0]["q"][1] * a[0], [4.0, 4.0, 0.0]),
    (of_a_list, [4.0, 4.0, 4.0]),
    (lambda a: sum(row["p"] * a[2] for row in DATA), [0.0, 0.0, 5.0]),
], ids=["by name", "in a list", "by rows"])
def test_fields_of_data_are_constant(f, slopes):
    a = np.array([0.5, 0.7, 1.1])
    np.testing.assert_allclose(sd.grad(f)(a), slopes)
    np.testing.assert_allclose(sd.jvp(f, (a,), (np.arange(3.0),))[1], slopes @ np.arange(3.0))


def test_forwards_constants_are_written_into_fields():
    def f(a):
        s = np.zeros(2, FIELDS)
        s["p"] = [1.0, 2.0]
        s["q"][0] += 3.0
        return np.sum(s["p"] * a[:2]) * s["q"][0, 1]

    assert sd.jvp(f, (np.array([0.5, 0.7]),), (np.array([1.0, 10.0]),))[1] == pytest.approx(63.0)


def test_a_sum_of_objects_is_a_number():
    a = np.array([0.5, 0.7])
    assert sd.grad(lambda x: np.sum(x * x, dtype=object))(a) == pytest.approx(2 * a)


RECORDS = np.array([(1.0, 2.0), (3.0, 4.0)], [("p", float), ("q", float)]).view(np.recarray)


def of_records(a):
    total = np.sum(RECORDS.q * a[:2]) * RECORDS[0].q
    for i, row in enumerate(RECORDS):
        total += row.p * a[i] ** 2 + row["q"]
    return total


def of_a_shared_field(a):
    a = a.copy()
    a[:2] *= RECORDS["p"]
    return np.sum(a[:2] * RECORDS.q)


def test_fields_are_read_by_name_and_are_constant():
    a = np.array([0.5, 0.7, 1.1])
    for f, wanted in ((of_records, [4.0 + 2 * a[0], 8.0 + 6 * a[1], 0.0]),
                      (of_a_shared_field, [2.0, 12.0, 0.0])):
        value, pullback = sd.vjp(f, a)
        assert value == f(a)
        for _ in range(2):
            np.testing.assert_allclose(pullback(1.0), wanted, rtol=1e-12)
        np.testing.assert_allclose(
            sd.jvp(f, (a,), (np.array([1.0, 2.0, 3.0]),))[1], np.dot(wanted, [1.0, 2.0, 3.0]))
    assert RECORDS.q.tolist() == [2.0, 4.0]
