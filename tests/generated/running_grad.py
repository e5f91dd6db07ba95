from s2sdiff import runtime as rt


# gradient of running (lists.py:4) with respect to c, x
# c: list, x: float
def running_grad(c, x):
    c_parts = rt.parts(c)
    sums = [0.0] * (len(c) + 1)
    len_c = len(c)
    saved = []
    for i in range(len_c):
        sums_i = sums[i]
        saved.append((i, sums_i))
        sums[i + 1] = sums_i * x + c[i]
    sums_1 = sums[1]
    # 8: return sums[-1] * sums[1]
    sums_bar = [0.0] * len(sums)
    sums_bar[1] = sums[-1]
    sums_bar[-1] += sums_1
    # 6: for i in range(len(c)):
    c_bar = [0.0] * len(c)
    x_bar = 0.0
    for i, sums_i in reversed(saved):
        # 7: sums[i + 1] = sums[i] * x + c[i]
        sums_2_bar = sums_bar[i + 1]
        sums_bar[i + 1] = 0.0
        c_bar[i] += sums_2_bar
        x_bar += sums_2_bar * sums_i
        sums_bar[i] += sums_2_bar * x
    return rt.gradient(c_bar, c_parts), float(x_bar)
