# vjp of running (lists.py:4) with respect to c, x
# c: list, x: float
def running_vjp(c, x):
    sums = [0.0] * (len(c) + 1)
    len_c = len(c)
    saved = []
    for i in range(len_c):
        sums_i = sums[i]
        saved.append((i, sums_i))
        sums[i + 1] = sums_i * x + c[i]
    sums_1 = sums[-1]
    sums_2 = sums[1]

    def running_pullback(result_bar):
        # 8: return sums[-1] * sums[1]
        sums_1_bar = result_bar * sums_2
        sums_bar = [0.0] * len(sums)
        sums_bar[1] = result_bar * sums_1
        sums_bar[-1] += sums_1_bar
        # 6: for i in range(len(c)):
        c_bar = {}
        x_bar = 0.0
        for i, sums_i in reversed(saved):
            # 7: sums[i + 1] = sums[i] * x + c[i]
            sums_3_bar = sums_bar[i + 1]
            sums_bar[i + 1] = 0.0
            c_bar[i] = c_bar.get(i, 0.0) + sums_3_bar
            x_bar += sums_3_bar * sums_i
            sums_bar[i] += sums_3_bar * x
        return c_bar, float(x_bar)

    return sums_1 * sums_2, running_pullback
