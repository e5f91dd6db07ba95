"""Branches and loops of every kind."""

import math

import numpy as np

from tests.language.table import supported

V = np.array([0.5, -1.2, 2.0, 0.8])


@supported("`if`, `elif`, `else`", lambda: (1.3, 0.7))
def drag_coefficient(re, k):
    if re < 1.0:
        c = 24.0 / re
    elif re < 100.0:
        c = 24.0 / re * (1.0 + k * re**0.687)
    else:
        c = 0.44
    return c * re


@supported("`if`, `elif`, `else`", lambda: (-1.3, 0.7))
def one_sided_names(x, y):
    if x > 0:
        a = x * y
    else:
        b = x * x
    if x > 0:
        return a
    return b * y


@supported("conditional expression", lambda: (1.3, 0.7))
def nested_ternaries(x, y):
    a = x if x > y else y
    return a * (y if x < 0 else x * y if y < 1 else 3.0)


@supported("`and`, `or`, `not` as values", lambda: (1.3, 0.7))
def short_circuits(x, y):
    a = x and y
    b = 0.0 or x
    c = (x > 2 and x * y) or y * y
    return a * b + c if not (x < y) else 0.0


@supported("chained comparison", lambda: (1.3, 0.7))
def windows(x, y):
    total = 0.0
    if 0.0 < y < x < 2.0:
        total += x * y
    if y < x > 5.0:
        total += 100.0
    return total + (x if 1 <= x != y else y)


@supported("variable that is `None` until it is a number or an array", lambda: (V.copy(), 0.7))
def kept_from_round_to_round(a, x):
    least, before, total = None, None, 0.0
    for t in a:
        if least is None or t * x < least:
            least = t * x
        total += 0.0 if before is None else (t - before) ** 2
        before = t
    speed = None
    for _ in range(3):
        speed = np.zeros_like(a) if speed is None else 0.9 * speed + x * a
    return total * least + np.sum(speed)


@supported("early return", lambda: (1.3, 5))
def return_out_of_a_loop(x, n):
    total = 0.0
    for k in range(n):
        total += x**k
        if total > 5.0:
            return total * x
    return total


@supported("early return", lambda: ([[0.7, 2.0], [1.3, 4.0]],))
def return_out_of_two_loops(table):
    product = 1.0
    for row in table:
        for v in row:
            product *= v
            if product > 1.5:
                return product + v * v
    return product


@supported("early return", lambda: (1.3, None))
def guards(x, mode):
    if x < 0:
        return 0.0
    if mode is not None:
        return x
    if x > 100:
        return 100.0
    return x * math.log(x)


@supported("`while`", lambda: (1.3, 0.7))
def halving(x, y):
    n = 0
    while x > 0.1 and n < 20:
        x = x * 0.5 + 0.01 * y
        n += 1
    return x * n


@supported("`while True`", lambda: (2.5,))
def newton_square_root(a):
    x = a
    while True:
        step = (x * x - a) / (2 * x)
        if abs(step) < 1e-12:
            break
        x = x - step
    return x


@supported("`while True`", lambda: (1.3, 0.7))
def loop_with_two_exits(x, y):
    k = 0
    while True:
        k += 1
        x = x * y + 0.5
        if k > 10:
            return x
        if x < 1.2:
            continue
        y = y * 1.1
        if y > 1.45:
            break
    return x * y


@supported("`break` and `continue`", lambda: (V.copy(),))
def sum_until_large(a):
    total = 0.0
    for v in a:
        if v < 0:
            continue
        total += v**2
        if total > 4.0:
            break
    return total


@supported("`else` of a loop", lambda: (1.3, [0.7, 2.0, -0.5]))
def search_with_else(x, v):
    for k, t in enumerate(v):
        if t > 10.0:
            found = t * x
            break
    else:
        found = x * x * k
    while found > 100.0:
        found *= 0.5
    else:
        found += v[0]
    return found


@supported("`else` of a loop", lambda: (1.3, [0.7, 2.0, -0.5]))
def broken_search(x, v):
    for t in v:
        if t > 1.0:
            break
        x = x * t
    else:
        return 0.0
    return x * t


@supported("loops over anything", lambda: (1.3, "abca"))
def loop_over_a_string(x, word):
    total = 1.0
    for letter in word:
        total = total * x if letter == "a" else total + x
    return total


@supported("loops over anything", lambda: (np.arange(1.0, 5.0).reshape(2, 2), 1.3))
def loop_over_a_matrix(m, x):
    for row in m:
        for v in row:
            x = x + 0.1 * v * x
    return x


@supported("loops over anything", lambda: (1.3, {"b": 2, "a": 1}))
def loop_over_a_dict_of_settings(x, settings):
    for name in sorted(settings):
        for _ in range(settings[name]):
            x = np.sin(x) + len(name)
    return x


@supported("loops over anything", lambda: (1.3, (3, 1, 2)))
def loops_with_steps(x, t):
    total = 0.0
    for k in range(10, 0, -3):
        total = total * 0.5 + k * x
    for i in np.arange(2):
        total += x ** (i + 1)
    for i, j in np.ndindex(2, 2):
        total += i * j * x
    return total * t[0]


@supported("loops over anything", lambda: (np.arange(1.0, 5.0).reshape(2, 2), 1.3))
def loop_over_numbered_elements(m, x):
    total = 0.0
    for (i, j), v in np.ndenumerate(m):
        total += (i + 2 * j) * v**2 * x
    return total


@supported("nested loops", lambda: (V.reshape(2, 2).copy(), V[:2].copy()))
def matrix_vector(m, v):
    out = []
    for i in range(2):
        s = 0.0
        for j in range(2):
            s += m[i, j] * v[j]
        out = out + [s]
    return np.array(out)


@supported("nested loops", lambda: (1.3, 4))
def triangular_loops(x, n):
    total = 0.0
    for i in range(n):
        for j in range(i):
            if (i + j) % 2:
                continue
            total += x**i * math.cos(j * x)
        else:
            total *= 1.1
    return total


@supported("loop variable after the loop", lambda: ([0.7, 2.0, -0.5], 1.3))
def last_item(v, x):
    t = x
    for t in v:
        pass
    for x in []:
        t = 0.0
    return t * x


@supported("variables carried around", lambda: (1.3, 0.7))
def predictor_corrector(x, v):
    t = h = 0.0
    for k in range(3):
        h = 0.1 * (k + 1)
        predicted = x + h * v
        v, x = v - h * predicted, x + 0.5 * h * (v + (v - h * predicted))
        t += h
    return x * v * t


@supported("tests on computed values", lambda: (V.copy(), 1.3))
def truth_of_arrays(a, x):
    if np.any(a < 0) and a.size and not (a > 3).all():
        x = x * 2.0
    if (a.max() > x * 0.5) or np.isnan(x):
        x += a[0]
    return x * a.sum()


@supported("integers computed from values", lambda: (2.3, 0.7))
def rounded_numbers(x, y):
    n = int(x) + round(y) + math.floor(x * y)
    for _ in range(n):
        x = x * y + n
    return x * (x // 1.0) + x % 1.0


@supported("recursion", lambda: (1.3, 6))
def power_by_squaring(x, n):
    if n == 0:
        return 1.0
    half = power_by_squaring(x, n // 2)
    return half * half * (x if n % 2 else 1.0)
