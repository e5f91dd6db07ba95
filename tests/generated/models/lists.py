"""Lists and dicts that are written, with gradients as a person writes them."""


def running(c, x):
    sums = [0.0] * (len(c) + 1)
    for i in range(len(c)):
        sums[i + 1] = sums[i] * x + c[i]
    return sums[-1] * sums[1]


def running_hand(c, x):
    n = len(c)
    sums = [0.0] * (n + 1)
    for i in range(n):
        sums[i + 1] = sums[i] * x + c[i]
    sums_bar = [0.0] * (n + 1)
    sums_bar[1] += sums[-1]
    sums_bar[-1] += sums[1]
    c_bar, x_bar = [0.0] * n, 0.0
    for i in reversed(range(n)):
        g = sums_bar[i + 1]
        x_bar += g * sums[i]
        c_bar[i] = g
        sums_bar[i] += g * x
    return c_bar, x_bar


def counted(c, x):
    sums = {0: 0.0, 1: 0.0}
    for i in range(len(c)):
        sums[i % 2] += c[i] * x
    return sums[0] * sums[1]


def counted_hand(c, x):
    sums = {0: 0.0, 1: 0.0}
    for i in range(len(c)):
        sums[i % 2] += c[i] * x
    sums_bar = {0: sums[1], 1: sums[0]}
    c_bar, x_bar = {}, 0.0
    for i in reversed(range(len(c))):
        g = sums_bar[i % 2]
        x_bar += g * c[i]
        c_bar[i] = g * x
    return c_bar, x_bar


def drawn(c, x):
    it = iter(c)
    total = next(it)
    for v in it:
        total = total * x + v * next(it, 1.0)
    return total


def drawn_hand(c, x):
    n = len(c)
    total, saved = c[0], []
    for i in range(1, n, 2):
        w = c[i + 1] if i + 1 < n else 1.0
        saved.append((i, total, w))
        total = total * x + c[i] * w
    c_bar, total_bar, x_bar = {}, 1.0, 0.0
    for i, total, w in reversed(saved):
        c_bar[i] = total_bar * w
        if i + 1 < n:
            c_bar[i + 1] = total_bar * c[i]
        x_bar += total_bar * total
        total_bar = total_bar * x
    c_bar[0] = total_bar
    return c_bar, x_bar
