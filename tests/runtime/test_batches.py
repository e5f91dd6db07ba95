"""What is done to a batch is done to each of its rows."""

import operator

import numpy as np
import pytest

from s2sdiff.runtime.batched_products import Batch
from s2sdiff.runtime.batches import NotBatched, together

DRAW = np.random.default_rng(3)
ROWS = DRAW.normal(size=(3, 4, 2))
TALL = DRAW.normal(size=(5, 4, 2))
MASK = np.array([True, False, True, True])

#: Functions of one array of shape (4, 2).
FUNCTIONS = {
    "sum": lambda a: np.sum(a), "sum of an axis": lambda a: a.sum(axis=0),
    "sum kept": lambda a: np.sum(a, axis=-1, keepdims=True), "mean": lambda a: np.mean(a, (0, 1)),
    "reduce": lambda a: np.add.reduce(a), "cumsum": lambda a: np.cumsum(a),
    "cumsum of an axis": lambda a: a.cumsum(axis=1), "flip": np.flip, "fliplr": np.fliplr,
    "roll": lambda a: np.roll(a, 1, axis=0), "roll flat": lambda a: np.roll(a, 1),
    "repeat": lambda a: np.repeat(a, 2, axis=1), "take": lambda a: np.take(a, [2, 0], axis=0),
    "take flat": lambda a: np.take(a, [5, 0]), "diff": lambda a: np.diff(a, axis=0),
    "reshape": lambda a: a.reshape(2, -1), "ravel": np.ravel, "flatten": lambda a: a.flatten(),
    "T": lambda a: a.T, "transpose": lambda a: np.transpose(a, (1, 0)), "mT": lambda a: a.mT,
    "swapaxes": lambda a: np.swapaxes(a, 0, -1), "moveaxis": lambda a: np.moveaxis(a, 0, 1),
    "squeeze": lambda a: np.squeeze(a[:, None, :1]),
    "expand_dims": lambda a: np.expand_dims(a, (0, -1)),
    "broadcast_to": lambda a: np.broadcast_to(a, (5, 4, 2)), "copy": np.copy,
    "diagonal": np.diagonal, "trace": np.trace, "tril": np.tril, "triu": lambda a: np.triu(a, 1),
    "concatenate": lambda a: np.concatenate([a, TALL[0], 2.0 * a], axis=1),
    "stack": lambda a: np.stack([a, TALL[0]], axis=-1), "tile": lambda a: np.tile(a, (2, 1, 2)),
    "where": lambda a: np.where(a > 0.0, a, 0.0), "pad": lambda a: np.pad(a, ((1, 0), (0, 2))),
    "split": lambda a: np.split(a, 2)[1], "outer": lambda a: np.outer(a[0], TALL[0, :, 0]),
    "matmul right": lambda a: a @ TALL[0].T, "matmul left": lambda a: TALL[0].T @ a,
    "matmul of vectors": lambda a: a[0] @ TALL[0, 1], "matmul stacked": lambda a: TALL.mT @ a,
    "vector by matrix": lambda a: a[0] @ TALL[0].T, "matrix by vector": lambda a: TALL[0] @ a[0],
    "dot": lambda a: np.dot(a, TALL[0, 0]), "tensordot": lambda a: np.tensordot(TALL, a, 2),
    "tensordot left": lambda a: np.tensordot(a, TALL, ([0], [1])), "kron": lambda a: np.kron(
        TALL[0], a), "einsum": lambda a: np.einsum("ij,kij->k", a, TALL),
    "einsum implicit": lambda a: np.einsum("ij,kj", a, TALL[0]), "vdot": lambda a: np.vdot(
        a[0], a[1]), "solve": lambda a: np.linalg.solve(TALL[:4, :, 0], a),
    "inv": lambda a: np.linalg.inv(a[:2]), "fft": lambda a: np.fft.fft(a, axis=0).imag,
    "ufunc": lambda a: np.multiply(TALL, a), "nonlinear": lambda a: np.maximum(a, 0.1 * a),
    "power": lambda a: np.power(a, 2), "number by array": lambda a: a[0, 0] * TALL,
    "array and number": lambda a: a * a[1, 1], "float32": lambda a: a.astype(np.float32) * 0.1,
    "division": lambda a: a / TALL[0], "difference": lambda a: TALL - a, "minus": lambda a: -a,
    "unpacked": lambda a: sum(list(a)), "item": lambda a: a[1, 1].item() * 2.0,
    "compress": lambda a: a.compress([True, False, True], 0), "stack in front": lambda a: np.stack(
        [a, TALL[0]], axis=-3), "expand_dims in front": lambda a: np.expand_dims(a, -3),
    "interp": lambda a: np.interp(0.3, [0.0, 1.0], a[0]),
}

