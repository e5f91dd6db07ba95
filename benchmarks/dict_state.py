"""An epidemic stepped in time, whose state and slope are dicts that comprehensions make anew."""

from benchmarks.problem import Problem


def slope(y, beta, gamma):
    s, i = y["S"], y["I"]
    return {"S": -beta * s * i, "I": beta * s * i - gamma * i, "R": gamma * i}


def primal(beta, gamma, steps):
    y = {"S": 0.99, "I": 0.01, "R": 0.0}
    for _ in range(steps):
        d = slope(y, beta, gamma)
        y = {name: y[name] + 0.1 * d[name] for name in y}
    return y["I"] + 2.0 * y["R"]


def hand(beta, gamma, steps):
    s, i = 0.99, 0.01
    states = []
    for _ in range(steps):
        states.append((s, i))
        si = beta * s * i
        s, i = s - 0.1 * si, i + 0.1 * (si - gamma * i)
    s_bar, i_bar, r_bar = 0.0, 1.0, 2.0
    beta_bar = gamma_bar = 0.0
    for s, i in reversed(states):
        si_bar = 0.1 * (i_bar - s_bar)
        gi_bar = 0.1 * (r_bar - i_bar)
        beta_bar += si_bar * s * i
        gamma_bar += gi_bar * i
        s_bar, i_bar = s_bar + si_bar * beta * i, i_bar + si_bar * beta * s + gi_bar * gamma
    return beta_bar, gamma_bar


def inputs(size):
    return 2.1, 0.4, size


PROBLEM = Problem("dict state", primal, hand, inputs, (7, 100, 1000), (0, 1))
