"""The logarithm of a sum of exponentials, shifted by the maximum."""

import numpy as np

from benchmarks.problem import Problem, peer, under_jit


def primal(x):
    top = np.max(x)
    return top + np.log(np.sum(np.exp(x - top)))


def hand(x):
    e = np.exp(x - np.max(x))
    # The two ways through the maximum cancel: softmax is the whole gradient.
    e /= np.sum(e)
    return e


def inputs(size):
    return (np.random.default_rng(0).normal(size=size),)


PROBLEM = Problem(
    "logsumexp", primal, hand, inputs, (10, 1000, 100000), 0, peer(primal), under_jit(peer(primal))
)
