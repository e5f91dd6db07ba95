"""After what these functions give, code is plain text: its rank and dtype are known."""

import numpy as np
import pytest

import s2sdiff as sd
from tests.rules.whole import check_both

X = np.array([0.7, 1.9, 1.2, 0.4])
M = np.array([[2.0, 0.3, 0.1], [0.2, 1.5, 0.4], [0.6, 0.1, 3.0]])

EXPRESSIONS = {
    "x.sum(-1)[..., None]": lambda x: x / x.sum(-1)[..., None],
    "x.sum(-1)[None, None]": lambda x: x * x.sum(-1)[None, None],
    "x[:, np.newaxis]": lambda x: x[:, np.newaxis] * x,
    "split into equal parts": lambda x: np.split(x, 2)[0] * np.split(x, 2)[1],
    "split at places": lambda x: np.split(x, [1, 3])[1],
    "array_split": lambda x: np.array_split(x, 3)[2],
    "atleast_2d": lambda x: np.atleast_2d(x),
    "several of atleast_1d": lambda x: np.atleast_1d(x, x[0])[1] * x,
    "meshgrid": lambda x: np.meshgrid(x, x[:2])[0],
    "broadcast_arrays": lambda x: np.broadcast_arrays(x, x[0])[1],
    "broadcast_to": lambda x: np.broadcast_to(x, (3, 4)),
    "repeat": lambda x: np.repeat(x, [1, 2, 3, 0]),
    "delete": lambda x: np.delete(x, [1, 3]),
    "bincount": lambda x: np.bincount([0, 2, 1, 2], weights=x),
    "unique": lambda x: np.unique(x),
    "clip": lambda x: x.clip(0.5, 1.5),
    "take": lambda x: x.take([3, 0, 0]),
    "squeeze": lambda x: np.squeeze(x[None, :]),
    "squeeze of an axis": lambda x: x[:, None].squeeze(axis=-1),
    "squeeze of who knows what": lambda x: np.squeeze(x[:, None] * x[:1]),
    "cross with one in space": lambda x: np.cross(x[1:], np.array([1.0, 0.5, 2.0])),
    "sum of arrays": lambda x: sum([x, x * x]),
    "tolist": lambda x: x.tolist()[1] * x,
    "concatenate of lists": lambda x: np.concatenate(([0.0], x[1:], [x[0], 1])),
    "hstack of numbers": lambda x: np.hstack((0.0, x[1:], x[0])),
    "outer": lambda x: np.multiply.outer(x, x),
    "dstack": lambda x: np.dstack((x, x)),
    "around": lambda x: x * np.around(x, 1),
    "isclose": lambda x: x * np.isclose(x, x),
    "divmod": lambda x: np.divmod(3.0 * x, 2.0)[1],
}
OF_MATRICES = {
    "x[:, [0, 2]]": lambda x: x[:, [0, 2]],
    "x[[0, 1], [1, 2]]": lambda x: x[[0, 1], [1, 2]],
    "x[rows, [0, 2]]": lambda x: x[np.arange(2), [0, 2]],
    "x[..., places]": lambda x: x[..., np.array([2, 2, 0])],
    "x[places, None]": lambda x: x[[1, 1], None],
    "x[None, 0, :, places]": lambda x: np.stack([x, x])[0, :, [1, 2, 2]],
    "x[np.ix_]": lambda x: x[np.ix_([0, 2], [1, 2])],
    "a pair of matrices of places": lambda x: x[np.array([[0, 1]]), np.array([[2], [0]])],
    "r_": lambda x: np.r_[x, x],
    "r_ of numbers": lambda x: np.r_[0.0, np.cumsum(x[0]), 1],
    "c_": lambda x: np.c_[x, x[0]],
    "vstack": lambda x: np.vstack([x, x[0]]),
    "tensordot": lambda x: np.tensordot(x, x, axes=([1], [0])),
    "average": lambda x: np.average(x, axis=0, weights=[1.0, 2.0, 3.0]),
    "logaddexp.reduce": lambda x: np.logaddexp.reduce(x, axis=1),
    "take": lambda x: x.take([0, 1, 1], axis=1),
    "cross in space": lambda x: np.cross(np.array([x[0, 0], 1.0, x[1, 2]]), np.ones(3)),
    "linalg.cross": lambda x: np.linalg.cross(x, x[::-1] * x),
    "split of columns": lambda x: np.hsplit(x, 3)[1],
    "split along the last axis": lambda x: np.split(x, 3, axis=-1)[2],
    "pinv": lambda x: np.linalg.pinv(x),
    "lstsq": lambda x: np.linalg.lstsq(x, np.ones(3), rcond=None)[0],
    "multi_dot": lambda x: np.linalg.multi_dot([x, x, x]),
    "trace": lambda x: np.trace(x @ x) * x,
    "slogdet": lambda x: np.linalg.slogdet(x)[1] * x,
}


