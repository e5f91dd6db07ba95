from s2sdiff import runtime as rt


# gradient of horner_in_place (places.py:80) with respect to c, x
# c: float64 array[n], x: float
def horner_in_place_grad(c, x):
    b = np.zeros(len(c))
    b[-1] = c[-1]
    i_items = len(c) - 2
    saved = []
    for i in range(i_items, -1, -1):
        b_1 = b[i + 1]
        saved.append((i, b_1))
        b[i] = c[i] + x * b_1
    # 85: return b[0]
    b_bar = np.zeros(b.shape)
    b_bar[0] = 1.0
    c_bar = rt.zeros(c)
    x_bar = 0.0
    for i, b_1 in reversed(saved):
        # 84: b[i] = c[i] + x * b[i + 1]
        b_2_bar = b_bar[i]
        b_bar[i] = 0.0
        x_bar += b_2_bar * b_1
        b_bar[i + 1] += b_2_bar * x
        c_bar[i] += b_2_bar
    # 82: b[-1] = c[-1]
    c_bar[-1] += b_bar[-1]
    return c_bar, float(x_bar)
