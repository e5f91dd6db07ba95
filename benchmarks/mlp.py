"""A network of two layers with a softmax cross entropy; the size is the batch."""

import numpy as np

from benchmarks.problem import Problem, peer, under_jit


def primal(W1, b1, W2, b2, x, targets):
    h = np.tanh(x @ W1 + b1)
    scores = h @ W2 + b2
    e = np.exp(scores)
    log_total = np.log(np.sum(e, axis=1, keepdims=True))
    return np.sum(targets * (log_total - scores)) / x.shape[0]


def hand(W1, b1, W2, b2, x, targets):
    h = np.tanh(x @ W1 + b1)
    e = np.exp(h @ W2 + b2)
    weight = np.sum(targets, axis=1, keepdims=True) / np.sum(e, axis=1, keepdims=True)
    scores_bar = (e * weight - targets) / x.shape[0]
    z_bar = (scores_bar @ W2.T) * (1.0 - h * h)
    return x.T @ z_bar, np.sum(z_bar, axis=0), h.T @ scores_bar, np.sum(scores_bar, axis=0)


def inputs(size):
    generator = np.random.default_rng(0)
    return (
        generator.normal(0.0, 0.1, (64, 128)), np.zeros(128),
        generator.normal(0.0, 0.1, (128, 10)), np.zeros(10),
        generator.normal(size=(size, 64)), np.eye(10)[generator.integers(0, 10, size)],
    )


PROBLEM = Problem(
    "mlp", primal, hand, inputs, (1, 256), (0, 1, 2, 3), peer(primal), under_jit(peer(primal))
)
