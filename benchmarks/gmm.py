"""The log-likelihood of a Gaussian mixture with a Wishart prior, as in ADBench, vectorised.

The inverse covariances are `L @ L.T` with L lower triangular: `icf` holds for each component the
logarithms of the diagonal of L and then what is below it.  `below` places the latter in a matrix.
The size is the number of points; 10 components in 5 dimensions.
"""

import numpy as np

from benchmarks.problem import Problem, peer, under_jit


def primal(alphas, means, icf, x, below, gamma, m):
    n, d = x.shape
    logs = icf[:, :d]
    diagonal = np.exp(logs)
    sums = np.sum(logs, axis=1)
    lower = np.reshape(icf[:, d:] @ below, (-1, d, d))
    centred = np.expand_dims(x, 0) - np.expand_dims(means, 1)
    rotated = np.expand_dims(diagonal, 1) * centred + centred @ np.swapaxes(lower, 1, 2)
    inner = np.expand_dims(alphas + sums, 1) - 0.5 * np.sum(rotated * rotated, axis=2)
    top = np.max(inner, axis=0)
    likelihood = np.sum(top + np.log(np.sum(np.exp(inner - top), axis=0)))
    normaliser = n * np.log(np.sum(np.exp(alphas)))
    prior = 0.5 * gamma * gamma * (np.sum(diagonal ** 2) + np.sum(icf[:, d:] ** 2))
    return likelihood - normaliser + prior - m * np.sum(sums)


def hand(alphas, means, icf, x, below, gamma, m):
    n, d = x.shape
    diagonal = np.exp(icf[:, :d])
    lower = np.reshape(icf[:, d:] @ below, (-1, d, d))
    # The values are computed as the primal computes them: only what is added is compared.
    centred = np.expand_dims(x, 0) - np.expand_dims(means, 1)
    rotated = np.expand_dims(diagonal, 1) * centred + centred @ np.swapaxes(lower, 1, 2)
    sums = np.sum(icf[:, :d], axis=1)
    inner = np.expand_dims(alphas + sums, 1) - 0.5 * np.sum(rotated * rotated, axis=2)
    share = np.exp(inner - np.max(inner, axis=0))
    share /= np.sum(share, axis=0)
    component_bar = np.sum(share, axis=1)
    rotated *= -share[:, :, None]                   # the cotangent of `rotated`
    diagonal_bar = np.sum(rotated * centred, axis=1) + gamma * gamma * diagonal
    lower_bar = rotated.transpose(0, 2, 1) @ centred
    centred_bar = rotated * diagonal[:, None] + rotated @ lower
    exp_alphas = np.exp(alphas)
    alphas_bar = component_bar - n * exp_alphas / np.sum(exp_alphas)
    means_bar = -np.sum(centred_bar, axis=1)
    icf_bar = np.empty(icf.shape)
    icf_bar[:, :d] = diagonal_bar * diagonal + (component_bar - m)[:, None]
    icf_bar[:, d:] = lower_bar.reshape(len(alphas), d * d) @ below.T + gamma * gamma * icf[:, d:]
    return alphas_bar, means_bar, icf_bar


def inputs(size, components=10, d=5):
    generator = np.random.default_rng(0)
    rows, columns = np.tril_indices(d, -1)
    below = np.zeros((len(rows), d * d))
    below[np.arange(len(rows)), rows * d + columns] = 1.0
    return (
        generator.normal(size=components), generator.normal(size=(components, d)),
        generator.normal(0.0, 0.3, (components, d + len(rows))),
        generator.normal(size=(size, d)), below, 0.9, 2.0,
    )


PROBLEM = Problem(
    "gmm", primal, hand, inputs, (10, 1000), (0, 1, 2), peer(primal), under_jit(peer(primal))
)
