"""Dynamic programming: a table as a list of lists of floats, filled by its neighbours."""

from benchmarks.problem import Problem


def primal(a, b, n):
    rows = [[0.0] * n for _ in range(n)]
    for i in range(n):
        rows[i][0] = a * i
        rows[0][i] = b * i
    for i in range(1, n):
        for j in range(1, n):
            rows[i][j] = a * rows[i - 1][j] + b * rows[i][j - 1]
    return rows[n - 1][n - 1]


def hand(a, b, n):
    rows = [[0.0] * n for _ in range(n)]
    for i in range(n):
        rows[i][0] = a * i
        rows[0][i] = b * i
    for i in range(1, n):
        for j in range(1, n):
            rows[i][j] = a * rows[i - 1][j] + b * rows[i][j - 1]
    bars = [[0.0] * n for _ in range(n)]
    bars[n - 1][n - 1] = 1.0
    a_bar, b_bar = 0.0, 0.0
    for i in range(n - 1, 0, -1):
        above, here, above_bar, here_bar = rows[i - 1], rows[i], bars[i - 1], bars[i]
        for j in range(n - 1, 0, -1):
            g = here_bar[j]
            a_bar += g * above[j]
            b_bar += g * here[j - 1]
            above_bar[j] += a * g
            here_bar[j - 1] += b * g
    for i in range(n):
        a_bar += bars[i][0] * i if i else 0.0
        b_bar += bars[0][i] * i
    return a_bar, b_bar


def inputs(size):
    return 0.55, 0.45, size


PROBLEM = Problem("list table", primal, hand, inputs, (4, 20, 60), (0, 1))
