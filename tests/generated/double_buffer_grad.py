from s2sdiff import runtime as rt


# gradient of double_buffer (places.py:125) with respect to u, k
# u: float64 array[n], k: float, steps: int
def double_buffer_grad(u, k, steps):
    old = u.copy()
    new = np.zeros(len(u))
    old_1 = old
    saved = []
    for _ in range(steps):
        old_2 = old_1[1:-1]
        old_3 = old_1[2:]
        old_4 = old_1[:-2]
        new_1 = old_3 - old_4
        saved.append((new, old_2, old_3, old_4, new_1))
        new[1:-1] = old_2 + k * new_1
        old_1, new = new, old_1
    # 131: return np.sum(old * old)
    bars = {}
    rt.deposit(bars, old_1, 2 * old_1)
    k_bar = 0.0
    for new, old_2, old_3, old_4, new_1 in reversed(saved):
        # 129: new[1:-1] = old[1:-1] + k * (old[2:] - old[:-2])
        new_bar = rt.withdraw_item(bars, new, slice(1, -1, None))
        rt.deposit(bars, old_2, new_bar)
        new_1_bar = new_bar * k
        k_bar += new_bar @ new_1
        old_3_bar = -new_1_bar
        rt.deposit(bars, old_3, new_1_bar)
        rt.deposit(bars, old_4, old_3_bar)
    # 126: old = u.copy()
    old_bar = rt.taken(bars, old)
    return rt.match(old_bar, u), rt.match(k_bar, k)
