"""A recurrent network over a sequence, with the sum of squares of its last state.

The size is the number of steps; batch 8, 16 inputs, 32 states.
"""

import numpy as np

from benchmarks.problem import Problem, peer, under_jit


def primal(W, U, b, h, x):
    for t in range(len(x)):
        h = np.tanh(x[t] @ W + h @ U + b)
    return np.sum(h * h)


def hand(W, U, b, h, x):
    states = []
    for x_t in x:
        states.append(h)
        h = np.tanh(x_t @ W + h @ U + b)
    W_bar, U_bar, b_bar = np.zeros(W.shape), np.zeros(U.shape), np.zeros(b.shape)
    h_bar = 2.0 * h
    for x_t, before in zip(x[::-1], reversed(states)):
        z_bar = h_bar * (1.0 - h * h)
        W_bar += x_t.T @ z_bar
        U_bar += before.T @ z_bar
        b_bar += np.sum(z_bar, axis=0)
        h_bar = z_bar @ U.T
        h = before
    return W_bar, U_bar, b_bar


def inputs(size):
    generator = np.random.default_rng(0)
    return (
        generator.normal(0.0, 0.2, (16, 32)), generator.normal(0.0, 0.2, (32, 32)), np.zeros(32),
        np.zeros((8, 32)), generator.normal(size=(size, 8, 16)),
    )


@under_jit
def in_jax(jnp):
    from jax import lax

    def loop(W, U, b, h, x):
        h, _ = lax.scan(lambda h, x_t: (jnp.tanh(x_t @ W + h @ U + b), None), h, x)
        return jnp.sum(h * h)

    return loop


PROBLEM = Problem("rnn", primal, hand, inputs, (3, 100), (0, 1, 2), peer(primal), in_jax)