KEYS = {
    "int": 1, "slice": slice(1, None, 2), "tuple": (slice(None), 0), "both": (2, 1), "new": None,
    "ellipsis": (..., 0), "negative": (slice(None, None, -1), -1), "list": [0, 2], "mask": MASK,
    "array of two": np.array([[0, 1], [3, 3]]), "mask of all": ROWS[0] > 0.0,
    "arrays": (np.array([0, 1]), np.array([1, 0])), "array and int": (np.array([0, 1]), 1),
    "array and slice": (slice(1, 3), np.array([1, 0, 1])),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_of_a_batch_are_those_of_its_rows(name):
    made, fn = FUNCTIONS[name](Batch(ROWS.copy())), FUNCTIONS[name]
    expected = np.stack([fn(row) for row in ROWS])
    assert type(made) is Batch
    assert made.shape == expected.shape[1:]
    assert made.dtype == expected.dtype
    np.testing.assert_allclose(made.rows, expected, rtol=1e-12)


@pytest.mark.parametrize("key", KEYS)
def test_items_of_a_batch_are_those_of_its_rows(key):
    made = Batch(ROWS.copy())[KEYS[key]]
    np.testing.assert_array_equal(made.rows, np.stack([row[KEYS[key]] for row in ROWS]))


@pytest.mark.parametrize("change", [operator.setitem, "add"])
@pytest.mark.parametrize("key", KEYS)
def test_writes_into_a_batch_are_writes_into_its_rows(key, change):
    batch, expected, value = Batch(ROWS.copy()), ROWS.copy(), Batch(np.array([2.0, 3.0, 5.0]), 1)
    for k, row in enumerate(expected):
        if change == "add":
            row[KEYS[key]] += value.rows[k]
        else:
            row[KEYS[key]] = value.rows[k]
    if change == "add":
        batch[KEYS[key]] += value
    else:
        batch[KEYS[key]] = value
    np.testing.assert_array_equal(batch.rows, expected)


def test_a_view_of_a_batch_shares_its_memory_and_an_element_does_not():
    batch = Batch(ROWS.copy())
    element, part = batch[0, 0], batch[1:]
    batch[...] = 0.0
    np.testing.assert_array_equal(part.rows, 0.0)
    np.testing.assert_array_equal(element.rows, ROWS[:, 0, 0])


def test_numbers_are_not_changed_in_place():
    number = Batch(np.arange(3.0), 2)
    same = number
    number += 1.0
    np.testing.assert_array_equal(same.rows, np.arange(3.0))


def test_a_number_of_pythons_takes_the_dtype_that_it_meets():
    number = Batch(np.arange(3.0), 2)
    assert (number * np.ones(2, np.float32)).dtype == np.float32
    assert (np.ones(2, np.float32) * number).dtype == np.float32
    assert (Batch(np.arange(3.0), 1) * np.ones(2, np.float32)).dtype == np.float64


@pytest.mark.parametrize("use", [
    bool, float, str, repr, hash, np.asarray, lambda b: f"{b}",
    lambda b: operator.iadd(np.zeros(3), b), lambda b: np.zeros(3).__setitem__(0, b),
    lambda b: np.add(1.0, b, out=np.zeros(3)), lambda b: np.atleast_3d(b)])
def test_what_a_batch_cannot_do_is_noted_in_its_run(use):
    with together(3) as run:
        with pytest.raises((NotBatched, ValueError)):
            use(Batch(np.arange(3.0), 1))
        assert run.failed


@pytest.mark.parametrize("use", [
    lambda b: np.sum(b, axis=-1), lambda b: np.cumsum(b, -1), lambda b: np.take(b, [0], -1),
    lambda b: b.sum(axis=-1, keepdims=True)])
@pytest.mark.parametrize("of", [0, 1])
def test_the_axis_of_rows_is_none_of_a_number(use, of):
    with together(3) as run:
        with pytest.raises(NotBatched):
            use(Batch(np.arange(3.0), of))
        assert run.failed
