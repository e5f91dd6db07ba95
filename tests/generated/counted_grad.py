from s2sdiff import runtime as rt


# gradient of counted (lists.py:28) with respect to c, x
# c: list, x: float
def counted_grad(c, x):
    c_parts = rt.parts(c)
    sums = {0: 0.0, 1: 0.0}
    len_c = len(c)
    saved = []
    for i in range(len_c):
        sums_1 = i % 2
        c_i = c[i]
        saved.append((i, sums_1, c_i))
        sums[sums_1] = sums[sums_1] + c_i * x
    sums_2 = sums[1]
    # 32: return sums[0] * sums[1]
    bars = {}
    rt.add_number(bars, sums, 1, sums[0])
    rt.add_number(bars, sums, 0, sums_2)
    # 30: for i in range(len(c)):
    c_bar = [0.0] * len(c)
    x_bar = 0.0
    for i, sums_1, c_i in reversed(saved):
        # 31: sums[i % 2] += c[i] * x
        item_bar = rt.take_number(bars, sums, sums_1, 0.0)
        rt.add_number(bars, sums, sums_1, item_bar)
        x_bar += item_bar * c_i
        c_bar[i] += item_bar * x
    return rt.gradient(c_bar, c_parts), rt.match(x_bar, x)
