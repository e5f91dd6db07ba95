from s2sdiff import runtime as rt


# gradient of drawn (lists.py:48) with respect to c, x
# c: list, x: float
def drawn_grad(c, x):
    it = rt.places(c)
    i = rt.next_place(it)
    total = c[i]
    saved = []
    for i_1 in it:
        v = c[i_1]
        total_1 = total * x
        i_2 = rt.next_place(it, -1)
        ended = i_2 < 0
        if ended:
            item = 1.0
        else:
            item = c[i_2]
        saved.append((total, i_1, v, i_2, ended, item))
        total = total_1 + v * item
    # 51: for v in it:
    c_bar = {}
    total_bar, x_bar = 1.0, 0.0
    for total, i_1, v, i_2, ended, item in reversed(saved):
        # 52: total = total * x + v * next(it, 1.0)
        v_bar = total_bar * item
        next_it_bar = total_bar * v
        if not ended:
            rt.put(c_bar, i_2, len(c), next_it_bar)
        total_2_bar = total_bar * x
        x_bar += total_bar * total
        # 51: for v in it:
        c_bar[i_1] = c_bar.get(i_1, 0.0) + v_bar
        total_bar = total_2_bar
    # 50: total = next(it)
    c_bar[i] = c_bar.get(i, 0.0) + total_bar
    return rt.gradient(c_bar, c), x_bar
