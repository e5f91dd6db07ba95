"""Shapes, parts of arrays and sorting: each rule beside the derivative by hand."""

import numpy as np

from benchmarks.problem import RuleCase

__all__ = ["CASES"]


def _normal(*shape):
    return np.random.default_rng(0).normal(size=shape)


def signed(size):
    return _normal(size), np.random.default_rng(1).uniform(0.5, 2.0, size=size)


def reshape(x, w):
    return np.sum(np.reshape(x, (5, -1)) * w)


def reshaped(size):
    return _normal(size), _normal(5, size // 5)


def reshape_by_hand(x, w):
    if x.size != w.size:
        # One column only, which was spread over those of the weights.
        w = np.sum(w, axis=1)
    return w.reshape(x.shape).copy()


def transpose(x, w):
    return np.sum(np.exp(x.T) * w)


def transposed(size):
    return _normal(5, size // 5), _normal(size // 5, 5)


def transpose_by_hand(x, w):
    g = np.exp(x)
    g *= w.T
    return g


def concatenate(x, y, w):
    return np.sum(np.concatenate((x, y)) * w)


def halves(size):
    return _normal(size // 2), _normal(size // 2), _normal(size // 2 * 2)


def concatenate_by_hand(x, y, w):
    n = len(x)
    return w[:n].copy(), w[n:].copy()


def stack(x, y, w):
    return np.sum(np.stack([x, y]) * w)


def pairs(size):
    return _normal(size // 2), _normal(size // 2), _normal(2, size // 2)


def stack_by_hand(x, y, w):
    return w[0].copy(), w[1].copy()


def slice_read(x, w):
    return np.sum(x[1:] * x[:-1] * w)


def slices(size):
    return _normal(size), _normal(size - 1)


def slice_read_by_hand(x, w):
    g = np.zeros(x.shape)
    g[1:] = x[:-1] * w
    g[:-1] += x[1:] * w
    return g


def fancy_read(x, places, w):
    return np.sum(x[places] * w)


def fancy(size):
    return _normal(size), np.random.default_rng(2).integers(0, size, size), _normal(size)


def fancy_read_by_hand(x, places, w):
    g = np.zeros(x.shape)
    np.add.at(g, places, w)
    return g


def slice_write(x, w):
    y = np.zeros(len(w))
    y[1:-1] = x
    return np.sum(y * w)


def framed(size):
    return _normal(size), _normal(size + 2)


def slice_write_by_hand(x, w):
    g = w[1:-1]
    if g.shape != x.shape:
        raise ValueError("x does not fit between the ends")
    return g.copy()


def sort(x, w):
    return np.sum(np.sort(x) * w)


def sort_by_hand(x, w):
    order = x.argsort()
    z = x[order]
    same = z[1:] == z[:-1]
    if np.count_nonzero(same):
        # Equal numbers share what their places have.
        starts = np.flatnonzero(np.concatenate([[True], ~same]))
        counts = np.diff(starts, append=len(z))
        w = np.repeat(np.add.reduceat(w, starts) / counts, counts)
    g = np.empty(x.shape, x.dtype)
    g[order] = w
    return g


CASES = (
    RuleCase("reshape", reshape, reshape_by_hand, reshaped),
    RuleCase("transpose", transpose, transpose_by_hand, transposed),
    RuleCase("concatenate", concatenate, concatenate_by_hand, halves, wrt=(0, 1)),
    RuleCase("stack", stack, stack_by_hand, pairs, wrt=(0, 1)),
    RuleCase("x[1:]", slice_read, slice_read_by_hand, slices),
    RuleCase("x[places]", fancy_read, fancy_read_by_hand, fancy),
    RuleCase("y[1:-1] = x", slice_write, slice_write_by_hand, framed),
    RuleCase("sort", sort, sort_by_hand, signed),
)
