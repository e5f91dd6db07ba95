# vjp of horner (loops.py:36) with respect to c, x
# c: list, x: float
def horner_vjp(c, x):
    total = 0.0
    length = len(c)
    saved = []
    for i in range(length):
        saved.append((total, i))
        a = c[i]
        total = total * x + a

    def horner_pullback(total_bar):
        # 38: for a in c:
        c_bar = {}
        x_bar = 0.0
        for total, i in reversed(saved):
            # 39: total = total * x + a
            total_1_bar = total_bar * x
            x_bar += total_bar * total
            # 38: for a in c:
            c_bar[i] = c_bar.get(i, 0.0) + total_bar
            total_bar = total_1_bar
        return c_bar, x_bar

    return total, horner_pullback
