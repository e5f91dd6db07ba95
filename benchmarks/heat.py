"""The heat equation by explicit steps, written with slices and no assignment into arrays.

The size is the number of grid points; 100 steps, differentiated to the start and the coefficient.
"""

import numpy as np

from benchmarks.problem import Problem, peer, under_jit


def primal(u, c, target, steps):
    for _ in range(steps):
        inner = u[1:-1] + c * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        u = np.concatenate((u[:1], inner, u[-1:]))
    return np.sum((u - target) ** 2)


def hand(u, c, target, steps):
    saved = []
    for _ in range(steps):
        laplacian = u[2:] - 2.0 * u[1:-1] + u[:-2]
        saved.append(laplacian)
        u = np.concatenate((u[:1], u[1:-1] + c * laplacian, u[-1:]))
    u_bar, c_bar = 2.0 * (u - target), 0.0
    for laplacian in reversed(saved):
        inner_bar = u_bar[1:-1]
        c_bar += inner_bar @ laplacian
        scaled = c * inner_bar
        # The boundary is copied and the interior moves by c times its second difference.
        inner_bar -= 2.0 * scaled
        u_bar[2:] += scaled
        u_bar[:-2] += scaled
    return u_bar, c_bar


def inputs(size):
    x = np.linspace(0.0, 1.0, size)
    return np.sin(3.0 * x) + x, 0.2, x * (1.0 - x), 100


@under_jit
def in_jax(jnp):
    from jax import lax

    def loop(u, c, target, steps):
        def step(_, u):
            inner = u[1:-1] + c * (u[2:] - 2.0 * u[1:-1] + u[:-2])
            return jnp.concatenate((u[:1], inner, u[-1:]))

        return jnp.sum((lax.fori_loop(0, steps, step, u) - target) ** 2)

    return loop


PROBLEM = Problem("heat", primal, hand, inputs, (50, 10000), (0, 1), peer(primal), in_jax)