def text(f, *args):
    return sd.source(f, "grad", args=args)


@pytest.mark.parametrize("f", EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_what_follows_is_plain_text_for_vectors(f):
    def total(x):
        y = f(x)
        return np.sum(y * y)

    assert "rt.call" not in text(total, X)
    check_both(total, X)


@pytest.mark.parametrize("f", OF_MATRICES.values(), ids=OF_MATRICES)
def test_what_follows_is_plain_text_for_matrices(f):
    def total(x):
        y = f(x)
        return np.sum(y * y)

    assert "rt.call" not in text(total, M)
    check_both(total, M)


def halves(x):
    a, b = np.split(x, 2)
    return np.sum(a * b)


def test_the_gradient_of_what_is_split_is_joined():
    assert text(halves, X).rstrip().endswith("return np.concatenate([b, a], axis=0)")


def softmax_power(x):
    e = np.exp(x - np.max(x, axis=-1)[..., np.newaxis])
    return np.sum((e / np.sum(e, axis=-1)[..., np.newaxis]) ** 2)


def test_a_softmax_for_any_rank_is_the_one_for_vectors():
    found = text(softmax_power, X)
    assert "newaxis" not in "".join(n for n in found.splitlines() if "#" not in n)
    assert "rt." not in found
    check_both(softmax_power, X)
    check_both(softmax_power, M)


def column(x):
    return np.sum(np.sum(x, axis=-1)[:, np.newaxis] * x * x)


def test_a_column_that_was_made_goes_back_without_its_axis():
    assert "zeros" not in text(column, M)
    check_both(column, M)


def eigenvalues(x):
    w, v = np.linalg.eigh(x + x.T)
    return np.sum(w ** 2) + np.sum(np.abs(v[0]))


def test_what_a_rule_unpacks_is_not_unpacked_again():
    found = sd.source(eigenvalues, "vjp", args=(M,))
    assert "w, v = np.linalg.eigh(x + x.T)" in found
    assert "w_was" not in found and found.count("np.linalg.eigh(") == 2  # one in a comment


FIRST, SECOND = 0, 1


def columns(x):
    return np.sum(x[:, FIRST] * x[:, SECOND])


def test_an_index_that_is_a_global_is_written_where_nobody_can_bind_it_anew():
    assert "x_bar[:, FIRST]" in text(columns, M)


def test_a_pullback_reads_at_the_index_that_was(monkeypatch):
    _, pullback = sd.vjp(columns, M)
    expected = np.zeros((3, 3))
    expected[:, 0], expected[:, 1] = M[:, 1], M[:, 0]
    monkeypatch.setitem(globals(), "FIRST", 2)
    np.testing.assert_array_equal(pullback(1.0), expected)


def triangular(x):
    return np.sum(np.linalg.qr(x)[1] ** 2)


def test_a_text_that_calls_a_rule_runs_by_itself():
    found = text(triangular, M)
    assert "qr_vjp = rt.rule_caller(rt.rule_of(np.linalg.qr), (0,), False)" in found
    space = {"np": np}
    exec(found, space)
    np.testing.assert_allclose(space["triangular_grad"](M), 2 * M, atol=1e-12)


def mapped(x):
    a, b = map(np.asarray, [x, 2.0 * x])
    c, d = list(map(lambda v: 2.0 * v, (a, b)))
    return np.sum(c * d)


def test_what_map_gives_is_unpacked_as_what_is_computed():
    lines = [line for line in text(mapped, X).splitlines() if "#" not in line]
    assert not any("map(" in line or "rt." in line for line in lines)
    check_both(mapped, X)


def too_many(x):
    a, b = map(float, (x, x, x))
    return a * b


def test_too_many_values_raise_what_they_raised():
    with pytest.raises(ValueError) as plain:
        too_many(1.0)
    with pytest.raises(ValueError) as found:
        sd.grad(too_many)(1.0)
    assert str(found.value) == str(plain.value)


def test_an_average_over_an_axis_that_is_no_literal():
    def f(x, axis):
        w = np.array([1.0, 2.0, 3.0])
        return np.sum(np.average(x, axis=axis, weights=w) ** 2)

    x = np.arange(9.0).reshape(3, 3) / 7.0
    for axis in (0, 1):
        sd.check_grads(lambda x, axis=axis: f(x, axis), (x,))
        assert sd.grad(f)(x, axis).shape == (3, 3)
