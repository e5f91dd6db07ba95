from s2sdiff import runtime as rt


# vjp of thomas (places.py:32) with respect to lower, diagonal, upper, right
# lower: float64 array[n], diagonal: float64 array[n], upper: float64 array[n],
#     right: float64 array[n]
def thomas_vjp(lower, diagonal, upper, right):
    n = len(diagonal)
    d = diagonal.copy()
    x = right.copy()
    saved = []
    for i in range(1, n):
        w_1 = i - 1
        d_1 = d[w_1]
        w = lower[w_1] / d_1
        upper_1 = upper[w_1]
        d[i] -= w * upper_1
        x_1 = x[w_1]
        saved.append((i, d_1, w, upper_1, x_1))
        x[i] -= w * x_1
    x_2 = n - 1
    d_2 = d[x_2]
    x_3 = x[x_2] / d_2
    x[x_2] /= d_2
    i_items = n - 2
    saved_1 = []
    for i in range(i_items, -1, -1):
        upper_i = upper[i]
        x_4 = x[i + 1]
        d_i = d[i]
        x_5 = (x[i] - upper_i * x_4) / d_i
        saved_1.append((i, upper_i, x_4, d_i, x_5))
        x[i] = x_5

    def thomas_pullback(result_bar):
        # 43: return np.sum(x * x)
        x_bar = 2 * result_bar * x
        d_bar = rt.zeros(d)
        upper_bar = rt.zeros(upper)
        for i, upper_i, x_4, d_i, x_5 in reversed(saved_1):
            # 42: x[i] = (x[i] - upper[i] * x[i + 1]) / d[i]
            x_5_bar = x_bar[i]
            x_bar[i] = 0.0
            x_6_bar = rt.scaled(x_5_bar, 1 / d_i)
            d_bar[i] -= rt.scaled(x_6_bar, x_5)
            x_7_bar = -x_6_bar
            upper_i_bar = x_7_bar * x_4
            x_bar[i + 1] += x_7_bar * upper_i
            upper_bar[i] += upper_i_bar
            x_bar[i] += x_6_bar
        # 40: x[n - 1] /= d[n - 1]
        x_8_bar = rt.scaled(x_bar[n - 1], 1 / d_2)
        x_9_bar = -rt.scaled(x_8_bar, x_3)
        x_bar[n - 1] = x_8_bar
        d_bar[n - 1] += x_9_bar
        lower_bar = rt.zeros(lower)
        for i, d_1, w, upper_1, x_1 in reversed(saved):
            # 39: x[i] -= w * x[i - 1]
            x_10_bar = -x_bar[i]
            w_bar = x_10_bar * x_1
            x_bar[i - 1] += x_10_bar * w
            # 38: d[i] -= w * upper[i - 1]
            d_1_bar = -d_bar[i]
            w_bar += d_1_bar * upper_1
            upper_bar[i - 1] += d_1_bar * w
            # 37: w = lower[i - 1] / d[i - 1]
            lower_1_bar = rt.scaled(w_bar, 1 / d_1)
            d_bar[i - 1] -= rt.scaled(lower_1_bar, w)
            lower_bar[i - 1] += lower_1_bar
        return lower_bar, d_bar, upper_bar, x_bar

    return np.sum(x * x), thomas_pullback
