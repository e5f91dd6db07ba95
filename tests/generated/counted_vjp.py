from s2sdiff import runtime as rt


# vjp of counted (lists.py:28) with respect to c, x
# c: list, x: float
def counted_vjp(c, x):
    sums = {0: 0.0, 1: 0.0}
    len_c = len(c)
    saved = []
    for i in range(len_c):
        sums_1 = i % 2
        c_i = c[i]
        saved.append((i, sums_1, c_i))
        sums[sums_1] = sums[sums_1] + c_i * x
    sums_2 = sums[0]
    sums_3 = sums[1]

    def counted_pullback(result_bar):
        # 32: return sums[0] * sums[1]
        bars = {}
        sums_2_bar = result_bar * sums_3
        rt.add_number(bars, sums, 1, result_bar * sums_2)
        rt.add_number(bars, sums, 0, sums_2_bar)
        # 30: for i in range(len(c)):
        c_bar = {}
        x_bar = 0.0
        for i, sums_1, c_i in reversed(saved):
            # 31: sums[i % 2] += c[i] * x
            item_bar = rt.take_number(bars, sums, sums_1, 0.0)
            rt.add_number(bars, sums, sums_1, item_bar)
            c_i_bar = item_bar * x
            x_bar += item_bar * c_i
            c_bar[i] = c_bar.get(i, 0.0) + c_i_bar
        return c_bar, rt.match(x_bar, x)

    return sums_2 * sums_3, counted_pullback
