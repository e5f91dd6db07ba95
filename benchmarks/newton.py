"""`while` and `if` on Python floats: a root by Newton's method, the number of steps unknown.

JAX's `while_loop` has no reverse mode, so JAX runs step by step here, without jit.
"""

from benchmarks.problem import Problem, peer


def primal(a):
    x = a
    while True:
        step = (x * x * x - a) / (3.0 * x * x)
        if abs(step) < 1e-10:
            break
        x = x - step
    return x


def hand(a):
    x = a
    saved = []
    while True:
        square_3 = 3.0 * x * x
        step = (x * x * x - a) / square_3
        if abs(step) < 1e-10:
            break
        saved.append((x, square_3, step))
        x = x - step
    x_bar, a_bar = 1.0, 0.0
    for x, square_3, step in reversed(saved):
        top_bar = -x_bar / square_3
        a_bar -= top_bar
        # The bottom of the fraction, 3 x x, has the cotangent -top_bar * step.
        x_bar += top_bar * (square_3 - step * 6.0 * x)
    return a_bar + x_bar


def inputs(size):
    return (float(size),)


PROBLEM = Problem("newton", primal, hand, inputs, (2, 1000000), 0, peer(primal), peer(primal))
