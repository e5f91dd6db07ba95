"""Arguments with gaps between their elements, and such as share memory: derivatives run on copies
of them, and begin with tangents that are zero."""

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([0.3, 0.7, 1.1])


def written_flat(a, x):
    flat = a.ravel()  # a copy where `a` has gaps
    flat[0] = 50.0 * x[0]
    return a.sum() * flat[:3] * x


def written_under_another_key(held, x):
    held["b"][0] = 3.0 * x[0] * x[1]
    return held["a"] * held["a"].sum() * x


def written_in_a_view(held, x):
    held[1][0] = x[0] * x[1]
    held[2]["last"][-1] *= x[2]
    return held[0] * held[0].sum() * x


def written_in_a_dict_that_is_there_twice(held, x):
    held[0]["scale"] = held[1]["scale"] * x[0]
    return held[1]["scale"] * held[0]["scale"] * x


def written_in_a_part(held, x):
    held[1][0] = x[0]
    held[0][1] += 1j * x[1]
    return np.abs(held[0]) ** 2 * x[2] + held[2].sum()


def with_gaps():
    return np.arange(12.0).reshape(3, 4)[:, ::2]


def twice():
    a = np.array([0.5, -1.2, 2.0])
    return {"a": a, "b": a}


def views():
    a = np.array([0.5, -1.2, 2.0])
    return [a, a[::-1], {"last": a[1:]}]


def one_dict_twice():
    held = {"scale": 1.5}
    return [held, held]


def parts():
    z = np.array([1.0 + 2.0j, 0.3 - 1.0j, 0.5])
    return z, z.real, z[::2].imag


CASES = [(written_flat, with_gaps), (written_under_another_key, twice), (written_in_a_view, views),
         (written_in_a_dict_that_is_there_twice, one_dict_twice), (written_in_a_part, parts)]


def differences(f, made, h=1e-6):
    columns = [(f(made(), X + h * e) - f(made(), X - h * e)) / (2 * h) for e in np.eye(3)]
    return np.stack(columns, -1)


@pytest.mark.parametrize("f, made", CASES, ids=lambda f: f.__name__)
def test_what_is_written_into_one_of_several_is_read_in_the_others(f, made):
    expected = pytest.approx(differences(f, made), abs=1e-6)
    for jacobian in (sd.jacfwd, sd.jacrev, sd.jacobian):
        assert jacobian(f, wrt=1)(made(), X) == expected
    columns = [sd.jvp(f, (made(), X), (None, e))[1] for e in np.eye(3)]
    assert np.stack(columns, -1) == expected


@pytest.mark.parametrize("f, made", CASES[:2] + CASES[3:4], ids=lambda f: f.__name__)
def test_hessians_of_what_is_written_into_one_of_several(f, made):
    def total(held, x):
        return np.sum(f(held, x))

    gradient = sd.grad(total, wrt=1)
    expected = pytest.approx(differences(gradient, made), abs=1e-5)
    assert sd.hessian(total, wrt=1)(made(), X) == expected


def test_a_checkpoint_computes_again_with_the_same_gaps():
    def f(a, x):
        return np.sum(sd.checkpoint(written_flat)((a * x[0])[:, ::2], x))

    a, h = np.arange(12.0).reshape(3, 4), 1e-6
    expected = [(f(a, X + h * e) - f(a, X - h * e)) / (2 * h) for e in np.eye(3)]
    assert sd.grad(f, wrt=1)(a, X) == pytest.approx(expected, rel=1e-6)
