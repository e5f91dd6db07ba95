"""A loop over Python floats: steps of a kicked rotor."""

import math

from benchmarks.problem import Problem, peer, under_jit


def primal(y, k, n):
    for _ in range(n):
        y = y + k * math.sin(y)
    return y


def hand(y, k, n):
    saved = []
    for _ in range(n):
        sin_y = math.sin(y)
        saved.append((y, sin_y))
        y = y + k * sin_y
    y_bar, k_bar = 1.0, 0.0
    for y, sin_y in reversed(saved):
        k_bar += y_bar * sin_y
        y_bar += y_bar * k * math.cos(y)
    return y_bar, k_bar


def inputs(size):
    return 0.7, 0.001, size


@under_jit
def in_jax(jnp):
    from jax import lax

    def loop(y, k, n):
        return lax.fori_loop(0, n, lambda _, y: y + k * jnp.sin(y), y)

    return loop


PROBLEM = Problem(
    "scalar loop", primal, hand, inputs, (10, 100, 1000, 10000), (0, 1), peer(primal), in_jax
)
