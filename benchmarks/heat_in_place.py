"""The heat equation by explicit steps, in place: as people write it in NumPy.

The size is the number of grid points; 200 steps, differentiated to the start and the coefficient.
"""

import numpy as np

from benchmarks.problem import Problem, peer, under_jit


def primal(u0, c, target, steps):
    u = u0.copy()
    for _ in range(steps):
        u[1:-1] += c * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return np.sum((u - target) ** 2)


def hand(u0, c, target, steps):
    u = u0.copy()
    saved = []
    for _ in range(steps):
        laplacian = u[2:] - 2.0 * u[1:-1] + u[:-2]
        saved.append(laplacian)
        u[1:-1] += c * laplacian
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
    return np.sin(3.0 * x) + x, 0.2, x * (1.0 - x), 200


@under_jit
def in_jax(jnp):
    from jax import lax

    def loop(u, c, target, steps):
        def step(_, u):
            return u.at[1:-1].add(c * (u[2:] - 2.0 * u[1:-1] + u[:-2]))

        return jnp.sum((lax.fori_loop(0, steps, step, u) - target) ** 2)

    return loop


def forbidden(u0, c, target, steps):
    """What autograd can differentiate of it: it has no assignment into arrays."""
    u = u0
    for _ in range(steps):
        inner = u[1:-1] + c * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        u = np.concatenate((u[:1], inner, u[-1:]))
    return np.sum((u - target) ** 2)


PROBLEM = Problem("heat_in_place", primal, hand, inputs, (1000, 10000), (0, 1), peer(forbidden),
                  in_jax)
