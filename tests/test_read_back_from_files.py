"""What is written into a file has no derivative when it is read again."""

import pickle
import pkgutil

import numpy as np
import pytest

import s2sdiff as sd

X = np.array([1.0, 2.0])


def by_save(x, path):
    np.save(path, x * x)
    return np.sum(np.load(path))


def by_text(x, path):
    np.savetxt(path, x * x)
    return np.sum(np.loadtxt(path))


def by_bytes(x, path):
    (x * x).tofile(path)
    return np.sum(np.fromfile(path))


def by_pickle(x, path):
    with open(path, "wb") as file:
        pickle.dump(x * x, file)
    with open(path, "rb") as file:
        return np.sum(pickle.load(file))


@pytest.mark.parametrize("f", [by_save, by_text, by_bytes, by_pickle])
def test_what_was_written_and_is_read_again_is_refused(f, tmp_path):
    path = str(tmp_path / "values.npy")
    for derivative in (lambda: sd.grad(f)(X, path), lambda: sd.jvp(f, (X, path), (X, None))):
        with pytest.raises(sd.UnsupportedError, match="read back.*Instead, use the number itself"):
            derivative()


def test_what_is_only_written_or_only_read_is_left_alone(tmp_path):
    path, other = str(tmp_path / "values.npy"), str(tmp_path / "given.npy")
    np.save(other, X)

    def logged(x):
        np.save(path, x)
        return np.sum(x * x)

    def loaded(x):
        return np.sum(x * np.load(other))

    np.testing.assert_array_equal(sd.grad(logged)(X), 2.0 * X)
    np.testing.assert_array_equal(np.load(path), X)
    np.testing.assert_array_equal(sd.grad(loaded)(X), X)
    np.testing.assert_array_equal(sd.jvp(loaded, (X,), (X,))[1], X @ X)


def test_a_generator_that_is_a_lambda_is_refused():
    with pytest.raises(sd.UnsupportedError, match="is a lambda.*Instead, write it as a function"):
        sd.grad(lambda x: (lambda: (yield x * x))().send(None))(3.0)


def scaled_by_a_table(x):
    rows = pkgutil.get_data("tests", "deep.txt").split(b"\n")
    return np.sin(x) * float(len(rows) > 1) + 0.5 * len(rows[0]) * x


def test_what_a_package_holds_as_data_is_constant():
    h = 1e-6
    slope = (scaled_by_a_table(0.7 + h) - scaled_by_a_table(0.7 - h)) / (2 * h)
    assert sd.grad(scaled_by_a_table)(0.7) == pytest.approx(slope)
    assert sd.jvp(scaled_by_a_table, (0.7,), (1.0,))[1] == pytest.approx(slope)
